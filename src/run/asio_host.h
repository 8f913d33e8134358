#pragma once

#include <memory>
#include <optional>
#include <string>

#include "run/drain.h"
#include "run/host.h"
#include "run/side_files.h"

namespace sz::run {

/// The real outside. The calling thread owns the pipeline and drives the processes that work for it; it waits
/// for all of them in one poll(2). One more thread runs Boost.Asio for signals and wakes the first one.
/// Descriptors 0, 1 and 2 never become non-blocking, since their open file descriptions are shared with other
/// processes: a pipe or terminal on stdout is opened anew where /proc allows it, else written in pieces that
/// poll(2) vouches for.
///
/// From its making to its end SIGINT, SIGTERM, SIGHUP and SIGUSR1 come as events, but for those that were
/// ignored; the first of the first three begins the drain, a second ends the process at once. SIGPIPE and
/// SIGXFSZ are ignored, so that writing gives EPIPE and EFBIG. Threads made meanwhile have the four blocked.
/// One at a time in a process.
class AsioHost final : public Host {
 public:
  /// Whose descriptors to use, for tests.
  struct Standard {
    int input = 0;
    int output = 1;
  };
  /// Both outlive the host. What waits for a reader must be open already: signals end nothing any more.
  AsioHost(FileSet& side_files, Drain& drain, Standard standard);
  AsioHost(FileSet& side_files, Drain& drain) : AsioHost(side_files, drain, {}) {}
  ~AsioHost() override;

  Time now() override;
  std::expected<void, SystemError> open_input(std::size_t slot, const std::string& path) override;
  Read read(std::size_t slot, std::span<char> into) override;
  void close_input(std::size_t slot) override;
  std::optional<std::uint64_t> input_size(std::size_t slot) override;
  Write write(std::string_view bytes) override;
  bool output_closed() override;
  std::optional<SystemError> flush_side_files() override;
  bool side_files_broken() override;
  void wait(const Interest& interest) override;
  std::optional<int> take_signal() override;
  void start(RequestId id, Request request) override;
  void cancel(RequestId id) override;
  void no_more(const Command& command) override;
  std::optional<std::pair<RequestId, Result>> take_completion() override;
  void before_waiting(std::function<void()> act) override;

  /// Was SIGPIPE ignored when sz was started? Then a closed stdout is an error, else sz dies of SIGPIPE in
  /// silence.
  bool sigpipe_was_ignored() const;
  /// Ends the processes that are still there, then closes side files and standard output, whose last faults
  /// show only then. Nothing may be written afterwards.
  std::optional<SystemError> close();
  /// After close(): what was seen of workers too late for any stage to hear of it, a phrase each.
  std::vector<std::string> complaints() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sz::run
