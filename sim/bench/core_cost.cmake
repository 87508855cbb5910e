# SPDX-License-Identifier: Apache-2.0
# Host instructions per cycle of the Verilated core, with sixteen tasks that run the kernels.
# Start-up is excluded: the number is the difference of two runs.
#
# VALGRIND, CORE (hsx-bench-core): paths; LIMIT: more is a failure.
foreach(steps 2000 8000)
  execute_process(COMMAND ${VALGRIND} --tool=callgrind --callgrind-out-file=/dev/null ${CORE} ${steps}
    OUTPUT_VARIABLE cycles_${steps} ERROR_VARIABLE said RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT said MATCHES "Collected : ([0-9]+)")
    message(FATAL_ERROR "valgrind did not count ${CORE}: ${said}")
  endif()
  set(counted_${steps} ${CMAKE_MATCH_1})
endforeach()
math(EXPR cycles "${cycles_8000} - ${cycles_2000}")
math(EXPR cost "(${counted_8000} - ${counted_2000}) / ${cycles}")
message("Instructions of the host for each cycle of the core: ${cost}")
if(LIMIT AND cost GREATER LIMIT)
  message(FATAL_ERROR "That is more than ${LIMIT}")
endif()
