# SPDX-License-Identifier: Apache-2.0
# The numbers of hsx.inc as macros of C: INPUT, OUTPUT.
file(STRINGS ${INPUT} lines REGEX "^\\.equ ")
set(text "// SPDX-License-Identifier: Apache-2.0\n#ifndef _HSX_NUMBERS_H\n#define _HSX_NUMBERS_H\n\n")
foreach(line ${lines})
  string(REGEX REPLACE "^\\.equ ([A-Z0-9_]+), (0x[0-9A-F]+)$" "#define HSX_\\1 \\2u\n" line "${line}")
  string(APPEND text "${line}")
endforeach()
file(WRITE ${OUTPUT} "${text}\n#endif\n")
