# When the system fails sz, or ends it: system calls that fail at the k-th time (GOALS R5), kill -9 (R6) and signals (R7)
# at random times. Short forms; ROUNDS=50000 makes the last two longer.
load common

# no_strace: why it cannot be used here, if so.
no_strace() {
  command -v strace >/dev/null || { echo 'needs strace'; return 0; }
  strace -o trace -e trace=none true 2>/dev/null || { echo 'may not trace'; return 0; }
  return 1
}

# The leak check of the address sanitizer cannot run while it is traced.
export ASAN_OPTIONS=${ASAN_OPTIONS-exitcode=99}:detect_leaks=0

# scenario FILE "CALLS" "ERRORS" WORDS...: sz reads ./in, writes ./out and ./dead. For each call on FILE, each error, and
# its first or second, or each but the first of them: either the result is the usual one, or sz says that it is not.
# A call that fails for good with EINTR or EAGAIN is one that nobody can finish: these come five times at most.
scenario() {
  local file=$1 calls=$2 errors=$3 call error when status usual failed=0 why
  shift 3
  ! why=$(no_strace) || skip "$why"
  { numbers 30000; echo bad; } >in
  usual=0
  sz -i in --dlq dead "$@" >out 2>err || usual=$?
  mv out out.usual
  letters dead >dead.usual
  for call in $calls; do
    for error in $errors; do
      for when in 1 2 2+; do
        case $error$when in EINTR2+ | EAGAIN2+) when=2..6 ;; esac
        rm -f dead
        status=0
        timeout 30 strace -f -o trace -P "$PWD/$file" -e "inject=$call:error=$error:when=$when" \
          "$SZ" -i in --dlq dead "$@" >out 2>err || status=$?
        if [ "$status" -eq "$usual" ]; then
          cmp -s out out.usual && letters dead | cmp -s - dead.usual
        else
          { [ "$status" -eq 3 ] || [ "$status" -eq 2 ]; } && grep -q '^sz: ' err
        fi || {
          echo "$call $error $when on $file: status $status"
          head -c 500 err
          failed=1
        }
        [ "$status" -eq "$usual" ] || echo "$call" >>said
      done
    done
  done
  # The errors came at all.
  [ -s said ] || { echo 'nothing was injected'; return 1; }
  return $failed
}
letters() { jq -c '[.line, .kind, .original]' "$1"; }

@test "calls that fail: the input" {
  scenario in 'openat read' 'EINTR EAGAIN EIO' filter .n
}
@test "calls that fail: stdout" {
  scenario out 'write close' 'EINTR EAGAIN EIO ENOSPC' filter .n then batch --size 7
}
@test "calls that fail: the dead letters" {
  scenario dead 'openat flock write fdatasync close' 'EINTR EIO ENOSPC' filter .n
}

@test "kill -9 at random times: the letters parse but for one torn line each time, and it goes on" {
  local round rounds=${ROUNDS-200} torn
  seq -f 'bad %.0f' 300 >in
  for ((round = 0; round < rounds; round += 2)); do
    # Two that share the file.
    timeout -s KILL "0.00$((RANDOM % 10))" "$SZ" --dlq dead filter . <in 2>err &
    timeout -s KILL "0.00$((RANDOM % 10))$((RANDOM % 10))" "$SZ" --dlq dead filter . <in 2>err || true
    wait $! || true
  done 2>/dev/null  # bash tells of each
  torn=0
  [ ! -e dead ] || torn=$(jq -R -c 'select((fromjson? | .v) == 1 | not)' dead | wc -l)
  [ "$torn" -le "$rounds" ]
  is 1 sz --dlq dead filter . <in
  tail -n 300 dead | jq -r .original | cmp - in
}

@test "signals at random times, with slow and deaf children: none stays, nothing is lost" {
  local round signal status
  export SZ_CHILD_MARK="faults.$$.$RANDOM"
  strays() { grep -lszx "SZ_CHILD_MARK=$SZ_CHILD_MARK" /proc/[0-9]*/environ | grep -v -e "/$$/" -e "/$BASHPID/" | while IFS=/ read -r _ _ pid _; do
    case $(cat "/proc/$pid/comm" 2>/dev/null) in sleep | sh | sz) echo "$pid" ;; esac
  done; }
  cat >child <<'CHILD'
read -r line
case $line in
  *[05]\}) trap '' TERM; sleep 0.05 ;;
  *3\}) exit 3 ;;
  *7\}) sleep 0.02 & ;;
esac
echo "$line"
CHILD
  numbers 1000 >in
  for ((round = 0; round < ${ROUNDS-100}; ++round)); do
    rm -f dead
    : >dead
    : >err  # the signal may come before the shell has opened it
    # Not INT: bash starts what runs in the background with it ignored, and it may come before env has changed that.
    if [ $((RANDOM % 3)) = 0 ]; then signal=HUP; else signal=TERM; fi
    env --default-signal "$SZ" --stats=json --drain-timeout 20ms --dlq dead map --jobs 4 --exec 'sh child' <in >out 2>err &
    pid=$!
    sleep "0.0$((RANDOM % 6))"
    kill -$signal "$pid"
    ends "$pid" $((128 + $(kill -l $signal)))
    # Before its handlers are set it just dies.
    [ ! -s err ] || jq -e --argjson out "$(lines out)" --argjson dead "$(lines dead)" \
      '.lines.out == $out and .lines.failed == $dead and .lines.in == $out + $dead' err >/dev/null || { cat err; return 1; }
  done
  eventually '[ -z "$(strays)" ]'
}
