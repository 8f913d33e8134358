#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "json/node.h"
#include "stages/record_path.h"
#include "stages/template.h"

namespace sz {

/// The PATTERN of write: a path with places, `{.path}`, that a record fills. What stands before the last `/`
/// in front of the first place is the directory, which no record can leave: of a value all bytes but A-Z a-z
/// 0-9 _ - and a dot that is not its first byte are written %XX, so it is one name, or part of one, and two
/// values never give the same.
class FilePattern {
 public:
  /// The fault's length is 0 where it concerns all of `text`.
  static std::expected<FilePattern, Template::Fault> parse(std::string_view text);

  /// Is there no place? Then path() is the file.
  bool plain() const { return parts_.empty(); }
  const std::string& path() const { return tail_; }

  /// Otherwise: where the files are; "." if nothing is said.
  const std::string& directory() const { return directory_; }
  /// The record's file below directory(), valid until the next call. The error, one phrase: a value that is
  /// missing, null, empty, an array or an object; a name of more than 255 bytes or a path of more than 4095.
  std::expected<std::string_view, std::string> name(const json::Node& record);

 private:
  struct Part {
    std::string before;
    RecordPath path;
  };
  std::string directory_;
  std::vector<Part> parts_;
  std::string tail_;
  std::string name_, scratch_;
};

}  // namespace sz
