#include "run/explain.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/composite.h"
#include "core/holding.h"
#include "core/quote.h"
#include "expr/lexer.h"
#include "plan/hints.h"
#include "run/chain.h"
#include "run/pipeline.h"
#include "run/pooled.h"

namespace sz::run {
namespace {

using plan::Explained;

constexpr std::size_t longest_path = 200;

/// Stands in for what a chain is bound to; nothing ever runs.
class Nothing final : public Run, public Out, public Failures {
 public:
  RequestId start(Stage&, Request) override { return 0; }
  void notice(const Stage&, std::string_view) override {}
  void push(Record&) override {}
  void end() override {}
  void fail(Record&, Failure, const Stage*) override {}
};

/// Does an expression look at the environment?
bool uses_environment(std::string_view text) {
  const auto tokens = expr::tokenize(text);
  if (!tokens) return false;
  using Type = expr::Token::Type;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    const expr::Token& token = (*tokens)[i];
    if (token.type == Type::variable && token.text == "ENV") return true;
    if (token.is_name("env") && !(i + 1 < tokens->size() && (*tokens)[i + 1].is(":"))) return true;
  }
  return false;
}

bool uses_environment(const Declaration& declaration, const Arguments& arguments) {
  const auto any = [&](std::string_view name) {
    return std::ranges::any_of(arguments.texts(name),
                               [](const auto& text) { return uses_environment(text); });
  };
  for (const OptionDeclaration& option : declaration.options)
    if (option.type == ValueType::expression && any(option.name)) return true;
  for (const PositionalDeclaration& positional : declaration.positionals)
    if (any(positional.name)) return true;
  for (std::size_t k = 0; k < arguments.groups; ++k)
    if (any(condition_name(k))) return true;
  return false;
}

/// Bytes as one would type them.
std::string size_text(std::size_t bytes) {
  constexpr std::size_t mebi = std::size_t{1} << 20;
  return bytes % mebi == 0 && bytes != 0 ? fmt::format("{}Mi", bytes / mebi) : fmt::format("{} bytes", bytes);
}

std::string_view or_else(std::string_view text, std::string_view instead) {
  return text.empty() ? instead : text;
}

/// Walks the tree in written order, which is how stages are numbered.
class Walk {
 public:
  Walk(const plan::Invocation& invocation, plan::Words words, const Options& options, const Chain& chain,
       std::size_t pooled, Explained& into)
      : invocation_(invocation), words_(words), options_(options), pooled_(pooled), into_(into) {
    for (const auto& stage : chain.stages()) stages_.try_emplace(stage->index(), stage.get());
  }

  void pipeline(const plan::Pipeline& pipeline, std::size_t depth, const std::string& failures) {
    for (const plan::Step& step : pipeline.steps) wrapped(step, depth, failures);
  }

 private:
  void wrapped(const plan::Step& step, std::size_t depth, std::string failures) {
    for (const plan::Step::Prefix& prefix : step.prefixes) {
      const std::size_t index = add(*prefix.declaration, prefix.arguments, depth, failures);
      brackets(prefix.groups, depth, failures);
      if (prefix.declaration->name == "retry")
        failures = fmt::format("step {} tries again what may work then, else {}", index, failures);
      else if (!prefix.groups.empty())
        failures = fmt::format("the bracket of step {} ({})", index, prefix.declaration->name);
      ++depth;
    }
    if (step.declaration == nullptr) return pipeline(step.groups.front().pipeline, depth, failures);
    add(*step.declaration, step.arguments, depth, failures);
    const std::string before = holder_;
    brackets(step.groups, depth, failures);
    if (step.declaration->name == "tap") holder_ = before;  // what is in it goes no further
  }

  void brackets(const std::vector<plan::Group>& groups, std::size_t depth, const std::string& failures) {
    const std::string before = holder_;
    std::string behind = before;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      holder_ = before;
      std::string heading = groups.size() == 1 ? "[ ... ]" : fmt::format("[ {} ]", i + 1);
      if (groups[i].condition) heading += fmt::format(" when {}", groups[i].condition->text);
      if (groups[i].otherwise) heading += " else";
      if (groups[i].pipeline.steps.empty()) heading += " passes records on";
      into_.steps.push_back({.index = 0, .depth = depth + 1, .words = std::move(heading)});
      pipeline(groups[i].pipeline, depth + 2, failures);
      if (!holder_.empty()) behind = holder_;
    }
    holder_ = behind;
  }

