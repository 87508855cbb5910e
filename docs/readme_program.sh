#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# readme_program.sh HSX PAGE...: checks that each C program hello.c shown on a page prints what
# the page shows after `$ hsx cosim hello.hxe`.
set -euo pipefail
hsx=$1
shift
work=$(mktemp -d /tmp/hsx-readme-XXXXXX)
trap 'rm -rf "$work"' EXIT

for page in "$@"; do
  sed -n '/^\$ cat hello\.c$/,/^\$ hsx cc/{/^\$/!p}' "$page" >"$work/hello.c"
  grep -q main "$work/hello.c" || { echo "$page shows no hello.c"; exit 1; }
  "$hsx" cc -Wall -Wextra -Werror "$work/hello.c" -o "$work/hello.hxe"
  diff -u <(sed -n '/^\$ cat hello\.c$/,/^```$/p' "$page" | sed '1,/^\$ hsx cosim/d; /^```$/d') \
    <("$hsx" cosim "$work/hello.hxe" 2>/dev/null)
done
