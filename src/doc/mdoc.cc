#include "doc/mdoc.h"

#include <algorithm>

#include "doc/text.h"

namespace sz::doc {
namespace {

constexpr std::size_t source_width = 72;  // of a line of text before its escapes

char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// Backslashes, and minus signs that a terminal must print as such.
std::string escaped(std::string_view text, bool literal) {
  std::string all;
  if (text.starts_with('.') || text.starts_with('\'')) all = "\\&";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool option =
        c == '-' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '-' || text[i - 1] == '(');
    if (c == '\\')
      all += "\\e";
    else if (c == '-' && (literal || option))
      all += "\\-";
    else if (c == '\'' && literal)
      all += "\\(aq";
    else if (c == '`' && literal)
      all += "\\(ga";
    else if (c == '^' && literal)
      all += "\\(ha";
    else if (c == '~' && literal)
      all += "\\(ti";
    else
      all += c;
  }
  return all;
}

}  // namespace

void Mdoc::macro(std::string_view line) {
  source_ += '.';
  for (const char c : line) c == '\\' ? source_.append("\\e") : source_.append(1, c);
  source_ += '\n';
}

void Mdoc::text(std::string_view text) {
  while (!text.empty()) {
    std::size_t end = 0;
    for (;; ++end) {
      end = text.find(". ", end);
      if (end == std::string_view::npos ||
          (end + 2 < text.size() && text[end + 2] >= 'A' && text[end + 2] <= 'Z') ||
          text.substr(end + 2).starts_with("--"))
        break;
    }
    const std::string_view one = end == std::string_view::npos ? text : text.substr(0, end + 1);
    const std::string filled = wrap(one, 0, source_width);
    for (std::string_view rest = filled; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
      source_.append(escaped(rest.substr(0, rest.find('\n')), false)).append("\n");
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
}

void Mdoc::literal(std::string_view lines) {
  macro("Bd -literal -offset indent");
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    source_ += escaped(lines.substr(0, end), true) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  macro("Ed");
}

void Mdoc::paragraphs(std::string_view text) {
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    const std::string_view one = text.substr(0, end);
    if (one.starts_with("  ")) {
      std::string lines;
      for (std::size_t at = 0; at < one.size();) {
        const std::size_t stop = std::min(one.find('\n', at), one.size());
        lines.append(one.substr(at + 2, stop - at - 2)).append("\n");
        at = stop + 1;
      }
      literal(lines);
    } else {
      if (!first) macro("Pp");
      this->text(one);
    }
    first = false;
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

std::string sentence(std::string_view phrase) {
  std::string all(phrase);
  if (!all.empty()) all[0] = to_upper(all[0]);
  return all;
}

std::string upper(std::string_view text) {
  std::string all(text);
  std::ranges::transform(all, all.begin(), to_upper);
  return all;
}

}  // namespace sz::doc
