# Signals: stop reading, finish what was read, die of the signal.
load common

# start ARG...: sz in the background with a pipe on stdin (descriptor 7); its process id in $pid.
start() {
  mkfifo in
  env --default-signal "$SZ" "$@" <in >out 2>err &
  pid=$!
  exec 7>in
}

teardown() {
  exec 7>&- || true
  [ -z "${pid-}" ] || kill -9 "$pid" 2>/dev/null || true
}

for_each_signal() {  # NAME NUMBER
  start tap --to seen then batch --size 100
  numbers 3 >&7
  eventually '[ "$(lines seen)" -eq 3 ]'
  kill -"$1" "$pid"
  ends "$pid" $((128 + $2))
  same out '[{"n":1},{"n":2},{"n":3}]' "$(cat out)"
}

@test "SIGTERM in the middle of a batch writes that batch" { for_each_signal TERM 15; }
@test "SIGINT too" { for_each_signal INT 2; }
@test "SIGHUP too" { for_each_signal HUP 1; }

@test "while idle, before the first byte" {
  start filter .
  # It is up when it sleeps; a signal before its handlers are set would kill it all the same.
  eventually '[ "$(cut -d " " -f 3 /proc/$pid/stat)" = S ]'
  kill -TERM "$pid"
  ends "$pid" 143
  [ ! -s out ]
}

@test "an unfinished line becomes a dead letter of kind shutdown" {
  start --dlq dead tap --to seen then filter .
  printf '{"n":1}\n{"n":' >&7
  eventually '[ "$(lines seen)" -eq 1 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  same out '{"n":1}' "$(cat out)"
  same kinds shutdown "$(kinds dead)"
  same original '{"n":' "$(jq -r .original dead)"
}

@test "a signal that ends the writer of the pipe as well counts before the end of the input" {
  local round signal status
  for round in {1..20}; do
    for signal in INT TERM; do
      status=0
      python3 - "$signal" <<'END' || status=$?
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
plain = lambda: [signal.signal(s, signal.SIG_DFL) for s in (signal.SIGINT, signal.SIGTERM)]
inner, outer = os.pipe()
writer = subprocess.Popen(["sleep", "100"], stdout=outer, process_group=0, preexec_fn=plain)
os.write(outer, b'1\n{"cut":')
os.close(outer)
reader = subprocess.Popen([os.environ["SZ"], "--dlq", "dead", "tap", "--to", "seen", "then", "batch", "--size", "5"],
                          stdin=inner, stdout=open("out", "wb"), process_group=writer.pid, preexec_fn=plain)
while not os.path.exists("seen") or os.path.getsize("seen") == 0:
    time.sleep(0.001)
os.killpg(writer.pid, number)
writer.wait()
sys.exit(reader.wait() + 64 + number)
END
      same "status of round $round" 64 "$status"
      same out '[1]' "$(cat out)"
      same kinds shutdown "$(kinds dead)"
      rm -f dead seen
    done
  done
}

@test "what cannot be finished in --drain-timeout becomes dead letters" {
  start --drain-timeout 200ms --dlq dead tap --to seen then throttle --rate 1/h --burst 1
  numbers 1 >&7
  eventually '[ "$(lines out)" -eq 1 ]'
  numbers 1 >&7
  eventually '[ "$(lines seen)" -eq 2 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  same kinds shutdown "$(kinds dead)"
}

@test "a second signal ends it now" {
  start --dlq dead tap --to seen then throttle --rate 1/h --burst 1
  numbers 1 >&7
  eventually '[ "$(lines out)" -eq 1 ]'
  numbers 1 >&7
  eventually '[ "$(lines seen)" -eq 2 ]'
  SECONDS=0
  kill -TERM "$pid"
  sleep 0.3
  kill -0 "$pid" # the drain lasts 20 s
  kill -TERM "$pid"
  ends "$pid" 143
  [ "$SECONDS" -lt 15 ]
}

@test "a signal that was ignored at start stays ignored" {
  mkfifo in
  env --ignore-signal=HUP "$SZ" tap --to seen then batch --size 100 <in >out 2>err &
  pid=$!
  exec 7>in
  numbers 1 >&7
  eventually '[ "$(lines seen)" -eq 1 ]'
  kill -HUP "$pid"
  numbers 1 >&7
  eventually '[ "$(lines seen)" -eq 2 ]'
  exec 7>&-
  ends "$pid" 0
  same out '[{"n":1},{"n":1}]' "$(cat out)"
}

@test "SIGUSR1 prints the statistics and the run goes on" {
  start tap --to seen then batch --size 100
  numbers 2 >&7
  eventually '[ "$(lines seen)" -eq 2 ]'
  kill -USR1 "$pid"
  eventually '[ -s err ]'
  exec 7>&-
  ends "$pid" 0
  same out '[{"n":1},{"n":2}]' "$(cat out)"
}

@test "closed stdout: sz dies of SIGPIPE in silence" {
  set +o pipefail
  numbers 100000 | { status=0; $SZ_PLAIN filter .n 2>err || status=$?; echo $status >status; } | head -1 >out
  eventually '[ -s status ]'
  same status 141 "$(cat status)"
  [ ! -s err ]
}

@test "closed stdout is noticed while idle" {
  set +o pipefail
  mkfifo in
  exec 8<>in
  { status=0; $SZ_PLAIN filter .n <in 2>err || status=$?; echo $status >status; } | true
  exec 8>&-
  eventually '[ -s status ]'
  same status 141 "$(cat status)"
  [ ! -s err ]
}

@test "closed stdout: side files are finished first" {
  set +o pipefail
  numbers 100000 >in.ndjson
  { status=0; $SZ_PLAIN --dlq dead tap --to copy <in.ndjson || status=$?; echo $status >status; } | head -1 >out
  eventually '[ -s status ]'
  same status 141 "$(cat status)"
  [ "$(lines copy)" -ge 1 ]
  same 'last byte of the copy' '\n' "$(tail -c 1 copy | od -An -c | tr -d ' ')"
}

@test "SIGPIPE ignored at start: one message, exit 3" {
  set +o pipefail
  numbers 100000 | { status=0; env --ignore-signal=PIPE "$SZ" filter .n 2>err || status=$?; echo $status >status; } | head -1 >out
  eventually '[ -s status ]'
  same status 3 "$(cat status)"
  same 'lines on stderr' 1 "$(lines err)"
}
