#include "doc/usage.h"

#include <algorithm>

#include <fmt/format.h>

#include "plan/positional.h"

namespace sz::doc {
namespace {

std::string positional_usage(const PositionalDeclaration& positional) {
  return positional.required ? std::string(positional.name) : fmt::format("[{}]", positional.name);
}

/// `[ ... ]` once, or as often as it is taken.
std::string group_usage(const Declaration& declaration, std::string_view condition) {
  const Traits& traits = declaration.traits;
  std::string all;
  const std::string one =
      fmt::format(" {}[ ... ]", condition.empty() ? std::string() : fmt::format("{} ", condition));
  for (std::uint32_t i = 0; i < std::max(traits.min_groups, 1u); ++i) all += one;
  if (traits.max_groups > std::max(traits.min_groups, 1u)) all += "...";
  if (!condition.empty()) all += " [else [ ... ]]";
  return traits.min_groups == 0 ? fmt::format(" [{}]", all.substr(1)) : all;
}

}  // namespace

std::string option_term(const OptionDeclaration& option) {
  std::string term =
      option.letter ? fmt::format("-{}, {}", option.letter, option.name) : std::string(option.name);
  if (option.value_optional)
    term += fmt::format("[={}]", option.metavar);
  else if (!option.metavar.empty())
    term += fmt::format(" {}", option.metavar);
  return term;
}

std::string option_text(const OptionDeclaration& option) {
  if (option.fallback.empty()) return std::string(option.help);
  return fmt::format("{} (default {})", option.help, option.fallback);
}

std::string usage(const Declaration& declaration) {
  std::string all = fmt::format("sz {}", declaration.name);
  if (!declaration.options.empty()) all += " [OPTION]...";
  std::string_view condition;
  for (const PositionalDeclaration& positional : declaration.positionals) {
    if (plan::stands_before_group(positional))
      condition = positional.name.substr(0, positional.name.size() - 2);
    else
      all += fmt::format(" {}", positional_usage(positional));
  }
  if (declaration.traits.max_groups > 0) all += group_usage(declaration, condition);
  if (declaration.traits.prefix) all += " STAGE ...";
  return all;
}

std::vector<Entry> positional_entries(const Declaration& declaration) {
  std::vector<Entry> entries;
  entries.reserve(declaration.positionals.size());
  for (const PositionalDeclaration& positional : declaration.positionals)
    entries.push_back({std::string(positional.name) + (plan::stands_before_group(positional) ? " ... ]" : ""),
                       std::string(positional.help)});
  return entries;
}

std::vector<Entry> option_entries(const Declaration& declaration) {
  std::vector<Entry> entries;
  const auto add = [&](const OptionDeclaration& option) {
    entries.push_back({option_term(option), option_text(option)});
  };
  for (const OptionDeclaration& option : declaration.options) add(option);
  if (plan::takes_expression(declaration)) {
    add(plan::expression_option());
    if (plan::takes_expression_file(declaration)) add(plan::from_file_option());
  }
  add(plan::help_option());
  return entries;
}

std::string transcript(const Example& example, std::string_view indent) {
  std::string all = fmt::format("{}$ sz {}\n", indent, example.words);
  const auto add = [&](std::string_view text, std::string_view mark) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      all += fmt::format("{}{} {}\n", indent, mark, text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  };
  add(example.input, "<");
  add(example.output, ">");
  return all;
}

}  // namespace sz::doc
