// SPDX-License-Identifier: Apache-2.0
// The core behind three pins, so that any package holds it: all inputs come
// from one shift register, all outputs are captured into another. Everything is
// registered at the core's ports, as main memories and a host would do it. The
// retirement port is left open and vanishes.
//
// The last bit shifted in says whether the outputs are captured or shifted out.
// CORE = 0 leaves the core out, to learn what the shell itself costs.
`include "hsx_retire.vh"
`default_nettype none

module hsx_shell #(
  parameter CORE       = 1,
  parameter CONTEXTS   = 16,
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1,
  parameter MUL_DSP    = 0
) (
  input  wire clk,
  input  wire in,
  output wire out
);
  localparam INPUTS  = 1 + 32 + 32 + 32 + 3 + 18 + 4 + 32;
  localparam OUTPUTS = 3 + 13 + 13 + 32 + 5 + 14 + 32 + 32 + 1 + 3 + 3 + 8 + 12;

  reg  [INPUTS:0]    stimulus;
  reg  [OUTPUTS-1:0] captured;
  wire [OUTPUTS-1:0] outputs;

  assign out = captured[OUTPUTS-1];

  always @(posedge clk) begin
    stimulus <= {stimulus[INPUTS-1:0], in};
    captured <= stimulus[INPUTS] ? outputs : {captured[OUTPUTS-2:0], 1'b0};
  end

  generate if (CORE != 0) begin : with_core
    wire        rst;
    wire [31:0] code_rdata_even;
    wire [31:0] code_rdata_odd;
    wire [31:0] data_rdata;
    wire        wb_cyc;
    wire        wb_stb;
    wire        wb_we;
    wire [19:2] wb_adr;
    wire [3:0]  wb_sel;
    wire [31:0] wb_dat_i;
    assign {rst, code_rdata_even, code_rdata_odd, data_rdata, wb_cyc, wb_stb, wb_we, wb_adr, wb_sel, wb_dat_i} =
      stimulus[INPUTS-1:0];

    wire        code_en;
    wire [1:0]  code_we;
    wire [12:0] code_addr_even;
    wire [12:0] code_addr_odd;
    wire [31:0] code_wdata;
    wire        data_en;
    wire [3:0]  data_we;
    wire [13:0] data_addr;
    wire [31:0] data_wdata;
    wire [31:0] wb_dat_o;
    wire        wb_ack;
    wire        held;
    wire        idle;
    wire        trap_valid;
    wire [2:0]  trap_kind;
    wire [7:0]  trap_slot;
    wire [11:0] trap_imm;
    assign outputs = {code_en, code_we, code_addr_even, code_addr_odd, code_wdata, data_en, data_we, data_addr,
                      data_wdata, wb_dat_o, wb_ack, held, idle, trap_valid, trap_kind, trap_slot,
                      trap_imm};

    hsx_core #(
      .CONTEXTS(CONTEXTS), .HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16), .MUL_DSP(MUL_DSP)
    ) core (
      .clk(clk), .rst(rst),
      .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
      .code_addr_odd(code_addr_odd), .code_wdata(code_wdata),
      .code_rdata_even(code_rdata_even), .code_rdata_odd(code_rdata_odd),
      .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
      .data_rdata(data_rdata),
      .wb_cyc(wb_cyc), .wb_stb(wb_stb), .wb_we(wb_we), .wb_adr(wb_adr), .wb_sel(wb_sel),
      .wb_dat_i(wb_dat_i), .wb_dat_o(wb_dat_o), .wb_ack(wb_ack),
      .held(held), .idle(idle), .trap_valid(trap_valid), .trap_kind(trap_kind),
      .trap_slot(trap_slot), .trap_imm(trap_imm),
      // The retirement port is for harnesses.
      `HSX_RET_OPEN
    );
  end else begin : alone
    assign outputs = {stimulus[INPUTS-1:0], stimulus[OUTPUTS-INPUTS-1:0]};
  end endgenerate
endmodule

`default_nettype wire
