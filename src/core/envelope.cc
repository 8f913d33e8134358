#include "core/envelope.h"

#include <iterator>

#include <fmt/format.h>

#include "core/base64.h"
#include "core/line_span.h"
#include "core/record.h"
#include "json/utf8.h"
#include "json/write.h"

namespace sz {

void append_text_member(std::string& out, std::string_view name, std::string_view text) {
  const bool utf8 = json::is_utf8(text);
  fmt::format_to(std::back_inserter(out), ",\"{}{}\":", name, utf8 ? "" : "_b64");
  if (utf8) return json::append_string(out, text);
  out += '"';
  append_base64(out, text);
  out += '"';
}

void append_lines(std::string& out, const Line& first, const Line& last) {
  const auto to = std::back_inserter(out);
  if (first.source == last.source)
    fmt::format_to(to, R"(,"lines":[{},{}])", first.number, last.number);
  else
    fmt::format_to(to, R"(,"lines":[{},null])", first.number);
}

void append_failure(std::string& out, const Failure& failure) {
  const auto to = std::back_inserter(out);
  fmt::format_to(to, R"(,"kind":"{}")", name(failure.kind));
  append_text_member(out, "error", failure.error);
  if (failure.attempts != 0) fmt::format_to(to, R"(,"attempts":{})", failure.attempts);
  if (failure.exit) fmt::format_to(to, R"(,"exit":{})", *failure.exit);
  if (failure.signal) fmt::format_to(to, R"(,"signal":{})", *failure.signal);
  if (!failure.stderr_tail.empty()) append_text_member(out, "stderr", failure.stderr_tail);
  if (failure.tap) out += R"(,"tap":true)";
  if (!failure.cause.empty()) {
    out += R"(,"cause":)";
    out += failure.cause;
  }
}

std::string cause_of(const Failure& failure, std::string_view stage, std::size_t index) {
  std::string out = R"({"stage":)";
  json::append_string(out, stage);
  fmt::format_to(std::back_inserter(out), R"(,"index":{})", index);
  append_failure(out, failure);
  out += '}';
  return out;
}

void append_envelope(std::string& out, const Envelope& envelope) {
  const auto to = std::back_inserter(out);
  out += R"({"v":1)";
  if (!envelope.lines.empty()) {
    const Line& line = envelope.lines.front();
    if (line.source < envelope.sources.size()) append_text_member(out, "src", envelope.sources[line.source]);
    if (!is_place_only(line))
      fmt::format_to(to, R"(,"line":{},"offset":{},"bytes":{})", line.number, line.offset, line.bytes);
  }
  out += R"(,"stage":)";
  json::append_string(out, envelope.stage);
  fmt::format_to(to, R"(,"index":{})", envelope.index);
  append_failure(out, envelope.failure);
  if (!envelope.lines.empty()) {
    const Line& line = envelope.lines.front();
    const bool summed = is_place_only(line);
    if (!summed && (!line.text.empty() || line.bytes == 0)) append_text_member(out, "original", line.text);
    if (summed || envelope.lines.size() > 1) {
      append_lines(out, line, envelope.lines.back());
      fmt::format_to(to, R"(,"count":{})", summed ? envelope.summed : envelope.lines.size());
    }
  }
  out += R"(,"record":)";
  out += trim(envelope.record);
  out += '}';
}

}  // namespace sz
