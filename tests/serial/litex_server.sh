#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# litex_server.sh PYTHON BOARD_SIM: LiteX's own server and client reach the host port of a simulated
# board over UARTBone. PYTHON is an environment with LiteX from PyPI; without it the exit
# status is 77.
set -euo pipefail
. "$(dirname "$0")/await.sh"
python=$1 board_sim=$2
[ -x "$python/bin/litex_server" ] || { echo "SKIPPED: $python has no litex; tests/flows/python.sh makes it from PyPI"; exit 77; }
work=$(mktemp -d)
started=()
trap '[ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null; rm -rf "$work"' EXIT

"$board_sim" --link "$work/line" >"$work/board" 2>&1 &
started+=($!)
await "$!" -e "$work/line" "$work/board"
port=$("$python/bin/python" -c 'import socket; s = socket.socket(); s.bind(("localhost", 0)); print(s.getsockname()[1])')
"$python/bin/litex_server" --uart --uart-port "$work/line" --uart-baudrate 3000000 --bind-port "$port" >"$work/server" 2>&1 &
started+=($!)

timeout 120 "$python/bin/python" - "$port" <<'PYTHON' || { cat "$work/server"; exit 1; }
import sys, time
from litex import RemoteClient

DATA, CODE, CONTEXT, STATUS, ID, POP = 0x0, 0x10000, 0x20000, 0x30004, 0x3007C, 0x30034
board = RemoteClient(port=int(sys.argv[1]))
for attempt in range(100):
    try:
        board.open()
        break
    except OSError:
        time.sleep(0.1)


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got}, expected {wanted}")


expect("held", board.read(STATUS) & 1, 1)
expect("contexts and windows", board.read(ID) & 0xFFFF, 0x1010)
words = [0x01234567 * n & 0xFFFFFFFF for n in range(1, 41)]
for start in (DATA, DATA + 0x1000, CODE):  # memory, register windows, code
    board.write(start, words)
    expect(f"words at {start:#x}", board.read(start, len(words)), words)
board.write(DATA + 8, 5)
expect("one word", board.read(DATA, 4), [words[0], words[1], 5, words[3]])
for slot in (3, 1):
    board.write(CONTEXT + 64 * slot + 60, 1)
expect("queue", [board.read(POP) >> 8 & 0xFF for _ in range(2)], [3, 1])
board.close()
PYTHON
