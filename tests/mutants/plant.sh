#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# plant.sh RTL OUT MUTANT.sed...: copies RTL to OUT with all bugs planted, each enabled by
# its number. OUT/unplanted lists those that no longer apply, whose tests then fail.
set -eu
rtl=$1 out=$2
shift 2
rm -rf "$out"
mkdir -p "$out"
cp "$rtl"/*.v "$rtl"/*.vh "$out"
: >"$out/unplanted"

number=0
for mutant; do
  number=$((number + 1))
  places=
  for file in "$out"/*.v "$out"/*.vh; do
    sed -f "$mutant" "$file" | sed "s/PLANTED/(hsx_planted::number == 8'd$number)/g" >"$out/changed"
    if ! cmp -s "$file" "$out/changed"; then
      cp "$out/changed" "$file"
      places="$places ${file##*/}"
    fi
  done
  rm "$out/changed"
  case $places in
  ' '*' '*) echo "$number: $mutant applies to more than one file of rtl/:$places" >>"$out/unplanted" ;;
  '') echo "$number: $mutant applies to no file of rtl/, expected one" >>"$out/unplanted" ;;
  esac
done
