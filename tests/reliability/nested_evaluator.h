#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nested_tree.h"

namespace sz::simulate::nested {

struct Bad {
  int index = 0;
  std::string kind;
  Thing thing;
  bool tap = false, again = false;
};
/// A record that ended in a file.
struct Filed {
  std::string file;
  Thing thing;
  bool tap = false;
};
struct Outcome {
  std::vector<Thing> out = {};
  std::vector<Bad> bad = {};
  std::vector<Filed> filed = {};
};

/// One record through a pipeline, as SPEC 7 has it, without any time.
class Evaluator {
 public:
  /// `fails`: does work outside fail at times?
  explicit Evaluator(bool fails = true) : fails_(fails) {}

  Outcome pipeline(const Nodes& nodes, const Thing& thing, std::size_t from = 0) {
    if (from == nodes.size()) return {{thing}, {}};
    Outcome here = node(nodes[from], thing), all;
    all.bad = std::move(here.bad);
    all.filed = std::move(here.filed);
    for (const Thing& next : here.out) append(all, pipeline(nodes, next, from + 1));
    return all;
  }

 private:
  static void append(Outcome& to, Outcome from) {
    to.out.insert(to.out.end(), from.out.begin(), from.out.end());
    to.bad.insert(to.bad.end(), from.bad.begin(), from.bad.end());
    to.filed.insert(to.filed.end(), from.filed.begin(), from.filed.end());
  }
  static Thing plus(Thing thing, long by) {
    thing.a += by;
    return thing;
  }

  Outcome node(const Node& node, const Thing& thing) {
    Outcome all;
    const bool even = thing.a % 2 == 0;
    switch (node.op) {
      case Op::even:
        return even ? Outcome{{thing}, {}} : Outcome{};
      case Op::add:
        return {{plus(thing, node.stride != 0 ? node.stride : 1)}, {}};
      case Op::third:
        if (thing.a % 3 == 0) return {{}, {{node.index, "expr", thing}}};
        return {{thing}, {}};
      case Op::twice:
        return {{thing, plus(thing, node.stride)}, {}};
      case Op::outside:
        return outside(node, thing);
      case Op::buffer:
      case Op::hold:
        return {{thing}, {}};
      case Op::switch_else:
      case Op::switch_past:
      case Op::all: {
        std::vector<std::size_t> chosen;
        if (even) chosen.push_back(0);
        if (thing.a % 3 == 1 && (chosen.empty() || node.op == Op::all)) chosen.push_back(1);
        if (chosen.empty() && node.op == Op::switch_else) chosen.push_back(2);
        if (chosen.empty()) return {{thing}, {}};
        for (const std::size_t i : chosen) append(all, pipeline(node.inner[i], thing));
        return all;
      }
      case Op::split:
        return pipeline(node.inner[even ? 0 : 1], thing);
      case Op::fanout:
      case Op::isolate:
        for (const Nodes& inner : node.inner) append(all, pipeline(inner, thing));
        return all;
      case Op::partition:
        return pipeline(node.inner[0], thing);
      case Op::tap:
        all = pipeline(node.inner[0], thing);
        for (Bad& bad : all.bad) bad.tap = true;
        for (Filed& filed : all.filed) filed.tap = true;
        all.out = {thing};
        return all;
      case Op::breaker:
        return pipeline(node.inner[0], thing);
      case Op::retry:
        return retry(node, thing);
      case Op::catches:
        all = pipeline(node.inner[1], thing);
        for (const Bad& bad : std::exchange(all.bad, {})) append(all, pipeline(node.inner[0], bad.thing));
        return all;
      case Op::write: {
        std::string file = node.file;
        if (const auto place = file.find("{.n}"); place != std::string::npos)
          file.replace(place, 4, std::to_string(thing.n));
        all.filed.push_back({std::move(file), thing});
        return all;
      }
    }
    return all;
  }

  Outcome outside(const Node& node, const Thing& thing) {
    const std::string key = fmt::format("{} {}\n", node.index, thing.text());
    if (!fails_ || asked_[key]++ >= thing.f) return {{thing}, {}};
    const BadEnd& end = bad_end(std::to_string(node.index), thing.n);
    return {{}, {{node.index, end.kind, thing, false, end.again}}};
  }

  Outcome retry(const Node& node, const Thing& thing) {
    for (int tried = 1;; ++tried) {
      Outcome now = pipeline(node.inner[0], thing);
      if (now.bad.empty()) return now;
      const Bad first = *std::ranges::min_element(
          now.bad, {}, [](const Bad& bad) { return std::pair(bad.tap, bad.index); });
      if (first.again && tried < node.attempts) continue;
      if (first.tap) return {now.out, {first}};
      return {{}, {first}};
    }
  }

  bool fails_;
  std::map<std::string, int> asked_;
};

}  // namespace sz::simulate::nested
