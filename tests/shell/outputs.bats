# Where records go beside stdout: one file, one output.
load common

refused() {  # WORDS...: with exit 2 and one line, the input unread
  numbers 3 >in
  is 2 sz "$@" <in
  same "lines on stderr: $*" 1 "$(lines err)"
  [ ! -s out ]
}

@test "two outputs into one file are refused" {
  : >x
  ln -s x link
  ln x hard
  refused tap --to x then tap --to x
  grep -q 'two outputs go to x' err
  refused tap --to x --append then tap --to ./hard --append
  refused tap --to x then tap --to link
  refused --dlq x tap --to x
  refused --dlq x --stats-file x filter .
  refused --stats-file x tap --to x
  refused --stats-file new tap --to new
}

@test "an output into stdout's or stderr's file is refused" {
  numbers 3 >in
  for words in 'tap --to x' '--dlq x filter .' '--stats-file x filter .'; do
    echo before >x
    status=0
    # shellcheck disable=SC2086
    sz $words <in >>x 2>err || status=$?
    same "status: $words" 2 "$status"
    same "left alone: $words" before "$(cat x)"
    grep -q 'x is also another output (standard output)' err
    status=0
    # shellcheck disable=SC2086
    sz $words <in 2>>x || status=$?
    same "status: $words 2>x" 2 "$status"
    grep -q 'x is also another output (standard error)' x
  done
}

@test "stdout and stderr may share a file" {
  numbers 1 >in
  sz tap --stderr <in >x 2>&1
  same lines 2 "$(lines x)"
}

@test "devices may be shared" {
  numbers 3 >in
  sz tap --to /dev/null then tap --to /dev/null <in >/dev/null 2>/dev/null
}
