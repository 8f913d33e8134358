#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/side_file.h"

namespace sz::run {

/// The regular files among a run's inputs, by device and inode, so that an output that is also an input can
/// be refused before it is truncated or read without end.
class InputFiles {
 public:
  /// Looks at the inputs now; "-" is descriptor 0. What cannot be looked at is left out.
  explicit InputFiles(std::span<const std::string> paths);

  /// The refusal if the open file `fd`, shown as `name`, is one of the inputs.
  std::optional<SystemError> refuse(int fd, const std::string& name) const;

 private:
  struct File {
    unsigned long long device;
    unsigned long long inode;
    std::string path;
  };
  std::vector<File> files_;
};

}  // namespace sz::run
