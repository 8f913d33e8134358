# --trace: how sampled records went through the stages.
load common

# check FILE: it is one JSON document in the trace-event format, with spans inside their time.
check() {
  jq -e '.traceEvents | length > 0 and all(.[]; .pid == 1 and .tid >= 1 and
    (.ph == "M" or (.ph == "X" and .ts >= 0 and .dur >= 0 and (.name | length > 0)) or
     ((.ph == "b" or .ph == "e") and .ts >= 0 and .cat == "command" and .id >= 1)))' "$1" >jq.out || {
    head -c 2000 "$1"
    return 1
  }
}
spans() { jq -r ".traceEvents[] | select(.ph == \"X\") | .name" "$1" | sort | uniq -c | awk '{ printf "%s%s %s", s, $2, $1; s = ", " }'; }

@test "all records: a span for each record and stage, nested as they are passed on" {
  numbers 10 >in
  is 0 sz -j 1 --trace t.json --trace-sample 100% filter '.n > 3' then map .n then batch --size 4 <in
  check t.json
  same spans 'batch 7, filter 10, map 7' "$(spans t.json)"
  jq -e '[.traceEvents[] | select(.args.offset == 40)] | sort_by(.ts) | map(.name) == ["filter", "map", "batch"] and
    (.[0].ts + .[0].dur >= .[1].ts + .[1].dur)' t.json
  [ ! -s err ]
}

@test "the records themselves are as without, and the choice is the same in the pool" {
  generate --records 60000 >in 2>/dev/null || sz demo -n 60000 >in
  sz -j 1 filter '.status != 200' then dedupe --by .user <in >expected 2>/dev/null || true
  for threads in 1 3; do
    sz -j $threads --trace t$threads.json --trace-sample 2% filter '.status != 200' then dedupe --by .user <in >out 2>/dev/null || true
    cmp expected out
    check t$threads.json
    jq -c '.traceEvents[] | select(.name == "filter") | .args.offset' t$threads.json | sort -n >chosen$threads
  done
  cmp chosen1 chosen3
  n=$(lines chosen1)
  [ "$n" -gt 800 ] && [ "$n" -lt 1600 ]
  jq -e '[.traceEvents[] | select(.ph == "M") | .args.name] | index("pipeline") != null and index("pool 1") != null' t3.json
  jq -e 'any(.traceEvents[]; .name == "block" and .args.lines > 0)' t3.json
}

@test "commands of sampled records begin and end" {
  numbers 3 >in
  is 0 sz --trace t.json --trace-sample 1 map --sh cat --jobs 3 <in
  check t.json
  same requests '3 3' "$(jq -r '[.traceEvents[] | .ph] | "\(map(select(. == "b")) | length) \(map(select(. == "e")) | length)"' t.json)"
}

@test "one document also after a signal, after two, and while it runs" {
  mkfifo in
  exec 8<>in
  for signals in TERM 'TERM TERM' KILL; do
    env --default-signal "$SZ" --trace t.json --trace-sample 1 retry --attempts 3 --delay 30s map 'if . == 2 then error else . end' \
      <in >out 2>err &
    pid=$!
    numbers 1 | sed 's/.*/1/' >&8
    eventually '[ -s out ]'
    eventually 'check t.json'
    for signal in $signals; do kill -"$signal" $pid || true; done
    wait $pid || true
    check t.json
    rm out
  done
  exec 8>&-
}

@test "by default one in a hundred, the first line always; off writes nothing" {
  numbers 1 >in
  is 0 sz --trace t.json filter . <in
  check t.json
  same spans 'filter 1' "$(spans t.json | sed 's/block 1, //')"
  is 0 sz --trace t.json --trace-sample 0 filter . <in
  jq -e '[.traceEvents[] | select(.name == "filter")] == []' t.json
}

@test "what cannot be a trace file: exit 2" {
  numbers 1 >in
  mkfifo fifo
  for file in no/such/directory/t /dev/null fifo . in; do
    is 2 sz --trace $file filter . -- in
    same lines 1 "$(lines err)"
  done
  is 2 sz --trace-sample 5% filter .
  is 2 sz --trace t --trace-sample 5 filter .
  is 2 sz --trace t --dlq t filter .
}
