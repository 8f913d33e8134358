#include <algorithm>

#include <fmt/format.h>

#include "generate.h"

namespace sz::simulate {
namespace {

constexpr Ns gaps[] = {0, 0, 0, 100 * millisecond, 500 * millisecond, 500 * millisecond, second, 2 * second};
constexpr std::string_view broken[] = {"{",          "{\"a\":}",   "[1,2",       "nul",
                                       "{\"a\":01}", "{\"a\":1}}", "\"\x01\"",   "{'a':1}",
                                       "1 2",        "\"\\u12\"",  "{\"a\":1,}", "+1"};
constexpr std::string_view blanks[] = {"", " ", "\t ", "\r"};
constexpr std::string_view raw_lines[] = {"",          "a",         "x y", "say \"hi\"", "back\\slash",
                                          "tab\there", "{\"a\":1}", " a",  "a",          "\xC3\xA9"};

ValuePtr some_number(Random& random) {
  return number(random.pick<const char*>(
      {"0", "1", "2", "3", "3", "4", "5", "-1", "1.10", "2.0", "1e0", "9007199254740993"}));
}

ValuePtr some_string(Random& random) {
  return string_value(random.pick<const char*>({"x", "y", "z", "x", "\xC3\xA9", "a\"b", "t\tt"}));
}

ValuePtr some_value(Random& random) {
  switch (random.below(10)) {
    case 0:
      return null_value();
    case 1:
      return boolean(random.percent(50));
    case 2:
      return array({some_number(random)}, " ");
    case 3:
      return object({{"x", some_number(random)}});
    case 4:
    case 5:
      return some_string(random);
    default:
      return some_number(random);
  }
}

/// A time of the records: seconds or RFC 3339 text.
ValuePtr time_value(Random& random, Ns t) {
  const Ns whole = t / second, tenths = t % second / (100 * millisecond);
  if (t >= 0 && whole < 60 && random.percent(25))
    return string_value(fmt::format("1970-01-01T00:00:{:02}.{}Z", whole, tenths));
  const double seconds = static_cast<double>(t) / 1e9;
  return number(fmt::format("{}", seconds));
}

class Lines {
 public:
  Lines(Random& random, const Scenario& scenario, bool large)
      : random_(random), scenario_(scenario), large_(large) {}

  void restart() { clock_ = 0; }
  InputLine next() {
    InputLine line;
    if (scenario_.raw_input) return raw();
    const std::size_t which = scenario_.live ? 99 : random_.below(100);
    if (which < 5) {
      line.kind = InputLine::Kind::blank;
      line.bytes = random_.of(blanks);
      return line;
    }
    if (which < 11) {
      line.kind = InputLine::Kind::broken;
      line.bytes = random_.of(broken);
      if (random_.percent(10)) line.bytes = "\"\xFF\"", line.utf8 = false;
      return line;
    }
    line.value = which < 20 ? bare() : record();
    line.bytes = line.value->raw;
    if (random_.percent(6)) line.bytes = "  " + line.bytes + "\t";
    if (random_.percent(6)) line.bytes += '\r';
    if (random_.percent(3)) {
      line.bytes.insert(0, 1, '\x1E');
      line.separator = true;
    }
    return line;
  }

 private:
  InputLine raw() {
    InputLine line;
    std::string text(random_.of(raw_lines));
    line.value = string_value(text);
    line.bytes = text;
    if (random_.percent(10)) line.bytes += '\r';
    if (random_.percent(8)) line.bytes = "a\xFF", line.utf8 = false;
    return line;
  }

  ValuePtr bare() {
    switch (random_.below(4)) {
      case 0:
        return some_string(random_);
      case 1:
        return array({some_value(random_), some_value(random_)}, random_.percent(50) ? " " : "");
      case 2:
        return array({});
      default:
        return some_value(random_);
    }
  }

