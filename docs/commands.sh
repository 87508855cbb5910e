#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fills a page's examples: in TEMPLATE, the lines of each block that begins with ```run are
# shell commands, run in sequence in a directory with the images and symbols of the demos, and
# with MODEL, that core as planted.so; the page, with their output, goes to standard output.
set -euo pipefail
[ $# -eq 3 ] || [ $# -eq 4 ] || {
  echo "usage: $0 HSX IMAGES TEMPLATE [MODEL]" >&2
  exit 2
}
hsx=$(realpath "$1") images=$(realpath "$2") template=$(realpath "$3")
model=${4:+$(realpath "$4")}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -n "$model" ] || cp "$images"/*.hxe "$images"/*.sym "$work"
cd "$work"
[ -z "$model" ] || ln -s "$model" planted.so
PATH=$(dirname "$hsx"):$PATH

inside=no
while IFS= read -r line; do
  case $line in
  '```run')
    inside=yes
    echo '```'
    ;;
  '```')
    inside=no
    echo '```'
    ;;
  *)
    if [ "$inside" = yes ]; then
      echo "\$ $line"
      eval "$line" 2>&1 | sed 's/ *$//' || true
    else
      printf '%s\n' "$line"
    fi
    ;;
  esac
done <"$template"
