# SPDX-License-Identifier: Apache-2.0
# Sourced. await PROCESS TEST FILE LOG: waits until [ TEST FILE ] holds, which the process PROCESS
# causes. If that ends before, or AWAIT seconds pass, 60 by default, prints a message and LOG, and
# fails.
await() {
  local end=$((SECONDS + ${AWAIT:-60}))
  until [ "$2" "$3" ]; do
    kill -0 "$1" 2>/dev/null || { echo "what should make $3 has ended:"; cat "$4"; return 1; }
    [ "$SECONDS" -le "$end" ] || { echo "no $3 after ${AWAIT:-60} s:"; cat "$4"; return 1; }
    sleep 0.05
  done
}
