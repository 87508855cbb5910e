#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# same_traces.sh HSX SEED STEPS MACHINE...: the random program with that SEED, of three tasks, gives one
# trace on all of them and on the C VM. A MACHINE is a word with the options of hsx fuzz that
# choose it.
set -eu
hsx=$1 seed=$2 steps=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
first=

for machine; do
  # The options are words.
  # shellcheck disable=SC2086
  "$hsx" fuzz --no-bundle --tasks 3 --seed "$seed" --count 1 --steps "$steps" \
    --trace "$work/core" --trace-vm "$work/vm" $machine
  for trace in vm core; do
    if [ -z "$first" ]; then
      mv "$work/$trace" "$work/first"
      first=$machine
    else
      "$hsx" trace diff "$work/first" "$work/$trace" ||
        { echo "FAIL: $trace with '$machine' differs from the VM"; exit 1; }
    fi
  done
done
[ "$(wc -l <"$work/first")" -gt "$((steps / 2))" ] || { echo "FAIL: a short trace"; exit 1; }
