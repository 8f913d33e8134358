// feed SIZE FILE COMMAND [ARG...]: runs COMMAND with FILE ("-": what stdin holds) coming through a pipe in
// pieces of SIZE bytes. Up to 4096 bytes the pipe is in packet mode (pipe(7), O_DIRECT): each read() gives
// exactly one piece, however fast either side is. Above that each write() is one piece, and a read() may get
// part of one or several. Ends with COMMAND's status, or 128 + the signal it died of; 125 if something fails
// here.

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t largest_packet = 4096;

bool read_all(int from, std::string& into) {
  std::array<char, 1 << 16> piece;
  for (;;) {
    const ssize_t n = ::read(from, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0;
    into.append(piece.data(), static_cast<std::size_t>(n));
  }
}

/// Stops without a word when the reader has gone.
void write_pieces(int to, std::string_view bytes, std::size_t size) {
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, std::min(size, bytes.size()));
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      const ssize_t n = ::write(to, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;
      piece.remove_prefix(static_cast<std::size_t>(n));
    }
  }
}

int fail(const char* what) {
  std::perror(what);
  return 125;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t size = argc > 3 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (size == 0) {
    std::fprintf(stderr, "usage: feed SIZE FILE COMMAND [ARG...]\n");
    return 125;
  }
  const int from = std::string_view(argv[2]) == "-" ? 0 : ::open(argv[2], O_RDONLY | O_CLOEXEC);
  std::string bytes;
  if (from < 0 || !read_all(from, bytes)) return fail(argv[2]);

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | (size <= largest_packet ? O_DIRECT : 0)) != 0) return fail("pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  pid_t child = 0;
  const int fault = posix_spawnp(&child, argv[3], &actions, nullptr, argv + 3, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0) {
    errno = fault;
    return fail(argv[3]);
  }
  ::close(ends[0]);
  std::signal(SIGPIPE, SIG_IGN);
  write_pieces(ends[1], bytes, size);
  ::close(ends[1]);

  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fail("waitpid");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
