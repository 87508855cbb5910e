#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A project that includes this one with add_subdirectory gets only its libraries.
. "$(dirname "$0")/common.sh" "$@"
cat >CMakeLists.txt <<TEXT
cmake_minimum_required(VERSION 3.25)
project(user C)
add_subdirectory($SOURCE hsx)
add_executable(tasks $examples/tasks.c)
target_link_libraries(tasks PRIVATE hsx::hsx_static)
enable_testing()
TEXT
"$CMAKE" -S . -B build >log 2>&1 || fail "$(cat log)"
"$CMAKE" --build build --target tasks >log 2>&1 || fail "$(tail -40 log)"
expect "[1] hello" "$(find build -name tasks -type f)"
expect "Total Tests: 0" "$CTEST" --test-dir build -N
