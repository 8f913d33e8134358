# bash completion for sz, made from its tables: do not edit

_sz_stages='filter map flatten unbatch sample take skip dedupe throttle debounce buffer monitor batch chunk window aggregate switch split fanout partition tap write merge'
_sz_prefixes='retry breaker catch'
_sz_commands='run explain demo replay dlq completion help'

_sz_options() {
  case $1 in
    sz) options='--input -i --time --lateness --max-ahead --idle-timeout --dlq --dlq-sync --exit-zero-on-dlq --on-failure --max-failures --threads -j --seed --raw-input -R --raw-output -r --arg --argjson --max-line --max-keys --max-value --max-steps --drain-timeout --stats --stats-file --events --trace --trace-sample --progress --color --no-exec --unbuffered --line-buffered --help -h --version' ;;
    filter) options='--invert -v --exec --sh --worker --jobs --unordered --by --timeout --max-output --allow-dash --in-flight --expr -e --from-file -f --help -h' ;;
    map) options='--exec --sh --worker --jobs --unordered --by --timeout --max-output --allow-dash --in-flight --expr -e --from-file -f --help -h' ;;
    flatten | unbatch) options='--expr -e --from-file -f --help -h' ;;
    sample) options='--rate --nth --reservoir --per --by --seed --max-keys --help -h' ;;
    take) options='--while --for --last --by --max-keys --help -h' ;;
    skip) options='--while --for --last --by --max-keys --help -h' ;;
    dedupe) options='--by --ttl --adjacent --keep --refresh --count-field --max-keys --help -h' ;;
    throttle) options='--rate --burst --mode --cost --by --unordered --max-held --max-keys --help -h' ;;
    debounce) options='--quiet --leading --no-trailing --max-wait --count-field --by --max-keys --help -h' ;;
    buffer) options='--size --bytes --when-full --help -h' ;;
    monitor) options='--every --label --to --help -h' ;;
    batch) options='--size --every --bytes --until --by --wrap --max-keys --help -h' ;;
    chunk) options='--by --wrap --max-keys --help -h' ;;
    window) options='--size --slide --offset --gap --max --by --late --fill-empty --max-count --max-keys --help -h' ;;
    aggregate) options='--by --every --count --running --max-keys --help -h' ;;
    switch) options='--all --expr -e --from-file -f --help -h' ;;
    split) options='--expr -e --from-file -f --help -h' ;;
    fanout) options='--isolate --when-full --help -h' ;;
    partition) options='--copies -n --by --round-robin --help -h' ;;
    tap) options='--to --append --stderr --exec --sh --worker --jobs --unordered --by --timeout --max-output --allow-dash --in-flight --help -h' ;;
    write) options='--append --help -h' ;;
    merge) options='--by-time --help -h' ;;
    retry) options='--attempts -n --delay --max-delay --factor --jitter --max-elapsed --budget --if --help -h' ;;
    breaker) options='--failure-rate --min-calls --window --consecutive --slow --slow-rate --open --open-factor --open-max --trial-calls --when-open --help -h' ;;
    catch) options='--help -h' ;;
    run) options='--input -i --time --lateness --max-ahead --idle-timeout --dlq --dlq-sync --exit-zero-on-dlq --on-failure --max-failures --threads -j --seed --raw-input -R --raw-output -r --arg --argjson --max-line --max-keys --max-value --max-steps --drain-timeout --stats --stats-file --events --trace --trace-sample --progress --color --no-exec --unbuffered --line-buffered --help -h --version' ;;
    explain) options='--help -h' ;;
    demo) options='--count -n --rate --seed --help -h' ;;
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
    'sz --lateness') value='-' ;;
    'sz --max-ahead') value='-' ;;
    'sz --idle-timeout') value='-' ;;
    'sz --dlq') value='file' ;;
    'sz --dlq-sync') value='exit record none' ;;
    'sz --on-failure') value='continue stop' ;;
    'sz --max-failures') value='-' ;;
    'sz --threads' | 'sz -j') value='-' ;;
    'sz --seed') value='-' ;;
    'sz --arg') value='-' ;;
    'sz --argjson') value='-' ;;
    'sz --max-line') value='-' ;;
    'sz --max-keys') value='-' ;;
    'sz --max-value') value='-' ;;
    'sz --max-steps') value='-' ;;
    'sz --drain-timeout') value='-' ;;
    'sz --stats') value='=text json' ;;
    'sz --stats-file') value='file' ;;
    'sz --events') value='file' ;;
    'sz --trace') value='file' ;;
    'sz --trace-sample') value='-' ;;
    'sz --progress') value='auto always never' ;;
    'sz --color') value='auto always never' ;;
    'filter --exec') value='-' ;;
    'filter --sh') value='-' ;;
    'filter --worker') value='-' ;;
    'filter --jobs') value='-' ;;
    'filter --by') value='-' ;;
    'filter --timeout') value='-' ;;
    'filter --max-output') value='-' ;;
    'filter --in-flight') value='-' ;;
    'filter --expr' | 'filter -e') value='-' ;;
    'filter --from-file' | 'filter -f') value='file' ;;
    'map --exec') value='-' ;;
    'map --sh') value='-' ;;
    'map --worker') value='-' ;;
    'map --jobs') value='-' ;;
    'map --by') value='-' ;;
    'map --timeout') value='-' ;;
    'map --max-output') value='-' ;;
    'map --in-flight') value='-' ;;
    'map --expr' | 'map -e') value='-' ;;
    'map --from-file' | 'map -f') value='file' ;;
    'flatten --expr' | 'flatten -e' | 'unbatch --expr' | 'unbatch -e') value='-' ;;
    'flatten --from-file' | 'flatten -f' | 'unbatch --from-file' | 'unbatch -f') value='file' ;;
    'sample --rate') value='-' ;;
    'sample --nth') value='-' ;;
    'sample --reservoir') value='-' ;;
    'sample --per') value='-' ;;
    'sample --by') value='-' ;;
    'sample --seed') value='-' ;;
    'sample --max-keys') value='-' ;;
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
    'debounce --quiet') value='-' ;;
    'debounce --max-wait') value='-' ;;
    'debounce --count-field') value='-' ;;
    'debounce --by') value='-' ;;
    'debounce --max-keys') value='-' ;;
    'buffer --size') value='-' ;;
    'buffer --bytes') value='-' ;;
    'buffer --when-full') value='block drop-newest drop-oldest fail' ;;
    'monitor --every') value='-' ;;
    'monitor --label') value='-' ;;
    'monitor --to') value='file' ;;
    'batch --size') value='-' ;;
    'batch --every') value='-' ;;
    'batch --bytes') value='-' ;;
    'batch --until') value='-' ;;
    'batch --by') value='-' ;;
    'batch --max-keys') value='-' ;;
    'chunk --by') value='-' ;;
    'chunk --max-keys') value='-' ;;
    'window --size') value='-' ;;
    'window --slide') value='-' ;;
    'window --offset') value='-' ;;
    'window --gap') value='-' ;;
    'window --max') value='-' ;;
    'window --by') value='-' ;;
    'window --late') value='fail drop emit' ;;
    'window --max-count') value='-' ;;
    'window --max-keys') value='-' ;;
    'aggregate --by') value='-' ;;
    'aggregate --every') value='-' ;;
    'aggregate --count') value='-' ;;
    'aggregate --max-keys') value='-' ;;
    'switch --expr' | 'switch -e') value='-' ;;
    'switch --from-file' | 'switch -f') value='file' ;;
    'split --expr' | 'split -e') value='-' ;;
    'split --from-file' | 'split -f') value='file' ;;
    'fanout --isolate') value='-' ;;
    'fanout --when-full') value='block drop-newest drop-oldest' ;;
    'partition --copies' | 'partition -n') value='-' ;;
    'partition --by') value='-' ;;
    'tap --to') value='file' ;;
    'tap --exec') value='-' ;;
    'tap --sh') value='-' ;;
    'tap --worker') value='-' ;;
    'tap --jobs') value='-' ;;
    'tap --by') value='-' ;;
    'tap --timeout') value='-' ;;
    'tap --max-output') value='-' ;;
    'tap --in-flight') value='-' ;;
    'retry --attempts' | 'retry -n') value='-' ;;
    'retry --delay') value='-' ;;
    'retry --max-delay') value='-' ;;
    'retry --factor') value='-' ;;
    'retry --jitter') value='full equal none' ;;
    'retry --max-elapsed') value='-' ;;
    'retry --budget') value='-' ;;
    'retry --if') value='-' ;;
    'breaker --failure-rate') value='-' ;;
    'breaker --min-calls') value='-' ;;
    'breaker --window') value='-' ;;
    'breaker --consecutive') value='-' ;;
    'breaker --slow') value='-' ;;
    'breaker --slow-rate') value='-' ;;
    'breaker --open') value='-' ;;
    'breaker --open-factor') value='-' ;;
    'breaker --open-max') value='-' ;;
    'breaker --trial-calls') value='-' ;;
    'breaker --when-open') value='fail wait' ;;
    'run --input' | 'run -i') value='file' ;;
    'run --time') value='-' ;;
    'run --lateness') value='-' ;;
    'run --max-ahead') value='-' ;;
    'run --idle-timeout') value='-' ;;
    'run --dlq') value='file' ;;
    'run --dlq-sync') value='exit record none' ;;
    'run --on-failure') value='continue stop' ;;
    'run --max-failures') value='-' ;;
    'run --threads' | 'run -j') value='-' ;;
    'run --seed') value='-' ;;
    'run --arg') value='-' ;;
    'run --argjson') value='-' ;;
    'run --max-line') value='-' ;;
    'run --max-keys') value='-' ;;
    'run --max-value') value='-' ;;
    'run --max-steps') value='-' ;;
    'run --drain-timeout') value='-' ;;
    'run --stats') value='=text json' ;;
    'run --stats-file') value='file' ;;
    'run --events') value='file' ;;
    'run --trace') value='file' ;;
    'run --trace-sample') value='-' ;;
    'run --progress') value='auto always never' ;;
    'run --color') value='auto always never' ;;
    'demo --count' | 'demo -n') value='-' ;;
    'demo --rate') value='-' ;;
    'demo --seed') value='-' ;;
    'replay --kind') value='parse too_long too_deep time expr type arg exec_exit exec_signal exec_timeout exec_spawn exec_output breaker_open throttled full late path shutdown internal' ;;
    'replay --stage') value='-' ;;
    'replay --as') value='original record' ;;
    *) value='' ;;
  esac
}

