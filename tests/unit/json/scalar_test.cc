#include "json/scalar.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sz::json {
namespace {

/// The grammar of RFC 8259, section 6, rule by rule.
bool is_number(std::string_view s) {
  const auto digits = [&s] {
    const std::size_t n = std::min(s.find_first_not_of("0123456789"), s.size());
    s.remove_prefix(n);
    return n != 0;
  };
  if (s.starts_with('-')) s.remove_prefix(1);
  if (s.starts_with('0'))
    s.remove_prefix(1);
  else if (!digits())
    return false;
  if (s.starts_with('.')) {
    s.remove_prefix(1);
    if (!digits()) return false;
  }
  if (s.starts_with('e') || s.starts_with('E')) {
    s.remove_prefix(1);
    if (s.starts_with('+') || s.starts_with('-')) s.remove_prefix(1);
    if (!digits()) return false;
  }
  return s.empty();
}

/// The scalar with what may follow it: nothing but the next slot, or white space before that.
bool scalar(const std::string& text, const std::string& behind) {
  std::string bytes = text + behind;
  const auto size = static_cast<std::uint32_t>(bytes.size() - 1);
  bytes.append(64, '9');
  return scalar_at(bytes.data(), size);
}

void expect(const std::string& text) {
  const bool valid = is_number(text);
  for (const char* behind : {",", " ]", "\r\n", " \t  \n                }"})
    EXPECT_EQ(scalar(text, behind), valid) << text << behind;
}

TEST(Scalar, EveryShortNumber) {
  const std::string_view alphabet = "-07.eE+x";
  std::vector<std::string> texts = {""};
  for (std::size_t from = 0; texts[from].size() < 5; ++from)
    for (const char c : alphabet) texts.push_back(texts[from] + c);
  for (const std::string& text : texts)
    if (!text.empty()) expect(text);
}

TEST(Scalar, NumbersAroundSixteenBytes) {
  for (std::size_t size = 13; size <= 36; ++size) {
    for (const char first : {'0', '1', '-', '.'}) {
      std::string text(size, '5');
      text[0] = first;
      expect(text);
      for (const char odd : {'.', 'e', '-', '/', ':', '\x80'}) {
        for (std::size_t at = 1; at < size; ++at) {
          std::string other = text;
          other[at] = odd;
          expect(other);
          if (at + 2 < size) {
            other[at + 2] = '.';
            expect(other);
          }
        }
      }
    }
  }
}

TEST(Scalar, Literals) {
  for (const char* text : {"true", "false", "null"}) EXPECT_TRUE(scalar(text, ","));
  for (const char* text : {"tru", "trues", "nulll", "fals", "falsey", "True", "nan", "x", "t"})
    EXPECT_FALSE(scalar(text, ",")) << text;
}

}  // namespace
}  // namespace sz::json
