# Windows and aggregates against programs that know nothing of sz: mlr, mawk, sort. And what depends on the input only.
load common

setup_file() {
  cd "$BATS_FILE_TMPDIR" || exit 1
  "$SZ_BUILD/bench_generate" --kind m --size 2M --seed 11 >m
  # Seconds since 1970 in front of each record, by a program of its own.
  jq -c '{t: (.ts | sub("\\.[0-9]+Z"; "Z") | fromdate), ms: .latency_ms, service, user, host, bytes: .request.bytes}' m >flat
}

# near FILE FILE: the same lines of numbers and words, numbers within a relative 1e-9.
near() {
  paste -d '|' "$1" "$2" | mawk -F '|' '
    { n = split($1, a, " "); if (n != split($2, b, " ")) { print NR ": " $0; bad = 1; exit }
      for (i = 1; i <= n; ++i) { d = a[i] - b[i]; s = a[i] < 0 ? -a[i] : a[i]
        if (a[i] != b[i] && (a[i] !~ /^[-0-9.]/ || d > s * 1e-9 || -d > s * 1e-9)) { print NR ": " a[i] " " b[i]; bad = 1; exit } } }
    END { exit bad }'
  same "lines" "$(wc -l <"$1")" "$(wc -l <"$2")"
}

@test "tumbling windows are what mlr makes of them" {
  local in=$BATS_FILE_TMPDIR/flat
  sz --time .t window tumbling --size 10s --by .service n=count sum=sum:.bytes mean=avg:.ms p50=p50:.ms p99=p99:.ms <"$in" |
    jq -r '[(.start | fromdate), .key, .n, .sum, .mean, .p50, .p99] | join(" ")' | sort >ours
  mlr --ijsonl --onidx put -q '
    w = $t // 10 * 10;
    @n[w][$service] += 1; @b[w][$service] += $bytes; @m[w][$service] += $ms; @v[w][$service][@n[w][$service]] = $ms;
    end { for ((w, s), n in @n) {
      v = sort(get_values(@v[w][s]));
      print w . " " . s . " " . n . " " . @b[w][s] . " " . (@m[w][s] / n) . " " . v[n // 2 + 1] . " " . v[min(n - 1, n * 99 // 100) + 1] } }' \
    "$in" | sort >theirs
  [ "$(wc -l <ours)" -gt 10 ]
  near ours theirs
}

@test "aggregate --by is mlr stats1" {
  local in=$BATS_FILE_TMPDIR/flat
  sz aggregate n=count:.ms sum=sum:.ms mean=avg:.ms min=min:.ms max=max:.ms p10=p10:.ms p50=p50:.ms p99=p99:.ms var=var:.ms sd=stddev:.ms d=distinct:.ms mode=mode:.ms \
    --by .service <"$in" | jq -r '[.key, .n, .sum, .mean, .min, .max, .p10, .p50, .p99, .var, .sd, .d, .mode] | join(" ")' >ours
  mlr --ijsonl --onidx --fs space stats1 -a count,sum,mean,min,max,p10,p50,p99,var,stddev,distinct_count,mode \
    -f ms -g service "$in" >theirs
  near ours theirs
}

@test "sessions are what mawk makes of them" {
  local in=$BATS_FILE_TMPDIR/flat
  for gap in 1 2 3; do
    sz --time .t window session --gap ${gap}s --by .host n=count sum=sum:.bytes <"$in" |
      jq -r '[.key, (.start | fromdate), (.end | fromdate), .n, .sum] | join(" ")' | sort >ours
    jq -r '[.host, .t, .bytes] | join(" ")' "$in" | sort -s -k1,1 -k2,2n |
      mawk -v gap=$gap '
        function out() { if (n) print key, start, last + gap, n, sum }
        $1 != key || $2 > last + gap { out(); key = $1; start = $2; n = 0; sum = 0 }
        { last = $2; ++n; sum += $3 }
        END { out() }' | sort >theirs
    [ "$(wc -l <ours)" -gt 20 ]
    same "gap $gap" "$(cat theirs)" "$(cat ours)"
  done
}

@test "sliding windows are tumbling ones of each record's copies" {
  local in=$BATS_FILE_TMPDIR/flat
  for size in 10 7; do
    sz --time .t window sliding --size ${size}s --slide 2s n=count sum=sum:.bytes max=max:.ms p90=p90:.ms d=distinct:.user f=first:.user \
      <"$in" | jq -r '[(.end | sub("\\.5Z"; "Z") | fromdate), .n, .sum, .max, .p90, .d, .f] | join(" ")' >ours
    jq -r '[.t, .bytes, .ms, .user] | join(" ")' "$in" | mawk -v size=$size -v slide=2 '
      { for (s = int($1 / slide) * slide; s > $1 - size; s -= slide) print s + size, $2, $3, $4 }' | sort -s -n -k1,1 |
      mawk 'function out(   i, j, v) { if (!n) return
              for (i = 1; i <= n; ++i) { v = ms[i]; for (j = i - 1; j > 0 && sorted[j] > v; --j) sorted[j + 1] = sorted[j]; sorted[j + 1] = v }
              print end, n, sum, sorted[n], sorted[int(n * 90 / 100) + 1], distinct, first }
            $1 != end { out(); end = $1; n = sum = distinct = 0; split("", seen); first = $4 }
            { ++n; sum += $2; ms[n] = $3 + 0; if (!seen[$4]++) ++distinct }
            END { out() }' >theirs
    near ours theirs
  done
}

@test "quantiles against sort: exact to 10000 values, then within 1/256" {
  local n p
  for n in 1 2 10 9999 10000 10001 50000; do
    mawk -v n=$n 'BEGIN { srand(3); for (i = 0; i < n; ++i) printf "%.6f\n", exp(rand() * 20 - 5) }' >in
    sort -g in >sorted
    for p in 0 1 50 90 99 99.9 100; do
      mawk -v n=$n -v p=$p 'NR == (int(p * n / 100) < n ? int(p * n / 100) : n - 1) + 1 { print $1 + 0 }' CONVFMT=%.12g OFMT=%.12g sorted >theirs
      sz aggregate p=p$p <in | jq .p >ours
      paste -d ' ' ours theirs | mawk -v n=$n '{ d = $1 - $2; if (d < 0) d = -d; exit d > (n > 10000 ? $2 / 256 : $2 * 1e-9) }' ||
        { echo "p$p of $n: $(cat ours) and $(cat theirs)"; return 1; }
    done
  done
}

@test "distinct against sort -u: exact to 10000, then within 3 %; the same each time, another with another seed" {
  seq 1 10000 >in
  same exact '{"distinct":10000}' "$(sz aggregate distinct <in)"
  seq 1 200000 >in
  local once
  once=$(sz aggregate distinct <in | jq .distinct)
  [ "$once" -gt 194000 ] && [ "$once" -lt 206000 ]
  same again "$once" "$(sort -R in | sz aggregate distinct | jq .distinct)"
  [ "$once" != "$(sz --seed 1 aggregate distinct <in | jq .distinct)" ]
}

@test "the same bytes for any reads and threads" {
  local words
  head -n 2000 "$BATS_FILE_TMPDIR/flat" >in
  while read -r words; do
    eval "sz --time .t $words" <in >first
    [ -s first ]
    for threads in 1 4; do
      for pieces in 7 65536; do
        eval "feed $pieces in '$SZ' -j $threads --time .t $words" | cmp - first
      done
    done
  done <<'WORDS'
window tumbling --size 10s --by .service n=count m=avg:.ms top=top3:.user d=distinct:.user
filter '.ms > 20' then window sliding --size 10s --slide 3s sd=stddev:.ms p=p99:.ms
window session --gap 1s --by .user
window count --size 100 --slide 30 --by .service l=last:.user
aggregate --every 5s r=rate b=rate:.bytes e=ewma:.ms
aggregate m=mode:.user l=list:.t --by .service
WORDS
}

@test "a live run is its own replay" {
  (for i in 1 2 3 4 5 6; do echo "{\"t\":$i,\"v\":$i}"; sleep 0.05; done) >slow
  (for i in 1 2 3 4 5 6; do echo "{\"t\":$i,\"v\":$i}"; sleep 0.05; done) | sz --time .t window sliding --size 3s --slide 1s s=sum:.v >live
  sz --time .t window sliding --size 3s --slide 1s s=sum:.v <slow | cmp - live
}

@test "a result that fails leaves a letter, though its lines are settled" {
  seq 3 >in
  is 1 sz --dlq dead aggregate n=count then map error <in
  same letters '[{"n":3},"expr",3]' "$(jq -c '[.record, .kind, .count]' dead)"
}

@test "--on-failure stop: the aggregate of what came before is finished" {
  printf '%s\n' 1 2 '"x"' 4 >in
  is 1 sz --on-failure stop aggregate s=sum <in
  same out '{"s":3}' "$(cat out)"
}

@test "--idle-timeout closes windows while the clock stays" {
  (printf '%s\n' '{"t":1}' '{"t":2}'; eventually '[ -s out ]'; echo '{"t":3}') |
    sz --time .t --idle-timeout 100ms window tumbling --size 10s n=count >out
  same out 'idle 2 end 1' "$(jq -r '[.closed_by, .n] | join(" ")' out | paste -sd ' ')"
}

@test "--events tells of closed windows and late records" {
  printf '%s\n' '{"t":1}' '{"t":20}' '{"t":2}' >in
  is 0 sz --events events --time .t window tumbling --size 10s --late drop n=count <in
  same events 'group_closed late group_closed' "$(jq -r .event events | paste -sd ' ')"
  same late '["1970-01-01T00:00:10Z",3]' "$(jq -c 'select(.event == "late") | [.end, .line]' events)"
}
