# The manual pages: what mandoc makes of them, and whether the format of dead letters is told in full.
load common

root=$BATS_TEST_DIRNAME/../..

@test "mandoc finds nothing wrong" {
  command -v mandoc >/dev/null || skip 'no mandoc'
  for page in "$root"/man/*.[157]; do
    # The date is a day's, and there is no operating system to name.
    mandoc -T lint -W warning "$page" >out || { cat out; return 1; }
    [ ! -s out ] || { cat out; return 1; }
    # Style too, but whether the pages named are installed here.
    mandoc -T lint "$page" 2>&1 | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' >out || true
    [ ! -s out ] || { cat out; return 1; }
    [ -z "$(grep '^\.Sh' "$page" | sort | uniq -d)" ]
  done
}

@test "every page renders, no wider than a terminal, and names its neighbours" {
  command -v mandoc >/dev/null || skip 'no mandoc'
  for page in "$root"/man/*.[157]; do
    mandoc -T utf8 -O width=78 "$page" | col -b >out
    grep -q '^SEE ALSO' out
    grep -q 'sz' out
  done
  mandoc "$root/man/sz.1" | col -b | grep -q 'sz-dlq(5)'
}

# Letters of many sorts, in dead.
letters() {
  printf '{"a":1}\noops\n"\xff"\n{"a":[%s]}\n' "$(printf 'x%.0s' {1..50})" >in
  is 1 sz --max-line 30 --dlq dead map .a.b <in
  is 1 sz --dlq dead batch --size 2 then map 'error("no")' < <(numbers 3)
  is 1 sz --dlq dead batch --size 2 then flatten then map --exec 'sh -c "echo why >&2; exit 3"' < <(numbers 1)
  is 1 sz --dlq dead map --sh 'kill -9 $$' < <(numbers 1)
  is 1 sz --dlq dead retry --attempts 2 --delay 1ms map --sh 'exit 75' < <(numbers 1)
  is 1 sz --dlq dead tap [ map error ] < <(numbers 1)
  is 1 sz --dlq dead catch [ map error ] map error < <(numbers 1)
  is 1 sz --dlq dead aggregate n=count then map error < <(numbers 3)
  is 1 sz --dlq dead map '[.n]' then map --timeout 50ms --sh 'sleep 10' < <(numbers 1)
}

@test "sz-dlq(5) tells of each field and kind that letters have" {
  letters
  sz -r map 'keys[], (.cause // {} | keys[])' <dead | sort -u >fields
  [ "$(lines fields)" -ge 20 ]
  while read -r field; do
    grep -q -x ".It Sy $field" "$root/man/sz-dlq.5" || { echo "no word of $field"; return 1; }
  done <fields
  for kind in $(kinds dead); do grep -q -x ".It Sy $kind" "$root/man/sz-dlq.5"; done
}

@test "fields stand in the order that sz-dlq(5) says" {
  letters
  sed -n 's/^\.It Sy //p' "$root/man/sz-dlq.5" >order
  while IFS= read -r letter; do
    sz -r map 'keys_unsorted[]' <<<"$letter" >fields
    grep -n -x -f fields order | sed 's/.*://' | cmp - fields || { echo "$letter"; return 1; }
  done <dead
}
