# SPDX-License-Identifier: Apache-2.0
# Host instructions per instruction of the machine, by path:
#   api      hsx_vm_run without records, as a program that embeds the VM calls it
#   records  the same with a record of each event
#   run      hsx run, as users run it
#   sink     the executive with a sink of records that ignores them
#   trace    hsx run --trace, in binary
#   break    a step in hsx shell with a breakpoint that the tasks have passed
#   watch    the same with a watchpoint of a register that is not written
# for one task and for eight in strict rotation. Start-up is excluded: only what happens in a run of
# the VM or of the executive is counted.
#
# VALGRIND, HSX, VM (hsx-bench-vm), IMAGES: paths; CHECK: compare with the limits below.
set(STEPS 120000)
set(one ${IMAGES}/sieve.hxe)
set(eight "")
foreach(kernel xorshift sieve crc32 xorshift sieve crc32 xorshift sieve)
  list(APPEND eight ${IMAGES}/${kernel}.hxe)
endforeach()

# In hundredths of an instruction, in FUNCTION and what it calls; | stands for ; in ARGN.
function(count function out)
  string(REPLACE "|" "\\;" command "${ARGN}")
  execute_process(COMMAND ${VALGRIND} --tool=callgrind --callgrind-out-file=/dev/null
    --toggle-collect=${function} ${command} OUTPUT_QUIET ERROR_VARIABLE said RESULT_VARIABLE status)
  if(NOT said MATCHES "Collected : ([0-9]+)" OR CMAKE_MATCH_1 LESS STEPS)
    message(FATAL_ERROR "valgrind did not count ${function} of ${ARGN}: ${said}")
  endif()
  math(EXPR hundredths "${CMAKE_MATCH_1} * 100 / ${STEPS}")
  set(${out} ${hundredths} PARENT_SCOPE)
endfunction()

function(cost path out)
  set(function hsx_exec_run)
  if(path STREQUAL run)
    set(command ${HSX} run --stack 256 --steps ${STEPS})
  elseif(path STREQUAL trace)
    set(command ${HSX} run --stack 256 --steps ${STEPS} --trace-format binary --trace /dev/null)
  elseif(path STREQUAL break)
    set(command ${HSX} shell --stack 256
      -c "clock step 400 | bp set 0x8 | clock step ${STEPS}")
  elseif(path STREQUAL watch)
    set(command ${HSX} shell --stack 256
      -c "clock step 400 | watch set 1 R15 | clock step ${STEPS}")
  else()
    set(command ${VM} ${path} ${STEPS})
    if(NOT path STREQUAL sink)
      set(function hsx_vm_run)
    endif()
  endif()
  count(${function} hundredths ${command} ${ARGN})
  set(${out} ${hundredths} PARENT_SCOPE)
endfunction()

function(show hundredths out)
  math(EXPR whole "${hundredths} / 100")
  math(EXPR rest "${hundredths} % 100")
  if(rest LESS 10)
    set(rest "0${rest}")
  endif()
  set(${out} "${whole}.${rest}" PARENT_SCOPE)
endfunction()

message("Instructions of the host for each of the machine's:")
foreach(tasks one eight)
  foreach(path api records run sink trace break watch)
    cost(${path} ${tasks}_${path} ${${tasks}})
    show(${${tasks}_${path}} text)
    message("  ${path}, ${tasks} task(s): ${text}")
  endforeach()
endforeach()

# at most this percentage of another cost
function(expect what percent of)
  math(EXPR limit "${${of}} * ${percent} / 100")
  if(CHECK AND ${what} GREATER limit)
    message(SEND_ERROR "${what} costs ${${what}} hundredths of an instruction, more than "
      "${percent} % of ${of}, which costs ${${of}}")
  endif()
endfunction()

# Measured: 105, 105, 123 and 273; 251 and 220; 265 and 253; for break and watch 102 and 188, 108 and 179.
expect(one_run 112 one_api)
expect(eight_run 112 eight_api)
expect(eight_run 150 one_run)
expect(eight_records 300 one_api)
expect(one_sink 280 one_records)
expect(eight_sink 250 eight_records)
expect(one_trace 290 one_sink)
expect(eight_trace 290 eight_sink)
foreach(tasks one eight)
  expect(${tasks}_break 120 ${tasks}_run)
  expect(${tasks}_watch 230 ${tasks}_run)
endforeach()
