# What sz says of itself.
load common

@test "--version" {
  is 0 sz --version
  same lines 1 "$(lines out)"
  grep -q -E '^sz [0-9]+\.[0-9]+\.[0-9]+' out
}

@test "-h is one screen, --help is more, both begin with examples" {
  is 0 sz -h
  head -8 out | grep -q 'sz .*then '
  cp out short
  is 0 sz --help
  [ "$(lines out)" -gt "$(lines short)" ]
  head -12 out | grep -q 'sz .*then '
}

@test "every stage has a page, by three ways to ask" {
  for stage in filter map flatten take skip batch dedupe throttle tap; do
    is 0 sz help $stage
    [ -s out ] && [ ! -s err ]
    cp out page
    is 0 sz $stage --help
    cmp out page
    is 0 sz $stage -h
    [ -s out ]
  done
  is 0 sz help unbatch
  is 0 sz help chunk
}

@test "--help names every stage" {
  is 0 sz --help
  for stage in filter map flatten take skip batch chunk dedupe throttle tap; do grep -q -w $stage out; done
}

@test "without a stage: short help, exit 2, on stderr" {
  is 2 sz </dev/null
  [ ! -s out ] && [ -s err ]
}

@test "completion scripts are what their shells can read" {
  for shell in bash zsh fish; do
    is 0 sz completion $shell
    [ -s out ]
    ! command -v $shell >/dev/null || $shell -n out
  done
}

@test "what completion offers behind aggregate and window is what they take" {
  sz completion bash >script
  # shellcheck disable=SC1091
  . ./script
  words=''
  _sz_words aggregate
  [ "$(wc -w <<<"$words")" -ge 15 ]
  for word in $words; do is 0 sz aggregate "n=$word:.a" </dev/null; done
  _sz_words window
  same kinds 'count session sliding tumbling' "$words"
  is 0 sz window tumbling --size 1m </dev/null
  is 0 sz window sliding --size 1m --slide 10s </dev/null
  is 0 sz window session --gap 1m </dev/null
  is 0 sz window count --size 3 </dev/null
}

@test "the committed pages are fresh" {
  root=$BATS_TEST_DIRNAME/../..
  "$SZ_BUILD/sz-docs" check "$root"
}

@test "pages heed COLUMNS, down to 40" {
  for columns in 60 40 1; do
    COLUMNS=$columns is 0 sz help failures
    widest=$(grep -v '^  ' out | wc -L)
    [ "$widest" -le 60 ]
    [ "$columns" -ge 60 ] || [ "$widest" -le 40 ]
    [ "$widest" -gt 30 ]
  done
  COLUMNS=500 is 0 sz help failures
  [ "$(wc -L <out)" -le 100 ]
  COLUMNS=wide is 0 sz help failures
  cp out strange
  is 0 sz help failures
  cmp strange out
}

@test "pages heed the terminal's width" {
  command -v script >/dev/null || skip 'no script(1)'
  script -qec "stty cols 50; unset COLUMNS; exec $SZ help failures" /dev/null </dev/null | tr -d '\r' >out
  [ "$(grep -v '^  ' out | wc -L)" -le 50 ]
}

@test "help on what joins stages, and on a command of two words" {
  is 0 sz help then
  cp out then
  is 0 sz help +
  cmp then out
  grep -q 'joined by' out
  is 0 sz help dlq stats
  grep -q '^usage: sz dlq stats' out
}

# 24 lines less the one where the prompt stands afterwards.
@test "sz -h is one screen, and sz --help begins with it" {
  is 0 sz -h
  cp out short
  [ "$(lines short)" -le 23 ]
  [ "$(wc -L <short)" -le 80 ]
  is 0 sz --help
  head -n "$(lines short)" out | cmp - short
  ! grep -v '^  ' out | grep -E '^.{81,}'
}

# What has a page: stages, prefixes and commands.
subjects() {
  "$SZ_BUILD/sz-docs" examples | sz -r map .stage then dedupe
  printf '%s\n' run explain demo replay 'dlq stats' completion help
}

@test "sz STAGE -h is one screen for every stage and command" {
  subjects >stages
  [ "$(lines stages)" -ge 30 ]
  while IFS= read -r stage; do
    # shellcheck disable=SC2086
    is 0 sz $stage -h
    [ "$(lines out)" -le 23 ] || { echo "$stage -h has $(lines out) lines"; failed=1; }
    [ "$(wc -L <out)" -le 80 ] || { echo "$stage -h is wide"; failed=1; }
    grep -q '^usage: sz' out
    grep -q '^  sz ' out || [[ $stage == help ]]
  done <stages
  [ -z "${failed-}" ]
}

# Kept whole: examples, usage, and single words such as --when-full block|drop-newest|drop-oldest.
wide() { grep -v -E '^(usage:| *(sz|\$|<|>|tail|window) )' | grep -E '^.{41,}' | grep -E '^ *[^ -].* '; }

@test "on 40 columns no line is wide but examples and usage" {
  export COLUMNS=40
  subjects >stages
  sed -i 's/$/ --help/; p; s/--help/-h/' stages
  printf '%s\n' -h help\ {pipeline,aggregates,time,failures,watch,output,status} >>stages
  while IFS= read -r words; do
    # shellcheck disable=SC2086
    is 0 sz $words
    ! wide <out >too || { echo "sz $words:"; cat too; failed=1; }
  done <stages
  [ -z "${failed-}" ]
}
