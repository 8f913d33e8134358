# The zoo of children: each does one thing wrong, as a process for one record and as a worker. No case hangs (sz is ended
# after 20 s), leaves a zombie, a process or a descriptor.
load children

# large: one record larger than a pipe.
large() { { printf '"'; head -c 300000 /dev/zero | tr '\0' x; echo '"'; } >large; }

# passed: all of the three have come out, unchanged.
passed() { same out "$(cat three)" "$(cat out)"; }

@test "exits early: what it did not read is no failure" {
  large
  is 0 sz map --sh 'exit 0' <large
  [ ! -s out ]
  is 0 sz map --sh 'echo 1' <large
  same out 1 "$(cat out)"
  is 0 sz filter --sh 'exit 0' <large
  cmp large out
  is 0 sz tap --sh 'exit 0' <large
  cmp large out
  none_left
}

@test "exits early: a worker fails what it had, with its status" {
  is 1 sz --dlq dead map --worker 'sh -c "exit 7"' <three
  failed exec_output 3
  same exits '7 7 7' "$(jq .exit dead | paste -sd ' ')"
  rm dead
  large
  is 1 sz --dlq dead filter --worker 'sh -c "exit 0"' <large
  failed exec_output 1
  rm dead
  is 1 sz --dlq dead tap --worker 'sh -c "exit 0"' <three
  failed exec_output 3
  passed
  none_left
}

@test "never reads" {
  large
  local stage
  for stage in map filter tap; do
    rm -f dead
    is 1 sz --dlq dead $stage --timeout 100ms --exec 'sleep 100' <large
    failed exec_timeout 1
    rm dead
    is 1 sz --dlq dead $stage --timeout 100ms --worker 'sleep 100' < <(cat large three)
    same kinds 'exec_timeout exec_output exec_output exec_output' "$(kinds dead)"
  done
  none_left
}

@test "reads all of a record larger than a pipe, and gives it back" {
  { printf '"'; head -c 3000000 /dev/zero | tr '\0' x; echo '"'; } >large
  is 0 sz map --exec cat <large
  cmp large out
  is 0 sz map --worker cat <large
  cmp large out
}

@test "floods stdout" {
  is 1 sz --dlq dead map --max-output 1Mi --exec 'yes 1' <three
  failed exec_output 3
  rm dead
  is 1 sz --dlq dead map --max-output 1Mi --sh 'yes 1 | tr -d "\n"' <three
  failed exec_output 3
  none_left
}

@test "floods stdout where nobody wants it" {
  local stage
  for stage in filter tap; do
    rm -f dead
    is 1 sz --dlq dead $stage --timeout 100ms --exec 'yes 1' <three
    failed exec_timeout 3
  done
  passed
  none_left
}

@test "floods stdout: a worker that answers on and on fails all that it had" {
  is 1 sz --dlq dead map --worker 'yes 1' <three
  failed exec_output 3
  same why 'the worker answered what nobody asked' "$(jq -r .error dead | sort -u)"
  rm dead
  is 1 sz --dlq dead map --max-output 1Mi --worker 'sh -c "yes 1 | tr -d \"\n\""' <three
  failed exec_output 3
  none_left
}

@test "floods stderr: the last 8 KiB are kept" {
  is 1 sz --dlq dead map --sh 'head -c 5000000 /dev/zero | tr "\0" x >&2; echo the end >&2; exit 3' <three
  failed exec_exit 3
  same exit '3 3 3' "$(jq -r .exit dead | paste -sd ' ')"
  [ "$(head -n 1 dead | jq '.stderr | length')" -eq 8192 ]
  head -n 1 dead | jq -e '.stderr | endswith("xxx\u0074he end\n")'
  rm dead
  is 1 sz --dlq dead map --worker 'sh -c "head -c 5000000 /dev/zero | tr \"\\0\" x >&2; exit 3"' <three
  failed exec_output 3
  [ "$(tail -n 1 dead | jq '.stderr | length')" -eq 8192 ]
  none_left
}

