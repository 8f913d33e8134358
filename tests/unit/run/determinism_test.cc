// The promise of --time (SPEC 3): the same records give the same bytes, however they come and whatever the
// number of threads; and a recording gives what the run gave while it was recorded.

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

constexpr Duration ms(std::int64_t n) { return {n * 1'000'000}; }

/// One line and when it came.
struct Spoken {
  std::int64_t ms;
  std::string text;
};

/// Two minutes of records from the start of the host's time, in bursts and with silences, times on a grid
/// that makes many of them meet the deadlines of others. `late`: some carry a time that is past. Recording
/// `number` begins where the one before ended.
std::vector<Spoken> recording(unsigned seed, bool late, std::int64_t number = 0) {
  constexpr std::int64_t length = 120'000;
  const std::int64_t start = 1'704'067'200'000 + number * length;
  std::mt19937 random(seed);
  std::vector<Spoken> lines;
  for (std::int64_t at = 0; at < length;) {
    for (unsigned burst = 1 + random() % 4; burst != 0; --burst) {
      std::int64_t shown = start + at;
      if (late && random() % 8 == 0) shown -= 500 * static_cast<std::int64_t>(random() % 20);
      lines.push_back({at, fmt::format(R"({{"t":{}.{:03},"k":{},"n":{}}})"
                                       "\n",
                                       shown / 1000, shown % 1000, random() % 5, lines.size())});
    }
    at += 250 * static_cast<std::int64_t>(random() % 10 == 0 ? random() % 40 : random() % 4);
  }
  return lines;
}

/// Every stage on the stream's clock, alone and in chains. No blanks within a word.
const std::vector<std::string> pipelines = {
    "batch --every 2s --by .k --wrap",
    "batch --every 500ms --size 3 then batch --every 5s",
    "dedupe --by .k --ttl 3s --count-field c",
    "dedupe --by .k --ttl 3s --refresh",
    "dedupe --by .k --ttl 2s --keep last",
    "throttle --rate 2/s --mode drop --by .k",
    "debounce --quiet 1s --by .k --count-field c",
    "debounce --quiet 500ms --max-wait 2s then batch --every 10s --wrap",
    "debounce --quiet 1500ms --leading --by .k",
    "sample --per 2s --by .k",
    "sample --rate 30%",
    "sample --rate 50% --by .k",
    "sample --nth 3 --by .k",
    "sample --reservoir 10 --by .k",
    "take --for 30s then batch --every 1s",
    "take --for 30s --by .k",
    "take --last 20 --by .k",
    "skip --last 5 then batch --size 4",
    "dedupe --by .k --adjacent",
    "dedupe --by .k --adjacent --keep last --ttl 2s",
    "throttle --rate 3/s --burst 2 --mode drop --cost .k%3",
    "skip --for 30s --by .k then debounce --quiet 250ms",
    "monitor --every 5s then batch --every 1s then flatten",
    "filter .k!=2 then map {k,n} then batch --every 2s --by .k then flatten then debounce --quiet 1s --by .k",
};

/// Windows too, which leave out what comes too late.
const std::vector<std::string> windows = {
    "window tumbling --size 2s --by .k --late drop n=count s=sum:.n f=first:.n",
    "window tumbling --size 500ms --fill-empty --late drop n=count",
    "window tumbling --size 1s --max-count 3 --late emit",
    "window sliding --size 3s --slide 1s --by .k --late drop n=count m=max:.n p=p50:.n d=distinct:.n",
    "window sliding --size 2500ms --slide 1s --late drop",
    "window session --gap 1s --by .k --late drop l=list:.n",
    "window session --gap 500ms --max 3s --late emit",
    "window count --size 7 --slide 3 --by .k l=list:.n",
    "window tumbling --size 1s --late drop n=count then window tumbling --size 10s --late drop s=sum:.n",
    "aggregate n=count s=sum:.n --by .k --running",
    "aggregate l=list:.n --count 4 --by .k",
};
/// These fail what comes too late.
const std::vector<std::string> aggregates = {
    "aggregate --every 2s --by .k n=count r=rate:.n",
    "aggregate --every 2s --count 5 l=list:.n",
};

