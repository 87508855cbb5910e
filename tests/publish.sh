#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# publish.sh PAGE NAME: puts standard input into the PAGE, replacing the text between the lines
# "<!-- NAME: ..." and "<!-- NAME: end -->".
set -eu
page=$1 name=$2
new=$(mktemp "$page.XXXXXX")
text=$(mktemp)
trap 'rm -f "$new" "$text"' EXIT
trap 'exit 143' TERM INT
cat >"$text"
grep -q "^<!-- $name: end -->" "$page" || { echo "publish.sh: $page has no place for $name" >&2; exit 1; }
awk -v name="$name" -v text="$text" '
  $0 == "<!-- " name ": end -->" { skip = 0 }
  !skip { print }
  index($0, "<!-- " name ": ") == 1 && $0 !~ /: end -->$/ {
    while ((getline line <text) > 0) print line
    skip = 1
  }' "$page" >"$new"
chmod 644 "$new"
mv "$new" "$page"
