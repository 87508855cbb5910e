#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mutate.sh BUILD YOSYS RTL PAGE COUNT [SECONDS]: makes COUNT mutants of the core, in slices of 500, and looks
# for each: by few programs for all, by more and by tests for those that live, by the solver for those
# that live then, by more programs, and by the solver in the whole core. Ends after SECONDS, and the
# next call continues. BUILD/tests/mutate/results.tsv holds the results, a line for each mutant and
# attempt: slice, the columns of plant.sh, the result; the last line of a mutant counts. Prints the
# score (score.sh), and writes it into PAGE.
#
# The programs run on the core; 255 mutants run next to it (lanes.c).
set -eu
build=$(readlink -f "$1") yosys=$2 rtl=$3 page=$4 count=$5 seconds=${6:-1000000}
here=$(dirname "$(readlink -f "$0")")
work=$build/tests/mutate
results=$work/results.tsv
size=500
slices=$(((count + size - 1) / size))
model=$work/hsx_lanes.so
images=$build/tests/cosim
end=$(($(date +%s) + seconds))
tab=$(printf '\t')
touch "$results"
HSX_TEST_MODEL=$model HSX_LANES=$work/lanes HSX_LANES_FOUND=$work/found
export HSX_TEST_MODEL HSX_LANES HSX_LANES_FOUND

in_time() {
  [ "$(date +%s)" -lt "$end" ]
}

if [ ! -f "$work/planted_$slices" ]; then
  rm -f "$work"/planted_*
  "$here/plant.sh" "$yosys" "$rtl" "$slices" "$work"
  python3 "$here/lanes.py" "$work/lanes.json" >"$work/lanes_net.c"
  cmake --build "$build" --target hsx_lanes >"$work/lanes.log" 2>&1 || { cat "$work/lanes.log" >&2; exit 1; }
  touch "$work/planted_$slices"
fi

# All mutants as slice, number, module, place, what, and in the end the outcome so far ("new": none).
state() {
  left=$count
  for slice in $(seq "$slices"); do
    head -n $((left < size ? left : size)) "$work/slice_$slice.list" | sed "s/^/$slice$tab/"
    left=$((left - size))
  done | awk -F '\t' -v OFS='\t' '
    FILENAME != "-" { last[$1 "-" $2] = $6; next }
    { print $0, ($1 "-" $2 in last) ? last[$1 "-" $2] : "new" }' "$results" -
}

# look OLD NEW FILE: those in the state OLD, by the commands in FILE, a line for each: what it is,
# a tab, the command. The others come into the state NEW.
look() {
  state | awk -F '\t' -v old="$1" '$6 == old' >"$work/waiting"
  while [ -s "$work/waiting" ] && in_time; do
    head -n 255 "$work/waiting" >"$work/group"
    sed -i 1,255d "$work/waiting"
    cp "$work/group" "$work/live"
    while IFS="$tab" read -r by command; do
      awk -F '\t' '{ print "m" $1 "_" $2 }' "$work/live" >"$HSX_LANES"
      [ -s "$HSX_LANES" ] || break
      : >"$HSX_LANES_FOUND"
      sh -c "$command" >"$work/log" 2>&1 </dev/null ||
        { cat "$work/log" >&2; echo "mutate.sh: fails next to the core: $command" >&2; exit 1; }
      awk -F '\t' -v OFS='\t' -v by="$by" -v live="$work/live.new" '
        FILENAME != "-" { if (!($1 in how)) how[$1] = $2; next }
        { name = "m" $1 "_" $2 }
        name in how { $6 = by " (" how[name] ")"; print; next }
        { print >live }' "$HSX_LANES_FOUND" - <"$work/live" >>"$results"
      [ -f "$work/live.new" ] || : >"$work/live.new"
      mv "$work/live.new" "$work/live"
    done <"$3"
    awk -F '\t' -v OFS='\t' -v new="$2" '{ $6 = new; print }' "$work/live" >>"$results"
  done
}

programs() {
  echo "random programs${tab}HSX_LANES_SUMS=1 $build/hsx fuzz --no-bundle --jobs 1 --model $model $*"
}

cosim() {
  echo "directed programs${tab}HSX_LANES_SUMS=1 $build/hsx cosim --bus --no-bundle --model $model $*"
}

programs --count 2 --seed 1 --tasks 6 >"$work/short"
programs --count 6 --seed 3 --tasks 6 --steps 4000 >>"$work/short"

{
  cosim --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"
  cosim --no-protect --stack 64 "$images/edges.hxe" "$images/edges.hxe"
  cosim "$images/binary16.hxe"
  for ticks in 1 3 4 7; do
    cosim --tick-steps "$ticks" "$images/bad_return.hxe" "$images/bad_return.hxe"
  done
  echo "test_rtl${tab}$build/test_rtl --ignore-warnings --jobs 1"
  echo "test_host_port${tab}$build/test_host_port --ignore-warnings --jobs 1"
  echo "test_bounds${tab}$build/test_bounds --ignore-warnings --jobs 1"
  echo "test_direct${tab}$build/test_direct --ignore-warnings --jobs 1 --filter 'direct/@(memories|counters)*bus'"
  echo "test_counters${tab}$build/test_counters --ignore-warnings --jobs 1 --filter 'counters/@(go_on|each)*'"
  programs --count 20 --seed 101 --tasks 6 --steps 4000
  programs --count 5 --seed 301 --tasks 16 --steps 8000
  programs --count 20 --seed 1001 --tasks 3 --steps 4000
} >"$work/long"

{
  echo "test_reset${tab}$build/test_reset --ignore-warnings --jobs 1"
  echo "test_counters${tab}$build/test_counters --ignore-warnings --jobs 1"
  programs --count 60 --seed 2001 --tasks 6 --steps 4000
  programs --count 20 --seed 401 --tasks 16 --steps 8000
  programs --count 60 --seed 1101 --tasks 2 --steps 4000
} >"$work/longest"

look new "lives so far" "$work/short"
look "lives so far" "lives on" "$work/long"

# The solver.
state | awk -F '\t' '$6 == "lives on"' >"$work/waiting"
while IFS="$tab" read -r slice number module place what _; do
  in_time || break
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$slice" "$number" "$module" "$place" "$what" \
    "$("$here/equal.sh" "$yosys" "$work/core.il" "$work/slice_$slice.mutations" "$number" "$work/equal")" \
    >>"$results"
done <"$work/waiting"

look unknown survives "$work/longest"

# The solver again, with all units around the mutant.
state | awk -F '\t' '$6 == "survives"' >"$work/waiting"
while [ -s "$work/waiting" ] && in_time; do
  head -n 16 "$work/waiting" >"$work/group"
  sed -i 1,16d "$work/waiting"
  awk -F '\t' '{ print "m" $1 "_" $2 }' "$work/group" |
    xargs -P "$(nproc)" -n 8 sh -c 'work=$1 abc=$2 script=$3
      shift 3
      exec python3 "$script" "$work/lanes.json" "$abc" "$work/same.$$" "$@"' sh "$work" "$yosys-abc" "$here/same.py" \
      >"$work/judged"
  awk -F '\t' -v OFS='\t' '
    FILENAME != "-" { how[$1] = $2; next }
    { $6 = how["m" $1 "_" $2] == "equal" ? "equal in the core" : "lives"; print }' "$work/judged" - \
    <"$work/group" >>"$results"
  rm -f "$work"/same.*
done
[ -s "$results" ] || { echo "mutate.sh: the time was over before the first result: call it again to continue" >&2; exit 1; }
"$here/score.sh" "$results" "$page"
