#include "run/chain.h"

#include <algorithm>
#include <utility>

namespace sz::run {
namespace {

std::size_t count(const plan::Pipeline& pipeline);

std::size_t count(const std::vector<plan::Group>& groups) {
  std::size_t n = 0;
  for (const plan::Group& group : groups) n += count(group.pipeline);
  return n;
}

std::size_t count(const plan::Step& step) {
  std::size_t n = (step.declaration != nullptr ? 1U : 0U) + count(step.groups);
  for (const plan::Step::Prefix& prefix : step.prefixes) n += 1 + count(prefix.groups);
  return n;
}

std::size_t count(const plan::Pipeline& pipeline) {
  std::size_t n = 0;
  for (const plan::Step& step : pipeline.steps) n += count(step);
  return n;
}

}  // namespace

/// Builds the stages of a tree. The list is in the order of the flow: what a prefix wraps comes before its
/// own brackets, whose records come of it; indexes are in written order.
class Chain::Builder {
 public:
  Builder(Chain& chain, const Settings& settings) : chain_(chain), settings_(settings) {}

  using Done = std::expected<void, PlanError>;

  /// Where stages stand: the index of the next one, how deep, and whether their failures go straight out.
  struct At {
    std::size_t index = 1, depth = 0;
    bool outermost = true;
  };

  Done pipeline(std::span<const plan::Step> steps, At at, Nodes& into) {
    for (const plan::Step& step : steps) {
      if (auto done = wrapped(step, 0, at, into); !done) return done;
      at.index += count(step);
    }
    return {};
  }

 private:
  /// The step from its k-th prefix on.
  Done wrapped(const plan::Step& step, std::size_t k, At at, Nodes& into) {
    if (k == step.prefixes.size()) {
      if (step.declaration == nullptr) return pipeline(step.groups.front().pipeline.steps, at, into);
      auto node = stage(*step.declaration, step.arguments, at);
      if (!node) return std::unexpected(std::move(node.error()));
      if (auto done = groups(step.groups, at, *node); !done) return done;
      into.push_back(std::move(*node));
      return {};
    }
    const plan::Step::Prefix& prefix = step.prefixes[k];
    auto node = stage(*prefix.declaration, prefix.arguments, at);
    if (!node) return std::unexpected(std::move(node.error()));
    node->inner.emplace_back();
    const At behind{.index = at.index + 1 + count(prefix.groups), .depth = at.depth + 1, .outermost = false};
    if (auto done = wrapped(step, k + 1, behind, node->inner.front()); !done) return done;
    if (auto done = groups(prefix.groups, at, *node); !done) return done;
    into.push_back(std::move(*node));
    return {};
  }

  /// The brackets of the stage at `at`.
  Done groups(const std::vector<plan::Group>& all, At at, Node& into) {
    auto* const composite = dynamic_cast<Composite*>(chain_.stages_[into.stage].get());
    const std::size_t copies = composite != nullptr ? composite->copies() : 1;
    ++at.index;
    ++at.depth;
    for (const plan::Group& group : all) {
      for (std::size_t copy = 0; copy < copies; ++copy) {
        Nodes nodes;
        if (composite != nullptr) front(*composite, into, at, nodes);
        if (auto done = pipeline(group.pipeline.steps, at, nodes); !done) return done;
        into.inner.push_back(std::move(nodes));
      }
      at.index += count(group.pipeline);
    }
    return {};
  }

  /// What the stage `of` itself puts at the head of its next pipeline. It goes by the name and number of its
  /// owner.
  void front(Composite& composite, const Node& of, At at, Nodes& into) {
    auto made = composite.make_front(of.inner.size());
    if (made == nullptr) return;
    chain_.stages_.push_back(std::move(made));
    chain_.places_.push_back({.declaration = chain_.places_[of.stage].declaration,
                              .index = chain_.places_[of.stage].index,
                              .depth = at.depth,
                              .outermost = at.outermost,
                              .branch = of.inner.size() + 1});
    into.push_back({.stage = chain_.stages_.size() - 1, .inner = {}});
  }

  std::expected<Node, PlanError> stage(const Declaration& declaration, const Arguments& arguments, At at) {
    auto made = declaration.build(arguments, settings_);
    if (!made) return std::unexpected(std::move(made.error()));
    chain_.stages_.push_back(std::move(*made));
    chain_.places_.push_back(
        {.declaration = &declaration, .index = at.index, .depth = at.depth, .outermost = at.outermost});
    return Node{.stage = chain_.stages_.size() - 1, .inner = {}};
  }

