#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# other_systems.sh TREE WORK LIBDIR TARGET SOURCES: the libraries compile for TARGET without a
# warning, by zig's clang (PyPI: ziglang); for musl on this machine the virtual machine runs, too.
. "$(dirname "$0")/common.sh" "$@"
target=$4 sources=$5
if command -v zig >/dev/null; then
  zig=(zig)
elif [ -n "$PYTHON" ] && "$PYTHON" -c 'import ziglang' 2>/dev/null; then
  zig=("$PYTHON" -m ziglang)
else
  skip "there is no zig; pip install ziglang"
fi

# Headers of libraries of this machine that hold for others, without those of its libc.
mkdir include
for header in zlib.h zconf.h zstd.h zstd_errors.h jansson.h jansson_config.h; do
  for folder in /usr/include /usr/include/*-linux-gnu; do
    if [ -f "$folder/$header" ]; then cp "$folder/$header" include/; fi
  done
done
flags=(-target "$target" -std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -fPIC -Iinclude
  "-I$tree/include" "-I$SOURCE/rtl/tables" "-I$SOURCE/refvm/asm" '-DHSX_VERSION="0"')
vm=()
count=0
while read -r source definitions; do
  count=$((count + 1))
  # shellcheck disable=SC2086 # words
  "${zig[@]}" cc "${flags[@]}" $definitions -c "$source" -o $count.o >log 2>&1 ||
    fail "$source: $(cat log)"
  case $source in */refvm/isa/* | */refvm/vm/*) vm+=($count.o) ;; esac
done <"$sources"
[ $count -ge 50 ] || fail "only $count sources"
echo "$count sources compile for $target"
if [ "$target" = "$(uname -m)-linux-musl" ]; then
  "${zig[@]}" cc "${flags[@]}" -static "$SOURCE/tests/vm/embed.c" "${vm[@]}" -o embed
  expect "R0 = 55 after 33 instructions" ./embed
fi
