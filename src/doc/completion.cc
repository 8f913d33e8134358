#include "doc/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doc/completion_table.h"
#include "doc/topics.h"
#include "plan/positional.h"

namespace sz::doc {
namespace {

std::string value_of(const OptionDeclaration& option) {
  if (option.type == ValueType::flag) return {};
  if (!option.choices.empty())
    return fmt::format("{}{}", option.value_optional ? "=" : "", fmt::join(option.choices, " "));
  return option.type == ValueType::file ? "file" : "-";
}

CompletedOption completed(const OptionDeclaration& option) {
  CompletedOption made{
      .names = {std::string(option.name)}, .value = value_of(option), .help = std::string(option.help)};
  if (option.letter) made.names.push_back(fmt::format("-{}", option.letter));
  return made;
}

/// As many of sz help aggregates as can be named one by one.
constexpr std::string_view functions =
    "count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta "
    "rate";
constexpr std::string_view window_kinds = "count session sliding tumbling";

/// The plain words that a command takes.
std::string words_of(const Declaration& command, plan::Declarations stages) {
  if (command.name == "completion") return "bash zsh fish";
  if (command.name == "demo") return "-";
  if (command.name == "dlq stats") return "stats";  // and a file behind that
  if (command.name != "help") return "file";
  std::string all;
  for (const Declaration* stage : stages) all.append(stage->name).append(" ");
  for (const Declaration* other : plan::commands())
    all.append(other->name.substr(0, other->name.find(' '))).append(" ");
  for (const Topic& topic : topics()) all.append(topic.name).append(" ");
  all.pop_back();
  return all;
}

CompletedOwner owner_of(const Declaration& declaration, CompletedOwner::Kind kind) {
  CompletedOwner owner{.names = {std::string(declaration.name.substr(0, declaration.name.find(' ')))},
                       .summary = std::string(declaration.summary),
                       .options = {},
                       .words = {},
                       .kind = kind};
  if (declaration.name == "window") owner.words = window_kinds;
  if (declaration.name == "aggregate") owner.words = functions;
  if (!owner.words.empty()) owner.more = fmt::format("{} then --", functions);
  owner.joins_else = plan::has_conditions(declaration);
  if (kind != CompletedOwner::Kind::command)
    for (const std::string_view alias : declaration.aliases) owner.names.emplace_back(alias);
  for (const OptionDeclaration& option : declaration.options) owner.options.push_back(completed(option));
  if (plan::takes_expression(declaration)) {
    owner.options.push_back(completed(plan::expression_option()));
    if (plan::takes_expression_file(declaration))
      owner.options.push_back(completed(plan::from_file_option()));
  }
  owner.options.push_back(completed(plan::help_option()));
  return owner;
}

}  // namespace

std::vector<CompletedOwner> completed_owners(plan::Declarations stages) {
  using Kind = CompletedOwner::Kind;
  std::vector<CompletedOwner> owners{
      {.names = {"sz"}, .summary = {}, .options = {}, .words = {}, .kind = Kind::sz}};
  for (const OptionDeclaration& option : plan::globals()) owners[0].options.push_back(completed(option));
  for (const Declaration* stage : stages)
    owners.push_back(owner_of(*stage, stage->traits.prefix ? Kind::prefix : Kind::stage));
  for (const Declaration* command : plan::commands()) {
    owners.push_back(owner_of(*command, Kind::command));
    owners.back().words = words_of(*command, stages);
    if (command->name == "run")
      owners.back().options = owners.front().options;  // globals may stand behind it
  }
  return owners;
}

std::string names_of(const std::vector<CompletedOwner>& owners, CompletedOwner::Kind kind) {
  std::string all;
  for (const CompletedOwner& owner : owners)
    if (owner.kind == kind)
      for (const std::string& name : owner.names) all.append(all.empty() ? "" : " ").append(name);
  return all;
}

std::string sh_value_function(const std::vector<CompletedOwner>& owners) {
  std::string all =
      "\n# What stands behind an option: nothing, file, - for what nobody can list, or words.\n"
      "_sz_value() {\n  case \"$1 $2\" in\n";
  for (const CompletedOwner& owner : owners)
    for (const CompletedOption& option : owner.options) {
      if (option.value.empty()) continue;
      std::string patterns;
      for (const std::string& name : owner.names)
        for (const std::string& word : option.names)
          patterns.append(patterns.empty() ? "" : " | ").append(fmt::format("'{} {}'", name, word));
      all += fmt::format("    {}) value='{}' ;;\n", patterns, option.value);
    }
  return all + "    *) value='' ;;\n  esac\n}\n";
}

std::vector<std::pair<std::string, std::string>> plain_words(const std::vector<CompletedOwner>& owners) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const CompletedOwner& owner : owners)
    for (const std::string& name : owner.names) {
      if (!owner.words.empty()) all.emplace_back(name, owner.words);
      if (!owner.words.empty())
        all.emplace_back(name + " more", owner.more.empty() ? owner.words : owner.more);
      if (owner.joins_else) all.emplace_back(name + " ]", "then else --");
    }
  return all;
}

std::string sh_words_function(const std::vector<CompletedOwner>& owners, std::string_view open,
                              std::string_view close) {
  std::string all = "\n_sz_words() {\n  case $1 in\n";
  for (const auto& [place, words] : plain_words(owners))
    all += fmt::format("    '{}') {}{}{} ;;\n", place, open, words, close);
  return all + fmt::format("    *) {}then --{} ;;\n  esac\n}}\n", open, close);
}

std::string completion(std::string_view shell, plan::Declarations stages) {
  const std::vector<CompletedOwner> owners = completed_owners(stages);
  if (shell == "bash") return bash_completion(owners);
  if (shell == "zsh") return zsh_completion(owners);
  if (shell == "fish") return fish_completion(owners);
  return {};
}

}  // namespace sz::doc
