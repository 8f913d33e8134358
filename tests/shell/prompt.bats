# Output comes when it is ready, not when a buffer is full.
load common

@test "a record is out before the next one comes" {
  (echo '{"a":1}'; sleep 3; echo '{"a":2}') | sz filter .a >out &
  eventually '[ "$(lines out)" -eq 1 ]'
  same first '{"a":1}' "$(cat out)"
  kill -0 $! # it still waits for the second
  wait $!
  same both 2 "$(lines out)"
}

@test "yes | sz | head -1 ends at once and silently" {
  set +o pipefail
  yes '{"a":1}' | $SZ_PLAIN filter .a 2>err | head -1 >out
  same out '{"a":1}' "$(cat out)"
  [ ! -s err ]
}

@test "take ends the reading" {
  status=0
  yes '{"a":1}' | $SZ_PLAIN take 3 >out 2>err || status=$?
  same status 0 "$status"
  same lines 3 "$(lines out)"
  [ ! -s err ]
}

@test "take ends at once though the input stays open" {
  mkfifo in
  sz filter .n then take 2 <in >out &
  exec 7>in
  numbers 2 >&7
  wait $!
  exec 7>&-
  same lines 2 "$(lines out)"
}

@test "batch --every gives its batch in real time" {
  mkfifo in
  sz batch --size 100 --every 100ms <in >out &
  exec 7>in
  numbers 2 >&7
  eventually '[ "$(lines out)" -eq 1 ]'
  numbers 1 >&7
  eventually '[ "$(lines out)" -eq 2 ]'
  exec 7>&-
  wait $!
  same out '[{"n":1},{"n":2}] [{"n":1}]' "$(paste -sd ' ' out)"
}

@test "two in a pipe: promptness adds up" {
  mkfifo in
  sz filter .n <in | sz map .n >out &
  exec 7>in
  for n in 1 2 3; do
    echo "{\"n\":$n}" >&7
    eventually "[ \"\$(lines out)\" -eq $n ]"
  done
  exec 7>&-
  wait $!
}

@test "throttle --mode wait lets records go as time allows, and prints each at once" {
  numbers 4 >in
  start=$(date +%s%N)
  sz throttle --rate 20/s --burst 1 <in >out
  took=$((($(date +%s%N) - start) / 1000000))
  cmp in out
  [ "$took" -ge 145 ] || { echo "took only $took ms"; false; }
}

@test "a half line is not a record until its end comes" {
  mkfifo in
  sz filter . <in >out &
  exec 7>in
  printf '{"a":1}\n{"b"' >&7
  eventually '[ "$(lines out)" -eq 1 ]'
  printf ':2}\n' >&7
  eventually '[ "$(lines out)" -eq 2 ]'
  exec 7>&-
  wait $!
}

@test "side files are as prompt as stdout" {
  mkfifo in
  sz tap --to copy then batch --size 10 <in >out &
  exec 7>in
  numbers 1 >&7
  eventually '[ "$(lines copy)" -eq 1 ]'
  exec 7>&-
  wait $!
}

@test "a dead letter is written while the run goes on" {
  mkfifo in
  sz --dlq dead filter . <in >out &
  exec 7>in
  echo nonsense >&7
  eventually '[ "$(lines dead)" -eq 1 ]'
  exec 7>&-
  ends $! 1
}
