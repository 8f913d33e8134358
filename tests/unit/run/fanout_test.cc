// What fanout promises: for any records and any pipelines A and B, `fanout [ A ] [ B ]` gives what A and B
// give apart, each in its own order, and the same dead letters. With --isolate too. SZ_FANOUT=100000 runs so
// many cases.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  /// Either commands and buffers or what gathers: a branch with both joins as it comes. No take that
  /// finishes: alone it ends the reading, in a branch it does not, and what stands before it sees more.
  std::string pipeline(bool gathers, int depth) {
    std::string words = step(gathers, depth);
    for (std::uint64_t more = below(3); more != 0; --more) words += " then " + step(gathers, depth);
    return words;
  }

  std::string records() {
    std::string all;
    double t = 0;
    for (std::uint64_t n = below(30); n != 0; --n) {
      t += static_cast<double>(below(5)) / 2;
      all += fmt::format("{{\"t\":{},\"n\":{},\"k\":{}}}\n", t, below(40), below(4));
    }
    return all;
  }

 private:
  std::string step(bool gathers, int depth) {
    static constexpr std::array plain = {"filter .n%2==0",      "map .n+=1",     "map .,(.n+=100)",
                                         "map .v=(1/(.n%7)|1)", "filter .n%5>0", "skip 0",
                                         "flatten [.,.]"};
    static constexpr std::array gathering = {"batch --size 3 then map .[0]",
                                             "batch --every 2s then map .[-1]",
                                             "dedupe --by .k",
                                             "dedupe --by .k --ttl 3s --keep last",
                                             "sample --nth 2",
                                             "skip 2",

                                             "take --last 4",
                                             "debounce --quiet 1s --by .k",
                                             "throttle --rate 1/s --mode drop --by .k",
                                             "window count --size 3 then flatten .records",
                                             "batch --size 2 --by .k then flatten"};
    static constexpr std::array pacing = {
        "map --exec ask --jobs 3", "map --exec ask", "filter --exec ask --jobs 2",
        "retry --delay 10ms --jitter none map --exec ask --jobs 2",
        "catch [ map .record ] [ map .v=(1/(.n%3)|1) then map --exec ask ]"};
    const std::uint64_t kind = below(depth >= 3 ? 5 : 9);
    if (kind < 3) return plain[below(plain.size())];
    if (kind < 5) {
      if (gathers) return gathering[below(gathering.size())];
      if (depth == 0 && below(5) == 0) return fmt::format("buffer --size {}", 1 + below(3));
      return pacing[below(pacing.size())];
    }
    const auto inner = [&] {
      return below(8) == 0 ? std::string("[ ]") : "[ " + pipeline(gathers, depth + 1) + " ]";
    };
    switch (below(6)) {
      case 0:
        return fmt::format("switch .n%2==0 {} .n%3==0 {} else {}", inner(), inner(), inner());
      case 1:
        return fmt::format("switch --all .n%2==0 {} .n%3==0 {}", inner(), inner());
      case 2:
        return fmt::format("split .k>1 {} {}", inner(), inner());
      case 3:
        return fmt::format("fanout {} {}", inner(), inner());
      case 4:
        return fmt::format("partition --by .k -n 3 {}", inner());
      default:
        return fmt::format("tap {}", inner());
    }
  }

  std::mt19937_64 random_;
};

struct Came {
  std::vector<std::string> first, second;  // what came out of A and of B, in order
  std::vector<std::string> letters;
};

Came run_on(const std::string& words, const std::string& input, bool& balanced) {
  ScriptedHost host;
  host.file("-", input);
  // Some answers are bad, always for the same question; how long one takes depends on the question too.
  host.answer([](RequestId, const Request& request) {
    const std::size_t hash = std::hash<std::string>{}(request.input);
    sz::Result result;
    result.number = hash % 5 == 0 ? 1 : 0;
    result.output = request.input;
    return std::pair(Duration{static_cast<std::int64_t>(hash % 4) * 10'000'000}, std::move(result));
  });
  const WholeRun run = run_whole("--time .t " + words, host);
  balanced = run.report.statistics.balanced(true) && !run.report.ending.error;
  Came came;
  const std::string& output = host.output();
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = output.find('\n', at);
    (output[at + 5] == '0' ? came.first : came.second).push_back(output.substr(at, end - at));
    at = end + 1;
  }
  for (const WholeRun::Letter& letter : run.letters)
    came.letters.push_back(fmt::format("{} {} {}", letter.line, letter.stage, name(letter.kind)));
  std::ranges::sort(came.letters);
  return came;
}

TEST(Fanout, IsItsBranchesApart) {
  const char* const asked = std::getenv("SZ_FANOUT");
  const std::uint64_t cases = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 300;
  for (std::uint64_t seed = 1; seed <= cases && !HasFailure(); ++seed) {
    Generator generator(seed);
    const bool gathers = generator.below(2) == 0;
    const std::string a = generator.pipeline(gathers, 0) + " then map {b:0,v:.}";
    const std::string b = generator.pipeline(gathers, 0) + " then map {b:1,v:.}";
    const std::string input = generator.records();
    const std::string how =
        generator.below(4) == 0 ? fmt::format("--isolate {} ", 1 + generator.below(4)) : "";
    const std::string both = fmt::format("fanout {}[ {} ] [ {} ]", how, a, b);
    SCOPED_TRACE(fmt::format("seed {}: {}\n{}", seed, both, input));
    std::array<bool, 3> balanced{};
    const Came together = run_on(both, input, balanced[0]);
    const Came alone = run_on(a, input, balanced[1]), other = run_on(b, input, balanced[2]);
    EXPECT_TRUE(balanced[0] && balanced[1] && balanced[2]);
    EXPECT_EQ(together.first, alone.first);
    EXPECT_EQ(together.second, other.second);
    std::vector<std::string> letters = alone.letters;
    letters.insert(letters.end(), other.letters.begin(), other.letters.end());
    std::ranges::sort(letters);
    EXPECT_EQ(together.letters, letters);
  }
}

}  // namespace
}  // namespace sz::run
