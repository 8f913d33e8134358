#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/record.h"
#include "json/node.h"

namespace sz {

/// --count-field F: how many records one stands for, written into its field F. Without F it does nothing.
class CountField {
 public:
  explicit CountField(const std::optional<std::string>& name) {
    if (name) key_.emplace(*name);
  }

  explicit operator bool() const { return key_.has_value(); }
  /// Only an object can take the field.
  bool takes(Record& record) const { return !key_ || record.value().kind() == json::Kind::object; }
  /// The record with the count, to be emitted in its place; valid until the next call. There is an F and
  /// takes(record).
  Record counted(Record& record, std::uint64_t count);

 private:
  std::optional<json::Key> key_;
  std::string text_;
  json::Document spare_;
};

}  // namespace sz
