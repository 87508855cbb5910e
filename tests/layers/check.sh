#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh TABLE SOURCE_DIR ARCHIVES: checks that the libraries follow the table of layers.
# ARCHIVES has a line "NAME FILE" for each library that is built.
set -euo pipefail
table=$1 source=$2 archives=$3

nm=$(while read -r name file; do
  nm -g -P "$file" 2>/dev/null | awk -v lib="$name" 'NF >= 2 && $2 ~ /^[A-Z]$/ {print lib, $2, $1}'
done <"$archives")
includes=$(awk -F'|' '!/^#/ && NF {gsub(/ /, "", $1); gsub(/ /, "", $2); if ($2 != "-") print $1, $2}' "$table" |
  while read -r name folder; do
    grep -rno --include='*.c' --include='*.h' --include='*.cpp' '^#include <hsx/[a-z_]*\.h>' "$source/$folder" |
      sed -E "s|^$source/([^:]*):([0-9]*):#include <hsx/([a-z_]*)\\.h>|$name \\1:\\2 \\3|"
  done)

awk -F'|' '
function fail(text) { print text; bad = 1 }
function words(text, into,   parts, n, i) {
  split("", into)
  n = split(text, parts, " ")
  for (i = 1; i <= n; i++) into[parts[i]] = 1
  return n
}
FILENAME == ARGV[1] {
  if (/^#/ || !NF) next
  name = $1; gsub(/ /, "", name)
  known[name] = 1
  count += 1
  words($3, list); for (other in list) {
    if (!(other in known)) fail(name " may use " other ", which is not below it in the table")
    uses[name, other] = 1
  }
  uses[name, name] = 1
  words($4, list); for (header in list) owner[header] = name
  words($5, list); for (prefix in list) {
    if (prefix in holder) fail(name " and " holder[prefix] " share the prefix " prefix)
    holder[prefix] = name
    prefixes[name] = prefixes[name] " " prefix
  }
  next
}
FILENAME == ARGV[2] {
  split($0, field, " ")
  if (!(field[1] in known)) fail(field[1] " is not in the table of layers")
  built += 1
  next
}
FILENAME == ARGV[3] {
  split($0, field, " ")
  symbols += 1
  if (field[2] == "U") { wanted[field[1], field[3]] = 1; next }
  definer[field[3]] = field[1]
  n = words(prefixes[field[1]], list)
  own = 0
  for (prefix in list) if (index(field[3], prefix) == 1) own = 1
  if (!own) fail(field[1] " defines " field[3] ", which begins with none of its prefixes")
  next
}
{
  split($0, field, " ")
  included += 1
  if (!(field[3] in owner)) fail(field[2] ": <hsx/" field[3] ".h> is not in the table of layers")
  else if (!((field[1], owner[field[3]]) in uses))
    fail(field[2] ": " field[1] " may not include <hsx/" field[3] ".h> of " owner[field[3]])
}
END {
  for (pair in wanted) {
    split(pair, field, SUBSEP)
    if (field[2] in definer && !((field[1], definer[field[2]]) in uses))
      fail(field[1] " may not use " field[2] " of " definer[field[2]])
  }
  if (built < 10 || symbols < 300 || included < 50) fail("too little was found to be checked")
  if (!bad) printf "PASS %d libraries, %d symbols, %d includes\n", built, symbols, included
  exit bad
}' "$table" "$archives" <(echo "$nm") <(echo "$includes")
