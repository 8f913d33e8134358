#!/bin/sh
# alarms.sh COMMAND: for each burst of errors of a unit in the journal, a record to COMMAND on its standard input at once,
# and one more, with how many followed, when the unit has been quiet for a minute. alarms.service runs it.
#
#   {"unit":"cart.service","text":"timeout","errors":1}
#
# COMMAND is tried five times; what it never took is in dead.ndjson (sz replay dead.ndjson | COMMAND).
set -eu
state=${STATE_DIRECTORY:-.}

journalctl --follow --lines=0 --output=json |
  sz --dlq "$state/dead.ndjson" --stats-file "$state/alarms.prom" \
    filter '(.PRIORITY // "6" | tonumber) <= 3' \
    then map '{unit: (._SYSTEMD_UNIT // "none"), text: .MESSAGE}' \
    then debounce --quiet 1m --max-wait 10m --leading --by .unit --count-field errors \
    then retry --attempts 5 --delay 1s breaker map --exec "${1:?a command}" --timeout 10s
