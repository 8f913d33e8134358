#include "run/stats_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/descriptor.h"
#include "run/os.h"

namespace sz::run {
namespace {

constexpr mode_t readable_by_all = 0644;

std::unexpected<SystemError> refusal(const std::string& path, const std::string& why) {
  return std::unexpected(SystemError{"cannot write " + path + ": " + why});
}

/// The pattern for the new text, until the rename.
std::string part_beside(const std::string& path) { return path + ".XXXXXX"; }

/// What a chain of symbolic links leads to, there or not.
std::optional<std::string> behind_links(std::filesystem::path path) {
  constexpr int most_links = 40;  // as Linux follows, path_resolution(7)
  for (int i = 0; i <= most_links; ++i) {
    std::error_code none;
    const std::filesystem::path next = std::filesystem::read_symlink(path, none);
    if (none) return path.string();
    path = path.parent_path() / next;
  }
  return std::nullopt;
}

}  // namespace

std::expected<StatsFile, SystemError> StatsFile::make(const std::string& path, UsedFiles& used) {
  const auto found = behind_links(path);
  if (!found) return refusal(path, "too many symbolic links");
  const std::string& target = *found;
  struct stat status = {};
  if (::stat(target.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return refusal(path, "not a regular file");
    const Descriptor old(::open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (old)
      if (auto same = used.claim(old.get(), path)) return std::unexpected(std::move(*same));
  }
  std::string part = part_beside(target);
  const Descriptor probe(make_temporary(part.data()));
  if (!probe) return refusal(path, system_words(errno));
  ::unlink(part.c_str());
  return StatsFile(target);
}

std::optional<SystemError> StatsFile::replace(std::string_view text) const {
  std::string part = part_beside(path_);
  const int fd = make_temporary(part.data());
  if (fd < 0) return refusal(path_, system_words(errno)).error();
  int error = write_all(fd, text);
  if (::fchmod(fd, readable_by_all) != 0 && error == 0) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && std::rename(part.c_str(), path_.c_str()) != 0) error = errno;
  if (error == 0) return std::nullopt;
  ::unlink(part.c_str());
  return refusal(path_, system_words(error)).error();
}

}  // namespace sz::run
