#include <array>
#include <charconv>
#include <cmath>

#include "core/time.h"
#include "core/time_unit.h"

namespace sz {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// The digits are added up as integers, so that 0.1s is exactly 100 ms and no double rounds.
std::expected<Duration, std::string> parse_duration(std::string_view text) {
  const auto wrong = std::unexpected("is not a duration such as 250ms, 1.5s, 1m30s, 2h or 1d");
  if (text.empty()) return wrong;
  __int128 total = 0;
  const TimeUnit* last = nullptr;
  bool fractional = false;
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
    const TimeUnit* const unit = time_unit(text.substr(0, letters));
    if (unit == nullptr) {
      if (letters == 0 && text.empty()) return std::unexpected("needs a unit: ns, us, ms, s, m, h, d or w");
      return wrong;
    }
    if (fractional) return std::unexpected("has a fraction before its last unit: write it as 1m30s");
    if (last != nullptr && unit->ns >= last->ns)
      return std::unexpected("has a smaller or equal unit first: write it as 1m30s");
    last = unit;
    fractional = !fraction.empty();
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
  for (const TimeUnit& unit : time_units) {
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
