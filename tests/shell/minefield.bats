# GOALS R1 through the whole program: every case of unit/json/conformance.txt as a line of one file, in reads of any size.
load common

# Writes ./in with the cases that fit on one line, and ./passed and ./failed: the numbers of the lines by their verdicts.
lay_mines() {
  python3 - "$BATS_TEST_DIRNAME/../unit/json/conformance.txt" <<'PYTHON'
import re, sys
bytes_in = lambda text: re.sub(rb'\\x([0-9A-F]{2})', lambda m: bytes([int(m[1], 16)]), text)
repeated = lambda text: re.sub(rb'\\rep\{(\d+),(..*?)\}', lambda m: int(m[1]) * bytes_in(m[2]), text)
lines, passed, failed = [b'"the first line"'], [1], []
for row in open(sys.argv[1], 'rb').read().split(b'\n'):
    if row.startswith(b'#') or not row.strip():
        continue
    kind, verdict, name, text = (part.strip(b' ') for part in row.split(b'|', 3))
    text = bytes_in(repeated(text))
    if b'\n' in text or not text.strip(b' \t\r') or text.startswith(b'\x1e'):
        continue
    lines.append(text)
    (passed if verdict == b'accept' else failed).append(len(lines))
open('in', 'wb').write(b'\n'.join(lines) + b'\n')
for name, numbers in (('passed', passed), ('failed', failed)):
    open(name, 'w').writelines(f'{n}\n' for n in numbers)
PYTHON
  [ "$(lines in)" -gt 600 ]
}

@test "each class has its verdict, in reads of 1, 2, 7 and 65536 bytes, with one thread and two" {
  lay_mines
  for pieces in 1 2 7 65536; do
    for threads in 1 2; do
      rm -f dead
      is 1 feed $pieces in "$SZ" -j $threads --dlq dead map input_line_number
      cmp passed out
      jq -r .line dead | cmp failed -
      same 'kinds' 'parse too_deep' "$(jq -r .kind dead | sort -u | paste -sd ' ')"
    done
  done
}

@test "replay gives back what was refused, byte for byte" {
  lay_mines
  is 1 sz --dlq dead take 9999 <in
  awk 'NR == FNR { refused[$1]; next } FNR in refused' failed in >expected 2>/dev/null ||
    python3 -c "
lines = open('in', 'rb').read().split(b'\n')
open('expected', 'wb').write(b''.join(lines[int(n) - 1] + b'\n' for n in open('failed')))"
  sz replay dead | cmp expected -
}

@test "a line of 65 MiB: one more than the limit fails, with a limit that is higher it passes" {
  { printf '"'; head -c $((65 * 1024 * 1024)) /dev/zero | tr '\0' x; echo '"'; echo 1; } >in
  is 1 sz --dlq dead take 2 <in
  same out 1 "$(cat out)"
  same kinds too_long "$(kinds dead)"
  is 0 sz --max-line 66Mi take 2 <in
  cmp in out
}
