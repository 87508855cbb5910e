// SPDX-License-Identifier: Apache-2.0
// The core with the two memories that a board would give it, for simulation.
//
// Guarantees: code and data memory answer one cycle after their enable, as
// block RAM does, and hold their output while not enabled. All other ports are
// those of hsx_core, but that reset and the host port's inputs reach it a cycle late, so that
// a simulator has no logic to evaluate between an input and the clock. With HSX_GATE_LEVEL
// defined the core is a netlist, which has no parameters; with HSX_WAVE defined a view for
// waves hangs on its ports. The harness may look into code_ram and data_ram while the core
// is held.
`include "hsx_retire.vh"
`default_nettype none

module hsx_sim_top #(
    parameter CONTEXTS   = 16,
    parameter WINDOWS    = 192,
    parameter HAS_MULDIV = 1,
    parameter HAS_FP16   = 1,
    parameter MUL_DSP    = 0,
    parameter CODE_BANKS = 2,
    parameter FETCH_STAGES = 1,
    parameter SKIP_IDLE  = 1
) (
    input  wire        clk,
    input  wire        rst,

    input  wire        wb_cyc,
    input  wire        wb_stb,
    input  wire        wb_we,
    input  wire [19:2] wb_adr,
    input  wire [3:0]  wb_sel,
    input  wire [31:0] wb_dat_i,
    output wire [31:0] wb_dat_o,
    output wire        wb_ack,

    output wire        trap_valid,
    output wire [2:0]  trap_kind,
    output wire [7:0]  trap_slot,
    output wire [11:0] trap_imm,
    output wire        held,
    output wire        idle,

    `HSX_RET_PORTS
);
  wire        code_en;
  wire [1:0]  code_we;
  wire [14-CODE_BANKS:0] code_addr_even;
  wire [12:0] code_addr_odd;
  wire [31:0] code_wdata;
  reg  [31:0] code_rdata_even;
  reg  [31:0] code_rdata_odd;
  wire        data_en;
  wire [3:0]  data_we;
  wire [13:0] data_addr;
  wire [31:0] data_wdata;
  reg  [31:0] data_rdata;

  reg         rst_q;
  reg         cyc_q;
  reg         stb_q;
  reg         we_q;
  reg  [19:2] adr_q;
  reg  [3:0]  sel_q;
  reg  [31:0] dat_q;

  // The strobe of the access that ends must not begin another.
  always @(posedge clk) begin
    rst_q <= rst;
    cyc_q <= wb_cyc;
    stb_q <= wb_stb && !wb_ack;
    we_q  <= wb_we;
    adr_q <= wb_adr;
    sel_q <= wb_sel;
    dat_q <= wb_dat_i;
  end

  reg [31:0] code_ram [0:16383] /*verilator public_flat_rw*/;
  reg [31:0] data_ram [0:16383] /*verilator public_flat_rw*/;

  generate
    if (CODE_BANKS == 1) begin : one_bank
      always @(posedge clk)
        if (code_en) begin
          if (code_we[0]) code_ram[code_addr_even] <= code_wdata;
          code_rdata_even <= code_ram[code_addr_even];
        end

      wire unused = &{1'b0, code_we[1], code_addr_odd};
      initial code_rdata_odd = 32'd0;
    end else begin : two_banks
      always @(posedge clk)
        if (code_en) begin
          if (code_we[0]) code_ram[{code_addr_even, 1'b0}] <= code_wdata;
          if (code_we[1]) code_ram[{code_addr_odd, 1'b1}] <= code_wdata;
          code_rdata_even <= code_ram[{code_addr_even, 1'b0}];
          code_rdata_odd  <= code_ram[{code_addr_odd, 1'b1}];
        end
    end
  endgenerate

  always @(posedge clk) begin
    if (data_en) begin
      if (data_we[0]) data_ram[data_addr][7:0] <= data_wdata[7:0];
      if (data_we[1]) data_ram[data_addr][15:8] <= data_wdata[15:8];
      if (data_we[2]) data_ram[data_addr][23:16] <= data_wdata[23:16];
      if (data_we[3]) data_ram[data_addr][31:24] <= data_wdata[31:24];
      data_rdata <= data_ram[data_addr];
    end
  end

`ifdef HSX_GATE_LEVEL
  hsx_core core (
`else
  hsx_core #(
      .CONTEXTS(CONTEXTS),
      .WINDOWS(WINDOWS),
      .HAS_MULDIV(HAS_MULDIV),
      .HAS_FP16(HAS_FP16),
      .MUL_DSP(MUL_DSP),
      .CODE_BANKS(CODE_BANKS),
      .FETCH_STAGES(FETCH_STAGES),
      .SKIP_IDLE(SKIP_IDLE)
  ) core (
`endif
      .clk(clk),
      .rst(rst_q),
      .code_en(code_en),
      .code_we(code_we),
      .code_addr_even(code_addr_even),
      .code_addr_odd(code_addr_odd),
      .code_wdata(code_wdata),
      .code_rdata_even(code_rdata_even),
      .code_rdata_odd(code_rdata_odd),
      .data_en(data_en),
      .data_we(data_we),
      .data_addr(data_addr),
      .data_wdata(data_wdata),
      .data_rdata(data_rdata),
      .wb_cyc(cyc_q),
      .wb_stb(stb_q),
      .wb_we(we_q),
      .wb_adr(adr_q),
      .wb_sel(sel_q),
      .wb_dat_i(dat_q),
      .wb_dat_o(wb_dat_o),
      .wb_ack(wb_ack),
      .trap_valid(trap_valid),
      .trap_kind(trap_kind),
      .trap_slot(trap_slot),
      .trap_imm(trap_imm),
      .held(held),
      .idle(idle),
      `HSX_RET_CONNECT
  );

`ifdef HSX_WAVE
  hsx_wave_view view (
      .clk(clk),
      .rst(rst_q),
      .wb_cyc(wb_cyc),
      .wb_stb(wb_stb),
      .wb_we(wb_we),
      .wb_adr(wb_adr),
      .wb_sel(wb_sel),
      .wb_dat_i(wb_dat_i),
      .wb_dat_o(wb_dat_o),
      .wb_ack(wb_ack),
      .held(held),
      .ret_valid(ret_valid),
      .ret_order(ret_order),
      .ret_event(ret_event),
      .ret_slot(ret_slot),
      .ret_insn(ret_insn),
      .ret_ext(ret_ext),
      .ret_pc(ret_pc),
      .ret_next_pc(ret_next_pc),
      .ret_sp(ret_sp),
      .ret_depth(ret_depth),
      .ret_psw(ret_psw),
      .ret_rd_we(ret_rd_we),
      .ret_rd(ret_rd),
      .ret_rd_value(ret_rd_value),
      .ret_r15_we(ret_r15_we),
      .ret_mem_we(ret_mem_we),
      .ret_mem_width(ret_mem_width),
      .ret_mem_addr(ret_mem_addr),
      .ret_mem_value(ret_mem_value)
  );
`endif
endmodule

`default_nettype wire
