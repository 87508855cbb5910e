#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# page.sh HSX DEMOS: shows a report of two runs in headless Chromium: there is no error on
# its console, and zoom and hover work. Without Chromium it ends with 77 and a message.
set -uo pipefail
hsx=$1 demos=$2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
  echo "skipped: Chromium is not installed"
  exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work
"$hsx" run --target rtl --trace rtl.hsxt "$demos/producer.hxe" "$demos/consumer.hxe" >/dev/null 2>&1
"$hsx" run --trace vm.jsonl "$demos/three.hxe" "$demos/three.hxe" >/dev/null 2>&1
"$hsx" report rtl.hsxt vm.jsonl -o report.html || exit 1
if grep -qE 'https?://|src=|@import' report.html; then
  echo "FAIL: the page asks for something outside of it"
  exit 1
fi
timeout 120 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr \
  --virtual-time-budget=5000 --dump-dom "file://$work/report.html#selftest" >dom 2>log
grep -o 'data-selftest="[^"]*"' dom
if grep CONSOLE log; then
  echo "FAIL: the page's console is not empty"
  exit 1
fi
grep -q 'data-selftest="zoom true hover true back true"' dom || {
  echo "FAIL: zoom or hover does not work"
  exit 1
}
grep -q 'line_text_byte' dom && grep -q 'app:demo' dom && grep -q 'producer' dom || {
  echo "FAIL: tables are empty"
  exit 1
}
echo "PASS"
