# fish completion for sz, made from its tables: do not edit

set -g __sz_stages filter map flatten unbatch sample take skip dedupe throttle debounce buffer monitor batch chunk window aggregate switch split fanout partition tap write merge
set -g __sz_prefixes retry breaker catch
set -g __sz_commands run explain demo replay dlq completion help

function __sz_describe_stages
    printf '%s\t%s\n' \
        filter 'keep the records that an expression or a command accepts' \
        map 'replace each record by what an expression or command makes' \
        flatten 'turn each array into its elements' \
        unbatch 'turn each array into its elements' \
        sample 'pass on some of the records' \
        take 'pass on the first records, or the last ones, and no others' \
        skip 'leave out the first records, or the last ones' \
        dedupe 'drop records that were there before' \
        throttle 'keep to a rate by waiting, dropping or failing' \
        debounce 'pass on one record for each burst' \
        buffer 'let records wait for what is slow behind, within a bound' \
        monitor 'say how many records pass, how fast and how old' \
        batch 'collect records into arrays by number, time or bytes' \
        chunk 'collect every N records into an array' \
        window 'collect or aggregate records by windows of time or number' \
        aggregate 'reduce records to counts, sums, averages, percentiles' \
        switch 'send each record down the first branch whose condition holds' \
        split 'send records down one branch or the other' \
        fanout 'send a copy of each record down every branch' \
        partition 'share the records out among copies of a branch, by key' \
        tap 'pass records on, and a copy to a file, a command or a pipeline' \
        write 'end records in files, whose names may come of them' \
        merge 'read several files and FIFOs at once' \
        retry 'try again what may work the next time' \
        breaker 'stop calling what keeps failing, for a time' \
        catch 'hand failed records to a pipeline of their own'
end

function __sz_describe_commands
    printf '%s\t%s\n' \
        run 'run a pipeline that stands in a file' \
        explain 'print the plan of a pipeline; reads no input' \
        demo 'print a made-up log to try things on' \
        replay 'print the records of a dead-letter file again' \
        dlq 'table the kinds, stages and times of dead letters' \
        completion 'print the completion script of a shell' \
        help 'print a page of the manual'
end

