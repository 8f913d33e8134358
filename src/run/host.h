#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/request.h"
#include "core/side_file.h"
#include "core/time.h"

namespace sz::run {

/// The seam to the operating system: everything that the runner wants of the outside goes through here. The
/// real one is AsioHost; tests hand in a scripted one, and so a whole run happens in memory on virtual time.
/// Called from one thread.
class Host {
 public:
  virtual ~Host() = default;

  /// Now on the wall: the real time at start plus what a monotonic clock has counted since. Never goes back.
  virtual Time now() = 0;

  // Input. One file is open at a time in each slot; slots count from 0.

  /// Opens an input; "-" is standard input.
  virtual std::expected<void, SystemError> open_input(std::size_t slot, const std::string& path) = 0;
  enum class ReadState : std::uint8_t { bytes, later, end, failed };
  struct Read {
    ReadState state = ReadState::end;
    std::size_t size = 0;  ///< > 0 for `bytes`
    std::string error;     ///< for `failed`: the system's words
  };
  /// Reads what is there, without waiting; `later` if nothing is there yet. Signals do not interrupt it,
  /// but one that came before the end of an input is taken before that: `later` until then.
  virtual Read read(std::size_t slot, std::span<char> into) = 0;
  virtual void close_input(std::size_t slot) = 0;
  /// The size of the open input in bytes if it is a regular file.
  virtual std::optional<std::uint64_t> input_size(std::size_t slot) = 0;

  // Standard output.

  struct Write {
    std::size_t size = 0;  ///< how much was taken; less than all if it would have to wait
    bool closed = false;   ///< nobody reads any more (EPIPE)
    std::optional<SystemError> error;
  };
  /// Takes as much as can be written without waiting.
  virtual Write write(std::string_view bytes) = 0;
  /// Nobody reads standard output any more. Cheap enough to ask after each wait.
  virtual bool output_closed() = 0;
  /// Writes out what side files have buffered. The first fault of any of them, once.
  virtual std::optional<SystemError> flush_side_files() = 0;
  /// A side file could not be written: flush_side_files() says which.
  virtual bool side_files_broken() { return false; }
  /// A side file, a dead letter or stderr may have to wait for its reader in the middle of anything: this is
  /// called before it does.
  virtual void before_waiting(std::function<void()>) {}

  // Waiting.

  struct Interest {
    bool input = false;   ///< read() would give something, where it has not given bytes the last time
    bool output = false;  ///< write() would take something
    Time until = never;   ///< a deadline
  };
  /// Waits until one of these, a signal, a completion, or the closing of standard output.
  virtual void wait(const Interest& interest) = 0;

  /// The next signal that came: SIGINT, SIGTERM, SIGHUP or SIGUSR1. Cheap: asked once a block.
  virtual std::optional<int> take_signal() = 0;

  // Work outside.

  virtual void start(RequestId id, Request request) = 0;
  /// The answer is not wanted any more: the work is ended. It may still be handed out.
  virtual void cancel(RequestId id) = 0;
  /// Nothing more will be asked of this command's workers.
  virtual void no_more(const Command&) {}
  virtual std::optional<std::pair<RequestId, Result>> take_completion() = 0;
};

}  // namespace sz::run
