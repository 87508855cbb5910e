#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# named_tests.sh CTEST BUILD PAGE: each test and proof that the page names is one that CTest knows, and each
# row of a table with a column "shown by" names one.
set -euo pipefail
ctest=$1 build=$2 page=$3
# In a separate folder: otherwise it would overwrite the log of the run that this test belongs to.
mkdir -p "$build/named_tests"
printf 'subdirs("%s")\n' "$build" >"$build/named_tests/CTestTestfile.cmake"
"$ctest" --test-dir "$build/named_tests" -N | sed -n 's/^ *Test *#[0-9]*: //p' | sort -u >"$build/test_names"
[ -s "$build/test_names" ] || { echo "FAIL: no tests are known"; exit 1; }
grep -oE '`[a-z_]+\.[a-z0-9_]+`' "$page" | tr -d '`' | grep -vE '\.(md|v|vh|c|h|sh)$' | sort -u |
  comm -23 - "$build/test_names" >"$build/missing_tests"
[ ! -s "$build/missing_tests" ] || { echo "FAIL: no such tests:"; cat "$build/missing_tests"; exit 1; }

# Rows whose last cell has no name; proofs are names without a dot.
awk -F '|' -v proofs="$build/named_proofs" '
  BEGIN { printf "" > proofs }
  / shown by \|$/ { shown = 1; next }
  !/^\|/ { shown = 0 }
  shown && !/^\|-/ {
    cell = $(NF - 1)
    rows++
    if (cell !~ /`/) { print "FAIL: nothing shows this: " $0; bad = 1 }
    while (match(cell, /`[a-z_.0-9]+`/)) {
      name = substr(cell, RSTART + 1, RLENGTH - 2)
      if (name !~ /[.]/) print "formal." name > proofs
      cell = substr(cell, RSTART + RLENGTH)
    }
  }
  END { if (rows < 15) { print "FAIL: only " rows + 0 " rows"; bad = 1 }; exit bad }' "$page"
unknown=$(sort -u "$build/named_proofs" | comm -23 - "$build/test_names")
[ -z "$unknown" ] || { echo "FAIL: no such proofs:" "$unknown"; exit 1; }
