#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fills a page's sessions with the shell: in TEMPLATE, the lines of each block
# that begins with ```hsx are commands. All blocks of a page are one session, run
# in the directory of the images; the page goes to standard output. Fails if the shell did
# not reach the last block.
set -euo pipefail
[ $# -eq 4 ] || {
  echo "usage: $0 HSX TARGET IMAGES TEMPLATE" >&2
  exit 2
}
hsx=$1 target=$2 images=$3 template=$(realpath "$4")

# A comment marks the start of each block's answers.
script() {
  awk '/^```hsx$/ { inside = 1; print "# block " ++block; next }
       /^```$/    { inside = 0 }
       inside' "$template"
}

answers=$(mktemp)
trap 'rm -f "$answers"' EXIT
(cd "$images" && script | "$hsx" shell --target "$target" --echo) >"$answers" 2>&1 || true

awk -v answers="$answers" '
  BEGIN {
    while ((getline line < answers) > 0) {
      if (line ~ /^hsx> # block [0-9]+$/) block++
      else { sub(/[ ]+$/, "", line); text[block] = text[block] line "\n" }
    }
  }
  /^```hsx$/ { inside = 1; print "```"; printf "%s", text[++shown]; next }
  /^```$/    { inside = 0 }
  !inside
  END { exit block != shown }' "$template"
