#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# mangled.sh HSX COUNT PROGRAM.c...: C files with random damage, a library that is cut short, and
# odd options: hsx cc ends with status 0, 1 or 2; unless it is 0 there is a message and no image.
set -euo pipefail
hsx=$1 count=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
RANDOM=20

fail() {
  echo "$*"
  head -n 3 err
  exit 1
}

# compile WANTED ARGUMENT...: WANTED are the allowed statuses.
compile() {
  local wanted=$1 status=0
  shift
  rm -f bad.hxe bad.sym
  timeout 60 "$hsx" cc "$@" 2>err || status=$?
  [[ " $wanted " == *" $status "* ]] || fail "status $status of hsx cc $*"
  [ "$status" -eq 0 ] || [ -s err ] || fail "nothing is said by hsx cc $*"
  [ "$status" -eq 0 ] || [ ! -e bad.hxe ] || fail "an image is left by hsx cc $*"
}

# Bytes of a file are changed, removed, or cut off at the end.
damage() {
  local size at
  size=$(stat -c %s "$1")
  at=$((RANDOM * 32768 + RANDOM))
  at=$((at % size))
  case $((RANDOM % 4)) in
  0) head -c "$at" "$1" ;;
  1) head -c "$at" "$1"; printf "\\x$(printf %x $((RANDOM % 256)))"; tail -c +$((at + 2)) "$1" ;;
  2) head -c "$at" "$1"; tail -c +$((at + 2 + RANDOM % 40)) "$1" ;;
  *) head -c "$at" "$1"; printf '%s' '{(*[;"' | cut -c $((RANDOM % 6 + 1)); tail -c +$((at + 1)) "$1" ;;
  esac
}

for ((i = 0; i < count; i++)); do
  for program in "$@"; do
    damage "$program" >bad.c
    compile "0 1" -I "$(dirname "$program")" -Wno-everything "-O$((i % 3))" bad.c -o bad.hxe
  done
done

echo 'int main(void) { return 0; }' >good.c
compile 0 good.c -o bad.hxe
for text in '' 'int' $'\x01\x02' 'int main(void) { return 0; }}' '#include "none.h"' '#error no' \
  'int main(void) { int v[1 << 30]; return v[5]; }' 'int f(int a) { return f(a); }'; do
  printf '%s' "$text" >bad.c
  compile 1 bad.c -o bad.hxe
done
compile 1 good.c good.c -o bad.hxe
compile 1 missing.c -o bad.hxe
compile 1 . -o bad.hxe
compile 1 good.o -o bad.hxe
for text in $'\x01\x02' 'x: FOO R1' '.export' '.export x' '.text' 'main:' '.include "none"'; do
  printf '.export good\n.text\ngood: CALL main\n%s\n' "$text" >bad.mvasm
  compile '0 1' good.c bad.mvasm -o bad.hxe
done
compile 1 good.c . -o bad.hxe
compile 1 good.c missing.mvasm -o bad.hxe
compile 1 good.c -o missing/bad.hxe
compile 2 -o bad.hxe
compile 2 good.c -o bad.hxe -O3
compile 2 good.c -o bad.hxe --heap 5
compile 2 good.c -o bad.hxe --heap many
compile 2 good.c -o bad.hxe -fpic
compile 2 good.c -o bad.hxe --frame
compile 1 good.c -o bad.hxe -D '1x'

# The library: one line that names the file.
mkdir home
cp -r "$(dirname "$hsx")"/cc/. home
for name in libhsx.bc libhsx0.bc; do
  for part in 0 1 4 100 1000 20000; do
    head -c "$part" "$(dirname "$hsx")/cc/$name" >"home/$name"
    HSX_CC_HOME=$PWD/home compile 1 -O$([ $name = libhsx.bc ] && echo 2 || echo 0) good.c -o bad.hxe
    [ "$(wc -l <err)" -eq 1 ] && grep -q "^$name: expected bitcode" err || fail "$name, $part bytes"
  done
done
HSX_CC_HOME=/nowhere compile 1 good.c -o bad.hxe
HSX_CLANG=/nowhere compile 1 good.c -o bad.hxe
echo "all refused as they should be"
