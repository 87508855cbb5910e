#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shrink.sh HSX MODEL NUMBER WORK: passes when the bundle of the planted bug holds a program of
# at most 2 tasks and 12 instructions that shows it.
set -eu
hsx=$1 model=$2 number=$3 work=$4
HSX_PLANTED=$number
export HSX_PLANTED

fail() {
  echo "FAIL: $*"
  cat "$work/out"
  exit 1
}

rm -rf "$work"
mkdir -p "$work"
status=0
"$hsx" fuzz --model "$model" --count 200 --steps 4000 --bundle "$work/bundle" >"$work/out" 2>&1 || status=$?
[ "$status" -eq 10 ] || fail "exit status $status, expected 10"
cd "$work/bundle"
for file in report.md command.txt junit.xml task1.hxe task1.mvasm task1.sym golden.jsonl core.jsonl; do
  [ -s "$file" ] || fail "no $file"
done
found=$(sed -n 's/^Found in \([0-9]*\) tasks.* to \([0-9]*\) task.* and \([0-9]*\) instruction.*/\1 \2 \3/p' report.md)
set -- $found
[ "$1" -eq 6 ] || fail "found in $1 tasks, expected 6"
[ "$2" -le 2 ] || fail "$2 tasks, expected at most 2"
[ "$3" -le 12 ] || fail "$3 instructions, expected at most 12"

# The program shows the same difference by its own command.
rerun=$(sed -n 2p command.txt)
if [ -n "$rerun" ]; then
  status=0
  "$hsx" ${rerun#hsx } >../again 2>&1 || status=$?
  [ "$status" -eq 10 ] || fail "'$rerun' ends $status, expected 10"
  what=$(sed -n 3p report.md | sed 's/.*: \(.*\)/\1/')
  grep -qF "$what" ../again || fail "'$rerun' does not say '$what'"
fi
# The traces contain the events of each side, and name the images. State that does not show in
# events is in no trace.
if [ -n "$rerun" ]; then
  images=$(ls task*.hxe | sort -V)
  "$hsx" trace check golden.jsonl $images >../checked || fail "golden.jsonl: $(cat ../checked)"
  status=0
  "$hsx" trace check core.jsonl $images >../checked || status=$?
  case $(sed -n 3p report.md) in
  *": data memory at "*) expected=0 ;;
  *) expected=10 ;;
  esac
  [ "$status" -eq "$expected" ] || fail "core.jsonl ends $status: $(cat ../checked)"
fi
# It assembles to the same image.
"$hsx" asm task1.mvasm -o ../again.hxe
cmp task1.hxe ../again.hxe || fail "task1.mvasm is not task1.hxe"
grep -q '^<testsuite .*failures="1">' junit.xml || fail "junit.xml has no failure"
