# The documents tell the truth: what their console blocks show is what comes out (tests/docs/run).
load common

root=$BATS_TEST_DIRNAME/../..

told() { "$root/tests/docs/run" "$@" >tap || { cat tap; return 1; }; }
documents() { grep -l '^```console' "$root"/*.md "$root"/docs/*.md "$root"/docs/recipes/*.md; }

@test "README.md" { told "$root/README.md"; }
@test "docs/cookbook.md" { told "$root/docs/cookbook.md"; }
@test "the other documents" {
  local others
  mapfile -t others < <(documents | grep -v -e '/README.md$' -e '/cookbook.md$')
  [ ${#others[@]} -ge 3 ]
  told "${others[@]}"
}

@test "no document shows commands but in a console block" {
  ! grep -nE '^    \$ |^```(sh|bash|shell)' "$root"/*.md "$root"/docs/*.md "$root"/docs/recipes/*.md
}

@test "what the man page shows of itself is no mistake" {
  local line status shown=0
  seq -f '{"level":"error","id":%.0f,"price":"1","ts":0,"user":"a"}' 3 | tee app.log orders.ndjson mon.ndjson >tue.ndjson
  mkdir bin
  printf '#!/bin/sh\nshift\nexec cat "$@"\n' >bin/tail
  chmod +x bin/tail
  ln -s "$(realpath "$SZ")" bin/sz
  while IFS= read -r line; do
    status=0
    PATH=$PWD/bin:$PATH bash -c "$line" >out 2>err </dev/null || status=$?
    [ "$status" -eq 0 ] && [ -s out ] || { echo "status $status: $line"; cat err; return 1; }
    shown=$((shown + 1))
  done < <(awk '/^\.Bd/{inside = 1; next} /^\.Ed/{inside = 0} inside' "$root/man/sz.1.in")
  [ "$shown" -ge 3 ]
}
