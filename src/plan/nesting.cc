#include "plan/nesting.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace sz::plan {
namespace {

/// The prefixes around a step that care what they wrap.
struct Around {
  const Step* first = nullptr;  ///< the step that the input comes into
  bool retry = false, breaker = false;
};

std::optional<PlanError> check(const Pipeline& pipeline, Around around);

std::optional<PlanError> check(const std::vector<Group>& groups, Around around) {
  for (const Group& group : groups)
    if (auto wrong = check(group.pipeline, around)) return wrong;
  return std::nullopt;
}

std::optional<PlanError> check(const Declaration& stage, const Arguments& arguments, Around around) {
  const std::size_t word = arguments.step_word;
  const std::string_view keeps = stage.traits.keeps_with;
  if (around.retry && !keeps.empty() && arguments.given(keeps))
    return PlanError{.message = fmt::format("retry cannot stand around {} {}", stage.name, keeps),
                     .hint = "a try may come again: only stages that answer each record by itself",
                     .word = word};
  if (around.retry && !stage.traits.repeatable)
    return PlanError{.message = fmt::format("retry cannot stand around {}", stage.name),
                     .hint = "a try may come again: only stages that answer each record by itself",
                     .word = word};
  if (around.breaker && stage.traits.merges)
    return PlanError{.message = fmt::format("breaker cannot stand around {}", stage.name),
                     .hint = fmt::format("a record is a call: put {} before the breaker", stage.name),
                     .word = word};
  return std::nullopt;
}

/// A catch passes on what its handler makes, whatever it stands before.
bool ends(const Step& step) {
  return step.declaration != nullptr && step.declaration->traits.ends &&
         std::ranges::all_of(step.prefixes, [](const Step::Prefix& prefix) { return prefix.groups.empty(); });
}

PlanError after_the_end(const Step& last, const Step& next) {
  const std::size_t word =
      next.prefixes.empty() ? next.arguments.step_word : next.prefixes.front().arguments.step_word;
  return {.message = fmt::format("nothing comes out of {}: it is the last step", last.declaration->name),
          .hint = "tap --to FILE writes and passes on",
          .word = word};
}

std::optional<PlanError> check(const Step& step, Around around) {
  for (const Step::Prefix& prefix : step.prefixes) {
    if (auto wrong = check(*prefix.declaration, prefix.arguments, around)) return wrong;
    if (auto wrong = check(prefix.groups, around)) return wrong;
    around.retry |= prefix.declaration->name == "retry";
    around.breaker |= prefix.declaration->name == "breaker";
  }
  if (step.declaration != nullptr && step.declaration->traits.reads &&
      (around.first != &step || !step.prefixes.empty()))
    return PlanError{.message = fmt::format("{} brings the input: it can only be the first stage of all",
                                            step.declaration->name),
                     .hint = {},
                     .word = step.arguments.step_word};
  if (step.declaration != nullptr)
    if (auto wrong = check(*step.declaration, step.arguments, around)) return wrong;
  return check(step.groups, around);
}

std::optional<PlanError> check(const Pipeline& pipeline, Around around) {
  for (std::size_t i = 0; i < pipeline.steps.size(); ++i) {
    const Step& step = pipeline.steps[i];
    if (auto wrong = check(step, around)) return wrong;
    if (ends(step) && i + 1 < pipeline.steps.size()) return after_the_end(step, pipeline.steps[i + 1]);
  }
  return std::nullopt;
}

}  // namespace

std::optional<PlanError> check_nesting(const Pipeline& pipeline) {
  return check(pipeline, {.first = pipeline.steps.empty() ? nullptr : &pipeline.steps.front()});
}

}  // namespace sz::plan
