# Prefixes and routing around commands: what needs processes, files and a wall clock.
load common

# shellcheck disable=SC1010,SC2016,SC2034
SZ_PLAIN="timeout -k 2 20 env --default-signal $SZ"

setup() {
  cd "$BATS_TEST_TMPDIR" || exit 1
  numbers 6 >six
}

# script NAME: an executable of stdin, with sh.
script() {
  { echo '#!/bin/sh'; cat; } >"$1"
  chmod +x "$1"
}

# flaky: fails twice with 75 for each record, then answers with it; it is careful of others that run beside it.
flaky() {
  script flaky <<'EOF'
read -r line
seen=seen.$(printf %s "$line" | cksum | cut -d ' ' -f 1)
echo x >>"$seen"
[ "$(wc -l <"$seen")" -ge 3 ] || exit 75
printf '%s\n' "$line"
EOF
}

@test "retry map --exec: each record is tried until it is answered, in order, with one process or with many" {
  flaky
  is 0 sz retry --attempts 3 --delay 10ms map --exec ./flaky <six
  same out "$(cat six)" "$(cat out)"
  same tries "$(yes 3 | head -n 6)" "$(for f in seen.*; do wc -l <"$f"; done)"
  rm seen.*
  is 0 sz retry --attempts 3 --delay 10ms map --jobs 4 --exec ./flaky <six
  same out "$(cat six)" "$(cat out)"
  same tries "$(yes 3 | head -n 6)" "$(for f in seen.*; do wc -l <"$f"; done)"
}

@test "retry runs as many at once as the command it wraps has jobs" {
  script together <<'EOF'
# Answers only once three others are there at the same time.
read -r line
touch "here.$$"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  [ "$(ls here.* | wc -l)" -lt 3 ] || { printf '%s\n' "$line"; exit 0; }
  sleep 0.2
done
exit 1
EOF
  is 0 sz retry --attempts 1 map --jobs 3 --exec ./together <six
  same out "$(cat six)" "$(cat out)"
}

@test "batch then retry breaker map: a batch that comes through at last, in order" {
  flaky
  is 0 sz --dlq dead batch --size 2 then retry --attempts 5 --delay 1ms breaker map --exec ./flaky <six
  same out "$(jq -cn '[inputs] | _nwise(2)' six)" "$(cat out)"
  [ ! -s dead ]
}

@test "batch then retry breaker map: of a batch that fails for good each line is a dead letter" {
  is 1 sz --dlq dead batch --size 2 then retry --attempts 2 --delay 1ms breaker map --sh 'grep -q 3 && exit 75; echo 0' <six
  same out "$(printf '0\n0')" "$(cat out)"
  same letters '3 2 4 2' "$(jq -r '.line, .attempts' dead | paste -sd ' ')"
}

@test "a command that is under its time-out limit in each try" {
  is 0 sz retry --attempts 3 --delay 1ms map --timeout 300ms --sh '[ -e once ] || { touch once; sleep 10; }; cat' <six
  same out "$(cat six)" "$(cat out)"
}

@test "retry around a worker that dies: the record is asked of the next one" {
  script dies <<'EOF'
while read -r line; do
  [ -e died ] || { touch died; exit 3; }
  printf '%s\n' "$line"
done
EOF
  is 0 sz retry --attempts 5 --delay 10ms --if '.kind == "exec_output"' map --in-flight 1 --worker ./dies <six
  same out "$(cat six)" "$(cat out)"
}

@test "retry around a worker that keeps its answers in a buffer: at the end of input it gives them" {
  is 0 sz retry map --worker 'sed s/1/9/' <six
  same out "$(sed s/1/9/ six)" "$(cat out)"
  is 0 sz catch [ ] retry [ map --worker 'sed s/1/9/' then filter --worker 'sed s/2/0/' ] <six
  same out "$(sed s/1/9/ six)" "$(cat out)"
  is 0 sz retry retry map --worker 'sed s/1/9/' <six
  same out "$(sed s/1/9/ six)" "$(cat out)"
}

@test "retry around a worker that fails at the end of its input: a new one is asked" {
  script late <<'EOF'
all=$(cat)
echo x >>runs
[ "$(wc -l <runs)" -ge "$1" ] || exit 3
printf '%s\n' "$all"
EOF
  is 0 sz retry --attempts 3 --delay 1ms map --worker './late 3' <six
  same out "$(cat six)" "$(cat out)"
  same runs 3 "$(lines runs)"
  rm runs
  is 1 sz --dlq dead retry --attempts 2 --delay 1ms map --worker './late 9' <six
  [ ! -s out ]
  same runs 2 "$(lines runs)"
  same letters "$(yes 'exec_output 2' | head -n 6)" "$(jq -r '"\(.kind) \(.attempts)"' dead)"
}

@test "an open breaker starts no process, and lets them start again when its time is over" {
  script down <<'EOF'
echo x >>calls
[ -e up ] && exec cat
exit 1
EOF
  is 1 sz breaker --min-calls 2 --open 1h map --exec ./down <six
  same calls 2 "$(lines calls)"
  same failures 6 "$(grep -c '^sz: stdin:' err)"
  rm calls
  { head -n 3 six; eventually '[ "$(lines calls)" -eq 2 ]'; touch up; sleep 0.4; tail -n 3 six; } |
    sz --dlq dead breaker --min-calls 2 --open 200ms --trial-calls 1 map --exec ./down >out 2>err || true
  same out "$(tail -n 3 six)" "$(cat out)"
  same kinds "exec_exit exec_exit breaker_open" "$(kinds dead)"
}

@test "catch: what a command said is in the record" {
  is 0 sz catch [ map '[.record.n, .kind, .exit, .stderr]' ] map --sh 'echo because >&2; exit 7' <six
  same out "$(seq -f '[%.0f,"exec_exit",7,"because\n"]' 6)" "$(cat out)"
  [ ! -s err ]
}

@test "switch: a slow command in a branch keeps its place among the others" {
  is 0 sz switch '.n % 2 == 0' [ map --jobs 3 --sh 'sleep 0.1; cat' ] else [ map '{n}' ] <six
  same out "$(cat six)" "$(cat out)"
}

@test "fanout: a command in each branch, in the order of the branches" {
  is 0 sz fanout [ map --jobs 2 --sh 'sleep 0.05; cat' ] [ map --exec 'echo 0' ] <six
  same out "$(while read -r line; do printf '%s\n0\n' "$line"; done <six)" "$(cat out)"
}

@test "a termination signal ends what is in back-off, and says what was the matter" {
  env --default-signal "$SZ" --dlq dead --events events --drain-timeout 100ms retry --attempts 5 --delay 1h map --sh 'exit 75' <six >out 2>err 3>&- &
  local pid=$!
  eventually 'grep -q retry events'
  kill -TERM "$pid"
  local status=0
  wait "$pid" || status=$?
  [ "$status" -ne 124 ]
  same first 'shutdown exec_exit' "$(jq -r 'select(.stage == "retry") | .kind, .cause.kind' dead | head -n 2 | paste -sd ' ')"
}

@test "--no-exec forbids commands in brackets and behind prefixes too" {
  is 2 sz --no-exec switch . [ map --exec cat ] <six
  is 2 sz --no-exec retry breaker map --exec cat <six
  [ ! -s out ]
}
