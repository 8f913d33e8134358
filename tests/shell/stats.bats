# --stats: the ledger on stderr. The sums must hold.
load common

input() { printf '%s\n' '{"n":1}' '' 'bad' '{"n":2}' '{"n":3}' '{"n":4}' '{"n":5}'; }

@test "--stats=json is one line, and the fates of the lines add up" {
  is 1 sz --stats=json --dlq dead filter '.n != 2' then batch --size 3 < <(input)
  same lines 1 "$(lines err)"
  # 1, 3 and 4 are a batch that leaves as one record: one line is out, two are merged into it; so with 5 alone.
  same fates '7 1 2 2 1 1 0 0' \
    "$(jq -r '.lines | "\(.in) \(.blank) \(.out) \(.merged) \(.filtered) \(.failed) \(.dropped) \(.held)"' err)"
}

@test "--stats=json: the sums of the run and of each stage" {
  for words in "filter '.n != 2' then flatten '[.n, .n]' then batch --size 3 then take 1" \
    'dedupe --by .n then take --last 2' 'map .n then skip 1 then chunk 2' 'tap --to copy then batch --bytes 20'; do
    is 1 eval "sz --stats=json --dlq dead $words" < <(input)
    jq -e '.lines | .in == .blank + .out + .merged + .filtered + .failed + .dropped + .held' err
    jq -e 'all(.stages[]; .in + .made == .out + .merged + .filtered + .failed + .dropped + .held)' err
  done
}

@test "every stage is listed, also where no line was read" {
  for input in /dev/null in; do
    printf '\n' >in
    for threads in 1 2; do
      is 0 sz -j $threads --stats=json --stats-file stats.prom filter .a then batch --size 2 <"$input"
      same stages 'filter batch' "$(jq -r '[.stages[].stage] | join(" ")' err)"
      same series 2 "$(grep -c '^sz_stage_records_total.*kind="failed"' stats.prom)"
      is 0 sz -j $threads --stats=json map . then switch .a [ filter .b ] <"$input"
      same stages 'map switch filter' "$(jq -r '[.stages[].stage] | join(" ")' err)"
    done
  done
}

@test "what throttle drops is dropped, with its reason" {
  is 0 sz --time .t --stats=json throttle --rate 1/h --mode drop < <(printf '{"t":1}\n{"t":2}\n{"t":3}\n')
  same dropped '1 2' "$(jq -r '.lines | "\(.out) \(.dropped)"' err)"
  same reasons 2 "$(jq '.stages[0].reasons | add' err)"
}

@test "--stats prints the ledger as text, on stderr only" {
  is 0 sz --stats filter .n < <(numbers 5)
  same out "$(numbers 5)" "$(cat out)"
  grep -q 5 err
  grep -q filter err
}

@test "without --stats nothing" {
  is 0 sz filter .n < <(numbers 5)
  [ ! -s err ]
}

@test "--stats-file is Prometheus text" {
  is 0 sz --stats-file stats.prom filter .n < <(numbers 5)
  grep -q '^# TYPE sz_' stats.prom
  run ! grep -v -q -E '^(# (HELP|TYPE) .*|[a-z_]+(\{[^}]*\})? [0-9.e+-]+)$' stats.prom
  [ ! -s err ]
}

@test "--stats-file replaces regular files only, and no input" {
  mkfifo fifo
  numbers 3 >in
  is 2 sz --stats-file fifo filter . <in
  [ -p fifo ]
  is 2 sz --stats-file in filter . -- in
  [ "$(lines in)" = 3 ]
  is 2 sz --stats-file no/such/dir filter . <in
  ln -s real link
  is 0 sz --stats-file link filter . <in
  [ -L link ]
  grep -q sz_lines_total real
  [ "$(find . -name '*.??????' | wc -l)" = 0 ]
}

@test "SIGUSR1 writes --stats-file too, and a run that is killed leaves nothing beside it" {
  mkfifo in
  env --default-signal "$SZ" --stats-file stats.prom filter .n <in >out 2>err &
  pid=$!
  exec 7>in
  numbers 3 >&7
  eventually '[ "$(lines out)" = 3 ]'
  [ ! -e stats.prom ]
  kill -USR1 "$pid"
  eventually '[ -e stats.prom ]'
  grep -q '^sz_lines_total{fate="out"} 3$' stats.prom
  grep -q filter err
  kill -KILL "$pid"
  ends "$pid" 137
  exec 7>&-
  same files 'err in out stats.prom' "$(find . -type f -o -type p | sed 's,./,,' | sort | paste -sd ' ')"
}

@test "a --stats-file that cannot be written now and then is said, and ends nothing" {
  mkdir there
  mkfifo in
  env --default-signal "$SZ" --stats-file there/stats.prom filter .n <in >out 2>err &
  pid=$!
  exec 7>in
  numbers 3 >&7
  eventually '[ "$(lines out)" = 3 ]'
  mv there gone
  kill -USR1 "$pid"
  eventually 'grep -q "^sz: cannot write there/stats.prom: No such file" err'
  mv gone there
  numbers 1 >&7
  exec 7>&-
  ends "$pid" 0
  same out 4 "$(lines out)"
  grep -q '^sz_lines_total{fate="out"} 4$' there/stats.prom
}

@test "statistics that were asked for and cannot be written: exit 3" {
  numbers 1 >in
  status=0
  sz --stats filter . <in >out 2>/dev/full || status=$?
  same status 3 "$status"
  sz filter . <in >out 2>/dev/full
}

@test "a stderr that was asked for and is lost: exit 3, closed or full" {
  { numbers 2; echo bad; } >in
  numbers 2 >good
  for lost in '2>&-' '2>/dev/full'; do
    for words in '--dlq - filter .' '--dlq - --exit-zero-on-dlq filter .' '--dlq dead --stats filter .' \
      '--dlq dead --stats=json filter .'; do
      status=0
      eval "sz $words <in >out $lost" || status=$?
      same "status of sz $words $lost" 3 "$status"
    done
    for words in '--events - batch --size 1' 'tap --stderr' monitor 'map debug' 'map stderr' '-j 2 filter debug'; do
      status=0
      eval "sz $words <good >out $lost" || status=$?
      same "status of sz $words $lost" 3 "$status"
    done
  done
}

@test "failures that a full stderr does not take: exit 3; that nobody reads: exit 1" {
  { numbers 2; echo bad; } >in
  numbers 2 >good
  report() {  # STATUS REDIRECTION [INPUT]
    for threads in 1 2; do
      status=0
      eval "sz -j $threads filter .n <${3-in} >out $2" || status=$?
      same "status $2" "$1" "$status"
      cmp good out
    done
  }
  report 3 '2>/dev/full'
  report 1 '2>&-'
  report 1 '2>/dev/null'
  report 1 '2> >(exec <&-; sleep 1)'
  # Nothing failed, or the letters have it.
  report 0 '2>/dev/full' good
  is 1 bash -c "$SZ --dlq dead filter .n <in >out 2>/dev/full"
  # What was left out of a row of like ones is said at the end.
  yes bad | head -n 20 >in
  : >good
  report 3 '2>/dev/full'
}

@test "Prometheus has the reasons of what was dropped" {
  yes '{"a":1}' | head -5 | sz --stats-file stats.prom dedupe >out
  grep -q '^sz_stage_dropped_total{stage="dedupe",index="1",reason="duplicate"} 4$' stats.prom
}
