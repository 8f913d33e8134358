#include "run/spawn.h"

#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/os.h"

extern char** environ;

namespace sz::run {
namespace {

struct Pipe {
  Descriptor read, write;
  /// 0 or errno.
  int open() { return open_pipe(read, write); }
};

void no_waiting(const Descriptor& ours) { ::fcntl(ours.get(), F_SETFL, O_NONBLOCK); }

/// What the new process does before it runs the program.
class Actions {
 public:
  Actions() { ::posix_spawn_file_actions_init(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void take(const Descriptor& from, int to) {
    error_ |= ::posix_spawn_file_actions_adddup2(&actions_, from.get(), to);
  }
  void null(int to) { error_ |= ::posix_spawn_file_actions_addopen(&actions_, to, "/dev/null", O_WRONLY, 0); }
  void close_others() { error_ |= close_from(actions_, 3); }
  bool whole() const { return error_ == 0; }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
  int error_ = 0;
};

class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// Writes what the pipe takes without waiting.
void prefill(const Descriptor& pipe, std::string_view& input) {
  while (!input.empty()) {
    const ssize_t size = ::write(pipe.get(), input.data(), input.size());
    if (size <= 0) return;
    input.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace

Descriptor death_of(pid_t pid, bool descriptor) {
  if (descriptor)
    if (Descriptor process = process_descriptor(pid)) return process;
  Pipe pipe;
  if (pipe.open() != 0) return {};
  try {
    std::thread([pid, end = std::move(pipe.write)] {
      siginfo_t info{};
      while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
      }
    }).detach();
  } catch (const std::system_error&) {
    return {};
  }
  return std::move(pipe.read);
}

std::expected<Spawned, int> spawn(const Command& command, const std::vector<std::string>& words,
                                  std::string_view& input, bool more, ProcessGroups& groups) {
  Pipe in, out, err;
  for (Pipe* const pipe : {&in, &out, &err}) {
    if (pipe == &out && !command.output) continue;
    if (const int error = pipe->open(); error != 0) return std::unexpected(error);
  }
  no_waiting(in.write);
  no_waiting(err.read);
  if (command.output) no_waiting(out.read);
  prefill(in.write, input);

  Actions actions;
  actions.take(in.read, 0);
  if (command.output)
    actions.take(out.write, 1);
  else
    actions.null(1);
  actions.take(err.write, 2);
  actions.close_others();
  if (!actions.whole()) return std::unexpected(ENOMEM);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  Spawned made;
  int error = 0;
  const Attributes attributes;
  made.pid = groups.add([&] {
    pid_t pid = -1;
    error =
        ::posix_spawn(&pid, command.path.c_str(), actions.get(), attributes.get(), arguments.data(), environ);
    return error == 0 ? pid : -1;
  });
  if (error != 0) return std::unexpected(error);
  made.death = death_of(made.pid);
  if (!made.death) {
    groups.end(made.pid);
    ::waitpid(made.pid, nullptr, 0);
    return std::unexpected(EMFILE);
  }
  if (more || !input.empty()) made.input = std::move(in.write);
  made.output = std::move(out.read);
  made.error = std::move(err.read);
  return made;
}

}  // namespace sz::run
