# What sz says of itself.
load common

@test "--version" {
  is 0 sz --version
  same lines 1 "$(lines out)"
  grep -q -E '^sz [0-9]+\.[0-9]+\.[0-9]+' out
}

@test "-h is one screen, --help is more, both begin with examples" {
  is 0 sz -h
  [ "$(lines out)" -le 25 ]
  head -8 out | grep -q 'sz .*then '
  cp out short
  is 0 sz --help
  [ "$(lines out)" -gt "$(lines short)" ]
  head -12 out | grep -q 'sz .*then '
}

@test "no line of the short help is over 80 columns" {
  for words in -h 'filter -h' 'batch -h' 'throttle -h'; do
    # shellcheck disable=SC2086
    is 0 sz $words
    ! grep -q -E '^.{81,}' out || { grep -E '^.{81,}' out; false; }
  done
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

@test "the committed pages are fresh" {
  root=$BATS_TEST_DIRNAME/../..
  "$SZ_BUILD/sz-docs" check "$root"
}
