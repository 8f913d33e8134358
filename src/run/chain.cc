#include "run/chain.h"

#include <utility>

namespace sz::run {

std::expected<Chain, PlanError> Chain::build(std::span<const plan::Step> steps, const Settings& settings,
                                             std::size_t first) {
  Chain chain;
  chain.first_ = first;
  for (const plan::Step& step : steps) {
    auto stage = step.declaration->build(step.arguments, settings);
    if (!stage) return std::unexpected(std::move(stage.error()));
    chain.stages_.push_back(std::move(*stage));
    chain.names_.push_back(step.declaration->name);
    chain.effects_.push_back(step.declaration->traits.effect || chain.stages_.back()->effect());
  }
  return chain;
}

void Chain::bind(Run& run, Out& next, Failures& failures) {
  head_ = &next;
  for (std::size_t i = stages_.size(); i-- > 0;) {
    stages_[i]->connect(run, *head_, failures, names_[i], first_ + i);
    head_ = stages_[i].get();
  }
}

std::size_t Chain::stateless_prefix(std::span<const plan::Step> steps) {
  std::size_t n = 0;
  while (n < steps.size() && steps[n].declaration->traits.stateless) ++n;
  return n;
}

}  // namespace sz::run
