#include "doc/topics.h"

#include <vector>

#include "doc/expression_reference.h"

namespace sz::doc {
namespace {

constexpr std::string_view pipeline =
    R"~(A command line is options of sz itself, then stages joined by the word then; + means the same.

  sz --dlq dead.ndjson filter .ok then map .id then batch --size 100
  sz filter .ok + map .id + chunk 100

Each stage takes its own options and words up to the next then. [ and ] are words of their own around the steps that a stage works on. The words then, +, [ and ] need no quotes in any shell, but an expression mostly does; --option=then passes such a word as a value, and -e EXPR an expression that looks like an option.

Behind -- stand input files, read in order; so do those of -i. Without any sz reads stdin, which is - among files. merge as the first stage reads several side by side. One file cannot be input and output, nor two outputs.)~";

constexpr std::string_view json =
    R"~(One JSON value (RFC 8259) a line, of any type. Lines may end in CR LF, the last newline may be missing, and a byte order mark at the start of a file, RFC 7464 record separators and blank lines are accepted. There is no limit of 64 KiB: a line over --max-line fails as too_long and the reading goes on behind it.

Every line is checked once, whole: structure, numbers, literals, escapes, UTF-8, nesting up to 1024. A line that is not JSON fails as parse, and the run goes on.

A record that no stage edits leaves byte for byte. What is edited prints compact, duplicate keys reduced to the last; values inside that were not touched are copied as they are: 9007199254740993, 1.10, 23-digit integers and escapes stay.

Of duplicate keys the last one is the value. A key written with escapes equals the key that it spells.

Where records are told apart or put together by a key (--by, dedupe, distinct), numbers are equal by value: 1, 1.0 and 1e0 are one, and so are two that are the same double; but integers are compared by all their digits, while == knows beyond 64 bits only doubles.

With -R each line is a string, not JSON. With -r results that are strings print bare.)~";

constexpr std::string_view time =
    R"~(Without --time the stages that ask the time use the wall clock. With --time EXPR every one of them runs on the time that EXPR finds in the record, so a day of logs replays in seconds and gives the same bytes each time, on any machine and with any number of threads.

EXPR gives RFC 3339 text or a number: seconds since 1970 if it is under 1e11, milliseconds under 1e14, microseconds under 1e17, else nanoseconds. A record without a usable time fails as time.

  sz --time .ts batch --every 1m < day.ndjson

The clock is the largest time seen and never goes back. A timer that is due fires before the record that moved the clock past it. At the end of input every open group comes out.

With --lateness D windows wait so long for records that come late. With --max-ahead D one record with a time far ahead does not carry the clock away: more than D beyond the clock it fails as time, unless the record before it failed for that and lies within D of it, since then the stream really moved. With --idle-timeout D every open group comes out when no input came for D on the wall (time in which a stage held the reading back, or a buffer held records, not counted); the clock stays where it is.

A duration needs a unit: 250ms 1.5s 1m30s 2h 1d. There are ns us ms s m h d w; of several the larger stands first, and only the last number may have a fraction. A rate is N/UNIT with the same units: 50/s, 0.5/m. A share is 0.5, 50% or 1/2. A size is 4096, 64k, 1.5M or 2G in thousands, 64Ki, 1Mi, 2Gi in 1024s.)~";

constexpr std::string_view aggregates =
    R"~(window and aggregate take any number of AGGs: NAME=FN:EXPR, NAME=FN(EXPR) or FN alone. EXPR is in jq's language, and each of its outputs is a value; without EXPR the value is the record itself, and count and rate count records. null and missing values are skipped. Where FN needs numbers, another type fails the record as type.

  sz aggregate n=count bytes=sum:.bytes p99=p99:.ms --by .service

  count     how many values (records, without EXPR)
  distinct  how many different values: exact to 10000, then HyperLogLog, standard error 0.81 %
  sum       exact, whatever the order; an integer to 2^63, else the nearest double
  avg       the mean
  min max   as the number is written
  stddev    of a sample; null for fewer than two
  var       stddev squared; both are computed without rounding on the way
  median    p50
  pN        the value at place floor(N/100 * count), from 0, of the values in order, as Miller has it: p99, p99.9; exact to 10000 values, integers of 64 bits among them, then within 1/256 of the value there (0.4 %)
  first     the first value to come, of any type, as it is written
  last      the last one
  list      all values in order of arrival
  mode      the value that came most often; of equals the first
  topN      the N values that came most often: [{"value":V,"count":N},...]; top is top10
  ewmaN     moving average: each value, in order of arrival, moves it by N of the difference; ewma is ewma0.1
  delta     the last value less the first
  rate      the sum of the values (the number of records, without EXPR) per second of the window; where there is none, from the first record to the last

Without a value count and distinct are 0, the others null. Values are equal as in jq: 1.0 is 1. list, mode and topN hold each (different) value in memory, and so does ewma in session windows and those with --slide; the others at most 10000 values and then some kilobytes. The estimate of distinct depends on --seed and on nothing else.)~";