/// Windows behind what holds records wait for it under --time; the wall does not.
const std::vector<std::string> behind_holders = {
    "debounce --quiet 1s --by .k then window tumbling --size 2s --late drop l=list:.n",
    "batch --every 1500ms --size 5 --by .k then window sliding --size 3s --slide 1s --late drop "
    "l=list:map(.n)",
    "dedupe --by .k --keep last --ttl 2s then window session --gap 2s --late emit l=list:.n",
    "sample --reservoir 50 then aggregate --every 10s --count 1000 l=list:.n",
    "take --last 50 then window tumbling --size 1s --fill-empty --late drop n=count",
    "skip --last 3 --by .k then window tumbling --size 1s --late drop n=count",
    "window count --size 3 --by .k l=list:.n then window tumbling --size 4s --late drop l=list:.l",
    "window session --gap 750ms n=count then window tumbling --size 250ms --late drop n=sum:.n",
    "fanout [ debounce --quiet 1s ] [ batch --size 2 then flatten ] then window tumbling --size 1s --late "
    "drop "
    "l=list:.n",
    "catch [ window tumbling --size 1s --late drop l=list:.record.n ] [ dedupe --by .n --keep last --ttl 3s "
    "then map error(.n) ]",
    "catch [ aggregate --every 2s --count 9 l=list:.record.n ] [ debounce --quiet 1s --by .k then map "
    "if(.k>2)then(error(1))else(.n)end ] then window tumbling --size 3s --late drop l=list:.",
    "catch [ window session --gap 1s --late drop l=list:.record.n ] [ batch --every 3s then flatten then map "
    "if(.n>99)then(error(1))else(.n)end then take 9 ]",
    "debounce --quiet 500ms --by .k then buffer --size 3 then window tumbling --size 1s --late drop "
    "l=list:.n",
};

/// The same where a branch beside the one that holds waits for a command: what comes out has its place in the
/// queue of the join.
const std::vector<std::string> beside_commands = {
    "fanout [ skip --last 2 ] [ map --worker cat ] then window tumbling --size 1s --late drop l=list:.n",
    "fanout [ dedupe --by .k --keep last --max-keys 3 ] [ map --exec cat --jobs 4 ] then window tumbling "
    "--size 1s --late drop l=list:.n",
    "split .k%2==0 [ dedupe --by .k --keep last --ttl 2s ] [ map --worker cat ] then window sliding --size "
    "3s --slide 1s --late drop l=list:.n",
    "switch .k==0 [ map --exec cat --jobs 4 ] else [ batch --size 3 --every 2s then flatten ] then window "
    "tumbling --size 1s --late drop l=list:.n",
    "fanout [ ] [ take --last 9 ] [ map --exec cat --jobs 4 ] then window tumbling --size 1s --late drop "
    "l=list:.n",
    "split .k%2==0 [ debounce --quiet 1s ] [ map --exec cat --jobs 4 ] then window session --gap 1s --late "
    "drop l=list:.n",
    "fanout [ window tumbling --size 1s --late drop n=count ] [ map --worker cat ] then window tumbling "
    "--size 500ms --late drop l=list:.n",
};

/// Nor is anything late here; but what comes out of both pipelines joins as it comes.
const std::vector<std::string> by_arrival = {
    "catch [ window tumbling --size 1s l=list:.record.n ] [ dedupe --by .n --keep last --ttl 3s then map "
    "--exec cat --jobs 4 then map error(.n) ]",
    "catch [ map --worker cat ] [ skip --last 3 then map if(.k>2)then(error(1))else(.)end ] then window "
    "tumbling --size 1s n=count",
    "fanout [ debounce --quiet 1s then map --worker cat ] [ skip --last 2 ] [ map --exec cat --jobs 4 ] then "
    "window tumbling --size 1s n=count",
};

/// Words behind --time .t: with late records nothing may fail.
struct Timed {
  std::string globals, steps;
};
std::vector<Timed> with_late_records() {
  std::vector<Timed> all;
  for (const std::string& steps : pipelines) all.push_back({"", steps});
  for (const std::string& steps : windows) all.insert(all.end(), {{"", steps}, {"--lateness 3s ", steps}});
  for (const std::string& steps : aggregates) all.push_back({"--lateness 10s ", steps});
  for (const std::string& steps : behind_holders) all.push_back({"--lateness 10s ", steps});
  for (const std::string& steps : beside_commands)
    all.insert(all.end(), {{"", steps}, {"--lateness 3s ", steps}});
  return all;
}
std::vector<std::string> without_late_records() {
  std::vector<std::string> all = pipelines;
  all.insert(all.end(), windows.begin(), windows.end());
  all.insert(all.end(), aggregates.begin(), aggregates.end());
  return all;
}

/// Commands answer what they were asked, each within `slowest`.
std::string played(const std::string& words, ScriptedHost& host, Duration slowest = {}) {
  host.answer([slowest, random = std::mt19937(1)](RequestId, const Request& request) mutable {
    sz::Result result;
    result.output = request.input;
    return std::pair(Duration{static_cast<std::int64_t>(random() % 1024) * slowest.ns / 1024},
                     std::move(result));
  });
  const WholeRun whole = run_whole(words, host);
  EXPECT_TRUE(whole.report.statistics.balanced(true)) << words;
  EXPECT_TRUE(whole.letters.empty()) << words;
  return host.output();
}

