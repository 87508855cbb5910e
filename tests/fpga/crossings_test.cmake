# SPDX-License-Identifier: Apache-2.0
# cmake -DFPGA=... -P crossings_test.cmake: the clock that the paths between two clocks allow, by reports like
# nextpnr's.
include(${FPGA}/crossings.cmake)

# path(OUT FROM TO NS...): an entry of critical_paths.
function(path out from to)
  set(steps "")
  foreach(ns ${ARGN})
    list(APPEND steps "{\"delay\": ${ns}, \"type\": \"routing\"}")
  endforeach()
  list(JOIN steps "," steps)
  set(${out} "{\"from\": \"${from}\", \"to\": \"${to}\", \"path\": [${steps}]}" PARENT_SCOPE)
endfunction()

set(clk "posedge $glbnet$clk")
set(read "posedge $glbnet$clk_read")
path(within "${clk}" "${clk}" 90.0)
path(async "<async>" "${clk}" 90.0)
path(there "${clk}" "${read}" 0.52 3.5 0.2)
path(back "${read}" "${clk}" 5.83 1.0999999046325684 0)

function(expect wanted part of)
  list(JOIN ARGN "," paths)
  hsx_crossings_fmax(got "{\"critical_paths\": [${paths}]}" ${part} ${of})
  if(got LESS wanted OR got GREATER wanted)
    message(FATAL_ERROR "${part} of ${of}: got ${got} tenths of a MHz, expected ${wanted}")
  endif()
endfunction()

# 4.22 ns in half of a cycle allow 118.4 MHz, 6.93 ns in the other half 72.1.
expect(721 1 2 "${within}" "${there}" "${async}" "${back}")
expect(824 24 56 "${there}" "${back}")
expect(591 1 4 "${back}" "${there}")
