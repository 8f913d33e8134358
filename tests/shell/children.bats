# Commands: what a child gets, order and keys, workers, the end of the run. What children may do is in zoo.bats.
load children

# What a child gets.

@test "a child has descriptors 0, 1 and 2, default signals, none blocked, and a process group of its own" {
  exec 5</dev/null
  env --ignore-signal=PIPE --ignore-signal=USR2 "$SZ" tap --to side \
    then tap --sh 'ps -o pgid= -p $$ | tr -d " " >group; echo $$ >id' \
    then tap --exec 'sh -c "exec sed -n s/^Sig[BI].*:.//p /proc/self/status >masks"' \
    then map --exec 'ls /proc/self/fd' then batch --size 9 >out < <(numbers 1)
  exec 5<&-
  same descriptors '[0,1,2,3]' "$(cat out)"  # 3 is what ls itself reads
  # 32 and 33 are the C library's own; no call resets them.
  local blocked ignored
  { read -r blocked; read -r ignored; } <masks
  same blocked 0 "$((16#$blocked))"
  same ignored 0 "$((16#$ignored & ~16#180000000))"
  same group "$(cat id)" "$(cat group)"
}

# Order, keys, workers.

@test "jobs keep the order of the input" {
  numbers 40 >in
  is 0 sz map --jobs 8 --sh 'read -r l; sleep 0.0$((RANDOM % 5)) 2>/dev/null; echo "$l"' <in
  cmp in out
}

@test "a worker answers line for line and ends with the input" {
  numbers 20000 >in
  is 0 sz map --worker cat <in
  cmp in out
  is 0 sz map --worker 'sed -u s/n/m/' --jobs 3 <in
  same out "$(sed s/n/m/ in)" "$(cat out)"
  none_left
}

@test "a worker that dies fails what it had and starts again" {
  numbers 5 >in
  is 1 sz --dlq dead map --worker "sed -u 3q" <in
  same out "$(head -n 3 in)" "$(cat out)"
  failed exec_output 2
  none_left
}

@test "a worker that goes away between two records starts again, without a failure, in order" {
  script once <<'END'
read -r line && echo "$line"
END
  mkfifo in
  env --default-signal "$SZ" --events ev map --worker ./once <in >out 2>err &
  local pid=$! n
  exec 7>in
  for n in 1 2 3; do
    echo "{\"n\":$n}" >&7
    eventually "[ \$(lines out) -eq $n ]"
    eventually "[ -z \"\$(cat /proc/$pid/task/$pid/children)\" ]"
  done
  exec 7>&-
  ends "$pid" 0
  cmp three out
  same events 'worker_restart worker_restart' "$(jq -r .event ev | paste -sd ' ')"
  same reason 'the worker ended with exit status 0' "$(jq -r .reason ev | sort -u)"
  none_left
}

@test "a worker that answers what nobody asked, between two records, is ended and starts again" {
  script more <<'END'
while read -r line; do echo "$line"; sleep 0.2; echo more; done
END
  mkfifo in
  env --default-signal "$SZ" --events ev map --worker ./more <in >out 2>err &
  local pid=$! n
  exec 7>in
  for n in 1 2; do
    echo "{\"n\":$n}" >&7
    eventually "[ \$(lines out) -eq $n ]"
    eventually "[ -z \"\$(cat /proc/$pid/task/$pid/children)\" ]"
  done
  exec 7>&-
  ends "$pid" 3  # what it said before may be of other records
  same out "$(head -n 2 three)" "$(cat out)"
  same reason 'the worker answered what nobody asked' "$(jq -r .reason ev)"
  grep -q 'worker ./more: it answered what nobody asked' err
  none_left
}

@test "a worker that keeps its answers until the end of its input gives them then" {
  is 0 sz map --worker 'jq -c .' <three
  cmp three out
  is 0 sz map --jobs 2 --worker 'awk "{ print }"' <three
  cmp three out
  none_left
}

@test "a worker that ignores the end of its input is ended" {
  is 0 sz map --worker 'sh -c "cat; sleep 100"' <three
  cmp three out
  none_left
}

