# What one read() brought and how many threads there are is never observable: the same bytes come out.
load common

# cut_in PIECES: every example of every stage, with reads of that many bytes, for -j 1, 2, 4. The examples come from the
# stages' declarations by `sz-docs examples`: JSON lines {stage, words, input, output}.
cut_in() {
  local row words input output threads found failed=0
  "$SZ_BUILD/sz-docs" examples >examples.json
  [ -s examples.json ]
  while IFS= read -r row; do
    eval "$(jq -r '@sh "words=\(.words) input=\(.input) output=\(.output)"' <<<"$row")"
    printf %s "$input" >in
    for threads in 1 2 4; do
      find . -type f ! -name in ! -name examples.json -delete
      found=$(eval "feed $1 in \"\$SZ\" -j $threads $words" 2>err; echo .)
      [ "$found" == "$output." ] || {
        failed=1
        echo "pieces of $1: sz -j $threads $words"
        diff <(printf %s "$output") <(printf %s "${found%.}")
        cat err
      }
    done
  done <examples.json
  return $failed
}

@test "every example, reads of 1 byte" { cut_in 1; }
@test "every example, reads of 2 bytes" { cut_in 2; }
@test "every example, reads of 7 bytes" { cut_in 7; }
@test "every example, reads of 65536 bytes" { cut_in 65536; }

# pipelines: over the generator's records, which are a second's worth of time apart by some fifty.
pipelines() {
  cat <<'END'
filter '.status == 503'
filter '.status == 503' then batch --size 7
map '{id, user, latency_ms}' then filter '.latency_ms > 500' then skip 3
map '.tags' then flatten then dedupe --adjacent
dedupe --by .user then chunk 10
map '[.id, .service]' then take 777
filter '.level == "error"' then take --last 5
skip --last 5 then dedupe --by .service --keep last
batch --size 20 --by .service then map length
flatten '.tags'
tap --to copy then filter .nothing
write '{.service}.ndjson'
filter '.status == 503' then switch .user [ write 'by-{.service}/{.user}' ] else [ write other ]
END
}

# outcome DIRECTORY COMMAND...: all that a run leaves behind.
outcome() {
  local into=$1 status=0
  shift
  mkdir "$into"
  (cd "$into" && "$@" >out 2>err) || status=$?
  echo "$status" >"$into/status"
  [ ! -e "$into/dead" ] || jq -c '[.line, .kind, .stage, .original]' "$into/dead" >"$into/letters"
  rm -f "$into/dead"
}

# compare INPUT: each pipeline, by each way of reading and number of threads, against one thread and the file.
compare() {
  local words pieces threads failed=0
  while IFS= read -r words; do
    rm -rf first other
    eval "outcome first $SZ_PLAIN -j 1 --dlq dead $words" <"$1"
    for threads in 1 2 4; do
      for pieces in $2; do
        rm -rf other
        if [ "$pieces" = file ]; then
          eval "outcome other $SZ_PLAIN -j $threads --dlq dead $words" <"$1"
        else
          eval "outcome other timeout 120 $SZ_BUILD/feed $pieces $1 $SZ -j $threads --dlq dead $words"
        fi
        diff -r first other >difference || { echo "-j $threads, $pieces: $words"; head -c 1000 difference; failed=1; }
      done
    done
  done < <(pipelines)
  return $failed
}

@test "a few hundred records, cut into small pieces" {
  generate --size 100k >"$BATS_TEST_TMPDIR/in"
  compare "$BATS_TEST_TMPDIR/in" '7 4096'
}

@test "many blocks, from a file and through pipes" {
  generate --size 3M >"$BATS_TEST_TMPDIR/in"
  compare "$BATS_TEST_TMPDIR/in" 'file 65536'
}

@test "many blocks with bad lines in some" {
  generate --size 2M | awk 'NR % 1500 == 3 { print "bad " NR } { print } NR % 2500 == 0 { print "" }' >"$BATS_TEST_TMPDIR/in"
  compare "$BATS_TEST_TMPDIR/in" 'file 65536 4000'
}
