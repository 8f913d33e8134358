#include "run/tracer.h"

#include <iterator>
#include <limits>

#include <fmt/format.h>

namespace sz::run {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;

// The finaliser of SplitMix64.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

std::uint64_t bound_of(double share) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return share >= 1 ? most : static_cast<std::uint64_t>(share * 0x1p64);
}

}  // namespace

Tracer::Tracer(TraceFile& file, double share, Clock::time_point origin, unsigned thread,
               std::string_view name)
    : file_(file), bound_(bound_of(share)), origin_(origin), thread_(thread) {
  text_ = fmt::format(R"({{"name":"thread_name","ph":"M","pid":1,"tid":{},"args":{{"name":"{}"}}}})", thread,
                      name);
}

bool Tracer::sampled(const Record& record) {
  const std::uint64_t place = record.line != nullptr ? record.line->offset : ++made_;
  return bound_ != 0 && (place == 0 || mix(place) <= bound_);
}

void Tracer::push_watched(Stage& stage, Record& record) {
  const State before = state_;
  if (before == State::idle) {
    state_ = sampled(record) ? State::watching : State::passing;
    if (state_ == State::passing) {
      stage.push(record);
      state_ = before;
      return;
    }
  }
  const bool has_line = record.line != nullptr;
  const std::uint64_t place = has_line ? record.line->offset : made_;
  const Clock::time_point begin = Clock::now();
  stage.push(record);
  span(stage.name(), begin, has_line ? "offset" : "made", place);
  state_ = before;
}

void Tracer::span(std::string_view name, Clock::time_point begin, std::string_view of, std::uint64_t number) {
  const Clock::time_point end = Clock::now();
  added();
  fmt::format_to(std::back_inserter(text_),
                 R"({{"name":"{}","ph":"X","ts":{:.3f},"dur":{:.3f},"pid":1,"tid":{},"args":{{"{}":{}}}}})",
                 name, micros(begin), micros(end) - micros(begin), thread_, of, number);
}

void Tracer::request(bool begin, std::uint64_t id, std::string_view stage) {
  added();
  fmt::format_to(std::back_inserter(text_),
                 R"({{"name":"{}","cat":"command","ph":"{}","id":{},"ts":{:.3f},"pid":1,"tid":{}}})", stage,
                 begin ? 'b' : 'e', id, micros(Clock::now()), thread_);
}

void Tracer::added() {
  if (text_.size() >= buffer_size) flush();
  if (!text_.empty()) text_ += ",\n";
}

void Tracer::flush() {
  if (text_.empty()) return;
  file_.append(text_);
  text_.clear();
}

}  // namespace sz::run
