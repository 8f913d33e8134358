#pragma once

#include <utility>

#include "core/holds.h"
#include "core/stage.h"

namespace sz {

/// The base of the stages in which records wait for the stream: a timer, more records, the end of input.
///
/// The clock goes on meanwhile, but what has come so far is not settled as long as it waits here: a window
/// further on must not close over it. So Mark::settled stays behind this stage at the clock when the oldest
/// of what waits came, and goes on once that has left or ended. What leaves is then no later than when it
/// came. Flink's operators that keep elements hold their output watermark back in the same way.
///
/// Without --time there is nothing to hold back and all of this does nothing.
class HoldingStage : public Stage {
 protected:
  /// Something that waits here; held by what it stands for.
  using Hold = Holds::Handle;
  static constexpr Hold no_hold = Holds::none;

  /// What comes now waits here.
  Hold hold() { return run().event_time ? holds_.open(settled()) : no_hold; }
  /// What waited is replaced by what comes now.
  void hold_anew(Hold& hold_of) {
    const Hold before = std::exchange(hold_of, hold());
    forget(before);
  }
  /// What waited ends here.
  void forget(Hold hold_of) {
    if (hold_of == no_hold) return;
    holds_.close(hold_of);
    settle();
  }
  /// What waited leaves: `pass` passes it on.
  template <class Pass>
  void let_go(Hold hold_of, Pass&& pass) {
    pass();
    forget(hold_of);
  }

  void pass_clock(const Mark& m) override {
    passed_ = both_reached(m, {m.clock, holds_.first()});
    Stage::pass_clock(passed_);
  }

 private:
  /// Tells the stages behind at once.
  void settle() {
    if (std::min(mark().settled, holds_.first()) > passed_.settled) pass_clock(mark());
  }

  Holds holds_;
  Mark passed_;
};

}  // namespace sz
