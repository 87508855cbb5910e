# SPDX-License-Identifier: Apache-2.0
# The cost of a step of the C side with two tasks and with 128, in host instructions counted by
# callgrind: independent of the load of the host. Start-up and the first steps are excluded.
#
# VALGRIND, BENCH (hsx-exec-bench): paths.

# In hundredths of an instruction for each step.
function(cost kernel tasks steps out)
  execute_process(COMMAND ${VALGRIND} --tool=callgrind --callgrind-out-file=/dev/null
    --toggle-collect=advance_counted* ${BENCH} --only ${kernel} --tasks ${tasks} --steps ${steps}
    OUTPUT_QUIET ERROR_VARIABLE said RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT said MATCHES "Collected : ([0-9]+)" OR CMAKE_MATCH_1 LESS steps)
    message(FATAL_ERROR "valgrind did not count ${kernel} with ${tasks} tasks: ${said}")
  endif()
  math(EXPR hundredths "${CMAKE_MATCH_1} * 100 / ${steps}")
  set(${out} ${hundredths} PARENT_SCOPE)
endfunction()

# At most this percentage of the cost with two tasks.
function(expect kernel steps percent)
  cost(${kernel} 2 ${steps} of_2)
  cost(${kernel} 128 ${steps} of_128)
  message("${kernel}: ${of_2} hundredths of an instruction for a step of 2 tasks, ${of_128} of 128")
  math(EXPR limit "${of_2} * ${percent} / 100")
  if(of_128 GREATER limit)
    message(SEND_ERROR "${kernel} costs more than ${percent} % of it with 128 tasks")
  endif()
endfunction()

# Letting tasks run ahead of each other has a cost per task, not per step, so switches may cost
# up to half as much again.
expect(switch 30000 170)
expect(block 10000 125)
expect(sleep 10000 125)