  Chain& chain_;
  const Settings& settings_;
};

std::expected<Chain, PlanError> Chain::build(std::span<const plan::Step> steps, const Settings& settings,
                                             std::size_t first) {
  Chain chain;
  if (auto done = Builder(chain, settings).pipeline(steps, {.index = first}, chain.pipeline_); !done)
    return std::unexpected(std::move(done.error()));
  return chain;
}

void Chain::Reach::add(const Reach& other) {
  for (Stage* const stage : other.stages)
    if (std::ranges::find(stages, stage) == stages.end()) stages.push_back(stage);
  output |= other.output;
}

void Chain::press(const Reach& reach, int& pressure) {
  for (Stage* const stage : reach.stages) pressures_[stage].push_back(&pressure);
  if (reach.output) output_pressures_.push_back(&pressure);
}

void Chain::bind(Run& run, Out& next, Failures& failures, Tracer* tracer) {
  tracer_ = tracer;
  Reach reach{.stages = {}, .output = true};
  head_ = &bind(pipeline_, run, next, failures, reach);
  press(reach, run.blocked);
  for (auto& [stage, pressures] : std::exchange(pressures_, {})) stage->hold_back(std::move(pressures));
}

// `reach` is what can be met behind, and then from the head on.
Out& Chain::bind(const Nodes& nodes, Run& run, Out& next, Failures& failures, Reach& reach) {
  Out* head = &next;
  for (std::size_t i = nodes.size(); i-- > 0;) {
    Stage& stage = *stages_[nodes[i].stage];
    const Place& place = places_[nodes[i].stage];
    stage.connect(run, *head, failures, place.declaration->name, place.index);
    if (auto* const buffer = dynamic_cast<Buffer*>(&stage)) {
      press(reach, buffer->pressure());
      buffers_.push_back(buffer);
      reach = {};
    } else if (auto* const composite = dynamic_cast<Composite*>(&stage)) {
      bind_inner(nodes[i], *composite, run, reach);
    }
    if (place.declaration->traits.ends) reach = {};
    reach.stages.push_back(&stage);
    head = tracer_ == nullptr ? static_cast<Out*>(&stage)
                              : traced_.emplace_back(std::make_unique<TracedStage>(*tracer_, stage)).get();
  }
  return *head;
}

// The last first: the failures of a pipeline may go on into a later one.
void Chain::bind_inner(const Node& node, Composite& composite, Run& run, Reach& reach) {
  Reach all = composite.passes_by() ? reach : Reach{}, later;
  std::vector<Inner> inners(node.inner.size());
  for (std::size_t k = node.inner.size(); k-- > 0;) {
    Reach inside = composite.discards(k) ? Reach{} : reach;
    if (composite.catches(k)) inside.add(later);
    Out& head = bind(node.inner[k], run, composite.exit_of(k), composite.failures(k), inside);
    inners[k] = inner(node.inner[k], head);
    later.add(inside);
    all.add(inside);
  }
  for (Inner& made : inners) composite.bind_inner(std::move(made));
  reach = std::move(all);
}

void Chain::gather(const Nodes& nodes, std::vector<std::size_t>& into) const {
  for (const Node& node : nodes) {
    into.push_back(node.stage);
    for (const Nodes& inside : node.inner) gather(inside, into);
  }
}

Inner Chain::inner(const Nodes& nodes, Out& head) const {
  Inner made{.head = &head, .stages = {}};
  std::vector<std::size_t> inside;
  gather(nodes, inside);
  std::ranges::sort(inside);
  for (const std::size_t i : inside) {
    Stage& stage = *stages_[i];
    made.stages.push_back(&stage);
    made.width = std::max(made.width, stage.width());
    made.paces |= stage.paces();
    made.gathers |= stage.gathers() || places_[i].declaration->traits.merges;
  }
  return made;
}

bool Chain::wanted(const Nodes& nodes, Wanted by, bool discard) const {
  for (std::size_t i = nodes.size(); i-- > 0;) by.behind = wanted(nodes[i], by, discard);
  return by.behind;
}

bool Chain::wanted(const Node& node, Wanted by, bool discard) const {
  Stage& stage = *stages_[node.stage];
  const bool target = by.behind || by.failures;
  if (discard && !target) stage.abandon();
  const auto* const composite = dynamic_cast<const Composite*>(&stage);
  if (composite == nullptr) return effect(node.stage) || (target && !stage.done());
  bool any = composite->passes_by() && target;
  // Failures of a pipeline may come into a later one (catch): so the last comes first. They are worth reading
  // for only if that acts, as failures outside are not; it is itself no reason to read.
  bool handled = false;
  for (std::size_t k = node.inner.size(); k-- > 0;) {
    const Wanted inside{.behind = by.behind && !composite->discards(k),
                        .failures = by.failures || (composite->catches(k) && handled)};
    const bool wants = wanted(node.inner[k], inside, discard);
    if (k != 0 && composite->catches(k - 1))
      handled |= wanted(node.inner[k], {.behind = false, .failures = by.failures}, false);
    else
      any |= wants;
  }
  return any && !stage.done();
}

bool Chain::finishes() const {
  return std::ranges::any_of(places_, [](const Place& place) { return place.declaration->traits.finishes; });
}

bool Chain::needs_originals() const {
  return std::ranges::any_of(stages_, [](const auto& stage) { return stage->needs_originals(); });
}

namespace {

bool stateless(const plan::Step& step) {
  if (!step.prefixes.empty() || step.declaration == nullptr) return false;
  const Traits& traits = step.declaration->traits;
  if (traits.stateless) return true;
  if (!traits.routes || (!traits.keeps_with.empty() && step.arguments.given(traits.keeps_with))) return false;
  return std::ranges::all_of(step.groups, [](const plan::Group& group) {
    return std::ranges::all_of(group.pipeline.steps, stateless);
  });
}

}  // namespace

std::size_t Chain::stateless_prefix(std::span<const plan::Step> steps) {
  return static_cast<std::size_t>(std::ranges::find_if_not(steps, stateless) - steps.begin());
}

std::size_t Chain::stages_in(std::span<const plan::Step> steps) {
  std::size_t n = 0;
  for (const plan::Step& step : steps) n += count(step);
  return n;
}

}  // namespace sz::run
