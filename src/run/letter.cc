#include "run/letter.h"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "core/base64.h"
#include "core/envelope.h"
#include "json/utf8.h"
#include "json/write.h"

namespace sz::run {
namespace {

/// Without white space that JSON allows around a value.
std::string_view bare(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Without a character that the end of the text cuts in two.
std::string_view whole_characters(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) break;
    if (byte < 0xC0) continue;
    const std::size_t needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return needed > back ? text.substr(0, text.size() - back) : text;
  }
  return text;
}

/// Without the rest of a character that the beginning of the text cuts in two.
std::string_view first_whole_character(std::string_view text) {
  for (int i = 0; i < 3 && !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80; ++i)
    text.remove_prefix(1);
  return text;
}

void append_original(std::string& out, const Letter& letter) {
  const Line& line = letter.line;
  if (line.number == 0 || letter.count != 0 || (line.text.empty() && line.bytes != 0)) return;
  const bool truncated = letter.torn || line.text.size() < line.bytes;
  const std::string_view text =
      truncated && json::is_utf8(whole_characters(line.text)) ? whole_characters(line.text) : line.text;
  if (json::is_utf8(text)) {
    out += R"(,"original":)";
    json::append_string(out, text);
  } else {
    out += R"(,"original_b64":")";
    append_base64(out, text);
    out += '"';
  }
  if (truncated) out += R"(,"truncated":true)";
}

}  // namespace

bool LetterWriter::record_fits(std::string_view record) {
  // Inside the letter it stands one level deeper; a line end would tear the letter.
  if (record.find('\n') != std::string_view::npos) return false;
  nested_ = '[';
  nested_ += record;
  nested_ += ']';
  const auto nested = check_.parse(nested_);
  return nested && nested->size() == 1;
}

void LetterWriter::append(std::string& out, const Letter& letter) {
  const auto to = std::back_inserter(out);
  fmt::format_to(to, R"({{"v":1,"id":"{0}-{1}","ts":"{2}","run":"{0}","src":)", run_id_, ++sequence_,
                 to_rfc3339(letter.at));
  json::append_string(out, letter.source);
  const Line& line = letter.line;
  if (line.number != 0 && letter.count == 0)
    fmt::format_to(to, R"(,"line":{},"offset":{},"bytes":{})", line.number, line.offset, line.bytes);
  out += R"(,"stage":)";
  json::append_string(out, letter.stage);
  fmt::format_to(to, R"(,"index":{},"kind":"{}","error":)", letter.index, name(letter.kind));
  json::append_string(out, letter.error);
  if (letter.exit) fmt::format_to(to, R"(,"exit":{})", *letter.exit);
  if (letter.signal) fmt::format_to(to, R"(,"signal":{})", *letter.signal);
  if (!letter.stderr_tail.empty()) {
    out += R"(,"stderr":)";
    json::append_string(out, first_whole_character(letter.stderr_tail));
  }
  if (letter.attempts != 0) fmt::format_to(to, R"(,"attempts":{})", letter.attempts);
  append_original(out, letter);
  const std::string_view record = bare(letter.record);
  if (letter.first_of_group && !record.empty() && record != bare(line.text)) {
    if (record_fits(record)) {
      out += R"(,"record":)";
      out += record;
    } else {
      out += R"(,"record_b64":")";
      append_base64(out, record);
      out += '"';
    }
  }
  if (letter.group != 0) fmt::format_to(to, R"(,"group":{})", letter.group);
  if (letter.count != 0 && line.number != 0) append_lines(out, line, letter.last);
  if (letter.count != 0) fmt::format_to(to, R"(,"count":{})", letter.count);
  if (letter.tap) out += R"(,"tap":true)";
  if (!letter.cause.empty()) fmt::format_to(to, R"(,"cause":{})", letter.cause);
  out += "}\n";
}

}  // namespace sz::run
