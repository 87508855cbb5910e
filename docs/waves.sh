#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# waves.sh HSX DEMOS OUT.png: makes the picture of waves.md. Needs gtkwave, Xvfb, xdotool and
# ImageMagick's import (Debian: gtkwave xvfb xdotool imagemagick).
set -euo pipefail
hsx=$(realpath "$1") demos=$(realpath "$2") out=$(realpath "$3")
work=$(mktemp -d)
trap 'kill $viewer $server 2>/dev/null; rm -rf "$work"' EXIT
viewer="" server=""

cd "$work"
"$hsx" cosim --wave core.fst --steps 1200 "$demos/producer.hxe" "$demos/consumer.hxe" >said 2>&1 || {
  cat said
  exit 1
}
"$hsx" wave view core.fst -o core.gtkw --cursor 100 "$demos/producer.hxe" "$demos/consumer.hxe"

display=:$((100 + $$ % 400))
Xvfb "$display" -screen 0 1500x1000x24 >/dev/null 2>&1 &
server=$!
for _ in $(seq 50); do
  [ -e "/tmp/.X11-unix/X${display#:}" ] && break
  sleep 0.1
done
DISPLAY=$display gtkwave --rcvar 'splash_disable on' --rcvar 'fontname_signals Monospace 9' --rcvar 'fontname_waves Monospace 9' \
  core.gtkw >gtkwave.log 2>&1 &
viewer=$!
sleep "${WAIT:-15}"
DISPLAY=$display import -window root "$out"
