#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# campaign.sh HSX DIR PAGE FIRST LAST [SECONDS [CORE]]: random programs in lock-step, with the seeds FIRST to
# LAST, on a core of part.sh (verilator), in parts of 500 (HSX_PART), distributed over processes on
# all processors (HSX_JOBS). DIR keeps finished parts, so that the same command continues where an
# earlier one ended; SECONDS limits its time. Cores may share a DIR. Parts may come from several
# machines: copy their files into one DIR. Prints the report of everything in DIR, and writes it
# into PAGE unless that is "-". Ends with status 10 if a program diverged.
set -eu
hsx=$1 dir=$2 page=$3 first=$4 last=$5 seconds=${6:-100000000} core=${7:-verilator}
here=$(dirname "$0")
size=${HSX_PART:-500}
jobs=${HSX_JOBS:-$(nproc)}
end=$(($(date +%s) + seconds))

while [ "$first" -le "$last" ] && [ "$(date +%s)" -lt "$end" ]; do
  count=$((last - first + 1))
  [ "$count" -le "$size" ] || count=$size
  "$here/part.sh" "$hsx" "$dir" "$core" "$first" "$count" "$jobs"
  first=$((first + count))
done
status=0
"$here/report.sh" "$dir" >"$dir/report" || status=$?
cat "$dir/report"
[ "$page" = - ] || "$here/../publish.sh" "$page" campaign <"$dir/report"
exit $status
