# Pipelines in files: sz run FILE, and FILE as a program.
load common

@test "a file gives what its words on the command line give" {
  numbers 100 >in
  cat >p.sz <<'END'
# keeps some
filter '.n % 3 == 0'   # a comment
batch \
  --size 5
split 'length == 5' [
  map 'add(.[].n)'
]
[ ]
END
  sz filter '.n % 3 == 0' then batch --size 5 then split 'length == 5' [ map 'add(.[].n)' ] [ ] <in >expected
  is 0 sz run p.sz <in
  cmp expected out
  [ ! -s err ]
  is 0 sz run p.sz in
  cmp expected out
}

@test "a file with #! is a program, with globals and inputs of its own" {
  mkdir bin
  ln -s "$(realpath "$SZ")" bin/sz
  export PATH=$PWD/bin:$PATH
  numbers 5 >in
  printf '#!/usr/bin/env -S sz run\nfilter ".n > 3"\n' >big
  chmod +x big
  same out '{"n":4} {"n":5}' "$(./big <in | paste -sd ' ')"
  same out '{"n":4} {"n":5}' "$(./big in | paste -sd ' ')"
  same out '4 5' "$(./big in --raw-input 2>/dev/null | wc -c >/dev/null; ./big -- in | sz map .n | paste -sd ' ')"
  printf '#!%s run\nmap .n\n' "$PWD/bin/sz" >direct
  chmod +x direct
  same out '1 2 3 4 5' "$(./direct in | paste -sd ' ')"
}

@test "the command line wins over the globals and inputs of the file" {
  numbers 1 >a
  numbers 2 >b
  printf -- '--dlq file.dlq -i a\n--arg x file --argjson y 1\nmap "[.n, \\$x, \\$y, error]"\n' >p.sz
  sed -i 's/\\\$/$/g; s/, error//' p.sz
  same out '[1,"file",1]' "$(sz run p.sz)"
  same out '[1,"typed",1] [2,"typed",1]' "$(sz --arg x typed run p.sz b | paste -sd ' ')"
  same out '[1,"file","z"] [2,"file","z"]' "$(sz run p.sz --arg y z -i b | paste -sd ' ')"
  same out '[1,"file",1]' "$(echo '{"n":1}' | sz run p.sz -)"
  printf -- '--dlq file.dlq\nmap error\n' >p.sz
  is 1 sz run p.sz a
  is 1 sz --dlq typed.dlq run p.sz a
  is 1 sz run p.sz a --dlq behind.dlq
  same 'dead letters' '1 1 1' "$(wc -l <file.dlq) $(wc -l <typed.dlq) $(wc -l <behind.dlq)"
}

@test "a file that cannot be read, that is a folder, that is empty: exit 2" {
  is 2 sz run no-such-file
  grep -q 'no-such-file' err
  is 2 sz run .
  : >empty
  is 2 sz run empty
  grep -q 'has no stage' err
  is 2 sz run
}

@test "a pipeline from a pipe" {
  same out '1' "$(numbers 1 | sz run <(echo 'map .n'))"
}
