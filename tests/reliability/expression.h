#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "value.h"

namespace sz::simulate {

/// One output of an expression: a value, or the record itself, which, alone, leaves byte for byte.
struct Output {
  ValuePtr value;
  bool whole = false;
};

/// Nothing is an error of the expression.
using Outputs = std::optional<std::vector<Output>>;

/// An expression in jq's language and, by hand, what it gives.
struct Expression {
  std::string_view text;
  Outputs (*outputs)(const ValuePtr& record);
  bool editing = false;  ///< prints a container anew: of a tricky one SPEC leaves the form open

  /// Any output that is neither null nor false; nothing is an error.
  std::optional<bool> truthy(const ValuePtr& record) const;
  /// The first output or null; nullptr is an error.
  ValuePtr value(const ValuePtr& record) const;
};

std::span<const Expression> map_expressions();
std::span<const Expression> conditions();
std::span<const Expression> keys();
/// For flatten: they give one output.
std::span<const Expression> lists();
const Expression& expression(std::string_view text);

}  // namespace sz::simulate
