#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/node.h"

namespace sz {

/// A jq path of names and indexes, `.a.b[0]`, `."x y"`, `.["k"][-1]`, or `.` for the record itself: names one
/// place in a record.
class RecordPath {
 public:
  /// Reads a path from the start of `text`, up to `end` (its size afterwards). The error is one phrase.
  static std::expected<RecordPath, std::string> parse(std::string_view text, std::size_t& end);

  /// What stands there. Nothing if the record has no such place.
  std::optional<json::Node> find(json::Node record) const;
  /// What stands there as it is put into a name or an argument: strings and numbers as they are, true and
  /// false by name. Lent by the record or by `scratch`. What is missing, null, an array or an object is an
  /// error.
  std::expected<std::string_view, std::string> fill(const json::Node& record, std::string& scratch) const;
  /// An error about the value: the place as in a pattern, and why.
  std::string refusal(std::string_view why) const;
  /// As it was written.
  const std::string& text() const { return text_; }

 private:
  using Step = std::variant<json::Key, std::int64_t>;
  std::vector<Step> steps_;
  std::string text_;
};

}  // namespace sz
