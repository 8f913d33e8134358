# What every file here loads. SZ is the program under test, SZ_BUILD the directory of its helpers (feed, bench_generate).
# Each test runs in a directory of its own and may run beside any other.

bats_require_minimum_version 1.5.0
: "${SZ:?path of the sz to test}" "${SZ_BUILD:?build directory}"
export LC_ALL=C.UTF-8

setup() { cd "$BATS_TEST_TMPDIR" || exit 1; }

# With all signals as a login shell has them, whoever started the tests; one that hangs is ended, with status 124.
SZ_PLAIN="timeout -k 5 120 env --default-signal $SZ"
sz() { $SZ_PLAIN "$@"; }

feed() { timeout -k 5 120 "$SZ_BUILD/feed" "$@"; }
generate() { "$SZ_BUILD/bench_generate" "$@"; }

# same WHAT EXPECTED FOUND: fails with a diff.
same() {
  [ "$2" == "$3" ] || {
    echo "$1 differs:"
    diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | head -40
    return 1
  }
}

# is STATUS COMMAND...: runs it; fails unless it ends with STATUS. Keeps stdout in ./out and stderr in ./err.
is() {
  local expected=$1 status=0
  shift
  "$@" >out 2>err || status=$?
  [ "$status" -eq "$expected" ] || {
    echo "status $status instead of $expected: $*"
    head -c 2000 err
    return 1
  }
}

# eventually SHELL-CONDITION: until it holds, for at most 20 s.
eventually() {
  local i
  for ((i = 0; i < 2000; ++i)); do
    eval "$1" && return 0
    sleep 0.01
  done
  echo "never came true: $1"
  return 1
}

# lines FILE: how many there are; 0 if there is no file yet.
lines() { if [ -e "$1" ]; then wc -l <"$1"; else echo 0; fi; }

# numbers N: {"n":1} to {"n":N}.
numbers() { seq -f '{"n":%.0f}' "$1"; }

# kinds FILE: of the dead letters, in order, on one line.
kinds() { jq -r .kind "$1" | paste -sd ' '; }

# ends PID STATUS: waits for a background sz and checks how it ended.
ends() {
  local status=0
  wait "$1" || status=$?
  [ "$status" -eq "$2" ] || {
    echo "ended with $status instead of $2"
    [ ! -e err ] || head -c 2000 err
    return 1
  }
}
