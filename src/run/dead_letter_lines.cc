#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "run/dead_letters.h"
#include "run/diagnostics.h"

namespace sz::run {
namespace {

/// Dead letters for people.
class OnStderr final : public DeadLetters {
 public:
  explicit OnStderr(StderrSink sink) : diagnostics_(std::move(sink)) {}

  void write(const Letter& letter) override {
    place_.clear();
    label_.clear();
    if (letter.line.number != 0)
      fmt::format_to(std::back_inserter(place_), "{}:{}", letter.source == "-" ? "stdin" : letter.source,
                     letter.line.number);
    if (letter.index != 0)
      fmt::format_to(std::back_inserter(label_), "{} (stage {}): ", letter.stage, letter.index);
    label_ += name(letter.kind);
    diagnostics_.report(letter.at, place_, label_, letter.error);
  }
  void flush(Time now) override { diagnostics_.flush(now); }
  Time due() const override { return diagnostics_.due(); }
  void close() override { diagnostics_.close(); }
  bool broken() const override { return false; }

 private:
  Diagnostics diagnostics_;
  std::string place_;
  std::string label_;
};

}  // namespace

std::unique_ptr<DeadLetters> dead_letters_on_stderr(StderrSink error) {
  return std::make_unique<OnStderr>(std::move(error));
}

}  // namespace sz::run
