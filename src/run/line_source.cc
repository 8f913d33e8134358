#include "run/line_source.h"

namespace sz::run {

Source::State LineSource::poll() {
  if (!feeder_.spent()) return State::ready;
  numbers_.next_is(feeder_.next_line());
  switch (input_.next(block_)) {
    case Input::State::block:
      feeder_.open(block_, numbers_.first_of(block_));
      return State::ready;
    case Input::State::later:
      return State::later;
    case Input::State::end:
      break;
  }
  return State::end;
}

void LineSource::abandon() {
  input_.stop();
  do feeder_.abandon();
  while (poll() == State::ready);
}

}  // namespace sz::run