function __sz_options
    switch $argv[1]
        case sz
            printf '%s\t%s\n' \
                --input 'read FILE, not stdin (-); may be given again' \
                -i 'read FILE, not stdin (-); may be given again' \
                --time 'run timed stages on the records\' own time' \
                --lateness 'with --time: windows wait so long for late records' \
                --max-ahead 'with --time: a record further than D beyond the clock fails' \
                --idle-timeout 'close every open group when no input came for D' \
                --dlq 'append failed records to FILE; - is stderr' \
                --dlq-sync 'bring dead letters to the disk at the end, with each record, or never' \
                --exit-zero-on-dlq 'exit 0 when every failed record is in the dead-letter file' \
                --on-failure 'what to do when a record fails' \
                --max-failures 'stop when more than N lines fail, or more than this share of them' \
                --threads 'threads for the leading stateless stages; default: one per core, at most 4' \
                -j 'threads for the leading stateless stages; default: one per core, at most 4' \
                --seed 'what chance decides in the output is decided the same for the same N' \
                --raw-input 'each line is a string, not JSON' \
                -R 'each line is a string, not JSON' \
                --raw-output 'print strings without quotes and escapes' \
                -r 'print strings without quotes and escapes' \
                --arg '$NAME is the string V in every expression; may be given again' \
                --argjson '$NAME is the value JSON; may be given again' \
                --max-line 'a longer line fails as too_long' \
                --max-keys 'keys that a stage remembers at most; 0 is no limit' \
                --max-value 'memory that one expression may use for one record' \
                --max-steps 'steps that one expression may take on one record' \
                --drain-timeout 'how long a signal lets unfinished work go on' \
                --stats 'print the statistics on stderr at the end' \
                --stats-file 'write the statistics to FILE for Prometheus, each 10 s and at the end' \
                --events 'append what happens to the pipeline itself to FILE; - is stderr' \
                --trace 'write how sampled records went through the stages to FILE, for Perfetto' \
                --trace-sample 'with --trace: this share of the records' \
                --progress 'one line on stderr that shows how far the run is; auto: on a terminal, when stdout is none' \
                --color 'colour help and messages; auto: on a terminal, unless NO_COLOR is set' \
                --no-exec 'refuse a pipeline that runs commands' \
                --unbuffered 'accepted for compatibility, no effect: output is always prompt' \
                --line-buffered 'accepted for compatibility, no effect: output is always prompt' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything' \
                --version 'print the version'
        case filter
            printf '%s\t%s\n' \
                --invert 'keep the others instead' \
                -v 'keep the others instead' \
                --exec 'run CMD on each record, without a shell' \
                --sh 'run /bin/sh -c SCRIPT on each record' \
                --worker 'start CMD once: it answers each line with a line' \
                --jobs 'so many processes at once; 0 is one per core' \
                --unordered 'let results leave as they come' \
                --by 'records of one key never overtake each other' \
                --timeout 'end a command that takes longer on a record' \
                --max-output 'more output on one record fails as exec_output' \
                --allow-dash 'let {.path} begin an argument with a dash' \
                --in-flight 'lines that a worker has at once' \
                --expr 'the expression, whatever it begins with' \
                -e 'the expression, whatever it begins with' \
                --from-file 'read the expression from FILE' \
                -f 'read the expression from FILE' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case map
            printf '%s\t%s\n' \
                --exec 'run CMD on each record, without a shell' \
                --sh 'run /bin/sh -c SCRIPT on each record' \
                --worker 'start CMD once: it answers each line with a line' \
                --jobs 'so many processes at once; 0 is one per core' \
                --unordered 'let results leave as they come' \
                --by 'records of one key never overtake each other' \
                --timeout 'end a command that takes longer on a record' \
                --max-output 'more output on one record fails as exec_output' \
                --allow-dash 'let {.path} begin an argument with a dash' \
                --in-flight 'lines that a worker has at once' \
                --expr 'the expression, whatever it begins with' \
                -e 'the expression, whatever it begins with' \
                --from-file 'read the expression from FILE' \
                -f 'read the expression from FILE' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case flatten unbatch
            printf '%s\t%s\n' \
                --expr 'the expression, whatever it begins with' \
                -e 'the expression, whatever it begins with' \
                --from-file 'read the expression from FILE' \
                -f 'read the expression from FILE' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case sample
            printf '%s\t%s\n' \
                --rate 'this share of the records or keys' \
                --nth 'one of N, the first first' \
                --reservoir 'K of all, at the end of input' \
                --per 'one in each D' \
                --by 'the key; a missing one is null' \
                --seed 'another N, another choice; wins over the global one' \
                --max-keys 'remember so many keys; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case take
            printf '%s\t%s\n' \
                --while 'up to the first record for which EXPR does not hold' \
                --for 'for so long after the first record' \
                --last 'the last N records' \
                --by 'count each key by itself' \
                --max-keys 'forget the least recently used key beyond so many' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case skip
            printf '%s\t%s\n' \
                --while 'up to the first record for which EXPR does not hold' \
                --for 'for so long after the first record' \
                --last 'the last N records' \
                --by 'count each key by itself' \
                --max-keys 'forget the least recently used key beyond so many' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case dedupe
            printf '%s\t%s\n' \
                --by 'the key; a missing one is null' \
                --ttl 'forget a key after so long' \
                --adjacent 'compare only with the record before, as uniq does' \
                --keep 'which record of a key to pass on' \
                --refresh 'count the TTL from the last record of the key' \
                --count-field 'say in field F how many records this one stands for' \
                --max-keys 'remember so many keys; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case throttle
            printf '%s\t%s\n' \
                --rate 'so many records a unit of time: 50/s, 0.5/m' \
                --burst 'so many at once; by default one second\'s worth, at least 1' \
                --mode 'what to do with what is over the rate' \
                --cost 'tokens that a record takes; 1 without it' \
                --by 'a rate for each key' \
                --unordered 'let other keys pass one that waits' \
                --max-held 'with --unordered: hold so many' \
                --max-keys 'remember so many keys; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case debounce
            printf '%s\t%s\n' \
                --quiet 'a burst ends when nothing came for so long' \
                --leading 'pass on the first record of a burst at once' \
                --no-trailing 'with --leading: do not pass on the last record' \
                --max-wait 'end a burst so long after its first record' \
                --count-field 'say in field F how many records this one stands for' \
                --by 'bursts for each key' \
                --max-keys 'so many open bursts; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case buffer
            printf '%s\t%s\n' \
                --size 'at most so many records' \
                --bytes 'at most so much memory: 64Mi' \
                --when-full 'what to do then' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case monitor
            printf '%s\t%s\n' \
                --every 'a line so often' \
                --label 'a name for this place in the pipeline' \
                --to 'JSON lines in FILE' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case batch
            printf '%s\t%s\n' \
                --size 'at most N records' \
                --every 'at most so long after the first record' \
                --bytes 'at most so many bytes of records' \
                --until 'up to the record for which EXPR holds' \
                --by 'a batch for each key' \
                --wrap 'emit {records,count,reason,start,end,key} instead of the array' \
                --max-keys 'so many open batches; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case chunk
            printf '%s\t%s\n' \
                --by 'a batch for each key' \
                --wrap 'emit {records,count,reason,start,end,key} instead of the array' \
                --max-keys 'so many open batches; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case window
            printf '%s\t%s\n' \
                --size 'how long a window is, or how many records' \
                --slide 'a window begins every so long, or so many records' \
                --offset 'windows begin so long after the epoch\'s own' \
                --gap 'a session ends when no record came for longer' \
                --max 'a session lasts at most so long' \
                --by 'windows for each key; a missing one is null' \
                --late 'what to do with a record whose windows are closed' \
                --fill-empty 'windows without records too, from the first one of a key on' \
                --max-count 'cut a window at so many records' \
                --max-keys 'so many open keys; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case aggregate
            printf '%s\t%s\n' \
                --by 'a result for each key; a missing one is null' \
                --every 'a result for each span of so long' \
                --count 'a result for each N records' \
                --running 'a result after each record' \
                --max-keys 'so many open keys; 0 is no limit' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case switch
            printf '%s\t%s\n' \
                --all 'every branch whose condition holds, not the first alone' \
                --expr 'the expression, whatever it begins with' \
                -e 'the expression, whatever it begins with' \
                --from-file 'read the expression from FILE' \
                -f 'read the expression from FILE' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case split
            printf '%s\t%s\n' \
                --expr 'the expression, whatever it begins with' \
                -e 'the expression, whatever it begins with' \
                --from-file 'read the expression from FILE' \
                -f 'read the expression from FILE' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case fanout
            printf '%s\t%s\n' \
                --isolate 'let up to N records wait for each branch by itself' \
                --when-full 'what to do when so many wait' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case partition
            printf '%s\t%s\n' \
                --copies 'so many copies' \
                -n 'so many copies' \
                --by 'the key' \
                --round-robin 'let the copies take turns' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case tap
            printf '%s\t%s\n' \
                --to 'write to FILE' \
                --append 'add to FILE instead of truncating it' \
                --stderr 'write to standard error' \
                --exec 'run CMD on each record, without a shell' \
                --sh 'run /bin/sh -c SCRIPT on each record' \
                --worker 'start CMD once: it answers each line with a line' \
                --jobs 'so many processes at once; 0 is one per core' \
                --unordered 'let results leave as they come' \
                --by 'records of one key never overtake each other' \
                --timeout 'end a command that takes longer on a record' \
                --max-output 'more output on one record fails as exec_output' \
                --allow-dash 'let {.path} begin an argument with a dash' \
                --in-flight 'lines that a worker has at once' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case write
            printf '%s\t%s\n' \
                --append 'add to files that are there instead of truncating them' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case merge
            printf '%s\t%s\n' \
                --by-time 'in the order of the records\' --time' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case retry
            printf '%s\t%s\n' \
                --attempts 'tries, the first one included' \
                -n 'tries, the first one included' \
                --delay 'before the second try' \
                --max-delay 'but never longer than this' \
                --factor 'longer by this each time' \
                --jitter 'wait anything from 0, or from half, to the delay, or just it' \
                --max-elapsed 'no try begins later than this after the first' \
                --budget 'further tries for at most this share of the records, and ten' \
                --if 'try again if this holds for the dead letter' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case breaker
            printf '%s\t%s\n' \
                --failure-rate 'open at this share of failed calls' \
                --min-calls 'shares count from so many calls on' \
                --window 'look at the last N calls, or those of the last D' \
                --consecutive 'open at so many failures in a row' \
                --slow 'a call that takes so long is slow' \
                --slow-rate 'open at this share of slow calls' \
                --open 'stay open so long; also the time a trial has' \
                --open-factor 'longer by this each time a trial fails' \
                --open-max 'but no longer than this' \
                --trial-calls 'so many calls must succeed to close it' \
                --when-open 'what to do with records meanwhile' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case catch
            printf '%s\t%s\n' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case run
            printf '%s\t%s\n' \
                --input 'read FILE, not stdin (-); may be given again' \
                -i 'read FILE, not stdin (-); may be given again' \
                --time 'run timed stages on the records\' own time' \
                --lateness 'with --time: windows wait so long for late records' \
                --max-ahead 'with --time: a record further than D beyond the clock fails' \
                --idle-timeout 'close every open group when no input came for D' \
                --dlq 'append failed records to FILE; - is stderr' \
                --dlq-sync 'bring dead letters to the disk at the end, with each record, or never' \
                --exit-zero-on-dlq 'exit 0 when every failed record is in the dead-letter file' \
                --on-failure 'what to do when a record fails' \
                --max-failures 'stop when more than N lines fail, or more than this share of them' \
                --threads 'threads for the leading stateless stages; default: one per core, at most 4' \
                -j 'threads for the leading stateless stages; default: one per core, at most 4' \
                --seed 'what chance decides in the output is decided the same for the same N' \
                --raw-input 'each line is a string, not JSON' \
                -R 'each line is a string, not JSON' \
                --raw-output 'print strings without quotes and escapes' \
                -r 'print strings without quotes and escapes' \
                --arg '$NAME is the string V in every expression; may be given again' \
                --argjson '$NAME is the value JSON; may be given again' \
                --max-line 'a longer line fails as too_long' \
                --max-keys 'keys that a stage remembers at most; 0 is no limit' \
                --max-value 'memory that one expression may use for one record' \
                --max-steps 'steps that one expression may take on one record' \
                --drain-timeout 'how long a signal lets unfinished work go on' \
                --stats 'print the statistics on stderr at the end' \
                --stats-file 'write the statistics to FILE for Prometheus, each 10 s and at the end' \
                --events 'append what happens to the pipeline itself to FILE; - is stderr' \
                --trace 'write how sampled records went through the stages to FILE, for Perfetto' \
                --trace-sample 'with --trace: this share of the records' \
                --progress 'one line on stderr that shows how far the run is; auto: on a terminal, when stdout is none' \
                --color 'colour help and messages; auto: on a terminal, unless NO_COLOR is set' \
                --no-exec 'refuse a pipeline that runs commands' \
                --unbuffered 'accepted for compatibility, no effect: output is always prompt' \
                --line-buffered 'accepted for compatibility, no effect: output is always prompt' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything' \
                --version 'print the version'
        case explain
            printf '%s\t%s\n' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case demo
            printf '%s\t%s\n' \
                --count 'so many lines; 0 goes on without end' \
                -n 'so many lines; 0 goes on without end' \
                --rate 'so many lines a unit of time: 50/s; default: at once' \
                --seed 'another N, another log' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case replay
            printf '%s\t%s\n' \
                --kind 'only failures of this kind; may be given again' \
                --stage 'only failures in stages of this name; may be given again' \
                --as 'print the input line, or the record that failed' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case dlq
            printf '%s\t%s\n' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case completion
            printf '%s\t%s\n' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
        case help
            printf '%s\t%s\n' \
                --help '-h prints one screen of help, --help everything' \
                -h '-h prints one screen of help, --help everything'
    end
