#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# opcodes.sh HSX GENERATOR PROGRAMS: checks that the code of the test programs, which are run,
# contains each instruction that the code generator uses. SVC is not checked: it is in the library's
# assembly, which makes the tests' system calls.
set -euo pipefail
hsx=$1 generator=$2 programs=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grep -ohE '\bHSX_OP_[A-Z0-9]+' "$generator"/*.c | sed 's/HSX_OP_//' | grep -vx SVC | sort -u \
  >"$work/known"
for program in integers floats control structures; do
  "$hsx" cc -Wno-everything -O2 -S "$programs/$program.c" -o "$work/$program.mvasm"
done
# the library's assembly, after the names of system calls, is not from the generator
sed -i '/^; SPDX/,$d' "$work"/*.mvasm
sed -nE 's/^    ([A-Z][A-Z0-9]*)( .*)?$/\1/p' "$work"/*.mvasm | sort -u >"$work/emitted"
missing=$(comm -23 "$work/known" "$work/emitted")
[ -z "$missing" ] || { echo "no program of the tests has:" $missing; exit 1; }
echo "$(wc -l <"$work/known") instructions are all there"
