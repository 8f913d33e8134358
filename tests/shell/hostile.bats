# What hostile records may not do to a terminal or to the accounting.
load common

@test "control characters, C1, bidi and bad UTF-8 are escaped in every message" {
  printf 'a\033]0;title\007b\n\xc2\x9b31m\n\xe2\x80\xaeevil\n\xff\xfe\nx\ry\n' >in
  is 1 sz filter . <in
  run ! grep -q -P '[\x00-\x08\x0b-\x1f\x7f]' err
  ! LC_ALL=C grep -q -P '\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|[\xfe\xff]' err
}

@test "a name of a file with control characters" {
  is 3 sz filter . -- $'no\033[31mwhere'
  ! grep -q $'\033' err
}

@test "an expression's error shows the value escaped" {
  printf '{"a":"\\u001b[31m"}\n' >in
  is 1 sz map '.a + 1' <in
  ! grep -q $'\033' err
}

@test "key flood: dedupe stays within --max-keys and says so once" {
  numbers 20000 >in
  is 0 sz --max-keys 100 dedupe --by .n <in
  cmp in out
  same 'lines on stderr' 1 "$(lines err)"
}
