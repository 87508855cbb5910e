// SPDX-License-Identifier: Apache-2.0
// A core that answers the host and then breaks its contract in the way that a
// macro names: the harness must tell how. Same ports as the real one.
//   BROKEN_X      the second record has X in ret_rd_value
//   BROKEN_HANG   neither a record nor a hold
//   BROKEN_ORDER  every second order number is left out
//   BROKEN_GAP    the same, and held after the third record
//   BROKEN_LATE   of each two records the second is shown first, which is allowed
//   BROKEN_LOOP   after go the simulation never comes to its next clock edge
//   BROKEN_DEAF   no host access is ever acknowledged: the core does not start
//   BROKEN_ACK    after go no host access is acknowledged
`include "hsx_host_map.vh"
`include "hsx_retire.vh"
`default_nettype none

module hsx_core #(
    parameter CONTEXTS = 16,
    parameter WINDOWS  = 16
) (
    input  wire        clk,
    input  wire        rst,
    output wire        code_en,
    output wire [1:0]  code_we,
    output wire [12:0] code_addr_even,
    output wire [12:0] code_addr_odd,
    output wire [31:0] code_wdata,
    input  wire [31:0] code_rdata_even,
    input  wire [31:0] code_rdata_odd,
    output wire        data_en,
    output wire [3:0]  data_we,
    output wire [13:0] data_addr,
    output wire [31:0] data_wdata,
    input  wire [31:0] data_rdata,
    input  wire        wb_cyc,
    input  wire        wb_stb,
    input  wire        wb_we,
    input  wire [19:2] wb_adr,
    input  wire [3:0]  wb_sel,
    input  wire [31:0] wb_dat_i,
    output wire [31:0] wb_dat_o,
    output reg         wb_ack,
    output reg         held,
    output wire        idle,
    output wire        trap_valid,
    output wire [2:0]  trap_kind,
    output wire [7:0]  trap_slot,
    output wire [11:0] trap_imm,
    `HSX_RET_PORTS
);
  wire go = wb_cyc && wb_stb && wb_we && {wb_adr, 2'd0} == `HSX_HOST_CTRL_ADDR && wb_dat_i[0];
  reg  went;
  reg  valid;
  reg  [31:0] order, value;

  assign code_en = 1'b0;
  assign code_we = 2'd0;
  assign code_addr_even = 13'd0;
  assign code_addr_odd = 13'd0;
  assign code_wdata = 32'd0;
  assign data_en = 1'b0;
  assign data_we = 4'd0;
  assign data_addr = 14'd0;
  assign data_wdata = 32'd0;
  // ID says 16 contexts and as many windows; all else reads as 0.
  assign wb_dat_o = ({wb_adr, 2'd0} == `HSX_HOST_ID_ADDR) ? {`HSX_HOST_MAP_VERSION, 24'h031010} : 32'd0;
  assign idle = 1'b0;
  assign trap_valid = 1'b0;
  assign trap_kind = 3'd0;
  assign trap_slot = 8'd0;
  assign trap_imm = 12'd0;
  assign ret_valid = valid;
  assign ret_order = order;
  assign ret_rd_value = value;
  assign ret_event = 3'd5;
  assign ret_slot = 8'd0;
  assign ret_insn = 32'd0;
  assign ret_ext = 32'd0;
  assign ret_ext_valid = 1'b0;
  assign ret_pc = order[15:0];
  assign ret_next_pc = 16'd0;
  assign ret_sp = 16'd0;
  assign ret_depth = 16'd0;
  assign ret_psw = 4'd0;
  assign ret_rd_we = 1'b0;
  assign ret_rd = 4'd0;
  assign ret_r15_we = 1'b0;
  assign ret_mem_re = 1'b0;
  assign ret_mem_we = 1'b0;
  assign ret_mem_width = 3'd0;
  assign ret_mem_addr = 16'd0;
  assign ret_mem_value = 32'd0;
  assign ret_turn_first = 1'b0;
  assign ret_turn_rotate = 1'b0;

  always @(posedge clk)
    if (rst) begin
      wb_ack <= 1'b0;
      held <= 1'b1;
      went <= 1'b0;
      valid <= 1'b0;
      order <= 32'd0;
      value <= 32'd0;
    end else begin
      wb_ack <= wb_cyc && wb_stb && !wb_ack;
      if (go && !went) begin
        went <= 1'b1;
        held <= 1'b0;
      end
`ifdef BROKEN_LOOP
      if (went) while (went) held <= 1'b0;
`endif
`ifdef BROKEN_DEAF
      wb_ack <= 1'b0;
`endif
`ifdef BROKEN_ACK
      if (went) wb_ack <= 1'b0;
      held <= 1'b1;
`endif
`ifdef BROKEN_X
      valid <= went;
      order <= order + {31'd0, valid};
      if (valid) value <= 32'h000X0000;
`endif
`ifdef BROKEN_ORDER
      valid <= went;
      order <= order + {30'd0, valid, 1'b0};
`endif
`ifdef BROKEN_GAP
      valid <= went && order != 32'd4;
      order <= order + {30'd0, valid, 1'b0};
      if (order == 32'd4) held <= 1'b1;
`endif
`ifdef BROKEN_LATE
      valid <= went;
      order <= !valid ? 32'd1 : order[0] ? order - 32'd1 : order + 32'd3;
`endif
    end
endmodule

`default_nettype wire
