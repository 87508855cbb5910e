#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# short.sh HSX MODEL WORK LEAST: of the mutants that plant.sh put into MODEL and listed in WORK, few random programs must find
# LEAST at least.
set -eu
hsx=$1 model=$2 work=$3 least=$4
HSX_LANES=$work/lanes HSX_LANES_FOUND=$work/found HSX_LANES_SUMS=1
export HSX_LANES HSX_LANES_FOUND HSX_LANES_SUMS
awk -F '\t' '{ print "m1_" $1 }' "$work/slice_1.list" >"$HSX_LANES"
: >"$HSX_LANES_FOUND"
"$hsx" fuzz --no-bundle --jobs 1 --model "$model" --seed 7 --count 3 --tasks 6 --steps 2000
found=$(cut -f 1 "$HSX_LANES_FOUND" | sort -u | wc -l)
echo "$found of $(wc -l <"$HSX_LANES") mutants found"
[ "$found" -ge "$least" ] || { echo "short.sh: at least $least are expected" >&2; exit 1; }
