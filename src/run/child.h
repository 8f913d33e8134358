#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/request.h"
#include "core/time.h"
#include "run/os.h"
#include "run/process_groups.h"
#include "run/spawn.h"

namespace sz::run {

/// What has come of requests, in the order in which it came.
using Answers = std::deque<std::pair<RequestId, Result>>;

/// What all children share, lent to each.
struct ChildWorld {
  Watch& watch;  ///< ports are watched here, with Child::mark(port)
  ProcessGroups& groups;
  Answers& answers;
};

/// One process outside from its start to its end: its pipes are pumped without waiting, the last of its
/// standard error is kept, and it is ended when it must be: TERM to its group, KILL 2 s later. When it has
/// ended, its pipes are waited for 500 ms at most, since a grandchild may hold them; then what is left of its
/// group is killed and it is reaped. What its output means is the derived class's.
///
/// Wall time comes with each call. Called from one thread; nothing waits.
class Child {
 public:
  enum class Port : std::uint8_t { input, output, error, death };

  virtual ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The Watch said that a port is ready.
  void ready(Port port, Time now);
  /// The next timer; `never` if there is none.
  Time deadline() const;
  void timeout(Time now);
  /// Ends it: the first time politely.
  void stop(Time now);
  /// KILL at once.
  void kill();
  /// No more input will come: it may end by itself.
  virtual void finish_input() = 0;
  /// It has been reaped and all is answered.
  bool over() const { return over_; }
  bool stopping() const { return stop_ != Stop::no; }

  std::uint64_t mark(Port port) const { return serial_ << 2 | static_cast<std::uint64_t>(port); }
  static std::uint64_t serial(std::uint64_t mark) { return mark >> 2; }
  static Port port(std::uint64_t mark) { return static_cast<Port>(mark & 3); }

 protected:
  Child(const ChildWorld& world, std::uint64_t serial, Spawned process, std::string input);

  /// Bytes from standard output.
  virtual void take_output(std::string_view bytes, Time now) = 0;
  /// All input so far is written.
  virtual void input_written() {}
  /// Standard output has ended while the process may still run.
  virtual void output_ended(Time) {}
  /// The process has ended and all that it printed was taken; or it could not even be killed: then `exit` and
  /// `signal` are both empty. Once.
  virtual void ended(std::optional<int> exit, std::optional<int> signal) = 0;
  virtual Time patience() const { return never; }  ///< when patience_over() is wanted
  virtual void patience_over(Time) {}

  /// What has not been taken yet.
  Answers& answers() { return world_.answers; }
  void answer(RequestId id, Result result) { world_.answers.emplace_back(id, std::move(result)); }
  const std::string& error_tail();
  void write_input();
  void close_input();
  void close_output();
  bool input_open() const { return static_cast<bool>(process_.input); }
  std::string input_;  ///< to be written, up to written_ done

 private:
  enum class Stop : std::uint8_t { no, asked, killed, lost };
  void watch(const Descriptor& port, Watch::For what, Port which) const;
  void close(Descriptor& port) const;
  void close_ports();
  void read_output(Time now, bool all);
  void read_error(bool all);
  void conclude(Time now);
  void send(int signal) const;

  ChildWorld world_;
  std::uint64_t serial_;
  Spawned process_;
  std::size_t written_ = 0;
  std::string tail_;  // of standard error: up to twice what is kept
  bool dead_ = false, over_ = false, answered_ = false, watching_input_ = false;
  Stop stop_ = Stop::no;
  Time next_stop_ = never;  // KILL, or giving up
  Time grace_ = never;      // for the pipes of one that has ended
};

}  // namespace sz::run
