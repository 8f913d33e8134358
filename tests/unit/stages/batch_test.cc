#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stages/script.h"

namespace sz::stages_test {
namespace {

struct Bounds {
  int size = 0, bytes = 0, every = 0;  // every in ms; 0: none
  bool by = false;
  std::string words() const {
    std::string all = "batch";
    if (size != 0) all += fmt::format(" --size {}", size);
    if (bytes != 0) all += fmt::format(" --bytes {}", bytes);
    if (every != 0) all += fmt::format(" --every {}ms", every);
    if (by) all += " --by .k";
    return all;
  }
};

Bounds bounds(Random& random) {
  Bounds made;
  while (made.size == 0 && made.bytes == 0 && made.every == 0) {
    if (random.chance(50)) made.size = 1 + random.below(6);
    if (random.chance(40)) made.bytes = 1 + random.below(150);
    if (random.chance(60)) made.every = 1 + random.below(40);
  }
  made.by = random.chance(60);
  return made;
}

/// What SPEC 7 says of batch, as plainly as it can be said: where each batch begins and what ends it.
struct Batch {
  std::vector<Line> lines;
  std::string reason;
  std::int64_t leaves = 0;  // ms
};

std::vector<Batch> model(const Bounds& b, const std::vector<Line>& lines, std::int64_t end) {
  std::map<int, Batch> open;  // by key
  std::vector<Batch> out;
  const auto bytes = [](const Batch& batch) {
    int sum = 0;
    for (const Line& line : batch.lines) sum += static_cast<int>(line.text().size());
    return sum;
  };
  const auto cut = [&](int key, const char* reason, std::int64_t now) {
    out.push_back(open[key]);
    out.back().reason = reason;
    out.back().leaves = now;
    open.erase(key);
  };
  const auto first_open = [&] {
    auto first = open.begin();
    for (auto it = open.begin(); it != open.end(); ++it)
      if (it->second.lines.front().number < first->second.lines.front().number) first = it;
    return first;
  };
  const auto timers = [&](std::int64_t now) {  // all have the same span: first opened, first due
    while (b.every != 0 && !open.empty() && first_open()->second.lines.front().ms + b.every <= now)
      cut(first_open()->first, "every", first_open()->second.lines.front().ms + b.every);
  };
  for (const Line& line : lines) {
    timers(line.ms);
    const int key = b.by ? line.key : 0;
    const int size = static_cast<int>(line.text().size());
    if (b.bytes != 0 && open.contains(key) && bytes(open[key]) + size > b.bytes) cut(key, "bytes", line.ms);
    open[key].lines.push_back(line);
    if (b.size != 0 && static_cast<int>(open[key].lines.size()) == b.size)
      cut(key, "size", line.ms);
    else if (b.bytes != 0 && bytes(open[key]) >= b.bytes)
      cut(key, "bytes", line.ms);
  }
  while (!open.empty()) cut(first_open()->first, "end", end);
  return out;
}

std::string text(const Batch& batch, const Bounds& b) {
  std::string records;
  for (const Line& line : batch.lines)
    records += fmt::format("{}{}", records.empty() ? "" : ",", line.text());
  return fmt::format(R"({{"records":[{}],"count":{},"reason":"{}","start":"{}","end":"{}"{}}})", records,
                     batch.lines.size(), batch.reason, to_rfc3339(at_ms(batch.lines.front().ms)),
                     to_rfc3339(at_ms(batch.lines.back().ms)),
                     b.by ? fmt::format(R"(,"key":{})", batch.lines.front().key) : "");
}

TEST(Batch, EqualsItsModelLiveAndReplayed) {
  for (std::uint64_t seed = 1; seed <= seeds(400); ++seed) {
    Random random(seed);
    const Bounds b = bounds(random);
    const std::vector<Line> lines = random.lines(60, 4, 1 + random.below(5));
    const std::string words = b.words() + " --wrap";
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    std::vector<std::string> expected;
    const std::vector<Batch> batches = model(b, lines, lines.back().ms);
    for (const Batch& batch : batches) expected.push_back(text(batch, b));

    const std::vector<Event> events = live(words, lines);
    ASSERT_EQ(expected, outputs(events));
    std::size_t i = 0;
    for (const Event& event : events)
      if (event.kind == Event::Kind::out) {
        ASSERT_EQ(at_ms(batches[i++].leaves), event.wall) << event.text;
      }

    const std::vector<Event> again = replayed(words, lines);
    ASSERT_EQ(expected, outputs(again));
    i = 0;
    for (const Event& event : again)
      if (event.kind == Event::Kind::out) {
        const Batch& batch = batches[i++];
        ASSERT_EQ(at_ms(batch.leaves), event.stream) << event.text;
        ASSERT_EQ(at_ms(batch.lines.back().ms), event.at) << event.text;
      }
  }
}

// Whatever the bounds and however many keys have to go early: nothing is lost, doubled or reordered within a
// key.
TEST(Batch, NeitherLosesNorReordersWithinAKey) {
  for (std::uint64_t seed = 1; seed <= seeds(300); ++seed) {
    Random random(seed);
    Bounds b = bounds(random);
    b.by = true;
    const std::string words = fmt::format("{} --max-keys {} then flatten", b.words(), 1 + random.below(6));
    std::vector<Line> lines = random.lines(80, 6, 3);
    const bool late = random.chance(50);
    if (late)  // shuffled in time as well
      for (Line& line : lines) line.ms = std::max<std::int64_t>(0, line.ms - random.below(40));
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    std::map<int, std::vector<std::string>> in, out;
    for (const Line& line : lines) in[line.key].push_back(line.text());
    for (const std::string& text : outputs(late ? replayed(words, lines) : live(words, lines)))
      out[text[text.find("\"k\":") + 4] - '0'].push_back(text);
    ASSERT_EQ(in, out);
  }
}

TEST(Batch, HasTheTimeOfItsLatestMember) {
  const auto driver = drive("--time .t batch --size 3 then map '.[0]'");
  for (const char* line : {R"({"t":5})", R"({"t":9})", R"({"t":7})"}) driver->push(line);
  const std::vector<Event> events = driver->take_events();
  ASSERT_EQ(1u, events.size());
  EXPECT_EQ(instant("9s"), events[0].at);
}

TEST(Batch, ClockAtTheEndOfTime) {
  const auto driver = drive("--time .t batch --every 1000d --by .k");
  driver->push(R"({"t":"9999-12-31T23:59:59.999999999Z","k":1})");
  driver->push(R"({"t":"0001-01-01T00:00:00Z","k":2})");
  EXPECT_EQ(2u, driver->held());
  driver->end();
  EXPECT_EQ(2u, driver->take_out().size());
}

}  // namespace
}  // namespace sz::stages_test
