# Commands: what children may do, and what must never be left of them.
load common

# No case hangs: sz is ended after 20 s with status 124, which no case expects.
SZ_PLAIN="timeout -k 2 20 env --default-signal $SZ"

# Every child gets a mark of this test into its environment, so that strays can be told from other tests' processes.
setup() {
  cd "$BATS_TEST_TMPDIR" || exit 1
  export SZ_CHILD_MARK="$BATS_TEST_NAME.$$.$RANDOM"
  numbers 3 >three
}

# strays: processes of this test that are still there, but for its own shells, sz and what reads its output.
strays() {
  local environ
  for environ in /proc/[0-9]*/environ; do
    if grep -qszx "SZ_CHILD_MARK=$SZ_CHILD_MARK" "$environ"; then
      local pid=${environ#/proc/}
      pid=${pid%/environ}
      [ "$pid" != "$$" ] && [ "$pid" != "$BASHPID" ] || continue
      case $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in
        '' | *bats* | *tests/run* | *"grep -qszx"*) ;;
        *) echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" ;;
      esac
    fi
  done
}

none_left() {
  eventually '[ -z "$(strays)" ]' || { strays; return 1; }
}

teardown() {
  exec 7>&- || true
  strays | while read -r pid _; do kill -9 "$pid" 2>/dev/null || true; done
}

# failed KIND COUNT: the dead letters are COUNT of KIND.
failed() {
  same kinds "$(yes "$1" | head -n "$2" | paste -sd ' ')" "$(kinds dead)"
}

# The zoo.

@test "one that exits early and reads nothing, with a record larger than a pipe" {
  { printf '"'; head -c 300000 /dev/zero | tr '\0' x; echo '"'; } >large
  is 0 sz map --sh 'exit 0' <large
  [ ! -s out ]
  is 0 sz map --sh 'echo 1' <large
  same out 1 "$(cat out)"
  none_left
}

@test "one that never reads, with a record larger than a pipe" {
  { printf '"'; head -c 300000 /dev/zero | tr '\0' x; echo '"'; } >large
  is 1 sz --dlq dead map --timeout 300ms --exec 'sleep 100' <large
  failed exec_timeout 1
  none_left
}

@test "a record larger than a pipe goes in and comes out whole" {
  { printf '"'; head -c 3000000 /dev/zero | tr '\0' x; echo '"'; } >large
  is 0 sz map --exec cat <large
  cmp large out
  is 0 sz map --worker cat <large
  cmp large out
}

@test "one that floods stdout" {
  is 1 sz --dlq dead map --max-output 1Mi --exec 'yes 1' <three
  failed exec_output 3
  none_left
}

@test "one that floods stdout where nobody wants it" {
  is 1 sz --dlq dead tap --timeout 300ms --exec 'yes 1' <three
  failed exec_timeout 3
  same out "$(cat three)" "$(cat out)"
  none_left
}

@test "one that floods stderr: the last 8 KiB are kept" {
  is 1 sz --dlq dead map --sh 'head -c 5000000 /dev/zero | tr "\0" x >&2; echo the end >&2; exit 3' <three
  failed exec_exit 3
  same exit '3 3 3' "$(jq -r .exit dead | paste -sd ' ')"
  [ "$(head -n 1 dead | jq '.stderr | length')" -eq 8192 ]
  head -n 1 dead | jq -e '.stderr | endswith("xxx\u0074he end\n")'
}

@test "one that ignores TERM gets KILL 2 s later" {
  numbers 1 >one
  is 1 sz --dlq dead map --timeout 200ms --sh 'trap "" TERM; echo ready >>log; sleep 100 & wait; sleep 100' <one
  failed exec_timeout 1
  none_left
}

@test "one that forks twice and holds the pipe" {
  local start=$EPOCHSECONDS
  is 0 sz map --sh '(sleep 100 & ) ; echo 1' <three
  same out '1 1 1' "$(paste -sd ' ' out)"
  [ $((EPOCHSECONDS - start)) -lt 10 ]
  none_left
}

@test "one whose grandchild in a session of its own holds the pipe" {
  numbers 1 >one
  is 0 sz map --sh 'setsid sleep 30 & echo 1' <one
  same out 1 "$(cat out)"
}

@test "one that closes stdout first" {
  is 0 sz map --sh 'exec >&-; cat >/dev/null; sleep 0.05' <three
  [ ! -s out ]
  is 1 sz --dlq dead map --timeout 300ms --sh 'exec >&- 2>&-; sleep 100' <three
  failed exec_timeout 3
  none_left
}

@test "one that closes stdin first" {
  is 0 sz map --sh 'exec <&-; echo 1' <three
  same out '1 1 1' "$(paste -sd ' ' out)"
}