  std::size_t add(const Declaration& declaration, const Arguments& arguments, std::size_t depth,
                  const std::string& failures) {
    const std::size_t index = next_++;
    const Stage* const stage = stages_.at(index);
    Explanation of;
    if (const auto* const composite = dynamic_cast<const Composite*>(stage))
      for (std::size_t i = 0; i < composite->inners(); ++i)
        of.inside.push_back({.paces = composite->inner(i).paces, .gathers = composite->inner(i).gathers});
    if (declaration.explain != nullptr) declaration.explain(arguments, options_.settings, of);
    into_.steps.push_back({.index = index,
                           .depth = depth,
                           .words = typed(arguments.step_word),
                           .pooled = index <= pooled_,
                           .rows = {{"order", std::string(or_else(of.order, "kept"))},
                                    {"memory", std::string(or_else(of.memory, "one record"))},
                                    {"latency", std::string(or_else(of.latency, "none"))},
                                    {"clock", clock(of, *stage)},
                                    {"end", std::string(or_else(of.end, "nothing is left to do"))},
                                    {"failures", where(of, failures)}}});
    if (!stage->waits_for_settled() && (stage->gathers() || declaration.traits.merges) &&
        dynamic_cast<const HoldingStage*>(stage) != nullptr)
      holder_ = fmt::format("step {} ({})", index, declaration.name);
    const std::string where = fmt::format("step {}, {}: ", index, declaration.name);
    for (const std::string& reason : of.varies) into_.varies.push_back(where + reason);
    if (of.clock == Explanation::Clock::stream && !options_.settings.event_time)
      into_.varies.push_back(where + "without --time it goes by when records come");
    if (stage->reads_clock() && !options_.settings.event_time)
      into_.varies.push_back(where + "`now` is the wall's time");
    if (uses_environment(declaration, arguments)) into_.varies.push_back(where + "$ENV is the environment's");
    return index;
  }

  std::string clock(const Explanation& of, const Stage& stage) const {
    const bool reads = stage.reads_clock();
    using enum Explanation::Clock;
    const bool event_time = options_.settings.event_time;
    std::string text =
        of.clock == wall || of.clock == both ? event_time ? "the wall's, also under --time" : "the wall's"
        : of.clock == stream ? event_time ? "the records' time (--time)" : "the wall's, without --time"
                             : "none";
    if (of.clock == both) text += ", and that of the stream";
    if (event_time && of.clock == stream && stage.waits_for_settled() && !holder_.empty())
      text += ", but not past what waits in " + holder_;
    if (reads) text = event_time ? "`now` is the records' time (--time)" : "`now` is the wall's";
    return text;
  }

  static std::string where(const Explanation& of, const std::string& failures) {
    if (!of.failures.empty()) return fmt::format("{}: {}", of.failures, failures);
    return of.branches ? "those of what is inside" : "none of its own";
  }

  const std::string& word(std::size_t i) const {
    return i < words_.size() ? words_[i] : invocation_.from->file.words()[i - words_.size()];
  }

  /// The words of a step up to the next step or bracket.
  std::string typed(std::size_t first) const {
    const std::size_t all = words_.size() + (invocation_.from ? invocation_.from->file.words().size() : 0);
    const Declaration* const named = plan::find_stage(word(first));
    std::string text = word(first);
    for (std::size_t i = first + 1; i < all && !plan::is_separator(word(i)); ++i) {
      if (named != nullptr && named->traits.prefix && plan::find_stage(word(i)) != nullptr) break;
      text.append(" ").append(plan::shell_word(word(i)));
    }
    return text;
  }

  const plan::Invocation& invocation_;
  plan::Words words_;
  const Options& options_;
  std::size_t pooled_;
  Explained& into_;
  std::string holder_;  // the step before in which records wait for the stream, if there is one
  std::map<std::size_t, const Stage*> stages_;
  std::size_t next_ = 1;
};

