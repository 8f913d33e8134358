#!/usr/bin/env bats
# The rules that hold for the source tree as a whole.

load common

root=$BATS_TEST_DIRNAME/../..

# below LAYER: the layers whose headers it may include.
below() {
  case $1 in
    json) echo json ;;
    core) echo json core ;;
    expr) echo json core expr ;;
    stages) echo json core expr stages ;;
    plan) echo json core expr stages plan ;;
    doc) echo json core expr stages plan doc ;;
    run) echo json core expr stages plan run ;;
  esac
}

@test "includes point down: run, doc -> plan -> stages -> expr -> core -> json" {
  local layer wrong=''
  for layer in json core expr stages plan doc run; do
    wrong+=$(grep -nE '#include "[a-z]+/' "$root/src/$layer"/* |
      grep -vE "#include \"($(below "$layer" | tr ' ' '|'))/" || true)
  done
  [ -z "$wrong" ] || { echo "$wrong"; return 1; }
}

@test "one file knows Asio, only json knows simdjson, and stages have no headers" {
  [ "$(grep -lE '<boost/asio' "$root"/src/*/* | xargs -n1 basename)" = asio_host.cc ]
  [ "$(grep -lE '<simdjson' "$root"/src/*/* | xargs -n1 basename | paste -sd' ')" = 'index.cc utf8.cc' ]
  local stage
  for stage in $(sed -n 's/^SZ_STAGE(\(.*\))$/\1/p' "$root/src/stages/stages.def"); do
    [ ! -e "$root/src/stages/$stage.h" ]
  done
}

@test "nobody but main ends the process, and nothing below run touches the system" {
  local calls='\b(exit|_exit|quick_exit|abort)\('
  [ -z "$(grep -nE "(^|[^_:.>a-z])$calls" "$root"/src/{json,core,expr,stages,plan,doc}/*.{h,cc} 2>/dev/null)" ]
  [ -z "$(grep -lE '<(unistd|fcntl|poll|sys/[a-z]+|signal|csignal|thread|fstream|iostream)(\.h)?>' \
    "$root"/src/{json,core,expr,stages}/*.{h,cc} 2>/dev/null | grep -v /core/signal_name.cc)" ]
}

# os.h is the seam; os_posix.cc is the way without them.
@test "what only Linux has is called in os_linux.cc only" {
  local calls='epoll_[a-z0-9]+|eventfd|signalfd|timerfd_[a-z]+|inotify_[a-z0-9]+|ppoll|pipe2|accept4|pidfd_[a-z]+|getrandom|mem(rchr|mem)'
  calls+='|mkostemp|openat2|renameat2|sendfile|copy_file_range|fallocate|posix_fadvise|fdatasync|close_range'
  calls+='|posix_spawn_file_actions_addclosefrom_np|sig(abbrev|descr)_np|strerror(name|desc)_np|prctl|syscall|sched_[a-z]+'
  local file found=''
  for file in "$root"/src/*/*.{h,cc} "$root"/cmd/*/*.cc; do
    [ "${file##*/}" = os_linux.cc ] ||
      found+=$(sed 's://.*::' "$file" | grep -nE "\\b($calls)\\(|F_SETPIPE_SZ|O_(PATH|TMPFILE)\\b|\"/proc/self/fd/\\{|<sys/(epoll|eventfd|random|syscall|prctl)" |
        sed "s:^:${file##*/}\::" || true)
  done
  [ -z "$found" ] || { echo "$found"; return 1; }
}
