# -j on input that keeps all threads busy; also run under the thread sanitizer.
load common

@test "-j 4 gives what -j 1 gives" {
  generate --size 8M >in
  for words in "filter '.status == 503'" "map '{id,user}' then filter '.id > 500000000' then batch --size 9"; do
    eval "sz -j 1 $words" <in >one
    eval "sz -j 4 $words" <in >four
    cmp one four
    [ -s one ]
  done
}

@test "take behind parallel stages ends the run early and cleanly" {
  generate --size 8M >in
  sz -j 4 filter '.status == 503' then take 5 <in >four
  sz -j 1 filter '.status == 503' then take 5 <in >one
  cmp one four
}

@test "failures in parallel stages: letters and outputs are complete" {
  generate --size 4M | awk '{ print } NR % 1000 == 0 { print "bad " NR }' >in
  is 1 sz -j 4 --dlq dead map 'if .status == 404 then error("no") else .id end' <in
  same sum "$(lines in)" "$(($(lines out) + $(lines dead)))"
}

@test "--on-failure stop with threads: nothing behind the failure comes out" {
  { generate --size 1M; echo bad; generate --size 1M; } >in
  is 1 sz -j 4 --on-failure stop --dlq dead filter . <in
  cmp out <(generate --size 1M)
}

@test "a signal while threads work" {
  mkfifo in
  env --default-signal "$SZ" -j 4 filter .id <in >out 2>err &
  pid=$!
  exec 7>in
  generate --size 4M >&7
  kill -TERM $pid
  ends $pid 143
  exec 7>&-
  cmp <(head -n "$(lines out)" <(generate --size 4M)) out
}

@test "closed stdout while threads work" {
  set +o pipefail
  generate --size 4M >in
  { status=0; $SZ_PLAIN -j 4 filter .id <in 2>err || status=$?; echo $status >status; } | head -1 >out
  eventually '[ -s status ]'
  same status 141 "$(cat status)"
}

@test "input_line_number is the line of the file, in every block" {
  numbers 60000 >in
  for words in 'map input_line_number' "filter 'input_line_number % 2 == 0' then map input_line_number" \
    '--time input_line_number filter .n then map input_line_number'; do
    eval "sz -j 1 $words" <in >one
    for threads in 2 4; do
      eval "sz -j $threads $words" <in | cmp one -
      eval "feed 60000 in $SZ -j $threads $words" | cmp one -
    done
    [ "$(lines one)" -ge 30000 ]
  done
  same 'last of two files' 60000 "$(sz -i in -i in -j 2 map input_line_number | tail -n 1)"
}
