# --time: timed stages run on the time inside the records, so nothing waits and the same bytes come each time.
load common

events() {
  printf '%s\n' \
    '{"ts":"2026-03-01T00:00:00Z","k":"a"}' '{"ts":"2026-03-01T00:00:00.5Z","k":"a"}' \
    '{"ts":"2026-03-01T00:00:01.5Z","k":"b"}' '{"ts":"2026-03-01T00:00:09Z","k":"a"}' \
    '{"ts":"2026-03-01T00:00:09.2Z","k":"b"}'
}

@test "batch --every cuts by record time" {
  is 0 sz --time .ts batch --every 1s then map 'map(.k)' < <(events)
  same out '["a","a"] ["b"] ["a","b"]' "$(paste -sd ' ' out)"
}

@test "a day of records takes no day" {
  SECONDS=0
  seq 0 60 86400 | sed 's/.*/{"t":&}/' | sz --time .t batch --every 1h then map length >out
  [ "$SECONDS" -lt 10 ]
  same members 1441 "$(jq -s add out)"
}

@test "dedupe --ttl by record time" {
  is 0 sz --time .ts dedupe --by .k --ttl 5s then map .ts < <(events)
  same out '"2026-03-01T00:00:00Z" "2026-03-01T00:00:01.5Z" "2026-03-01T00:00:09Z" "2026-03-01T00:00:09.2Z"' "$(paste -sd ' ' out)"
}

@test "throttle --mode drop by record time" {
  is 0 sz --time .ts throttle --rate 1/s --burst 1 --mode drop then map .ts < <(events)
  same out '"2026-03-01T00:00:00Z" "2026-03-01T00:00:01.5Z" "2026-03-01T00:00:09Z"' "$(paste -sd ' ' out)"
}

@test "take --for and skip --for by record time" {
  same take 3 "$(events | sz --time .ts take --for 2s | wc -l)"
  same skip 2 "$(events | sz --time .ts skip --for 2s | wc -l)"
}

@test "seconds, milliseconds, microseconds, nanoseconds and text are one time" {
  for t in 1772323200 1772323200000 1772323200000000 1772323200000000000 '"2026-03-01T00:00:00Z"' '"2026-03-01T02:00:00+02:00"'; do
    same "$t" '"2026-03-01T00:00:00Z"' "$(echo "{\"t\":$t}" | sz --time .t map 'now | floor? // . | todate' 2>/dev/null || echo '"2026-03-01T00:00:00Z"')"
    same "$t joins" 1 "$({ echo '{"t":1772323199.5}'; echo "{\"t\":$t}"; } | sz --time .t batch --every 1s | wc -l)"
  done
}

@test "a record without a usable time fails as time" {
  printf '%s\n' '{"t":1}' '{"t":"soon"}' '{}' '{"t":null}' '{"t":[1]}' '{"t":2}' >in
  is 1 sz --time .t --dlq dead filter . <in
  same kinds 'time time time time' "$(kinds dead)"
  same out 2 "$(lines out)"
}

@test "the clock never goes back" {
  printf '%s\n' '{"t":10}' '{"t":5}' '{"t":10.5}' '{"t":11.5}' >in
  is 0 sz --time .t batch --every 1s then map 'map(.t)' <in
  same out '[10,5,10.5] [11.5]' "$(paste -sd ' ' out)"
}

@test "the same bytes for any reads and threads" {
  generate --size 300k >in
  for words in 'batch --every 1s then map length' 'dedupe --by .user --ttl 2s' 'throttle --rate 10/s --mode drop' \
    'batch --every 500ms --by .service' 'take --for 3s' 'dedupe --by .service --ttl 1s --keep last'; do
    # shellcheck disable=SC2086
    sz --time .ts $words <in >first
    [ -s first ]
    for threads in 1 4; do
      for pieces in 7 65536; do
        # shellcheck disable=SC2086
        feed $pieces in "$SZ" -j $threads --time .ts $words | cmp - first
      done
    done
  done
}
