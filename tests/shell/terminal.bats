# What a person at a terminal sees: --progress and --color, in a real one (tmux).
load common

teardown() { [ ! -e "$BATS_TEST_TMPDIR/socket" ] || tmux -S "$BATS_TEST_TMPDIR/socket" kill-server 2>/dev/null || true; }

# terminal SCRIPT: starts it in a terminal of 80 x 20; screen prints what stands there.
terminal() {
  command -v tmux >/dev/null || skip 'no tmux'
  printf '%s\n' "$1" >script
  tmux -S socket -f /dev/null new-session -d -x 80 -y 20 "bash script; sleep 60" 8>&-
}
screen() { tmux -S socket capture-pane -p; }

# A run that is held open by descriptor 8: the progress line shows, moves, and goes.
hold_open() {
  mkfifo in
  exec 8<>in
}

@test "progress is drawn after a second, drawn over, and erased at the end" {
  hold_open
  numbers 100 >&8
  terminal "$SZ -j 2 filter '.n > 0' <in >out; echo over \$?"
  sleep 0.5
  ! screen | grep -q records
  eventually 'screen | grep -q "^100 records, .*B/s$"'
  numbers 20 >&8
  eventually 'screen | grep -q "^120 records, "'
  same 'lines of progress' 1 "$(screen | grep -c records)"
  exec 8>&-
  eventually 'screen | grep -q "over 0"'
  ! screen | grep -q records
  same 'lines on the screen' 1 "$(screen | grep -c .)"
}

@test "a message stands on a line of its own, and progress goes on below it" {
  hold_open
  terminal "$SZ filter . <in >out; echo over \$?"
  echo 1 >&8
  eventually 'screen | grep -q "^1 records"'
  echo oops >&8
  eventually 'screen | grep -q "^2 records.*1 failed"'
  same 'first line' 'sz: stdin:2: ' "$(screen | head -n 1 | cut -c 1-13)"
  same 'lines on the screen' 2 "$(screen | grep -c .)"
  exec 8>&-
  eventually 'screen | grep -q "over 1"'
}

@test "progress shows the share of files, and a statistics request does not mix with it" {
  numbers 200000 >big
  terminal "$SZ -j 1 throttle --rate 20000/s <big >out & echo \$! >pid; wait; echo over \$?"
  eventually 'screen | grep -q -E "records, .*, [0-9]+%$"'
  kill -USR1 "$(cat pid)"
  eventually 'screen | grep -q "^lines"'
  eventually 'screen | grep -q -E "^[0-9.k]+ records, .*, [0-9]+%$"'
  kill -TERM "$(cat pid)"
  eventually 'screen | grep -q over'
  ! screen | grep -q -E 'records, .*%$'
}

@test "auto: none where stderr is no terminal, where stdout is one, or TERM is dumb; never and always" {
  hold_open
  echo 1 >&8
  command -v script >/dev/null || skip 'no script(1)'
  export TERM=xterm
  timeout 1.5 "$SZ" filter . <in >/dev/null 2>pipe &
  timeout 1.5 "$SZ" --progress always filter . <in >/dev/null 2>always &
  terminal_of() { script -qec "timeout --foreground 1.5 $SZ $2" "$1" </dev/null >/dev/null; }
  terminal_of both "filter . <in" &
  terminal_of never "--progress never filter . <in >/dev/null" &
  TERM=dumb terminal_of dumb "filter . <in >/dev/null" &
  terminal_of auto "filter . <in >/dev/null" &
  wait
  [ ! -s pipe ]
  grep -q $'\r[01] records, ' always
  grep -q $'\r[01] records, ' auto
  ! grep -q 'records,' both never dumb
}

@test "messages and help are coloured on a terminal, unless NO_COLOR or --color say otherwise" {
  command -v script >/dev/null || skip 'no script(1)'
  esc=$'\033'
  seen() { script -qec "$1" seen </dev/null >/dev/null || true; grep -q "$esc" seen; }
  export TERM=xterm
  seen "$SZ filtr .a"
  seen "$SZ -h"
  seen "$SZ batch --help"
  ! seen "NO_COLOR=1 $SZ filtr .a"
  ! seen "NO_COLOR=1 $SZ -h"
  ! seen "TERM=dumb $SZ -h"
  ! seen "$SZ --color never filtr .a"
  seen "NO_COLOR= $SZ filtr .a"
  seen "NO_COLOR=1 $SZ --color=always -h"
  is 2 sz --color=always filtr .a
  same 'first line' "$esc[1;31msz:$esc[0m unknown stage \"filtr\"" "$(head -n 1 err)"
  same 'the place' "$esc[1;31m^^^^^$esc[0m" "$(sed -n '3s/^ *//p' err)"
  is 2 sz filtr .a
  ! grep -q "$esc" err
  is 0 sz -h
  ! grep -q "$esc" out
  is 1 sz --color always filter . <<<oops
  grep -q "^$esc\\[1;31msz:" err
}

@test "the colours leave the words as they are" {
  sz --color=always --help | sed $'s/\033\\[[0-9;]*m//g' >painted
  sz --help | cmp - painted
}
