# The job that sz is for.
load common

sample() {
  awk 'BEGIN { for (i = 1; i <= 1000; ++i) {
    if (i % 250 == 7) { print "broken line " i; continue }
    level = i % 3 == 0 ? "error" : "info"; status = i % 2 == 0 ? 503 : 404
    printf "{\"i\":%d,\"level\":\"%s\",\"status\":%d}\n", i, level, status } }'
}

@test "filter, batch, dead letters: the main job" {
  sample >in
  is 1 sz --dlq dead.ndjson filter '.level == "error" and .status >= 500' then batch --size 100 --every 1s <in
  [ ! -s err ]
  same 'batch sizes' '100 66' "$(jq length out | paste -sd ' ')"
  same records "$(jq -cR 'fromjson? | select(.level == "error" and .status >= 500)' in)" "$(jq -c '.[]' out)"
  same 'dead letters' "$(grep -n broken in)" "$(jq -r '"\(.line):\(.original)"' dead.ndjson)"
  same kinds 'parse parse parse parse' "$(kinds dead.ndjson)"
}

@test "the same as two processes in a pipe" {
  sample | grep -v broken >in
  sz filter '.level == "error" and .status >= 500' <in | sz batch --size 100 --every 1s >piped
  sz filter '.level == "error" and .status >= 500' + batch --size 100 --every 1s <in >one
  cmp piped one
}

@test "the same from a file that grows" {
  numbers 5 >log
  tail -n +1 -f --pid=$$ log 2>/dev/null | sz take 8 then batch --size 4 >out &
  eventually '[ "$(lines out)" -ge 1 ]'
  numbers 4 >>log
  wait $!
  same out '[{"n":1},{"n":2},{"n":3},{"n":4}]
[{"n":5},{"n":1},{"n":2},{"n":3}]' "$(cat out)"
}

@test "filter passes nothing: exit 0, nothing printed" {
  is 0 sz filter .nothing < <(numbers 10)
  [ ! -s out ] && [ ! -s err ]
}

@test "empty input: exit 0, nothing printed, not even an empty batch" {
  is 0 sz batch --size 2 </dev/null
  [ ! -s out ] && [ ! -s err ]
}
