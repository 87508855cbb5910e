#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# other_systems.sh TREE WORK LIBDIR TARGET SOURCES PROGRAM: clang takes the libraries for TARGET without
# a warning, with the headers of its C library from PyPI's ziglang, and for musl the program hsx as
# well, with argp's header from GNU libc. With HSX_ALL_CHECKS=1 zig compiles
# them, and the virtual machine runs: for musl here, for aarch64 under qemu-aarch64 (some minutes).
. "$(dirname "$0")/common.sh" "$@"
target=$4 sources=$5 program=$6
command -v clang >/dev/null || skip "there is no clang"
python=$FLOWS/bin/python
[ -x "$python" ] || skip "there is no $FLOWS (tests/flows/python.sh)"
libc=$("$python" -c 'import os, ziglang; print(os.path.dirname(ziglang.__file__))')/lib/libc/include

case $target in
x86_64-linux-musl) folders=(x86_64-linux-musl generic-musl x86-linux-any) ;;
aarch64-linux-gnu) folders=(aarch64-linux-gnu generic-glibc aarch64-linux-any) ;;
*) fail "unknown target $target" ;;
esac
system=(-nostdlibinc)
for folder in "${folders[@]}" any-linux-any; do system+=(-isystem "$libc/$folder"); done

# Headers of this machine's libraries that are valid for others, without those of its libc.
mkdir include
for header in zlib.h zconf.h zstd.h zstd_errors.h jansson.h jansson_config.h; do
  for folder in /usr/include /usr/include/*-linux-gnu; do
    if [ -f "$folder/$header" ]; then cp "$folder/$header" include/; fi
  done
done
flags=(-std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude "-I$tree/include"
  "-I$SOURCE/rtl/tables" "-I$SOURCE/refvm/asm" "-I$SOURCE/refvm/textstream"
  '-DHSX_VERSION="0"')

# compile LIST FLAGS...: each line is a source and its definitions; sources with the same
# definitions are compiled together.
count=0
compile() {
  local list=$1 definitions files
  shift
  while read -r definitions; do
    mapfile -t files < <(awk -v want="$definitions" '{ source = $1; $1 = ""; sub(/^ /, "") }
      $0 == want { print source }' "$list")
    # shellcheck disable=SC2086 # words
    clang --target="$target" "${system[@]}" "${flags[@]}" "$@" $definitions -fsyntax-only \
      "${files[@]}" >log 2>&1 || fail "$(cat log)"
    count=$((count + ${#files[@]}))
  done < <(awk '{ $1 = ""; sub(/^ /, ""); print }' "$list" | sort -u)
}
compile "$sources"
[ $count -ge 50 ] || fail "only $count sources"
if [[ $target = *-musl ]]; then
  mkdir argp
  cp /usr/include/histedit.h argp
  sed '/<bits\//d' /usr/include/argp.h >argp/argp.h
  private=()
  for folder in "$SOURCE"/sim/*/include "$SOURCE"/{scheduler,refvm,rtl}/include "$SOURCE"/sim/{files,rtl}; do
    private+=("-I$folder")
  done
  compile "$program" -Iargp "${private[@]}" -D__THROW= -D__BEGIN_DECLS= -D__END_DECLS= '-D__NTH(x)=x'
  [ $count -ge 120 ] || fail "only $count sources"
fi
echo "$count sources are C for $target"

[ -n "${HSX_ALL_CHECKS:-}" ] || exit 0
musl=${target%-*}-musl
run=()
[ "$target" = "$(uname -m)-linux-musl" ] || run=("qemu-${target%%-*}")
[ ${#run[@]} -eq 0 ] || command -v "${run[0]}" >/dev/null || fail "there is no ${run[0]}"
vm=()
while read -r source definitions; do
  # shellcheck disable=SC2086 # words
  "$python" -m ziglang cc -target "$target" "${flags[@]}" $definitions -O1 -c "$source" -o object.o \
    >log 2>&1 || fail "$source: $(cat log)"
  case $source in */refvm/isa/* | */refvm/vm/*) vm+=("$source") ;; esac
done <"$sources"
"$python" -m ziglang cc -target "$musl" "${flags[@]}" -D_POSIX_C_SOURCE=200809L -O1 -static \
  "$SOURCE/tests/vm/embed.c" "${vm[@]}" -o embed
expect "R0 = 55 after 33 instructions" "${run[@]}" ./embed
