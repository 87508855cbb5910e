#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test.sh HSX PRELOAD SOURCE KIND NAME: runs the command NAME of hsx, or hsx-cc, repeatedly, each time with another
# allocation or file operation (KIND: ALLOCATION, FILE) that fails. It must end by itself, with
# success or with a line that says what is wrong, and each of its output files must be complete or
# unchanged; no other file is left. After the 100th call each 41st fails.
set -eu
hsx=$1 preload=$2 source=$3 kind=$4 name=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/good" "$work/run"
cd "$work/run"

fail() {
  echo "FAIL: ${program##*/} $command, $kind $number: $*"
  sed 's/^/  /' err
  exit 1
}

# ends STATUS COMMAND...: it must have that exit status; its output is in out and err.
ends() {
  wanted=$1
  status=0
  shift
  "$@" <script >out 2>err || status=$?
  [ "$status" = "$wanted" ]
}

: >script
number=none program=$hsx command="asm"
cp "$source/sim/demos/producer.mvasm" p.mvasm
cp "$source/sim/demos/console.inc" .
ends 0 "$hsx" asm --no-sym p.mvasm -o p.hxe || fail "no image"
case $name in
check | stats | export | vcd | report)
  ends 4 "$hsx" run --steps 20 --trace t.jsonl p.hxe || fail "no trace to look at"
  ;;
save) printf '%s\n' "save r" "trace on rt" "clock step 300" >script ;;
cc) echo "int main(void) { return 3; }" >x.c ;;
conform) head -n 20 "$source/tests/conformance/isa_vectors.jsonl" >v.jsonl ;;
restore)
  ends 0 "$hsx" shell -c "clock step 20; save s" p.hxe || fail "no snapshot to restore"
  printf '%s\n' "restore s" "ps" "clock step 20" >script
  ;;
esac
set -- *
inputs=" $* "
usual=0 timed=
case $name in
cc) program=$hsx-cc command="-fstack-usage x.c -o r.hxe" ;;
asm) command="asm --listing=rl p.mvasm -o r.hxe" ;;
dis) command="dis p.hxe" ;;
image) command="image p.hxe" ;;
words) command="image --format=readmemh -o r p.hxe" ;;
run) command="run --steps 300 p.hxe" usual=4 ;;
json) command="run --steps 300 --json p.hxe" usual=4 ;;
trace) command="run --steps 300 --trace r p.hxe" usual=4 ;;
save | restore) command="shell p.hxe" ;;
check) command="trace check --json t.jsonl p.hxe" ;;
stats) command="trace stats --json t.jsonl" ;;
export) command="trace export --perfetto t.jsonl -o r" ;;
vcd) command="trace export --vcd t.jsonl -o r" ;;
rtl) command="run --target rtl --steps 300 p.hxe" usual=4 ;;
cosim) command="cosim --steps 300 p.hxe" ;;
fuzz) command="fuzz --count 2 --steps 50 --coverage=r --no-bundle" timed=yes ;;
conform) command="conform v.jsonl" timed=yes ;;
report) command="report t.jsonl -o r" ;;
esac

# shellcheck disable=SC2086
ends "$usual" "$program" $command || fail "it fails without a failure"
results=
for file in *; do
  case $inputs in
  *" $file "*) ;;
  *) results="$results $file" ;;
  esac
done
cp out ../good
read -r good <out || good=
# shellcheck disable=SC2086
[ -z "$results" ] || cp $results ../good
set -- *
files=$*
export HSX_FAIL_NOT=not
ulimit -t 60
number=0
# Some thousand times for all tests: the shell starts no other program without need.
while :; do
  number=$((number + (number < 100 ? 1 : 41)))
  [ "$number" -lt 20000 ] || { echo "FAIL: no end of calls"; exit 1; }
  for file in $results; do
    echo before >"$file"
  done
  status=0
  export "HSX_FAIL_$kind=$number"
  # shellcheck disable=SC2086
  LD_PRELOAD="$preload" "$program" $command <script >out 2>err || status=$?
  [ "$status" -lt 124 ] || fail "it ended with status $status"
  if [ -f not ]; then
    break
  fi
  [ "$status" -eq 0 ] || [ -s err ] || fail "status $status, and nothing is said"
  for file in $results; do
    content=
    read -r content <"$file" || true
    if [ "$content" = before ]; then
      [ "$status" -ne 0 ] || fail "success without the file $file"
    else
      cmp -s "$file" "../good/$file" || fail "half a file: $file"
    fi
  done
  if [ "$status" -eq 0 ] && [ ! -s err ]; then
    if [ -n "$timed" ]; then
      read -r said <out && [ "${said%%,*}" = "${good%%,*}" ] || fail "success with another output"
    else
      cmp -s out ../good/out || fail "success with half an output"
    fi
  fi
  set -- *
  [ "$*" = "$files" ] || fail "other files are left: $* instead of $files"
done
echo "$number calls"
[ "$number" -gt 3 ] || { echo "FAIL: too few"; exit 1; }
