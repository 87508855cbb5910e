#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c_mutate.sh BUILD SANITIZED SOURCE PAGE COUNT [SECONDS]: changes one operator, or removes one call, in
# the C VM or the executive, COUNT times, and runs their tests (c_find.sh), on all processors.
# BUILD/tests/mutate/c/results.tsv has a line for each: the place's id (c_sites.awk), what detected the
# change, "survives", or "refused" (by the compiler); "lives" after the first round. Continues where
# it stopped, also after changes of the sources elsewhere; ends after SECONDS. Prints the score by
# folder, and the survivors, and writes them into PAGE.
#
# c_mutate.sh again BUILD SANITIZED SOURCE PAGE COUNT [SECONDS]: tests the survivors again.
set -eu
again=
if [ "$1" = again ]; then
  again=1
  shift
fi
build=$(readlink -f "$1") sanitized=$(readlink -f "$2") source=$(readlink -f "$3") page=$4 count=${5:-500}
seconds=${6:-1000000}
here=$(dirname "$(readlink -f "$0")")
work=$build/tests/mutate/c
results=$work/results.tsv
tab=$(printf '\t')
mkdir -p "$work"
touch "$results"
export LC_ALL=C

(cd "$source" && awk -f "$here/c_sites.awk" refvm/vm/*.c refvm/vm/exec_body.h refvm/vm/exec_macros.h refvm/isa/translate.c \
  scheduler/*.c) | sort | head -n "$count" >"$work/sites"
"$here/c_find.sh" "$build" "$sanitized" "$source" prepare
# Each path through the tests, without a mutant, unless they have been run since they were built.
if [ ! -e "$work/checked" ] ||
  [ -n "$(find "$build" "$sanitized" -maxdepth 1 -name "test_*" -newer "$work/checked" | head -n 1)" ]; then
  for path in first:refvm/vm/vm.c first:scheduler/mailbox.c first:scheduler/snapshot.c second:refvm/vm/vm.c \
    second:scheduler/mailbox.c; do
    said=$("$here/c_find.sh" "$build" "$sanitized" "$source" "${path%:*}" "${path#*:}" 1 1 '' '')
    [ "$said" = survives ] || { echo "c_mutate.sh: without a mutant the tests of ${path#*:} find one: $said" >&2; exit 1; }
  done
  touch "$work/checked"
fi

# Reads c_equal.txt and the results, before the places.
known='
  FILENAME ~ /c_equal\.txt$/ { if (!/^#/) equal[$1 FS $2 FS $3 FS $4]; next }
  FILENAME == results { by[$1] = $2; next }'

# ask ROUND CONDITION SURVIVES: asks about the places whose result so far, by[$1], fulfils the condition; those
# that survive get that result. Survivors listed in c_equal.txt change nothing. Each line is written to the
# results atomically; the last one counts.
export build sanitized source work here results tab end=$(($(date +%s) + seconds))
ask() {
  awk -F '\t' -v results="$results" "$known"'
    '"$2"' && !($1 in by && ($2 FS $7 FS $5 FS $6) in equal) { print $1 }' "$here/c_equal.txt" "$results" "$work/sites" |
    round=$1 survives=$3 xargs -r -P "$(nproc)" -n 1 sh -c '
      [ "$(date +%s)" -lt "$end" ] || exit 0
      grep "^$1$tab" "$work/sites" | {
        IFS="$tab" read -r id file line column old new text
        by=$("$here/c_find.sh" "$build" "$sanitized" "$source" "$round" "$file" "$line" "$column" "$old" "$new") ||
          exit 255
        [ "$by" != survives ] || by=$survives
        printf "%s\t%s\n" "$id" "$by" >>"$results"
      }' id
}
[ -z "$again" ] || ask first 'by[$1] ~ /^(survives|lives)$/' lives
ask first '!($1 in by)' lives
ask second 'by[$1] == "lives"' survives

# The places with their results.
judge() {
  awk -F '\t' -v OFS='\t' -v results="$results" "$known"'
    $1 in by {
      if (by[$1] == "lives") by[$1] = "survives"
      print $2, $3, $5, $6, by[$1] == "survives" && ($2 FS $7 FS $5 FS $6) in equal ? "equal" : by[$1]
    }
  ' "$here/c_equal.txt" "$results" "$work/sites"
}

score() {
  judge | awk -F '\t' '
    $5 == "refused" { next }
    { folder = $1; sub(/\/[^\/]*$/, "", folder); all[folder]++; all["all"]++ }
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
  judge | awk -F '\t' '$5 == "survives" { print "survives: " $1 ":" $2 ": " $3 " became " $4 }' | sort -V
  echo '```'
}
[ -s "$results" ] || { echo "c_mutate.sh: the time was over before the first result: call it again to continue" >&2; exit 1; }
score
score | "$here/../publish.sh" "$page" mutate-c