_sz_words() {
  case $1 in
    'window') words='count session sliding tumbling' ;;
    'window more') words='count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta rate then --' ;;
    'aggregate') words='count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta rate' ;;
    'aggregate more') words='count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta rate then --' ;;
    'switch ]') words='then else --' ;;
    'run') words='file' ;;
    'run more') words='file' ;;
    'explain') words='file' ;;
    'explain more') words='file' ;;
    'demo') words='-' ;;
    'demo more') words='-' ;;
    'replay') words='file' ;;
    'replay more') words='file' ;;
    'dlq') words='stats' ;;
    'dlq more') words='stats' ;;
    'completion') words='bash zsh fish' ;;
    'completion more') words='bash zsh fish' ;;
    'help') words='filter map flatten sample take skip dedupe throttle debounce buffer monitor batch chunk window aggregate switch split fanout partition tap write merge retry breaker catch run explain demo replay dlq completion help pipeline expressions aggregates json time failures events watch commands output status' ;;
    'help more') words='filter map flatten sample take skip dedupe throttle debounce buffer monitor batch chunk window aggregate switch split fanout partition tap write merge retry breaker catch run explain demo replay dlq completion help pipeline expressions aggregates json time failures events watch commands output status' ;;
    *) words='then --' ;;
  esac
}

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
