# --dlq, replay, dlq stats, and what failures do to the run.
load common

bad_and_good() { printf '%s\n' '{"n":1}' 'bad one' '{"n":"two"}' '{"n":3}' '[bad' '{"n":4}'; }

@test "the fields of a letter" {
  bad_and_good >in
  is 1 sz --dlq dead -i in map '.n + 1'
  [ ! -s err ]
  same out '2 4 5' "$(paste -sd ' ' out)"
  same kinds 'parse expr parse' "$(kinds dead)"
  same where 'in:2:8:7 in:3:16:11 in:5:36:4' "$(jq -r '"\(.src):\(.line):\(.offset):\(.bytes)"' dead | paste -sd ' ')"
  same original "$(sed -n '2p;3p;5p' in)" "$(jq -r .original dead)"
  same v '1 1 1' "$(jq .v dead | paste -sd ' ')"
  same ids 3 "$(jq -r .id dead | sort -u | wc -l)"
  same runs 1 "$(jq -r .run dead | sort -u | wc -l)"
  same ts 3 "$(jq -r .ts dead | grep -c -E '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$')"
  same stage map "$(jq -r 'select(.kind == "expr").stage' dead)"
  same error 'string ("two") and number (1) cannot be added' "$(jq -r 'select(.kind == "expr").error' dead)"
}

@test "record stands only when it differs from the original" {
  printf '%s\n' '{"a":{"n":"x"}}' '{"n":1}' >in
  is 1 sz --dlq dead map '.a // .' then map '.n + 1' <in
  same record '{"n":"x"}' "$(jq -c '.record | if type == "string" then fromjson else . end' dead)"
  is 1 sz --dlq dead2 map '.n + {}' <in
  same 'no record' '' "$(jq -c 'select(has("record"))' dead2)"
}

@test "without --dlq a failure is one line on stderr, exit 1" {
  is 1 sz filter . < <(printf 'x\033[31m\n{"n":1}\n')
  same out '{"n":1}' "$(cat out)"
  same 'lines on stderr' 1 "$(lines err)"
  grep -q '^sz: ' err
  ! grep -q $'\033' err
}

@test "repeated failures are rate-limited on stderr" {
  is 1 sz filter . < <(yes x | head -1000)
  [ "$(lines err)" -lt 100 ]
  grep -q -E '\(\+[0-9]+ more, the last at stdin:[0-9]+\)' err
}

@test "the file is 0600, appended to, never through a symlink" {
  echo x >in
  is 1 sz --dlq dead filter . <in
  is 1 sz --dlq dead filter . <in
  same letters 2 "$(lines dead)"
  same mode 600 "$(stat -c %a dead)"
  ln -s dead link
  status=0
  { sz --dlq link filter . >out 2>err || status=$?; cat >rest; } <in
  [ "$status" -ne 0 ]
  cmp in rest
  same letters 2 "$(lines dead)"
}

@test "a torn last line is closed, never cut" {
  printf '{"v":1,"torn' >dead
  is 1 sz --dlq dead filter . <<<x
  same first '{"v":1,"torn' "$(head -1 dead)"
  same lines 2 "$(lines dead)"
  tail -1 dead | jq -e . >/dev/null
}

@test "a FIFO and - for stderr" {
  mkfifo pipe
  cat pipe >got &
  is 1 sz --dlq pipe filter . <<<x
  wait $!
  same kinds parse "$(kinds got)"
  is 1 sz --dlq - filter . <<<y
  same 'on stderr' parse "$(kinds err)"
}

@test "two sz that share a dead-letter file never mix lines" {
  for who in one two three; do
    awk -v who=$who 'BEGIN { for (i = 1; i <= 2000; ++i) { printf "%s %d ", who, i; for (j = 0; j < i % 300; ++j) printf "x"; print "" } }' >$who
    sz --dlq dead filter . <$who >/dev/null 2>&1 &
  done
  for job in $(jobs -p); do wait "$job" || [ $? -eq 1 ]; done
  same letters 6000 "$(jq -e -r .original dead | wc -l)"
  for who in one two three; do jq -r .original dead | grep "^$who " | cmp - $who; done
}

