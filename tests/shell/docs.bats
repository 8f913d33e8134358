# The guides tell the truth: what their ```console blocks show is what comes out.
load common

root=$BATS_TEST_DIRNAME/../..

# told FILE: the commands of its console blocks, one after the other in one directory, and what each of them prints. A
# line `> ...` goes on with the command above. What `cat FILE` shows at first is made before.
told() {
  local line command='' inside=''
  mkdir -p bin
  ln -sf "$(realpath "$SZ")" bin/sz
  : >expected
  : >found
  flush() {
    [ -z "$command" ] || (PATH=$PWD/bin:$PATH bash -c "$command" 2>&1 || true) >>found
    command=''
  }
  while IFS= read -r line; do
    case $inside$line in
      '```console') inside='|' ;;
      '|```') flush; inside='' ;;
      '|$ cat '*)
        flush
        seen=${line#'$ cat '}
        inside='+'
        : >"$seen"
        ;;
      '+$ '*) inside='|'; command=${line#'$ '} ;;
      '+```') inside='' ;;
      '+'*) printf '%s\n' "$line" >>"$seen" ;;
      '|$ '*) flush; command=${line#'$ '} ;;
      '|> '*) command+=$'\n'${line#'> '} ;;
      '|'*) printf '%s\n' "$line" >>expected ;;
    esac
  done <"$1"
  [ -s expected ]
  same "$1" "$(cat expected)" "$(cat found)"
}

@test "docs/time.md" { told "$root/docs/time.md"; }
@test "docs/recipes/replay-a-log.md" { told "$root/docs/recipes/replay-a-log.md"; }
@test "docs/recipes/split-a-log.md" { told "$root/docs/recipes/split-a-log.md"; }