  ValuePtr record() {
    std::vector<std::pair<std::string, ValuePtr>> members;
    if (random_.percent(90))
      members.emplace_back("k", random_.percent(80) ? string_value(random_.pick<const char*>({"x", "y", "z"}))
                                                    : some_value(random_));
    if (random_.percent(90))
      members.emplace_back("a", random_.percent(75) ? some_number(random_) : some_value(random_));
    if (random_.percent(30)) {
      std::vector<ValuePtr> items;
      for (std::size_t n = random_.below(4); n != 0; --n) items.push_back(some_value(random_));
      members.emplace_back("l", array(std::move(items)));
    }
    if (scenario_.event_time && random_.percent(94)) {
      if (random_.percent(4)) {
        members.emplace_back("t", random_.percent(50) ? string_value("soon") : boolean(true));
      } else {
        if (random_.percent(10)) clock_ -= 1500 * millisecond;
        clock_ += random_.of(gaps);
        if (random_.percent(2)) clock_ += 100 * second;
        const Ns stray = scenario_.max_ahead && random_.percent(15) ? 60 * second : 0;
        members.emplace_back("t", time_value(random_, clock_ + stray));
      }
    }
    if (large_) members.emplace_back("pad", string_value(std::string(60'000 + random_.below(90'000), 'p')));
    if (random_.percent(3) && !members.empty() && members.front().first != "t")
      members.emplace_back(members.front().first, some_value(random_));
    const bool escaped = random_.percent(2) && !members.empty();
    return object(std::move(members), random_.percent(8) ? " " : "", escaped);
  }

  Random& random_;
  const Scenario& scenario_;
  bool large_;
  Ns clock_ = 0;
};

/// Cuts the file into pieces that come one after the other.
void arrive(Random& random, InputFile& file, Ns& now) {
  const std::string bytes = file.bytes();
  std::size_t at = 0;
  const bool by_lines = random.percent(60);
  while (at < bytes.size()) {
    now += random.of(gaps);
    std::size_t size = 1 + random.below(by_lines ? 120 : 60);
    if (bytes.size() > 10'000) size = 1 + random.below(bytes.size());
    if (by_lines)
      size = std::min(bytes.find('\n', std::min(bytes.size() - 1, at + size / 2)), bytes.size() - 1) + 1 - at;
    size = std::min(size, bytes.size() - at);
    file.pieces.push_back({now, size});
    at += size;
  }
  file.ends = now += random.of(gaps);
}

/// Each record comes when its own time says.
InputFile live_input(Random& random) {
  InputFile file;
  file.path = "-";
  file.regular = false;
  Ns now = 0;
  for (std::size_t n = random.below(24); n != 0; --n) {
    now += random.of(gaps);
    std::vector<std::pair<std::string, ValuePtr>> members;
    members.emplace_back("k", string_value(random.pick<const char*>({"x", "y", "z"})));
    members.emplace_back("a", some_number(random));
    members.emplace_back("l", array({some_number(random), some_number(random)}));
    members.emplace_back(
        "t", number(fmt::format("{}.{}", 1'704'067'200 + now / second, now % second / 100'000'000)));
    InputLine line;
    line.value = object(std::move(members));
    line.bytes = line.value->raw;
    file.pieces.push_back({now, line.bytes.size() + 1});
    file.lines.push_back(std::move(line));
  }
  file.ends = now;
  return file;
}

}  // namespace

std::vector<InputFile> generate_inputs(Random& random, const Scenario& scenario, bool large) {
  if (scenario.live) return {live_input(random)};
  Lines lines(random, scenario, large);
  std::vector<InputFile> files;
  const bool merged = scenario.merge != Scenario::Merge::no;
  const bool by_arrival = scenario.merge == Scenario::Merge::by_arrival;
  const std::size_t count = merged ? 1 + random.below(4) : random.percent(75) ? 1 : 1 + random.below(3);
  Ns now = 0;
  for (std::size_t i = 0; i < count; ++i) {
    InputFile& file = files.emplace_back();
    file.path = i == 0 ? "-" : fmt::format("in{}", i);
    if (merged) {  // no two of them have something at one instant
      lines.restart();
      now = static_cast<Ns>(i) * 7 * millisecond;
    }
    for (std::size_t n = random.below(count == 1 ? 26 : 10); n != 0; --n) file.lines.push_back(lines.next());
    file.byte_order_mark = random.percent(6);
    file.newline_at_end = random.percent(80) || (!file.lines.empty() && file.lines.back().bytes.empty());
    file.regular = random.percent(35) && !(by_arrival && i != 0);
    file.missing = i != 0 && random.percent(5);
    if (!file.regular) arrive(random, file, now);
  }
  return files;
}

}  // namespace sz::simulate
