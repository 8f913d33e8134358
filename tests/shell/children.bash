# What the tests of commands share.
load common

# No case hangs: sz is ended after 20 s with status 124, which no case expects.
SZ_PLAIN="timeout -k 2 20 env --default-signal $SZ"

# Every child gets a mark of this test into its environment, so that strays can be told from other tests' processes.
setup() {
  cd "$BATS_TEST_TMPDIR" || exit 1
  export SZ_CHILD_MARK="$BATS_TEST_NAME.$$.$RANDOM"
  numbers 3 >three
}

# strays: processes of this test that are still there, but for its own shells, sz and what reads its output.
strays() {
  local environ
  for environ in /proc/[0-9]*/environ; do
    if grep -qszx "SZ_CHILD_MARK=$SZ_CHILD_MARK" "$environ"; then
      local pid=${environ#/proc/}
      pid=${pid%/environ}
      [ "$pid" != "$$" ] && [ "$pid" != "$BASHPID" ] || continue
      case $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in
        '' | *bats* | *tests/run* | *"grep -qszx"*) ;;
        *) echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" ;;
      esac
    fi
  done
}

none_left() {
  eventually '[ -z "$(strays)" ]' || { strays; return 1; }
}

teardown() {
  exec 7>&- || true
  strays | while read -r pid _; do kill -9 "$pid" 2>/dev/null || true; done
}

# failed KIND COUNT: the dead letters are COUNT of KIND.
failed() {
  same kinds "$(yes "$1" | head -n "$2" | paste -sd ' ')" "$(kinds dead)"
}

# script NAME: an executable of stdin, for bash.
script() {
  { echo '#!/bin/bash'; cat; } >"$1"
  chmod +x "$1"
}
