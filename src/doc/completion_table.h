#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/registry.h"

namespace sz::doc {

/// An option as the completion scripts need it.
struct CompletedOption {
  std::vector<std::string> names;  ///< `--size`, `-n`
  std::string value;  ///< empty: a flag; `file`; `-`: a value that nobody can list; else the choices, with
                      ///< `=` before them if the value stands only behind `=`
  std::string help;
};

/// Whose words stand on a command line: `sz` itself, a stage, a prefix or a command.
struct CompletedOwner {
  std::vector<std::string> names;  ///< with the aliases
  std::string summary;
  std::vector<CompletedOption> options;
  std::string words;  ///< its plain words: empty, `file` or a list
  enum class Kind { sz, stage, prefix, command } kind = Kind::stage;
};

/// sz itself first, then stages, then commands.
std::vector<CompletedOwner> completed_owners(plan::Declarations stages);

/// The names of all owners of a kind, parted by blanks.
std::string names_of(const std::vector<CompletedOwner>& owners, CompletedOwner::Kind kind);

/// For bash and zsh: the function `_sz_value OWNER OPTION`, which sets `value` to what stands behind the
/// option.
std::string sh_value_function(const std::vector<CompletedOwner>& owners);

/// For bash and zsh: the function `_sz_words OWNER`, an assignment of its plain words between `open` and
/// `close`.
std::string sh_words_function(const std::vector<CompletedOwner>& owners, std::string_view open,
                              std::string_view close);

// The scripts.
std::string bash_completion(const std::vector<CompletedOwner>& owners);
std::string zsh_completion(const std::vector<CompletedOwner>& owners);
std::string fish_completion(const std::vector<CompletedOwner>& owners);

}  // namespace sz::doc