@test "a worker that does not answer in time" {
  is 1 sz --dlq dead map --timeout 300ms --worker 'sleep 100' <three
  grep -q exec_timeout dead
  same count 3 "$(lines dead)"
  none_left
}

# The end.

start() {
  mkfifo in
  env --default-signal "$SZ" "$@" <in >out 2>err &
  pid=$!
  exec 7>in
}

@test "a signal lets what is under way finish" {
  start map --jobs 3 --sh 'read -r l; echo x >>begun; sleep 0.3; echo "$l"'
  numbers 3 >&7
  eventually '[ "$(lines begun)" -eq 3 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  cmp three out
  none_left
}

@test "after --drain-timeout what is under way is ended and its records become letters" {
  start --drain-timeout 200ms --dlq dead map --jobs 3 --sh 'trap "" TERM; echo x >>begun; sleep 100'
  numbers 3 >&7
  eventually '[ "$(lines begun)" -eq 3 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  failed shutdown 3
  none_left
}

@test "a second signal leaves nobody behind" {
  start map --jobs 3 --sh 'trap "" TERM INT; echo x >>begun; sleep 100'
  numbers 3 >&7
  eventually '[ "$(lines begun)" -eq 3 ]'
  kill -TERM "$pid"
  sleep 0.1
  kill -INT "$pid"
  ends "$pid" 130
  none_left
}

@test "closed stdout ends the children" {
  set +e
  numbers 50 | sz map --jobs 4 --exec 'sh -c "cat; sleep 0.01"' | head -n 1 >out
  same statuses '0 141 0' "${PIPESTATUS[*]}"
  none_left
}

# Who writes the records is not trusted.

# 60 texts that mean something to a shell, to printf, to xargs or to a terminal.
payloads() {
  jq -nc '[";touch p","&& touch p","|| touch p","| touch p","& touch p","`touch p`","$(touch p)","$(($(touch p)))","${IFS}touch",
    "$HOME","${HOME}","~","~root","*","?","[a-z]*","{a,b}","{.a}","{{.a}}","{}","!","!!","#","# x","\\","\\\\","\"","'"'"'","'"'"'\"'"'"'",
    "\";touch p;\"","'"'"';touch p;'"'"'","\n","a\nb","\ntouch p\n","\r\n","\t","a b","  a  ",""," ",">p","<p",">>p","2>&1","<(touch p)",
    ">(touch p)","%s","%n","%x%x%x","$0","$@","$*","$$","$PATH","../../etc/passwd","/etc/passwd","\u001b[31m","\u202e","é\u0301","\u0001"] | .[]'
}

@test "60 shell payloads through every place of an argument arrive as data" {
  payloads >texts
  [ "$(wc -l <texts)" -eq 60 ]
  jq -c '{a:.,b:{c:[.]}}' texts >in
  cat >show <<'SHOW'
#!/usr/bin/env python3
import json, sys
print(json.dumps(sys.argv[1:], ensure_ascii=False))
SHOW
  chmod +x show
  SZ_PLAIN="timeout -k 2 110 env --default-signal $SZ"  # 60 interpreters, on a busy machine
  is 0 sz map --jobs 4 --exec "./show {.a} x{.a} {.a}x '{.a} y' {.b.c[0]} --o={.a} \"{.a}{.b.c[-1]}\" -- {.a}" <in
  jq -c '[., "x"+., .+"x", .+" y", ., "--o="+., .+., "--", .]' texts >expected
  same words "$(jq -c . expected)" "$(jq -c . out)"
  is 0 sz map --exec "sh -c 'printf %s \"\$1\" | jq -Rs .' sh {.a}" <in
  same data "$(jq -c . texts)" "$(jq -c . out)"
  # shellcheck disable=SC2016
  is 0 sz tap --exec "sh -c 'printf \"%s\\0\" \"\$@\" >>words' sh {.a} x{.a} --o={.a} {.b.c[-1]}" \
    then filter --exec "sh -c 'printf \"%s\\0\" \"\$1\" >>kept' sh {.a}" <in
  jq -j '., "\u0000", "x" + ., "\u0000", "--o=" + ., "\u0000", ., "\u0000"' texts | cmp - words
  jq -j '., "\u0000"' texts | cmp - kept
  cmp in out
  [ ! -e p ]
}

