#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "core/plan_error.h"
#include "stages/aggregate_state.h"

namespace sz::aggregate {

/// One aggregate function as its name says it.
struct Function {
  enum class Reading : std::uint8_t {  ///< what of the state is printed
    count,
    total,
    mean,
    per_second,
    written,
    variance,
    deviation,
    average,
    quantile,
    mode,
    top,
    list
  };
  StateKind state = StateKind::count;
  Reading reading = Reading::count;
  double parameter = 0;  ///< N of pN and ewmaN; K of topK
  bool numbers = false;  ///< other types fail
};

/// `NAME=FN:EXPR`, `NAME=FN(EXPR)`, `NAME=FN` or `FN`, taken apart.
struct Word {
  std::string name;
  Function function;
  std::string expression;         ///< empty if there is none
  std::size_t expression_at = 0;  ///< where it begins in the word
};

/// The error's offset and length are within the word.
std::expected<Word, PlanError> parse_word(std::string_view word);

}  // namespace sz::aggregate
