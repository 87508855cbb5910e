#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A project with find_package(hsx): the shared library from C++, the static one from C.
. "$(dirname "$0")/common.sh" "$@"
"$CMAKE" -S "$examples" -B build -DCMAKE_PREFIX_PATH="$tree" >log 2>&1 || fail "$(cat log)"
"$CMAKE" --build build >log 2>&1 || fail "$(cat log)"
expect "R0 = 55 after 33 instructions" build/vm
expect "[1] hello" build/tasks
