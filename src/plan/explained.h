#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sz::plan {

/// What `sz explain` says, before it is laid out.
struct Explained {
  /// A thing and what there is to say of it.
  struct Row {
    std::string name, text;
  };
  struct Step {
    std::size_t index = 0;   ///< as in statistics and dead letters; 0: the heading of a bracket
    std::size_t depth = 0;   ///< in how many others it stands
    std::string words = {};  ///< as typed, without what is in its brackets
    bool pooled = false;     ///< it runs in the ordered pool
    std::vector<Row> rows = {};
  };
  std::vector<Row> run = {};  ///< of all of it
  std::vector<Step> steps = {};
  std::vector<std::string> varies = {};  ///< by what two runs may differ; empty: by nothing
};

}  // namespace sz::plan
