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
before=$(cd "$out" && cksum *.v *.vh)
for mutant; do
  number=$((number + 1))
  sed -i -f "$mutant" "$out"/*.v "$out"/*.vh
  sed -i "s/PLANTED/(hsx_planted::number == 8'd$number)/g" "$out"/*.v "$out"/*.vh
  after=$(cd "$out" && cksum *.v *.vh)
  places=$(printf '%s\n%s\n' "$before" "$after" | sort | uniq -u | sed 's/.* / /' | sort -u | tr -d '\n')
  before=$after
  case $places in
  ' '*' '*) echo "$number: $mutant applies to more than one file of rtl/:$places" >>"$out/unplanted" ;;
  '') echo "$number: $mutant applies to no file of rtl/, expected one" >>"$out/unplanted" ;;
  esac
done
