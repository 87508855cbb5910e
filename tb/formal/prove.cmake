# SPDX-License-Identifier: Apache-2.0
# cmake -DTOP=module -DSOURCES=a.v,b.v -DINCLUDE=dir -DMETHOD=... -DYOSYS=... -DABC=... -DOUT=prefix
#       [-DDEFINE=name] [-DCUT=module,...] -P prove.cmake
#
# METHOD is one of
#   invariant   pdr finds an invariant that implies all assertions
#   induction N bmc3 and ind: no assertion fails in the first N steps, nor behind N steps without
#               that; peeked at is what makes it so
#   bounded N   bmc3: no assertion fails in N steps
#   reach N     bmc3: every assertion fails within N steps
#
# Modules of CUT may show anything at their outputs. A wire peek_a__b_at_3 of TOP is wire b[3] of
# the instance a in the instance dut.
#
# Yosys' own ABC does it: bmc3 gets through these many times faster than z3 through
# yosys-smtbmc.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

string(REPLACE "," " " sources "${SOURCES}")
string(REPLACE "," ";" files "${SOURCES}")
string(REPLACE " " ";" METHOD "${METHOD}")
list(GET METHOD 0 method)
list(LENGTH METHOD words)
if(words GREATER 1)
  list(GET METHOD 1 steps)
endif()
if(DEFINE)
  set(DEFINE "-D ${DEFINE}")
endif()

set(cuts "")
string(REPLACE "," ";" CUT "${CUT}")
foreach(module ${CUT})
  string(APPEND cuts "cutpoint *${module} *${module}\\\\*\n")
endforeach()

set(peeks "")
list(GET files 0 harness)
file(READ ${harness} text)
string(REGEX MATCHALL "peek_[a-z0-9_]+" names "${text}")
list(REMOVE_DUPLICATES names)
list(REMOVE_ITEM names peek_x peek_a__b_at_3)
foreach(name ${names})
  string(REGEX REPLACE "^peek_" "" place ${name})
  string(REGEX REPLACE "_at_([0-9]+)$" "[\\1]" place ${place})
  string(REPLACE "__" "." place ${place})
  string(APPEND peeks "connect -nounset -set ${name} dut.${place}\n")
endforeach()

if(peeks)
  set(flatten "hierarchy -check -top ${TOP}\nproc\n${cuts}flatten\nmemory_map\n${peeks}")
else()
  set(flatten "prep -top ${TOP} -flatten\nmemory_map\n")
endif()

file(WRITE ${OUT}.ys "read_verilog -formal -I ${INCLUDE} ${DEFINE} ${sources}
${flatten}opt_clean -purge
setundef -undriven -anyseq
techmap
opt_expr
opt_clean -purge
dffunmap
abc -g AND -fast
opt_clean -purge
write_aiger -I -B -zinit ${OUT}.aig
")
run(yosys ${YOSYS} -q ${OUT}.ys)

if(method STREQUAL invariant)
  set(commands "orpos\npdr")
  set(wanted "Property proved")
elseif(method STREQUAL induction)
  math(EXPR frames "${steps} + 1")
  set(commands "bmc3 -F ${frames}\norpos\nind -F ${frames}")
  set(wanted "No output asserted in ${frames} frames.*Networks are equivalent")
elseif(method STREQUAL bounded)
  set(commands "bmc3 -F ${steps}")
  set(wanted "No output asserted in ${steps} frames")
else()
  set(commands "bmc3 -a -F ${steps}")
  set(wanted "All [0-9]+ outputs are found to be SAT")
endif()
file(WRITE ${OUT}.abc "read_aiger ${OUT}.aig\nfold\nstrash\n${commands}\n")
run(abc ${ABC} -f ${OUT}.abc)
if(NOT said MATCHES "${wanted}")
  message(FATAL_ERROR "not proven:\n${said}")
endif()
