#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rtl.sh HSX MODEL IMAGES SOURCE [PAGE]: runs random programs, also over the bus, and the directed
# ones in the directory IMAGES on a MODEL that counts (CMakeLists.txt), and fails unless each line
# of the core is executed except those in waivers.txt, which must not be. With PAGE it runs more
# programs and the vectors, and writes how many bits of each module change in both directions, and
# which do not; fewer than 95 % of all is a failure.
set -eu
hsx=$1 model=$2 images=$3 source=$4 page=${5:-}
here=$source/tests/coverage
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HSX_MODEL_COVERAGE="$work/part"

run() {
  "$hsx" "$@" --model "$model" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
}
# A model that counts changes of bits is slow.
run fuzz --no-bundle --count $([ -n "$page" ] && echo 20 || echo 40)
run fuzz --no-bundle --count 3 --bus --seed 1001
run cosim --no-bundle --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"
if [ -n "$page" ]; then
  run fuzz --no-bundle --count 10 --seed 101 --tasks 16
  run conform --target rtl --check-windows 100 "$source/tests/conformance/isa_vectors.jsonl"
fi

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
[ -n "$page" ] || exit 0

awk -F '\t' '
  $1 == "toggle" {
    all[$2]++; total++
    if ($5 > 0) { toggled[$2]++; sum++; next }
    signal = $4
    sub(/\[.*/, "", signal)
    bits[$2 ": " signal]++
  }
  END {
    print "| file | bits | change |"
    print "|---|--:|--:|"
    for (file in all) printf "| `%s` | %d | %.1f %% |\n", file, all[file], 100 * toggled[file] / all[file] | "sort"
    close("sort")
    printf "| `all` | %d | %.1f %% |\n\n```text\n", total, 100 * sum / total
    for (signal in bits) print "does not change: " signal (bits[signal] > 1 ? ", " bits[signal] " bits" : "") | "sort"
    close("sort")
    print "```"
  }' "$work/points" >"$work/report"
cat "$work/report"
"$source/tests/publish.sh" "$page" rtl-coverage <"$work/report"
awk -F '|' '$2 ~ /`all`/ && $4 + 0 < 95 { print "FAIL: fewer than 95 % of the bits change"; low = 1 } END { exit low }' \
  "$work/report"
