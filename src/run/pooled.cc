#include "run/pooled.h"

#include <algorithm>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace sz::run {
namespace {

/// Why a step does not answer each record by itself.
std::string not_stateless(const plan::Step& step) {
  if (!step.prefixes.empty())
    return fmt::format("{} goes by what became of the records before",
                       step.prefixes.front().declaration->name);
  const Declaration& declaration = *step.declaration;
  if (declaration.traits.routes)
    return fmt::format("not all in the brackets of {} answers each record by itself", declaration.name);
  if (declaration.traits.effect)
    return fmt::format("{} acts outside, in the order of the input", declaration.name);
  return fmt::format("{} keeps something from one record to the next", declaration.name);
}

/// Only the join knows which line of its file a record is: a lane counts from the beginning of its block.
bool asks_for_line(std::string_view expression) {
  return expression.find("input_line_number") != std::string_view::npos;
}

bool asks_for_line(const plan::Step& step) {
  const auto any = [&](std::string_view name) {
    return std::ranges::any_of(step.arguments.texts(name),
                               [](std::string_view text) { return asks_for_line(text); });
  };
  const Declaration& declaration = *step.declaration;
  return std::ranges::any_of(declaration.positionals, any, &PositionalDeclaration::name) ||
         std::ranges::any_of(declaration.options, any, &OptionDeclaration::name) ||
         std::ranges::any_of(step.groups, [&](const plan::Group& group) {
           return (group.condition && asks_for_line(group.condition->text)) ||
                  std::ranges::any_of(group.pipeline.steps,
                                      [](const plan::Step& in) { return asks_for_line(in); });
         });
}

/// The leading step, from 0, that stage `i` of the chain is or stands in.
std::size_t step_of(const plan::Pipeline& pipeline, const Chain& chain, std::size_t i) {
  const std::span<const plan::Step> steps = pipeline.steps;
  std::size_t step = 0;
  while (Chain::stages_in(steps.first(step + 1)) < chain.index(i)) ++step;
  return step;
}

}  // namespace

Pooled pooled_steps(const plan::Invocation& invocation, const Chain& chain, const Options& options) {
  const plan::Pipeline& pipeline = invocation.pipeline;
  if (options.threads < 2) return {.steps = 0, .why = "one thread was asked for, or there is one core (-j)"};
  if (options.stop_at_first_failure)
    return {.steps = 0, .why = "--on-failure stop needs an exact place to stop"};
  if (options.max_failures) return {.steps = 0, .why = "--max-failures needs an exact place to stop"};
  if (chain.finishes())
    return {.steps = 0, .why = "a take ends the reading, and what was read ahead would be for nothing"};
  if (asks_for_line(invocation.globals.text("--time").value_or("")))
    return {.steps = 0, .why = "--time asks for input_line_number, which only the whole input tells"};
  if (options.reading == Options::Reading::by_time)
    return {.steps = 0, .why = "merge --by-time takes single records of several inputs in turn"};
  Pooled pooled{.steps = Chain::stateless_prefix(pipeline.steps), .why = {}};
  if (pooled.steps < pipeline.steps.size()) pooled.why = not_stateless(pipeline.steps[pooled.steps]);
  for (std::size_t i = 0; i < chain.stages().size(); ++i)
    if (const std::size_t step = step_of(pipeline, chain, i); step < pooled.steps && chain.effect(i))
      pooled = {.steps = step,
                .why = fmt::format("{} runs commands, in the order of the input", chain.name(i))};
  for (std::size_t i = 0; i < pooled.steps; ++i)
    if (asks_for_line(pipeline.steps[i]))
      pooled = {
          .steps = i,
          .why = fmt::format("step {} asks for input_line_number, which only the whole input tells", i + 1)};
  for (std::size_t i = 0; i < chain.stages().size() && options.settings.event_time; ++i)
    if (const std::size_t step = step_of(pipeline, chain, i);
        step < pooled.steps && chain.stages()[i]->reads_clock())
      return {
          .steps = 0,
          .why = fmt::format("`now` in step {} is the clock, which goes with the records", chain.index(i))};
  return pooled;
}

}  // namespace sz::run
