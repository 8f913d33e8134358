#pragma once

#include <string>
#include <string_view>

#include "plan/tree.h"
#include "plan/words.h"

namespace sz::run {

/// How the process must end: with a status, or by a signal (after its default action is restored).
struct Exit {
  int status = 0;
  int signal = 0;
};

/// Exit statuses (SPEC 4).
inline constexpr int exit_ok = 0, exit_failures = 1, exit_usage = 2, exit_system = 3;

/// Builds and runs a pipeline on the real host. `words` are the command line, for error reports.
Exit run_pipeline(const plan::Invocation& invocation, plan::Words words);

/// Prints a page on stdout. A write or close that fails is an error like any other.
Exit print_page(std::string_view text);

/// Closes stdout, whose last fault may show only then: `status`, or that of the fault.
Exit close_output(int status);

/// An error report (plan/report.h) on stderr, coloured as `words` ask for.
void say_report(std::string_view report, plan::Words words);

/// One line on stderr.
void complain(std::string_view message);

}  // namespace sz::run
