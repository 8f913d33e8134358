#include "json/diagnose.h"

#include <bitset>

#include "json/chars.h"
#include "json/utf8.h"

namespace sz::json {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : begin_(text.data()), p_(begin_), end_(begin_ + text.size()) {}

  Fault run() {
    skip_space();
    do {
      if (!value()) return fault_;
      // A value is complete: close what ends here, up to the next one.
      while (true) {
        skip_space();
        if (depth_ == 0) {
          if (p_ != end_) fail(FaultCode::trailing_text);
          return fault_;
        }
        const bool object = in_object_[depth_ - 1];
        if (at_end()) return fail(FaultCode::unclosed_container), fault_;
        if (*p_ == ',') {
          ++p_;
          skip_space();
          if (object && !key()) return fault_;
          break;
        }
        if (*p_ != (object ? '}' : ']')) return fail(FaultCode::expected_comma), fault_;
        ++p_;
        --depth_;
      }
    } while (true);
  }

 private:
  bool at_end() const { return p_ == end_; }
  void skip_space() {
    while (!at_end() && is_space(*p_)) ++p_;
  }
  bool fail(FaultCode code, const char* where) {
    // Bytes that are no UTF-8 are worse than what they would stand for.
    if (where < end_ && utf8_length(where, end_) == 0) code = FaultCode::bad_utf8;
    fault_ = {code, static_cast<std::uint32_t>(where - begin_)};
    return false;
  }
  bool fail(FaultCode code) { return fail(code, p_); }

  /// Up to the end of the next scalar or empty container.
  bool value() {
    while (true) {
      if (at_end()) return fail(depth_ == 0 ? FaultCode::expected_value : FaultCode::unclosed_container);
      switch (*p_) {
        case '{':
        case '[': {
          const bool object = *p_ == '{';
          if (depth_ == max_depth) return fail(FaultCode::too_deep);
          in_object_[depth_++] = object;
          ++p_;
          skip_space();
          if (at_end()) return fail(FaultCode::unclosed_container);
          if (*p_ == (object ? '}' : ']')) {
            ++p_;
            --depth_;
            return true;
          }
          if (object && !key()) return false;
          continue;
        }
        case '"':
          return string();
        case 't':
          return literal("true");
        case 'f':
          return literal("false");
        case 'n':
          return literal("null");
        default:
          if (*p_ == '-' || is_digit(*p_)) return number();
          if ((*p_ | 0x20) >= 'a' && (*p_ | 0x20) <= 'z') return fail(FaultCode::bad_literal);
          return fail(FaultCode::expected_value);
      }
    }
  }

  /// A member's name, its colon, and the white space before its value.
  bool key() {
    if (at_end()) return fail(FaultCode::unclosed_container);
    if (*p_ != '"') return fail(FaultCode::expected_key);
    if (!string()) return false;
    skip_space();
    if (at_end()) return fail(FaultCode::unclosed_container);
    if (*p_ != ':') return fail(FaultCode::expected_colon);
    ++p_;
    skip_space();
    return true;
  }

  bool string() {
    const char* const open = p_++;
    while (!at_end()) {
      const auto c = static_cast<unsigned char>(*p_);
      if (c == '"') return ++p_, true;
      if (c < 0x20) return fail(FaultCode::control_character);
      if (c == '\\') {
        if (end_ - p_ < 2) break;
        if (static_cast<unsigned char>(p_[1]) < 0x20) return fail(FaultCode::control_character, p_ + 1);
        if (p_[1] == 'u') {
          if (end_ - p_ < 6 || hex4(p_ + 2) < 0) return fail(FaultCode::bad_escape);
          p_ += 6;
        } else {
          if (escape_value(p_[1]) == 0) return fail(FaultCode::bad_escape);
          p_ += 2;
        }
        continue;
      }
      const std::size_t n = utf8_length(p_, end_);
      if (n == 0) return fail(FaultCode::bad_utf8);
      p_ += n;
    }
    return fail(FaultCode::unclosed_string, open);
  }

  bool literal(std::string_view word) {
    const char* const start = p_;
    if (std::string_view(p_, static_cast<std::size_t>(end_ - p_)).starts_with(word)) {
      p_ += word.size();
      if (scalar_ended()) return true;
    }
    return fail(FaultCode::bad_literal, start);
  }

  bool number() {
    const char* const start = p_;
    const auto digits = [this] {
      const char* const first = p_;
      while (!at_end() && is_digit(*p_)) ++p_;
      return p_ != first;
    };
    if (*p_ == '-') ++p_;
    const bool zero = !at_end() && *p_ == '0';
    const char* const first = p_;
    bool good = digits() && !(zero && p_ - first > 1);
    if (good && !at_end() && *p_ == '.') {
      ++p_;
      good = digits();
    }
    if (good && !at_end() && (*p_ == 'e' || *p_ == 'E')) {
      ++p_;
      if (!at_end() && (*p_ == '+' || *p_ == '-')) ++p_;
      good = digits();
    }
    return good && scalar_ended() ? true : fail(FaultCode::bad_number, start);
  }

  bool scalar_ended() const {
    return at_end() || ends_scalar[static_cast<unsigned char>(*p_)] || *p_ == '"' || *p_ == ':' ||
           *p_ == '[' || *p_ == '{';
  }

  const char* begin_;
  const char* p_;
  const char* end_;
  std::bitset<max_depth> in_object_;
  std::uint32_t depth_ = 0;
  Fault fault_;
};

}  // namespace

Fault diagnose(std::string_view text) { return Scanner(text).run(); }

Fault refusal(std::string_view text) {
  const Fault fault = diagnose(text);
  return fault ? fault : Fault{FaultCode::expected_value, 0};
}

}  // namespace sz::json