@test "what begins with a dash is no option unless it may be" {
  echo '{"a":"--version"}' >in
  is 1 sz --dlq dead map --exec 'echo {.a}' <in
  failed arg 1
  is 0 sz map --allow-dash --exec 'printf "\"%s\"" {.a}' <in
  same out '"--version"' "$(cat out)"
}

@test "letters of commands can be replayed and tabled" {
  is 1 sz --dlq dead tap --sh 'echo why >&2; exit 4' then map --sh 'kill -9 $$' <three
  same letters 'exec_exit 4 null true why exec_signal null 9 null null' \
    "$(jq -r '"\(.kind) \(.exit) \(.signal) \(.tap) \(.stderr // null | tostring | rtrimstr("\n"))"' dead | head -n 2 | paste -sd ' ')"
  is 0 sz replay dead
  cmp three out
  is 0 sz dlq stats dead
  grep -q 'exec_signal *map' out
}

# GOALS R7 in a short form; CHAOS=SECONDS for a long one, CHAOS_JOBS=N for more at once.

# What a child may do: mostly answer, soon or late; fail, die, be deaf, leave a process behind, print too much.
wild_child() {
  script child <<'CHILD'
read -r line
case $((RANDOM % 16)) in
  0 | 1) exit 3 ;;
  2) kill -9 $$ ;;
  3) trap '' TERM; sleep 0.5 ;;
  4) sleep 0.2 & ;;
  5 | 6 | 7) sleep "0.$((RANDOM % 10))" ;;
  8) head -c 100000 /dev/zero >&2; exit 75 ;;
  9) yes ;;
esac
echo "$line"
CHILD
}

# accounted: each line that was read is either out or has a letter; the ledger says so too.
accounted() {
  : >>dead
  grep '^{' err | jq -e --argjson out "$(lines out)" --argjson dead "$(lines dead)" \
    '.lines.out == $out and .lines.failed == $dead and .lines.in == $out + $dead' || { cat err; return 1; }
  # As text, not by number: a line that the signal cut off looks like one with a smaller number.
  same 'out and dead' '' "$(sort out <(jq -r .original dead) | uniq -d)"
}

@test "signals at any time with failing, deaf and slow children: nothing stays, nothing is lost" {
  local until=$((EPOCHSECONDS + ${CHAOS:-3}))
  wild_child
  numbers 100000 >in
  while [ "$EPOCHSECONDS" -lt "$until" ]; do
    : >dead  # no rm(1): with its number used again bash may not wait for it
    env --default-signal "$SZ" --stats=json --drain-timeout 300ms --dlq dead map --jobs "${CHAOS_JOBS:-20}" --exec ./child <in >out 2>err &
    pid=$!
    sleep "0.$((RANDOM % 9))"
    kill -TERM "$pid"
    ends "$pid" 143
    accounted
  done
  none_left
}

@test "200 jobs on a busy machine, SIGTERM in the middle: the ledger is exact, the drain in time, nobody stays" {
  local seconds=${CHAOS:-4} drain=1500 pid load begun took
  wild_child
  for load in 1 2; do timeout "$seconds" sh -c 'while :; do :; done' 7>&- 3>&- & done
  env --default-signal "$SZ" --stats=json --drain-timeout "${drain}ms" --dlq dead \
    map --jobs "${CHAOS_JOBS:-200}" --timeout 2s --exec ./child < <(seq -f '{"n":%.0f}' 100000000 2>/dev/null) >out 2>err &
  pid=$!
  sleep "$((seconds / 2))"
  kill -TERM "$pid"
  begun=$(date +%s%3N)
  ends "$pid" 143
  took=$(($(date +%s%3N) - begun))
  echo "$(lines out) out, $(lines dead) failed, $(jq -r .kind dead | sort | uniq -c | paste -sd ' '), drained in $took ms" | tee -a "${CHAOS_REPORT:-/dev/null}"
  accounted
  [ -s out ]
  [ "$took" -lt $((drain + 2500)) ]  # deaf ones get KILL 2 s after TERM
  none_left
}
