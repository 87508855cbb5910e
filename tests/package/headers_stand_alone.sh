#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each header compiles alone, as C11 and as C++17, without a warning.
. "$(dirname "$0")/common.sh" "$@"
count=0
for header in "$tree"/include/hsx/*.h; do
  name=hsx/${header##*/}
  echo "#include <$name>" | tee one.c >one.cpp
  "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$tree/include" -fsyntax-only one.c ||
    fail "$name is no C11"
  "$CXX" -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$tree/include" -fsyntax-only one.cpp ||
    fail "$name is no C++17"
  count=$((count + 1))
done
[ "$count" -ge 20 ] || fail "only $count headers are installed"
