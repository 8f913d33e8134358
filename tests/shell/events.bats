# --events: what happens to the pipeline itself.
load common

@test "one NDJSON line for each event, with the fields that every event has" {
  numbers 5 | is 0 sz --events ev batch --size 2
  same kinds 'group_closed group_closed group_closed' "$(jq -r .event ev | paste -sd ' ')"
  same reasons 'size:2 size:2 end:1' "$(jq -r '"\(.reason):\(.count)"' ev | paste -sd ' ')"
  same where 'batch 1' "$(jq -r '"\(.stage) \(.index)"' ev | sort -u)"
  same v 1 "$(jq .v ev | sort -u)"
  same ts 3 "$(jq -r .ts ev | grep -c -E '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$')"
  [ ! -s err ]
}

@test "the run is the one of the dead letters, and the file is appended to with mode 0600" {
  printf '1\nx\n' >in
  is 1 sz --events ev --dlq dead batch --size 1 <in
  same run "$(jq -r .run dead)" "$(jq -r .run ev)"
  is 1 sz --events ev --dlq dead batch --size 1 <in
  same lines 2 "$(lines ev)"
  same runs 2 "$(jq -r .run ev | sort -u | wc -l)"
  same mode 600 "$(stat -c %a ev)"
}

@test "- is stderr" {
  is 0 sz --events - batch --size 1 <<<1
  same event group_closed "$(jq -r .event err)"
}

@test "an events file that is also an input, a link or a directory is refused" {
  echo 1 >in
  is 2 sz --events in -i in filter .
  same input 1 "$(cat in)"
  ln -s other link
  is 2 sz --events link filter . <in
  is 2 sz --events . filter . <in
  grep -q 'cannot write events to' err
}

# start ARG...: sz in the background with a pipe on stdin (descriptor 7); its process id in $pid.
start() {
  mkfifo in
  env --default-signal "$SZ" "$@" <in >out 2>err &
  pid=$!
  exec 7>in
}

teardown() {
  exec 7>&- || true
  [ -z "${pid-}" ] || kill -9 "$pid" 2>/dev/null || true
}

@test "an event is in the file before sz waits for more input" {
  start --events ev batch --every 50ms
  echo 1 >&7
  eventually '[ "$(lines ev)" = 1 ]'
  same reason every "$(jq -r .reason ev)"
  exec 7>&-
  ends "$pid" 0
}

@test "a signal is an event" {
  start --events ev filter .
  echo 1 >&7
  eventually '[ "$(lines out)" = 1 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  same signal SIGTERM "$(jq -r 'select(.event == "signal").signal' ev)"
}

@test "a file that cannot be written ends the run with status 3" {
  [ -w /dev/full ] || skip 'no /dev/full'
  is 2 sz --events /dev/full filter . <<<1
  mkfifo pipe
  head -c 1 <pipe >/dev/null &
  is 3 sz --events pipe batch --size 1 < <(numbers 20000)
  grep -q 'cannot write events to' err
}

# Commands, retries and breakers.

@test "each change of a breaker's state is an event, with why and for how long" {
  numbers 3 >in
  is 0 sz --events ev retry --attempts 9 --delay 1ms --jitter none \
    breaker --consecutive 2 --open 400ms --trial-calls 1 map --sh 'echo x >>calls; [ $(cat calls | wc -l) -ge 4 ] && cat' <in
  same states 'open half-open open half-open closed' "$(jq -r 'select(.event == "breaker") | .state' ev | paste -sd ' ')"
  same why 'failures in a row 0.4|a trial failed 0.8' \
    "$(jq -r 'select(.event == "breaker" and .state == "open") | "\(.reason) \(.for)"' ev | paste -sd '|')"
  same where 'breaker 2' "$(jq -r 'select(.event == "breaker") | "\(.stage) \(.index)"' ev | sort -u)"
}

@test "each further try is an event, with the kind of the failure" {
  numbers 2 >in
  is 1 sz --events ev --dlq dead retry --attempts 3 --delay 20ms --jitter none map --sh 'exit 75' <in
  same tries 'exec_exit 1 0.02|exec_exit 2 0.04|exec_exit 1 0.02|exec_exit 2 0.04' \
    "$(jq -r 'select(.event == "retry") | "\(.kind) \(.tried) \(.in)"' ev | paste -sd '|')"
  same where 'retry 1' "$(jq -r 'select(.event == "retry") | "\(.stage) \(.index)"' ev | sort -u)"
}

@test "a worker that went away is an event, once for each death, with the pause" {
  numbers 4 >in
  is 1 sz --events ev --dlq dead map --in-flight 1 --worker 'sh -c "read -r line; kill -9 \$\$"' <in
  same deaths '0 0.1|0 0.2|0 0.4|0 0.8' \
    "$(jq -r 'select(.event == "worker_restart") | "\(.worker) \(.pause)"' ev | paste -sd '|')"
  same reason 'the worker was killed by SIGKILL' "$(jq -r .reason ev | sort -u)"
}
