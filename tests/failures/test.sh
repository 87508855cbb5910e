#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test.sh HSX PRELOAD SOURCE KIND NAME: runs the command NAME repeatedly, each time with another
# allocation or file operation (KIND: ALLOCATION, FILE) that fails. It must end by itself, with
# success or with a line that says what is wrong, and its output file must be complete or unchanged;
# no other file is left. After the 100th call each 41st fails.
set -eu
hsx=$1 preload=$2 source=$3 kind=$4 name=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "FAIL: hsx $command, $kind $number: $*"
  sed 's/^/  /' err
  exit 1
}

# ends STATUS COMMAND...: it must have that exit status; its output is in out and err.
ends() {
  wanted=$1
  status=0
  shift
  "$@" >out 2>err || status=$?
  [ "$status" = "$wanted" ]
}

cp "$source/sim/demos/producer.mvasm" p.mvasm
cp "$source/sim/demos/console.inc" .
"$hsx" asm p.mvasm -o p.hxe >/dev/null
rm p.sym
number=none command="run --steps 20"
case $name in
check | stats | report) ends 4 "$hsx" run --steps 20 --trace t.jsonl p.hxe || fail "no trace to look at" ;;
esac
usual=0
case $name in
asm) command="asm p.mvasm -o result" ;;
dis) command="dis p.hxe" ;;
image) command="image p.hxe" ;;
run) command="run --steps 300 p.hxe" usual=4 ;;
json) command="run --steps 300 --json p.hxe" usual=4 ;;
trace) command="run --steps 300 --trace result p.hxe" usual=4 ;;
check) command="trace check --json t.jsonl p.hxe" ;;
stats) command="trace stats --json t.jsonl" ;;
report) command="report t.jsonl -o result" ;;
esac

# shellcheck disable=SC2086
ends "$usual" "$hsx" $command || fail "it fails without a failure"
mv out good.out
[ ! -f result ] || mv result good
export HSX_FAIL_NOT=not
ulimit -t 60
touch out result
set -- *
files=$*
number=0
# Some thousand times for all tests: the shell starts no other program without need.
while :; do
  number=$((number + (number < 100 ? 1 : 41)))
  [ "$number" -lt 20000 ] || { echo "FAIL: no end of calls"; exit 1; }
  echo before >result
  status=0
  export "HSX_FAIL_$kind=$number"
  # shellcheck disable=SC2086
  LD_PRELOAD="$preload" "$hsx" $command >out 2>err || status=$?
  [ "$status" -lt 124 ] || fail "it ended with status $status"
  if [ -f not ]; then
    break
  fi
  [ "$status" -eq 0 ] || [ -s err ] || fail "status $status, and nothing is said"
  if [ -f good ]; then
    content=
    read -r content <result || true
    if [ "$content" = before ]; then
      [ "$status" -ne 0 ] || fail "success without a file"
    else
      cmp -s result good || fail "half a file"
    fi
  fi
  [ "$status" -ne 0 ] || [ -s err ] || cmp -s out good.out || fail "success with half an output"
  set -- *
  [ "$*" = "$files" ] || fail "other files are left: $* instead of $files"
done
echo "$number calls"
[ "$number" -gt 3 ] || { echo "FAIL: too few"; exit 1; }
