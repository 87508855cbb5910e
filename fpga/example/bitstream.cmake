# SPDX-License-Identifier: Apache-2.0
# cmake -DSOURCES=... -DRTL=... -DROM=... -DPCF=... -DYOSYS=... -DNEXTPNR=... -DICEPACK=... -DOUT=...
#       -P bitstream.cmake
# Makes OUT.bin for the iCE40-HX8K breakout board; fails when the board's 12 MHz are not met.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${said}")
  endif()
endfunction()

string(REPLACE "," " " sources "${SOURCES}")
file(WRITE ${OUT}.ys "read_verilog -I ${RTL} ${sources}
chparam -set ROM \"${ROM}\" hsx_example_top
synth_ice40 -top hsx_example_top -json ${OUT}.json
")
run(yosys ${YOSYS} -q ${OUT}.ys)
run(nextpnr-ice40 ${NEXTPNR} -q -l ${OUT}.log --hx8k --package ct256 --pcf ${PCF} --freq 12
  --seed 1 --json ${OUT}.json --asc ${OUT}.asc)
run(icepack ${ICEPACK} ${OUT}.asc ${OUT}.bin)
file(SIZE ${OUT}.bin size)
message(STATUS "${OUT}.bin: ${size} bytes")
