#pragma once

#include <string>
#include <string_view>

namespace sz::doc {

/// Writes mdoc(7) source: what is text stays text whatever it begins with.
class Mdoc {
 public:
  /// A macro line, given without its dot; only backslashes are escaped.
  void macro(std::string_view line);
  /// Running text; each sentence gets a line of its own.
  void text(std::string_view text);
  /// Lines to be shown as they are, indented.
  void literal(std::string_view lines);
  /// Text as doc::wrap takes it: paragraphs parted by blank lines, lines that start with two blanks kept as
  /// they are.
  void paragraphs(std::string_view text);

  std::string take() { return std::move(source_); }

 private:
  std::string source_;
};

/// The phrase with a capital at its start, unless that is a name (`-h prints ...`).
std::string sentence(std::string_view phrase);

std::string upper(std::string_view text);

}  // namespace sz::doc
