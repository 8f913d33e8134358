#include "run/beneath.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/os.h"

namespace sz::run {
namespace {

constexpr int file_flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK;
constexpr mode_t file_mode = 0666, directory_mode = 0777;

template <class Open>
std::expected<Descriptor, int> opened(Open open) {
  int fd;
  do fd = open();
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return std::unexpected(errno);
  return Descriptor(fd);
}

/// A link is no directory to openat(2) with O_NOFOLLOW: told as openat2(2) does.
bool is_link(int at, const std::string& name) {
  struct stat status{};
  return ::fstatat(at, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

std::expected<Descriptor, int> by_steps(int directory, std::string_view name) {
  Descriptor inside;
  for (;;) {
    const int at = inside ? inside.get() : directory;
    const std::size_t slash = name.find('/');
    const std::string step(name.substr(0, slash));
    if (step == "..") return std::unexpected(EXDEV);
    if (slash == std::string_view::npos)
      return opened([&] { return ::openat(at, step.c_str(), file_flags, file_mode); });
    auto next = opened([&] { return open_directory(at, step.c_str(), false); });
    if (!next && next.error() == ENOENT) {
      if (::mkdirat(at, step.c_str(), directory_mode) != 0 && errno != EEXIST) return std::unexpected(errno);
      next = opened([&] { return open_directory(at, step.c_str(), false); });
    }
    if (!next) return std::unexpected(next.error() == ENOTDIR && is_link(at, step) ? ELOOP : next.error());
    inside = std::move(*next);
    name.remove_prefix(slash + 1);
  }
}

}  // namespace

std::expected<Descriptor, int> open_beneath(int directory, const std::string& name, Beneath way) {
  if (way == Beneath::kernel) {
    auto file = opened([&] { return open_within(directory, name.c_str(), file_flags, file_mode); });
    // A directory is missing, or this kernel, or a filter of system calls, does not know the call: by steps.
    if (file || (file.error() != ENOENT && file.error() != ENOSYS && file.error() != EPERM)) return file;
  }
  return by_steps(directory, name);
}

}  // namespace sz::run
