#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mutant.sh HSX MODEL NUMBER IMAGES UNPLANTED: passes when bug NUMBER of the MODEL is found by
# images in the directory IMAGES or by random programs; number 0, without a bug, passes
# when nothing is found.
set -eu
hsx=$1 model=$2 number=$3 images=$4 unplanted=$5
report=$(mktemp)
trap 'rm -f "$report"' EXIT
export HSX_PLANTED="$number"

if grep "^$number: " "$unplanted"; then
  echo "FAIL: the bug cannot be planted"
  exit 1
fi

# Ends the test if hsx finds the bug, or another failure.
try() {
  status=0
  "$hsx" "$@" --no-bundle --model "$model" >"$report" 2>&1 || status=$?
  case $status in
  0) return ;;
  10)
    grep -m 1 'lock-step: diverged' "$report"
    [ "$number" -ne 0 ] && exit 0
    echo "FAIL: diverges without a planted bug"
    exit 1
    ;;
  *)
    cat "$report"
    echo "FAIL: exit status $status, expected 10 for a divergence"
    exit 1
    ;;
  esac
}

try cosim --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"
try cosim --no-protect --stack 64 "$images/edges.hxe" "$images/edges.hxe"
for ticks in 1 2 3 4 5 6 7 8; do
  try cosim --tick-steps "$ticks" "$images/bad_return.hxe" "$images/bad_return.hxe"
done
for seed in 1 5 9 13 17 21 25 29 33 37; do
  try fuzz --seed "$seed" --count 4 --tasks 6
done
[ "$number" -eq 0 ] && exit 0
echo "FAIL: no program found the bug"
exit 1