std::string inputs(const Options& options) {
  constexpr std::size_t named = 3;
  std::string all;
  for (std::size_t i = 0; i < options.inputs.size() && i < named; ++i)
    all.append(i == 0 ? "" : ", ")
        .append(options.inputs[i] == "-" ? "standard input" : quote(options.inputs[i], longest_path));
  if (options.inputs.size() > named) all += fmt::format(" and {} more", options.inputs.size() - named);
  return all;
}

std::string failures(const Options& options) {
  std::string all = options.dlq
                        ? fmt::format("a dead letter in {} (--dlq)", quote(*options.dlq, longest_path))
                        : "a line on stderr each, as there is no --dlq";
  all += options.exit_zero_on_dlq ? "; exit status 0" : "; exit status 1";
  if (options.stop_at_first_failure) all += "; the first ends the reading (--on-failure)";
  if (options.max_failures) all += "; too many end the reading (--max-failures)";
  return all;
}

std::string threads(const Options& options, const Pooled& pooled, std::size_t stages, std::size_t steps) {
  if (pooled.steps == 0) return fmt::format("1: {}", pooled.why);
  std::string all = fmt::format("{} (-j) for {} in the ordered pool, a block of lines each", options.threads,
                                stages == 1 ? "step 1" : fmt::format("steps 1 to {}", stages));
  if (pooled.steps < steps) all += fmt::format("; one for the rest, as {}", pooled.why);
  return all;
}

}  // namespace

std::expected<Explained, PlanError> explain(const plan::Invocation& invocation, plan::Words words) {
  const auto options = Options::of(invocation);
  if (!options) return std::unexpected(options.error());
  if (auto checked = Pipeline::build(invocation, *options); !checked)
    return std::unexpected(std::move(checked.error()));
  auto chain = Chain::build(invocation.pipeline.steps, options->settings);
  if (!chain) return std::unexpected(std::move(chain.error()));
  Nothing nothing;
  chain->bind(nothing, nothing, nothing);

  const Pooled pooled = pooled_steps(invocation, *chain, *options);
  const std::size_t pooled_stages =
      Chain::stages_in(std::span(invocation.pipeline.steps).first(pooled.steps));
  const Arguments& globals = invocation.globals;
  Explained made;
  const bool event_time = options->settings.event_time;
  made.run.push_back({"input", inputs(*options)});
  made.run.push_back({"lines", fmt::format("up to {} each (--max-line); what is no record fails as parse, "
                                           "too_deep or too_long{}",
                                           size_text(options->max_line),
                                           event_time ? ", without a usable time as time" : "")});
  made.run.push_back(
      {"time", event_time
                   ? fmt::format("of the records: {}{}{}", globals.text("--time").value_or(""),
                                 options->settings.lateness.ns != 0
                                     ? fmt::format("; windows wait {} (--lateness)",
                                                   to_string(options->settings.lateness))
                                     : "",
                                 options->max_ahead ? fmt::format("; no more than {} ahead (--max-ahead)",
                                                                  to_string(*options->max_ahead))
                                                    : "")
                   : std::string("the wall's, as there is no --time")});
  if (options->idle_timeout) {
    made.run.push_back({"idle", fmt::format("after {} without input every open group closes (--idle-timeout)",
                                            to_string(*options->idle_timeout))});
    made.varies.emplace_back("--idle-timeout goes by the wall's clock");
  }
  const std::size_t steps = invocation.pipeline.steps.size();
  made.run.push_back({"threads", threads(*options, pooled, pooled_stages, steps)});
  made.run.push_back({"failures", failures(*options)});
  made.run.push_back(
      {"memory", fmt::format("{} per expression and record (--max-value), and what the steps say",
                             size_text(options->settings.max_value))});
  made.run.push_back({"output", "as soon as sz would wait, at the latest 100 ms after a record is ready"});
  Walk(invocation, words, *options, *chain, pooled_stages, made)
      .pipeline(invocation.pipeline, 0,
                options->dlq ? fmt::format("{} (--dlq)", quote(*options->dlq, longest_path)) : "stderr");
  if (event_time && uses_environment(globals.text("--time").value_or("")))
    made.varies.emplace_back("--time: $ENV is the environment's");
  return made;
}

}  // namespace sz::run
