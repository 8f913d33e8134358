# Reading and writing that fails, for every stage: /dev/full, closed descriptors, full and read-only file systems.
load common

# One line a stage: words that keep or make output of a hundred records {"n":N}.
stages=(
  'filter .n'
  'map .n'
  'map [.,.] then flatten'
  'map [.,.] then unbatch'
  'take 50'
  'take --last 5'
  'skip 5'
  'skip --last 5'
  'batch --size 7'
  'chunk 7'
  'dedupe'
  'dedupe --keep last'
  'debounce --quiet 1h --leading'
  'sample --nth 2'
  'sample --reservoir 5'
  'buffer --size 5'
  'fanout --isolate 5 [ map .n ]'
  'monitor --every 1h --to rates'
  'throttle --rate 1000000/s'
  'window count --size 7 then map .records'
  'aggregate n=count --running'
  'tap --to copy'
  'tap --stderr'
  'map --exec cat --jobs 4'
  'map --worker cat'
  'filter --sh true --jobs 4'
  'tap --exec true --jobs 4'
  'tap [ write copy ]'
  'merge -'
)

# each COMMAND: runs it for every stage with the stage's words as arguments; ./in holds the records.
each() {
  local stage
  numbers 100 >in
  for stage in "${stages[@]}"; do
    # shellcheck disable=SC2086  # the words are meant to split
    "$@" $stage || { echo "stage: $stage"; return 1; }
  done
}

# one_line: stderr is one line that begins with sz:, whatever tap --stderr adds.
one_line() {
  [ "$(grep -c '^sz: ' err)" -eq 1 ] && [ "$(grep -v -c -e '^sz: ' -e '^{"n":' err)" -eq 0 ] || { cat err; return 1; }
}

@test "/dev/full on stdout: exit 3 and one line" {
  full() {
    local status=0
    sz "$@" <in >/dev/full 2>err || status=$?
    same "status" 3 "$status" && one_line && grep -q 'No space left' err
  }
  each full
}

@test "closed stdout: exit 3 and one line" {
  closed() {
    local status=0
    sz "$@" <in >&- 2>err || status=$?
    same "status" 3 "$status" && one_line
  }
  each closed
}

@test "closed stdin: exit 3 and one line" {
  closed() {
    local status=0
    sz "$@" <&- >out 2>err || status=$?
    same "status" 3 "$status" && one_line
  }
  each closed
}

@test "closed stderr: the same output, exit 0" {
  closed() {
    sz "$@" <in >expected 2>/dev/null && sz "$@" <in >found 2>&- && cmp expected found
  }
  stages=("${stages[@]/tap --stderr/tap --to copy}")
  each closed
}

@test "closed stderr: no message ends up in a file that took its number" {
  { numbers 3; echo nonsense; } >in
  status=0
  sz --dlq dead tap --to copy <in >out 2>&- || status=$?
  same status 1 "$status"
  same copy "$(numbers 3)" "$(cat copy)"
  same kinds parse "$(kinds dead)"
}

@test "all three closed" {
  status=0
  sz filter . <&- >&- 2>&- || status=$?
  same status 3 "$status"
}

@test "closed stdin, stdout, stderr do no harm when nothing needs them" {
  numbers 3 >in
  is 0 sz -i in take 2 <&-
  same out "$(numbers 2)" "$(cat out)"
}

@test "| head -1: silent for every stage, killed by SIGPIPE if it had more to say" {
  set +o pipefail
  head_one() {
    local status
    $SZ_PLAIN "$@" <many 2>err | head -1 >out
    status=${PIPESTATUS[0]}
    [ "$status" -eq 141 ] || [ "$status" -eq 0 ] || { echo "status $status"; return 1; }
    same 'lines out' 1 "$(lines out)" && ! grep -q '^sz: ' err
  }
  numbers 100000 >many
  each head_one
}

