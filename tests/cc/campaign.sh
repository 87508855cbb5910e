#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# campaign.sh HSX LEDGER FIRST LAST [SECONDS]: the random programs of csmith with the seeds FIRST
# to LAST, each at -O0 and -O2, against gcc -m32: on the VM, and each tenth seed also in lock-step.
#
# The ledger gets one line for each seed: "SEED right CHECKSUM", "SEED skipped WHY" or "SEED WRONG
# WHAT", whose program is then kept next to the ledger. Seeds that have a line are skipped, so the
# same command continues where an earlier one was stopped; SECONDS limits its time.
#
# A seed is skipped if gcc's program takes over 0.2 s of processor time, or if the program is too
# large for 64 KiB of code or data.
set -euo pipefail
[ $# -ge 4 ] || { sed -n '3,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
hsx=$(readlink -f "$1")
ledger=$(readlink -f "$2")
first=$3 last=$4 seconds=${5:-0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
touch "$ledger"
# SIGPROF ends a program that takes too long.
cat >limit.c <<'TEXT'
#include <sys/time.h>
__attribute__((constructor)) static void limit(void)
{
    setitimer(ITIMER_PROF, &(struct itimerval){{0, 0}, {0, 200000}}, 0);
}
TEXT
gcc -m32 -c limit.c -o limit.o

# The error of one seed at one level, or why it is skipped, goes to the file verdict.
compile_and_run() {
  local seed=$1 level=$2
  if ! "$hsx" cc -Wno-everything "-O$level" -I/usr/include/csmith p.c -o p.hxe 2>err; then
    if grep -q 'more than 64 KiB of code\|at most 48 KiB\|does not fit\|more than 48 KiB' err; then
      echo "skipped $(head -n 1 err)" >verdict
    else
      echo "WRONG -O$level: $(head -n 1 err)" >verdict
    fi
    return 1
  fi
  # A large stack leaves little room for data, so only programs that need it get one.
  local stack=0x3000 status=0
  "$hsx" run --stack $stack p.hxe >out 2>err || status=$?
  if grep -q 'FAULTED .* STACK_OVERFLOW' err; then
    stack=0x8000 status=0
    "$hsx" run --stack $stack p.hxe >out 2>err || status=$?
  fi
  if [ $status -ne 0 ] || ! cmp -s out right; then
    echo "WRONG -O$level: $(head -n 1 err) $(head -n 1 out)" >verdict
    return 1
  fi
  # Lock-step is much slower, and the longest programs show no more than others.
  if [ $((seed % 10)) -eq 0 ] && [ "$(sed -n 's/^.*ended: \([0-9]*\) steps.*/\1/p' err)" -lt 3000000 ]; then
    if ! "$hsx" cosim --stack $stack p.hxe >out 2>err || ! cmp -s out right; then
      echo "WRONG -O$level in lock-step: $(tail -n 1 err)" >verdict
      return 1
    fi
    lockstep=" lock-step"
  fi
}

for ((seed = first; seed <= last; seed++)); do
  if grep -q "^$seed " "$ledger"; then
    continue
  fi
  if [ "$seconds" -gt 0 ] && [ $SECONDS -ge "$seconds" ]; then
    break
  fi
  csmith --seed "$seed" --no-packed-struct --max-funcs 3 --max-block-depth 2 --concise >p.c
  gcc -m32 -w -I/usr/include/csmith p.c limit.o -o native
  status=0
  { ./native >right; } 2>/dev/null || status=$?
  if [ "$status" -eq $((128 + $(kill -l PROF))) ]; then
    echo "$seed skipped gcc's program takes too long" >>"$ledger"
    continue
  fi
  [ "$status" -eq 0 ] || { echo "seed $seed: gcc's program ends with status $status" >&2; exit 1; }
  lockstep=""
  rm -f verdict
  if compile_and_run "$seed" 0 && compile_and_run "$seed" 2; then
    echo "right $(sed -n 's/^checksum = //p' right)" >verdict
  fi
  echo "$seed $(cat verdict)$lockstep" >>"$ledger"
  if grep -q '^WRONG' verdict; then
    cp p.c "$(dirname "$ledger")/seed-$seed.c"
  fi
done
awk -v first="$first" -v last="$last" '
  $1 >= first && $1 <= last { n[$2]++; if (/lock-step$/) locked++ }
  END { printf "%d right (%d of them in lock-step too), %d wrong, %d skipped\n",
        n["right"], locked, n["WRONG"], n["skipped"]; exit n["WRONG"] > 0 }' "$ledger"
