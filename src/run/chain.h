#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/buffer.h"
#include "core/composite.h"
#include "core/plan_error.h"
#include "core/settings.h"
#include "core/stage.h"
#include "plan/tree.h"
#include "run/tracer.h"

namespace sz::run {

/// Some steps of a pipeline as stages, with all that is nested in them: built one by one, then bound last
/// stage first. At run time a pipeline is its head. The flat list of all stages serves timers, the end and
/// the statistics, and its order, that of the flow, breaks ties; the tree says who wants records.
///
/// Stages count from 1 in written order, those in brackets among them: `retry map` is 1 and 2.
class Chain {
 public:
  /// `first`: the plan index of the first step, from 1.
  static std::expected<Chain, PlanError> build(std::span<const plan::Step> steps, const Settings& settings,
                                               std::size_t first = 1);

  /// Every record that comes out goes to `next`. All of them outlive the chain's use. `tracer`, if given,
  /// hears of each record that goes into a stage.
  void bind(Run& run, Out& next, Failures& failures, Tracer* tracer = nullptr);
  /// The buffers, which the runner feeds from; the last first.
  std::span<Buffer* const> buffers() const { return buffers_; }
  /// The counts that a stuck output holds back (Stage::hold_back).
  const std::vector<int*>& output_pressures() const { return output_pressures_; }
  /// Where records go in. Without a stage it is `next`.
  Out& head() const { return *head_; }

  std::span<const std::unique_ptr<Stage>> stages() const { return stages_; }
  /// The name and the plan index of stage `i` (from 0) of the list, also before it is bound.
  std::string_view name(std::size_t i) const { return places_[i].declaration->name; }
  std::size_t index(std::size_t i) const { return places_[i].index; }
  /// How deep stage `i` (from 0) of the list stands in others.
  std::size_t depth(std::size_t i) const { return places_[i].depth; }
  /// Of which branch stage `i` is the buffer that its owner put there, from 1, or 0.
  std::size_t branch(std::size_t i) const { return places_[i].branch; }
  /// Does stage `i` do something outside?
  bool effect(std::size_t i) const { return places_[i].declaration->traits.effect || stages_[i]->effect(); }
  /// Do the failures that stage `i` counts go straight to what was given to bind(), past all prefixes?
  bool outermost(std::size_t i) const { return places_[i].outermost; }

  /// Are more records wanted? Backwards from the output: a stage wants records if it is not done and somebody
  /// behind it wants what it makes of them, or if it has an effect.
  bool wanted() const { return wanted(pipeline_, {.behind = true}, false); }
  /// Gives up, in stages that nobody behind wants anything of, what waits there (Run::discarding).
  void discard() const { wanted(pipeline_, {.behind = true}, true); }
  /// May some stage come to want no more input?
  bool finishes() const;
  /// Are the input lines of kept records needed (Run::keep_originals)?
  bool needs_originals() const;

  /// How many of the leading steps handle each record by itself and may run in the ordered pool.
  static std::size_t stateless_prefix(std::span<const plan::Step> steps);
  /// How many stages some steps are, those in brackets among them, each once.
  static std::size_t stages_in(std::span<const plan::Step> steps);

 private:
  struct Node;
  using Nodes = std::vector<Node>;
  /// A stage in the tree, and what is in its brackets or behind it if it is a prefix.
  struct Node {
    std::size_t stage = 0;  // in the list
    std::vector<Nodes> inner;
  };
  struct Place {
    const Declaration* declaration = nullptr;
    std::size_t index = 0, depth = 0;
    bool outermost = false;
    std::size_t branch = 0;
  };
  /// What a record can meet from some place on without passing a buffer.
  struct Reach {
    std::vector<Stage*> stages;
    bool output = false;
    void add(const Reach& other);
  };
  /// Who wants what a pipeline gives.
  struct Wanted {
    bool behind = false, failures = false;
  };
  class Builder;

  Out& bind(const Nodes& nodes, Run& run, Out& next, Failures& failures, Reach& reach);
  void bind_inner(const Node& node, Composite& composite, Run& run, Reach& reach);
  void press(const Reach& reach, int& pressure);
  Inner inner(const Nodes& nodes, Out& head) const;
  void gather(const Nodes& nodes, std::vector<std::size_t>& into) const;
  bool wanted(const Nodes& nodes, Wanted by, bool discard) const;
  bool wanted(const Node& node, Wanted by, bool discard) const;

  std::vector<std::unique_ptr<Stage>> stages_;
  std::vector<Place> places_;
  Nodes pipeline_;
  Out* head_ = nullptr;
  std::vector<Buffer*> buffers_;
  std::map<Stage*, std::vector<int*>> pressures_;  // while binding
  std::vector<int*> output_pressures_;
  Tracer* tracer_ = nullptr;
  std::vector<std::unique_ptr<TracedStage>> traced_;
};

}  // namespace sz::run
