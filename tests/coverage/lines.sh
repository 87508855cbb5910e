#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lines.sh HSX MODEL IMAGES SOURCE: runs random programs, also over the bus, and the directed ones in the
# directory IMAGES on a MODEL that counts lines, and fails unless each line of the core is executed except
# those in waivers.txt, which must not be.
set -eu
hsx=$1 model=$2 images=$3 source=$4
here=$source/tests/coverage
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HSX_MODEL_COVERAGE="$work/part"

run() {
  "$hsx" "$@" --model "$model" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
}
run fuzz --no-bundle --count 40
run fuzz --no-bundle --count 3 --bus --seed 1001
run cosim --no-bundle --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"

# kind, file, line, what, count; each point once for all places in the design and all files.
cat "$work"/part.* | tr '\001\002' '\t=' | awk -F '\t' -v OFS='\t' '
  /^C / {
    file = line = page = what = ""
    for (i = 2; i <= NF; i++) {
      value = substr($i, 3)
      if ($i ~ /^f=/) file = value
      if ($i ~ /^l=/) line = value
      if ($i ~ /^o=/) what = value
      if ($i ~ /^page=v_/) { page = substr($i, 8); sub(/\/.*/, "", page) }
    }
    count = $NF
    sub(/.* /, "", count)
    sub(/.*\//, "", file)
    if (file !~ /^hsx_sim_top/) sum[page OFS file OFS line OFS what] += count
  }
  END { for (point in sum) print point, sum[point] }' >"$work/points"

awk -F '\t' '$1 == "line" && $5 == 0 { print $2 ":" $3 }' "$work/points" | sort -u >"$work/missed"
sed -n 's/^\([a-z0-9_]*\.vh*:[0-9]*\) .*/\1/p' "$here/waivers.txt" | sort -u >"$work/waived"
awk -F '\t' '$1 == "line" { all++; executed += $5 > 0 } END { print executed " of " all " points in lines of the core" }' "$work/points"
if ! cmp -s "$work/missed" "$work/waived"; then
  comm -23 "$work/missed" "$work/waived" | sed 's/^/FAIL: no program executes /'
  comm -13 "$work/missed" "$work/waived" | sed 's/^/FAIL: waived, but executed: /'
  exit 1
fi
