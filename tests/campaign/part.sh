#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# part.sh HSX DIR FIRST COUNT JOBS [FUZZ OPTION...]: one part of a campaign: the random programs with
# the seeds from FIRST on. Leaves in DIR, when all of them are done,
#   FIRST.said      what hsx fuzz printed, errors too, with a line "part FIRST COUNT STATUS"
#   FIRST.coverage  how often each point was reached
# A part that has its file "said" is done and passed over.
set -eu
hsx=$1 dir=$2 first=$3 count=$4 jobs=$5
shift 5
[ ! -f "$dir/$first.said" ] || exit 0
mkdir -p "$dir"
work=$(mktemp -d "$dir/part.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT

# Each kind of part has its number of tasks, so that any range of seeds has them all.
set -- --tasks "$(echo 6 6 3 16 6 1 4 6 | cut -d ' ' -f $((first / count % 8 + 1)))" "$@"
status=0
"$hsx" fuzz --no-bundle --seed "$first" --count "$count" --jobs "$jobs" --coverage="$work/coverage" "$@" \
  >"$work/said" 2>&1 || status=$?
case $status in
0 | 10) ;;
*) cat "$work/said" >&2; exit "$status" ;;
esac
echo "part $first $count $status" >>"$work/said"
mv "$work/coverage" "$dir/$first.coverage"
mv "$work/said" "$dir/$first.said"
