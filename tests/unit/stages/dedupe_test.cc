#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stages/script.h"

namespace sz::stages_test {
namespace {

struct Options {
  int ttl = 0;  // ms; 0: none
  bool adjacent = false, refresh = false, last = false, count = false;
  std::string words() const {
    std::string all = "dedupe --by .k";
    if (ttl != 0) all += fmt::format(" --ttl {}ms", ttl);
    if (adjacent) all += " --adjacent";
    if (refresh) all += " --refresh";
    if (last) all += " --keep last";
    if (count) all += " --count-field c";
    return all;
  }
};

Options options(Random& random) {
  Options made;
  if (random.chance(70)) made.ttl = 1 + random.below(40);
  made.adjacent = random.chance(30);
  made.refresh = made.ttl != 0 && random.chance(40);
  made.last = random.chance(50);
  made.count = (made.last || made.ttl != 0) && random.chance(50);
  return made;
}

struct Output {
  std::int64_t ms;  // when it leaves
  std::string text;
  friend bool operator==(const Output&, const Output&) = default;
  friend void PrintTo(const Output& o, std::ostream* out) { *out << o.ms << "ms " << o.text; }
};

std::string counted(const Line& line, int count, const Options& o) {
  std::string text = line.text();
  if (o.count) text.replace(text.size() - 1, 1, fmt::format(R"(,"c":{}}})", count));
  return text;
}

// A record is a duplicate if one of its key was passed on (with refresh: seen) less than the TTL before; with
// adjacent only those count that no other key parts from it.
std::vector<Output> first_model(const Options& o, const std::vector<Line>& lines) {
  std::vector<Output> out;
  std::vector<bool> passed;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    bool duplicate = false;
    int dropped = 0;
    for (std::size_t j = i; j-- > 0;) {
      if (lines[j].key != lines[i].key) {
        if (o.adjacent) break;
        continue;
      }
      if (passed[j] || o.refresh) duplicate |= o.ttl == 0 || lines[i].ms < lines[j].ms + o.ttl;
      if (passed[j]) break;
      ++dropped;
    }
    passed.push_back(!duplicate);
    if (!duplicate) out.push_back({lines[i].ms, counted(lines[i], 1 + dropped, o)});
  }
  return out;
}

// Each key's records fall into groups: one begins where none is open, and ends a TTL after its first record
// (with refresh: its last), or with adjacent at the next other key.
std::vector<Output> last_model(const Options& o, const std::vector<Line>& lines) {
  struct Group {
    std::int64_t ends, end_order;
    Line last;
    int count;
  };
  constexpr std::int64_t open = std::int64_t{1} << 60;
  std::vector<Group> groups;
  std::vector<bool> taken(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (taken[i]) continue;
    Group group{
        .ends = o.ttl != 0 ? lines[i].ms + o.ttl : open, .end_order = 0, .last = lines[i], .count = 1};
    for (std::size_t j = i + 1; j < lines.size() && lines[j].ms < group.ends; ++j) {
      if (lines[j].key == lines[i].key) {
        taken[j] = true;
        group.last = lines[j];
        ++group.count;
        if (o.refresh) group.ends = lines[j].ms + o.ttl;
      } else if (o.adjacent) {
        group.ends = lines[j].ms;
        break;
      }
    }
    groups.push_back(group);
  }
  std::ranges::sort(groups, [&](const Group& a, const Group& b) {
    const std::int64_t end = lines.back().ms;  // what is open then leaves after all timers
    const std::int64_t at_a = a.ends > end ? open : a.ends, at_b = b.ends > end ? open : b.ends;
    return at_a != at_b ? at_a < at_b : a.last.number < b.last.number;
  });
  std::vector<Output> out;
  for (const Group& group : groups)
    out.push_back({std::min(group.ends, lines.back().ms), counted(group.last, group.count, o)});
  return out;
}

std::vector<Output> seen(const std::vector<Event>& events, bool stream) {
  std::vector<Output> out;
  for (const Event& event : events)
    if (event.kind == Event::Kind::out)
      out.push_back(
          {static_cast<std::int64_t>((stream ? event.stream : event.wall).ns() / ns_per_ms), event.text});
  return out;
}

TEST(Dedupe, EqualsItsModelLiveAndReplayed) {
  for (std::uint64_t seed = 1; seed <= seeds(600); ++seed) {
    Random random(seed);
    const Options o = options(random);
    const std::vector<Line> lines = random.lines(50, 4, 1 + random.below(5));
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, o.words()));
    const std::vector<Output> expected = o.last ? last_model(o, lines) : first_model(o, lines);
    ASSERT_EQ(expected, seen(live(o.words(), lines), false));
    ASSERT_EQ(expected, seen(replayed(o.words(), lines), true));
  }
}

// A record keeps its own time while it is held.
TEST(Dedupe, KeepsTheTimeOfWhatItHolds) {
  const auto driver = drive("--time .t dedupe --keep last --by .k");
  for (const char* line : {R"({"t":5,"k":1})", R"({"t":9,"k":2})", R"({"t":7,"k":1})"}) driver->push(line);
  driver->end();
  std::vector<Time> at;
  for (const Event& event : driver->take_events())
    if (event.kind == Event::Kind::out) at.push_back(event.at);
  EXPECT_EQ((std::vector<Time>{instant("9s"), instant("7s")}), at);
}

}  // namespace
}  // namespace sz::stages_test
