# Places where nothing is set.
load common

job() { "$@" filter '.n > 1' then batch --size 2; }

@test "env -i" {
  is 0 env -i "$SZ" filter '.n > 1' < <(numbers 3)
  same out '{"n":2} {"n":3}' "$(paste -sd ' ' out)"
  [ ! -s err ]
}

@test "locale C, POSIX, a locale that is not there: UTF-8 all the same" {
  printf '{"k":"h\xc3\xa9"}\n' >in
  for locale in C POSIX xx_YY.nosuch de_DE.UTF-8; do
    LC_ALL=$locale LANG=$locale sz filter '.k == "hé"' <in | cmp - in
    same length 2 "$(LC_ALL=$locale sz map '.k | length' <in)"
  done
}

@test "no HOME, no TERM, a PATH as of cron" {
  numbers 3 >in
  env -u HOME -u TERM PATH=/usr/bin:/bin "$SZ" filter .n <in | cmp - in
}

@test "in a directory that was removed" {
  mkdir gone
  cd gone
  rmdir ../gone
  same out '{"n":1}' "$(echo '{"n":1}' | sz filter .n)"
}

@test "few descriptors" {
  same out '{"n":1}' "$(ulimit -n 32; echo '{"n":1}' | sz filter .n)"
}

@test "too few descriptors, or no memory: one line and exit 3" {
  for most in 5 8 10 15; do
    status=0
    (ulimit -n $most; echo '{"n":1}' | $SZ filter .n >out 2>err) || status=$?
    [ "$status" -eq 0 ] || { [ "$status" -eq 3 ] && [ ! -s out ] && same "lines with $most" 1 "$(lines err)"; }
  done
  # The sanitizers need more address space than any limit leaves.
  (ulimit -v 800000; $SZ --version >out 2>err) || skip 'no run within 800 MB of addresses'
  yes '{"n":1}' | head -n 100000 >in
  for threads in 1 2; do
    status=0
    (ulimit -v 800000; $SZ -j $threads --max-value 100G map '[range(1e9)]' <in >out 2>err) || status=$?
    same 'status' 3 "$status"
    same 'stderr' 'sz: out of memory' "$(cat err)"
  done
}

@test "stdin is not left non-blocking for others" {
  mkfifo in
  exec 8<>in
  echo '{"n":1}' >&8
  sz take 1 <&8 >out
  flags=$(sed -n 's/^flags:[[:space:]]*//p' /proc/$$/fdinfo/8 2>/dev/null || true)
  exec 8>&-
  [ -z "$flags" ] || [ $((8#$flags & 8#4000)) -eq 0 ]
}

# Places with nothing: what cron, a container's first process, a service manager and a broken shell give.
places() {
  cat <<'END'
env -i
env -i PATH=/usr/bin:/bin LANG=C
env -i PATH=/usr/bin:/bin HOME=/nonexistent SHELL=/bin/sh LOGNAME=nobody
env -i TERM= COLUMNS= LINES=0 NO_COLOR= TMPDIR=/nonexistent TZ=Nowhere/Land
env -i TERM=nosuchterminal LC_ALL=xx_YY
env -u HOME -u TERM -u PATH -u LANG -u LC_ALL
END
}

@test "in all of them everything works, and stderr is silent" {
  numbers 5 >in
  printf 'filter ".n > 1"\nbatch --size 2\n' >p.sz
  cat >jobs <<'END'
filter '.n > 1' then batch --size 2
run p.sz
run p.sz in
map --exec 'cat' --jobs 2
map --sh 'cat'
map --worker 'sed -u s/n/m/'
tap --to copy then aggregate n=count
--time '.n' window tumbling --size 2s n=count
--dlq dead --events events --stats-file stats.prom --trace trace.json filter .n
retry breaker map --sh 'cat'
map '.n | todate | strptime("%Y-%m-%dT%H:%M:%SZ") | mktime'
map '[now > 0, ($ENV | type)]'
explain run p.sz
demo --count 3
replay dead
dlq stats dead
--version
-h
--help
help expressions
completion bash
END
  while IFS= read -r job; do eval "sz $job" <in >"expected.$((++n))" 2>/dev/null; done <jobs
  while IFS= read -r place; do
    n=0
    while IFS= read -r job; do
      n=$((n + 1))
      status=0
      eval "$place \$SZ $job" <in >out 2>err || status=$?
      [ "$status" -eq 0 ] || { echo "status $status: $place: $job"; cat err; return 1; }
      [ ! -s err ] || { echo "said something: $place: $job"; cat err; return 1; }
      cmp out "expected.$n" || { echo "differs: $place: $job"; return 1; }
    done <jobs
  done < <(places)
}

@test "standard input closed, and standard error" {
  numbers 2 >in
  for words in '-i in filter .n' '-i in map --exec cat' '-i in map --sh cat' 'run p.sz in' '-i in tap --to copy' \
    '--dlq dead --trace trace.json -i in filter .n'; do
    echo 'filter .n' >p.sz
    eval "is 0 env -i PATH=/usr/bin:/bin \$SZ $words <&-"
    cmp in out
    [ ! -s err ]
    eval "env -i PATH=/usr/bin:/bin \$SZ $words <&- 2>&- >out"
    cmp in out
  done
  for words in 'explain filter .' 'demo --count 2' '-h' '--version' 'help time'; do
    eval "is 0 env -i \$SZ $words <&-"
    [ -s out ] && [ ! -s err ]
  done
  is 3 sz filter . <&-
  same lines 1 "$(lines err)"
}
