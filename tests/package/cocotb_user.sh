#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The cocotb bench with the installed core.
. "$(dirname "$0")/common.sh" "$@"
[ -x "$FLOWS/bin/cocotb-config" ] || skip "there is no $FLOWS (tests/flows/python.sh)"
export PATH=$FLOWS/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PKG_CONFIG_PATH=$lib/pkgconfig
cp "$examples"/cocotb/* .
make >log 2>&1 || fail "$(cat log)"
grep -q '\*\* TESTS=2 PASS=2 FAIL=0 SKIP=0 ' log || fail "$(cat log)"
