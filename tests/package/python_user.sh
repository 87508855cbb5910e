#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/common.sh" "$@"
[ -n "$PYTHON" ] || skip "there is no Python 3"
expect "R0 = 55 after 33 instructions" "$PYTHON" "$examples/vm.py" "$lib/libhsx.so.0"
