#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs one of the project's jobs.
# Supported: Debian 12. See `./build.sh help`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

packages=(
  build-essential ca-certificates cmake ninja-build pkg-config
  libjansson-dev zlib1g-dev libzstd-dev libedit-dev libcriterion-dev
  clang clang-format libclang-rt-14-dev verilator iverilog
  yosys nextpnr-ice40 fpga-icestorm valgrind cppcheck libtcmalloc-minimal4
)
lint_packages=(clang-tidy python3)
# The packages for the tests of FuseSoC, LiteX, cocotb and zig come from PyPI
# (tests/flows/python.sh), and so do slang and a newer Verilator for lint.
python_packages=(python3-venv)
# For the C compiler and the comparisons in its tests; the rest works without them.
compiler_packages=(clang-16 llvm-16 llvm-16-dev newlib-source csmith libcsmith-dev gcc-multilib)
# For the benchmarks' comparison of C programs.
bench_packages=(gcc-riscv64-unknown-elf qemu-system-misc)

usage() {
  cat <<'TEXT'
usage: ./build.sh COMMAND

  demo    build, then co-simulate the mailbox demo in lock-step
  test    build, fuzz each parser for seven seconds, run the tests of the C libraries under
          sanitizers, then run every test
  debug   build with ASan and UBSan, then run every test
  bench   build, then print the benchmarks and refresh docs/ from them
  fpga    synthesize, place and route; write the report (long)
  board NAME
          make the bitstream of a board: icebreaker, hx8k_breakout, ulx3s (docs/boards.md);
          sim: a simulated board
  prove   make the proofs of tb/formal and write their table into docs/verification.md (long)
  mutate  [COUNT [SECONDS]] mutants of the core: which are noticed? Goes on where it stopped (long)
  mutate-c [COUNT [SECONDS]] changes of the C VM and the executive: which are noticed? (long)
  coverage
          lines of the C sources that their tests execute, at least 95 %; lines and bits of the
          core that programs reach (some minutes)
  campaign [FIRST LAST [SECONDS [CORE]]]
          random programs in lock-step with these seeds (1 to 20000), into build/campaign;
          CORE is verilator (default), gates (the netlist) or icarus; goes on where it
          stopped (long)
  lint    Verilator, Icarus and slang over the Verilog; clang-format, cppcheck and clang-tidy over
          the C. Goes on with the C that changed or was not reached (long)
  clean   remove build/
  help    this text

Each command first installs the Debian packages that it needs and that are
missing (as root or through sudo); with none missing it installs nothing.
TEXT
}

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

