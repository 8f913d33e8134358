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
