#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# named_tests.sh CTEST BUILD PAGE: each test that the page names is one that CTest knows.
set -euo pipefail
ctest=$1 build=$2 page=$3
# In a folder of its own: it would otherwise end the log of the run that this test belongs to.
mkdir -p "$build/named_tests"
printf 'subdirs("%s")\n' "$build" >"$build/named_tests/CTestTestfile.cmake"
"$ctest" --test-dir "$build/named_tests" -N | sed -n 's/^ *Test *#[0-9]*: //p' | sort -u >"$build/test_names"
[ -s "$build/test_names" ] || { echo "FAIL: no tests are known"; exit 1; }
grep -oE '`[a-z_]+\.[a-z0-9_]+`' "$page" | tr -d '`' | grep -vE '\.(md|v|vh|c|h|sh)$' | sort -u |
  comm -23 - "$build/test_names" >"$build/missing_tests"
[ ! -s "$build/missing_tests" ] || { echo "FAIL: no such tests:"; cat "$build/missing_tests"; exit 1; }
