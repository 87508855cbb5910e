// SPDX-License-Identifier: Apache-2.0
// The register windows' ports: who reads and who writes them.
//
// Stage 3 reads operands, stage 8 writes results. The memory stage takes the ports for
// its accesses, at s7_addr: stage 8 is empty then, and what stage 3 reads meanwhile is
// squashed. While the core is held, s7_addr is the host's address, and the RAM of R15,
// whose low halves have rows to spare, keeps 16 bits for each slot and context field:
// host_row_we writes host_row_wdata there, s4_window_15 shows what is there. The row of
// the field pc is R15's own. For PUSH the row of the slice is read.
`default_nettype none
`include "hsx_host_map.vh"

module hsx_windows #(
  parameter SLOT_BITS  = 4,
  parameter INDEX_BITS = 4
) (
  input  wire                  clk,
  input  wire                  advance_front,
  input  wire                  held,

  input  wire [INDEX_BITS-1:0] s3_window,
  input  wire [3:0]            s3_port_a,
  input  wire [3:0]            s3_port_b,
  output wire [31:0]           s4_window_a,
  output wire [31:0]           s4_window_b,
  output wire [31:0]           s4_window_15,

  input  wire [13:2]           s7_addr,
  input  wire                  memory_reads_window,
  input  wire                  memory_writes_window,
  input  wire [3:0]            memory_window_we,
  input  wire [31:0]           memory_wdata,
  input  wire                  host_row_we,

  input  wire [INDEX_BITS-1:0] s7_window,
  input  wire [3:0]            s7_rd,
  output wire [15:0]           s8_old_high,  // of the register that was s7_rd a cycle ago

  input  wire [INDEX_BITS-1:0] s8_window,
  input  wire [3:0]            s8_reg,
  input  wire [3:0]            s8_lanes,     // of R0 to R14
  input  wire [3:0]            s8_lanes_15,
  input  wire                  s8_takes_sp,  // what R15 gets is sp, not the result
  input  wire [15:0]           s8_sp,        // or what the host writes
  input  wire [31:0]           s8_result
);
`include "hsx_windows.vh"

  localparam WINDOW_BITS = (INDEX_BITS > SLOT_BITS) ? INDEX_BITS : SLOT_BITS;
  localparam ROW_BITS    = 4 + WINDOW_BITS;

  // A window or slot as the lower part of a row.
  /* verilator lint_off UNUSEDSIGNAL */
  function [WINDOW_BITS-1:0] row_low(input [8:0] number);
    row_low = number[WINDOW_BITS-1:0];
  endfunction
  /* verilator lint_on UNUSEDSIGNAL */

  wire [3:0]             addr_reg    = s7_addr[5:2];
  wire [INDEX_BITS-1:0]  addr_window = window_index(s7_addr[13:6]);
  wire [WINDOW_BITS-1:0] addr_slot   = row_low({{(9-SLOT_BITS){1'b0}}, s7_addr[6 +: SLOT_BITS]});
  wire [WINDOW_BITS-1:0] addr_low    = row_low({{(9-INDEX_BITS){1'b0}}, addr_window});
  wire [WINDOW_BITS-1:0] s3_low      = row_low({{(9-INDEX_BITS){1'b0}}, s3_window});
  wire [WINDOW_BITS-1:0] s8_low      = row_low({{(9-INDEX_BITS){1'b0}}, s8_window});

  // ---- reads ----

  wire                   host_reads = held && !memory_reads_window;
  wire                   aside      = held || memory_reads_window;
  wire                   host_pushes = (addr_reg == `HSX_CONTEXT_PUSH);
  wire [3:0]             host_field = host_pushes ? `HSX_CONTEXT_SLICE : addr_reg;
  wire [WINDOW_BITS-1:0] aside_low  = host_reads ? addr_slot : addr_low;
  wire [ROW_BITS-1:0]    row_15     = {host_field & {4{host_reads}}, aside ? aside_low : s3_low};

  // ---- writes ----

  wire                  to_15    = memory_writes_window && addr_reg == 4'd15;
  wire [INDEX_BITS+3:0] waddr    = memory_writes_window ? {addr_window, addr_reg}
                                                        : {s8_window, s8_reg};
  wire [3:0]            we       = memory_writes_window ? memory_window_we : s8_lanes;
  wire [31:0]           wdata    = memory_writes_window ? memory_wdata : s8_result;
  wire [ROW_BITS-1:0]   waddr_15 = {addr_reg & {4{host_row_we}},
                                    host_row_we            ? addr_slot
                                    : memory_writes_window ? addr_low : s8_low};
  wire [3:0]            we_15    = (memory_window_we & {4{to_15}}) | s8_lanes_15
                                 | {2'b00, {2{host_row_we}}};
  wire [31:0]           wdata_15 = memory_writes_window         ? memory_wdata
                                 : (s8_takes_sp || host_row_we) ? {16'd0, s8_sp}
                                 :                                s8_result;

  hsx_window_ram #(.INDEX_BITS(INDEX_BITS), .ROW_BITS(ROW_BITS)) ram (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .we_15(we_15), .waddr_15(waddr_15),
    .wdata_15(wdata_15), .re(advance_front || memory_reads_window),
    .window(aside ? addr_window : s3_window), .a(aside ? addr_reg : s3_port_a), .b(s3_port_b),
    .row_15(row_15), .q_a(s4_window_a), .q_b(s4_window_b), .q_15(s4_window_15),
    .raddr_old({s7_window, s7_rd}), .old_high(s8_old_high)
  );
endmodule

`default_nettype wire
