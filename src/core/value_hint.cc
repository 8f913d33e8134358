#include "core/value_hint.h"

#include <algorithm>
#include <span>
#include <string>

#include <fmt/format.h>

#include "core/quantity.h"
#include "core/quote.h"
#include "core/time.h"

namespace sz {
namespace {

struct Spelling {
  std::string_view word, unit;
};
constexpr Spelling time_spellings[] = {
    {"sec", "s"},           {"secs", "s"},         {"second", "s"},
    {"seconds", "s"},       {"min", "m"},          {"mins", "m"},
    {"minute", "m"},        {"minutes", "m"},      {"hr", "h"},
    {"hrs", "h"},           {"hour", "h"},         {"hours", "h"},
    {"day", "d"},           {"days", "d"},         {"week", "w"},
    {"weeks", "w"},         {"msec", "ms"},        {"msecs", "ms"},
    {"millis", "ms"},       {"millisecond", "ms"}, {"milliseconds", "ms"},
    {"usec", "us"},         {"usecs", "us"},       {"micros", "us"},
    {"microseconds", "us"}, {"\xC2\xB5s", "us"},   {"\xCE\xBCs", "us"},
    {"nanoseconds", "ns"},  {"nsec", "ns"},
};
constexpr Spelling size_spellings[] = {
    {"kb", "k"},   {"mb", "M"},   {"gb", "G"},   {"m", "M"},   {"g", "G"},   {"byte", ""},
    {"kib", "Ki"}, {"mib", "Mi"}, {"gib", "Gi"}, {"mi", "Mi"}, {"gi", "Gi"}, {"bytes", ""},
};

std::string lower(std::string_view text) {
  std::string all(text);
  for (char& c : all)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return all;
}

bool digit(char c) { return c >= '0' && c <= '9'; }
bool numeric(char c) { return digit(c) || c == '.'; }

/// Each word that is no number, by its unit; what has none stays.
std::string with_units(std::string_view text, std::span<const Spelling> spellings) {
  std::string all;
  while (!text.empty()) {
    const bool number = numeric(text[0]);
    const auto end = std::ranges::find_if(text, [&](char c) { return numeric(c) != number || c == '/'; });
    const auto size = std::max<std::size_t>(1, static_cast<std::size_t>(end - text.begin()));
    const std::string word = lower(text.substr(0, size));
    const auto found = std::ranges::find(spellings, std::string_view(word), &Spelling::word);
    all += found == spellings.end() ? text.substr(0, size) : found->unit;
    text.remove_prefix(size);
  }
  return all;
}

/// Blanks out, and the marks of thousands between digits.
std::string without_marks(std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = i > 0 && i + 1 < text.size() && digit(text[i - 1]) && digit(text[i + 1]);
    if (text[i] == ' ' || (between && (text[i] == ',' || text[i] == '_' || text[i] == '\''))) continue;
    all += text[i];
  }
  return all;
}

bool is_value(ValueType type, std::string_view text) {
  switch (type) {
    case ValueType::count:
      return parse_count(text).has_value();
    case ValueType::size:
      return parse_size(text).has_value();
    case ValueType::share:
      return parse_share(text).has_value();
    case ValueType::duration:
      return parse_duration(text).has_value();
    case ValueType::rate:
      return parse_rate(text).has_value();
    default:
      return false;
  }
}

/// What is perhaps meant.
std::string meant(ValueType type, std::string_view text) {
  std::string plain = without_marks(text);
  const bool number = !plain.empty() && std::ranges::all_of(plain, numeric);
  switch (type) {
    case ValueType::duration:
      return number ? plain + "s" : with_units(plain, time_spellings);
    case ValueType::rate:
      return number ? plain + "/s" : with_units(plain, time_spellings);
    case ValueType::share:
      return number ? plain + "%" : plain;
    case ValueType::size:
      return with_units(plain, size_spellings);
    case ValueType::count:
      if (plain.starts_with('-')) plain.erase(0, 1);
      if (const auto thousands = parse_size(plain)) return std::to_string(*thousands);
      return plain;
    default:
      return {};
  }
}

}  // namespace

std::string value_hint(ValueType type, std::string_view text) {
  const std::string other = meant(type, text);
  if (other == text || !is_value(type, other)) return {};
  return fmt::format("did you mean \"{}\"?", quote(other, 60));
}

}  // namespace sz
