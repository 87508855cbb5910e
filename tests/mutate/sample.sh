#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sample.sh HSX MODEL COUNT LEAST: passes when random programs find LEAST of the mutants 1 to COUNT of
# the MODEL, and do not find number 0, which is none.
set -eu
hsx=$1 model=$2 count=$3 least=$4
export HSX_MUTANT

# Whatever ends badly, or not at all, has found it.
agrees() {
  timeout 120 "$hsx" fuzz --no-bundle --model "$model" --count "$1" --seed "$2" >/dev/null 2>&1
}

HSX_MUTANT=0
agrees 20 1 || { echo "FAIL: without a mutant there is a difference"; exit 1; }
found=0
for HSX_MUTANT in $(seq "$count"); do
  if agrees 2 1 && agrees 16 3; then
    echo "lives: $(sed -n "${HSX_MUTANT}p" "${model%.so}.list")"
  else
    found=$((found + 1))
  fi
done
echo "$found of $count mutants found"
[ "$found" -ge "$least" ] || { echo "FAIL: expected $least"; exit 1; }
