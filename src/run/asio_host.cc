#include "run/asio_host.h"

#ifdef __SANITIZE_THREAD__
// Asio has fences that GCC's ThreadSanitizer does not see (it says so at each); what they order here is also
// ordered by mutexes.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "run/children.h"
#include "run/descriptor.h"
#include "run/input_port.h"
#include "run/os.h"
#include "run/output_port.h"
#include "run/process_groups.h"

namespace sz::run {
namespace {

namespace asio = boost::asio;

constexpr std::array handled = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

Time read_clock(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return Time::from_ns(Time::Wide{t.tv_sec} * 1'000'000'000 + t.tv_nsec);
}

/// What a signal does, put back at the end.
class Disposition {
 public:
  explicit Disposition(int signal) : signal_(signal) { ::sigaction(signal, nullptr, &before_); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;
  ~Disposition() { ::sigaction(signal_, &before_, nullptr); }
  bool was_ignored() const { return (before_.sa_flags & SA_SIGINFO) == 0 && before_.sa_handler == SIG_IGN; }
  void ignore() const {
    struct sigaction action{};
    action.sa_handler = SIG_IGN;
    ::sigaction(signal_, &action, nullptr);
  }

 private:
  int signal_;
  struct sigaction before_{};
};

/// Blocks signals in the calling thread and those it starts, while it lives.
class Blocked {
 public:
  explicit Blocked(const sigset_t& signals) { ::pthread_sigmask(SIG_BLOCK, &signals, &before_); }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;
  ~Blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

sigset_t handled_set() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : handled) ::sigaddset(&set, signal);
  return set;
}

/// What the I/O thread hands to the main thread, and the descriptor that wakes it. Thread-safe.
class Mailbox {
 public:
  int fd() const { return wake_.fd(); }
  void post_signal(int signal) {
    post([&] { signals_.push_back(signal); });
  }
  std::optional<int> take_signal() { return take(signals_); }
  bool empty() const { return waiting_.load(std::memory_order_acquire) == 0; }
  /// Main thread: poll(2) said that fd() can be read.
  void woken() const { wake_.silence(); }

 private:
  template <class Put>
  void post(Put put) {
    {
      const std::lock_guard lock(mutex_);
      put();
      ++waiting_;
    }
    wake_.ring();
  }
  template <class T>
  std::optional<T> take(std::deque<T>& from) {
    if (empty()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (from.empty()) return std::nullopt;
    std::optional<T> first = std::move(from.front());
    from.pop_front();
    --waiting_;
    return first;
  }

  Bell wake_;
  std::mutex mutex_;
  std::atomic<std::size_t> waiting_ = 0;
  std::deque<int> signals_;
};

/// The thread that runs Asio. The only one that lets the handled signals through.
class IoThread {
 public:
  IoThread(Mailbox& mailbox, Drain& drain, ProcessGroups& groups, const std::vector<int>& signals)
      : mailbox_(mailbox), drain_(drain), groups_(groups), signals_(io_) {
    for (const int signal : signals) signals_.add(signal);
    expect_signal();
    quit_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this](const boost::system::error_code&) { io_.stop(); });
    // Signals come through once the loop has waited for the first time: the thread sanitizer (GCC 12) loses
    // one that comes while it sets up the thread's first waiting call.
    asio::post(io_, [] {
      const sigset_t set = handled_set();
      ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    });
    thread_ = std::thread([this] { io_.run(); });
  }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  ~IoThread() {
    // Not io_.stop() from here: its own wake-up is lost for good if that write is interrupted.
    quit_bell_.ring();
    thread_.join();
    quit_.release();
  }

  /// Main thread: what was signalled to the process before the call is in the mailbox after it.
  void catch_up() {
    constexpr std::chrono::seconds patience{1};  // never needed, but it must not hang here
    // From Asio's handler of a signal, which writes to a pipe, to the call back: the loop is interrupted,
    // finds the pipe, reads it, calls. A round each, and as many to spare.
    constexpr int rounds = 8;
    const auto done = std::make_shared<std::promise<void>>();
    const std::future<void> caught_up = done->get_future();
    go_round(rounds, done);
    caught_up.wait_for(patience);
  }

 private:
  void go_round(int left, const std::shared_ptr<std::promise<void>>& done) {
    asio::post(io_, [this, left, done] {
      if (left == 0)
        done->set_value();
      else
        go_round(left - 1, done);
    });
  }

  void expect_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal != SIGUSR1 && std::exchange(ending_, true)) {
        groups_.kill_all_for_good();
        die_of(signal);
      }
      if (ending_) drain_.begin();
      mailbox_.post_signal(signal);
      expect_signal();
    });
  }

  Mailbox& mailbox_;
  Drain& drain_;
  ProcessGroups& groups_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  asio::signal_set signals_;
  Bell quit_bell_;
  asio::posix::stream_descriptor quit_{io_, quit_bell_.fd()};  // lent
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace

class AsioHost::Impl {
 public:
  Impl(FileSet& files, Drain& the_drain, Standard standard)
      : standard_input(standard.input), output(standard.output), side_files(files), drain(the_drain) {
    pipe_signal.ignore();
    file_size_signal.ignore();
    std::vector<int> signals;
    for (std::size_t i = 0; i < handled.size(); ++i)
      if (!dispositions[i].was_ignored()) signals.push_back(handled[i]);
    thread.emplace(mailbox, drain, groups, signals);
  }

