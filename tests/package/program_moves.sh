#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The installed program finds its models relative to itself, and its manual pages have no errors.
. "$(dirname "$0")/common.sh" "$@"
hsx=$tree/bin/hsx
cp "$examples"/programs/{overflow.mvasm,console.inc} .
"$hsx" asm overflow.mvasm -o overflow.hxe
for options in "--sim icarus" "--model c128" "--model wave"; do
  # shellcheck disable=SC2086 # words
  expect "100 records compared" "$hsx" cosim --steps 100 $options overflow.hxe
done
if [ -x "$tree/bin/hsx-cc" ]; then
  echo 'int main(void) { return 7; }' >seven.c
  "$hsx" cc seven.c -o seven.hxe
  "$hsx" run seven.hxe >said 2>&1 || true
  grep -q 'exit 7\|R0 7\|7$' said || fail "$(cat said)"
fi
mkdir elsewhere
cp "$hsx" elsewhere/
if ./elsewhere/hsx cosim --steps 300 --sim icarus overflow.hxe >said 2>&1; then
  fail "a program without its files runs under Icarus"
fi
cat said
grep -q 'hsx_vpi.vpi is not where it was installed' said
command -v man >/dev/null || exit 0
for page in "$tree"/share/man/man1/*.1; do
  man -l --warnings=w -P cat "$page" >/dev/null 2>warnings || fail "$page is no manual page"
  [ ! -s warnings ] || fail "$page: $(cat warnings)"
done
