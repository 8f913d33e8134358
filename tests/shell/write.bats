# Records end in files: names that mean harm, files that cannot be had, disks that are full, runs that are cut short.
load common

teardown() {
  exec 7>&- || true
  [ -z "${pid-}" ] || kill -9 "$pid" 2>/dev/null || true
  ! mountpoint -q small 2>/dev/null || umount small
}

# start ARG...: sz in the background; what is written to descriptor 7 is its input.
start() {
  rm -f in
  mkfifo in
  env --default-signal "$SZ" "$@" <in >out 2>err &
  pid=$!
  exec 7>in
}

# whole FILE...: every line is one record, the last one too.
whole() {
  local file
  for file in "$@"; do
    [ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || { echo "$file ends with a torn line"; return 1; }
    jq -c . "$file" >/dev/null || { echo "in $file"; return 1; }
  done
}

# keyed RECORDS KEYS: {"k":K,"n":N}
keyed() { awk -v n="$1" -v keys="$2" 'BEGIN { for (i = 0; i < n; ++i) printf "{\"k\":%d,\"n\":%d}\n", i % keys, i }'; }

@test "no key leaves the directory, no two keys share a file" {
  mkdir -p box/files victim
  echo safe >victim/file
  echo safe >box/file
  ln -s ../../victim/file box/files/planted
  ln -s ../../victim box/files/up
  ln -s "$PWD/victim" box/files/absolute
  ln -s nowhere box/files/dangling
  ln victim/file box/files/hard
  mkdir box/files/directory
  mkfifo box/files/fifo
  jq -nc --arg long "$(printf 'x%.0s' {1..300})" '
    "../file", "../../victim/file", "/etc/passwd", "..", ".", "...", ".hidden", "a/b", "a\\b", "a\u0000b", "a\nb",
    " ", "~", "*", "$(id)", "`id`", ";id", "-rf", "--", "A", "a", "\u00e4", "a\u0308", "\u202e", "%2E", "%2e", "%",
    "\ufeff", "CON", $long[:255] | {k: ., n: 1}, {k: ., n: 2}' >good
  jq -nc --arg long "$(printf 'x%.0s' {1..300})" '
    "", $long, $long[:256], null, [], {}, "planted", "up", "absolute", "dangling", "hard", "directory", "fifo" |
    {k: ., n: 1}' >bad
  cat good bad >in
  : >out
  : >err
  touch dead before after
  find . -not -path './box/files/*' | sort >before
  is 1 sz --dlq dead write 'box/files/{.k}' <in
  [ ! -s out ] && [ ! -s err ]
  find . -not -path './box/files/*' | sort >after
  diff before after
  same 'files outside' 'safe safe' "$(cat victim/file box/file | paste -sd ' ')"
  same 'kinds' 'path' "$(jq -r .kind dead | sort -u)"
  same 'letters' "$(lines bad)" "$(lines dead)"
  find box/files -type f -links 1 >files
  same 'files' "$(($(lines good) / 2))" "$(lines files)"
  while IFS= read -r file; do
    same "keys in $file" 1 "$(jq -c .k "$file" | sort -u | wc -l)"
    same "records in $file" '1 2' "$(jq .n "$file" | paste -sd ' ')"
  done <files
  find box/files -type f -links 1 -exec cat {} + | sort | cmp - <(sort good)
}

@test "a directory that becomes a link during the run" {
  mkdir files victim
  start --dlq dead write 'files/{.a}/{.b}'
  echo '{"a":"x","b":1}' >&7
  eventually '[ "$(lines files/x/1)" -eq 1 ]'
  mv files/x moved
  ln -s ../victim files/x
  echo '{"a":"x","b":2}' >&7
  eventually '[ "$(lines dead)" -eq 1 ]'
  mv files gone
  ln -s victim files
  echo '{"a":"y","b":3}' >&7
  eventually '[ "$(lines gone/y/3)" -eq 1 ]'
  exec 7>&-
  ends "$pid" 1
  same 'in the victim' '' "$(ls victim)"
  same 'kind' path "$(kinds dead)"
}

@test "a thousand keys, 256 files open, each truncated once" {
  mkdir files
  for k in {0..999}; do echo old >"files/$k"; done
  keyed 5000 1000 >records
  start write 'files/{.k}'
  cat records >&7
  eventually '[ "$(cat files/* | wc -l)" -eq 5000 ]'
  [ "$(find "/proc/$pid/fd" -lname "$PWD/files/*" | wc -l)" -le 256 ]
  exec 7>&-
  ends "$pid" 0
  cat files/* | sort | cmp - <(sort records)
  same 'of one key' '7 1007 2007 3007 4007' "$(jq .n files/7 | paste -sd ' ')"
}

# UBSan's check of virtual calls opens a pipe to see what can be read: without a descriptor all looks like a fault.
plain_build() { ! grep -q __ubsan_ "$SZ" || skip 'a sanitizer needs descriptors of its own'; }

@test "few descriptors: fewer files are open" {
  plain_build
  mkdir files
  keyed 2000 300 >records
  (ulimit -n 24 && exec env --default-signal "$SZ" write 'files/{.k}' <records)
  cat files/* | sort | cmp - <(sort records)
}

@test "no descriptor at all: exit 3, the record has a letter" {
  plain_build
  mkdir files
  keyed 1 1 >records
  status=0
  for ((most = 60; status == 0; --most)); do
    (ulimit -n $most && exec "$SZ" --dlq dead write 'files/{.k}' <records) 2>err || status=$?
  done
  same status 3 "$status"
  same said 'sz: cannot write files/0: Too many open files' "$(cat err)"
  same kind path "$(kinds dead)"
}

@test "a file that cannot grow is cut back to its last whole line: exit 3, one line" {
  mkdir files
  keyed 20000 3 >records
  for words in "'files/{.k}'" files/all; do
    for blocks in 1 7 64; do
      status=0
      (ulimit -f "$blocks" && eval "exec env --default-signal '$SZ' write $words" <records) 2>err || status=$?
      same "status: $words" 3 "$status"
      same 'lines on stderr' 1 "$(lines err)"
      grep -q '^sz: cannot write files/.*: File too large; [0-9]* lines that were counted are lost$' err
      [ "$(cat files/* | wc -l)" -gt 1 ]
      whole files/*
      rm files/*
    done
  done
}

@test "a full file system: the same" {
  [ "$(id -u)" -eq 0 ] || skip 'needs root to mount'
  mkdir small
  mount -t tmpfs -o size=128k tmpfs small 2>/dev/null || skip 'may not mount'
  keyed 20000 3 >records
  is 3 sz write 'small/{.k}' <records
  same 'lines on stderr' 1 "$(lines err)"
  grep -q '^sz: cannot write small/.: No space left on device; [0-9]* lines that were counted are lost$' err
  [ "$(cat small/* | wc -l)" -gt 100 ]
  whole small/*
}

@test "no file can be made: refused before any input is read" {
  if [ "$(id -u)" -eq 0 ]; then
    mkdir small
    mount -t tmpfs -o ro tmpfs small 2>/dev/null || skip 'may not mount'
  else
    mkdir -m 555 small
  fi
  numbers 3 >records
  { is 2 sz write 'small/{.n}' && cat >rest; } <records
  grep -q '^sz: cannot write in small: ' err
  cmp records rest
  is 2 sz write 'missing/{.n}' <records
  same 'said' 'sz: cannot write in missing: No such file or directory' "$(cat err)"
}

@test "what was written is there while the input goes on" {
  start write '{.k}'
  echo '{"k":"a"}' >&7
  eventually '[ "$(lines a)" -eq 1 ]'
  printf '%s\n' '{"k":"a"}' '{"k":"b"}' >&7
  eventually '[ "$(lines a)" -eq 2 ] && [ "$(lines b)" -eq 1 ]'
  exec 7>&-
  ends "$pid" 0
}

@test "and while sz never waits" {
  { echo '{"k":"a"}'; yes '{"k":null}'; } | env --default-signal "$SZ" filter .k then write '{.k}' &
  pid=$!
  eventually '[ "$(lines a)" -eq 1 ]'
  kill -0 "$pid"
}

@test "many records take few writes" {
  keyed 50000 5 >records
  start write '{.k}'
  before=$(awk '/syscw/ { print $2 }' "/proc/$pid/io")
  cat records >&7
  eventually '[ "$(cat [0-4] 2>/dev/null | wc -l)" -eq 50000 ]'
  [ $(($(awk '/syscw/ { print $2 }' "/proc/$pid/io") - before)) -lt 2500 ]
}

@test "a signal: what was read is in the files, whole" {
  start write '{.k}'
  keyed 1000 3 >&7
  printf '{"k":1,"n":"unfin' >&7
  eventually '[ "$(cat [0-2] 2>/dev/null | wc -l)" -eq 1000 ]'
  kill -TERM "$pid"
  ends "$pid" 143
  whole 0 1 2
  same records 1000 "$(cat 0 1 2 | wc -l)"
}

@test "SIGKILL: whole lines, but at most the last; --append begins a new one" {
  keyed 200000 3 >records
  for round in 1 2 3 4; do
    rm -f 0 1 2
    while :; do cat records; done | "$SZ" write '{.k}' &
    pid=$!
    eventually '[ "$(lines 0)" -gt $((round * 30000)) ]'
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    for file in 0 1 2; do
      jq -cR 'fromjson? // "torn"' "$file" | sed '$d' >most
      ! grep -q torn most
    done
    printf '{"k":0' >>0
    sz write '{.k}' --append < <(keyed 3 3)
    same 'the last' '{"k":0,"n":0}' "$(tail -1 0)"
    [[ "$(tail -2 0 | head -1)" == *'{"k":0' ]]  # the run that was killed may have left a torn line before it
  done
}

@test "a FIFO, named outright" {
  mkfifo pipe
  numbers 1000 >records
  timeout 20 cat pipe >copy &
  sz write pipe <records
  wait "$!"
  cmp records copy
}

@test "a FIFO that is not read on: no longer than --drain-timeout" {
  mkfifo pipe
  exec 8<>pipe
  start --drain-timeout 200ms write pipe
  numbers 200000 >&7 &
  IFS= read -r _ <&8  # it is at it
  eventually '! timeout 20 dd of=pipe bs=4096 count=1 if=/dev/zero oflag=nonblock,append conv=notrunc 2>/dev/null'
  kill -TERM "$pid"
  ends "$pid" 3
  grep -q 'cannot write pipe: it took no more before --drain-timeout' err
}
