# SPDX-License-Identifier: Apache-2.0
# The cost of a step of the C side with two tasks and with 128, in host instructions counted by
# callgrind: independent of the load of the host. Start-up is excluded: each number is the
# difference of two runs.
#
# VALGRIND, BENCH (hsx-exec-bench): paths.

# In hundredths of an instruction for each step.
function(cost kernel tasks few many out)
  foreach(steps ${few} ${many})
    execute_process(COMMAND ${VALGRIND} --tool=callgrind --callgrind-out-file=/dev/null
      ${BENCH} --only ${kernel} --tasks ${tasks} --steps ${steps}
      OUTPUT_QUIET ERROR_VARIABLE said RESULT_VARIABLE status)
    if(NOT status EQUAL 0 OR NOT said MATCHES "Collected : ([0-9]+)")
      message(FATAL_ERROR "valgrind did not count ${kernel} with ${tasks} tasks: ${said}")
    endif()
    set(counted_${steps} ${CMAKE_MATCH_1})
  endforeach()
  math(EXPR hundredths "(${counted_${many}} - ${counted_${few}}) * 100 / (${many} - ${few})")
  set(${out} ${hundredths} PARENT_SCOPE)
endfunction()

# At most this percentage of the cost with two tasks.
function(expect kernel few many percent)
  cost(${kernel} 2 ${few} ${many} of_2)
  cost(${kernel} 128 ${few} ${many} of_128)
  message("${kernel}: ${of_2} hundredths of an instruction for a step of 2 tasks, ${of_128} of 128")
  math(EXPR limit "${of_2} * ${percent} / 100")
  if(of_128 GREATER limit)
    message(SEND_ERROR "${kernel} costs more than ${percent} % of it with 128 tasks")
  endif()
endfunction()

# Letting tasks run ahead of each other has a cost per task, not per step, so switches may cost
# up to half as much again.
expect(switch 30000 90000 170)
expect(block 10000 30000 125)
expect(sleep 10000 30000 125)
