// SPDX-License-Identifier: Apache-2.0
// hsx_sim_top under vvp, clocked and driven by the VPI module hsx_vpi.
//
// One clock cycle is three time units: $hsx_drive sets the inputs (and waits
// for the harness when it has nothing to do), $hsx_before sees the outputs just
// before the rising edge, $hsx_after those that follow it.
`include "hsx_retire.vh"
`default_nettype none

module hsx_icarus_top;
  reg         clk;
  reg         rst;
  reg         wb_cyc;
  reg         wb_stb;
  reg         wb_we;
  reg  [19:2] wb_adr;
  reg  [3:0]  wb_sel;
  reg  [31:0] wb_dat_i;
  wire [31:0] wb_dat_o;
  wire        wb_ack;
  wire        trap_valid;
  wire [2:0]  trap_kind;
  wire [7:0]  trap_slot;
  wire [11:0] trap_imm;
  wire        held;
  wire        idle;
  `HSX_RET_WIRES

  hsx_sim_top #(
      .CONTEXTS(16),
      .WINDOWS(16)
  ) dut (
      .clk(clk),
      .rst(rst),
      .wb_cyc(wb_cyc),
      .wb_stb(wb_stb),
      .wb_we(wb_we),
      .wb_adr(wb_adr),
      .wb_sel(wb_sel),
      .wb_dat_i(wb_dat_i),
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

  initial begin
    clk = 1'b0;
    $hsx_open;
    forever begin
      #1 $hsx_drive;
      #1 $hsx_before;
      clk = 1'b1;
      #1 $hsx_after;
      clk = 1'b0;
    end
  end
endmodule

`default_nettype wire
