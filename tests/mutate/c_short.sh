#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c_short.sh BUILD SOURCE: asks the tests about the changes of the C sources that c_short.txt lists, each of which
# they must find.
set -eu
build=$(readlink -f "$1") source=$(readlink -f "$2")
here=$(dirname "$(readlink -f "$0")")
tab=$(printf '\t')
lost=0
mkdir -p "$build/tests/mutate/c"
"$here/c_find.sh" "$build" none "$source" prepare
while IFS="$tab" read -r file text old new; do
  case $file in '#'*) continue ;; esac
  place=$(text=$text old=$old awk '
    index($0, ENVIRON["text"]) {
      n++
      print FNR, index($0, ENVIRON["text"]) - 1 + index(ENVIRON["text"], ENVIRON["old"])
    }
    END { exit n != 1 }' "$source/$file") ||
    { echo "c_short.sh: $file has not one line with '$text': c_short.txt needs another" >&2; exit 1; }
  by=$("$here/c_find.sh" "$build" none "$source" first "$file" "${place% *}" "${place#* }" "$old" "$new")
  echo "$file:${place% *}: $old became $new: $by"
  case $by in survives | refused) lost=1 ;; esac
done <"$here/c_short.txt"
exit $lost
