#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check.sh HSX STATUS SIMULATION...: runs a simulation that leaves foreign.jsonl, and checks
# that with hsx, which must end with STATUS.
set -uo pipefail
hsx=$1 expected=$2
shift 2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
"$@"
"$hsx" trace check foreign.jsonl
status=$?
[ "$status" -eq "$expected" ] || echo "FAIL: exit status $status, expected $expected"
