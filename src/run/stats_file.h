#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "core/side_file.h"
#include "run/used_files.h"

namespace sz::run {

/// --stats-file FILE: replaced as a whole by an atomic rename (rename(2)), so that a collector which reads it
/// at any time finds the old text or the new one. A symbolic link stays, its target is replaced.
class StatsFile {
 public:
  /// Before any input is read: refuses what is no regular file, a file used otherwise, or a folder that
  /// cannot be written.
  static std::expected<StatsFile, SystemError> make(const std::string& path, UsedFiles& used);
  StatsFile(StatsFile&& other) noexcept;
  StatsFile& operator=(StatsFile&&) = delete;
  /// Removes what was not replaced.
  ~StatsFile();

  std::optional<SystemError> replace(std::string_view text);

 private:
  StatsFile(std::string path, std::string part, int fd);
  std::string path_, part_;  // part_: the new text beside it, until the rename
  int fd_;
};

}  // namespace sz::run