end

# What stands behind an option: nothing, file, - for what nobody can list, or words.
function __sz_value
    switch "$argv[1] $argv[2]"
        case 'sz --input' 'sz -i'
            echo 'file'
        case 'sz --time'
            echo '-'
        case 'sz --lateness'
            echo '-'
        case 'sz --max-ahead'
            echo '-'
        case 'sz --idle-timeout'
            echo '-'
        case 'sz --dlq'
            echo 'file'
        case 'sz --dlq-sync'
            echo 'exit record none'
        case 'sz --on-failure'
            echo 'continue stop'
        case 'sz --max-failures'
            echo '-'
        case 'sz --threads' 'sz -j'
            echo '-'
        case 'sz --seed'
            echo '-'
        case 'sz --arg'
            echo '-'
        case 'sz --argjson'
            echo '-'
        case 'sz --max-line'
            echo '-'
        case 'sz --max-keys'
            echo '-'
        case 'sz --max-value'
            echo '-'
        case 'sz --max-steps'
            echo '-'
        case 'sz --drain-timeout'
            echo '-'
        case 'sz --stats'
            echo '=text json'
        case 'sz --stats-file'
            echo 'file'
        case 'sz --events'
            echo 'file'
        case 'sz --trace'
            echo 'file'
        case 'sz --trace-sample'
            echo '-'
        case 'sz --progress'
            echo 'auto always never'
        case 'sz --color'
            echo 'auto always never'
        case 'filter --exec'
            echo '-'
        case 'filter --sh'
            echo '-'
        case 'filter --worker'
            echo '-'
        case 'filter --jobs'
            echo '-'
        case 'filter --by'
            echo '-'
        case 'filter --timeout'
            echo '-'
        case 'filter --max-output'
            echo '-'
        case 'filter --in-flight'
            echo '-'
        case 'filter --expr' 'filter -e'
            echo '-'
        case 'filter --from-file' 'filter -f'
            echo 'file'
        case 'map --exec'
            echo '-'
        case 'map --sh'
            echo '-'
        case 'map --worker'
            echo '-'
        case 'map --jobs'
            echo '-'
        case 'map --by'
            echo '-'
        case 'map --timeout'
            echo '-'
        case 'map --max-output'
            echo '-'
        case 'map --in-flight'
            echo '-'
        case 'map --expr' 'map -e'
            echo '-'
        case 'map --from-file' 'map -f'
            echo 'file'
        case 'flatten --expr' 'flatten -e' 'unbatch --expr' 'unbatch -e'
            echo '-'
        case 'flatten --from-file' 'flatten -f' 'unbatch --from-file' 'unbatch -f'
            echo 'file'
        case 'sample --rate'
            echo '-'
        case 'sample --nth'
            echo '-'
        case 'sample --reservoir'
            echo '-'
        case 'sample --per'
            echo '-'
        case 'sample --by'
            echo '-'
        case 'sample --seed'
            echo '-'
        case 'sample --max-keys'
            echo '-'
        case 'take --while'
            echo '-'
        case 'take --for'
            echo '-'
        case 'take --last'
            echo '-'
        case 'take --by'
            echo '-'
        case 'take --max-keys'
            echo '-'
        case 'skip --while'
            echo '-'
        case 'skip --for'
            echo '-'
        case 'skip --last'
            echo '-'
        case 'skip --by'
            echo '-'
        case 'skip --max-keys'
            echo '-'
        case 'dedupe --by'
            echo '-'
        case 'dedupe --ttl'
            echo '-'
        case 'dedupe --keep'
            echo 'first last'
        case 'dedupe --count-field'
            echo '-'
        case 'dedupe --max-keys'
            echo '-'
        case 'throttle --rate'
            echo '-'
        case 'throttle --burst'
            echo '-'
        case 'throttle --mode'
            echo 'wait drop fail'
        case 'throttle --cost'
            echo '-'
        case 'throttle --by'
            echo '-'
        case 'throttle --max-held'
            echo '-'
        case 'throttle --max-keys'
            echo '-'
        case 'debounce --quiet'
            echo '-'
        case 'debounce --max-wait'
            echo '-'
        case 'debounce --count-field'
            echo '-'
        case 'debounce --by'
            echo '-'
        case 'debounce --max-keys'
            echo '-'
        case 'buffer --size'
            echo '-'
        case 'buffer --bytes'
            echo '-'
        case 'buffer --when-full'
            echo 'block drop-newest drop-oldest fail'
        case 'monitor --every'
            echo '-'
        case 'monitor --label'
            echo '-'
        case 'monitor --to'
            echo 'file'
        case 'batch --size'
            echo '-'
        case 'batch --every'
            echo '-'
        case 'batch --bytes'
            echo '-'
        case 'batch --until'
            echo '-'
        case 'batch --by'
            echo '-'
        case 'batch --max-keys'
            echo '-'
        case 'chunk --by'
            echo '-'
        case 'chunk --max-keys'
            echo '-'
        case 'window --size'
            echo '-'
        case 'window --slide'
            echo '-'
        case 'window --offset'
            echo '-'
        case 'window --gap'
            echo '-'
        case 'window --max'
            echo '-'
        case 'window --by'
            echo '-'
        case 'window --late'
            echo 'fail drop emit'
        case 'window --max-count'
            echo '-'
        case 'window --max-keys'
            echo '-'
        case 'aggregate --by'
            echo '-'
        case 'aggregate --every'
            echo '-'
        case 'aggregate --count'
            echo '-'
        case 'aggregate --max-keys'
            echo '-'
        case 'switch --expr' 'switch -e'
            echo '-'
        case 'switch --from-file' 'switch -f'
            echo 'file'
        case 'split --expr' 'split -e'
            echo '-'
        case 'split --from-file' 'split -f'
            echo 'file'
        case 'fanout --isolate'
            echo '-'
        case 'fanout --when-full'
            echo 'block drop-newest drop-oldest'
        case 'partition --copies' 'partition -n'
            echo '-'
        case 'partition --by'
            echo '-'
        case 'tap --to'
            echo 'file'
        case 'tap --exec'
            echo '-'
        case 'tap --sh'
            echo '-'
        case 'tap --worker'
            echo '-'
        case 'tap --jobs'
            echo '-'
        case 'tap --by'
            echo '-'
        case 'tap --timeout'
            echo '-'
        case 'tap --max-output'
            echo '-'
        case 'tap --in-flight'
            echo '-'
        case 'retry --attempts' 'retry -n'
            echo '-'
        case 'retry --delay'
            echo '-'
        case 'retry --max-delay'
            echo '-'
        case 'retry --factor'
            echo '-'
        case 'retry --jitter'
            echo 'full equal none'
        case 'retry --max-elapsed'
            echo '-'
        case 'retry --budget'
            echo '-'
        case 'retry --if'
            echo '-'
        case 'breaker --failure-rate'
            echo '-'
        case 'breaker --min-calls'
            echo '-'
        case 'breaker --window'
            echo '-'
        case 'breaker --consecutive'
            echo '-'
        case 'breaker --slow'
            echo '-'
        case 'breaker --slow-rate'
            echo '-'
        case 'breaker --open'
            echo '-'
        case 'breaker --open-factor'
            echo '-'
        case 'breaker --open-max'
            echo '-'
        case 'breaker --trial-calls'
            echo '-'
        case 'breaker --when-open'
            echo 'fail wait'
        case 'run --input' 'run -i'
            echo 'file'
        case 'run --time'
            echo '-'
        case 'run --lateness'
            echo '-'
        case 'run --max-ahead'
            echo '-'
        case 'run --idle-timeout'
            echo '-'
        case 'run --dlq'
            echo 'file'
        case 'run --dlq-sync'
            echo 'exit record none'
        case 'run --on-failure'
            echo 'continue stop'
        case 'run --max-failures'
            echo '-'
        case 'run --threads' 'run -j'
            echo '-'
        case 'run --seed'
            echo '-'
        case 'run --arg'
            echo '-'
        case 'run --argjson'
            echo '-'
        case 'run --max-line'
            echo '-'
        case 'run --max-keys'
            echo '-'
        case 'run --max-value'
            echo '-'
        case 'run --max-steps'
            echo '-'
        case 'run --drain-timeout'
            echo '-'
        case 'run --stats'
            echo '=text json'
        case 'run --stats-file'
            echo 'file'
        case 'run --events'
            echo 'file'
        case 'run --trace'
            echo 'file'
        case 'run --trace-sample'
            echo '-'
        case 'run --progress'
            echo 'auto always never'
        case 'run --color'
            echo 'auto always never'
        case 'demo --count' 'demo -n'
            echo '-'
        case 'demo --rate'
            echo '-'
        case 'demo --seed'
            echo '-'
        case 'replay --kind'
            echo 'parse too_long too_deep time expr type arg exec_exit exec_signal exec_timeout exec_spawn exec_output breaker_open throttled full late path shutdown internal'
        case 'replay --stage'
            echo '-'
        case 'replay --as'
            echo 'original record'
    end
