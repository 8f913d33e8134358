#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "core/declaration.h"
#include "core/time.h"
#include "expr/program.h"
#include "stages/command_line.h"

namespace sz {

/// What `--exec`, `--sh` or `--worker` and the options beside them ask for.
struct CommandOptions {
  CommandLine line;
  bool keeps = false;         ///< --worker
  std::size_t jobs = 1;       ///< processes at once
  std::size_t in_flight = 1;  ///< records that one process has at once
  bool unordered = false;
  std::optional<expr::Program> by;
  std::optional<Duration> timeout;
  std::size_t max_output = 0;
  Template::Rules rules;

  /// Nothing if no command is given. `words` of the stage that a command stands instead of (`EXPR`, `--to`)
  /// are refused beside one, and the command's options without one.
  static std::expected<std::optional<CommandOptions>, PlanError> read(
      const Arguments& arguments, const Settings& settings, const std::vector<std::string_view>& instead_of);

  /// What `sz explain` says of a stage that works by a command; false, and nothing said, if none is given.
  static bool explain(const Arguments& arguments, const Settings& settings, Explanation& of);

  /// Their declarations, behind `own`.
  static std::vector<OptionDeclaration> declare(std::vector<OptionDeclaration> own);
};

}  // namespace sz
