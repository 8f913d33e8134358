# Reading and writing that fails, for every stage that is registered: with all examples of all declarations.
# shellcheck disable=SC2154  # setup makes the arrays stage, words, input, output
load common

setup() {
  cd "$BATS_TEST_TMPDIR" || exit 1
  # In one go: the arrays stage, words, input, output.
  "$SZ_BUILD/sz-docs" examples >examples.json
  eval "$(jq -s -r '"stage", "words", "input", "output" | . as $name
    | "\($name)=(\($examples | map(.[$name] | @sh) | join(" ")))"' --slurpfile examples examples.json </dev/null)"
  # What a run needs beside its input must not share the directory that a test makes read-only.
  mkdir work
}

teardown() { ! mountpoint -q "$BATS_TEST_TMPDIR/small" 2>/dev/null || umount "$BATS_TEST_TMPDIR/small"; }

# each FUNCTION: calls it for every example, with its words in $line, its input in ../in, what it prints in ../expected;
# failed records go to ../dead. FUNCTION runs in a directory of its own.
each() {
  local i line failed=0
  for i in "${!words[@]}"; do
    line="$SZ_PLAIN --dlq ../dead ${words[i]}"
    printf %s "${input[i]}" >in
    printf %s "${output[i]}" >expected
    (cd work && "$@") || { echo "sz ${words[i]}"; head -c 1000 err 2>/dev/null; failed=1; }
  done
  return $failed
}

# ended WANTED: $status.
ended() { same status "$1" "$status"; }
# says PATTERN: one line of its own, and no other complaint.
says() { [ "$(grep -c "^sz: $1" ../err)" -eq 1 ]; }

@test "there is an example of every stage that sz help lists" {
  listed=$(sz help | sed -n '/^stages:/,/^$/p' | sed '1d;/^$/d')
  for name in $(printf '%s\n' "${stage[@]}" | sort -u); do
    grep -w -e "$name" <<<"$listed" >/dev/null || { echo "not listed: $name"; false; }
  done
  # A section's name and then its stages, in columns.
  sed -E 's/^  [A-Z].*[^ ]  +//; s/^ +//' <<<"$listed" | tr ' ' '\n' >names
  [ -s names ]
  while read -r name; do
    printf '%s\n' "${stage[@]}" | grep -x -e "$name" >/dev/null || { echo "no example: $name"; false; }
  done <names
}

@test "/dev/full on stdout: exit 3 and one line" {
  full() {
    [ -s ../expected ] || return 0
    status=0
    eval "$line" <../in >/dev/full 2>../err || status=$?
    ended 3 && says 'cannot write standard output: No space left'
  }
  each full
}

@test "closed stdout: exit 3 and one line" {
  closed() {
    [ -s ../expected ] || return 0
    status=0
    eval "$line" <../in >&- 2>../err || status=$?
    ended 3 && says 'cannot write standard output'
  }
  each closed
}

@test "closed stdin: exit 3 and one line, or it is not needed" {
  closed() {
    status=0
    eval "$line" <&- >../out 2>../err || status=$?
    if cmp -s ../out ../expected && [ "$status" -lt 2 ] && ! grep -q '^sz: cannot' ../err; then return 0; fi
    ended 3 && says 'cannot read'
  }
  each closed
}

# lost_stderr REDIRECTION: what somebody asked for and cannot have is exit 3; else stderr does not matter.
lost_stderr() {
  status=0
  eval "$line" <../in >../out 2>../err || status=$?
  local usual=$status
  cp ../out ../usual
  status=0
  eval "$line <../in >../out $1" || status=$?
  case $line in
    *--stderr* | *monitor*) if [ -s ../err ]; then ended 3; return; fi ;;
    *) if [ -s ../err ] && [ "$status" -eq 3 ]; then return 0; fi ;;
  esac
  if [ "$usual" -eq 1 ] && [[ $1 == */full && $line != *--dlq* ]]; then usual=3; fi
  ended "$usual" && cmp ../usual ../out
}

@test "closed stderr: the same output, or exit 3 where stderr was asked for" { each lost_stderr '2>&-'; }
@test "/dev/full on stderr: the same output, or exit 3 where stderr was asked for" { each lost_stderr '2>/dev/full'; }

@test "| head -1 is silent" {
  set +o pipefail
  head_one() {
    eval "$line" <../in 2>../err | head -1 >../out
    status=${PIPESTATUS[0]}
    { [ "$status" -eq 141 ] || [ "$status" -lt 2 ] || ended 0; } && ! grep '^sz: cannot' ../err &&
      head -1 ../expected | cmp - ../out
  }
  each head_one
}

@test "SIGPIPE ignored, nobody reads: exit 3 and one message" {
  set +o pipefail
  ignored() {
    [ -s ../expected ] || return 0
    mkfifo -m 600 ../gone
    { exec 8<>../gone; } && exec 9>../gone 8<&-  # a pipe without a reader
    rm ../gone
    status=0
    eval "${line/--default-signal/--default-signal --ignore-signal=PIPE}" <../in >&9 2>../err || status=$?
    exec 9>&-
    ended 3 && says 'standard output was closed'
  }
  each ignored
}

@test "no file may grow: exit 3, and the reason" {
  limited() {
    [ -s ../expected ] || return 0
    { (ulimit -f 0; status=0; eval "$line" <../in >../out || status=$?; echo "status $status" >&2) 2>&1 1>&3 | cat >../err; } 3>/dev/null
    grep -q '^status 3$' ../err && grep -q '^sz: .*File too large' ../err
  }
  each limited
}

@test "a read-only directory: exit 2 and one line before any input is read, or the same output" {
  [ "$(id -u)" -eq 0 ] || skip 'needs root to mount'
  mkdir small
  mount -t tmpfs -o ro tmpfs small 2>/dev/null || skip 'may not mount'
  rmdir work
  ln -s small work
  read_only() {
    status=0
    eval "$line" <../in >../out 2>../err || status=$?
    if [ "$status" -eq 2 ]; then
      says 'cannot write' && [ ! -s ../out ]
    elif [ "$status" -ne 0 ]; then
      # A command failed on it: that is a failed record.
      ended 1
    else
      cmp ../expected ../out
    fi
  }
  each read_only
}