@test "half a line is a line; half a value is a failure" {
  is 0 sz map --exec 'printf 1' <three
  same out '1 1 1' "$(paste -sd ' ' out)"
  is 1 sz --dlq dead map --sh 'printf "{\"a\":"' <three
  failed exec_output 3
}

@test "two lines are two records" {
  is 0 sz map --exec 'printf 1\\n[2]\\n' <three
  same out '1 [2] 1 [2] 1 [2]' "$(paste -sd ' ' out)"
}

@test "one that prints no JSON: not one of its lines leaves" {
  is 1 sz --dlq dead map --exec 'printf 1\\nno\\n' <three
  failed exec_output 3
  [ ! -s out ]
}

@test "one that dies of each signal" {
  local signal
  for signal in HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF IO PWR SYS; do
    rm -f dead
    echo 1 >one
    ulimit -c 0
    is 1 sz --dlq dead map --sh "kill -$(kill -l "$signal") \$\$" <one
    same "$signal" "exec_signal $(kill -l "$signal")" "$(jq -r '"\(.kind) \(.signal)"' dead)"
  done
  none_left
}

@test "one that is not executable, is none, or has no interpreter: found before any input is read" {
  echo 'echo 1' >plain
  mkdir folder
  printf '#!/no/such/interpreter\n' >orphan
  chmod +x orphan
  is 127 sz map --exec /no/such/program </dev/full
  is 127 sz map --exec no-such-program <three
  is 126 sz tap --exec ./plain <three
  is 126 sz filter --worker ./folder <three
  is 126 sz map --exec ./orphan <three
  is 126 env PATH="$PWD:$PATH" "$SZ" map --exec plain <three
  [ ! -s out ]
}

@test "one without a first line #! is no program" {
  echo 'echo 1' >script
  chmod +x script
  is 1 sz --dlq dead map --exec ./script <three
  failed exec_spawn 3
}

@test "an argument that is too long" {
  { printf '{"a":"'; head -c 131073 /dev/zero | tr '\0' x; echo '"}'; } >in
  is 1 sz --dlq dead map --exec 'echo {.a}' <in
  failed arg 1
  rm dead
  { printf '{"a":"'; head -c 131072 /dev/zero | tr '\0' x; echo '"}'; } >in
  is 1 sz --dlq dead map --exec 'echo {.a}' <in  # with its NUL one byte more than the system takes
  failed exec_spawn 1
  rm dead
  { printf '{"a":"'; head -c 100000 /dev/zero | tr '\0' 1; echo '"}'; } >in
  is 0 sz map --exec 'echo "{.a}"' <in
  [ "$(wc -c <out)" -eq 100001 ]
}

@test "no descriptor to start one with" {
  is 1 bash -c 'ulimit -n 20; exec "$@"' _ $SZ_PLAIN --dlq dead map --jobs 30 --exec 'sleep 0.2' < <(numbers 30)
  grep -q exec_spawn dead
  none_left
}

@test "one that stops itself is ended by the time-out" {
  is 1 sz --dlq dead map --timeout 300ms --sh 'kill -STOP $$' <three
  failed exec_timeout 3
  none_left
}

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

@test "a worker that answers what nobody asked" {
  sz --dlq dead map --worker 'yes 1' <three >out || [ $? -eq 1 ]
  touch dead
  same outcome 3 "$(($(lines out) + $(lines dead)))"
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

# GOALS R7 in a short form; CHAOS=SECONDS for a long one.

@test "signals at any time under load with failing, deaf and slow children: nothing stays, nothing is lost" {
  local until=$((EPOCHSECONDS + ${CHAOS:-5})) round=0
  cat >child <<'CHILD'
#!/bin/bash
read -r line
case $((RANDOM % 8)) in
  0) exit 3 ;;
  1) kill -9 $$ ;;
  2) trap '' TERM; sleep 0.2 ;;
  3) sleep 0.1 & ;;
  4) sleep 0.05 ;;
  5) head -c 100000 /dev/zero >&2; exit 75 ;;
esac
echo "$line"
CHILD
  chmod +x child
  numbers 100000 >in
  while [ "$EPOCHSECONDS" -lt "$until" ]; do
    round=$((round + 1))
    rm -f dead
    env --default-signal "$SZ" --stats=json --drain-timeout 300ms --dlq dead map --jobs "${CHAOS_JOBS:-20}" --exec ./child <in >out 2>err &
    pid=$!
    sleep "0.$((RANDOM % 9))"
    kill -TERM "$pid"
    ends "$pid" 143
    # Each line that was read is either out or has a letter.
    grep '^{' err | jq -e --argjson out "$(lines out)" --argjson dead "$(lines dead)" \
      '.lines.out == $out and .lines.failed == $dead and .lines.in == $out + $dead' || { cat err; return 1; }
  done
  none_left
}
