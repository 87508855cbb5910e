#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# part.sh HSX DIR CORE FIRST COUNT JOBS [FUZZ OPTION...]: one part of a campaign: the random programs with
# the seeds from FIRST on. CORE is "verilator", "gates", the netlist, or "icarus". Leaves in DIR, when
# all of them are done,
#   NAME.said      what hsx fuzz printed, errors too, with a line "part FIRST COUNT STATUS CORE"
#   NAME.coverage  how often each point was reached
# where NAME is FIRST, with CORE and a hyphen before it unless that is "verilator".
# A part that has its file "said" is done and passed over.
set -eu
hsx=$1 dir=$2 core=$3 first=$4 count=$5 jobs=$6
shift 6
name=$core-$first
case $core in
verilator) name=$first ;;
gates) set -- --model "$(dirname "$hsx")/fpga/gates/hsx_gates.so" "$@" ;;
icarus) set -- --sim icarus "$@" ;;
*) echo "part.sh: \"$core\" is no core: expected verilator, gates or icarus" >&2; exit 2 ;;
esac
[ ! -f "$dir/$name.said" ] || exit 0
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
echo "part $first $count $status $core" >>"$work/said"
mv "$work/coverage" "$dir/$name.coverage"
mv "$work/said" "$dir/$name.said"
