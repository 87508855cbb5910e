# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests in this folder, which run in WORK: SOURCE is the project, PYTHON the
# environment made by python.sh.
set -euo pipefail
source=$1 work=$2 python=$3
rm -rf "$work"
mkdir -p "$work"
cd "$work"

fail() {
  echo "FAIL: $*"
  exit 1
}

# need_python MODULE...: skips the test if the environment or a module of it is missing.
need_python() {
  [ -x "$python/bin/python" ] || {
    echo "SKIPPED: there is no $python; tests/flows/python.sh makes it from PyPI"
    exit 77
  }
  export PATH=$python/bin:$PATH PYTHONDONTWRITEBYTECODE=1
  local module
  for module in "$@"; do
    python -c "import $module" 2>log || { cat log; fail "$python has no $module"; }
  done
}

# run COMMAND...: its output goes to the file log, and is shown if it fails.
run() {
  "$@" >log 2>&1 || fail "$*: status $?: $(cat log)"
}
