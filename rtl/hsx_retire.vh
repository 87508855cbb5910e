// SPDX-License-Identifier: Apache-2.0
// Made from rtl/tables/retire.def by tables_gen; the build target core-tables makes it
// anew, a test fails when it is stale.
`ifndef HSX_RETIRE_VH
`define HSX_RETIRE_VH

// Declarations for a module's list of ports, without a comma at the end.
`define HSX_RET_PORTS \
  output wire ret_valid, \
  output wire [31:0] ret_order, \
  output wire [2:0] ret_event, \
  output wire [7:0] ret_slot, \
  output wire [31:0] ret_insn, \
  output wire [31:0] ret_ext, \
  output wire ret_ext_valid, \
  output wire [15:0] ret_pc, \
  output wire [15:0] ret_next_pc, \
  output wire [15:0] ret_sp, \
  output wire [15:0] ret_depth, \
  output wire [3:0] ret_psw, \
  output wire ret_rd_we, \
  output wire [3:0] ret_rd, \
  output wire [31:0] ret_rd_value, \
  output wire ret_r15_we, \
  output wire ret_mem_re, \
  output wire ret_mem_we, \
  output wire [2:0] ret_mem_width, \
  output wire [15:0] ret_mem_addr, \
  output wire [31:0] ret_mem_value, \
  output wire ret_turn_first, \
  output wire ret_turn_rotate

// The same as wires of a module that has no such ports.
`define HSX_RET_WIRES \
  wire ret_valid; \
  wire [31:0] ret_order; \
  wire [2:0] ret_event; \
  wire [7:0] ret_slot; \
  wire [31:0] ret_insn; \
  wire [31:0] ret_ext; \
  wire ret_ext_valid; \
  wire [15:0] ret_pc; \
  wire [15:0] ret_next_pc; \
  wire [15:0] ret_sp; \
  wire [15:0] ret_depth; \
  wire [3:0] ret_psw; \
  wire ret_rd_we; \
  wire [3:0] ret_rd; \
  wire [31:0] ret_rd_value; \
  wire ret_r15_we; \
  wire ret_mem_re; \
  wire ret_mem_we; \
  wire [2:0] ret_mem_width; \
  wire [15:0] ret_mem_addr; \
  wire [31:0] ret_mem_value; \
  wire ret_turn_first; \
  wire ret_turn_rotate;

// The port list of a module that looks at the port.
`define HSX_RET_INPUTS \
  input wire ret_valid, \
  input wire [31:0] ret_order, \
  input wire [2:0] ret_event, \
  input wire [7:0] ret_slot, \
  input wire [31:0] ret_insn, \
  input wire [31:0] ret_ext, \
  input wire ret_ext_valid, \
  input wire [15:0] ret_pc, \
  input wire [15:0] ret_next_pc, \
  input wire [15:0] ret_sp, \
  input wire [15:0] ret_depth, \
  input wire [3:0] ret_psw, \
  input wire ret_rd_we, \
  input wire [3:0] ret_rd, \
  input wire [31:0] ret_rd_value, \
  input wire ret_r15_we, \
  input wire ret_mem_re, \
  input wire ret_mem_we, \
  input wire [2:0] ret_mem_width, \
  input wire [15:0] ret_mem_addr, \
  input wire [31:0] ret_mem_value, \
  input wire ret_turn_first, \
  input wire ret_turn_rotate

// Connections of an instance to signals of the same names.
`define HSX_RET_CONNECT \
  .ret_valid(ret_valid), \
  .ret_order(ret_order), \
  .ret_event(ret_event), \
  .ret_slot(ret_slot), \
  .ret_insn(ret_insn), \
  .ret_ext(ret_ext), \
  .ret_ext_valid(ret_ext_valid), \
  .ret_pc(ret_pc), \
  .ret_next_pc(ret_next_pc), \
  .ret_sp(ret_sp), \
  .ret_depth(ret_depth), \
  .ret_psw(ret_psw), \
  .ret_rd_we(ret_rd_we), \
  .ret_rd(ret_rd), \
  .ret_rd_value(ret_rd_value), \
  .ret_r15_we(ret_r15_we), \
  .ret_mem_re(ret_mem_re), \
  .ret_mem_we(ret_mem_we), \
  .ret_mem_width(ret_mem_width), \
  .ret_mem_addr(ret_mem_addr), \
  .ret_mem_value(ret_mem_value), \
  .ret_turn_first(ret_turn_first), \
  .ret_turn_rotate(ret_turn_rotate)

// An instance whose port is left open.
`define HSX_RET_OPEN \
  /* verilator lint_off PINCONNECTEMPTY */ \
  .ret_valid(), \
  .ret_order(), \
  .ret_event(), \
  .ret_slot(), \
  .ret_insn(), \
  .ret_ext(), \
  .ret_ext_valid(), \
  .ret_pc(), \
  .ret_next_pc(), \
  .ret_sp(), \
  .ret_depth(), \
  .ret_psw(), \
  .ret_rd_we(), \
  .ret_rd(), \
  .ret_rd_value(), \
  .ret_r15_we(), \
  .ret_mem_re(), \
  .ret_mem_we(), \
  .ret_mem_width(), \
  .ret_mem_addr(), \
  .ret_mem_value(), \
  .ret_turn_first(), \
  .ret_turn_rotate() \
  /* verilator lint_on PINCONNECTEMPTY */

`endif
