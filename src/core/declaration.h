#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/explanation.h"
#include "core/plan_error.h"
#include "core/quantity.h"
#include "core/settings.h"
#include "core/time.h"

namespace sz {

class Stage;

/// How the word behind an option or a positional is read and checked.
enum class ValueType : std::uint8_t {
  flag,
  text,
  expression,
  file,
  count,
  size,
  share,
  duration,
  rate,
  choice
};

/// One option of a stage or of sz itself. From it come the parser, the help, the man page and the
/// completions.
struct OptionDeclaration {
  std::string_view name;  ///< `--size`
  char letter = 0;        ///< `n` for `-n`, or 0
  ValueType type = ValueType::flag;
  std::string_view metavar = {};  ///< `N`; empty for a flag
  std::string_view help;          ///< one phrase, lower case, no full stop
  std::string_view fallback =
      {};  ///< the value if it is not given, as the user would write it; empty if there is none
  std::vector<std::string_view> choices = {};  ///< for ValueType::choice, and for an optional value
  bool repeats = false;                        ///< may be given more than once
  bool value_optional = false;                 ///< `--stats[=json]`: a value only behind `=`
  bool pair = false;                           ///< `--arg NAME V`: two words; Arguments::texts has both
};

/// A word without an option name. A positional of type expression can also be given as `-e EXPR` or
/// `--expr=EXPR`.
struct PositionalDeclaration {
  std::string_view name;  ///< `EXPR`
  ValueType type = ValueType::text;
  std::string_view help;
  bool required = true;
};

/// A command line that works as printed: it is in the help and the man page, and the tests run it.
struct Example {
  std::string_view title;   ///< what it is for, one phrase
  std::string_view words;   ///< shell words behind `sz `: `filter '.status >= 500'`
  std::string_view input;   ///< what is on stdin
  std::string_view output;  ///< what comes out on stdout, byte for byte
};

/// What the planner, `explain` and the tests need to know of a stage without building it.
struct Traits {
  bool stateless = false;   ///< each record by itself: may run in the ordered pool
  bool routes = false;      ///< only sends records through its brackets: as stateless as what is in them
  bool effect = false;      ///< does something outside (writes a file): its input is read to the end even if
                            ///< nobody wants its output
  bool merges = false;      ///< makes one record of many
  bool repeatable = false;  ///< answers each record by itself and keeps nothing of it: a retry may wrap it
  bool timed = false;       ///< asks the clock
  bool ends = false;        ///< nothing comes out of it: it is the last step of its pipeline
  bool reads = false;  ///< brings the input itself: the first step of all, outside of prefixes and brackets
  bool finishes = false;                         ///< may come to want no more input, and the reading stops
  std::uint32_t min_groups = 0, max_groups = 0;  ///< brackets that it takes
  bool prefix = false;                           ///< stands before a step instead of being one
  std::string_view keeps_with = {};  ///< the option with which it keeps records: then it is not repeatable
};

class Arguments;

/// The name under which Arguments keep the condition of a stage's k-th bracket, from 0 (`EXPR [ A ]`).
std::string condition_name(std::size_t k);

/// Everything about a stage, said once: `src/stages/NAME.cc` defines one and `stages.def` lists it.
struct Declaration {
  std::string_view name;
  std::vector<std::string_view> aliases = {};
  std::string_view section;      ///< heading in the manual: `Per record`, `Grouping` ...
  std::string_view summary;      ///< one phrase, lower case, no full stop
  std::string_view description;  ///< paragraphs of plain text, parted by a blank line: order, bounds, clock,
                                 ///< failures, end of input
  std::vector<PositionalDeclaration> positionals = {};
  std::vector<OptionDeclaration> options = {};
  Traits traits = {};
  std::vector<Example> examples = {};
  /// Makes one stage out of checked arguments. Called once for each copy (a worker has its own).
  std::expected<std::unique_ptr<Stage>, PlanError> (*build)(const Arguments&, const Settings&) = nullptr;
  /// Says what `sz explain` cannot read off the traits, for arguments that build() took.
  void (*explain)(const Arguments&, const Settings&, Explanation&) = nullptr;
};

/// The name under which Arguments keep the file that an expression was read from.
inline std::string file_of(std::string_view name) { return std::string(name).append(" file"); }

/// The checked values of one step's words, by the declared name (`--size`, `EXPR`). Fallbacks are filled in.
class Arguments {
 public:
  using Value = std::variant<bool, std::string, std::uint64_t, double, Duration, Rate>;

  /// `word`: index into the command line of the word that holds the value; `offset`: where in that word the
  /// value's text begins.
  void set(std::string_view name, Value value, std::size_t word = PlanError::none, std::size_t offset = 0);

  bool given(std::string_view name) const;  ///< by the user, not by a fallback
  bool flag(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;     ///< text, expression, file, choice
  std::optional<std::uint64_t> count(std::string_view name) const;  ///< count, size
  std::optional<double> share(std::string_view name) const;
  std::optional<Duration> duration(std::string_view name) const;
  std::optional<Rate> rate(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;  ///< every value of an option that repeats

  /// An error at the value of `name`, or at the step's own word if it was not given.
  PlanError error(std::string_view name, std::string message, std::string hint = {}, std::size_t offset = 0,
                  std::size_t length = 0) const;

  /// The same at the k-th value, from 0, of an option or plain word that repeats.
  PlanError error_at(std::string_view name, std::size_t k, std::string message, std::string hint = {},
                     std::size_t offset = 0, std::size_t length = 0) const;

  std::size_t step_word = PlanError::none;  ///< the word that names the stage
  std::size_t groups = 0;                   ///< how many brackets the step has

 private:
  struct Entry {
    std::string name;
    Value value;
    std::size_t word, offset;
  };
  const Entry* find(std::string_view name) const;
  std::vector<Entry> entries_;
};

}  // namespace sz
