#!/bin/sh
# mutant.sh HSX MUTANT.sed RTL WORK TOP...: passes when the bug is found.
set -eu
hsx=$1 mutant=$2 rtl=$3 work=$4
shift 4
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

seed=1
while [ "$seed" -le 40 ]; do
  status=0
  "$hsx" fuzz --seed "$seed" --count 1 --tasks 6 --sim icarus --program "$work/mutant.vvp" \
    >"$work/report" 2>&1 || status=$?
  case $status in
  0) seed=$((seed + 1)) ;;
  10)
    sed -n 1p "$work/report"
    exit 0
    ;;
  *)
    cat "$work/report"
    echo "FAIL: exit status $status, expected 10 for a divergence"
    exit 1
    ;;
  esac
done
echo "FAIL: no program of $seed seeds found the bug"
exit 1
