#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"
#include "expr/program.h"
#include "json/plain_integer.h"

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
    auto value = by_->value(record, now, line);
    if (!value) return std::unexpected(std::move(value.error()));
    if (value->is_node())
      if (const std::string_view raw = value->as_node().raw(); json::is_plain_integer(raw)) return raw;
    text_.clear();
    value->append_canonical(text_);
    return std::string_view(text_);
  }

 private:
  std::optional<Program> by_;
  std::string text_;
};

}  // namespace sz::expr
