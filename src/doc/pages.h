#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/registry.h"

namespace sz::doc {

/// A file of the source tree that is made from the declarations.
struct Page {
  std::string path;  ///< below the root of the tree
  std::string text;
};

/// man/sz.1 from the text of man/sz.1.in, man/sz-expr.7, man/sz-dlq.5, and the completions.
std::vector<Page> pages(std::string_view prose, plan::Declarations stages = plan::stages());

/// Every example of every stage, one JSON object a line: {"stage","words","input","output"}. The tests run
/// them.
std::string examples(plan::Declarations stages = plan::stages());

}  // namespace sz::doc
