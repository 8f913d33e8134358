// The seeded simulator: random pipelines on random input, timing and signals, whole runs in memory on virtual
// time, compared with an oracle and with each other.
//
//   simulate [--seeds N] [--from K] [--list N]   N seeds from K on; prints what is wrong, N cases of each
//   kind simulate --seed K [--verbose]                one seed simulate --plants [--from K] spoils good
//   results and fails if a check lets one pass

#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "check.h"
#include "generate.h"
#include "nested.h"
#include "plant.h"
#include "show.h"

namespace sz::simulate {
namespace {

constexpr unsigned patience_s = 30;
/// What is said of a seed that hangs or dies; a handler may only write.
char last_words[64];

extern "C" void on_death(int) {
  const auto ignored = ::write(STDERR_FILENO, last_words, std::strlen(last_words));
  static_cast<void>(ignored);
  ::_exit(1);
}

struct Request {
  std::uint64_t from = 1, seeds = 20'000;
  bool verbose = false, plants = false, nested = false;
  std::size_t list = 8;  ///< cases printed of each kind
};

std::string short_kind(const std::string& complaint) { return complaint.substr(0, complaint.find(':')); }

int run_seeds(const Request& request) {
  Tally tally;
  std::map<std::string, std::vector<std::pair<std::uint64_t, std::string>>> wrong;
  for (std::uint64_t seed = request.from; seed < request.from + request.seeds; ++seed) {
    *fmt::format_to_n(last_words, sizeof last_words - 2, "hangs or dies: --seed {}\n", seed).out = '\0';
    ::alarm(patience_s);
    const Scenario scenario = generate(seed);
    if (request.verbose) {
      fmt::print("{}", show(scenario));
      std::fflush(stdout);
    }
    const auto complaint = check(scenario, tally);
    if (request.verbose) fmt::print("{}", show_results(expect(scenario), observe(scenario, {})));
    if (complaint) wrong[short_kind(*complaint)].emplace_back(seed, *complaint);
  }
  ::alarm(0);
  std::size_t count = 0;
  for (const auto& [kind, cases] : wrong) {
    count += cases.size();
    fmt::print("{}: {} seeds\n", kind, cases.size());
    for (std::size_t i = 0; i < std::min(cases.size(), request.list); ++i)
      fmt::print("  --seed {}: {}\n    sz {}\n", cases[i].first, cases[i].second,
                 shell_words(generate(cases[i].first).words(1)));
  }
  fmt::print(
      "{} seeds, {} runs: {} with everything compared with the oracle, {} in part; same for other reads {}, "
      "threads {}, "
      "arrival {}, live and replayed {}; {} wrong\n",
      tally.seeds, tally.runs, tally.whole, tally.parts, tally.reads, tally.threads, tally.arrivals,
      tally.live, count);
  return count == 0 ? 0 : 1;
}

int run_nested(const Request& request) {
  std::map<std::string, std::vector<std::string>> wrong;
  for (std::uint64_t seed = request.from; seed < request.from + request.seeds; ++seed) {
    *fmt::format_to_n(last_words, sizeof last_words - 2, "hangs or dies: --nested --seed {}\n", seed).out =
        '\0';
    ::alarm(patience_s);
    std::string shown;
    const auto complaint = check_nested(seed, shown);
    if (request.verbose) fmt::print("{}\n", shown);
    if (complaint)
      wrong[short_kind(*complaint)].push_back(
          fmt::format("--nested --seed {}: {}\n    {}", seed, *complaint, shown));
  }
  ::alarm(0);
  std::size_t count = 0;
  for (const auto& [kind, cases] : wrong) {
    count += cases.size();
    fmt::print("{}: {} seeds\n", kind, cases.size());
    for (std::size_t i = 0; i < std::min(cases.size(), request.list); ++i) fmt::print("  {}\n", cases[i]);
  }
  fmt::print("{} nested pipelines, five runs each; {} wrong\n", request.seeds, count);
  return count == 0 ? 0 : 1;
}

int run_plants(const Request& request) {
  constexpr int wanted = 50;
  int missed = 0;
  for (const Plant& plant : plants()) {
    int tried = 0, found = 0;
    for (std::uint64_t seed = request.from; tried < wanted && seed < request.from + 20'000; ++seed) {
      const Scenario scenario = generate(seed);
      const Expectation expected = expect(scenario);
      Observed observed = observe(scenario, {});
      bool whole = false;
      if (compare_with_oracle(scenario, expected, observed, whole) || !whole || scenario.write_limit != 0)
        continue;
      if (!plant.spoil(observed)) continue;
      ++tried;
      if (compare_with_oracle(scenario, expected, observed, whole))
        ++found;
      else
        fmt::print("missed: {}: --seed {}\n", plant.name, seed);
    }
    fmt::print("{}: {} of {} found\n", plant.name, found, tried);
    if (found != tried || tried == 0) ++missed;
  }
  return missed == 0 ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  Request request;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto number = [&] { return i + 1 < words.size() ? std::stoull(words[++i]) : 0; };
    if (word == "--seeds") {
      request.seeds = number();
    } else if (word == "--from") {
      request.from = number();
    } else if (word == "--seed") {
      request.from = number();
      request.seeds = 1;
    } else if (word == "--list") {
      request.list = number();
    } else if (word == "--verbose") {
      request.verbose = true;
    } else if (word == "--nested") {
      request.nested = true;
    } else if (word == "--plants") {
      request.plants = true;
    } else {
      fmt::print(
          stderr,
          "usage: simulate [--seeds N] [--from K] [--seed K] [--list N] [--verbose] [--nested] [--plants]\n");
      return 2;
    }
  }
  for (const int fatal : {SIGALRM, SIGSEGV, SIGABRT, SIGFPE}) std::signal(fatal, on_death);
  if (request.nested) return run_nested(request);
  return request.plants ? run_plants(request) : run_seeds(request);
}

}  // namespace
}  // namespace sz::simulate

int main(int argc, char** argv) {
  try {
    return sz::simulate::run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "simulate: {}\n", fault.what());
    return 2;
  }
}