@test "floods stderr beside good answers: nothing of it is seen" {
  script noisy <<'END'
while read -r line; do
  head -c 300000 /dev/zero | tr '\0' x >&2
  echo "$line"
done
END
  local way
  for way in --exec --worker; do
    is 0 sz map $way ./noisy <three
    passed
    [ ! -s err ]
  done
  none_left
}

@test "ignores TERM: gets KILL 2 s later" {
  script deaf <<'END'
trap '' TERM
sleep 100 &
wait
sleep 100
END
  numbers 1 >one
  local way pids=() pid
  for way in 'map --exec' 'filter --exec' 'tap --worker'; do
    # shellcheck disable=SC2086
    $SZ_PLAIN --dlq "dead.${way% *}" ${way% *} --timeout 100ms "${way#* }" ./deaf <one >/dev/null 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do ends "$pid" 1; done
  same kinds 'exec_timeout exec_timeout exec_timeout' "$(cat dead.* | jq -r .kind | paste -sd ' ')"
  none_left
}

@test "forks twice and holds the pipe" {
  local start=$EPOCHSECONDS
  is 0 sz map --jobs 3 --sh '(sleep 100 & ) ; echo 1' <three
  same out '1 1 1' "$(paste -sd ' ' out)"
  is 0 sz filter --jobs 3 --sh '(sleep 100 & )' <three
  passed
  is 0 sz map --worker 'sh -c "(sleep 100 &); cat"' <three
  passed
  [ $((EPOCHSECONDS - start)) -lt 10 ]
  none_left
}

@test "leaves a grandchild in a session of its own that holds the pipe" {
  numbers 1 >one
  is 0 sz map --sh 'setsid sleep 5 & echo 1' <one
  same out 1 "$(cat out)"
  is 0 sz map --worker 'sh -c "setsid sleep 5 & cat"' <one
  cmp one out
}

@test "closes stdout first" {
  is 0 sz map --sh 'exec >&-; cat >/dev/null; sleep 0.05' <three
  [ ! -s out ]
  is 0 sz filter --sh 'exec >&- 2>&-; cat >/dev/null' <three
  passed
  is 1 sz --dlq dead map --timeout 100ms --sh 'exec >&- 2>&-; sleep 100' <three
  failed exec_timeout 3
  none_left
}

@test "closes stdout first: a worker is given time to end by itself, and says how" {
  is 1 sz --dlq dead map --worker 'sh -c "exec >&-; sleep 0.1; exit 9"' <three
  failed exec_output 3
  same exits '9 9 9' "$(jq .exit dead | paste -sd ' ')"
  rm dead
  is 1 sz --dlq dead map --worker 'sh -c "exec >&- 2>&-; sleep 100"' <three
  failed exec_output 3
  none_left
}

@test "closes stdin first" {
  is 0 sz map --sh 'exec <&-; echo 1' <three
  same out '1 1 1' "$(paste -sd ' ' out)"
  is 1 sz --dlq dead map --worker 'sh -c "exec <&-; sleep 0.1"' <three
  failed exec_output 3
  none_left
}

@test "prints half a line: it is a line if it is a value" {
  is 0 sz map --exec 'printf 1' <three
  same out '1 1 1' "$(paste -sd ' ' out)"
  is 1 sz --dlq dead map --sh 'printf "{\"a\":"' <three
  failed exec_output 3
  none_left
}

@test "prints half a line: a worker's is no answer" {
  is 1 sz --dlq dead map --worker 'printf 1' <three
  failed exec_output 3
  rm dead
  is 1 sz --dlq dead map --worker "sh -c 'read -r a; echo 1; printf 2'" <three
  same out 1 "$(cat out)"
  failed exec_output 2
  none_left
}

@test "prints two lines: two records" {
  is 0 sz map --exec 'printf 1\\n[2]\\n' <three
  same out '1 [2] 1 [2] 1 [2]' "$(paste -sd ' ' out)"
  is 0 sz filter --exec 'printf 1\\n[2]\\n' <three
  passed
  none_left
}

