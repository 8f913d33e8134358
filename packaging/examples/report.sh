#!/bin/sh
# report.sh LOG OUT: requests, errors and times of each service in LOG, as OUT; report.cron runs it each night.
#
# Silent, with status 0, unless something is wrong, as cron wants it. A few broken lines are not wrong: they are in
# OUT.dead, and more than 1 % of them are. OUT changes as a whole or not at all.
set -eu
log=${1:?a log} out=${2:?where to write}
trap 'rm -f "$out.new"' EXIT

sz --dlq "$out.dead" --exit-zero-on-dlq --max-failures 1% --stats-file "$out.prom" \
  aggregate n=count errors='count:select(.status >= 500)' p50=p50:.ms p99=p99:.ms --by .service -- "$log" >"$out.new"
mv "$out.new" "$out"
