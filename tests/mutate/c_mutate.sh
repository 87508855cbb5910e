#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c_mutate.sh BUILD SOURCE PAGE COUNT [SECONDS]: changes one operator, or removes one call, in the C
# VM or the executive, COUNT times, and runs their tests (c_find.sh), on all processors.
# BUILD/tests/mutate/c/results.tsv has a line for each: number, file:line, old and new text, what
# detected it, "survives", or "refused" (by the compiler). Continues where it stopped; ends after
# SECONDS. Prints the score by folder, and the survivors, and writes them into PAGE.
#
# c_mutate.sh again BUILD SOURCE PAGE: tests the survivors again.
set -eu
again=
if [ "$1" = again ]; then
  again=1
  shift
fi
build=$(readlink -f "$1") source=$(readlink -f "$2") page=$3 count=${4:-500} seconds=${5:-1000000}
here=$(dirname "$(readlink -f "$0")")
work=$build/tests/mutate/c
results=$work/results.tsv
tab=$(printf '\t')
mkdir -p "$work"
touch "$results"
export LC_ALL=C

# All places, in an order that depends only on the sources.
if [ ! -f "$work/sites" ]; then
  (cd "$source" && awk -f "$here/c_sites.awk" refvm/vm/*.c refvm/vm/exec_body.h refvm/vm/exec_macros.h refvm/isa/translate.c \
    scheduler/*.c) | awk '{ seed = (seed * 69069 + 12345) % 4294967296; printf "%.0f\t%s\n", seed, $0 }' |
    sort -n | cut -f 2- >"$work/sites"
fi
"$here/c_find.sh" "$build" "$source" prepare
# Each path through the tests, without a mutant.
for file in refvm/vm/vm.c scheduler/mailbox.c scheduler/snapshot.c; do
  said=$("$here/c_find.sh" "$build" "$source" "$file" 1 1 '' '')
  [ "$said" = survives ] || { echo "c_mutate.sh: without a mutant the tests of $file find one: $said" >&2; exit 1; }
done

if [ -n "$again" ]; then
  awk -F '\t' '$5 == "survives" { print $1 }' "$results" >"$work/numbers"
  awk -F '\t' '$5 != "survives"' "$results" >"$work/others"
  cp "$results" "$work/before"
  mv "$work/others" "$results"
else
  awk -F '\t' -v results="$results" '
    FILENAME == results { done[$1]; next } !(FNR in done) { print FNR }' "$results" "$work/sites" |
    awk -v count="$count" '$1 <= count' >"$work/numbers"
fi

# One number from the list: its line is written to the results atomically.
export build source work here results tab end=$(($(date +%s) + seconds))
xargs -r -P "$(nproc)" -n 1 sh -c '
  [ "$(date +%s)" -lt "$end" ] || exit 0
  sed -n "${1}p" "$work/sites" | {
    IFS="$tab" read -r file line column old new
    by=$("$here/c_find.sh" "$build" "$source" "$file" "$line" "$column" "$old" "$new") || exit 255
    printf "%s\t%s:%s\t%s\t%s\t%s\n" "$1" "$file" "$line" "$old" "$new" "$by" >>"$results"
  }' number <"$work/numbers"
if [ -n "$again" ]; then # those not tested for lack of time still survive
  awk -F '\t' -v results="$results" '
    FILENAME == results { done[$1]; next } $5 == "survives" && !($1 in done)' "$results" "$work/before" >"$work/late"
  cat "$work/late" >>"$results"
fi

# Survivors listed in c_equal.txt change nothing.
judge() {
  awk -F '\t' -v OFS='\t' -v source="$source/" '
    FILENAME ~ /c_equal\.txt$/ { if (!/^#/) equal[$1 FS $2 FS $3 FS $4]; next }
    $5 == "survives" {
      at = split($2, place, ":")
      for (n = 1; n <= place[2] && (getline line <(source place[1])) > 0; n++) text = line
      close(source place[1])
      sub(/^ */, "", text)
      if ((place[1] FS text FS $3 FS $4) in equal) $5 = "equal"
    }
    { print }' "$here/c_equal.txt" "$results"
}

score() {
  judge | awk -F '\t' '
    $5 == "refused" { next }
    { folder = $2; sub(/\/[^\/]*$/, "", folder); all[folder]++; all["all"]++ }
    $5 == "equal" { equal[folder]++; equal["all"]++; next }
    $5 != "survives" { found[folder]++; found["all"]++ }
    END {
      print "| folder | mutants | equal | found | score |"
      print "|---|--:|--:|--:|--:|"
      for (f in all) if (f != "all") line(f, "sort")
      close("sort")
      if (all["all"]) line("all", "cat")
    }
    function line(f, to) {
      printf "| `%s` | %d | %d | %d | %.1f %% |\n", f, all[f], equal[f], found[f],
        (all[f] > equal[f] ? 100 * found[f] / (all[f] - equal[f]) : 100) | to
    }'
  echo
  echo '```text'
  judge | awk -F '\t' '$5 == "survives" { print "survives: " $2 ": " $3 " became " $4 }' | sort -V
  echo '```'
}
[ -s "$results" ] || { echo "c_mutate.sh: the time was over before the first result: call it again to continue" >&2; exit 1; }
score
score | "$here/../publish.sh" "$page" mutate-c
