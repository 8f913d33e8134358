#include "stages/command_line.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "stages/shell_words.h"

namespace sz {
namespace {

/// Programs that run the word behind `-c` as a shell's script.
bool is_shell(std::string_view word) {
  constexpr std::array<std::string_view, 17> shells = {"sh",    "bash", "dash", "zsh",     "ksh",   "ksh93",
                                                       "mksh",  "fish", "ash",  "yash",    "csh",   "tcsh",
                                                       "rbash", "pwsh", "su",   "runuser", "elvish"};
  word.remove_prefix(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
  return std::ranges::find(shells, word) != shells.end();
}

/// `-c`, also among other letters (`-lc`), or `--command`.
bool asks_for_script(std::string_view word) {
  if (word.starts_with("--")) return word == "--command" || word.starts_with("--command=");
  return word.size() > 1 && word[0] == '-' && word.find('c') != std::string_view::npos;
}

bool is_option(std::string_view word) { return word.size() > 1 && (word[0] == '-' || word[0] == '+'); }

/// The word behind which a shell's options end: its script, or the script's file. `from` is the shell's name.
std::size_t script_of(const std::vector<Template>& words, std::size_t from) {
  for (std::size_t i = words.size(); --i > from;)
    if (words[i].plain() && asks_for_script(words[i].literal())) {
      from = i;
      break;
    }
  std::size_t script = from + 1;
  while (script < words.size() && words[script].plain() && is_option(words[script].literal())) ++script;
  return script;
}

/// The first word that would put a record's text where a shell reads what to run: any behind a shell's name
/// up to and with its script. What stands behind the script are its arguments, which are data.
std::optional<std::size_t> run_by_shell(const std::vector<Template>& words) {
  for (std::size_t shell = 0; shell < words.size(); ++shell) {
    if (!words[shell].plain() || !is_shell(words[shell].literal())) continue;
    const bool script = std::ranges::any_of(
        words.begin() + static_cast<std::ptrdiff_t>(shell), words.end(),
        [](const Template& word) { return word.plain() && asks_for_script(word.literal()); });
    if (!script && shell != 0) continue;
    const std::size_t last = std::min(script_of(words, shell), words.size() - 1);
    for (std::size_t i = shell + 1; i <= last; ++i)
      if (!words[i].plain()) return i;
  }
  return std::nullopt;
}

}  // namespace

std::expected<CommandLine, CommandLine::Fault> CommandLine::parse(std::string_view text) {
  auto split = split_shell_words(text);
  if (!split) {
    ShellWordFault& fault = split.error();
    return std::unexpected(
        Fault{std::move(fault.message), std::move(fault.hint), fault.offset, fault.length});
  }
  if (split->empty()) return std::unexpected(Fault{.message = "a command is missing", .hint = {}});
  CommandLine line;
  for (const ShellWord& word : *split) {
    auto made = Template::parse(word.text);
    if (!made)
      return std::unexpected(Fault{.message = made.error().message,
                                   .hint = "write {{ for a brace before a dot",
                                   .offset = word.offset,
                                   .length = word.length});
    line.words_.push_back(std::move(*made));
  }
  const auto refuse = [&](std::size_t word, std::string message, std::string hint) {
    return std::unexpected(Fault{.message = std::move(message),
                                 .hint = std::move(hint),
                                 .offset = (*split)[word].offset,
                                 .length = (*split)[word].length});
  };
  if (!line.words_.front().plain()) return refuse(0, "a record may not name the program that is run", {});
  if (const auto word = run_by_shell(line.words_))
    return refuse(*word, "a shell would run what the record says here",
                  "pass it as an argument of the script: sh -c 'echo \"$1\"' sh {.path}");
  return line;
}

std::expected<CommandLine, CommandLine::Fault> CommandLine::script(std::string_view text) {
  if (text.find_first_not_of(" \t\n") == std::string_view::npos)
    return std::unexpected(Fault{.message = "a script is missing", .hint = {}});
  for (std::size_t at = text.find("{."); at != std::string_view::npos; at = text.find("{.", at + 1)) {
    std::size_t size = 0;
    const auto path = RecordPath::parse(text.substr(at + 1), size);
    if (!path || at + 1 + size >= text.size() || text[at + 1 + size] != '}') continue;
    return std::unexpected(Fault{.message = "a shell would run what the record says here",
                                 .hint = "the record is on standard input; or use --exec",
                                 .offset = at,
                                 .length = size + 2});
  }
  CommandLine line;
  for (const std::string_view word : {std::string_view("/bin/sh"), std::string_view("-c")})
    line.words_.push_back(*Template::parse(word));
  line.words_.push_back(Template::verbatim(text));
  return line;
}

bool CommandLine::plain() const { return std::ranges::all_of(words_, &Template::plain); }

std::vector<std::string> CommandLine::words() const {
  std::vector<std::string> all;
  for (const Template& word : words_) all.push_back(word.literal());
  return all;
}

std::expected<std::vector<std::string>, std::string> CommandLine::fill(const json::Node& record,
                                                                       const Template::Rules& rules) const {
  std::vector<std::string> all;
  all.reserve(words_.size());
  for (const Template& word : words_) {
    auto filled =
        word.plain() ? std::expected<std::string, std::string>(word.literal()) : word.fill(record, rules);
    if (!filled) return std::unexpected(std::move(filled.error()));
    all.push_back(std::move(*filled));
  }
  return all;
}

}  // namespace sz
