#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test.sh VALGRIND HSX SOURCE: runs commands under valgrind's memcheck, which must find nothing.
set -eu
valgrind=$1 hsx=$2 source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# runs STATUS ARGUMENT...: hsx must end with that status; standard input is the file script.
runs() {
  wanted=$1 status=0
  shift
  "$valgrind" -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite "$hsx" "$@" \
    <script >out 2>err || status=$?
  [ "$status" = "$wanted" ] || { echo "FAIL: hsx $*: status $status, expected $wanted"; cat err; exit 1; }
}

cp "$source"/sim/demos/producer.mvasm "$source"/sim/demos/consumer.mvasm "$source"/sim/demos/console.inc .
head -n 30 "$source/tests/conformance/isa_vectors.jsonl" >vectors.jsonl
: >script
runs 0 asm producer.mvasm -o p.hxe --listing=listing
runs 0 asm consumer.mvasm -o c.hxe
runs 0 dis p.hxe
runs 0 image p.hxe --format=ihex -o words
runs 4 run --steps 900 --trace t.jsonl --json p.hxe c.hxe
runs 4 run --steps 900 --trace t.hsxt p.hxe c.hxe
runs 0 trace check t.jsonl p.hxe c.hxe
runs 0 trace check t.hsxt p.hxe c.hxe
runs 0 trace diff t.jsonl t.hsxt
runs 0 trace stats t.hsxt p.hxe c.hxe
for form in perfetto kanata vcd; do
  runs 0 trace export "--$form" t.hsxt -o export
done
runs 0 report t.hsxt -o page.html
runs 0 conform vectors.jsonl
runs 0 cosim --steps 300 p.hxe c.hxe
runs 0 fuzz --count 2 --steps 100 --jobs 2 --coverage=counts
cat >script <<'END'
bp set 1 0x10
clock run
save s
restore s
ps
info 1
disasm 1 0 4
mbox
clock step 50
watch set 1 R1
clock run
watch clear
bp clear
trace on u.jsonl
clock run
trace off
sched stats 5
stack 1
END
runs 0 shell p.hxe c.hxe
