#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# named_tests.sh CTEST BUILD PAGE: each test that the page names is one that CTest knows.
set -euo pipefail
ctest=$1 build=$2 page=$3
"$ctest" --test-dir "$build" -N | sed -n 's/^ *Test *#[0-9]*: //p' | sort -u >"$build/test_names"
grep -oE '`[a-z_]+\.[a-z0-9_]+`' "$page" | tr -d '`' | grep -vE '\.(md|v|vh|c|h|sh)$' | sort -u |
  comm -23 - "$build/test_names" >"$build/missing_tests"
[ ! -s "$build/missing_tests" ] || { echo "FAIL: no such tests:"; cat "$build/missing_tests"; exit 1; }
