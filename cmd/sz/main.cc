#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "doc/completion.h"
#include "doc/explain_page.h"
#include "doc/help.h"
#include "plan/command.h"
#include "plan/report.h"
#include "run/dead_letter_stats.h"
#include "run/dead_letters.h"
#include "run/demo.h"
#include "run/descriptor.h"
#include "run/explain.h"
#include "run/last_words.h"
#include "run/paint.h"
#include "run/process.h"
#include "run/replay.h"
#include "run/terminal.h"

namespace {

using sz::run::Exit;

std::size_t page_columns(int fd) {
  return sz::run::text_width(fd, sz::doc::narrowest_page, sz::doc::page_width);
}

/// What each form of the command line does (SPEC 1).
struct Dispatch {
  sz::plan::Words words;

  Exit operator()(const sz::plan::Invocation& invocation) const {
    return sz::run::run_pipeline(invocation, words);
  }
  Exit operator()(const sz::plan::ShowHelp& asked) const {
    const std::string page = sz::doc::help(asked, sz::plan::stages(), page_columns(1));
    const bool painted = sz::run::colored(1, sz::run::color_wish(words));
    return sz::run::print_page(painted ? sz::run::paint_page(page) : page);
  }
  Exit operator()(const sz::plan::ShowVersion&) const { return sz::run::print_page(sz::doc::version()); }
  Exit operator()(const sz::plan::NoStage&) const {
    sz::run::standard_error_sink()(sz::doc::short_help(sz::plan::stages(), page_columns(2)));
    return {.status = sz::run::exit_usage};
  }
  Exit operator()(const sz::plan::ShowCompletion& asked) const {
    return sz::run::print_page(sz::doc::completion(asked.shell));
  }
  Exit operator()(const sz::plan::Replay& asked) const {
    return sz::run::close_output(sz::run::replay(asked));
  }
  Exit operator()(const sz::plan::Explain& asked) const {
    const auto plan = sz::run::explain(asked.invocation, words);
    if (plan) return sz::run::print_page(sz::doc::explain_page(*plan, page_columns(1)));
    sz::run::say_report(sz::plan::report(asked.invocation.located(plan.error()), words), words);
    return {.status = sz::run::exit_usage};
  }
  Exit operator()(const sz::plan::Demo& asked) const { return sz::run::demo(asked); }
  Exit operator()(const sz::plan::LetterStats& asked) const {
    return sz::run::close_output(sz::run::dead_letter_stats(asked));
  }
};

Exit run(const std::vector<std::string>& words) {
  const auto command = sz::plan::parse_command(words);
  if (command) return std::visit(Dispatch{words}, *command);
  sz::run::say_report(sz::plan::report(command.error(), words), words);
  return {.status = sz::run::exit_usage};
}

}  // namespace

int main(int argc, char** argv) {
  sz::run::reserve_standard_descriptors();
  Exit exit;
  try {
    exit = run({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception&) {
    sz::run::say_last_words();
    return sz::run::exit_system;
  }
  if (exit.signal != 0) sz::run::die_of(exit.signal);
  return exit.status;
}
