#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doc/completion_table.h"

namespace sz::doc {
namespace {

constexpr std::string_view body = R"~(
_sz() {
  local owner=sz want=stage value='' place='' word cur=${words[CURRENT]}
  local -a options plain described around
  for word in "${(@)words[2,CURRENT-1]}"; do
    if [[ -n $value ]]; then
      value=''
      continue
    fi
    case $word in
      --) want=file; break ;;
      then | +) owner='' want=stage place='' ;;
      '[') around+=("$owner") owner='' want=stage place='' ;;
      ']')
        owner=${around[-1]-} want=joint place=' ]'
        (( $#around )) && around[-1]=()
        ;;
      --*=*) ;;
      -[[:alpha:]]* | --[[:alpha:]]*)
        _sz_value "$owner" "$word"
        [[ $value == "="* ]] && value=''
        ;;
      *)
        [[ $owner == dlq && $word == stats ]] && want=file
        [[ $want != words || $owner == sz ]] || place=' more'
        [[ $want == stage ]] || continue
        if (( ${_sz_prefixes[(Ie)$word]} )); then
          owner=$word
        elif (( ${_sz_stages[(Ie)$word]} )); then
          owner=$word want=words
        elif [[ $owner == sz && $word != explain ]] && (( ${_sz_commands[(Ie)$word]} )); then
          owner=$word want=words
        fi
        ;;
    esac
  done
  if [[ -z $value && $cur == --*=* ]]; then
    _sz_value "$owner" "${cur%%=*}"
    value=${value#=}
    compset -P '*='
  fi
  if [[ -n $value ]]; then
    plain=(${=value})
  elif [[ $want == file ]]; then
    plain=(file)
  elif [[ $cur == -* && $want != joint ]]; then
    _sz_options "$owner"
    _describe -o option options
    return
  elif [[ $want == stage ]]; then
    described=("${(@)_sz_described}")
    [[ $owner == sz && $CURRENT -eq 2 ]] && described+=("${(@)_sz_described_commands}")
    [[ $owner == sz && $CURRENT -gt 2 ]] && described+=("${(@)${(@M)_sz_described_commands:#run:*}}")
    _describe stage described
    return
  else
    _sz_words "$owner$place"
  fi
  case "$plain" in
    -) ;;
    file) _files ;;
    *) compadd -- "${(@)plain}" ;;
  esac
}

if [[ ${funcstack[1]} == _sz ]]; then
  _sz "$@"
else
  compdef _sz sz
fi
)~";

/// `'NAME:TEXT'`, quoted for zsh.
std::string described(std::string_view name, std::string_view text) {
  std::string quoted;
  for (const char c : text) c == '\'' ? quoted.append("'\\''") : quoted.append(1, c);
  return fmt::format("'{}:{}'", name, quoted);
}

std::string described_owners(const std::vector<CompletedOwner>& owners, bool commands) {
  std::string all;
  for (const CompletedOwner& owner : owners)
    if (owner.kind != CompletedOwner::Kind::sz && (owner.kind == CompletedOwner::Kind::command) == commands)
      for (const std::string& name : owner.names) all.append("\n  ").append(described(name, owner.summary));
  return all;
}

}  // namespace

std::string zsh_completion(const std::vector<CompletedOwner>& owners) {
  using Kind = CompletedOwner::Kind;
  std::string all = "#compdef sz\n# zsh completion for sz, made from its tables: do not edit\n\n";
  all += fmt::format("typeset -ga _sz_stages=({}) _sz_prefixes=({}) _sz_commands=({})\n",
                     names_of(owners, Kind::stage), names_of(owners, Kind::prefix),
                     names_of(owners, Kind::command));
  all += fmt::format("typeset -ga _sz_described=({}\n)\ntypeset -ga _sz_described_commands=({}\n)\n",
                     described_owners(owners, false), described_owners(owners, true));
  all += "\n_sz_options() {\n  case $1 in\n";
  for (const CompletedOwner& owner : owners) {
    all += fmt::format("    {})\n      options=(\n", fmt::join(owner.names, " | "));
    for (const CompletedOption& option : owner.options)
      for (const std::string& name : option.names)
        all.append("        ").append(described(name, option.help)).append("\n");
    all += "      )\n      ;;\n";
  }
  all += "  esac\n}\n";
  all += sh_value_function(owners);
  all += sh_words_function(owners, "plain=(", ")");
  all += body;
  return all;
}

}  // namespace sz::doc