# Install those of the named packages that are missing.
need() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing packages: ${missing[*]}; run as root, or install sudo"
    as_root=(sudo)
  fi
  echo "build.sh: installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
  # A build that was configured without them omits what needs them.
  rm -f build/*/build.ninja
}

# Show the progress of output such as "[3/70] ..." (ninja) or " 3/70 Test ..." (CTest): a
# line that changes at a terminal, else a line for each tenth. Tests that pass are only
# counted; with "all" as the second argument the other lines are passed on.
progress() {
  awk -v what="$1" -v all="${2:-}" -v terminal="$([ -t 1 ] && echo 1)" '
    BEGIN { wipe = terminal ? "\r\033[K" : "" }
    match($0, /^ *\[?[0-9]+\/[0-9]+/) {
      counts = substr($0, RSTART, RLENGTH)
      gsub(/[^0-9\/]/, "", counts)
      split(counts, n, "/")
      if (n[1] > done) done = n[1]
      tenth = int(10 * done / n[2])
      if (terminal)
        printf "%sbuild.sh: %s: %d of %d", wipe, what, done, n[2]
      else if (tenth > last)
        printf "build.sh: %s: %d of %d\n", what, done, n[2]
      last = tenth
      shown = 1
      fflush()
      if (/ Passed +[0-9.]+ sec$/ || !all) next
    }
    !all || /^ +Start +[0-9]+: / { next }
    { print (shown ? wipe : "") $0; fflush() }
    END { if (terminal && shown) print "" }'
}

# Configure once and build what changed; quiet unless it fails.
build() {
  local preset=$1 log
  shift
  mkdir -p "build/$preset"
  log=build/$preset/build.log
  if [ ! -f "build/$preset/build.ninja" ]; then
    echo "build.sh: configuring build/$preset"
    cmake --preset "$preset" >"$log" 2>&1 || {
      cat "$log" >&2
      rm -f "build/$preset/build.ninja"
      fail "cmake --preset $preset failed"
    }
  fi
  echo "build.sh: building build/$preset"
  cmake --build "build/$preset" "$@" 2>&1 | tee "$log" | progress "build/$preset" || {
    cat "$log" >&2
    fail "the build failed; its output is above and in $log"
  }
}

# Run the tests of a preset.
run_tests() {
  echo "build.sh: testing, preset $1"
  ctest --preset "$1" 2>&1 | progress "tests of $1" all
}

case "${1:-help}" in
demo)
  need "${packages[@]}"
  build release --target hsx demos
  exec build/release/hsx cosim build/release/demos/producer.hxe build/release/demos/consumer.hxe
  ;;
test)
  need "${packages[@]}" "${compiler_packages[@]}" "${python_packages[@]}"
  mkdir -p build
  tests/flows/python.sh build/python >build/python.log 2>&1 &
  python=$!
  build release
  build fuzz --target fuzzers --target sanitized
  wait "$python" || true
  sed 's/^/build.sh: /' build/python.log
  run_tests fuzz
  run_tests release
  ;;
debug)
  need "${packages[@]}" "${compiler_packages[@]}"
  build debug
  run_tests debug
  ;;
bench)
  need "${packages[@]}" "${compiler_packages[@]}" "${bench_packages[@]}"
  build release
  exec cmake --build build/release --target bench
  ;;
fpga)
  need "${packages[@]}"
  build release
  exec cmake --build build/release --target fpga-report
  ;;
board)
  board=${2:-}
  [[ $board =~ ^(icebreaker|hx8k_breakout|ulx3s|sim)$ ]] ||
    { echo "usage: ./build.sh board icebreaker|hx8k_breakout|ulx3s|sim" >&2; exit 2; }
  need "${packages[@]}"
  if [ "$board" = sim ]; then
    build release --target hsx-board-sim --target hsx --target demos
    exit
  fi
  build release --target "board-$board" --target hsx --target demos
  ls build/release/fpga/boards/"$board".bi[nt]
  ;;
prove)
  need "${packages[@]}"
  build release --target help # configures
  exec cmake --build build/release --target prove
  ;;
mutate)
  need "${packages[@]}" python3
  build release --target hsx cosim_images test_bounds test_counters test_direct test_host_port test_reset test_rtl
  exec tests/mutate/mutate.sh "$PWD/build/release" "$(command -v yosys)" "$PWD/rtl" \
    "$PWD/docs/verification.md" "${2:-2000}" ${3:+"$3"}
  ;;
mutate-c)
  need "${packages[@]}"
  build release --target hsx shell_images test_vm test_half test_exec test_exec_recall test_exec_mailbox test_exec_memory \
    test_snapshot test_lockstep test_isolation test_stops_random test_conform test_trace_files test_run
  build fuzz --target hsx test_vm test_exec test_exec_mailbox test_exec_memory
  exec tests/mutate/c_mutate.sh build/release build/fuzz . docs/verification.md "${2:-500}" ${3:+"$3"}
  ;;
coverage)
  need "${packages[@]}" "${compiler_packages[@]}"
  tests/coverage/c.sh . build/coverage docs/verification.md
  build release --target hsx hsx_bits hsx_toggles cosim_images
  exec tests/coverage/bits.sh "$PWD/build/release/hsx" "$PWD/build/release/tests/coverage/hsx_bits.so" \
    build/release/hsx_toggles verilator build/release/tests/cosim . 99 docs/verification.md
  ;;
campaign)
  need "${packages[@]}"
  targets=(hsx)
  [ "${5:-}" != gates ] || targets+=(hsx_gates)
  build release --target "${targets[@]}"
  exec tests/campaign/campaign.sh "$PWD/build/release/hsx" "$PWD/build/campaign" docs/verification.md \
    "${2:-1}" "${3:-20000}" ${4:+"$4"} ${5:+"$5"}
  ;;
lint)
  need "${packages[@]}" "${compiler_packages[@]}" "${lint_packages[@]}" "${python_packages[@]}"
  tests/flows/python.sh "$PWD/build/lint-python" tests/style/requirements.txt "slang and the newer Verilator"
  build release --target help # configures
  PYTHON=$PWD/build/lint-python/bin/python
  [ ! -x "$PYTHON" ] || export PYTHON
  exec cmake --build build/release --target lint
  ;;
clean)
  rm -rf build
  ;;
help | -h | --help)
  usage
  ;;
*)
  usage >&2
  exit 2
  ;;
esac
