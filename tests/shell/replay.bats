# A recording gives the bytes that the run gave while it was recorded: with feeders that sleep for real. For longer ones
# set SZ_LIVE_SECONDS=120.
load common

seconds=${SZ_LIVE_SECONDS-4}

# timed: a pipeline a line. Their spans are odd parts of a second, so that none ends where a burst of `bursts` comes.
# What lies on the grid of the clock, whose zero is not that of the bursts, is only for records with the time of day: `grid`.
timed() {
  cat <<'END'
batch --every 350ms --by .k
batch --every 700ms --size 5 then batch --every 1550ms
dedupe --by .k --ttl 1550ms --count-field c
dedupe --by .k --ttl 550ms --keep last --count-field c
throttle --rate 1/s --burst 2 --mode drop --by .k
debounce --quiet 450ms --by .k --count-field c
debounce --quiet 450ms --leading then batch --every 1750ms
sample --per 1550ms --by .k
sample --reservoir 4 --by .k
take --for 2450ms then debounce --quiet 350ms
skip --for 1450ms --by .k
monitor --every 1450ms --to /dev/null then batch --every 450ms
window session --gap 450ms --by .k l=list:.n then map {key,l}
window session --gap 1450ms --max 1550ms l=list:.n then map .l
window count --size 7 --slide 3 --by .k l=list:.n then map .l
aggregate n=count --running --by .k
dedupe --by .k --adjacent --keep last --ttl 1550ms
take --last 9 --by .k
skip --last 3 then batch --size 4
sample --nth 3 --by .k
END
  [ -z "${grid-}" ] || cat <<'END'
window tumbling --size 1s --by .k n=count l=list:.n
window tumbling --size 1s --fill-empty
window sliding --size 2s --slide 1s s=sum:.n m=max:.n
window tumbling --size 500ms n=count then window tumbling --size 2s s=sum:.n
aggregate --every 1s l=list:.n --by .k
debounce --quiet 450ms --by .k then window tumbling --size 1s l=list:.n
batch --every 350ms --by .k then window sliding --size 2s --slide 1s l=list:map(.n)
dedupe --by .k --ttl 550ms --keep last then window session --gap 700ms l=list:.n
END
}

# play FEEDER OPTION...: all pipelines at once behind FEEDER, whose lines are kept in ./recording; outputs in ./live.N.
play() {
  local n=0 words feeder=$1 fifos=() pids=() pid
  shift
  rm -f in.* live.*
  while IFS= read -r words; do
    n=$((n + 1))
    mkfifo "in.$n"
    fifos+=("in.$n")
    # shellcheck disable=SC2086
    timeout -k 5 $((seconds + 60)) env --default-signal "$SZ" "$@" $words <"in.$n" >"live.$n" 2>>err &
    pids+=($!)
  done < <(timed)
  # take closes its pipe early
  $feeder | tee -p recording "${fifos[@]}" >/dev/null
  for pid in "${pids[@]}"; do ends "$pid" 0; done
  [ ! -s err ] || ! grep -qv 'sz: monitor' err
}

# replays: each pipeline over ./recording, by 1, 2 and 4 threads and in pieces, equals its live output.
replays() {
  local n=0 words threads
  while IFS= read -r words; do
    n=$((n + 1))
    [ -s "live.$n" ] || return 1
    for threads in 1 2 4; do
      # shellcheck disable=SC2086
      sz -j $threads --time .ts $words <recording 2>err | cmp - "live.$n" || { echo "-j $threads: $words"; return 1; }
      # shellcheck disable=SC2086
      feed 777 recording "$SZ" -j $threads --time .ts $words 2>err | cmp - "live.$n" || { echo "pieces: $words"; return 1; }
    done
  done < <(timed)
}

# stamped: records with the time at which they are really sent, at no rhythm.
stamped() {
  local until=$((SECONDS + seconds)) n=0
  while [ "$SECONDS" -lt "$until" ]; do
    n=$((n + 1))
    printf '{"ts":%s,"k":%d,"n":%d}\n' "$EPOCHREALTIME" $((RANDOM % 4)) $n
    [ $((RANDOM % 3)) = 0 ] || sleep "0.0$((RANDOM % 90 + 10))"
    [ $((RANDOM % 20)) != 0 ] || sleep 0.6
  done
}

@test "live under --time and replayed: the same bytes" {
  local grid=yes
  play stamped --time .ts
  [ "$(lines recording)" -gt 20 ]
  replays
}

# bursts: five records of five keys at once each second; their times say when they should come. A key comes once in a
# burst: where two timers of the wall are microseconds apart, those of the records are not.
bursts() {
  local second i
  for ((second = 0; second < seconds; ++second)); do
    for i in 0 1 2 3 4; do
      printf '{"ts":%d,"k":%d,"n":%d}\n' "$second" $(((second * 3 + i) % 5)) $((second * 5 + i))
    done
    [ $((second + 1)) = "$seconds" ] || sleep 1
  done
}

# On a machine that stalls for some tenths of a second a record comes too late for its deadline: that is the wall's way.
# Three times in a row it is not.
@test "live on the wall and replayed: the same bytes" {
  local attempt
  for attempt in 1 2 3; do
    play bursts
    if replays; then return 0; fi
  done
  return 1
}