constexpr std::string_view failures =
    R"~(A record that fails leaves the pipeline at once. Without --dlq it is reported on stderr, one line each; a few of the same kind stand for many. With --dlq FILE each failed record is appended to FILE as one JSON line that tells where it came from, which stage failed it and why, and holds the input line. A record that sums up many (the result of an aggregate) has instead lines, the numbers of the first and the last of their lines, and count.

  sz --dlq dead.ndjson map '.price | tonumber' < in.ndjson
  sz dlq stats dead.ndjson
  sz replay dead.ndjson | sz --dlq still-dead.ndjson map '.price // 0'

FILE is a regular file, a FIFO, or - for stderr. Several sz may share one. It is made with mode 0600 and links are not followed. A FILE that cannot be written stops the run with exit status 3, and the records that it did not take are printed on stderr.

Kinds of failures: parse too_long too_deep time expr type arg exec_exit exec_signal exec_timeout exec_spawn exec_output breaker_open throttled full late path shutdown internal.

--on-failure stop ends the reading at the first failure, --max-failures N at failure N + 1, --max-failures SHARE when so many of the lines failed, looked at from the 1000th line on and at the end. What came before is finished, nothing behind it leaves.

Every input line has one fate when sz ends: out, filtered, dropped, merged or failed. sz checks the sum and exits 3 if it is wrong; --stats shows it.)~";

constexpr std::string_view events =
    R"~(With --events FILE each thing that happens to the pipeline itself, not to one record's data, is appended to FILE as one JSON line. FILE is a regular file, a FIFO, or - for stderr, as with --dlq; several sz may share it. A FILE that cannot be written stops the run with exit status 3.

  sz --events events.ndjson --time .ts batch --every 1m < day.ndjson

Every event has these fields: v (1), ts (when, on the wall's clock), run (the same as in the dead letters of this run), event (its kind). One that happened to a stage has stage and index (from 1, in the order of the pipeline), and under --time clock, the stream's clock there. What else there is depends on the kind:

  group_closed  a batch, a window or another group is closed: reason, count; key with --by
  late          a record came when every window it belongs to was closed: end
  evicted       --max-keys was reached and a key had to go: key
  dropped       there was no room for a record, over a rate or in a
                buffer: reason, line, branch of a fanout --isolate
  worker_restart  a --worker went away: worker (from 0), reason, pause
  breaker       its state changed: state; if it is open, reason and for
  retry         a record is tried again: kind, tried (how often so far), in
  input_ended   a file or FIFO of merge has ended: src
  clock_jump    the clock of --time went on by over a day: from, to, line
  signal        a signal came: signal

Instants are RFC 3339 text, spans are seconds. Kinds and fields may be added, none will change its meaning.)~";

constexpr std::string_view watch =
    R"~(What a run is doing, and did:

  --stats        the account of lines and of each stage on stderr, at the end; --stats=json as one line
  SIGUSR1        the same now, and the run goes on
  --stats-file   the same for Prometheus, in FILE, each 10 s too; node_exporter's textfile collector reads it
  --progress     one line on stderr: records, bytes, rates, the share of the files, failed records
  --events       what happens to the pipeline itself, a JSON line each (sz help events)
  --trace        how single records went through the stages and commands
  monitor        a stage that says how many records pass it, how fast and how old (sz monitor -h)
  sz explain     what a pipeline will do, before it runs

The line of --progress is drawn from 1 s after the start on, over itself, and erased at the end. With auto it is drawn if stderr is a terminal, stdout is none, TERM is set and not dumb, and neither --dlq nor --events is -. A run in the background draws nothing.

--trace FILE writes the trace-event format of Chrome; ui.perfetto.dev opens it. A span is the time of one record in one stage, that of the stages behind it included, since they work inside it; with the ordered pool there is one track a thread, and a span a block. offset is the place of the record's line in its file. Commands have spans of their own, from the request to the answer. --trace-sample SHARE of the lines are traced (1%), chosen by a hash of their place, so the same in each run; the first line always is. FILE must be a regular file, is truncated at the start, and is one whole JSON document at each moment, also after a signal.

--color colours what sz says about itself: the sz: of a message, the place in a wrong command line, the headings of help. Never records. With auto it does so on a terminal, unless NO_COLOR is set or TERM is unset or dumb.

What is not asked for costs nothing; all of it together took 6 % more processor time on the cheapest pipelines, less on others.)~";

constexpr std::string_view commands =
    R"~(filter, map and tap can have a command decide, change or hear of each record, instead of an expression or a file.

  map --exec 'CMD ARG...'   a process for each record, without a shell
  map --sh 'SCRIPT'         the same by /bin/sh -c
  map --worker 'CMD'        one process, kept: it answers each line with a line

CMD is split into words as a shell does it. The record is one line on standard input. For map each line of standard output must be JSON and replaces the record. For filter status 0 keeps and 1 drops; a worker drops by false, null or an empty line. tap passes the record on whatever the command says.

