#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# python.sh DIR [REQUIREMENTS WHAT]: makes DIR a Python environment with the packages of REQUIREMENTS
# (requirements.txt), unless it is one already. Without PyPI there is no environment, and WHAT needs it
# (the tests of flows) is skipped; the status is still 0.
set -euo pipefail
dir=$1
wanted=${2:-$(dirname "${BASH_SOURCE[0]}")/requirements.txt}
what=${3:-the tests of FuseSoC, LiteX, cocotb and zig}
if cmp -s "$wanted" "$dir/requirements.txt"; then exit 0; fi

without() {
  rm -rf "$dir"
  echo "no Python packages, for $*: $what will be skipped"
  exit 0
}

rm -rf "$dir"
mkdir -p "$(dirname "$dir")"
python3 -m venv "$dir" || without "python3 -m venv failed (Debian: python3-venv)"
"$dir/bin/pip" install --quiet --disable-pip-version-check --no-compile --retries 1 --timeout 20 \
  --requirement "$wanted" || without "pip got no further"
# Written last: the environment is complete.
cp "$wanted" "$dir/requirements.txt"
