#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# find.sh HSX MODEL NUMBER IMAGES TESTS: tries to find mutant NUMBER of the MODEL, by the programs
# in the directory IMAGES, by random programs and by the Criterion programs in the directory
# TESTS. Prints by what, or that it lives: "survives". Ends with status 1 if mutant 0, which is
# none, is found.
set -eu
hsx=$1 model=$2 number=$3 images=$4 tests=$5
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
  try "programs" "$hsx" cosim --no-bundle --model "$model" "$@"
}

fuzz() {
  try "$1 random programs" "$hsx" fuzz --no-bundle --model "$model" --count "$1" --seed "$2" --tasks "$3"
}

fuzz 3 1 6
cosim --no-protect "$images/late_result.hxe" "$images/onlooker.hxe"
cosim --no-protect --stack 64 "$images/edges.hxe" "$images/edges.hxe"
fuzz 20 11 6
for ticks in 1 3 4 7; do
  cosim --tick-steps "$ticks" "$images/bad_return.hxe" "$images/bad_return.hxe"
done
for test in test_counters test_reset test_rtl; do
  try "$test" "$tests/$test" --ignore-warnings --jobs 1
done
fuzz 40 101 3
fuzz 20 301 16
fuzz 80 1001 5
[ "$number" -eq 0 ] || echo survives
