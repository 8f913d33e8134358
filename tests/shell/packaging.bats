# What packaging/ says agrees with the rest, and its examples work.
load common

root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

@test "one version everywhere" {
  local version
  version=$(sed -n 's/^project(sz VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
  [ -n "$version" ]
  grep -q "^sz ($version-" "$root/packaging/debian/changelog"
  grep -q "^Version: *$version\$" "$root/packaging/rpm/sz.spec"
  grep -q "rpmbuild -ta .*/sz-$version.tar.gz" "$root/packaging/rpm/sz.spec"
  sz --version | grep -qF "$version"
}

@test "the Debian package is built with what packaging/dependencies lists" {
  local listed needed
  listed=$(awk '$1 == "build" && $2 != "g++" { print $2 }' "$root/packaging/dependencies" | sort)
  needed=$(sed -n '/^Build-Depends:/,/^[^ ]*$/p; ' "$root/packaging/debian/control" |
    sed -n 's/^ \([a-z0-9.+-]*\).*/\1/p' | grep -v debhelper | sort)
  same Build-Depends "$listed" "$needed"
}

@test "its tests are run with what packaging/dependencies lists, but for the sanitizers' compiler" {
  local listed needed
  listed=$(awk '$1 == "test" && $2 !~ /clang/ { print $2 }' "$root/packaging/dependencies" | sort)
  needed=$(sed -n 's/^Depends: //p' "$root/packaging/debian/tests/control" | tr -d ' ' | tr , '\n' | grep -v '^@' | sort)
  same Depends "$listed" "$needed"
}

@test "the licence in debian/copyright is LICENSE" {
  local plain='s/^ //; s/^\.$//'
  [ "$(wc -l <"$root/LICENSE")" -gt 15 ]
  same licence "$(tail -n +5 "$root/LICENSE" | tr -s ' \n' ' ')" \
    "$(sed -n '/^License: Expat$/,$p' "$root/packaging/debian/copyright" | sed '1,/^$/d; 1d' | sed "$plain" | tail -n +2 | tr -s ' \n' ' ')"
}

@test "two tarballs of one commit are the same bytes, whatever the umask is" {
  git -C "$root" rev-parse HEAD >/dev/null 2>&1 || skip "no git repository"
  (umask 077 && "$root/packaging/dist" one 2>/dev/null)
  "$root/packaging/dist" other 2>/dev/null
  cmp one/*.tar.gz other/*.tar.gz
  tar -tzf one/*.tar.gz | grep -q '^sz-[0-9.]*/packaging/dist$'
}

@test "examples: report.sh under cron's environment is silent and leaves a report" {
  local status=0
  mkdir bin
  ln -s "$(realpath "$SZ")" bin/sz
  cp "$root/packaging/demo/app.ndjson" log
  env -i "PATH=$PWD/bin:/usr/bin:/bin" "$root/packaging/examples/report.sh" log out >said 2>&1 </dev/null || status=$?
  [ "$status" -eq 0 ] && [ ! -s said ]
  [ "$(jq -s 'map(.n) | add' out)" -eq $(($(lines log) - $(lines out.dead))) ]
  [ "$(lines out.dead)" -eq "$(grep -c -e '^[^{]' -e '[^}]$' -e NaN log)" ]
  grep -q '^sz_lines_total' out.prom && [ ! -e out.new ]
  # Too much is wrong: cron mails what it says, and the old report stays.
  seq -f 'no json %.0f' 2000 >log
  cp out before
  run ! env -i "PATH=$PWD/bin:/usr/bin:/bin" "$root/packaging/examples/report.sh" log out
  cmp out before
}

@test "examples: alarms.sh sends a record when a burst begins, and how many followed" {
  mkdir bin
  ln -s "$(realpath "$SZ")" bin/sz
  cat >bin/journalctl <<'J'
#!/bin/sh
cat <<'X'
{"PRIORITY":"3","_SYSTEMD_UNIT":"cart.service","MESSAGE":"timeout"}
{"PRIORITY":"6","_SYSTEMD_UNIT":"cart.service","MESSAGE":"fine"}
{"PRIORITY":"3","_SYSTEMD_UNIT":"cart.service","MESSAGE":"refused"}
{"PRIORITY":"2","MESSAGE":"oom"}
X
J
  printf '#!/bin/sh\ncat >>posted\n' >bin/post
  chmod +x bin/*
  PATH=$PWD/bin:$PATH "$root/packaging/examples/alarms.sh" ./bin/post
  same posted '"timeout" 1
"oom" 1
"refused" 1' "$(jq -r '"\"\(.text)\" \(.errors)"' posted)"
}

@test "examples: systemd and cron read them" {
  command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
  sed "s:/usr/local/lib/alarms:$root/packaging/examples:" "$root/packaging/examples/alarms.service" >alarms.service
  systemd-analyze verify ./alarms.service >said 2>&1 || true
  [ ! -s said ] || { cat said; return 1; }
  [ "$(grep -cE '^[0-9*/,]+( [0-9*/,]+){4}  [a-z-]+  /' "$root/packaging/examples/report.cron")" -eq 1 ]
  ! grep -E '^[0-9*].*[^\\]%' "$root/packaging/examples/report.cron"
}

@test "the formula names the tarball, its sum, and an address if one is given" {
  echo tar >sz-1.2.3.tar.gz
  "$root/packaging/homebrew/formula" sz-1.2.3.tar.gz
  grep -q "^  url \"file://$PWD/sz-1.2.3.tar.gz\"" sz.rb
  grep -q "^  sha256 \"$(sha256sum <sz-1.2.3.tar.gz | cut -d ' ' -f 1)\"" sz.rb
  [ -z "$(grep -v '^#' sz.rb | grep '@')" ]
  "$root/packaging/homebrew/formula" sz-1.2.3.tar.gz https://host/path
  grep -q '^  url "https://host/path/sz-1.2.3.tar.gz"' sz.rb
}

@test "the formula is Ruby, and its test passes" {
  command -v ruby >/dev/null || skip "no ruby"
  ruby -wc "$root/packaging/homebrew/sz.rb"
  mkdir bin
  ln -s "$(realpath "$SZ")" bin/sz
  ruby "$root/tests/package/formula.rb" "$root/packaging/homebrew/sz.rb" "$PWD/bin"
}

@test "the spec is no syntax error" {
  command -v rpmspec >/dev/null || skip "no rpmspec"
  rpmspec --parse "$root/packaging/rpm/sz.spec" >parsed
  grep -q '^Source0: *sz-[0-9.]*\.tar\.gz$' parsed
}
