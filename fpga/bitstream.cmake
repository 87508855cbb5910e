# SPDX-License-Identifier: Apache-2.0
# cmake -DTOP=... -DFAMILY=ice40|ecp5 -DSOURCES=... -DINCLUDE=... [-DPARAMETERS="NAME VALUE [-set NAME VALUE]..."] -DSYNTH=...
#       -DCONSTRAINTS=... [-DMEMORIES=... -DPLACES=... -DREAD_AFTER=N -DREAD_OF=N] -DOUT=... -DDEVICE=... -DMHZ=... -DSEEDS=N
#       -DYOSYS=... -DNEXTPNR=... -DPACK=... -P bitstream.cmake
# Makes OUT, a bitstream, and OUT.report, nextpnr's. A full FPGA may not route with each seed: the
# SEEDS from 1 on are tried, each for at most half an hour; fails if none meets the clock.
# The elements of lists are separated by commas. Data memory is read READ_AFTER / READ_OF of a cycle after the
# clock's edge, which the paths there and back must meet. MEMORIES and PLACES are Yosys scripts: for the flat
# design before its memories are mapped, and for the cells.
include(${CMAKE_CURRENT_LIST_DIR}/crossings.cmake)

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
  if(result EQUAL 0 AND READ_OF)
    file(READ ${OUT}.report report)
    hsx_crossings_fmax(tenths "${report}" ${READ_AFTER} ${READ_OF})
    math(EXPR wanted "10 * ${MHZ}")
    if(tenths LESS wanted)
      set(result "data memory's clock allows ${tenths} tenths of a MHz")
      set(said "${result}, expected ${wanted}")
    endif()
  endif()
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
