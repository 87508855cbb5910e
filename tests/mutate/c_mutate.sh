#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c_mutate.sh BUILD SOURCE PAGE COUNT [SECONDS]: changes one operator, or leaves one call out, in the C VM or the
# executive, COUNT times, and asks their tests, then vectors and random programs in lock-step. Works
# in a copy of SOURCE in BUILD/tests/mutate/c. c_results.tsv there has a line for each: number, file:line, old and
# new text, by what it was found, "survives", or "refused" by the compiler. Goes on where it
# stopped; ends after SECONDS. Prints the score by folder, and those that live, and writes them into PAGE.
set -eu
build=$1 source=$(readlink -f "$2") page=$3 count=$4 seconds=${5:-1000000}
here=$(dirname "$(readlink -f "$0")")
end=$(($(date +%s) + seconds))
mkdir -p "$build/tests/mutate/c"
work=$(readlink -f "$build/tests/mutate/c")
copy=$work/source
results=$work/c_results.tsv
touch "$results"
tests="test_vm test_exec test_exec_recall test_exec_mailbox"

if [ ! -f "$work/sites" ]; then
  mkdir -p "$copy"
  tar -C "$source" --exclude=./build --exclude=./.git -cf - . | tar -C "$copy" -xf -
  (cd "$copy" && awk -f "$here/c_sites.awk" refvm/vm/*.c scheduler/*.c) >"$work/all"
  awk 'BEGIN { srand(1) } { print rand() "\t" $0 }' "$work/all" | sort -n | cut -f 2- >"$work/sites"
  cmake -S "$copy" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; rm "$work/sites"; exit 1; }
fi

compile() {
  ninja -C "$work/build" "$@" >"$work/log" 2>&1
}

# Whatever ends badly, or not at all, has found it.
find_it() {
  # shellcheck disable=SC2086
  compile $tests || { echo refused; return; }
  for test in $tests; do
    timeout 300 "$work/build/$test" --ignore-warnings --jobs 1 >/dev/null 2>&1 || { echo "$test"; return; }
  done
  compile hsx || { echo refused; return; }
  timeout 60 "$work/build/hsx" conform --target vm "$source/tests/conformance/isa_vectors.jsonl" \
    >/dev/null 2>&1 || { echo vectors; return; }
  timeout 60 "$work/build/hsx" fuzz --no-bundle --count 40 >/dev/null 2>&1 ||
    { echo "random programs"; return; }
  echo survives
}

[ -s "$results" ] || [ "$(find_it)" = survives ] ||
  { echo "c_mutate.sh: the tests fail without a mutant" >&2; exit 1; }
tab=$(printf '\t')
number=0
while IFS="$tab" read -r file line column old new; do
  number=$((number + 1))
  [ $number -le "$count" ] && [ "$(date +%s)" -lt "$end" ] || break
  ! grep -q "^$number$tab" "$results" || continue
  cp "$copy/$file" "$work/kept"
  awk -v line="$line" -v column="$column" -v old="$old" -v new="$new" '
    NR == line { $0 = substr($0, 1, column - 1) new substr($0, column + length(old)) }
    { print }' "$work/kept" >"$copy/$file"
  found=$(find_it)
  cp "$work/kept" "$copy/$file"
  printf '%s\t%s:%s\t%s\t%s\t%s\n' "$number" "$file" "$line" "$old" "$new" "$found" >>"$results"
done <"$work/sites"

score() {
  awk -F '\t' '
    $5 == "refused" { next }
    { folder = $2; sub(/\/[^\/]*$/, "", folder); all[folder]++; total++ }
    $5 != "survives" { found[folder]++; sum++ }
    END {
      print "| folder | mutants | found | score |"
      print "|---|--:|--:|--:|"
      for (f in all) printf "| `%s` | %d | %d | %.1f %% |\n", f, all[f], found[f], 100 * found[f] / all[f] | "sort"
      close("sort")
      if (total) printf "| all | %d | %d | %.1f %% |\n", total, sum, 100 * sum / total
    }' "$results"
  echo
  echo '```text'
  awk -F '\t' '$5 == "survives" { print "lives: " $2 ": " $3 " became " $4 }' "$results" | sort -V
  echo '```'
}
score
score | "$here/../publish.sh" "$page" mutate-c
