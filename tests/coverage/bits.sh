#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bits.sh HSX MODEL TOGGLES VERILATOR IMAGES SOURCE LEAST [PAGE]: runs random programs and the directed ones in
# the directory IMAGES on the core, and fails if fewer than LEAST % of the bits of its signals both rise
# and fall, without those that still.txt names with a reason. A bit that is in the design several times
# counts once. Writes into PAGE how many bits of each file do, and which do not.
set -eu
hsx=$1 model=$2 toggles=$3 verilator=$4 images=$5 source=$6 least=$7 page=${8:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rtl=$source/rtl

# wave NAME COMMAND...: the wave of a run.
wave() {
  name=$1
  shift
  "$hsx" "$@" --no-bundle --model "$model" --wave "$work/$name.fst" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
}
# programs COUNT FIRST OPTION...
programs() {
  last=$(($1 + $2 - 1)) seed=$2
  shift 2
  while [ "$seed" -le "$last" ]; do
    wave "$seed" fuzz --count 1 --seed "$seed" "$@"
    seed=$((seed + 1))
  done
}
programs 24 1
programs 6 101 --tasks 16
programs 2 1001 --bus
wave results cosim --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"
branches=$images/branches.hxe
wave branches cosim --steps 400 "$branches" "$branches" "$branches" "$branches" "$branches"

# Which file each place of the design is from.
"$verilator" --xml-only --xml-output "$work/design.xml" --Mdir "$work" -Wno-fatal "-I$rtl" \
  --top-module hsx_core "$rtl"/*.v >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
"$toggles" "$work"/*.fst >"$work/bits"

# The places of generate blocks belong to the file around them.
awk -F '\t' -v OFS='\t' '
  FNR == NR {
    if (match($0, /submodname="[^"]*"/)) module = substr($0, RSTART + 12, RLENGTH - 13)
    sub(/__.*/, "", module)
    if (match($0, / hier="[^"]*"/) && /<cell /)
      file[substr($0, RSTART + 7, RLENGTH - 8)] = module ".v"
    next
  }
  $2 != "clk" && sub(/^\.core\.hsx_sim_top\.core/, "", $1) {
    place = "hsx_core"
    depth = split(substr($1, 2), names, ".")
    for (i = 1; i <= depth; i++) if ((place "." names[i]) in file) place = place "." names[i]
    sub(/ .*/, "", $2)
    sum[file[place] OFS $2 OFS $3] += $4
  }
  END { for (bit in sum) print bit, sum[bit] }' "$work/design.xml" "$work/bits" >"$work/sums"

# Those of still.txt count apart.
awk -F '\t' '
  FNR == NR && /^= / { reason = ++reasons; text[reason] = substr($0, 3); next }
  FNR == NR && /^hsx_/ { split($0, w, " "); why[w[1] ": " w[2]] = reason; room[w[1] ": " w[2]] = w[3]; next }
  FNR == NR { next }
  { all[$1]++; total++ }
  $4 > 0 { both[$1]++; sum++; next }
  { signal = $1 ": " $2 }
  room[signal]-- > 0 { explained[why[signal]]++; with_reason++; next }
  { still[signal]++ }
  END {
    print "| file | bits | rise and fall |"
    print "|---|--:|--:|"
    for (file in all) printf "| `%s` | %d | %.1f %% |\n", file, all[file], 100 * both[file] / all[file] | "sort"
    close("sort")
    printf "| `all` | %d | %.1f %% |\n", total, 100 * sum / total
    printf "| `all that can` | %d | %.1f %% |\n\n", total - with_reason, 100 * sum / (total - with_reason)
    print "| bits that do not | why |"
    print "|--:|---|"
    for (reason = 1; reason <= reasons; reason++) printf "| %d | %s |\n", explained[reason], text[reason]
    if (sum + with_reason == total) exit
    print "\n```text"
    for (signal in still)
      print "no reason: " signal (still[signal] > 1 ? ", " still[signal] " bits" : "") | "sort"
    close("sort")
    print "```"
  }' "$source/tests/coverage/still.txt" "$work/sums" >"$work/report"
cat "$work/report"
[ -z "$page" ] || "$source/tests/publish.sh" "$page" rtl-coverage <"$work/report"
awk -F '|' -v least="$least" '
  $2 ~ /`all that can`/ { seen = 1; if ($4 + 0 < least + 0) { print "FAIL: fewer than " least " % of the bits rise and fall"; low = 1 } }
  END { exit low || !seen }' "$work/report"
