#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "run/host.h"

namespace sz::run {

/// A piece of input: whole lines of one file, each ended by '\n' (a missing last one is added), with 64
/// readable bytes behind.
struct Block {
  std::unique_ptr<char[]> buffer;  ///< owns the bytes
  std::size_t capacity = 0;
  const char* bytes = nullptr;  ///< the first line; a BOM at the start of a file is left out
  std::size_t size = 0;
  std::uint32_t source = 0;  ///< which input, from 0
  std::uint64_t offset = 0;  ///< of `bytes` in its file
  /// Set for a block that is one line over --max-line: its length without the line end. `bytes` holds the
  /// first 4 KiB, without a '\n'.
  std::uint64_t too_long = 0;
  /// Set for a block that is one line cut short by stop() or by a read error: `bytes` is what there was of
  /// it, without a '\n'. With `too_long` also set, that is its length so far.
  bool torn = false;
};

/// The inputs as a sequence of blocks: opens the files, one by one or all at once, cuts what was read at the
/// last line end and carries the rest over. What one read() brought is never observable but for the cut
/// between blocks. A line over `max_line` bytes (line end not counted, CR counted) is passed over without
/// being held. Memory: the blocks handed out, and for each open file one more and the longest line.
class Input {
 public:
  /// Of files that are read at once each gives a block in turn, as far as it has one.
  enum class Order : std::uint8_t { one_by_one, at_once };
  static constexpr std::size_t usual_block = std::size_t{256} << 10;
  /// `host` outlives the input. `paths` are opened when their turn comes; "-" is standard input.
  Input(Host& host, std::vector<std::string> paths, std::size_t max_line,
        std::size_t block_size = usual_block, Order order = Order::one_by_one);
  ~Input();
  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;

  enum class State : std::uint8_t { block, later, end };
  /// The next block, or `later` when nothing is there yet, or `end` after the last file. The buffer that
  /// `block` holds on the way in is taken back and used again: hand spent blocks in.
  State next(Block& block);
  /// The same of input `source` alone. Only where all are read at once.
  State next_of(std::size_t source, Block& block);
  /// Takes no more: what was read but is no whole line yet becomes the last block (`torn`), then the state is
  /// `end`.
  void stop();

  /// Inputs that could not be opened or read, one line each ("cannot read x: No such file or directory"),
  /// since the last call; each makes the exit status 3.
  std::vector<std::string> take_errors();
  /// Of inputs that are read at once: the names of those that have ended since the last call.
  std::vector<std::string> take_ended();
  /// The inputs' names in order, as given; "-" for stdin.
  const std::vector<std::string>& sources() const;
  std::uint64_t bytes_read() const;

 private:
  class Reader;

  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<Reader>> readers_;  ///< one of all inputs, or one of each
  std::size_t turn_ = 0;
  std::vector<bool> over_;  ///< by reader, where all are read at once
  std::vector<std::string> ended_;
};

}  // namespace sz::run
