#include "run/tracer.h"

#include <charconv>
#include <iterator>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace sz::run {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;

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

void Tracer::push_watched(Stage& stage, Record& record) {
  const State before = std::exchange(state_, State::watching);
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
  text_.append("{\"name\":\"").append(name).append("\",\"ph\":\"X\",\"ts\":");
  add_micros(begin - origin_);
  text_ += ",\"dur\":";
  add_micros(end - begin);
  text_ += ",\"pid\":1,\"tid\":";
  add_number(thread_);
  text_.append(",\"args\":{\"").append(of).append("\":");
  add_number(number);
  text_ += "}}";
}

void Tracer::add_number(std::uint64_t n) {
  char digits[20];
  text_.append(digits, std::to_chars(std::begin(digits), std::end(digits), n).ptr);
}

// With three decimals.
void Tracer::add_micros(Clock::duration d) {
  const auto ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(d).count());
  add_number(ns / 1000);
  const std::uint64_t rest = ns % 1000;
  const char decimals[] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
  text_.append(std::begin(decimals), std::end(decimals));
}

void Tracer::request(bool begin, std::uint64_t id, std::string_view stage) {
  added();
  fmt::format_to(std::back_inserter(text_), R"({{"name":"{}","cat":"command","ph":"{}","id":{},"ts":)", stage,
                 begin ? 'b' : 'e', id);
  add_micros(Clock::now() - origin_);
  fmt::format_to(std::back_inserter(text_), R"(,"pid":1,"tid":{}}})", thread_);
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