{.path} in an argument of --exec is filled from the record, {.user.name} {.ids[0]} '{.["odd key"]}'; {{ is a brace. Strings and numbers stand bare. A value that is null, missing, an array or object, holds NUL, or is over 128 KiB fails the record with kind arg; so does one that begins with a dash where an option could stand, unless --allow-dash is given. No shell ever reads what a record says: {.path} is refused as the program's name, in --sh, and in what sh -c would run.

  tap --exec 'curl -fsS --json @- https://example.com/{.id}' --timeout 5s
  map --exec 'sh -c "echo \"$1\" | wc -c" sh {.text}'

Failures: exec_exit (any other status; 75 says that trying again may help, 65 that the record is bad), exec_signal, exec_timeout, exec_spawn (it could not be started), exec_output (its output is not JSON, or more than --max-output). The dead letter has exit or signal, and in stderr the last 8 KiB of what the command printed there.

--jobs N runs N processes at once, 0 one per core. What comes out keeps the order of the input unless --unordered is given. With --jobs 1 what a command does happens in the order of the input too; with --by EXPR and more jobs it does so for each key. Reading stops while all are busy.

A worker gets up to --in-flight lines before it has answered the first; it must write each answer at once, not when its buffer is full (sed -u, jq --unbuffered, stdbuf -oL). Its input ends when nothing is left to ask, so one that keeps its answers in a buffer gives them then. Before that, with --in-flight lines in hand and no answer given, it waits for more lines and sz for an answer: nothing moves, nothing is lost. After 5 s without a first answer, or a minute without a further one, one line on stderr says so. --timeout ends such a worker and fails its oldest record.

When it dies, or prints more lines than it was asked for, all that it had fails as exec_output, with its exit or signal; it starts again after 100 ms, then after twice as long each time, up to 10 s. A retry around it tries those records again, all of them, since nobody knows which one it was: --in-flight 1 spares the others. Two lines for one record cannot be told from the answers to two while more records are in flight. An answer too many for which nothing was left to fail makes the run a faulty one, exit status 3: answers may have been taken for those to other records.

Each command has a process group of its own, default signals, and no descriptors but 0, 1 and 2. After --timeout the group gets TERM and 2 s later KILL. When the command has ended, its pipes are waited for 500 ms at most, and what it left running in its group is killed. With setsid a command can leave something behind on purpose.

A command that is not there or may not be run is found before any input is read: exit status 127 or 126. --no-exec refuses all pipelines with commands. A take behind a command does not stop the reading: the rest is read for the command.)~";

constexpr std::string_view output =
    R"~(stdout carries records only. Output is written before sz waits for anything, when a buffer is full, and at the latest 100 ms after a record was ready, so a live pipe is prompt without any option. All writes and closes are checked.

Files beside stdout (tap --to, write, monitor --to) are written as promptly, by whole lines: what other programs read there ends with a whole line, but for a run that was killed in the middle of a write. A file that cannot be written, on a full disk say, is cut back to its last whole line and ends the run with status 3.

SIGINT, SIGTERM and SIGHUP stop the reading; what is open comes out as at the end of input, for at most --drain-timeout, and what is left goes to the dead letters as shutdown. A second signal ends sz at once. sz then dies by that signal. A signal that was ignored at the start stays ignored. SIGUSR1 prints the statistics on stderr, as --stats=json has them if that is given.

When the reader of stdout goes away (sz ... | head -1), sz ends in silence.

stderr is silent on success when it is no terminal, but for what was asked for.)~";

constexpr std::string_view status =
    R"~(  0      every line was settled and nothing failed; no match is no failure
  1      finished, but some records failed
  2      a wrong command line or expression; no input was read
  3      reading, writing, the dead letters or the accounting failed
  126    a command may not be run; no input was read
  127    a command was not found; no input was read
  128+N  ended by signal N

Failures that went to --dlq still give 1, or 0 with --exit-zero-on-dlq.)~";

}  // namespace

std::span<const Topic> topics() {
  static const std::vector<Topic> all = {
      {"pipeline", "stages, then, + and [ ], input files", pipeline},
      {"expressions", "jq's language: the reference, and what differs", expression_help()},
      {"aggregates", "the functions of window and aggregate", aggregates},
      {"json", "what a record is, and what becomes of its bytes", json},
      {"time", "the clock, durations, rates, shares and sizes", time},
      {"failures", "failed records, dead letters, accounting", failures},
      {"events", "what happens to the pipeline itself", events},
      {"watch", "statistics, progress, traces, colours", watch},
      {"commands", "--exec, --sh and --worker", commands},
      {"output", "buffering, signals, closed pipes", output},
      {"status", "exit status", status},
  };
  return all;
}

const Topic* find_topic(std::string_view name) {
  for (const Topic& topic : topics())
    if (topic.name == name) return &topic;
  return nullptr;
}

}  // namespace sz::doc
