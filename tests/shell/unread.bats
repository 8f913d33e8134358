# Outputs that nobody reads: sz waits for them, but after a signal no longer than --drain-timeout.
load common

setup() {
  cd "$BATS_TEST_TMPDIR" || exit 1
  mkfifo in fifo
  numbers 20000 >many
}

teardown() {
  exec 7>&- 8<&- || true
  [ -z "${pid-}" ] || kill -9 "$pid" 2>/dev/null || true
}

# start ARG...: sz in the background, its input left open behind what is in ./many.
start() {
  env --default-signal "$SZ" --drain-timeout 300ms "$@" <in >out 2>err &
  pid=$!
  exec 7>in
}
idle() { [ "$(cut -d ' ' -f 3 "/proc/$pid/stat")" = S ]; }
# full FIFO: nothing more fits in.
full() { ! timeout 0.1 dd of="$1" bs=4096 count=1 if=/dev/zero oflag=nonblock,append conv=notrunc 2>/dev/null; }
stays() { sleep 0.5 && kill -0 "$pid"; }
signalled() {  # STATUS [NAME]
  SECONDS=0
  kill -"${2-TERM}" "$pid"
  ends "$pid" "$1"
  [ "$SECONDS" -lt 10 ]
}

@test "a FIFO without a reader: opening waits, a signal ends it" {
  for words in 'tap --to fifo' '--dlq fifo filter .'; do
    # shellcheck disable=SC2086
    start $words
    stays
    signalled 143
  done
}

@test "tap --to a FIFO that is not read on" {
  exec 8<>fifo
  start tap --to fifo
  cat many >&7 & feeder=$!
  eventually 'full fifo'
  stays
  signalled 3
  grep -q 'cannot write fifo: it took no more before --drain-timeout' err
  kill "$feeder" 2>/dev/null || true
}

@test "what is ready goes to stdout before it waits for a FIFO" {
  exec 8<>fifo
  start tap --to fifo
  cat many >&7 & feeder=$!
  eventually 'full fifo'
  eventually '[ "$(lines out)" -gt 100 ]'
  same 'last byte' '\n' "$(tail -c 1 out | od -An -c | tr -d ' ')"
  kill -9 "$pid" "$feeder"
}

@test "--dlq FIFO that is not read on: the letters come on stderr, exit 3" {
  exec 8<>fifo
  start --dlq fifo filter '.n | error'
  cat many >&7 & feeder=$!
  eventually 'full fifo'
  stays
  signalled 3 INT
  grep -q 'cannot write dead letters to fifo: it took no more before --drain-timeout' err
  grep -q '^sz: unsaved dead letter: {"v":1,' err
  kill "$feeder" 2>/dev/null || true
}

@test "another process holds the dead letters' lock" {
  : >dead
  start --dlq dead filter '.n | error'
  numbers 1 >&7
  eventually '[ "$(lines dead)" -eq 1 ]'
  exec 8<dead
  flock -x 8
  numbers 1 >&7
  stays
  [ "$(lines dead)" -eq 1 ]
  signalled 3
  grep -q '^sz: unsaved dead letter: {"v":1,' err
  exec 8<&-
}

@test "stderr that is not read" {
  exec 8<>fifo
  env --default-signal "$SZ" --drain-timeout 300ms tap --stderr <in >out 2>fifo &
  pid=$!
  exec 7>in
  cat many >&7 & feeder=$!
  eventually 'full fifo'
  stays
  signalled 3
  kill "$feeder" 2>/dev/null || true
}

@test "diagnostics on a stderr that is not read: it dies of the signal" {
  exec 8<>fifo
  until full fifo; do :; done
  env --default-signal "$SZ" --drain-timeout 300ms filter .n <in >out 2>fifo &
  pid=$!
  exec 7>in
  echo bad >&7
  eventually idle
  stays
  signalled 143
}

@test "debug on a stderr that is not read, from one thread and from several" {
  for threads in 1 2; do
    exec 8<>fifo
    env --default-signal "$SZ" --drain-timeout 300ms -j $threads map debug <in >out 2>fifo &
    pid=$!
    exec 7>in
    cat many >&7 & feeder=$!
    eventually 'full fifo'
    stays
    signalled 3
    kill "$feeder" 2>/dev/null || true
    exec 7>&- 8<&-
  done
}

@test "stderr keeps its flags" {
  exec 8<>fifo
  { sz filter . <many >/dev/null && grep flags "/proc/$BASHPID/fdinfo/2" >flags; } 2>fifo
  flags=$(cut -f 2 flags)
  [ $((8#$flags & 8#4000)) -eq 0 ]
}

@test "without a signal it waits for as long as it takes" {
  start --dlq fifo filter '.n | error'
  { sleep 1; cat; } <fifo >letters 7>&- & reader=$!
  cat many >&7
  exec 7>&-
  ends "$pid" 1
  wait "$reader"
  same letters 20000 "$(lines letters)"
}
