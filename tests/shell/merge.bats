# Several inputs at once, as real FIFOs and files.
load common

teardown() {
  exec 5>&- 6>&- || true
  [ -z "${pid-}" ] || kill -9 "$pid" 2>/dev/null || true
}

# start ARG...: sz in the background; descriptors 5 and 6 write into the FIFOs a and b.
start() {
  mkfifo a b
  env --default-signal "$SZ" "$@" >out 2>err &
  pid=$!
  exec 5>a 6>b
}

@test "one that is silent does not hold up the other" {
  start merge a b
  echo 1 >&6
  eventually '[ "$(lines out)" -eq 1 ]'
  echo 2 >&5
  eventually '[ "$(lines out)" -eq 2 ]'
  echo 3 >&6
  eventually '[ "$(lines out)" -eq 3 ]'
  exec 5>&-
  echo 4 >&6
  eventually '[ "$(lines out)" -eq 4 ]'
  exec 6>&-
  ends "$pid" 0
  same out '1 2 3 4' "$(paste -sd ' ' out)"
}

@test "it sleeps while nothing comes, and when one has ended" {
  start merge a b
  echo 1 >&5
  eventually '[ "$(lines out)" -eq 1 ]'
  exec 5>&-
  ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
  before=$(ticks)
  sleep 0.5
  [ $(($(ticks) - before)) -le 5 ]
  exec 6>&-
  ends "$pid" 0
}

@test "a file does not starve a FIFO" {
  yes '{"n":1}' | head -n 2000000 >file
  mkfifo a
  $SZ_PLAIN merge file a >out 2>err &
  pid=$!
  echo '"here"' >a
  ends "$pid" 0
  [ "$(grep -n '^"here"$' out | cut -d : -f 1)" -lt "$(lines file)" ]
  same lines "$(($(lines file) + 1))" "$(lines out)"
}

@test "all that several files hold, in the order of each" {
  for n in 1 2 3; do awk -v f=$n 'BEGIN { for (i = 0; i < 50000; ++i) printf "{\"f\":%d,\"n\":%d}\n", f, i }' >"$n"; done
  for threads in 1 4; do
    sz -j $threads merge 1 2 3 then filter '.n >= 0' >out
    sort out | cmp - <(sort 1 2 3)
    for n in 1 2 3; do grep "\"f\":$n," out | cmp - $n; done
  done
}

@test "by time: one that is silent holds the others until --idle-timeout" {
  start --time .t --idle-timeout 300ms merge --by-time a b
  echo '{"t":2}' >&5
  sleep 0.1
  same 'held' 0 "$(lines out)"
  echo '{"t":1}' >&6
  eventually '[ "$(lines out)" -eq 2 ]'
  same order '{"t":1} {"t":2}' "$(paste -sd ' ' out)"
  exec 5>&- 6>&-
  ends "$pid" 0
}

@test "by time: the same as a sort, many blocks" {
  for n in 1 2 3; do
    awk -v f=$n 'BEGIN { srand(f); for (i = 0; i < 20000; ++i) { t += int(rand() * 3); printf "{\"t\":%d,\"f\":%d,\"pad\":\"%050d\"}\n", t, f, i } }' >"$n"
  done
  for n in 1 2 3; do jq -r --arg f $n '[.t, $f, (. | tojson)] | @tsv' $n; done | sort -s -n -k1,1 | cut -f 3- >sorted
  mkfifo fifo
  cat 2 >fifo &
  sz --time .t merge --by-time 1 fifo 3 >out
  cmp sorted out
}

@test "a signal ends all of them" {
  start --dlq dead merge a b
  printf '1\n{"un' >&5
  printf '2\n' >&6
  eventually '[ "$(lines out)" -eq 2 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  same letter '["a",2,"shutdown","{\"un"]' "$(jq -c '[.src,.line,.kind,.original]' dead)"
}

@test "one that cannot be read: the others go on, exit 3" {
  echo 1 >file
  mkdir directory
  is 3 sz merge directory file none
  same out 1 "$(cat out)"
  grep -q '^sz: cannot read directory: Is a directory$' err
  grep -q '^sz: cannot read none: No such file or directory$' err
  same 'lines on stderr' 2 "$(lines err)"
}

@test "logs as they grow" {
  echo '{"f":"a"}' >a.log
  echo '{"f":"b"}' >b.log
  timeout 20 "$SZ" merge <(tail -n +1 -F a.log 2>/dev/null) <(tail -n +1 -F b.log 2>/dev/null) >out 2>err &
  pid=$!
  eventually '[ "$(lines out)" -eq 2 ]'
  echo '{"f":"a2"}' >>a.log
  eventually '[ "$(lines out)" -eq 3 ]'
  kill "$pid"
  pid=
}

