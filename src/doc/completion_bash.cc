#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doc/completion_table.h"

namespace sz::doc {
namespace {

// bash splits a word at `=`, so `--keep=last` comes as three words.
constexpr std::string_view body = R"~(
_sz() {
  local cur=${COMP_WORDS[COMP_CWORD]} owner=sz want=stage value='' place='' word i options words
  local -a around=()
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $value == =* ]]; then
      [[ $word == = ]] || value=''
      [[ -z $value ]] || { value=${value#=}; continue; }
    fi
    if [[ -n $value ]]; then
      [[ $word == = ]] || value=''
      continue
    fi
    case $word in
      --) want='file'; break ;;
      then | +) owner='' want=stage place='' ;;
      '[') around+=("$owner") owner='' want=stage place='' ;;
      ']')
        owner=${around[*]: -1} want=joint place=' ]'
        [[ ${#around[@]} -eq 0 ]] || unset "around[${#around[@]}-1]"
        ;;
      -[[:alpha:]]* | --[[:alpha:]]*) _sz_value "$owner" "$word" ;;
      *)
        [[ $owner == dlq && $word == stats ]] && want='file'
        [[ $want != words || $owner == sz ]] || place=' more'
        [[ $want == stage ]] || continue
        case " $_sz_prefixes " in *" $word "*) owner=$word; continue ;; esac
        case " $_sz_stages " in *" $word "*) owner=$word want=words; continue ;; esac
        [[ $owner == sz && $word != explain ]] || continue
        case " $_sz_commands " in *" $word "*) owner=$word want=words ;; esac
        ;;
    esac
  done
  [[ $cur == = ]] && cur=''
  [[ $value == =* && ${COMP_WORDS[COMP_CWORD]} != = ]] && value=''
  value=${value#=}
  if [[ -n $value ]]; then
    words=$value
  elif [[ $want == file ]]; then
    words='file'
  elif [[ $cur == -* && $want != joint ]]; then
    _sz_options "$owner"
    words=$options
  elif [[ $want == stage ]]; then
    words="$_sz_stages $_sz_prefixes"
    [[ $owner == sz && $COMP_CWORD -eq 1 ]] && words+=" $_sz_commands"
    [[ $owner == sz && $COMP_CWORD -gt 1 ]] && words+=' run'
  else
    _sz_words "$owner$place"
  fi
  case $words in
    -) ;;
    file)
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      ;;
    *) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$cur") ;;
  esac
}

complete -F _sz sz
)~";

}  // namespace

std::string bash_completion(const std::vector<CompletedOwner>& owners) {
  using Kind = CompletedOwner::Kind;
  std::string all = "# bash completion for sz, made from its tables: do not edit\n\n";
  all += fmt::format("_sz_stages='{}'\n_sz_prefixes='{}'\n_sz_commands='{}'\n", names_of(owners, Kind::stage),
                     names_of(owners, Kind::prefix), names_of(owners, Kind::command));
  all += "\n_sz_options() {\n  case $1 in\n";
  for (const CompletedOwner& owner : owners) {
    std::string names;
    for (const CompletedOption& option : owner.options)
      names.append(names.empty() ? "" : " ").append(fmt::format("{}", fmt::join(option.names, " ")));
    all += fmt::format("    {}) options='{}' ;;\n", fmt::join(owner.names, " | "), names);
  }
  all += "    *) options='' ;;\n  esac\n}\n";
  all += sh_value_function(owners);
  all += sh_words_function(owners, "words='", "'");
  all += body;
  return all;
}

}  // namespace sz::doc
