# The made-up log.
load common

@test "the same seed gives the same lines, a longer log begins like a shorter one" {
  sz demo >a
  sz demo >b
  cmp a b
  same lines 1000 "$(lines a)"
  sz demo --count 100 | cmp - <(head -n 100 a)
  ! sz demo --seed 1 | cmp -s - a
}

@test "there are bad lines, late ones, double ones, values of another type" {
  sz demo -n 20000 >log
  is 1 sz --dlq dead --time .ts filter . then dedupe --by .id then filter '.ms | type == "number"' <log
  bad=$(sz map .kind <dead | sort | uniq -c | tr -s ' ' | paste -sd ,)
  [[ $bad == *parse* ]]
  [ "$(lines dead)" -gt 50 ] && [ "$(lines dead)" -lt 200 ]
  [ "$(lines out)" -lt 19800 ] && [ "$(lines out)" -gt 19000 ]
  is 1 sz --time .ts window tumbling --size 1m n=count <log
  grep -q 'late' err
}

@test "--rate keeps to real time, --count 0 goes on" {
  start=$(date +%s%N)
  is 0 sz demo --count 11 --rate 50/s
  took=$(( ($(date +%s%N) - start) / 1000000 ))
  [ "$took" -ge 190 ]
  same lines 11 "$(lines out)"
  same lines 5000 "$(sz demo --count 0 | head -n 5000 | wc -l)"
}

@test "a lost reader, a full disk" {
  sz demo --count 0 | head -n 1 >/dev/null
  [ ! -e /dev/full ] || { is 3 sz demo >/dev/full || is 3 bash -c "$SZ demo >/dev/full"; }
}
