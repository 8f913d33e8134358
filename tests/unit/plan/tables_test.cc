// What must hold of every declaration, whoever writes it.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "plan/command.h"
#include "plan/positional.h"
#include "plan/registry.h"
#include "plan/sample_stages.h"
#include "plan/shell_words.h"
#include "plan/topics.h"
#include "plan/value.h"

namespace sz::plan {
namespace {

bool is_option_name(std::string_view name) {
  return name.starts_with("--") && name.size() > 3 &&
         name.substr(2).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// `one phrase, lower case, no full stop`; a name may stand first (`RFC 3339 text`, `N or more`).
void expect_phrase(std::string_view text, std::string_view of) {
  ASSERT_FALSE(text.empty()) << of;
  EXPECT_FALSE(text.ends_with('.')) << of << ": " << text;
  EXPECT_FALSE(text.ends_with(' ') || text.starts_with(' ')) << of << ": " << text;
  EXPECT_EQ(text.find('\n'), std::string_view::npos) << of << ": " << text;
  const bool capital = text[0] >= 'A' && text[0] <= 'Z';
  const bool word = capital && text.size() > 1 && text[1] >= 'a' && text[1] <= 'z';
  EXPECT_FALSE(word) << of << ": " << text;
}

void expect_good_options(std::span<const OptionDeclaration> options, std::string_view of) {
  std::set<std::string_view> names;
  std::set<char> letters;
  for (const OptionDeclaration& option : options) {
    const std::string where = std::string(of).append(" ").append(option.name);
    EXPECT_TRUE(is_option_name(option.name)) << where;
    EXPECT_TRUE(names.insert(option.name).second) << where << " is declared twice";
    if (option.letter) {
      EXPECT_TRUE(std::isalpha(static_cast<unsigned char>(option.letter))) << where;
      EXPECT_TRUE(letters.insert(option.letter).second) << where << ": its letter is taken";
    }
    expect_phrase(option.help, where);
    EXPECT_EQ(option.metavar.empty(), option.type == ValueType::flag) << where;
    EXPECT_EQ(option.choices.empty(), option.type != ValueType::choice) << where;
    if (option.value_optional) {
      EXPECT_FALSE(option.choices.empty()) << where << ": the first choice is the value if none is given";
    }
    if (option.type == ValueType::flag) {
      EXPECT_TRUE(option.fallback.empty()) << where;
    }
    if (!option.fallback.empty()) {
      EXPECT_TRUE(read_value(option.type, option.choices, option.fallback))
          << where << ": its fallback is no value";
    }
  }
}

void expect_good(const Declaration& declaration) {
  const std::string of(declaration.name);
  expect_phrase(declaration.summary, of);
  EXPECT_LE(declaration.summary.size(), 66u) << of << ": the summary does not fit a line of --help";
  EXPECT_FALSE(declaration.section.empty()) << of;
  EXPECT_TRUE(declaration.description.ends_with('.')) << of;
  EXPECT_GE(declaration.examples.size(), 2u) << of;
  expect_good_options(declaration.options, of);
  for (const OptionDeclaration& option : declaration.options) {
    EXPECT_NE(option.name, help_option().name) << of;
    EXPECT_NE(option.letter, help_option().letter) << of;
    if (!takes_expression(declaration)) continue;
    EXPECT_NE(option.name, expression_option().name) << of;
    EXPECT_NE(option.letter, expression_option().letter) << of;
  }
  bool optional = false;
  for (const PositionalDeclaration& positional : declaration.positionals) {
    expect_phrase(positional.help, of + " " + std::string(positional.name));
    EXPECT_FALSE(optional && positional.required)
        << of << ": a required word behind one that can be left out";
    optional = optional || !positional.required;
    if (takes_rest(positional)) {
      EXPECT_EQ(&positional, &declaration.positionals.back()) << of;
    }
  }
  if (has_conditions(declaration)) {
    EXPECT_GT(declaration.traits.max_groups, 0u) << of;
  }
  EXPECT_LE(declaration.traits.min_groups, declaration.traits.max_groups) << of;
  for (const Example& example : declaration.examples) expect_phrase(example.title, of);
}

/// Each name and alias names one stage only, and nothing else on a command line.
void expect_good_names(Declarations stages) {
  std::set<std::string_view> names;
  for (const Declaration* command : commands())
    names.insert(command->name.substr(0, command->name.find(' ')));
  for (const std::string_view topic : topics) names.insert(topic);
  for (const std::string_view word : {"then", "else", "run", "explain", "demo"}) names.insert(word);
  for (const Declaration* stage : stages) {
    EXPECT_TRUE(names.insert(stage->name).second) << stage->name;
    for (const std::string_view alias : stage->aliases) EXPECT_TRUE(names.insert(alias).second) << alias;
    EXPECT_EQ(stage->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), std::string_view::npos)
        << stage->name;
  }
}

/// Stages of a section stand together, so that the help and the manual can show them so.
void expect_sections_together(Declarations stages) {
  std::set<std::string_view> done;
  std::string_view section;
  for (const Declaration* stage : stages) {
    if (stage->section == section) continue;
    section = stage->section;
    EXPECT_TRUE(done.insert(section).second) << stage->name << ": " << section << " was left before";
  }
}

/// The examples are right command lines of the stage that shows them.
void expect_good_examples(Declarations stages) {
  for (const Declaration* stage : stages)
    for (const Example& example : stage->examples) {
      const std::vector<std::string> words = shell_words(example.words);
      const auto command = parse_command(words, stages);
      EXPECT_TRUE(command) << example.words << ": " << (command ? "" : command.error().message);
      const bool named = std::ranges::any_of(
          words, [&](const std::string& word) { return find_stage(word, stages) == stage; });
      EXPECT_TRUE(named) << example.words << " does not show " << stage->name;
      EXPECT_TRUE(example.input.empty() || example.input.ends_with('\n')) << example.words;
      EXPECT_TRUE(example.output.empty() || example.output.ends_with('\n')) << example.words;
    }
}

TEST(Tables, Globals) { expect_good_options(globals(), "sz"); }

TEST(Tables, Commands) {
  for (const Declaration* command : commands()) expect_good(*command);
}

TEST(Tables, Stages) {
  ASSERT_FALSE(stages().empty());
  for (const Declaration* stage : stages()) {
    expect_good(*stage);
    EXPECT_NE(stage->build, nullptr) << stage->name;
  }
  expect_good_names(stages());
  expect_sections_together(stages());
  expect_good_examples(stages());
}

/// The tables that the other tests use keep the rules too.
TEST(Tables, Samples) {
  for (const Declaration* stage : sample_stages()) expect_good(*stage);
  expect_good_names(sample_stages());
  expect_good_examples(sample_stages());
}

}  // namespace
}  // namespace sz::plan
