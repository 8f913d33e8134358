# What no stage edits leaves byte for byte.
load common

odd() {
  cat <<'END'
{"id":12345678901234567890123,"x":9007199254740993,"d":1.10,"e":1e400,"z":-0}
{ "a" :	1 , "b":[ 1,2 ,3 ] , "c" : { } }
{"a":1,"a":2}
{"\u0061":"\u00e9\ud83d\ude00\/\b","é":"日本"}
"a bare string"
12345678901234567890123
1.500
null
true
[]
   [1,   2]   
{"lone":"\ud800"}
END
}

# through INPUT [OPTION...]: as it came in, whatever reads it and however it is cut.
through() {
  local input=$1 pieces
  shift
  sz "$@" take 1000000 <"$input" | cmp - "$input"
  sz "$@" filter 'true' <"$input" | cmp - "$input"
  sz "$@" skip 0 -- "$input" | cmp - "$input"
  for pieces in 1 2 7 4096 65536; do feed "$pieces" "$input" "$SZ" "$@" take 1000000 | cmp - "$input"; done
}

@test "long numbers, escapes, odd spacing, every kind of value" {
  odd >in
  through in
  through in -j 4
}

@test "CRLF" {
  odd | sed 's/$/\r/' >in
  through in
}

@test "a missing last newline is added, nothing else" {
  printf '{"a":1}\n{"b":2}' >in
  same out "$(printf '{"a":1}\n{"b":2}\n' | od -c)" "$(sz take 10 <in | od -c)"
  printf '{"a":1}\r' >in
  same 'after CR' "$(printf '{"a":1}\r\n' | od -c)" "$(sz take 10 <in | od -c)"
}

@test "a BOM at the start of a file is dropped, in each file" {
  printf '\xef\xbb\xbf{"a":1}\n' >one
  printf '\xef\xbb\xbf{"b":2}\n' >two
  is 0 sz take 10 -- one two
  same out '{"a":1}
{"b":2}' "$(cat out)"
  for pieces in 1 2 7; do same "pieces of $pieces" '{"a":1}' "$(feed $pieces one "$SZ" take 10)"; done
}

@test "a BOM anywhere else is not JSON" {
  printf '{"a":1}\n\xef\xbb\xbf{"b":2}\n' >in
  is 1 sz --dlq dead take 10 <in
  same kinds parse "$(kinds dead)"
}

@test "RFC 7464 record separators are dropped" {
  printf '\x1e{"a":1}\n\x1e{"b":2}\n' >in
  same out '{"a":1}
{"b":2}' "$(sz take 10 <in)"
  for pieces in 1 2 7; do same "pieces of $pieces" '{"a":1} {"b":2}' "$(feed $pieces in "$SZ" take 10 | paste -sd ' ')"; done
}

@test "blank lines are dropped" {
  printf '\n{"a":1}\n\n\r\n  \t\n{"b":2}\n\n' >in
  is 0 sz take 10 <in
  same out '{"a":1}
{"b":2}' "$(cat out)"
}

@test "NUL bytes: the line fails, its neighbours do not, replay gives it back" {
  printf '{"a":1}\n{"b":\0002}\n\000\n{"c":"x\000y"}\n{"d":4}\n' >in
  is 1 sz --dlq dead take 10 <in
  same out '{"a":1}
{"d":4}' "$(cat out)"
  same kinds 'parse parse parse' "$(kinds dead)"
  sz replay dead >back
  sed -n 2,4p in | cmp - back
}

@test "invalid UTF-8: the line fails, replay gives it back byte for byte" {
  printf '{"a":"\xff\xfe"}\n{"b":"\xc0\xaf"}\n{"ok":1}\n{"s":"\xed\xa0\x80"}\n' >in
  is 1 sz --dlq dead take 10 <in
  same out '{"ok":1}' "$(cat out)"
  same fields 'true true true' "$(jq 'has("original_b64") and (has("original") | not)' dead | paste -sd ' ')"
  sz replay dead >back
  grep -av ok in | cmp - back
}

@test "an edited record keeps its untouched parts, prints compact, the last of equal keys" {
  echo '{ "id" : 12345678901234567890123 , "x":1.10, "s":"\u0041\/" , "k":1, "k":2 }' >in
  same out '{"id":12345678901234567890123,"x":1.10,"s":"\u0041\/","k":2,"new":true}' "$(sz map '.new = true' <in)"
  same parts '[12345678901234567890123,1.10,"\u0041\/"]' "$(sz map '[.id, .x, .s]' <in)"
}

@test "members of a batch are copied as they are" {
  printf '{ "a" : 1.10 }\n[ 12345678901234567890123 ]\n' >in
  same out '[{ "a" : 1.10 },[ 12345678901234567890123 ]]' "$(sz batch --size 2 <in)"
}

@test "batch and flatten are inverse" {
  odd | grep -v -e '^ ' -e ' $' >in
  sz batch --size 5 then flatten <in | cmp - in
}

@test "-0, 1e400 and lone surrogates compare and pass" {
  printf '%s\n' '{"z":-0}' '{"z":1e400}' '{"z":"\ud800"}' >in
  sz filter '.z != 7' <in | cmp - in
}

@test "a line of 20 MB" {
  { printf '{"a":"'; head -c 20000000 /dev/zero | tr '\0' x; printf '","b":1}\n{"b":2}\n'; } >in
  sz filter '.b' <in | cmp - in
  feed 65536 in "$SZ" filter '.b' | cmp - in
}

@test "depth 1024 passes, 1025 fails as too_deep" {
  nested() { printf '%*s' "$1" '' | tr ' ' '['; printf '%*s\n' "$1" '' | tr ' ' ']'; }
  { nested 1024; nested 1025; echo 1; } >in
  is 1 sz --dlq dead take 10 <in
  same lines 2 "$(lines out)"
  same kinds too_deep "$(kinds dead)"
}
