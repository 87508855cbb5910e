#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# page.sh LIST PAGE: PAGE has a row for each proof of LIST (CMakeLists.txt), in the same words, and none for
# another.
set -eu
list=$1 page=$2
status=0
[ -s "$list" ] || { echo "page.sh: $list has no proofs" >&2; exit 1; }
rows=$(sed -n '/^<!-- proofs: w/,/^<!-- proofs: end/p' "$page" | grep -c '^| `') || rows=0
while IFS='|' read -r name top method define cut files says; do
  grep -qF "| \`$name\` | $says | " "$page" || {
    echo "page.sh: $page has no row for the proof $name in the words of its list: run ./build.sh prove" >&2
    status=1
  }
done <"$list"
[ "$rows" -eq "$(wc -l <"$list")" ] || {
  echo "page.sh: $page has $rows rows of proofs, expected $(wc -l <"$list"): run ./build.sh prove" >&2
  status=1
}
exit $status