@test "replay gives the lines back, byte for byte, and they run again" {
  printf '{"n": 1.10}\r\n{"n":"two"}\nbad \xff\n{ "n" : [ 12345678901234567890123 ] }\n' >in
  is 1 sz --dlq dead map '.n + 0.5' <in
  sz replay dead >back
  sed -n '2,4p' in | cmp - back
  is 0 sz replay dead --kind parse
  same parse 'bad' "$(head -c 3 out)"
  same 'by kind' 1 "$(lines out)"
  is 0 sz replay dead --stage map
  same 'by stage' 2 "$(lines out)"
  sz replay dead | sz --dlq again map '.n + 0.5' >/dev/null || true
  same 'fails again' 3 "$(lines again)"
}

@test "replay prints each line once, as original or as record" {
  echo '[1,"a",2,"b"]' >in
  is 1 sz --dlq dead flatten then map '. + 1' <in
  same out '2 3' "$(paste -sd ' ' out)"
  same letters 2 "$(lines dead)"
  same original '[1,"a",2,"b"]' "$(sz replay dead)"
  same records '"a" "b"' "$(sz replay dead --as record | paste -sd ' ')"
}

@test "replay skips torn lines and says so" {
  echo x >in
  is 1 sz --dlq dead filter . <in
  printf '{"v":1,"original":"cut' >>dead
  status=0
  sz replay dead >out 2>err || status=$?
  same out x "$(cat out)"
  [ "$(lines err)" -eq 1 ]
}

@test "replay of a letter without its whole original: exit 1" {
  { printf '{"a":"'; head -c 10000 /dev/zero | tr '\0' x; echo '"}'; echo '{"n":1}'; } >in
  is 1 sz --max-line 5000 --dlq dead filter . <in
  same out '{"n":1}' "$(cat out)"
  same letter 'too_long 10008 true 4096' "$(jq -r '"\(.kind) \(.bytes) \(.truncated) \(.original | length)"' dead)"
  is 1 sz replay dead
  [ ! -s out ]
  [ "$(lines err)" -eq 1 ]
}

@test "replay of a file that is not there" {
  status=0
  sz replay nowhere >out 2>err || status=$?
  [ "$status" -ge 2 ]
  same 'lines on stderr' 1 "$(lines err)"
  grep -q nowhere err
}

@test "dlq stats tables kinds and stages" {
  bad_and_good >in
  is 1 sz --dlq dead map '.n + 1' <in
  is 0 sz dlq stats dead
  grep -q -E 'parse.*2' out
  grep -q -E 'expr.*1' out
  grep -q map out
}

@test "--exit-zero-on-dlq: 0 with letters in the file, still 1 without a file" {
  is 0 sz --exit-zero-on-dlq --dlq dead filter . <<<x
  same letters 1 "$(lines dead)"
  status=0
  sz --exit-zero-on-dlq filter . <<<x >out 2>err || status=$?
  [ "$status" -ne 0 ]
}

@test "--on-failure stop: what is before it is finished, nothing after it comes" {
  bad_and_good >in
  for threads in 1 4; do
    is 1 sz -j $threads --on-failure stop --dlq dead$threads filter . then batch --size 10 <in
    same out '[{"n":1}]' "$(cat out)"
    same original 'bad one' "$(jq -r .original dead$threads)"
  done
}

@test "--max-failures N stops at failure N+1" {
  bad_and_good >in
  is 1 sz --max-failures 1 --dlq dead map '.n + 1' <in
  same out 2 "$(paste -sd ' ' out)"
  same kinds 'parse expr' "$(kinds dead)"
  is 1 sz --max-failures 2 --dlq dead2 map '.n + 1' <in
  same out '2 4' "$(paste -sd ' ' out)"
  is 1 sz --max-failures 3 --dlq dead3 map '.n + 1' <in
  same out '2 4 5' "$(paste -sd ' ' out)"
}

