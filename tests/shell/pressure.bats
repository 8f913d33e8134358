# Back-pressure and buffers between real processes: a fast producer, a slow consumer, memory within its bound, every drop
# counted. PRESS=30 makes the slow half of each case last 30 s instead of one.
load common

# press WORDS...: a consumer of 1 MB/s behind sz; the account in ./report.
press() {
  python3 "$BATS_TEST_DIRNAME/press.py" "${PRESS:-${seconds:-1}}" 1000000 env --default-signal "$SZ" --stats=json "$@" >report
  [ -z "${PRESS-}" ] || jq -c '{status, fed, out, peak_kb, mb_per_s, lines: .stats.lines}' report >&3
}
ask() { jq -r "$1" report; }
# holds JQ-CONDITION: of the report.
holds() { [ "$(ask "$1")" == true ] || { echo "does not hold: $1"; jq -c . report; return 1; }; }
# within MIB: peak memory is at most so much more than what sz takes without the buffer.
within() {
  local sanitized
  sanitized=$(nm -D "$SZ" | grep -c __asan || true)
  [ "$sanitized" -ne 0 ] || holds ".peak_kb < $((16 + $1)) * 1024"
}

@test "buffer --when-full block: everything comes, within the bound" {
  press buffer --bytes 8Mi
  holds '.status == 0 and .out == .fed and .stats.lines.in == .fed and .stats.lines.out == .fed'
  within 8
}

@test "buffer --when-full drop-newest, drop-oldest: the reading goes on, what is missing is counted" {
  local policy
  for policy in drop-newest drop-oldest; do
    press buffer --bytes 8Mi --when-full $policy
    holds '.status == 0 and .stats.lines.in == .fed and .out == .stats.lines.out'
    holds '.out + .stats.lines.dropped == .fed and .stats.lines.dropped > 1000'
    holds '.stats.stages[0].reasons.full == .stats.lines.dropped'
    within 8
  done
}

@test "buffer --when-full fail: a dead letter for each record there was no room for" {
  seconds=0.3 press --dlq dead buffer --size 1000 --when-full fail
  holds '.status == 1 and .stats.lines.in == .fed and .out + .stats.lines.failed == .fed'
  same letters "$(ask .stats.lines.failed)" "$(lines dead)"
  same kinds full "$(head -n 1000 dead | jq -r .kind | sort -u)"
}

# slow_worker: answers each record after 2 ms, and says how many there were.
slow_worker() {
  cat >slow_worker <<'END'
#!/usr/bin/python3 -u
import sys, time
for n, line in enumerate(sys.stdin.buffer, 1):
    time.sleep(0.002)
    sys.stdout.buffer.write(b"0\n")
    sys.stdout.flush()
    open("asked", "w").write(str(n))
END
  chmod +x slow_worker
}

@test "fanout --isolate: the others run at full speed, the slow branch sheds, its drops are counted for it alone" {
  slow_worker
  numbers 100000 >many
  local policy
  for policy in drop-newest drop-oldest; do
    is 0 sz --stats=json fanout --isolate 100 --when-full $policy [ map --worker ./slow_worker then filter . ] [ map .n ] <many
    same fast "$(seq 100000)" "$(grep -v '^0$' out)"
    tail -n 1 err >report
    holds '.stages[0].branch == null and .stages[0].made == 100000 and .stages[0].out == 200000'
    holds '.stages[1] | .branch == 1 and .in == 100000 and .dropped == .reasons.full and .in == .out + .dropped'
    holds '.stages[1].dropped > 90000 and .stages[2].branch == 2 and .stages[2].out == 100000'
    same asked "$(cat asked)" "$(ask '.stages[1].out')"
    same slow "$(cat asked)" "$(grep -c '^0$' out)"
  done
}

@test "fanout --isolate --when-full block: the slow branch holds the reading back, nothing is lost" {
  slow_worker
  numbers 300 >some
  is 0 sz --stats=json fanout --isolate 10 [ map --worker ./slow_worker ] [ map .n ] <some
  same fast "$(seq 300)" "$(grep -v '^0$' out)"
  same slow 300 "$(grep -c '^0$' out)"
}

@test "a buffer in front of a command: the reading goes on while it is busy" {
  mkfifo in
  sz --events ev buffer --size 3 --when-full drop-oldest then map --sh 'until [ -e go ]; do sleep 0.01; done; cat' <in >out &
  exec 7>in
  numbers 10 >&7
  eventually '[ "$(lines ev)" -eq 6 ]'
  touch go
  exec 7>&-
  wait $!
  same out '{"n":1} {"n":8} {"n":9} {"n":10}' "$(paste -sd ' ' out)"
  same events 'dropped:full:buffer:2 dropped:full:buffer:3 dropped:full:buffer:4 dropped:full:buffer:5 dropped:full:buffer:6 dropped:full:buffer:7' \
    "$(jq -r '[.event, .reason, .stage, .line] | map(tostring) | join(":")' ev | paste -sd ' ')"
}

@test "what waits in a buffer at a signal is finished, or becomes dead letters after --drain-timeout" {
  local timeout
  for timeout in 20s 200ms; do
    rm -f go in dead asked out
    mkfifo in
    env --default-signal "$SZ" --drain-timeout $timeout --dlq dead buffer --size 99 then map --sh 'touch asked; until [ -e go ]; do sleep 0.01; done; cat' <in >out &
    pid=$!
    exec 7>in
    numbers 5 >&7
    eventually '[ -e asked ]'
    kill -TERM "$pid"
    [ $timeout == 200ms ] || touch go
    ends "$pid" 143
    exec 7>&-
    if [ $timeout == 20s ]; then
      same out "$(numbers 5)" "$(cat out)"
    else
      same letters '1:shutdown 2:shutdown 3:shutdown 4:shutdown 5:shutdown' \
        "$(jq -r '"\(.line):\(.kind)"' dead | sort | paste -sd ' ')"
    fi
  done
}

@test "standard output that nobody reads: a buffer in front sheds, a second one further up does not" {
  mkfifo in fifo
  exec 8<>fifo
  env --default-signal "$SZ" --stats-file stats buffer --size 100000000 then filter .n then buffer --size 10 --when-full drop-newest \
    <in >fifo &
  pid=$!
  exec 7>in
  yes '{"n":"0123456789012345678901234567890123456789"}' | head -n 200000 >&7
  exec 7>&-
  cat <&8 >/dev/null & reader=$!
  ends "$pid" 0
  kill "$reader"
  grep -q 'sz_stage_dropped_total{stage="buffer",index="3",reason="full"}' stats
  ! grep -q 'sz_stage_dropped_total{stage="buffer",index="1"' stats
}

@test "fanout --isolate: a branch that ends in write goes on while nobody reads standard output" {
  mkfifo fifo
  exec 8<>fifo
  numbers 200000 >many
  env --default-signal "$SZ" fanout --isolate 10 --when-full drop-newest [ write all ] [ ] <many >fifo &
  pid=$!
  eventually '[ "$(lines all)" -gt 199000 ]'
  kill -0 "$pid"
  cat <&8 >/dev/null & reader=$!
  ends "$pid" 0
  kill "$reader"
  same all 200000 "$(lines all)"
}

@test "without a buffer a slow consumer stops the reading, within the memory of a plain run" {
  press filter .n then fanout [ map . ] [ filter false ]
  holds '.status == 0 and .out == .fed'
  within 0
}