end

function __sz_words
    switch $argv[1]
        case 'window'
            printf '%s\n' count session sliding tumbling
        case 'window more'
            printf '%s\n' count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta rate then --
        case 'aggregate'
            printf '%s\n' count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta rate
        case 'aggregate more'
            printf '%s\n' count distinct sum avg min max stddev var median p50 p90 p95 p99 first last list mode top ewma delta rate then --
        case 'switch ]'
            printf '%s\n' then else --
        case 'run'
            printf '%s\n' file
        case 'run more'
            printf '%s\n' file
        case 'explain'
            printf '%s\n' file
        case 'explain more'
            printf '%s\n' file
        case 'demo'
            printf '%s\n' -
        case 'demo more'
            printf '%s\n' -
        case 'replay'
            printf '%s\n' file
        case 'replay more'
            printf '%s\n' file
        case 'dlq'
            printf '%s\n' stats
        case 'dlq more'
            printf '%s\n' stats
        case 'completion'
            printf '%s\n' bash zsh fish
        case 'completion more'
            printf '%s\n' bash zsh fish
        case 'help'
            printf '%s\n' filter map flatten sample take skip dedupe throttle debounce buffer monitor batch chunk window aggregate switch split fanout partition tap write merge retry breaker catch run explain demo replay dlq completion help pipeline expressions aggregates json time failures events watch commands output status
        case 'help more'
            printf '%s\n' filter map flatten sample take skip dedupe throttle debounce buffer monitor batch chunk window aggregate switch split fanout partition tap write merge retry breaker catch run explain demo replay dlq completion help pipeline expressions aggregates json time failures events watch commands output status
        case '*'
            printf '%s\n' then --
    end
