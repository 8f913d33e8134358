# The plan of a pipeline.
load common

@test "explain reads, writes and starts nothing" {
  numbers 3 >in
  { sz --version >/dev/null; sz explain --dlq dead --events ev --stats-file st tap --to copy then map --sh 'touch ran' >out; cat >rest; } <in
  cmp in rest
  [ -s out ]
  for file in dead ev st copy ran; do [ ! -e $file ]; done
}

@test "every stage's first example is explained in full, at most 80 columns wide" {
  "$SZ_BUILD/sz-docs" examples | sz -r filter '.words | test("\\| sz|&&|demo") | not' then map .words >words
  [ "$(lines words)" -gt 40 ]
  while IFS= read -r words; do
    eval "is 0 sz explain $words" || { echo "$words"; return 1; }
    [ ! -s err ]
    for row in order memory latency clock end failures; do
      grep -q "^ *$row  *[^ ]" out || { echo "no $row: $words"; return 1; }
    done
    ! grep -E '^.{81,}' out || { echo "too wide: $words"; return 1; }
  done <words
}

@test "explain heeds COLUMNS" {
  COLUMNS=50 is 0 sz explain --time .ts window tumbling --size 1m n=count
  ! grep -E '^.{51,}' out
}
