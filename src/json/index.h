#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sz::json {

/// Where the structural characters of a piece of JSON text are (stage 1 of Langdale and Lemire, "Parsing
/// Gigabytes of JSON per Second", 2019, as simdjson builds it, chosen for the processor at run time). Owns
/// its array and keeps it from run to run.
class Index {
 public:
  /// A walk looks so many slots ahead: see walk().
  static constexpr std::size_t sentinels = 3;

  Index();
  ~Index();
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;

  /// Indexes `size` bytes, reading none beyond. False if they are not UTF-8, hold a control character inside
  /// a string, or leave a string open; the array is then unspecified. After true, the `sentinels` numbers
  /// from at()[count()] on may be written and read.
  bool run(const char* bytes, std::size_t size);

  /// The offsets of brackets, `:`, `,` and of the first byte of each string and scalar, ascending. Whatever
  /// is neither white space nor one of these (nor inside a string) belongs to the scalar before it.
  std::uint32_t* at() { return at_; }
  std::uint32_t count() const { return count_; }

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
  std::uint32_t* at_ = nullptr;
  std::uint32_t count_ = 0;
};

}  // namespace sz::json
