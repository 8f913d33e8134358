# The same question to sz, jq, gojq and mlr, over generated records: the answers, in normal form, are equal.
load common

normal() { jq -cS .; }

setup_file() {
  cd "$BATS_FILE_TMPDIR" || exit 1
  for kind in m tiny big escapes shuffled absent pass; do
    "$SZ_BUILD/bench_generate" --kind $kind --size 100k --seed 7 >$kind
  done
  cat m tiny escapes shuffled absent pass >mixed
}

# agree COMMAND EXPRESSION: `sz filter` with jq's select, `sz map` with jq.
agree() {
  local input=$BATS_FILE_TMPDIR/mixed theirs=$2
  [ "$1" = map ] || theirs="select($2)"
  sz "$1" "$2" <"$input" | normal >sz.out
  jq -c "$theirs" "$input" | normal | cmp - sz.out || { echo "jq: $1 $2"; return 1; }
  gojq -c "$theirs" "$input" | normal | cmp - sz.out || { echo "gojq: $1 $2"; return 1; }
}

@test "filter: comparisons" {
  agree filter '.status == 503'
  agree filter '.status >= 404 and .status < 500'
  agree filter '.latency_ms > 500.5 or .id < 200000000'
  agree filter '.level != "info"'
  agree filter '.user < "u025000"'
  agree filter '[.status, .level] > [404, "info"]'
}

@test "filter: absence and truth" {
  agree filter .status
  agree filter '.nothing | not'
  agree filter '.status // 7 | . == 7'
  agree filter 'has("status")'
  agree filter '.request.bytes // 0 > 50000'
}

@test "filter: text" {
  agree filter '.msg // "" | startswith("request")'
  agree filter '.msg // "" | test("cache.*queue")'
  agree filter '.msg // "" | length > 40'
  agree filter '.tags // [] | .[0] == "canary"'
}

@test "map: picking and building" {
  agree map '{id,user,latency_ms}'
  agree map '[.id, .status, (.tags // [])[0], .request.method]'
  agree map '.request // empty'
  agree map '{(.level // "none"): .status, "n\(.id)": [.tags]}'
  agree map '(.tags // [])[]'
}

@test "map: arithmetic" {
  agree map '(.status // 1) + 1, (.status // 1) * 2, (.status // 1) - 500, (.status // 1) / 2, (.id % 97)'
  agree map '.id + .5'
}

@test "map: control" {
  agree map 'if .status == 503 then "down" elif .status >= 500 then "bad" else "up" end'
  agree map 'try (.msg + 1) catch "no"'
  agree map '.request.path? // "none"'
}

@test "map: edits" {
  agree map '.status = 1'
  agree map '.request.bytes |= (. // 0) + 1'
  agree map 'del(.msg) | del(.tags)'
}

@test "map: builtins" {
  agree map 'keys'
  agree map 'length, type, (.status | tostring), (.id | tostring | length)'
  agree map '.tags // [] | map(length)'
}

@test "dedupe --by is jq -r | awk" {
  for kind in m escapes shuffled; do
    sz dedupe --by .user <"$BATS_FILE_TMPDIR/$kind" | jq -r .user >sz.out
    jq -r .user "$BATS_FILE_TMPDIR/$kind" | awk '!seen[$0]++' | cmp - sz.out
  done
}

@test "dedupe without a key is jq -S | awk" {
  for kind in shuffled absent; do
    cat "$BATS_FILE_TMPDIR/$kind" "$BATS_FILE_TMPDIR/$kind" >twice
    sz dedupe <twice | cmp - "$BATS_FILE_TMPDIR/$kind"
  done
}

@test "mlr filters the same records" {
  for kind in m shuffled pass; do
    sz filter '.status == 503' <"$BATS_FILE_TMPDIR/$kind" | normal >sz.out
    mlr --ijsonl --ojsonl filter '$status == 503' "$BATS_FILE_TMPDIR/$kind" | normal | cmp - sz.out
  done
}

@test "mlr head by key is dedupe" {
  sz dedupe --by .service <"$BATS_FILE_TMPDIR/m" | normal >sz.out
  mlr --ijsonl --ojsonl head -n 1 -g service "$BATS_FILE_TMPDIR/m" | normal | cmp - sz.out
}

@test "batch, chunk and flatten against jq" {
  sz batch --size 7 <"$BATS_FILE_TMPDIR/m" | jq -c '.[]' | cmp - <(jq -c . "$BATS_FILE_TMPDIR/m")
  sz map .tags then flatten <"$BATS_FILE_TMPDIR/m" | cmp - <(jq -c '.tags[]' "$BATS_FILE_TMPDIR/m")
}

@test "every builtin that jq and gojq list is in docs/jq-builtins.md" {
  sed -nE 's/^\| `([a-zA-Z_0-9]+\/[0-9])`.*/\1/p' "$BATS_TEST_DIRNAME/../../docs/jq-builtins.md" | sort >table
  [ "$(wc -l <table)" -gt 200 ]
  for peer in jq gojq; do
    $peer -nr 'builtins[]' | sort -u >theirs
    [ "$(wc -l <theirs)" -gt 150 ]
    [ -z "$(comm -23 theirs table | tee missing)" ] || { echo "$peer:"; cat missing; return 1; }
  done
}
