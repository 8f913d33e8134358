# Everything wrong on the command line: exit 2, one clear message on stderr, nothing on stdout, no input read.
# The exact words are in tests/golden/wrong.case; here is what holds for all of them.
load common

# One command line a row, as a shell reads it.
wrong() {
  cat <<'END'
sz
sz nosuch
sz filtr .a
sz Filter .a
sz filter
sz filter .a .b
sz filter '.a ='
sz filter '.a | nosuch(1)'
sz filter '$x'
sz filter .a then
sz then filter .a
sz filter .a then then filter .b
sz filter .a + nosuch
sz filter .a --nosuch
sz filter --inver .a
sz batch
sz batch --size
sz batch --size 0
sz batch --size ten
sz batch --size -1
sz batch --size 10 --size 20
sz batch --every 5
sz batch --every 5x
sz batch --every -1s
sz batch --bytes 10q
sz chunk
sz chunk x
sz take
sz take x
sz take -1
sz take 1.5
sz take 5 --while .a
sz skip
sz skip --for 1
sz dedupe --ttl 0
sz dedupe --keep middle
sz dedupe --by
sz dedupe --by '.a +'
sz throttle
sz throttle --rate 5
sz throttle --rate 5/x
sz throttle --rate 0/s
sz throttle --rate 5/s --mode nap
sz tap
sz tap --to
sz flatten 1 2
sz --nosuch filter .a
sz --dlqq f filter .a
sz filter .a --dlq f
sz --max-failures 1.5 filter .a
sz --max-line 0 filter .a
sz --on-failure explode filter .a
sz -j x filter .a
sz --time '.a |' filter .a
sz --stats=xml filter .a
sz --dlq-sync later --dlq f filter .a
sz filter .a [ filter .b ]
sz [ filter .a ]
sz filter .a ]
sz help nosuch
sz completion tcsh
sz replay
sz dlq
sz dlq nosuch f
sz replay f --kind nosuch
END
}

@test "each of them: exit 2, a message, no output, input untouched" {
  numbers 3 >in
  failed=0
  while read -r line; do
    status=0
    { eval "$line" >out 2>err || status=$?; cat >rest; } <in
    [ "$status" -eq 2 ] || { echo "status $status: $line"; failed=1; }
    [ ! -s out ] || { echo "printed: $line"; failed=1; }
    [ -s err ] || { echo "said nothing: $line"; failed=1; }
    [ "$line" = sz ] || grep -q -m1 '^sz: ' err || { echo "does not begin with sz: — $line"; failed=1; }
    [ "$line" = sz ] || [ "$(lines err)" -le 4 ] || { echo "more than four lines: $line"; failed=1; }
    cmp -s in rest || { echo "read its input: $line"; failed=1; }
  done < <(wrong)
  [ ! -e f ] || { echo 'made a dead-letter file'; failed=1; }
  [ "$failed" -eq 0 ]
}

@test "the place is underlined and the nearest word is named" {
  is 2 sz filtr .a
  grep -q '^  *\^\^\^\^\^$' err
  grep -q filter err
  is 2 sz filter .a then bach --size 10
  grep -q batch err
  is 2 sz batch --sise 10
  grep -q -e --size err
  is 2 sz --dql f filter .a
  grep -q -e --dlq err
  is 2 sz dedupe --keep frist
  grep -q first err
}

@test "the place in an expression" {
  is 2 sz filter '.a = = 1'
  grep -q '\^' err
}

@test "a global behind the stage: says where it goes" {
  is 2 sz filter .a --dlq f
  grep -q -e --dlq err
  grep -q -i before err
}

@test "what the shell did to the words" {
  is 2 sz map id user
  grep -q -i quote err
  is 2 sz filter .a '#' comment
  grep -q '#' err
}

@test "a file that is not there is found before anything is read" {
  numbers 3 >in
  status=0
  { sz --dlq no/such/directory/dead filter . >out 2>err || status=$?; cat >rest; } <in
  [ "$status" -eq 2 ] || [ "$status" -eq 3 ]
  cmp in rest
  same 'lines on stderr' 1 "$(lines err)"
}

@test "control characters in a word are shown escaped" {
  is 2 sz $'no\033[31msuch'
  ! grep -q $'\033' err
}
