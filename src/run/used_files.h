#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/side_file.h"

namespace sz::run {

/// The files and FIFOs that a run reads and writes, by device and inode. An output that is also an input
/// would be truncated or read without end, and two outputs into one file would mix or overwrite their lines:
/// both are refused before anything is written. Devices such as /dev/null and terminals may be shared.
class UsedFiles {
 public:
  /// Looks at the inputs now; "-" is descriptor 0. What cannot be looked at is left out.
  explicit UsedFiles(std::span<const std::string> inputs);

  /// Takes the open file `fd`, shown as `name`, for an output; the refusal if it is used already.
  std::optional<SystemError> claim(int fd, const std::string& name);
  /// What is said of a file that would be one more output: "is also an input (x)". Nothing if it is not used.
  std::optional<std::string> use_of(unsigned long long device, unsigned long long inode) const;
  /// The same for stderr, which may share its file with standard output, as after `2>&1`.
  void claim_standard_error(int fd);

 private:
  struct File {
    unsigned long long device;
    unsigned long long inode;
    std::string name;  ///< as in messages
    bool input;
    friend bool operator==(const File& a, const File& b) {
      return a.device == b.device && a.inode == b.inode;
    }
  };
  static std::optional<File> look(int fd, const std::string& name, bool input);

  std::vector<File> files_;
};

}  // namespace sz::run
