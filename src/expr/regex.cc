#include "expr/regex.h"

#include <fmt/format.h>

#include "core/quote.h"

namespace sz::expr {

namespace {

// From the syntax jq's users write to RE2's: (?<name>...) is (?P<name>...); RE2 has no extended mode, so
// white space and comments outside classes and escapes go away here.
std::string translate(std::string_view p, bool extended) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const char c = p[i];
    if (c == '\\' && i + 1 < p.size()) {
      out += c;
      out += p[++i];
    } else if (in_class) {
      if (c == ']') in_class = false;
      out += c;
    } else if (c == '[') {
      in_class = true;
      out += c;
      // A bracket that comes first is itself a member.
      if (i + 1 < p.size() && p[i + 1] == '^') out += p[++i];
      if (i + 1 < p.size() && p[i + 1] == ']') out += p[++i];
    } else if (p.substr(i).starts_with("(?<") && i + 3 < p.size() && p[i + 3] != '=' && p[i + 3] != '!') {
      out += "(?P<";
      i += 2;
    } else if (extended && c == '#') {
      while (i < p.size() && p[i] != '\n') ++i;
    } else if (!extended || (c != ' ' && c != '\t' && c != '\n' && c != '\r')) {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::expected<Regex, std::string> Regex::compile(std::string_view pattern, std::string_view flags) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(false);
  Regex out;
  bool extended = false;
  for (const char f : flags) {
    switch (f) {
      case 'g':
      case 'l':
      case 's':
        break;
      case 'i':
        options.set_case_sensitive(false);
        break;
      case 'x':
        extended = true;
        break;
      case 'p':
        options.set_dot_nl(true);
        break;
      case 'n':
        out.not_empty_ = true;
        break;
      default:
        return std::unexpected(fmt::format("{} is not a valid modifier string", flags));
    }
  }
  out.re_ = std::make_unique<re2::RE2>(translate(pattern, extended), options);
  if (!out.re_->ok()) return std::unexpected(out.re_->error());
  return out;
}

bool Regex::matches(std::string_view text) const {
  if (!not_empty_) return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *re_);
  re2::StringPiece whole(text.data(), text.size()), found;
  std::size_t at = 0;
  while (at <= text.size() && re_->Match(whole, at, text.size(), re2::RE2::UNANCHORED, &found, 1)) {
    if (!found.empty()) return true;
    at = static_cast<std::size_t>(found.data() - text.data()) + 1;
  }
  return false;
}

}  // namespace sz::expr
