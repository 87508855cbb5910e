#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c_find.sh BUILD SANITIZED SOURCE ROUND FILE LINE COLUMN OLD NEW: replaces OLD by NEW at that place of the
# FILE, and runs tests. ROUND first: those that know most about the file; second: others, then those of
# the build SANITIZED with ASan, UBSan and LeakSanitizer ("none": without these). Prints what detected
# the change, "survives", or "refused" (by the compiler). Only that file is compiled; it precedes the
# libraries of the build, so that the linker omits their member. c_find.sh BUILD SANITIZED SOURCE prepare:
# to be called first: records how the files are compiled and linked.
set -eu
build=$1 sanitized=$2 source=$3 round=$4
work=$build/tests/mutate/c
tests="test_vm test_half test_exec test_exec_recall test_exec_mailbox test_exec_memory test_snapshot
test_lockstep test_isolation test_stops_random test_conform test_trace_files test_run"
sanitized_tests="test_vm test_exec test_exec_mailbox test_exec_memory"

# links BUILD LIST OF PROGRAMS TO: how they are linked.
links() {
  for program in $2; do
    ninja -C "$1" -t commands "$program" | tail -n 1 |
      sed 's/^: && //; s/ && :$//; s|^\(.*\) -o [^ ]* |\1 MUTANT -o PROGRAM |' >"$3/$program.link"
  done
}

if [ "$round" = prepare ]; then
  mkdir -p "$work/sanitized"
  links "$build" "$tests hsx" "$work"
  [ "$sanitized" = none ] || links "$sanitized" "$sanitized_tests hsx" "$work/sanitized"
  ctest --test-dir "$build" -N -V -R '^shell\.' |
    sed -n 's/^.*Test command: [^ ]*cmake "-DHSX=[^"]*" //p' | sed 's/"-DWORK=[^"]*"//' >"$work/sessions"
  exit
fi

file=$5 line=$6 column=$7 old=$8 new=$9
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
compile() {
  "$@" -std=c11 -D_GNU_SOURCE -DHSX_MUTANT -w -iquote "$source/${unit%/*}" -I "$source/refvm/include" \
    -I "$source/scheduler/include" -I "$build/refvm" -I "$build/scheduler" -c "$tmp/${unit##*/}" \
    -o "$tmp/mutant.o" 2>"$tmp/log"
}
compile cc -O0 || { echo refused; exit; }

# The build to link in, and where it is recorded how; what is added to the name of what detects a change.
from=$build links=$work by_also=
build_it() {
  [ ! -x "$tmp/$1" ] || return 0
  (cd "$from" && sed "s|MUTANT|$tmp/mutant.o|; s|PROGRAM|$tmp/$1|" "$links/$1.link" >"$tmp/link" && sh "$tmp/link")
}

# A test that fails, or does not end, has detected it. Criterion takes no notice of leaks.
seconds=8
try() {
  by=$1$by_also
  shift
  (ulimit -t "$seconds" && cd "$tmp" && HSX_TEST_PROGRAM="$tmp/hsx" timeout 300 "$@" >"$tmp/log" 2>&1) &&
    ! grep -q Sanitizer "$tmp/log" || { echo "$by"; exit 0; }
}

# run_test NAME [FILTER]
run_test() {
  build_it "$1"
  try "$1" "$tmp/$1" --ignore-warnings --jobs 1 --fail-fast ${2:+--filter "$2"}
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

if [ "$round" = first ]; then
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
    run_test test_exec_memory
    ;;
  *)
    run_test test_exec
    run_test test_exec_memory
    run_test test_exec_mailbox
    ;;
  esac
  case $file in
  scheduler/snap*) run_test test_snapshot ;;
  scheduler/*) run_test test_exec_recall ;;
  esac
  sessions
  echo survives
  exit
fi

case $file in
refvm/vm/half.c) run_test test_half ;;
esac
case $file in
refvm/*) run_test test_conform ;;
esac
for test in test_lockstep test_isolation test_stops_random test_trace_files; do
  run_test "$test"
done
build_it hsx # which test_run runs
run_test test_run '!(many)/*'

if [ "$sanitized" != none ]; then
  compile clang -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
  rm -f "$tmp"/test_* "$tmp/hsx"
  from=$sanitized links=$work/sanitized by_also=" with sanitizers" seconds=100
  case $file in
  refvm/*)
    programs --count 12
    run_test test_vm '!(ahead)/*'
    run_test test_exec '@(stops|limits|time)/*'
    ;;
  *)
    run_test test_exec
    run_test test_exec_memory
    run_test test_exec_mailbox '!(mailbox_random)/*'
    ;;
  esac
fi
echo survives
