#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/plan_error.h"
#include "core/settings.h"
#include "core/stage.h"
#include "plan/tree.h"

namespace sz::run {

/// Some steps of a pipeline as stages: built one by one, then bound last stage first. At run time a pipeline
/// is its head; the list of stages serves timers, the end and the statistics, and its order breaks ties.
class Chain {
 public:
  /// `first`: the plan index of the first step, from 1.
  static std::expected<Chain, PlanError> build(std::span<const plan::Step> steps, const Settings& settings,
                                               std::size_t first = 1);

  /// Every record that comes out goes to `next`. All of them outlive the chain's use.
  void bind(Run& run, Out& next, Failures& failures);
  /// Where records go in. Without a stage it is `next`.
  Out& head() const { return *head_; }

  std::span<const std::unique_ptr<Stage>> stages() const { return stages_; }
  /// Does stage `i` (from 0) do something outside?
  bool effect(std::size_t i) const { return effects_[i]; }
  /// How many of the leading steps handle each record by itself and may run in the ordered pool.
  static std::size_t stateless_prefix(std::span<const plan::Step> steps);

 private:
  std::vector<std::unique_ptr<Stage>> stages_;
  std::vector<std::string_view> names_;
  std::vector<bool> effects_;
  std::size_t first_ = 1;
  Out* head_ = nullptr;
};

}  // namespace sz::run
