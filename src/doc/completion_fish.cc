#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doc/completion_table.h"

namespace sz::doc {
namespace {

constexpr std::string_view body = R"~(
function __sz_complete
    set -l owner sz
    set -l want stage
    set -l value
    set -l place ''
    set -l around
    set -l tokens (commandline -opc)
    set -l cur (commandline -ct)
    for word in $tokens[2..-1]
        if test -n "$value"
            set value
            continue
        end
        switch $word
            case --
                set want file
                break
            case then +
                set owner ''
                set want stage
                set place ''
            case '['
                set -a around "$owner"
                set owner ''
                set want stage
                set place ''
            case ']'
                set owner ''
                if set -q around[1]
                    set owner $around[-1]
                    set -e around[-1]
                end
                set want joint
                set place ' ]'
            case '--*=*'
            case '--*' '-*'
                string match -qr '^--?[A-Za-z]' -- $word; or continue
                set value (__sz_value "$owner" $word)
                string match -q '=*' -- "$value"; and set value
            case '*'
                test "$owner $word" = 'dlq stats'; and set want file
                test $want = words; and set place ' more'
                test $want = stage; or continue
                if contains -- $word $__sz_prefixes
                    set owner $word
                else if contains -- $word $__sz_stages
                    set owner $word
                    set want words
                else if test "$owner" = sz; and test $word != explain; and contains -- $word $__sz_commands
                    set owner $word
                    set want words
                end
        end
    end
    set -l before ''
    if test -z "$value"; and string match -q -- '--*=*' $cur
        set before (string replace -r '=.*' '=' -- $cur)
        set value (__sz_value "$owner" (string replace -r '=.*' '' -- $cur))
        set value (string replace -r '^=' '' -- "$value")
        set cur (string replace -r '^[^=]*=' '' -- $cur)
    end
    set -l plain
    if test -n "$value"
        set plain (string split ' ' -- $value)
    else if test $want = file
        set plain file
    else if test $want != joint; and string match -q -- '-*' $cur
        __sz_options "$owner"
        return
    else if test $want = stage
        __sz_describe_stages
        test "$owner" = sz; and test (count $tokens) -eq 1; and __sz_describe_commands
        test "$owner" = sz; and test (count $tokens) -gt 1; and __sz_describe_commands | string match 'run*'
        return
    else
        set plain (__sz_words "$owner$place")
    end
    switch "$plain"
        case -
        case file
            for path in (__fish_complete_path $cur)
                printf '%s%s\n' $before $path
            end
        case '*'
            printf "$before%s\n" $plain
    end
end

complete -c sz -e
complete -c sz -f -a '(__sz_complete)'
)~";

/// A line of printf for NAME and TEXT, quoted for fish.
std::string described(std::string_view name, std::string_view text) {
  std::string quoted;
  for (const char c : text)
    c == '\'' || c == '\\' ? quoted.append(1, '\\').append(1, c) : quoted.append(1, c);
  return fmt::format(" {} '{}'", name, quoted);
}

std::string describe_function(std::string_view name, const std::vector<CompletedOwner>& owners,
                              bool commands) {
  std::string all = fmt::format("\nfunction {}\n    printf '%s\\t%s\\n'", name);
  for (const CompletedOwner& owner : owners)
    if (owner.kind != CompletedOwner::Kind::sz && (owner.kind == CompletedOwner::Kind::command) == commands)
      for (const std::string& word : owner.names)
        all.append(" \\\n       ").append(described(word, owner.summary));
  return all + "\nend\n";
}

}  // namespace

std::string fish_completion(const std::vector<CompletedOwner>& owners) {
  using Kind = CompletedOwner::Kind;
  std::string all = "# fish completion for sz, made from its tables: do not edit\n\n";
  all += fmt::format("set -g __sz_stages {}\nset -g __sz_prefixes {}\nset -g __sz_commands {}\n",
                     names_of(owners, Kind::stage), names_of(owners, Kind::prefix),
                     names_of(owners, Kind::command));
  all += describe_function("__sz_describe_stages", owners, false);
  all += describe_function("__sz_describe_commands", owners, true);
  all += "\nfunction __sz_options\n    switch $argv[1]\n";
  for (const CompletedOwner& owner : owners) {
    all += fmt::format("        case {}\n            printf '%s\\t%s\\n'", fmt::join(owner.names, " "));
    for (const CompletedOption& option : owner.options)
      for (const std::string& name : option.names)
        all.append(" \\\n               ").append(described(name, option.help));
    all += "\n";
  }
  all +=
      "    end\nend\n\n# What stands behind an option: nothing, file, - for what nobody can list, or "
      "words.\nfunction __sz_value\n    switch \"$argv[1] $argv[2]\"\n";
  for (const CompletedOwner& owner : owners)
    for (const CompletedOption& option : owner.options) {
      if (option.value.empty()) continue;
      std::string patterns;
      for (const std::string& name : owner.names)
        for (const std::string& word : option.names) patterns.append(fmt::format(" '{} {}'", name, word));
      all += fmt::format("        case{}\n            echo '{}'\n", patterns, option.value);
    }
  all += "    end\nend\n\nfunction __sz_words\n    switch $argv[1]\n";
  for (const auto& [place, words] : plain_words(owners))
    all += fmt::format("        case '{}'\n            printf '%s\\n' {}\n", place, words);
  all += "        case '*'\n            printf '%s\\n' then --\n    end\nend\n";
  all += body;
  return all;
}

}  // namespace sz::doc
