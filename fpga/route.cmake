# SPDX-License-Identifier: Apache-2.0
# Runs nextpnr: cmake -DCOMMAND=... -DNAME=... -P route.cmake. A design that cannot be placed or routed
# is a result, so NAME.report is then written from NAME.nextpnr.log; any other failure is an error.
execute_process(COMMAND ${COMMAND} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(status EQUAL 0)
  return()
endif()
string(REGEX MATCH "ERROR: [^\n]*" error "${said}")
if(NOT error MATCHES "[Uu]nable to (place|find legal)|[Ff]ailed to (place|route|expand)|BELs? remaining|Bels remaining|[Rr]outing design failed")
  message(FATAL_ERROR "${NAME}: nextpnr failed: ${status}\n${said}")
endif()
message(STATUS "${NAME}: ${error}")
set(used "")
file(STRINGS ${NAME}.nextpnr.log lines REGEX "^Info: [ \t]*[A-Z0-9_]+: +[0-9]+/ *[0-9]+ ")
foreach(line ${lines})
  if(line MATCHES "([A-Z0-9_]+): +([0-9]+)/ *([0-9]+) ")
    list(APPEND used
      "\"${CMAKE_MATCH_1}\": {\"used\": ${CMAKE_MATCH_2}, \"available\": ${CMAKE_MATCH_3}}")
  endif()
endforeach()
list(JOIN used ", " used)
string(REGEX REPLACE "[\"\\\\]" "'" error "${error}")
file(WRITE ${NAME}.report "{\"error\": \"${error}\", \"utilization\": {${used}}}\n")
