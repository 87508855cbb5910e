# SPDX-License-Identifier: Apache-2.0
# cmake -DTOP=... -DFAMILY=ice40|ecp5 -DSOURCES=... -DINCLUDE=... [-DPARAMETERS="NAME VALUE"] -DSYNTH=...
#       -DCONSTRAINTS=... [-DMEMORIES=... -DPLACES=...] -DOUT=... -DDEVICE=... -DMHZ=... -DSEEDS=N
#       -DYOSYS=... -DNEXTPNR=... -DPACK=... -P bitstream.cmake
# Makes OUT, a bitstream, and OUT.report, nextpnr's. A full FPGA may not route with each seed: the
# SEEDS from 1 on are tried, each for at most half an hour; fails if none meets the clock.
# The elements of lists are separated by commas. MEMORIES and PLACES are Yosys scripts: for the flat
# design before its memories are mapped, and for the cells.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${said}")
  endif()
endfunction()

string(REPLACE "," " " sources "${SOURCES}")
string(REPLACE "," ";" device "${DEVICE}")
string(REGEX REPLACE "([^,]+),?" "-I\\1 " include "${INCLUDE}")
if(PARAMETERS)
  set(parameters "chparam -set ${PARAMETERS} ${TOP}\n")
endif()
set(synth "synth_${FAMILY} -top ${TOP} ${SYNTH}")
if(MEMORIES)
  set(synth "${synth} -run begin:coarse\nproc\nflatten\nscript ${MEMORIES}\n${synth} -run coarse:blif
script ${PLACES}\nwrite_json ${OUT}.json")
else()
  string(APPEND synth " -json ${OUT}.json")
endif()
file(WRITE ${OUT}.ys "read_verilog ${include} ${sources}\n${parameters}${synth}\n")
run(yosys ${YOSYS} -q ${OUT}.ys)
if(FAMILY STREQUAL ice40)
  set(layout --pcf ${CONSTRAINTS} --asc ${OUT}.asc)
  set(pack ${PACK} ${OUT}.asc ${OUT}.new)
else()
  set(layout --lpf ${CONSTRAINTS} --textcfg ${OUT}.asc)
  set(pack ${PACK} --compress ${OUT}.asc ${OUT}.new)
endif()
foreach(seed RANGE 1 ${SEEDS})
  execute_process(COMMAND ${NEXTPNR} -q -l ${OUT}.log ${device} --freq ${MHZ} --seed ${seed}
      --json ${OUT}.json --report ${OUT}.report ${layout}
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 1800)
  if(result EQUAL 0)
    break()
  endif()
  message(STATUS "seed ${seed} does not do: ${result}")
endforeach()
if(NOT result EQUAL 0)
  message(FATAL_ERROR "nextpnr failed:\n${said}")
endif()
run(${PACK} ${pack})
file(RENAME ${OUT}.new ${OUT})
file(SIZE ${OUT} size)
message(STATUS "${OUT}: ${size} bytes")