end

function __sz_complete
    set -l owner sz
    set -l want stage
    set -l value
    set -l place ''
    set -l around
    set -l tokens (commandline -opc)
    set -l cur (commandline -ct)
    for word in $tokens[2..-1]
        if test -n "$value"
            set value
            continue
        end
        switch $word
            case --
                set want file
                break
            case then +
                set owner ''
                set want stage
                set place ''
            case '['
                set -a around "$owner"
                set owner ''
                set want stage
                set place ''
            case ']'
                set owner ''
                if set -q around[1]
                    set owner $around[-1]
                    set -e around[-1]
                end
                set want joint
                set place ' ]'
            case '--*=*'
            case '--*' '-*'
                string match -qr '^--?[A-Za-z]' -- $word; or continue
                set value (__sz_value "$owner" $word)
                string match -q '=*' -- "$value"; and set value
            case '*'
                test "$owner $word" = 'dlq stats'; and set want file
                test $want = words; and set place ' more'
                test $want = stage; or continue
                if contains -- $word $__sz_prefixes
                    set owner $word
                else if contains -- $word $__sz_stages
                    set owner $word
                    set want words
                else if test "$owner" = sz; and test $word != explain; and contains -- $word $__sz_commands
                    set owner $word
                    set want words
                end
        end
    end
    set -l before ''
    if test -z "$value"; and string match -q -- '--*=*' $cur
        set before (string replace -r '=.*' '=' -- $cur)
        set value (__sz_value "$owner" (string replace -r '=.*' '' -- $cur))
        set value (string replace -r '^=' '' -- "$value")
        set cur (string replace -r '^[^=]*=' '' -- $cur)
    end
    set -l plain
    if test -n "$value"
        set plain (string split ' ' -- $value)
    else if test $want = file
        set plain file
    else if test $want != joint; and string match -q -- '-*' $cur
        __sz_options "$owner"
        return
    else if test $want = stage
        __sz_describe_stages
        test "$owner" = sz; and test (count $tokens) -eq 1; and __sz_describe_commands
        test "$owner" = sz; and test (count $tokens) -gt 1; and __sz_describe_commands | string match 'run*'
        return
    else
        set plain (__sz_words "$owner$place")
    end
    switch "$plain"
        case -
        case file
            for path in (__fish_complete_path $cur)
                printf '%s%s\n' $before $path
            end
        case '*'
            printf "$before%s\n" $plain
    end
end

complete -c sz -e
complete -c sz -f -a '(__sz_complete)'
