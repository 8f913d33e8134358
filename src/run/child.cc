#include "run/child.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sz::run {
namespace {

constexpr Duration kill_after{2'000'000'000}, give_up_after{1'000'000'000}, pipe_grace{500'000'000};
constexpr std::size_t kept_error = std::size_t{8} << 10;
constexpr std::size_t piece = std::size_t{64} << 10;
/// A child that floods its pipe does not keep the others waiting.
constexpr int pieces_at_once = 16;
constexpr int last_wait_ms = 100;

enum class Reading : std::uint8_t { later, end };

/// Hands what is in the pipe to `take`.
template <class Take>
Reading drain(const Descriptor& pipe, bool all, Take take) {
  std::array<char, piece> buffer;
  for (int pieces = 0; pieces < pieces_at_once; ++pieces) {
    const ssize_t size = ::read(pipe.get(), buffer.data(), buffer.size());
    if (size > 0 && !take(std::string_view(buffer.data(), static_cast<std::size_t>(size))))
      return Reading::later;
    if (size > 0) {
      // A pipe gives all that it has: only a full buffer may have left some.
      if (!all && static_cast<std::size_t>(size) < buffer.size()) return Reading::later;
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    return size < 0 && errno == EAGAIN ? Reading::later : Reading::end;
  }
  return Reading::later;
}

}  // namespace

Child::Child(const ChildWorld& world, std::uint64_t serial, Spawned process, std::string input)
    : input_(std::move(input)), world_(world), serial_(serial), process_(std::move(process)) {
  watch(process_.death, Watch::For::reading, Port::death);
  if (process_.output) watch(process_.output, Watch::For::reading, Port::output);
  watch(process_.error, Watch::For::reading, Port::error);
  if ((watching_input_ = !input_.empty())) watch(process_.input, Watch::For::writing, Port::input);
}

// One that is still there when sz gives up on it is killed, and reaped if it goes at once.
Child::~Child() {
  if (over_) return;
  send(SIGKILL);
  pollfd death{.fd = process_.death.get(), .events = POLLIN, .revents = 0};
  const bool dead = ::poll(&death, 1, last_wait_ms) == 1;
  world_.groups.end(process_.pid);
  siginfo_t info{};
  if (dead) ::waitid(P_PID, static_cast<id_t>(process_.pid), &info, WEXITED);
  close_ports();
}

void Child::watch(const Descriptor& port, Watch::For what, Port which) const {
  world_.watch.add(port.get(), what, mark(which));
}

void Child::close(Descriptor& port) const {
  if (port) world_.watch.closing(port.get());
  port = Descriptor();
}

void Child::ready(Port port, Time now) {
  if (over_) return;
  switch (port) {
    case Port::input:
      write_input();
      break;
    case Port::output:
      if (process_.output) read_output(now, false);
      break;
    case Port::error:
      if (process_.error) read_error(false);
      break;
    case Port::death:
      dead_ = true;
      grace_ = now + pipe_grace;
      world_.watch.remove(process_.death.get());
      if (process_.output) read_output(now, true);
      if (process_.error) read_error(true);
      break;
  }
  if (dead_ && !process_.output && !process_.error) conclude(now);
}

void Child::write_input() {
  while (process_.input && written_ < input_.size()) {
    const ssize_t size = ::write(process_.input.get(), input_.data() + written_, input_.size() - written_);
    if (size > 0) {
      written_ += static_cast<std::size_t>(size);
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    return close_input();  // it reads no more
  }
  if (written_ == input_.size()) {
    input_.clear();
    written_ = 0;
    input_written();
  }
  if (!process_.input || input_.empty() == !watching_input_) return;
  watching_input_ = !input_.empty();
  if (watching_input_)
    watch(process_.input, Watch::For::writing, Port::input);
  else
    world_.watch.remove(process_.input.get());
}

void Child::close_ports() {
  for (Descriptor* const port : {&process_.death, &process_.input, &process_.output, &process_.error})
    close(*port);
  process_ = Spawned{};
}

void Child::close_input() { close(process_.input); }
void Child::close_output() { close(process_.output); }

void Child::read_output(Time now, bool all) {
  const Reading reading = drain(process_.output, all, [&](std::string_view bytes) {
    take_output(bytes, now);
    return static_cast<bool>(process_.output);
  });
  if (reading == Reading::later || !process_.output) return;
  close_output();
  if (!dead_) output_ended(now);
}

void Child::read_error(bool all) {
  const Reading reading = drain(process_.error, all, [&](std::string_view bytes) {
    tail_ += bytes;
    if (tail_.size() > 2 * kept_error) tail_.erase(0, tail_.size() - kept_error);
    return true;
  });
  if (reading == Reading::end) close(process_.error);
}

const std::string& Child::error_tail() {
  if (process_.error) read_error(true);
  if (tail_.size() > kept_error) tail_.erase(0, tail_.size() - kept_error);
  return tail_;
}

void Child::send(int signal) const { ::kill(-process_.pid, signal); }

// A stopped process would not see TERM before it goes on.
void Child::stop(Time now) {
  if (stop_ != Stop::no || over_) return;
  stop_ = Stop::asked;
  next_stop_ = now + kill_after;
  send(SIGTERM);
  send(SIGCONT);
}

void Child::kill() {
  if (over_) return;
  stop_ = Stop::killed;
  next_stop_ = never;
  send(SIGKILL);
}

Time Child::deadline() const {
  if (dead_) return grace_;
  return std::min(next_stop_, stop_ == Stop::no ? patience() : never);
}

void Child::timeout(Time now) {
  if (over_) return;
  if (dead_) {
    if (grace_ <= now) conclude(now);
    return;
  }
  if (next_stop_ <= now) {
    if (stop_ == Stop::asked) {
      kill();
      next_stop_ = now + give_up_after;
    } else {
      stop_ = Stop::lost;  // not even KILL ends it: a system call that does not return
      next_stop_ = never;
      if (!std::exchange(answered_, true)) ended({}, {});
    }
  } else if (stop_ == Stop::no && patience() <= now) {
    patience_over(now);
  }
}

// Until the leader is reaped its number is its group's and nobody else's: so the group is killed before.
void Child::conclude(Time now) {
  if (process_.output) read_output(now, true);
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(process_.pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  const bool exited = info.si_code == CLD_EXITED;
  if (!std::exchange(answered_, true)) {
    if (exited)
      ended(info.si_status, {});
    else
      ended({}, info.si_status);
  }
  world_.groups.end(process_.pid);
  ::waitid(P_PID, static_cast<id_t>(process_.pid), &info, WEXITED);
  over_ = true;
  close_ports();
}

}  // namespace sz::run
