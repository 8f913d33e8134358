# bash completion for sz, made from its tables: do not edit

_sz_stages='filter map flatten unbatch take skip dedupe throttle batch chunk tap'
_sz_prefixes=''
_sz_commands='replay dlq completion help'

_sz_options() {
  case $1 in
    sz) options='--input -i --time --dlq --dlq-sync --exit-zero-on-dlq --on-failure --max-failures --threads -j --raw-input -R --raw-output -r --max-line --max-keys --max-value --max-steps --drain-timeout --stats --stats-file --unbuffered --line-buffered --help -h --version' ;;
    filter) options='--invert -v --expr -e --help -h' ;;
    map) options='--expr -e --help -h' ;;
    flatten | unbatch) options='--expr -e --help -h' ;;
    take) options='--while --for --last --by --max-keys --help -h' ;;
    skip) options='--while --for --last --by --max-keys --help -h' ;;
    dedupe) options='--by --ttl --adjacent --keep --refresh --count-field --max-keys --help -h' ;;
    throttle) options='--rate --burst --mode --cost --by --unordered --max-held --max-keys --help -h' ;;
    batch) options='--size --every --bytes --until --by --wrap --max-keys --help -h' ;;
    chunk) options='--by --wrap --max-keys --help -h' ;;
    tap) options='--to --append --stderr --help -h' ;;
    replay) options='--kind --stage --as --help -h' ;;
    dlq) options='--help -h' ;;
    completion) options='--help -h' ;;
    help) options='--help -h' ;;
    *) options='' ;;
  esac
}

# What stands behind an option: nothing, file, - for what nobody can list, or words.
_sz_value() {
  case "$1 $2" in
    'sz --input' | 'sz -i') value='file' ;;
    'sz --time') value='-' ;;
    'sz --dlq') value='file' ;;
    'sz --dlq-sync') value='exit record none' ;;
    'sz --on-failure') value='continue stop' ;;
    'sz --max-failures') value='-' ;;
    'sz --threads' | 'sz -j') value='-' ;;
    'sz --max-line') value='-' ;;
    'sz --max-keys') value='-' ;;
    'sz --max-value') value='-' ;;
    'sz --max-steps') value='-' ;;
    'sz --drain-timeout') value='-' ;;
    'sz --stats') value='=text json' ;;
    'sz --stats-file') value='file' ;;
    'filter --expr' | 'filter -e') value='-' ;;
    'map --expr' | 'map -e') value='-' ;;
    'flatten --expr' | 'flatten -e' | 'unbatch --expr' | 'unbatch -e') value='-' ;;
    'take --while') value='-' ;;
    'take --for') value='-' ;;
    'take --last') value='-' ;;
    'take --by') value='-' ;;
    'take --max-keys') value='-' ;;
    'skip --while') value='-' ;;
    'skip --for') value='-' ;;
    'skip --last') value='-' ;;
    'skip --by') value='-' ;;
    'skip --max-keys') value='-' ;;
    'dedupe --by') value='-' ;;
    'dedupe --ttl') value='-' ;;
    'dedupe --keep') value='first last' ;;
    'dedupe --count-field') value='-' ;;
    'dedupe --max-keys') value='-' ;;
    'throttle --rate') value='-' ;;
    'throttle --burst') value='-' ;;
    'throttle --mode') value='wait drop fail' ;;
    'throttle --cost') value='-' ;;
    'throttle --by') value='-' ;;
    'throttle --max-held') value='-' ;;
    'throttle --max-keys') value='-' ;;
    'batch --size') value='-' ;;
    'batch --every') value='-' ;;
    'batch --bytes') value='-' ;;
    'batch --until') value='-' ;;
    'batch --by') value='-' ;;
    'batch --max-keys') value='-' ;;
    'chunk --by') value='-' ;;
    'chunk --max-keys') value='-' ;;
    'tap --to') value='file' ;;
    'replay --kind') value='parse too_long too_deep time expr type arg exec_exit exec_signal exec_timeout exec_spawn exec_output breaker_open throttled full late path shutdown internal' ;;
    'replay --stage') value='-' ;;
    'replay --as') value='original record' ;;
    *) value='' ;;
  esac
}

_sz_words() {
  case $1 in
    replay) words='file' ;;
    dlq) words='stats' ;;
    completion) words='bash zsh fish' ;;
    help) words='filter map flatten take skip dedupe throttle batch chunk tap replay dlq completion help pipeline expressions json time failures output status' ;;
    *) words='then --' ;;
  esac
}

_sz() {
  local cur=${COMP_WORDS[COMP_CWORD]} owner=sz want=stage value='' word i options words
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
      --) want=file; break ;;
      then | + | '[') owner='' want=stage ;;
      ']') owner='' want=joint ;;
      -[[:alpha:]]* | --[[:alpha:]]*) _sz_value "$owner" "$word" ;;
      *)
        [[ $owner == dlq && $word == stats ]] && want=file
        [[ $want == stage ]] || continue
        case " $_sz_prefixes " in *" $word "*) owner=$word; continue ;; esac
        case " $_sz_stages " in *" $word "*) owner=$word want=words; continue ;; esac
        [[ $owner == sz ]] || continue
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
    words=file
  elif [[ $cur == -* ]]; then
    _sz_options "$owner"
    words=$options
  elif [[ $want == stage ]]; then
    words="$_sz_stages $_sz_prefixes"
    [[ $owner == sz && $COMP_CWORD -eq 1 ]] && words+=" $_sz_commands"
  else
    _sz_words "$owner"
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
