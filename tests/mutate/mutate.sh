#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mutate.sh BUILD YOSYS RTL COUNT [SECONDS]: makes COUNT mutants of the core, in slices of 200, and
# looks for each; ends after SECONDS, to go on in the next call. What came out is in
# BUILD/tests/mutate/results.tsv, a line for each: slice, the columns of plant.sh, by what it was
# found or "survives". Prints the score of each module and those that live.
set -eu
build=$1 yosys=$2 rtl=$3 count=$4 seconds=${5:-1000000}
hsx=$build/hsx
here=$(dirname "$0")
work=$build/tests/mutate
results=$work/results.tsv
slice_size=200
end=$(($(date +%s) + seconds))
touch "$results"

slice=1
left=$count
while [ "$left" -gt 0 ] && [ "$(date +%s)" -lt "$end" ]; do
  size=$((left < slice_size ? left : slice_size))
  left=$((left - size))
  if [ "$(grep -c "^$slice	" "$results")" -lt "$size" ]; then
    if [ "$(cat "$work/slice.number" 2>/dev/null)" != "$slice" ]; then
      "$here/plant.sh" "$yosys" "$rtl" $slice_size $((100 + slice)) "$work/hsx_slice"
      cmake --build "$build" --target hsx_slice >"$work/slice.log" 2>&1 ||
        { cat "$work/slice.log" >&2; exit 1; }
      echo $slice >"$work/slice.number"
    fi
    "$here/find.sh" "$hsx" "$work/hsx_slice.so" 0 "$build/tests/cosim" "$build" >"$work/found" ||
      { echo "mutate.sh: without a mutant there is a difference: $(cat "$work/found")" >&2; exit 1; }
    head -n "$size" "$work/hsx_slice.list" | while read -r line; do
      number=${line%%	*}
      [ "$(date +%s)" -lt "$end" ] || break
      grep -q "^$slice	$number	" "$results" && continue
      by=$("$here/find.sh" "$hsx" "$work/hsx_slice.so" "$number" "$build/tests/cosim" "$build")
      printf '%s\t%s\t%s\n' "$slice" "$line" "$by" >>"$results"
    done
  fi
  slice=$((slice + 1))
done

awk -F '\t' '
  { all[$3]++; total++ }
  $6 != "survives" { found[$3]++; sum++ }
  END {
    for (module in all)
      printf "%-22s %4d of %4d\n", module, found[module], all[module] | "sort"
    close("sort")
    if (total)
      printf "%-22s %4d of %4d, %.1f %%\n", "all", sum, total, 100 * sum / total
  }' "$results"
awk -F '\t' '$6 == "survives" { print "lives: " $4 ": " $5 }' "$results" | sort -V
