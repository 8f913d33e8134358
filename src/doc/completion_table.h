#pragma once

#include <string>
#include <string_view>
#include <utility>
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
  std::string words;        ///< its plain words: empty, `file` or a list
  std::string more = {};    ///< those behind the first, as a list; empty if they are like the first
  bool joins_else = false;  ///< may else stand behind its bracket?
  enum class Kind { sz, stage, prefix, command } kind = Kind::stage;
};

/// sz itself first, then stages, then commands.
std::vector<CompletedOwner> completed_owners(plan::Declarations stages);

/// The names of all owners of a kind, parted by blanks.
std::string names_of(const std::vector<CompletedOwner>& owners, CompletedOwner::Kind kind);

/// For bash and zsh: the function `_sz_value OWNER OPTION`, which sets `value` to what stands behind the
/// option.
std::string sh_value_function(const std::vector<CompletedOwner>& owners);

/// By what `_sz_words` is asked: `OWNER` for its first plain word, `OWNER more` for the others, `OWNER ]`
/// behind its bracket; each with the words to offer.
std::vector<std::pair<std::string, std::string>> plain_words(const std::vector<CompletedOwner>& owners);

/// For bash and zsh: the function `_sz_words PLACE`, an assignment of the words there between `open` and
/// `close`.
std::string sh_words_function(const std::vector<CompletedOwner>& owners, std::string_view open,
                              std::string_view close);

// The scripts.
std::string bash_completion(const std::vector<CompletedOwner>& owners);
std::string zsh_completion(const std::vector<CompletedOwner>& owners);
std::string fish_completion(const std::vector<CompletedOwner>& owners);

}  // namespace sz::doc