@test "SIGPIPE ignored: exit 3 and one message for every stage" {
  set +o pipefail
  ignored() {
    { status=0; timeout 20 env --ignore-signal=PIPE "$SZ" "$@" <many 2>err || status=$?; echo $status >status; } | true
    same status 3 "$(cat status)" && one_line
  }
  numbers 100000 >many
  each ignored
}

@test "help, version and completion to /dev/full: exit 3" {
  for words in '--help' '-h' '--version' 'help filter' 'filter --help' 'completion bash'; do
    status=0
    # shellcheck disable=SC2086
    sz $words >/dev/full 2>err || status=$?
    same "status of sz $words" 3 "$status"
    same "lines on stderr of sz $words" 1 "$(lines err)"
  done
}

@test "help to a closed pipe is silent" {
  set +o pipefail
  for words in --help 'help filter'; do
    # shellcheck disable=SC2086
    sz $words 2>err | true
    [ ! -s err ]
  done
}

@test "dead letters that cannot be written: exit 3, the record is on stderr, escaped" {
  printf '{"n":1}\nbad \033[31m line\n{"n":2}\n' >in
  is 3 sz --dlq /dev/full filter . <in || is 2 sz --dlq /dev/full filter . <in # a device may be refused at once
  grep -q '^sz: ' err
  ! grep -q $'\033' err
}

@test "tap --to /dev/full: exit 3 and one line" {
  numbers 10 >in
  is 3 sz tap --to /dev/full <in
  one_line
}

# mounted OPTIONS: a small file system on ./small, or the test is skipped.
mounted() {
  [ "$(id -u)" -eq 0 ] || skip 'needs root to mount'
  mkdir small
  mount -t tmpfs -o "$1" tmpfs small 2>/dev/null || skip 'may not mount'
}

teardown() { ! mountpoint -q small 2>/dev/null || umount small; }

@test "a full file system: stdout" {
  mounted size=64k
  numbers 100000 >in
  status=0
  sz filter . <in >small/out 2>err || status=$?
  same status 3 "$status"
  one_line
}

@test "a full file system: dead letters go to stderr instead, exit 3, nothing is lost" {
  mounted size=16k
  seq -f 'bad %.0f' 500 >in
  is 3 sz --dlq small/dead filter . <in
  grep -q 'No space left' err
  saved=$(jq -R 'fromjson? | .line' small/dead | wc -l)
  [ "$saved" -gt 0 ] && [ "$saved" -lt 500 ]
  # The first that could not be saved is the next one.
  grep -q "bad $((saved + 1))\b" err
}

@test "a full file system: tap --to" {
  mounted size=16k
  numbers 10000 >in
  is 3 sz tap --to small/copy <in
  one_line
}

# lost_of FILE...: the statistics in err count a line of FILE... for each that err does not call lost.
lost_of() {
  local lost
  lost=$(sed -n 's/^sz: cannot write small.*: No space left on device; \([0-9]*\) lines that were counted are lost$/\1/p' err)
  same written "$(($(grep '^{"lines":' err | jq .lines.out) - lost))" "$(cat "$@" | wc -l)"
}

@test "a full file system: write says how many of the records that it counted are lost" {
  mounted size=64k
  numbers 100000 >in
  is 3 sz --stats=json write small/out <in
  lost_of small/out
  rm small/out
  is 3 sz --stats=json map '{k: (.n % 3), n}' then write 'small/{.k}' <in
  lost_of small/?
}

@test "a read-only directory: found before any input is read" {
  numbers 3 >in
  if [ "$(id -u)" -eq 0 ]; then mounted ro; else mkdir -m 555 small; fi
  for words in '--dlq small/dead filter .' 'tap --to small/copy'; do
    status=0
    # shellcheck disable=SC2086
    { sz $words >out 2>err || status=$?; cat >rest; } <in
    [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || { echo "status $status"; false; }
    same 'lines on stderr' 1 "$(lines err)"
    [ ! -s out ]
    cmp in rest
  done
}
