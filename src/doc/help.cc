#include "doc/help.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "doc/text.h"
#include "doc/topics.h"
#include "doc/usage.h"

namespace sz::doc {
namespace {

constexpr std::size_t screen_height = 23;  // lines of a terminal of 24, whose last has the next prompt

constexpr std::string_view title = "sz - filter, reshape, batch and pace streams of JSON records, one a line";

constexpr std::string_view head = R"(
  tail -F app.log | sz filter '.level == "error"' then batch --size 100
  sz --dlq dead.ndjson map '{id, price: (.price | tonumber)}' < orders.ndjson
  sz --time .ts dedupe --by .user --ttl 1h then take 10 -- mon.ndjson tue.ndjson

usage: sz [OPTION]... STAGE [WORD]... [then STAGE [WORD]...]... [-- FILE...]
)";

/// Sections in the order in which they first come up.
std::vector<std::string_view> sections(plan::Declarations stages) {
  std::vector<std::string_view> all;
  for (const Declaration* stage : stages)
    if (std::ranges::find(all, stage->section) == all.end()) all.push_back(stage->section);
  return all;
}

std::string with_aliases(const Declaration& stage) {
  std::string all(stage.name);
  for (const std::string_view alias : stage.aliases) all.append(", ").append(alias);
  return all;
}

std::vector<Entry> summaries(plan::Declarations declarations, std::string_view section) {
  std::vector<Entry> entries;
  for (const Declaration* declaration : declarations)
    if (declaration->section == section)
      entries.push_back({with_aliases(*declaration), std::string(declaration->summary)});
  return entries;
}

std::vector<Entry> topic_entries() {
  std::vector<Entry> entries;
  for (const Topic& topic : topics())
    entries.push_back({std::string(topic.name), std::string(topic.summary)});
  return entries;
}

std::string joined_topics() {
  std::string all;
  for (const Topic& topic : topics()) all.append(all.empty() ? "" : " ").append(topic.name);
  return all;
}

/// The options that a newcomer needs, out of the table.
std::vector<Entry> main_options() {
  std::vector<Entry> entries;
  for (const std::string_view name : {"--time", "--dlq", "--raw-output", "--stats"})
    if (const OptionDeclaration* option = plan::find_option(name, plan::globals()))
      entries.push_back({option_term(*option), std::string(option->help)});
  return entries;
}

/// The first examples that fit on a line of a usual terminal, `most` of them, and one at least.
std::string example_lines(const Declaration& stage, std::size_t most) {
  std::string lines;
  std::size_t count = 0;
  for (const Example& example : stage.examples) {
    const std::string line = fmt::format("  sz {}", example.words);
    if (columns(line) <= page_width && count++ < std::max<std::size_t>(most, 1)) lines += line + "\n";
  }
  if (lines.empty() && !stage.examples.empty())
    lines = fmt::format("  sz {}\n", stage.examples.front().words);
  return lines;
}

std::string topic_page(const Topic& topic, std::size_t width) {
  return fmt::format("{}\n{}", wrap(fmt::format("{} - {}", topic.name, topic.summary), 0, width),
                     wrap(topic.text, 0, width));
}

}  // namespace

std::string short_help(plan::Declarations stages, std::size_t width) {
  std::vector<Entry> names;
  for (const std::string_view section : sections(stages)) {
    std::string all;
    for (const Declaration* stage : stages)
      if (stage->section == section) all.append(all.empty() ? "" : " ").append(stage->name);
    names.push_back({std::string(section), std::move(all)});
  }
  return fmt::format(
      "{}{}\nstages:\n{}\noptions, before the first stage:\n{}\n{}", wrap(title, 0, width), head,
      list(names, 2, width), list(main_options(), 2, width),
      wrap(fmt::format("sz STAGE -h: one stage. sz --help: everything. sz help TOPIC: {}.", joined_topics()),
           0, width));
}

std::string full_help(plan::Declarations stages, std::size_t width) {
  std::string all = short_help(stages, width);
  for (const std::string_view section : sections(stages))
    all += fmt::format("\n{}:\n{}", section, list(summaries(stages, section), 2, width));
  std::vector<Entry> options;
  for (const OptionDeclaration& option : plan::globals())
    options.push_back({option_term(option), option_text(option)});
  all += fmt::format("\nOptions of sz:\n{}", list(options, 2, width));
  std::vector<Entry> own;
  for (const Declaration* command : plan::commands())
    own.push_back({usage(*command).substr(3), std::string(command->summary)});
  all += fmt::format("\nCommands:\n{}", list(own, 2, width));
  all += fmt::format("\nTopics of sz help:\n{}", list(topic_entries(), 2, width));
  if (const Topic* status = find_topic("status"))
    all += fmt::format("\nExit status:\n{}", wrap(status->text, 0, width));
  return all;
}

std::string stage_help(const Declaration& stage, bool whole, std::size_t width) {
  std::string all = wrap(fmt::format("{} - {}", with_aliases(stage), stage.summary), 0, width) + "\n";
  if (whole)
    for (const Example& example : stage.examples)
      all += fmt::format("{}{}\n", wrap(example.title, 2, width), transcript(example, "    "));
  std::string rest = fmt::format("usage: {}\n", usage(stage));
  std::vector<Entry> entries = positional_entries(stage);
  for (Entry& entry : option_entries(stage)) entries.push_back(std::move(entry));
  if (!whole) entries.pop_back();  // --help is last, and the page's last line names it
  rest += fmt::format("\n{}", list(entries, 2, width));
  if (whole) return all + rest + fmt::format("\n{}", wrap(stage.description, 0, width));
  rest += fmt::format("\nsz {} --help says more.\n", stage.name);
  const auto used =
      static_cast<std::size_t>(std::ranges::count(all, '\n') + std::ranges::count(rest, '\n') + 1);
  return all + example_lines(stage, screen_height - std::min(used, screen_height)) + "\n" + rest;
}

std::string help(const plan::ShowHelp& asked, plan::Declarations stages, std::size_t width) {
  if (asked.subject.empty()) return asked.whole ? full_help(stages, width) : short_help(stages, width);
  if (const Declaration* stage = plan::find_stage(asked.subject, stages))
    return stage_help(*stage, asked.whole, width);
  if (const Declaration* command = plan::find_stage(asked.subject, plan::commands()))
    return stage_help(*command, asked.whole, width);
  if (const Topic* topic = find_topic(asked.subject)) return topic_page(*topic, width);
  return short_help(stages, width);
}

std::string version() { return "sz " SZ_VERSION "\n"; }

}  // namespace sz::doc
