#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hard.sh MODEL COUNT HSX...: how many random programs it takes to find each of the planted bugs
# that are found by fewer than one in 50, as a Markdown table with a column for each HSX, such as
# one with an earlier generator; "HSX --steer FILE" in one argument is a steered one, "HSX --corpus
# FOLDER" begins with a copy of that corpus for each bug. COUNT programs of 6 tasks, from seed 1 on,
# are run for each. MODEL is hsx_planted.so.
set -eu
model=$1 count=$2
shift 2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# found COUNT HSX [OPTION...]: programs of COUNT that show the planted bug.
found() {
  options=${3:-}
  case $options in
  *--corpus\ *)
    rm -rf "$work/corpus"
    cp -r "${options##* }" "$work/corpus"
    options="--corpus $work/corpus"
    ;;
  esac
  # shellcheck disable=SC2086
  "$2" fuzz $options --no-bundle --model "$model" --count "$1" --tasks 6 --jobs "$(nproc)" 2>/dev/null |
    sed -n 's/.* \([0-9]*\) divergences.*/\1/p'
}

programs() {
  [ "$1" -gt 0 ] && echo $(((count + $1 / 2) / $1)) || echo "more than $count"
}

printf '| planted bug |'
for hsx; do printf ' %s |' "$(basename "${hsx%% *}")${hsx#"${hsx%% *}"}"; done
printf '\n|---|'
for hsx; do printf -- '--:|'; done
echo
number=0
for bug in "$here"/*.sed "$here"/hard/*.sed; do
  number=$((number + 1))
  export HSX_PLANTED=$number
  line="| \`$(basename "$bug" .sed)\` |" rare=
  # Found often by the first one, so not hard.
  n=$(found 100 "${1%% *}")
  [ "$n" -lt 4 ] || continue
  for hsx; do
    program=${hsx%% *}
    n=$(found "$count" "$program" "${hsx#"$program"}")
    [ -n "$rare" ] || [ $((n * 50)) -lt "$count" ] || break
    rare=1
    line="$line $(programs "$n") |"
  done
  [ -z "$rare" ] || echo "$line"
done
