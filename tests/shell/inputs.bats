# Where records come from.
load common

@test "-i, -- and - : in order, stdin only where it is named" {
  echo 1 >one; echo 2 >two; echo 3 >three
  echo 9 >stdin
  same 'files only' '1 2 3' "$(sz -i one -i two take 9 -- three <stdin | paste -sd ' ')"
  same 'stdin in the middle' '1 9 2' "$(sz take 9 -- one - two <stdin | paste -sd ' ')"
  same 'stdin alone' 9 "$(sz take 9 <stdin)"
  same '--input=' 1 "$(sz --input=one take 9 <stdin)"
  same 'a name that begins with -' 1 "$(cp one ./-one && sz take 9 -- -one)"
}

@test "one that cannot be read is reported, the others go on, exit 3" {
  echo 1 >one; echo 2 >two; mkdir directory
  is 3 sz take 9 -- one nowhere directory two
  same out '1 2' "$(paste -sd ' ' out)"
  same 'lines on stderr' 2 "$(lines err)"
  grep -q nowhere err && grep -q directory err
}

@test "one that may not be read" {
  [ "$(id -u)" -ne 0 ] || skip 'root may read everything'
  echo 1 >one; echo 2 >two; chmod 0 one
  is 3 sz take 9 -- one two
  same out 2 "$(cat out)"
}

@test "lines count per file; the last line of a file joins nothing" {
  printf '{"a":1}\nbad' >one
  printf '2\n\nworse\n' >two
  is 1 sz --dlq dead filter . -- one two
  same out '{"a":1} 2' "$(paste -sd ' ' out)"
  same letters 'one:2:bad two:3:worse' "$(jq -r '"\(.src):\(.line):\(.original)"' dead | paste -sd ' ')"
}

@test "an output that is also an input is refused, and the file is left alone" {
  numbers 3 >file
  cp file before
  ln -s file link
  for words in 'tap --to file -- file' 'tap --to ./file -- link' '--dlq file filter . -- file' '-i file tap --to link'; do
    status=0
    # shellcheck disable=SC2086
    sz $words >out 2>err || status=$?
    [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || { echo "status $status: $words"; false; }
    same "lines on stderr: $words" 1 "$(lines err)"
    cmp file before
  done
}

@test "stdout that is also an input is refused" {
  numbers 3 >file
  cp file before
  status=0
  sz filter . -- file >>file 2>err || status=$?
  [ "$status" -eq 2 ] || [ "$status" -eq 3 ]
  cmp file before
  status=0
  sz filter . <file >>file 2>err || status=$?
  [ "$status" -eq 2 ] || [ "$status" -eq 3 ]
  cmp file before
}

@test "/dev/null in and out is no such case" {
  is 0 sz filter . -- /dev/null
  sz filter . </dev/null >/dev/null
}

@test "a FIFO, a here-document, process substitution" {
  mkfifo pipe
  numbers 3 >pipe &
  same fifo "$(numbers 3)" "$(sz take 9 -- pipe)"
  same here '{"n":1}' "$(sz take 9 <<<'{"n":1}')"
  same substitution "$(numbers 3)" "$(sz take 9 -- <(numbers 3))"
}

@test "stdin is left where reading began for the next program, unless it was read" {
  numbers 3 >in
  { sz filter . -- in >/dev/null; cat >rest; } <in
  cmp in rest
}

@test "a file of many blocks, from stdin, by name, from a pipe" {
  generate --size 3M >in
  sz take 1000000000 <in | cmp - in
  sz take 1000000000 -- in | cmp - in
  # shellcheck disable=SC2002
  cat in | sz take 1000000000 | cmp - in
}

@test "--max-line: the line fails, the reader goes on, with pieces of any size" {
  { echo '{"n":1}'; printf '{"a":"%0100d"}\n' 7; echo '{"n":2}'; } >in
  for pieces in 1 2 7 64 65536; do
    status=0
    feed $pieces in "$SZ" --max-line 64 --dlq dead$pieces filter . >out 2>err || status=$?
    same status 1 "$status"
    same out '{"n":1} {"n":2}' "$(paste -sd ' ' out)"
    same letter 'too_long 2 8 108' "$(jq -r '"\(.kind) \(.line) \(.offset) \(.bytes)"' dead$pieces)"
  done
  is 0 sz --max-line 108 filter . <in
}

@test "a line of 100 MB over the limit is not held" {
  { head -c 100000000 /dev/zero | tr '\0' x; printf '\n{"n":1}\n'; } | sz --max-line 1M --dlq dead filter . >out || true
  same out '{"n":1}' "$(cat out)"
  same letter 'too_long 100000000 4096' "$(jq -r '"\(.kind) \(.bytes) \(.original | length)"' dead)"
}
