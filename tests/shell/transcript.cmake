# SPDX-License-Identifier: Apache-2.0
# Runs one script in the shell, in a separate directory; its output and exit status must
# equal the stored text. With UPDATE the text is written.
string(REPLACE "," ";" IMAGES "${IMAGES}")
string(REPLACE "," ";" OPTIONS "${OPTIONS}")
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
file(COPY ${IMAGES} DESTINATION ${WORK})
file(WRITE ${WORK}/damaged.hxe "HSXE but no image")
execute_process(COMMAND ${HSX} shell --target ${TARGET} ${OPTIONS}
  WORKING_DIRECTORY ${WORK} INPUT_FILE ${SCRIPT} TIMEOUT 100
  OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE status)
string(APPEND said "exit ${status}\n")
if(UPDATE)
  file(WRITE ${EXPECTED} "${said}")
  return()
endif()
file(READ ${EXPECTED} expected)
if(NOT said STREQUAL expected)
  file(WRITE ${WORK}/said.txt "${said}")
  execute_process(COMMAND diff -u ${EXPECTED} ${WORK}/said.txt)
  message(FATAL_ERROR "the shell says something else than ${EXPECTED}")
endif()
