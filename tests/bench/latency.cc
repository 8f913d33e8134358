// bench_latency COUNT COMMAND [ARG...]: writes one record at a time to COMMAND's stdin, waits until a line is
// back on its stdout, leaves it idle for a millisecond, and again. Prints "p50 p99 max" of the times in
// microseconds.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

/// Reads up to and with the next newline; false at the end.
bool read_line(int from) {
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t n = ::read(from, piece.data(), piece.size());
    if (n <= 0) return false;
    if (piece[static_cast<std::size_t>(n) - 1] == '\n') return true;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
  std::array<int, 2> in{}, out{};
  if (count == 0 || ::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    std::fprintf(stderr, "usage: bench_latency COUNT COMMAND [ARG...]\n");
    return 2;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  pid_t child = 0;
  if (posix_spawnp(&child, argv[2], &actions, nullptr, argv + 2, environ) != 0) {
    std::perror(argv[2]);
    return 1;
  }
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);

  const std::string record = R"({"ts":"2026-03-01T00:00:00Z","id":1,"status":503,"user":"u000001"})"
                             "\n";
  std::vector<double> micros;
  constexpr std::size_t warm_up = 50;
  for (std::size_t i = 0; i < count + warm_up; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto start = Clock::now();
    if (::write(in[1], record.data(), record.size()) != static_cast<ssize_t>(record.size()) ||
        !read_line(out[0])) {
      std::fprintf(stderr, "bench_latency: %s went away\n", argv[2]);
      return 1;
    }
    if (i >= warm_up)
      micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  ::close(in[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  std::sort(micros.begin(), micros.end());
  std::printf("%.1f %.1f %.1f\n", micros[micros.size() / 2], micros[micros.size() * 99 / 100], micros.back());
  return status == 0 ? 0 : 1;
}
