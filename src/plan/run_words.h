#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "core/plan_error.h"
#include "plan/option_parser.h"
#include "plan/registry.h"
#include "plan/tree.h"
#include "plan/words.h"

namespace sz::plan {

/// `[GLOBAL...] run FILE [GLOBAL...] [INPUT...]`, with the words of FILE behind those of the command line.
struct RunWords {
  bool help = false, whole_help = false;  ///< -h or --help came behind `run`: nothing else counts
  bool version = false;                   ///< the same for --version
  std::vector<std::string> words = {};    ///< of the command line, then of FILE
  std::vector<Taken> globals = {};        ///< of FILE where the command line does not say otherwise, then its
  std::vector<std::string> inputs = {};   ///< of the command line; empty: what FILE says counts
  std::size_t begin = 0;                  ///< the first word of FILE's pipeline
  RunFile from = {};
};

/// Reads words from `run` on, which is words[named]; `before` are the globals before it. Globals may also
/// stand behind FILE, since that is where those of a script with `#!` come. Errors are about the command line
/// or located in FILE.
std::expected<RunWords, PlanError> read_run(Words words, std::size_t named, std::span<const Taken> before,
                                            Declarations known);

}  // namespace sz::plan
