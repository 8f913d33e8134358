#include "run/demo.h"

#include <chrono>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "run/demo_log.h"
#include "run/descriptor.h"

namespace sz::run {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;
constexpr Duration usual_step{100'000'000};

Duration step_of(const Rate& rate) {
  return {static_cast<std::int64_t>(static_cast<double>(rate.per.ns) / rate.events)};
}

}  // namespace

Exit demo(const plan::Demo& asked) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const Duration step = asked.rate ? step_of(*asked.rate) : usual_step;
  DemoLog log(asked.seed, step);
  std::string out;
  int fault = 0;
  for (std::uint64_t n = 0; fault == 0 && (asked.count == 0 || n < asked.count); ++n) {
    if (asked.rate) {
      const auto due = start + std::chrono::nanoseconds(step.ns) * static_cast<std::int64_t>(n);
      if (due > Clock::now()) {
        fault = write_all(STDOUT_FILENO, out);
        out.clear();
        std::this_thread::sleep_until(due);
      }
    }
    out += log.next();
    if (out.size() < buffer_size) continue;
    fault = write_all(STDOUT_FILENO, out);
    out.clear();
  }
  if (fault == 0) fault = write_all(STDOUT_FILENO, out);
  if (fault != 0) {
    complain(fmt::format("cannot write standard output: {}", system_words(fault)));
    return {.status = exit_system};
  }
  return close_output(exit_ok);
}

}  // namespace sz::run