@test "prints two lines: a worker's answers are out of step, which does not go unseen" {
  script twice <<'END'
while read -r line; do printf '%s\n%s\n' "$line" "$line"; done
END
  local status=0
  sz --dlq dead map --worker ./twice <three >out 2>err || status=$?
  touch dead
  same outcome 3 "$(($(lines out) + $(lines dead)))"
  # Either something was left to fail for it, or the run is a faulty one.
  case $status in
    1) [ -s dead ] ;;
    3) grep -q 'worker ./twice: it answered what nobody asked' err ;;
    *) echo "status $status"; return 1 ;;
  esac
  none_left
}

@test "prints a line too many at its end" {
  is 3 sz map --worker "sh -c 'cat; sleep 0.3; echo 4'" <three
  passed
  same said 'sz: worker sh: it answered what nobody asked; its answers may be of other records' "$(cat err)"
  none_left
}

@test "prints no JSON: not one of its lines leaves" {
  is 1 sz --dlq dead map --exec 'printf 1\\nno\\n' <three
  failed exec_output 3
  [ ! -s out ]
  is 0 sz filter --exec 'echo no' <three
  passed
  is 0 sz tap --exec 'echo no' <three
  passed
  none_left
}

@test "prints no JSON: a worker's answer fails its record, and the worker goes on" {
  script thirds <<'END'
while read -r line; do case $line in *2*) echo no ;; *) echo "$line" ;; esac; done
END
  local stage
  for stage in map filter; do
    rm -f dead
    is 1 sz --dlq dead $stage --worker ./thirds <three
    same out "$(sed 2d three)" "$(cat out)"
    failed exec_output 1
  done
  is 0 sz tap --worker ./thirds <three
  passed
  none_left
}

signals='HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF IO PWR SYS'

@test "dies of each signal" {
  ulimit -c 0
  local signal
  for signal in $signals; do kill -l "$signal"; done >numbers
  is 1 sz --dlq dead map --jobs 4 --exec "sh -c 'kill -\$1 \$\$' sh {.}" <numbers
  same letters "$(sed 's/^/exec_signal /' numbers)" "$(jq -r '"\(.kind) \(.signal)"' dead)"
  rm dead
  is 1 sz --dlq dead filter --jobs 4 --exec "sh -c 'kill -\$1 \$\$' sh {.}" <numbers
  same letters "$(sed 's/^/exec_signal /' numbers)" "$(jq -r '"\(.kind) \(.signal)"' dead)"
  none_left
}

@test "dies of each signal: a worker too" {
  ulimit -c 0
  local signal
  for signal in $signals; do kill -l "$signal"; done >numbers
  # One worker for each, so that none waits for the pause behind another's death.
  is 1 sz --dlq dead map --jobs 23 --in-flight 1 --worker "sh -c 'read -r s; kill -\$s \$\$'" <numbers
  same letters "$(sed 's/^/exec_output /' numbers)" "$(jq -r '"\(.kind) \(.signal)"' dead)"
  none_left
}

@test "stops itself: is ended by the time-out" {
  is 1 sz --dlq dead map --jobs 3 --timeout 100ms --sh 'kill -STOP $$' <three
  failed exec_timeout 3
  rm dead
  is 1 sz --dlq dead map --timeout 100ms --worker "sh -c 'kill -STOP \$\$'" <three
  same kinds 'exec_timeout exec_output exec_output' "$(kinds dead)"
  none_left
}

@test "is not executable: found before any input is read" {
  echo 'echo 1' >plain
  mkdir folder
  local way
  for way in --exec --worker; do
    is 126 sz tap $way ./plain <three
    is 126 sz filter $way ./folder <three
    is 126 env PATH="$PWD:$PATH" "$SZ" map $way plain <three
  done
  [ ! -s out ]
}

@test "has an interpreter that does not exist: found before any input is read" {
  printf '#!/no/such/interpreter\n' >orphan
  chmod +x orphan
  is 126 sz map --exec ./orphan <three
  is 126 sz map --worker ./orphan <three
}

