#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A compiler's command with pkg-config, shared and static.
. "$(dirname "$0")/common.sh" "$@"
export PKG_CONFIG_PATH=$lib/pkgconfig
version=$("$tree/bin/hsx" --version)
expect "${version#hsx }" pkg-config --modversion hsx
# shellcheck disable=SC2046 # words
"$CXX" -std=c++17 -Wall -Wextra -Werror "$examples/vm.cpp" $(pkg-config --cflags --libs hsx) \
  -Wl,-rpath,"$lib" -o vm
expect "R0 = 55 after 33 instructions" ./vm
# shellcheck disable=SC2046
"$CC" -std=c11 -Wall -Wextra -Werror "$examples/tasks.c" $(pkg-config --cflags hsx) "$lib/libhsx.a" \
  $(pkg-config --libs zlib jansson libzstd) -o tasks
expect "5 instructions" ./tasks
[ -f "$(pkg-config --variable=rtldir hsx)/hsx_core.v" ] || fail "rtldir is not the core's"
