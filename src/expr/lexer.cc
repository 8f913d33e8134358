#include "expr/lexer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/quote.h"
#include "json/utf8.h"

namespace sz::expr {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::expected<std::vector<Token>, SyntaxError> run() {
    while (!failed_ && more()) one();
    if (failed_) return std::unexpected(std::move(error_));
    if (!open_.empty()) {
      // An interpolation is open, so is the string around it.
      return std::unexpected(SyntaxError{open_.back().string, 1, "string without an end", ""});
    }
    push(Token::Type::end, source_.size(), 0, "");
    return std::move(tokens_);
  }

 private:
  struct Open {
    std::size_t string;  // where the string began
    int depth;           // parentheses open inside the interpolation
  };

  bool more() {
    for (; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '#') {
        comment();
      } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return true;
      }
    }
    return false;
  }
  // Up to the end of the line, and on if that is escaped by a backslash, as jq does it since 1.7.1: an odd
  // number of them stands before the LF, or before CR LF. Stays on the last byte before the line end.
  void comment() {
    std::size_t backslashes = 0;
    for (; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '\\') {
        ++backslashes;
        continue;
      }
      if (c == '\r' && peek(1) == '\n') continue;
      if (c == '\n' && backslashes % 2 == 0) break;
      backslashes = 0;
    }
    --at_;
  }
  char peek(std::size_t n = 0) const { return at_ + n < source_.size() ? source_[at_ + n] : '\0'; }
  void push(Token::Type type, std::size_t offset, std::size_t length, std::string text) {
    tokens_.push_back({type, offset, length, std::move(text)});
  }
  void fail(std::size_t offset, std::size_t length, std::string message, std::string hint = "") {
    if (!failed_) error_ = {offset, length, std::move(message), std::move(hint)};
    failed_ = true;
  }
  std::size_t name_end(std::size_t i) const {
    while (i < source_.size()) {
      if (letter(source_[i]) || digit(source_[i])) {
        ++i;
      } else if (source_.substr(i, 2) == "::" && i + 2 < source_.size() && letter(source_[i + 2])) {
        i += 2;
      } else {
        break;
      }
    }
    return i;
  }

  void one() {
    const char c = peek();
    const std::size_t begin = at_;
    if (c == '"') {
      ++at_;
      push(Token::Type::string_begin, begin, 1, "\"");
      string_body(begin);
    } else if (digit(c) || (c == '.' && digit(peek(1)))) {
      number();
    } else if (letter(c)) {
      at_ = name_end(at_);
      push(Token::Type::name, begin, at_ - begin, std::string(source_.substr(begin, at_ - begin)));
    } else if ((c == '.' || c == '$' || c == '@') && letter(peek(1))) {
      std::size_t end = at_ + 1;
      if (c == '$') {
        end = name_end(end);
      } else {
        while (end < source_.size() && (letter(source_[end]) || digit(source_[end]))) ++end;
      }
      at_ = end;
      const std::size_t from = c == '@' ? begin : begin + 1;
      push(c == '.'   ? Token::Type::field
           : c == '$' ? Token::Type::variable
                      : Token::Type::format,
           begin, end - begin, std::string(source_.substr(from, end - from)));
    } else {
      symbol();
    }
  }

  void number() {
    const std::size_t begin = at_;
    const auto digits = [this] {
      while (digit(peek())) ++at_;
    };
    digits();
    if (peek() == '.' &&
        (digit(peek(1)) || (at_ > begin && !letter(peek(1)) && peek(1) != '.' && peek(1) != '['))) {
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (digit(peek(sign))) {
        at_ += sign;
        digits();
      }
    }
    if (letter(peek())) {
      const std::size_t end = name_end(at_);
      return fail(begin, end - begin,
                  fmt::format("invalid number \"{}\"", source_.substr(begin, end - begin)));
    }
    push(Token::Type::number, begin, at_ - begin, std::string(source_.substr(begin, at_ - begin)));
  }

  void symbol() {
    static constexpr std::array<std::string_view, 21> longs = {"?//=", "?//", "//=", "|=", "+=", "-=", "*=",
                                                               "/=",   "%=",  "==",  "!=", "<=", ">=", "//",
                                                               "..",   "?",   "&&",  "||", "<<", ">>", "=>"};
    static constexpr std::string_view singles = ".[](){}|,:;=<>+-*/%$";
    const std::size_t begin = at_;
    std::string_view rest = source_.substr(at_);
    std::string_view found;
    for (const std::string_view s : longs) {
      // `?//` is destructuring's alternative only after a pattern; elsewhere `?` and `//`, as jq's users
      // write them.
      if (s != "?//=" && s != "?//" && rest.starts_with(s)) {
        found = s;
        break;
      }
    }
    if (found.empty() && singles.find(peek()) != std::string_view::npos) found = rest.substr(0, 1);
    if (found == "&&" || found == "||") {
      return fail(begin, 2, fmt::format("unexpected token \"{}\"", found),
                  found == "&&" ? "write \"and\"" : "write \"or\", or \"//\" for a default");
    }
    if (found.empty() || found == "<<" || found == ">>" || found == "=>") {
      if (found.empty()) found = rest.substr(0, character(rest));
      std::string hint;
      if (found == "'") hint = "strings have double quotes: \"...\"";
      if (found == "!") hint = "write \"not\" after it: (...) | not";
      if (found == "~") hint = "regular expressions: .a | test(\"re\")";
      if (found == "&") hint = "write \"and\"";
      if (found == "`") hint = "strings have double quotes: \"...\"";
      if (static_cast<unsigned char>(found[0]) >= 0x80 && begin > 0 && source_[begin - 1] == '.')
        hint = "such a name needs quotes: .[\"...\"]";
      if (found == "\xE2\x80\x9C" || found == "\xE2\x80\x9D") hint = "use plain double quotes: \"...\"";
      return fail(begin, found.size(), fmt::format("unexpected token \"{}\"", quote(found)), hint);
    }
    at_ += found.size();
    if (found == "(" && !open_.empty()) ++open_.back().depth;
    if (found == ")" && !open_.empty() && --open_.back().depth == 0) {
      push(Token::Type::symbol, begin, 1, ")");
      const std::size_t string = open_.back().string;
      open_.pop_back();
      string_body(string);
      return;
    }
    push(Token::Type::symbol, begin, found.size(), std::string(found));
  }

  static std::size_t character(std::string_view s) {
    std::size_t n = 1;
    while (n < s.size() && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80) ++n;
    return n;
  }

  int hex4(std::size_t i) const {
    int value = 0;
    for (std::size_t k = i; k < i + 4; ++k) {
      const char c = k < source_.size() ? source_[k] : '\0';
      int d;
      if (digit(c)) {
        d = c - '0';
      } else if (c >= 'a' && c <= 'f') {
        d = c - 'a' + 10;
      } else if (c >= 'A' && c <= 'F') {
        d = c - 'A' + 10;
      } else {
        return -1;
      }
      value = value * 16 + d;
    }
    return value;
  }

  // From just inside a string up to its end or the next interpolation.
  void string_body(std::size_t begin) {
    std::string text;
    const std::size_t from = at_;
    const auto flush = [&] {
      if (!text.empty()) push(Token::Type::string_text, from, at_ - from, std::move(text));
    };
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '"') {
        flush();
        push(Token::Type::string_end, at_, 1, "\"");
        ++at_;
        return;
      }
      if (c != '\\') {
        text += c;
        ++at_;
        continue;
      }
      const char e = peek(1);
      if (e == '(') {
        flush();
        push(Token::Type::interpolation, at_, 2, "\\(");
        at_ += 2;
        open_.push_back({begin, 1});
        return;
      }
      static constexpr std::string_view from_chars = "\"\\/bfnrt", to_chars = "\"\\/\b\f\n\r\t";
      if (const std::size_t k = from_chars.find(e); e != '\0' && k != std::string_view::npos) {
        text += to_chars[k];
        at_ += 2;
      } else if (e == 'u' && hex4(at_ + 2) >= 0) {
        auto c1 = static_cast<std::uint32_t>(hex4(at_ + 2));
        at_ += 6;
        if (c1 >= 0xD800 && c1 < 0xDC00 && peek() == '\\' && peek(1) == 'u') {
          const int c2 = hex4(at_ + 2);
          if (c2 >= 0xDC00 && c2 < 0xE000) {
            c1 = 0x10000 + ((c1 - 0xD800) << 10) + (static_cast<std::uint32_t>(c2) - 0xDC00);
            at_ += 6;
          }
        }
        json::append_utf8(text, c1);
      } else {
        return fail(at_, std::min<std::size_t>(2, source_.size() - at_), "invalid escape in a string",
                    "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX and \\(...)");
      }
    }
    fail(begin, 1, "string without an end");
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<Open> open_;
  SyntaxError error_;
  bool failed_ = false;
};

}  // namespace

std::expected<std::vector<Token>, SyntaxError> tokenize(std::string_view source) {
  return Lexer(source).run();
}

}  // namespace sz::expr
