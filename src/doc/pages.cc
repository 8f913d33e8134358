#include "doc/pages.h"

#include "doc/completion.h"
#include "doc/expression_reference.h"
#include "doc/letter_manual.h"
#include "doc/manual.h"
#include "json/write.h"

namespace sz::doc {

std::vector<Page> pages(std::string_view prose, plan::Declarations stages) {
  return {{"man/sz.1", manual(prose, stages)},
          {"man/sz-expr.7", expression_manual()},
          {"man/sz-dlq.5", letter_manual()},
          {"completions/sz.bash", completion("bash", stages)},
          {"completions/_sz", completion("zsh", stages)},
          {"completions/sz.fish", completion("fish", stages)}};
}

std::string examples(plan::Declarations stages) {
  std::string all;
  for (const Declaration* stage : stages)
    for (const Example& example : stage->examples) {
      const auto member = [&](std::string_view name, std::string_view value) {
        all.append(name);
        json::append_string(all, value);
      };
      member("{\"stage\":", stage->name);
      member(",\"words\":", example.words);
      member(",\"input\":", example.input);
      member(",\"output\":", example.output);
      all += "}\n";
    }
  return all;
}

}  // namespace sz::doc