@test "--max-failures SHARE is looked at from the 1000th line on and at the end" {
  { yes x | head -100; numbers 100000; } >in
  is 1 sz --max-failures 50% --dlq dead filter . <in
  same 'all of them' 100000 "$(lines out)"
  { yes x | head -990; numbers 100000; } >in
  is 1 sz --max-failures 5% --dlq dead2 filter . <in
  [ "$(lines out)" -lt 1000 ]
}

@test "a failing batch: one letter for each of its lines" {
  printf '%s\n' 1 2 3 4 >in
  is 1 sz --dlq dead batch --size 2 then map 'if .[0] == 3 then error("no") else . end' <in
  same out '[1,2]' "$(cat out)"
  same originals '3 4' "$(jq -r .original dead | paste -sd ' ')"
  same groups 1 "$(jq -c .group dead | sort -u | wc -l)"
  same records '[3,4]' "$(jq -c 'select(has("record")) | .record | if type == "string" then fromjson else . end' dead)"
  sz replay dead >back
  sed -n 3,4p in | cmp - back
}

@test "--dlq-sync record, exit, none" {
  for when in record exit none; do
    is 1 sz --dlq dead-$when --dlq-sync $when filter . < <(printf 'x\ny\n')
    same letters 2 "$(lines dead-$when)"
  done
}

@test "a line fails at most once, whatever becomes of its parts" {
  echo '[1,2,3]' >in
  is 1 sz --dlq dead --stats flatten then map 'error("x")' <in
  same letters 3 "$(lines dead)"
}

# Aggregates settle their records when they take them in: what is made of them has no lines of its own.
@test "a record made of many says of how many, and from which line to which" {
  made() { jq -c '[.src, .line, .lines, .count, .record, .original]' dead; rm dead; }
  numbers 5 >a
  numbers 2 >b
  is 1 sz --dlq dead -i a -i b aggregate n=count --count 3 then map 'error("no")'
  same letters '["a",null,[1,3],3,{"n":3},null] ["a",null,[4,null],3,{"n":3},null] ["b",null,[2,2],1,{"n":1},null]' \
    "$(made | paste -sd ' ')"
  is 1 sz --dlq dead -i a window count --size 4 --slide 2 s=sum:.n then map '{s}' then filter 'error("no")'
  same sliding '["a",null,[1,4],4,{"s":10},null] ["a",null,[3,5],3,{"s":12},null] ["a",null,[5,5],1,{"s":5},null]' \
    "$(made | paste -sd ' ')"
  is 1 sz --dlq dead -i a aggregate s=sum:.n --running then batch --size 2 then map 'error("no")'
  same batches '[1,2] 3;[1,4] 7;[1,5] 5;' "$(jq -j '(.lines | tostring), " \(.count);"' dead)"
  is 0 sz replay dead --as record
  same records 3 "$(lines out)"
  # In a handler too.
  is 0 sz -i a catch [ map '[.lines, .count, .src, .line]' ] [ aggregate n=count then map 'error("no")' ]
  same caught '[[1,5],5,"a",null]' "$(cat out)"
}

# What fails outside.

@test "a batch that a command fails: a letter for each of its lines, that can be replayed and tabled" {
  numbers 6 >in
  is 1 sz --dlq dead batch --size 3 then retry --attempts 2 --delay 1ms map --sh 'grep -q :5 && { echo why >&2; exit 75; }; echo 0' <in
  same out 0 "$(cat out)"
  same lines '4 5 6' "$(jq -r .line dead | paste -sd ' ')"
  same letters '["map",3,"exec_exit",75,2,"why\n"]' "$(jq -c '[.stage, .index, .kind, .exit, .attempts, .stderr]' dead | sort -u)"
  same 'one group' 1 "$(jq .group dead | sort -u | wc -l)"
  same 'one record' '[{"n":4},{"n":5},{"n":6}]' "$(jq -c 'select(has("record")) | .record' dead)"
  is 0 sz replay dead --kind exec_exit
  same lines "$(sed -n 4,6p in)" "$(cat out)"
  is 0 sz replay dead --as record
  same record '[{"n":4},{"n":5},{"n":6}]' "$(cat out)"
  is 0 sz dlq stats dead
  grep -q -E 'exec_exit +map.* 3' out
}