@test "does not exist: found before any input is read" {
  local way stage
  for way in --exec --worker; do
    for stage in map filter tap; do is 127 sz $stage $way /no/such/program </dev/full; done
    is 127 sz map $way no-such-program <three
  done
  [ ! -s out ]
}

@test "goes away while sz runs" {
  script child <<<'read -r line; rm -f child; echo "$line"'
  is 1 sz --dlq dead map --exec ./child <three
  same out '{"n":1}' "$(cat out)"
  failed exec_spawn 2
}

@test "has no first line #!: is no program" {
  echo 'echo 1' >script
  chmod +x script
  is 1 sz --dlq dead map --exec ./script <three
  failed exec_spawn 3
}

@test "argument too long" {
  { printf '{"a":"'; head -c 131073 /dev/zero | tr '\0' x; echo '"}'; } >in
  is 1 sz --dlq dead map --exec 'echo {.a}' <in
  failed arg 1
  rm dead
  { printf '{"a":"'; head -c 131072 /dev/zero | tr '\0' x; echo '"}'; } >in
  is 1 sz --dlq dead filter --exec 'echo {.a}' <in  # with its NUL one byte more than the system takes
  failed exec_spawn 1
  rm dead
  is 1 sz --dlq dead tap --exec 'echo {.a}' <in
  failed exec_spawn 1
  { printf '{"a":"'; head -c 100000 /dev/zero | tr '\0' 1; echo '"}'; } >in
  is 0 sz map --exec 'echo "{.a}"' <in
  [ "$(wc -c <out)" -eq 100001 ]
}

@test "arguments too long all together" {
  { printf '{"a":"'; head -c 120000 /dev/zero | tr '\0' x; echo '"}'; } >in
  ulimit -s 256  # a quarter of the stack, but never less than 128 KiB
  is 1 sz --dlq dead map --exec 'echo {.a} {.a}' <in
  failed exec_spawn 1
}

@test "no descriptor to start one with" {
  is 1 bash -c 'ulimit -n 20; exec "$@"' _ $SZ_PLAIN --dlq dead map --jobs 30 --exec 'sleep 0.2' < <(numbers 30)
  grep -q exec_spawn dead
  none_left
}

# All of them under one sz: what it has open and running afterwards is what it had before.
@test "the whole zoo leaves no descriptor, zombie or process" {
  script animal <<'END'
[ "$1" = deep ] || read -r line
case $1 in
  early) exit 0 ;;
  floods) yes 1 ;;
  noisy) head -c 100000 /dev/zero >&2; exit 3 ;;
  slow) sleep 100 ;;
  deaf) trap '' TERM; exec 1>&- 2>&-; sleep 0.3 ;;
  forks) (sleep 100 &) ;;
  mute) exec >&-; sleep 0.1 ;;
  half) printf '{' ;;
  two) echo 1; echo 2 ;;
  no) echo no ;;
  killed) kill -9 $$ ;;
  *) echo "$line" ;;
esac
END
  mkfifo in
  env --default-signal "$SZ" --stats=json --dlq dead map --jobs 4 --timeout 100ms --max-output 100k --exec './animal {.a}' <in >out 2>err &
  local pid=$! before animal
  exec 7>in
  echo '{"a":"good"}' >&7
  eventually '[ "$(lines out)" -eq 1 ]'
  before=$(ls "/proc/$pid/fd")
  for animal in early floods noisy slow deaf forks mute half two no killed deep; do echo "{\"a\":\"$animal\"}"; done >&7
  echo '{"a":"last"}' >&7
  eventually 'grep -q last out'
  same descriptors "$before" "$(ls "/proc/$pid/fd")"
  same children '' "$(cat "/proc/$pid/task/$pid/children")"
  exec 7>&-
  ends "$pid" 1
  same 'all of them' 14 "$(grep '^{' err | jq .lines.in)"
  none_left
}
