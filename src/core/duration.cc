#include <array>
#include <charconv>
#include <cmath>

#include "core/time.h"

namespace sz {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array<Unit, 8> units = {{{"w", 604'800'000'000'000},
                                        {"d", 86'400'000'000'000},
                                        {"h", 3'600'000'000'000},
                                        {"m", 60'000'000'000},
                                        {"s", 1'000'000'000},
                                        {"ms", 1'000'000},
                                        {"us", 1'000},
                                        {"ns", 1}}};

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// The digits are added up as integers, so that 0.1s is exactly 100 ms and no double rounds.
std::expected<Duration, std::string> parse_duration(std::string_view text) {
  const auto wrong = std::unexpected("is not a duration such as 250ms, 1.5s, 1m30s, 2h or 1d");
  if (text.empty()) return wrong;
  __int128 total = 0;
  while (!text.empty()) {
    std::size_t whole = 0, end = 0;
    while (whole < text.size() && digit(text[whole])) ++whole;
    end = whole;
    if (end < text.size() && text[end] == '.') {
      ++end;
      while (end < text.size() && digit(text[end])) ++end;
      if (end - whole < 2) return wrong;
    }
    if (end == 0 || whole > 18 || end - whole > 19) return wrong;
    const std::string_view integer = text.substr(0, whole);
    const std::string_view fraction =
        end > whole ? text.substr(whole + 1, end - whole - 1) : std::string_view();
    text.remove_prefix(end);
    std::size_t letters = 0;
    while (letters < text.size() && !digit(text[letters]) && text[letters] != '.') ++letters;
    const Unit* unit = nullptr;
    for (const Unit& u : units)
      if (text.substr(0, letters) == u.name) unit = &u;
    if (unit == nullptr) {
      if (letters == 0 && text.empty()) return std::unexpected("needs a unit: ms, s, m, h or d");
      return wrong;
    }
    text.remove_prefix(letters);
    std::int64_t count = 0;
    std::from_chars(integer.data(), integer.data() + integer.size(), count);
    total += static_cast<__int128>(count) * unit->ns;
    __int128 part = 0, scale = 1;
    for (const char c : fraction) {
      part = part * 10 + (c - '0');
      scale *= 10;
    }
    total += part * unit->ns / scale;
    if (total > std::numeric_limits<std::int64_t>::max())
      return std::unexpected("is too long: at most 292 years");
  }
  return Duration{static_cast<std::int64_t>(total)};
}

std::string to_string(Duration d) {
  if (d.ns == 0) return "0s";
  std::string text;
  std::uint64_t rest = d.ns < 0 ? 0 - static_cast<std::uint64_t>(d.ns) : static_cast<std::uint64_t>(d.ns);
  if (d.ns < 0) text += '-';
  for (const Unit& unit : units) {
    if (unit.name == "w") continue;
    const std::uint64_t whole = rest / static_cast<std::uint64_t>(unit.ns);
    if (whole == 0) continue;
    text += std::to_string(whole);
    text += unit.name;
    rest %= static_cast<std::uint64_t>(unit.ns);
  }
  return text;
}

}  // namespace sz
