#include "doc/help.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "core/failure.h"
#include "doc/text.h"
#include "doc/topics.h"
#include "plan/topics.h"

namespace sz::doc {
namespace {

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    all.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(all.back().size() + 1, text.size()));
  }
  return all;
}

/// Lines end with a newline and not with a blank, and fit the page; examples may be longer.
void expect_page(std::string_view page) {
  EXPECT_TRUE(page.ends_with('\n'));
  for (const std::string_view line : lines(page)) {
    EXPECT_FALSE(line.ends_with(' ')) << line;
    EXPECT_EQ(line.find('\t'), std::string_view::npos) << line;
    const bool example = line.starts_with("  sz ") || line.starts_with("    $ ") ||
                         line.starts_with("    < ") || line.starts_with("    > ");
    if (!example) {
      EXPECT_LE(columns(line), page_width) << line;
    }
  }
}

bool has_example(std::string_view page, std::size_t within) {
  const auto all = lines(page);
  return std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(within, all.size())),
                     [](std::string_view line) { return line.find(" sz ") != std::string_view::npos; });
}

TEST(Help, ShortFitsAScreen) {
  const std::string page = short_help();
  expect_page(page);
  EXPECT_LE(lines(page).size(), 23u);
  for (const std::string_view line : lines(page)) EXPECT_LE(columns(line), page_width) << line;
  EXPECT_TRUE(has_example(page, 4));
  for (const Declaration* stage : plan::stages())
    EXPECT_NE(page.find(stage->name), std::string::npos) << stage->name;
}

TEST(Help, FailuresHaveTheirKinds) {
  const std::string page = help({.subject = "failures", .whole = true}, plan::stages(), page_width);
  for (std::size_t i = 0; i < failure_kinds; ++i) {
    const std::string_view kind = name(static_cast<FailureKind>(i));
    EXPECT_NE(page.find(kind), std::string::npos) << kind;
  }
}

TEST(Help, ANarrowPageIsNarrow) {
  const auto narrow = [](const std::string& page) {
    for (const std::string_view line : lines(page)) {
      const bool fixed = line.starts_with("  ") || line.starts_with("usage: ");
      EXPECT_TRUE(fixed || columns(line) <= narrowest_page) << line;
    }
    return page;
  };
  const std::string page = narrow(full_help(plan::stages(), narrowest_page));
  EXPECT_GT(lines(page).size(), lines(full_help()).size());
  for (const Declaration* stage : plan::stages()) narrow(stage_help(*stage, true, narrowest_page));
}

TEST(Help, FullHasEverything) {
  const std::string page = full_help();
  expect_page(page);
  EXPECT_TRUE(page.starts_with(short_help()));
  for (const OptionDeclaration& option : plan::globals())
    EXPECT_NE(page.find(option.name), std::string::npos) << option.name;
  for (const Declaration* stage : plan::stages())
    EXPECT_NE(page.find(stage->summary), std::string::npos) << stage->name;
  for (const Declaration* command : plan::commands())
    EXPECT_NE(page.find(command->summary), std::string::npos) << command->name;
  for (const std::string_view topic : plan::topics) EXPECT_NE(page.find(topic), std::string::npos) << topic;
}

TEST(Help, EachStageAndCommand) {
  std::vector<const Declaration*> all(plan::stages().begin(), plan::stages().end());
  all.insert(all.end(), plan::commands().begin(), plan::commands().end());
  for (const Declaration* declaration : all) {
    const std::string one_screen = stage_help(*declaration, false);
    expect_page(one_screen);
    EXPECT_LE(lines(one_screen).size(), 23u) << declaration->name;
    EXPECT_TRUE(has_example(one_screen, 4)) << declaration->name;
    const std::string whole = stage_help(*declaration, true);
    expect_page(whole);
    EXPECT_TRUE(has_example(whole, 4)) << declaration->name;
    for (const OptionDeclaration& option : declaration->options) {
      EXPECT_NE(one_screen.find(option.name), std::string::npos) << option.name;
      EXPECT_NE(whole.find(option.name), std::string::npos) << option.name;
    }
    for (const Example& example : declaration->examples)
      EXPECT_NE(whole.find(example.words), std::string::npos) << example.words;
    EXPECT_EQ(help({.subject = std::string(declaration->name), .whole = true}), whole);
    EXPECT_EQ(help({.subject = std::string(declaration->name), .whole = false}), one_screen);
  }
}

TEST(Help, Topics) {
  ASSERT_EQ(topics().size(), std::size(plan::topics));
  for (std::size_t i = 0; i < topics().size(); ++i) {
    EXPECT_EQ(topics()[i].name, plan::topics[i]);
    const std::string page = help({.subject = std::string(plan::topics[i]), .whole = true});
    expect_page(page);
    EXPECT_TRUE(page.starts_with(plan::topics[i]));
  }
}

TEST(Help, Version) { EXPECT_EQ(version(), "sz " SZ_VERSION "\n"); }

}  // namespace
}  // namespace sz::doc
