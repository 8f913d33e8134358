#include "run/paint.h"

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

namespace sz::run {
namespace {

constexpr std::string_view bold = "\x1b[1m", red = "\x1b[1;31m", plain = "\x1b[0m";

void put(std::string& all, std::string_view style, std::string_view text) {
  all.append(style).append(text).append(plain);
}

/// Calls `one` with each line, its newline left out, and whether it is the first.
template <class F>
std::string each_line(std::string_view text, F one) {
  std::string all;
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    one(all, text.substr(0, end), first);
    if (end < text.size()) all += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

}  // namespace

bool colored(int fd, std::string_view wish) {
  if (wish == "always") return true;
  if (wish == "never" || ::isatty(fd) != 1) return false;
  const char* const off = std::getenv("NO_COLOR");
  if (off != nullptr && *off != '\0') return false;
  const char* const term = std::getenv("TERM");
  return term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
}

std::string_view color_wish(std::span<const std::string> words) {
  constexpr std::string_view name = "--color";
  std::string_view wish = "auto";
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const std::string_view word = words[i];
    if (word == name && i + 1 < words.size())
      wish = words[i + 1];
    else if (word.starts_with(name) && word.substr(name.size()).starts_with('='))
      wish = word.substr(name.size() + 1);
  }
  return wish;
}

std::string paint_diagnostic(std::string_view text) {
  return each_line(text, [](std::string& all, std::string_view line, bool) {
    const std::size_t mark = line.find_first_not_of(' ');
    if (line.starts_with("sz:")) {
      put(all, red, "sz:");
      all += line.substr(3);
    } else if (mark != 0 && mark != std::string_view::npos &&
               line.find_first_not_of('^', mark) == std::string_view::npos) {
      all += line.substr(0, mark);
      put(all, red, line.substr(mark));
    } else {
      all += line;
    }
  });
}

std::string paint_page(std::string_view text) {
  return each_line(text, [](std::string& all, std::string_view line, bool first) {
    const std::size_t dash = line.find(" - ");
    if (first && dash != std::string_view::npos) {
      put(all, bold, line.substr(0, dash));
      all += line.substr(dash);
    } else if (line.starts_with("usage:")) {
      put(all, bold, "usage:");
      all += line.substr(6);
    } else if (!line.empty() && line.front() != ' ' && line.ends_with(':')) {
      put(all, bold, line);
    } else {
      all += line;
    }
  });
}

}  // namespace sz::run
