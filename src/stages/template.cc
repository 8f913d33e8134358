#include "stages/template.h"

#include <utility>

#include <fmt/format.h>

namespace sz {

std::expected<Template, Template::Fault> Template::parse(std::string_view text) {
  Template made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '{' || (next != '{' && next != '.')) {
      made.tail_ += text[i];
      continue;
    }
    if (next == '{') {
      made.tail_ += '{';
      ++i;
      continue;
    }
    std::size_t size = 0;
    auto path = RecordPath::parse(text.substr(i + 1), size);
    const std::size_t close = i + 1 + size;
    if (!path || close >= text.size() || text[close] != '}') {
      const std::size_t end = text.find('}', i);
      const std::size_t length = end == std::string_view::npos ? text.size() - i : end + 1 - i;
      return std::unexpected(
          Fault{.message = fmt::format("{} is no place to fill such as {{.a.b[0]}}", text.substr(i, length)),
                .offset = i,
                .length = length});
    }
    made.pieces_.push_back({std::exchange(made.tail_, {}), std::move(*path)});
    i = close;
  }
  return made;
}

Template Template::verbatim(std::string_view text) {
  Template made;
  made.tail_ = text;
  return made;
}

std::expected<std::string, std::string> Template::fill(const json::Node& record, const Rules& rules) const {
  std::string filled;
  std::string scratch;
  for (const Piece& piece : pieces_) {
    filled += piece.before;
    const auto refuse = [&piece](std::string_view why) { return std::unexpected(piece.path.refusal(why)); };
    const auto found = piece.path.fill(record, scratch);
    if (!found) return std::unexpected(found.error());
    const std::string_view value = *found;
    if (value.size() > rules.longest) return refuse("is longer than an argument may be");
    if (value.find('\0') != std::string_view::npos) return refuse("holds a NUL byte");
    if (filled.empty() && value.starts_with('-') && !rules.allow_dash)
      return refuse("begins with a dash, which a command may take for an option (--allow-dash)");
    filled += value;
  }
  filled += tail_;
  return filled;
}

}  // namespace sz
