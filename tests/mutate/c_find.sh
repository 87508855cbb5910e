#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c_find.sh BUILD SOURCE FILE LINE COLUMN OLD NEW: replaces OLD by NEW at that place of the FILE,
# and runs the tests. Prints what detected the change, "survives", or "refused" (by the compiler).
# Only that file is compiled, without optimization; it precedes the libraries of BUILD, so that the
# linker omits their member. c_find.sh BUILD SOURCE prepare: to be called first: records how the
# files are compiled and linked.
set -eu
build=$1 source=$2 file=$3
work=$build/tests/mutate/c
tests="test_vm test_exec test_exec_recall test_exec_mailbox test_snapshot"

if [ "$file" = prepare ]; then
  for program in $tests hsx; do
    ninja -C "$build" -t commands "$program" | tail -n 1 |
      sed 's/^: && //; s/ && :$//; s|^\(.*\) -o [^ ]* |\1 MUTANT -o PROGRAM |' >"$work/$program.link"
  done
  ctest --test-dir "$build" -N -V -R '^shell\.' |
    sed -n 's/^.*Test command: [^ ]*cmake "-DHSX=[^"]*" //p' | sed 's/"-DWORK=[^"]*"//' >"$work/sessions"
  exit
fi

line=$4 column=$5 old=$6 new=$7
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
ulimit -c 0

# Headers are parts of exec.c, and are searched for next to the including file.
unit=$file
case $file in
*.h)
  unit=refvm/vm/exec.c
  cp "$source"/refvm/vm/exec* "$tmp/"
  ;;
*) cp "$source/$unit" "$tmp/" ;;
esac
line=$line column=$column old=$old new=$new awk '
  NR == ENVIRON["line"] {
    if (substr($0, ENVIRON["column"], length(ENVIRON["old"])) != ENVIRON["old"]) exit 1
    $0 = substr($0, 1, ENVIRON["column"] - 1) ENVIRON["new"] substr($0, ENVIRON["column"] + length(ENVIRON["old"]))
  }
  { print }' "$source/$file" >"$tmp/changed" ||
  { echo "c_find.sh: $file:$line: '$old' is no longer there; remove $work to begin again" >&2; exit 1; }
mv "$tmp/changed" "$tmp/${file##*/}"
cc -std=c11 -D_GNU_SOURCE -DHSX_MUTANT -w -O0 -iquote "$source/${unit%/*}" -I "$source/refvm/include" \
  -I "$source/scheduler/include" -I "$build/refvm" -I "$build/scheduler" -c "$tmp/${unit##*/}" \
  -o "$tmp/mutant.o" 2>"$tmp/log" || { echo refused; exit; }

build_it() {
  [ ! -x "$tmp/$1" ] || return 0
  (cd "$build" && sed "s|MUTANT|$tmp/mutant.o|; s|PROGRAM|$tmp/$1|" "$work/$1.link" >"$tmp/link" && sh "$tmp/link")
}

# A test that fails, or does not end, has detected it.
try() {
  by=$1
  shift
  (ulimit -t 8 && cd "$tmp" && timeout 200 "$@" >/dev/null 2>&1) || { echo "$by"; exit 0; }
}

run_test() {
  build_it "$1"
  try "$1" "$tmp/$1" --ignore-warnings --jobs 1 --fail-fast
}

programs() {
  build_it hsx
  try "random programs" "$tmp/hsx" fuzz --no-bundle "$@"
}

# The transcripts of the shell, on both machines.
sessions() {
  build_it hsx
  while IFS= read -r arguments; do
    eval "try 'sessions of the shell' cmake -DHSX='$tmp/hsx' -DWORK='$tmp/session' $arguments"
  done <"$work/sessions"
}

case $file in
refvm/*)
  programs --count 12
  build_it hsx
  try vectors "$tmp/hsx" conform --target vm "$source/tests/conformance/isa_vectors.jsonl"
  run_test test_vm
  programs --count 60 --seed 1001
  run_test test_exec
  run_test test_exec_recall
  ;;
scheduler/m*box* | scheduler/svc.c | scheduler/ring.c | scheduler/wait.c | scheduler/host.c)
  run_test test_exec_mailbox
  run_test test_exec
  ;;
*)
  run_test test_exec
  run_test test_exec_mailbox
  ;;
esac
case $file in
scheduler/snap*) run_test test_snapshot ;;
scheduler/*) run_test test_exec_recall ;;
esac
sessions
echo survives
