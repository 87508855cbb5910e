#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# find.sh HSX MODEL NUMBER SHIFT IMAGES TESTS: tries to find mutant NUMBER of the MODEL. SHIFT short:
# by few random programs and the programs in the directory IMAGES. SHIFT long: by more random programs
# and by the Criterion programs in the directory TESTS. Prints by what, or that it lives:
# "survives". A mutant that takes other cycles than the core, and differs in nothing else, is
# found by "cycles". Ends with status 1 if mutant 0, which is none, is found.
#
# Number 0 is to be asked first: it leaves the cycles beside the model.
set -eu
hsx=$1 model=$2 number=$3 shift=$4 images=$5 tests=$6
HSX_MUTANT=$number HSX_TEST_MODEL=$model
export HSX_MUTANT HSX_TEST_MODEL

found() {
  echo "$*"
  [ "$number" -ne 0 ]
  exit
}

# Whatever ends badly, or not at all, has found it.
try() {
  by=$1
  shift
  timeout 120 "$@" >/dev/null 2>&1 || found "$by"
}

cosim() {
  try "directed programs" "$hsx" cosim --no-bundle --model "$model" "$@"
}

fuzz() {
  kept=$model.$1-$2-$3.cycles
  cycles=$(timeout 120 "$hsx" fuzz --no-bundle --model "$model" --count "$1" --seed "$2" --tasks "$3" 2>/dev/null) ||
    found "random programs"
  cycles=${cycles%% records*}
  if [ "$number" -eq 0 ]; then
    echo "$cycles" >"$kept"
  elif [ "$cycles" != "$(cat "$kept")" ]; then
    late="cycles"
  fi
}

late=
if [ "$shift" = short ]; then
  fuzz 1 1 6
  fuzz 5 2 6
  fuzz 14 10 6
  cosim --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"
  cosim --no-protect --stack 64 "$images/edges.hxe" "$images/edges.hxe"
  for ticks in 1 3 4 7; do
    cosim --tick-steps "$ticks" "$images/bad_return.hxe" "$images/bad_return.hxe"
  done
  fuzz 6 301 16
else
  fuzz 20 1001 4
  fuzz 40 101 6
  for test in test_rtl test_counters test_reset; do
    try "$test" "$tests/$test" --ignore-warnings --jobs 1
  done
fi
[ -z "$late" ] || found "$late"
[ "$number" -eq 0 ] || echo survives
