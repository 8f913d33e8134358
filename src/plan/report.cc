#include "plan/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/quote.h"
#include "json/utf8.h"
#include "plan/hints.h"

namespace sz::plan {
namespace {

constexpr std::size_t width = 100;  // columns of the line shown
constexpr std::size_t before = 30;  // columns kept before the place when the line is cut
constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

/// Columns of text that is safe for a terminal, one for each character.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// The part of `text` from column `from` on, at most `count` columns.
std::string_view cut(std::string_view text, std::size_t from, std::size_t count) {
  const auto byte_of = [&](std::size_t column) {
    std::size_t i = 0;
    for (; i < text.size(); ++i)
      if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && column-- == 0) return i;
    return i;
  };
  const std::size_t first = byte_of(from);
  return text.substr(first, byte_of(from + count) - first);
}

struct Shown {
  std::string line;        ///< the command line, escaped
  std::size_t column = 0;  ///< where the place begins
  std::size_t length = 0;  ///< its columns
};

/// The words as typed in a shell, and where the place is in that line.
Shown show(const PlanError& error, Words words) {
  Shown shown{.line = "sz", .column = 0, .length = 0};
  for (std::size_t i = 0; i < words.size(); ++i) {
    shown.line += ' ';
    const std::string& word = words[i];
    const std::string typed = shell_word(word);
    const bool quoted = typed != word;
    if (i != error.word) {
      shown.line += quote(typed, no_limit);
      continue;
    }
    const std::size_t offset = std::min(error.offset, word.size());
    const std::size_t length =
        error.length ? std::min(error.length, word.size() - offset) : word.size() - offset;
    const bool whole = offset == 0 && length == word.size();
    // Inside quotes: the bytes before the place, then the place itself.
    const auto inner = [&](std::string_view part) {
      const std::string part_typed = shell_word(part);
      if (!quoted) return quote(part, no_limit);
      return quote(part_typed.starts_with('\'')
                       ? std::string_view(part_typed).substr(1, part_typed.size() - 2)
                       : part_typed,
                   no_limit);
    };
    shown.column = columns(shown.line) + (whole || !quoted ? 0 : 1) +
                   (whole ? 0 : columns(inner(std::string_view(word).substr(0, offset))));
    shown.length = whole ? columns(quote(typed, no_limit))
                         : columns(inner(std::string_view(word).substr(offset, length)));
    shown.length = std::max<std::size_t>(shown.length, 1);
    shown.line += quote(typed, no_limit);
  }
  return shown;
}

/// The same for a line of a file.
Shown show_line(const PlanError& error) {
  const std::string_view line = error.shown;
  const std::string_view head = line.substr(0, error.offset);
  const std::string_view place = line.substr(head.size(), error.length);
  return {.line = quote(line, no_limit),
          .column = columns(quote(head, no_limit)),
          .length = std::max<std::size_t>(1, columns(quote(place, no_limit)))};
}

}  // namespace

std::string report(const PlanError& error, Words words) {
  std::string text = fmt::format("sz: {}\n", error.message);
  if (error.word < words.size()) {
    Shown shown = error.shown.empty() ? show(error, words) : show_line(error);
    const std::size_t all = columns(shown.line);
    std::string_view line = shown.line;
    std::string_view head, tail;
    if (all > width) {
      const std::size_t from = shown.column + std::min(shown.length, width) <= width
                                   ? 0
                                   : shown.column - std::min(shown.column, before);
      if (from > 0) head = "...";
      if (from + width < all) tail = "...";
      line = cut(shown.line, from, width);
      shown.column = shown.column - from + head.size();
      shown.length = std::min(shown.length, columns(line) + head.size() - shown.column);
    }
    text += fmt::format("  {}{}{}\n  {}{}\n", head, line, tail, std::string(shown.column, ' '),
                        std::string(shown.length, '^'));
  }
  std::string hint = error.hint;
  if (hint.empty() && error.shown.empty() && error.word > 0 && error.word < words.size() &&
      !is_option(words[error.word - 1]))
    hint = file_hint(words, error.word);
  if (!hint.empty()) text += fmt::format("{}\n", hint);
  return text;
}

}  // namespace sz::plan