@test "--on-failure stop with commands in flight: what is before the failure leaves, nothing behind it" {
  numbers 20 >in
  is 1 sz --dlq dead --on-failure stop map --jobs 6 --sh 'read -r l; case $l in *:5}) exit 3 ;; *:[67]}) ;; *) sleep 0.2 ;; esac; echo "$l"' <in
  same out "$(head -n 4 in)" "$(cat out)"
  same letters '5 exec_exit' "$(jq -r '"\(.line) \(.kind)"' dead)"
}

@test "--on-failure stop with a retry: a failure that a try made good is none" {
  numbers 6 >in
  is 1 sz --dlq dead --on-failure stop retry --attempts 2 --delay 1ms map --jobs 2 \
    --sh 'read -r l; case $l in *2*) [ -e tried ] || { touch tried; exit 3; } ;; *4*) exit 3 ;; esac; echo "$l"' <in
  same out "$(head -n 3 in)" "$(cat out)"
  same letters '4 2' "$(jq -r '"\(.line) \(.attempts)"' dead)"
}

@test "--max-failures with commands in flight stops the reading, and the sum is right" {
  numbers 200 >in
  touch ended0  # each waits for the one before, or answers behind a slow one would pile up
  is 1 sz --dlq dead --stats=json --max-failures 5 map --jobs 4 --sh \
    'read -r l; n=${l#*:}; n=${n%\}}; until [ -e ended$((n - 1)) ]; do sleep 0.01; done; touch "ended$n"; exit 1' <in
  [ "$(lines dead)" -ge 6 ]
  [ "$(lines dead)" -le 10 ]  # those in flight are waited for
  same sum true "$(jq --argjson dead "$(lines dead)" '.lines.failed == $dead and .lines.in == (.lines.failed + .lines.filtered)' err)"
}

@test "after kill -9 all letters parse but a torn last one, and the next run goes on behind it" {
  local round
  for round in 1 2 3 4 5 6 7 8; do
    { timeout 5 yes x || true; } | "$SZ" --dlq dead filter . 2>/dev/null &
    eventually '[ -s dead ]'
    sleep "0.0$((RANDOM % 4))"
    kill -9 $! && wait $! || true
  done
  is 1 sz --dlq dead filter . <<<last
  # A torn line has been ended; it is no letter, and takes none with it.
  [ "$(jq -R 'try (fromjson | 0) catch 1' dead | grep -c 1)" -le 8 ]
  same last last "$(tail -n 1 dead | jq -r .original)"
  { sz replay dead || true; } >out 2>err
  same kept "$(jq -R 'try (fromjson | 1) catch empty' dead | wc -l)" "$(lines out)"
}

@test "--dlq and --events can be copied and truncated while the run goes on" {
  mkfifo in
  env --default-signal "$SZ" --dlq dead --events events chunk 1 <in >out 2>err &
  pid=$!
  exec 7>in
  printf '1\nbad\n' >&7
  eventually '[ "$(lines dead)" = 1 ] && [ "$(lines events)" = 1 ]'
  for file in dead events; do
    cp $file $file.1
    : >$file
  done
  printf 'worse\n2\n' >&7
  exec 7>&-
  ends "$pid" 1
  same first bad "$(sz replay dead.1)"
  same second worse "$(sz replay dead)"
  same events '1 1' "$(jq -s length events.1) $(jq -s length events)"
}
