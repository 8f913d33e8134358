#include "doc/manual.h"

#include <fmt/format.h>

#include "doc/expression_reference.h"
#include "doc/mdoc.h"
#include "doc/topics.h"
#include "doc/usage.h"
#include "plan/positional.h"

namespace sz::doc {
namespace {

void add_option(Mdoc& page, const OptionDeclaration& option) {
  std::string item;
  if (option.letter) item = fmt::format("Fl {} , ", option.letter);
  item += fmt::format("Fl {}", option.name.substr(1));
  if (option.value_optional)
    item += fmt::format(" Ns Op = Ns Ar {}", option.metavar);
  else if (!option.metavar.empty())
    item += fmt::format(" Ar {}", option.metavar);
  page.macro(fmt::format("It {}", item));
  page.text(fmt::format("{}.", sentence(option.help)));
  if (!option.fallback.empty()) page.text(fmt::format("The default is {}.", option.fallback));
}

/// Input and output of an example, as a transcript.
void add_example(Mdoc& page, const Example& example) {
  page.macro("Pp");
  page.text(fmt::format("{}:", sentence(example.title)));
  page.literal(transcript(example, ""));
}

void add_declaration(Mdoc& page, const Declaration& declaration) {
  page.macro(fmt::format("Ss {}", declaration.name));
  page.literal(usage(declaration));
  page.macro("Pp");
  page.text(fmt::format("{}.", sentence(declaration.summary)));
  if (!declaration.aliases.empty() && declaration.section != "Commands")
    for (const std::string_view alias : declaration.aliases)
      page.text(fmt::format("{} is the same.", sentence(alias)));
  page.macro("Pp");
  page.paragraphs(declaration.description);
  const bool expression = plan::takes_expression(declaration);
  if (!declaration.positionals.empty() || !declaration.options.empty() || expression) {
    page.macro("Bl -tag -width Ds");
    for (const Entry& entry : positional_entries(declaration)) {
      page.macro(fmt::format("It Ar {}", entry.term));
      page.text(fmt::format("{}.", sentence(entry.text)));
    }
    for (const OptionDeclaration& option : declaration.options) add_option(page, option);
    if (expression) {
      add_option(page, plan::expression_option());
      if (plan::takes_expression_file(declaration)) add_option(page, plan::from_file_option());
    }
    page.macro("El");
  }
  for (const Example& example : declaration.examples) add_example(page, example);
}

std::string options() {
  Mdoc page;
  page.macro("Bl -tag -width Ds");
  for (const OptionDeclaration& option : plan::globals()) add_option(page, option);
  page.macro("El");
  return page.take();
}

std::string declarations(plan::Declarations all) {
  Mdoc page;
  for (const Declaration* declaration : all) add_declaration(page, *declaration);
  return page.take();
}

std::string synopsis() {
  Mdoc page;
  for (const Declaration* command : plan::commands()) {
    page.macro("Nm");
    page.macro(fmt::format("Cm {}", command->name));
    if (!command->options.empty()) page.macro("Op Ar OPTION ...");
    for (const PositionalDeclaration& positional : command->positionals)
      page.macro(fmt::format("{}Ar {}", positional.required ? "" : "Op ", positional.name));
  }
  return page.take();
}

/// Two names are taken by other sections of manual pages.
std::string heading(std::string_view topic) {
  if (topic == "time") return "THE CLOCK";
  if (topic == "commands") return "RUNNING COMMANDS";
  return upper(topic);
}

std::string topic_sections() {
  Mdoc page;
  for (const Topic& topic : topics()) {
    if (topic.name == "status") continue;
    page.macro(fmt::format("Sh {}", heading(topic.name)));
    if (topic.name == "expressions") {  // a page of its own
      page.paragraphs(expression_sections().front().text);
      page.macro("Pp");
      page.text("The reference, and what differs from jq, is in");
      page.macro("Xr sz-expr 7 .");
      continue;
    }
    page.paragraphs(topic.text);
  }
  return page.take();
}

std::string exit_status() {
  Mdoc page;
  if (const Topic* status = find_topic("status")) page.paragraphs(status->text);
  return page.take();
}

}  // namespace

std::string manual(std::string_view prose, plan::Declarations stages) {
  std::string page = ".\\\" Made from man/sz.1.in and the declarations of the stages: do not edit.\n";
  while (!prose.empty()) {
    const std::size_t end = std::min(prose.find('\n'), prose.size());
    const std::string_view line = prose.substr(0, end);
    if (line == "@OPTIONS@")
      page += options();
    else if (line == "@STAGES@")
      page += declarations(stages);
    else if (line == "@COMMANDS@")
      page += declarations(plan::commands());
    else if (line == "@COMMAND_SYNOPSIS@")
      page += synopsis();
    else if (line == "@TOPICS@")
      page += topic_sections();
    else if (line == "@EXIT_STATUS@")
      page += exit_status();
    else
      page.append(line).append("\n");
    prose.remove_prefix(std::min(end + 1, prose.size()));
  }
  return page;
}

}  // namespace sz::doc
