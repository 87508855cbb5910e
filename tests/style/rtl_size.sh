#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rtl_size.sh RTL: the wiring of the core has at most 500 lines, any other file 400; each
# module is named after its file.
set -eu
failed=0
for file in "$1"/*.v; do
  name=$(basename "$file" .v)
  limit=400
  [ "$name" = hsx_core ] && limit=500
  lines=$(wc -l <"$file")
  if [ "$lines" -gt "$limit" ]; then
    echo "FAIL: $file has $lines lines, expected $limit at most"
    failed=1
  fi
  if [ "$(sed -n 's/^module \([a-z0-9_]*\).*/\1/p' "$file")" != "$name" ]; then
    echo "FAIL: $file holds another module than $name"
    failed=1
  fi
done
exit $failed
