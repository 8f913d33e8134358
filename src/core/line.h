#pragma once

#include <cstdint>
#include <string_view>

namespace sz {

/// One line of input: where it stood and what it said.
struct Line {
  std::uint32_t source = 0;  ///< which of the run's inputs, from 0
  std::uint64_t number = 0;  ///< in its file, from 1
  std::uint64_t offset = 0;  ///< of its first byte in its file
  std::uint64_t bytes = 0;   ///< its length without the line end
  bool cut = false;          ///< the line was cut short: its text is not all of it
  std::string_view text;     ///< its bytes, lent; of a line over --max-line the first 4 KiB; empty where
                             ///< originals are not kept
};

}  // namespace sz
