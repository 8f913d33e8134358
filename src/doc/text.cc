#include "doc/text.h"

#include <algorithm>

namespace sz::doc {
namespace {

constexpr std::size_t widest_term = 28;
constexpr std::size_t narrowest_text = 30;  // of an entry beside its term

/// Splits at '\n'; the last piece has none behind it.
std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Adds words to lines that start with `indent` blanks and hold at most `width` columns.
class Filler {
 public:
  Filler(std::size_t indent, std::size_t width) : indent_(indent), width_(width) {}

  void add(std::string_view words) {
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      if (end > 0) put(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
  }
  void break_line() {
    if (column_ > 0) text_ += '\n';
    column_ = 0;
  }
  void keep(std::string_view line) {
    break_line();
    if (!line.empty()) text_.append(indent_, ' ').append(line);
    text_ += '\n';
  }
  /// A line `  term  text`, its text filled in a column of its own, or below the term if little room is left
  /// there. False, and nothing is done, if it is none.
  bool keep_entry(std::string_view line) {
    const std::size_t gap = line.find("  ", line.find_first_not_of(' '));
    const std::size_t text = line.find_first_not_of(' ', gap);
    if (gap == std::string_view::npos || text == std::string_view::npos) return false;
    const std::size_t begin = indent_ + columns(line.substr(0, text));
    const bool beside = begin <= std::max(width_ * 3 / 5, width_ - std::min(width_, narrowest_text));
    Filler column(beside ? begin : indent_ + line.find_first_not_of(' ') + 4, width_);
    column.add(line.substr(text));
    const std::string filled = column.take();
    break_line();
    text_.append(indent_, ' ').append(line.substr(0, beside ? text : gap)).append(beside ? "" : "\n");
    text_.append(filled, beside ? column.indent_ : 0);
    return true;
  }
  std::string take() {
    break_line();
    return std::move(text_);
  }

 private:
  void put(std::string_view word) {
    const std::size_t size = columns(word);
    if (column_ > 0 && column_ + 1 + size > width_) break_line();
    text_.append(column_ == 0 ? indent_ : 1, ' ').append(word);
    column_ += (column_ == 0 ? indent_ : 1) + size;
  }

  std::size_t indent_, width_, column_ = 0;
  std::string text_;
};

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  Filler filler(indent, width);
  for (const std::string_view line : split_lines(text)) {
    const bool kept = line.empty() || line.starts_with("  ");
    if (!kept)
      filler.add(line);
    else if (indent + columns(line) <= width || !filler.keep_entry(line))
      filler.keep(line);
  }
  return filler.take();
}

std::string list(const std::vector<Entry>& entries, std::size_t indent, std::size_t width) {
  std::size_t longest = 0;
  for (const Entry& entry : entries)
    if (const std::size_t size = columns(entry.term); size <= widest_term) longest = std::max(longest, size);
  const std::size_t column = std::min(indent + longest + 2, std::max(width * 2 / 5, indent + 3));
  std::string all;
  for (const Entry& entry : entries) {
    const std::string text = wrap(entry.text, column, width);
    const std::size_t size = indent + columns(entry.term);
    all.append(indent, ' ').append(entry.term);
    if (text.empty())
      all += '\n';
    else if (size + 2 > column)
      all.append("\n").append(text);
    else
      all.append(column - size, ' ').append(text, column);
  }
  return all;
}

}  // namespace sz::doc
