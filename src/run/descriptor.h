#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sz::run {

/// An open file descriptor, closed at the end of its life. Empty is -1.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  /// Closes now: 0 or errno. Nothing to close is 0.
  int close();

 private:
  int fd_ = -1;
};

/// What the system says of an errno: "No such file or directory".
std::string system_words(int error);

/// Writes all of `bytes`, waiting where it must: 0 or the errno of the write that failed. `taken`, if given,
/// is how much was written.
int write_all(int fd, std::string_view bytes, std::size_t* taken = nullptr);

/// If descriptor 0, 1 or 2 is closed, opens /dev/null there so that no file of ours lands on it: 0 only for
/// writing, 1 and 2 only for reading, so that using them fails as it should, with EBADF. For main, before
/// anything is opened.
void reserve_standard_descriptors();

/// Ends this process by `signal`: restores its default action, lets it through and raises it. Returns only if
/// the signal does not end a process.
void die_of(int signal);

}  // namespace sz::run
