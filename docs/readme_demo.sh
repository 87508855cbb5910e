#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# readme_demo.sh HSX DEMOS README: checks that the demo's output in the README is what the
# demo prints, except for times.
set -euo pipefail
hsx=$1 demos=$2 readme=$3

without_times() {
  sed -E 's/[0-9]+ ms$/T/; s/[0-9.]+ s \([0-9]+ steps a second\)$/T/'
}

diff -u <(sed -n '/^build.sh: building/,/^```/p' "$readme" | sed '1d; $d' | without_times) \
  <("$hsx" cosim "$demos/producer.hxe" "$demos/consumer.hxe" 2>&1 | without_times)
