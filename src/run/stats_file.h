#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/side_file.h"
#include "run/used_files.h"

namespace sz::run {

/// --stats-file FILE: replaced as a whole by an atomic rename (rename(2)), so that a collector which reads it
/// at any time finds the old text or the new one. A symbolic link stays, its target is replaced.
class StatsFile {
 public:
  /// Before any input is read: refuses what is no regular file, a file used otherwise, or a folder that
  /// cannot be written. Leaves nothing there.
  static std::expected<StatsFile, SystemError> make(const std::string& path, UsedFiles& used);

  /// As often as wanted. On an error the old text stays, and nothing beside it.
  std::optional<SystemError> replace(std::string_view text) const;

 private:
  explicit StatsFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace sz::run
