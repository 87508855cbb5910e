#!/bin/sh
# mutant.sh HSX MUTANT.sed RTL WORK IMAGES TOP...: passes when the bug is found, by
# images in the directory IMAGES or by random programs.
set -eu
hsx=$1 mutant=$2 rtl=$3 work=$4 images=$5
shift 5
file=$(sed -n '1s/^# //p' "$mutant")

rm -rf "$work"
mkdir -p "$work"
cp "$rtl"/*.v "$rtl"/*.vh "$work"
sed -f "$mutant" "$rtl/$file" >"$work/$file"
if cmp -s "$rtl/$file" "$work/$file"; then
  echo "FAIL: $mutant no longer applies to $file"
  exit 1
fi
iverilog -g2005 -s hsx_icarus_top -I "$work" -o "$work/mutant.vvp" "$@" "$work"/*.v

# Ends the test when hsx finds the bug, or something else.
try() {
  status=0
  "$hsx" "$@" --sim icarus --program "$work/mutant.vvp" >"$work/report" 2>&1 || status=$?
  case $status in
  0) return ;;
  10)
    grep -m 1 'lock-step: diverged' "$work/report"
    exit 0
    ;;
  *)
    cat "$work/report"
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
seed=1
while [ "$seed" -le 40 ]; do
  try fuzz --seed "$seed" --count 1 --tasks 6
  seed=$((seed + 1))
done
echo "FAIL: no program found the bug"
exit 1