  // From first to last: what is above outlives what is below.
  Disposition pipe_signal{SIGPIPE};
  Disposition file_size_signal{SIGXFSZ};
  std::array<Disposition, handled.size()> dispositions{Disposition(handled[0]), Disposition(handled[1]),
                                                       Disposition(handled[2]), Disposition(handled[3])};
  Blocked blocked{handled_set()};
  Time start_real = read_clock(CLOCK_REALTIME);
  Time start_monotonic = read_clock(CLOCK_MONOTONIC);
  int standard_input;
  std::vector<InputPort> inputs;  // by slot
  OutputPort output;
  FileSet& side_files;
  Drain& drain;
  Mailbox mailbox;
  ProcessGroups groups;
  Children children{groups};
  std::vector<pollfd> waits;  // for what wait() waits
  std::optional<IoThread> thread;
};

AsioHost::AsioHost(FileSet& side_files, Drain& drain, Standard standard)
    : impl_(std::make_unique<Impl>(side_files, drain, standard)) {}

AsioHost::~AsioHost() { impl_->drain.before_waiting({}); }

Time AsioHost::now() { return impl_->start_real + (read_clock(CLOCK_MONOTONIC) - impl_->start_monotonic); }

std::expected<void, SystemError> AsioHost::open_input(std::size_t slot, const std::string& path) {
  while (impl_->inputs.size() <= slot) impl_->inputs.emplace_back(impl_->standard_input);
  return impl_->inputs[slot].open(path);
}
// Ctrl-C ends the writer of the pipe as well: its end must not be taken for the end of the input before the
// signal is.
Host::Read AsioHost::read(std::size_t slot, std::span<char> into) {
  InputPort& input = impl_->inputs[slot];
  Read got = input.read(into);
  if (got.state != ReadState::end || !input.waits()) return got;
  impl_->thread->catch_up();
  if (!impl_->mailbox.empty()) got.state = ReadState::later;
  return got;
}
void AsioHost::close_input(std::size_t slot) { impl_->inputs[slot].close(); }
std::optional<std::uint64_t> AsioHost::input_size(std::size_t slot) { return impl_->inputs[slot].size(); }
Host::Write AsioHost::write(std::string_view bytes) { return impl_->output.write(bytes); }
bool AsioHost::output_closed() { return impl_->output.closed(); }
std::optional<SystemError> AsioHost::flush_side_files() { return impl_->side_files.flush(); }
bool AsioHost::side_files_broken() { return impl_->side_files.broken(); }
std::optional<int> AsioHost::take_signal() { return impl_->mailbox.take_signal(); }
void AsioHost::start(RequestId id, Request request) { impl_->children.start(id, std::move(request), now()); }
void AsioHost::cancel(RequestId id) { impl_->children.cancel(id, now()); }
void AsioHost::no_more(const Command& command) { impl_->children.no_more(command); }
std::optional<std::pair<RequestId, Result>> AsioHost::take_completion() {
  Children& children = impl_->children;
  if (!children.answers() && !children.none()) children.pump(now());
  return children.take();
}
void AsioHost::before_waiting(std::function<void()> act) { impl_->drain.before_waiting(std::move(act)); }
bool AsioHost::sigpipe_was_ignored() const { return impl_->pipe_signal.was_ignored(); }

void AsioHost::wait(const Interest& interest) {
  const Children& children = impl_->children;
  std::vector<pollfd>& fds = impl_->waits;
  const std::size_t inputs = interest.input ? impl_->inputs.size() : 0;
  constexpr std::size_t first_input = 2;
  fds.resize(first_input + inputs);
  fds[0] = {.fd = impl_->mailbox.fd(), .events = POLLIN, .revents = 0};
  fds[1] = {
      .fd = impl_->output.fd(), .events = static_cast<short>(interest.output ? POLLOUT : 0), .revents = 0};
  for (std::size_t i = 0; i < inputs; ++i) {
    const InputPort& input = impl_->inputs[i];
    fds[first_input + i] = {.fd = input.awaited() ? input.fd() : -1, .events = POLLIN, .revents = 0};
  }
  if (!children.none()) children.wait_for(fds);
  const Time until = std::min(interest.until, children.deadline());
  const bool at_once = !impl_->mailbox.empty() || children.answers();
  std::optional<Duration> limit;
  if (at_once) {
    limit = Duration{0};
  } else if (until != never) {
    constexpr std::int64_t longest =
        std::int64_t{86'400} * 1'000'000'000;  // then the caller just waits again
    limit = Duration{std::clamp<std::int64_t>((until - now()).ns, 0, longest)};
  }
  if (poll_for(fds, limit) < 0) return;  // EINTR
  if (fds[0].revents != 0) impl_->mailbox.woken();
  impl_->output.event(fds[1].revents);
  for (std::size_t i = 0; i < inputs; ++i)
    if (fds[first_input + i].revents != 0) impl_->inputs[i].set_ready();
}

std::optional<SystemError> AsioHost::close() {
  impl_->children.end([this] { return now(); });
  auto first = impl_->side_files.close();
  auto last = impl_->output.close();
  return first ? std::move(first) : std::move(last);
}

std::vector<std::string> AsioHost::complaints() const { return impl_->children.complaints(); }

}  // namespace sz::run
