#include "expr/regex.h"

#include <fmt/format.h>

namespace sz::expr {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// A class from its `[` to behind its `]`. A bracket that comes first is a member; `[:alpha:]` is one name.
std::size_t class_end(std::string_view p, std::size_t i) {
  ++i;
  if (i < p.size() && p[i] == '^') ++i;
  if (i < p.size() && p[i] == ']') ++i;
  while (i < p.size() && p[i] != ']') {
    if (p[i] == '\\') {
      ++i;
    } else if (p.substr(i).starts_with("[:")) {
      const std::size_t close = p.find(":]", i + 2);
      if (close != std::string_view::npos) i = close + 1;
    }
    ++i;
  }
  return std::min(i + 1, p.size());
}

// From the syntax jq's users write to RE2's: (?<name>...) is (?P<name>...), {,n} is {0,n}; RE2 has no
// extended mode, so white space and comments outside classes and escapes go away here.
std::string translate(std::string_view p, bool extended) {
  std::string out;
  for (std::size_t i = 0; i < p.size();) {
    const std::string_view rest = p.substr(i);
    if (p[i] == '\\' && rest.size() > 1) {
      out += rest.substr(0, 2);
      i += 2;
    } else if (p[i] == '[') {
      const std::size_t end = class_end(p, i);
      out += p.substr(i, end - i);
      i = end;
    } else if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') {
      out += "(?P<";
      i += 3;
    } else if (rest.starts_with("{,") && rest.size() > 2 && rest[2] >= '0' && rest[2] <= '9') {
      out += "{0,";
      i += 2;
    } else if (extended && p[i] == '#') {
      while (i < p.size() && p[i] != '\n') ++i;
    } else if (extended && is_space(p[i])) {
      ++i;
    } else {
      out += p[i++];
    }
  }
  return out;
}

// RE2 says what it stumbled over; these are what users of other engines would look for.
std::string explain(const re2::RE2& re) {
  const std::string& part = re.error_arg();
  if (part.starts_with("(?=") || part.starts_with("(?!") || part.starts_with("(?<") ||
      part.starts_with("(?P<=") || part.starts_with("(?P<!"))
    return fmt::format("no lookaround: {}", part);
  if (part.size() == 2 && part[0] == '\\' && part[1] >= '1' && part[1] <= '9')
    return fmt::format("no backreferences: {}", part);
  if (part.starts_with("\\k") || part.starts_with("\\g"))
    return fmt::format("no backreferences or calls: {}", part);
  if (part.starts_with("(?>")) return fmt::format("no atomic groups: {}", part);
  return re.error();
}

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

std::expected<Regex, RegexError> Regex::compile(std::string_view pattern, std::string_view flags) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(false);
  Regex out;
  bool extended = false;
  for (const char f : flags) {
    switch (f) {
      case 'g':
        out.global_ = true;
        break;
      case 'l':
        options.set_longest_match(true);
        break;
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
        return std::unexpected(RegexError{fmt::format("{} is not a valid modifier string", flags), true});
    }
  }
  const std::string translated = translate(pattern, extended);
  out.re_ = std::make_unique<re2::RE2>(translated, options);
  if (!out.re_->ok()) return std::unexpected(RegexError{explain(*out.re_), false});
  out.names_.resize(static_cast<std::size_t>(out.re_->NumberOfCapturingGroups()));
  for (const auto& [number, name] : out.re_->CapturingGroupNames())
    out.names_[static_cast<std::size_t>(number) - 1] = name;
  out.found_.resize(out.names_.size() + 1);
  return out;
}

bool Regex::matches(std::string_view text) const {
  if (!not_empty_) return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *re_);
  std::vector<Span> spans(1);
  return find(text, 0, spans);
}

bool Regex::find(std::string_view text, std::size_t from, std::vector<Span>& spans) const {
  // RE2 takes no null pointer for an empty text.
  const re2::StringPiece whole(text.data() == nullptr ? "" : text.data(), text.size());
  const auto wanted = std::min(spans.size(), found_.size());
  while (from <= text.size() && re_->Match(whole, from, text.size(), re2::RE2::UNANCHORED, found_.data(),
                                           static_cast<int>(wanted))) {
    for (std::size_t i = 0; i < wanted; ++i) {
      const re2::StringPiece& f = found_[i];
      if (f.data() == nullptr) {
        spans[i] = {};
      } else {
        const auto begin = static_cast<std::size_t>(f.data() - whole.data());
        spans[i] = {begin, begin + f.size()};
      }
    }
    // An empty match may fall inside a character (\B): that is none.
    const bool skip = spans[0].size() == 0 && (not_empty_ || inside_character(text, spans[0].begin));
    if (!skip) return true;
    from = next(text, spans[0]);
  }
  return false;
}

std::size_t Regex::next(std::string_view text, const Span& last) {
  if (last.end > last.begin) return last.end;
  std::size_t at = last.end + 1;
  while (inside_character(text, at)) ++at;
  return at;
}

}  // namespace sz::expr
