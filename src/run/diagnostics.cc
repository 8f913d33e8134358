#include "run/diagnostics.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "run/descriptor.h"

namespace sz::run {
namespace {

constexpr Duration pause{1'000'000'000};
constexpr std::size_t most_labels = 1000;

std::string more(std::uint64_t count) {
  return count == 0 ? std::string() : fmt::format(" (+{} more)", count);
}

}  // namespace

StderrSink standard_error_sink() {
  return [](std::string_view line) { write_all(2, line); };
}

Diagnostics::Diagnostics(StderrSink sink) : sink_(std::move(sink)) {}

void Diagnostics::report(Time now, std::string_view place, std::string_view label, std::string_view text) {
  auto found = labels_.find(label);
  if (found == labels_.end()) {
    if (labels_.size() >= most_labels) {
      close();
      labels_.clear();
    }
    found = labels_.emplace(label, Shown{}).first;
  }
  Shown& shown = found->second;
  if (shown.free == 0 && now - shown.last < pause) {
    ++shown.more;
    shown.last_place = place;
    ++left_out_;
    return;
  }
  if (shown.free != 0) --shown.free;
  shown.last = now;
  left_out_ -= shown.more;
  sink_(fmt::format("sz: {}{}{}: {}{}\n", quote(place), place.empty() ? "" : ": ", quote(label),
                    quote(text, 500), more(std::exchange(shown.more, 0))));
}

void Diagnostics::say_more(const std::string& label, Shown& shown) {
  left_out_ -= shown.more;
  const std::string where =
      shown.last_place.empty() ? std::string() : fmt::format(", the last at {}", quote(shown.last_place));
  sink_(fmt::format("sz: {} (+{} more{})\n", quote(label), std::exchange(shown.more, 0), where));
}

void Diagnostics::flush(Time now) {
  if (left_out_ == 0) return;
  for (auto& [label, shown] : labels_) {
    if (shown.more == 0 || now - shown.last < pause) continue;
    shown.last = now;
    say_more(label, shown);
  }
}

Time Diagnostics::due() const {
  Time next = never;
  if (left_out_ == 0) return next;
  for (const auto& [label, shown] : labels_)
    if (shown.more != 0) next = std::min(next, shown.last + pause);
  return next;
}

void Diagnostics::close() {
  for (auto& [label, shown] : labels_)
    if (shown.more != 0) say_more(label, shown);
}

}  // namespace sz::run
