#include "run/used_files.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "core/quote.h"
#include "run/input_name.h"

namespace sz::run {

std::optional<UsedFiles::File> UsedFiles::look(int fd, const std::string& name, bool input) {
  struct stat status{};
  const int failed = fd < 0 ? ::stat(name.c_str(), &status) : ::fstat(fd, &status);
  if (failed != 0 || !(S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode))) return std::nullopt;
  return File{.device = status.st_dev,
              .inode = status.st_ino,
              .name = input ? input_name(name) : quote(name),
              .input = input};
}

UsedFiles::UsedFiles(std::span<const std::string> inputs) {
  for (const std::string& path : inputs)
    if (auto file = look(path == "-" ? 0 : -1, path, true)) files_.push_back(*std::move(file));
}

std::optional<SystemError> UsedFiles::claim(int fd, const std::string& name) {
  auto file = look(fd, name, false);
  if (!file) return std::nullopt;
  const auto used = std::ranges::find(files_, *file);
  if (used == files_.end()) {
    files_.push_back(*std::move(file));
    return std::nullopt;
  }
  const bool same_name = used->name == file->name;
  if (used->input)
    return SystemError{same_name ? fmt::format("{} is both an input and an output", file->name)
                                 : fmt::format("{} is also an input ({})", file->name, used->name)};
  return SystemError{same_name ? fmt::format("two outputs go to {}", file->name)
                               : fmt::format("{} is also another output ({})", file->name, used->name)};
}

std::optional<std::string> UsedFiles::use_of(unsigned long long device, unsigned long long inode) const {
  const auto used = std::ranges::find_if(
      files_, [&](const File& file) { return file.device == device && file.inode == inode; });
  if (used == files_.end()) return std::nullopt;
  return fmt::format("is also {} ({})", used->input ? "an input" : "another output", used->name);
}

void UsedFiles::claim_standard_error(int fd) {
  auto file = look(fd, "standard error", false);
  if (file && std::ranges::find(files_, *file) == files_.end()) files_.push_back(*std::move(file));
}

}  // namespace sz::run
