#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"
#include "expr/program.h"
#include "json/bytes.h"
#include "json/plain_integer.h"
#include "json/write.h"

namespace sz::expr {

/// The key of a record: the canonical text of what --by gives, so that equal values are equal keys. A missing
/// key is null, a key like others.
class KeyOf {
 public:
  /// Without an expression every record has the same key, the empty text.
  explicit KeyOf(std::optional<Program> by) : by_(std::move(by)) {}

  bool keyed() const { return by_.has_value(); }

  /// Valid until the next call, and no longer than the record. The error is in jq's words.
  std::expected<std::string_view, std::string> operator()(const json::Node& record, Time now,
                                                          const Line* line = nullptr) {
    if (!by_) return std::string_view();
    if (const auto part = by_->part(record)) {
      if (const std::string_view raw = part->raw(); is_canonical(raw)) return raw;
      text_.clear();
      json::append_canonical(text_, *part);
      return std::string_view(text_);
    }
    const auto value = by_->value(record, now, line);
    if (!value) return std::unexpected(value.error());
    return canonical(*value);
  }

 private:
  std::string_view canonical(const Value& value) {
    if (value.is_node())
      if (const std::string_view raw = value.as_node().raw(); is_canonical(raw)) return raw;
    text_.clear();
    value.append_canonical(text_);
    return text_;
  }
  /// Is the text of a node, behind which bytes can be read, an integer of digits alone?
  static bool is_canonical(std::string_view raw) {
    if (raw.size() > 16) return json::is_plain_integer(raw);
    const std::uint32_t all = (1U << raw.size()) - 1;
    return (json::digits16(raw.data()) & all) == all;
  }

  std::optional<Program> by_;
  std::string text_;
};

}  // namespace sz::expr
