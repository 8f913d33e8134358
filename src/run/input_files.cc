#include "run/input_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/quote.h"

namespace sz::run {

InputFiles::InputFiles(std::span<const std::string> paths) {
  for (const std::string& path : paths) {
    struct stat status{};
    const int failed = path == "-" ? ::fstat(0, &status) : ::stat(path.c_str(), &status);
    if (failed == 0 && S_ISREG(status.st_mode)) files_.push_back({status.st_dev, status.st_ino, path});
  }
}

std::optional<SystemError> InputFiles::refuse(int fd, const std::string& name) const {
  struct stat status{};
  if (files_.empty() || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  for (const File& file : files_)
    if (file.device == status.st_dev && file.inode == status.st_ino)
      return SystemError{file.path == name
                             ? fmt::format("{} is both an input and an output", quote(name))
                             : fmt::format("{} is also an input ({})", quote(name),
                                           file.path == "-" ? "standard input" : quote(file.path))};
  return std::nullopt;
}

}  // namespace sz::run