/// Without --time no record comes late, and --late is refused.
std::string without_late(std::string words) {
  for (const std::string_view option : {" --late drop", " --late emit"})
    for (std::size_t at = 0; (at = words.find(option, at)) != std::string::npos;)
      words.erase(at, option.size());
  return words;
}

std::string joined(const std::vector<Spoken>& lines) {
  std::string all;
  for (const Spoken& line : lines) all += line.text;
  return all;
}

TEST(Determinism, ALiveRunEqualsItsReplay) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const std::vector<Spoken> lines = recording(seed, false);
    for (const std::string& pipeline : without_late_records()) {
      ScriptedHost wall;
      for (const Spoken& line : lines) wall.piece("-", ms(line.ms), line.text);
      const std::string live = played(without_late(pipeline), wall);
      EXPECT_FALSE(live.empty()) << pipeline;
      ScriptedHost at_once;
      at_once.file("-", joined(lines));
      EXPECT_EQ(played("--time .t " + pipeline, at_once), live) << pipeline << ", seed " << seed;
      EXPECT_EQ(at_once.elapsed(), ms(0));
    }
  }
}

// What was in time when it came is in time behind any stage that held it: nothing is late, or it would have
// failed.
TEST(Determinism, WhatIsHeldIsNotLate) {
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    const std::vector<Spoken> lines = recording(seed, false);
    std::vector<std::string> holding = behind_holders;
    holding.insert(holding.end(), beside_commands.begin(), beside_commands.end());
    holding.insert(holding.end(), by_arrival.begin(), by_arrival.end());
    for (std::string pipeline : holding) {
      for (const std::string_view late : {"--late drop ", "--late emit "})
        while (pipeline.contains(late)) pipeline.erase(pipeline.find(late), late.size());
      for (const Duration slowest : {ms(0), ms(5'000)}) {
        ScriptedHost host;
        host.file("-", joined(lines));
        EXPECT_FALSE(played("--time .t " + pipeline, host, slowest).empty()) << pipeline << ", seed " << seed;
      }
    }
  }
}

// With late records too, which a live run on the wall does not have.
TEST(Determinism, NeitherSpeedNorReadsNorThreadsShow) {
  for (const unsigned seed : {1U, 2U}) {
    const std::vector<Spoken> lines = recording(seed, true);
    std::mt19937 random(seed);
    for (const auto& [globals, steps] : with_late_records()) {
      const std::string pipeline = globals + steps;
      ScriptedHost first;
      first.file("-", joined(lines));
      const std::string expected = played("-j 1 --time .t " + pipeline, first);
      EXPECT_FALSE(expected.empty()) << pipeline;
      for (const char* threads : {"1", "2", "4"})
        for (int round = 0; round < 3; ++round) {
          ScriptedHost host;
          std::string all = joined(lines);
          std::int64_t at = 0;
          while (!all.empty()) {
            const std::size_t size =
                std::min<std::size_t>(all.size(), 1 + random() % (round == 0 ? 20 : 5000));
            host.piece("-", ms(at += random() % (round == 1 ? 1 : 20'000)), all.substr(0, size));
            all.erase(0, size);
          }
          EXPECT_EQ(played(fmt::format("-j {} --time .t {}", threads, pipeline), host, ms(5'000 * round)),
                    expected)
              << pipeline << ", seed " << seed << ", threads " << threads;
        }
    }
  }
}

/// Enough for blocks that go to workers.
TEST(Determinism, NeitherDoThreadsWithManyBlocks) {
  std::string all;
  for (unsigned seed = 0; seed < 60; ++seed)
    for (const Spoken& line : recording(seed, true, seed)) all += line.text;
  ASSERT_GT(all.size(), 500'000U);
  for (const auto& [globals, steps] : with_late_records()) {
    if (globals.empty() && steps.starts_with("window")) continue;
    std::string expected;
    for (const char* threads : {"1", "2", "4"}) {
      if (SZ_SANITIZED && *threads == '2') continue;  // time
      ScriptedHost host;
      host.file("-", all);
      if (*threads == '4') host.limit_reads(140'000);
      const std::string found =
          played(fmt::format("-j {} --time .t {}filter .n%11!=0 then {}", threads, globals, steps), host);
      if (*threads == '1') expected = found;
      EXPECT_TRUE(found == expected) << globals << steps << ", threads " << threads;
    }
  }
}

}  // namespace
}  // namespace sz::run
