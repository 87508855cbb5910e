#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mutate.sh BUILD YOSYS RTL PAGE COUNT [SECONDS]: makes COUNT mutants of the core, in slices of 500, and
# looks for each in three rounds: a short look at all; those that live then are compared with the
# core by the solver; those that are not equal are looked for at length. Ends after SECONDS, to go
# on in the next call. What came out is in BUILD/tests/mutate/results.tsv, a line for each
# mutant and round: slice, the columns of plant.sh, what came out; the last line of a mutant
# counts. Prints the score (score.sh), and writes it into PAGE.
set -eu
build=$1 yosys=$2 rtl=$3 page=$4 count=$5 seconds=${6:-1000000}
here=$(dirname "$0")
work=$build/tests/mutate
results=$work/results.tsv
slice_size=500
end=$(($(date +%s) + seconds))
touch "$results"

in_time() {
  [ "$(date +%s)" -lt "$end" ]
}

find_in() {
  "$here/find.sh" "$build/hsx" "$work/slice_$1.so" "$2" "$3" "$build/tests/cosim" "$build"
}

# Model and lists of a slice, which stay there for the later rounds.
make_slice() {
  [ ! -f "$work/slice_$1.so" ] || return 0
  "$here/plant.sh" "$yosys" "$rtl" $slice_size $((100 + $1)) "$work/hsx_slice"
  cmake --build "$build" --target hsx_slice >"$work/slice.log" 2>&1 ||
    { cat "$work/slice.log" >&2; exit 1; }
  for kind in list mutations il so; do
    cp "$work/hsx_slice.$kind" "$work/slice_$1.part.$kind"
    mv "$work/slice_$1.part.$kind" "$work/slice_$1.$kind"
  done
}

# find.sh has to find nothing where nothing is, and keeps the cycles.
check_slice() {
  [ ! -f "$work/slice_$1.$2.checked" ] || return 0
  by=$(find_in "$1" 0 "$2") ||
    { echo "mutate.sh: without a mutant there is a difference: $by" >&2; exit 1; }
  touch "$work/slice_$1.$2.checked"
}

# Mutants whose last line says $1 ("new" for none) of the first $3 of slice $2.
waiting() {
  head -n "$3" "$work/slice_$2.list" | awk -F '\t' -v slice="$2" -v state="$1" '
    FILENAME != "-" { if ($1 == slice) last[$2] = $6; next }
    ($1 in last ? last[$1] : "new") == state { print $1 }' "$results" -
}

note() {
  printf '%s\t%s\t%s\n' "$1" "$(sed -n "${2}p" "$work/slice_$1.list")" "$3" >>"$results"
}

# round STATE SLICE SIZE COMMAND: what COMMAND SLICE NUMBER prints is the new state of each mutant
# in the old STATE.
round() {
  state=$1 slice=$2 size=$3 command=$4
  for number in $(waiting "$state" "$slice" "$size"); do
    in_time || return 0
    note "$slice" "$number" "$($command "$slice" "$number")"
  done
}

look_shortly() {
  by=$(find_in "$1" "$2" short)
  [ "$by" = survives ] && echo "lives so far" || echo "$by"
}

compare() {
  "$here/equal.sh" "$yosys" "$work/slice_$1" "$2"
}

look_long() {
  find_in "$1" "$2" long
}

# each_slice STATE SHIFT COMMAND
each_slice() {
  left=$count
  for slice in $(seq $(((count + slice_size - 1) / slice_size))); do
    in_time || return 0
    size=$((left < slice_size ? left : slice_size))
    left=$((left - size))
    make_slice "$slice"
    [ -n "$(waiting "$1" "$slice" "$size")" ] || continue
    [ -z "$2" ] || check_slice "$slice" "$2"
    round "$1" "$slice" "$size" "$3"
  done
}

each_slice new short look_shortly
each_slice "lives so far" "" compare
each_slice unknown long look_long
"$here/score.sh" "$results" "$page"
