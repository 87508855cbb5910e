// SPDX-License-Identifier: Apache-2.0
// hsx_sim_top under vvp, clocked and driven by the VPI module hsx_vpi.
//
// In each clock cycle $hsx_drive sets the inputs (and waits for the harness when it has
// nothing to do), $hsx_before sees the outputs just before the rising edge, $hsx_after those
// that follow it. Time goes by only while a wave is written, in cycles in which the core
// is not held, ten units in each, so that the wave has cycle c at time 10 c (see
// hsx/rtl_link.h); all else happens in no time.
`include "hsx_retire.vh"
`default_nettype none
`timescale 100ps / 100ps

module hsx_icarus_top #(
    parameter CONTEXTS   = 16,
    parameter WINDOWS    = 16,
    parameter HAS_MULDIV = 1,
    parameter HAS_FP16   = 1,
    parameter MUL_DSP    = 0,
    parameter CODE_BANKS = 2,
    parameter FETCH_STAGES = 1,
    parameter SKIP_IDLE  = 1
);
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
      .CONTEXTS(CONTEXTS),
      .WINDOWS(WINDOWS),
      .HAS_MULDIV(HAS_MULDIV),
      .HAS_FP16(HAS_FP16),
      .MUL_DSP(MUL_DSP),
      .CODE_BANKS(CODE_BANKS),
      .FETCH_STAGES(FETCH_STAGES),
      .SKIP_IDLE(SKIP_IDLE)
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

  // Set by the VPI module.
  reg             counted;     // a wave is written and the core was not held in this cycle
  reg             wave_start;
  reg [63:0]      wave_skip;   // time before it
  reg             wave_stop;
  reg [8*4096:1]  wave_path;

  reg             writing;
  reg [11:0]      kept;        // cycles since the wave was last written to its file: left to
                               // itself vvp packs 128 MB at once, and sees nothing meanwhile
  reg             hold_seen;
  reg             settled;

  // Behind every assignment that is due, blocking or not.
  task settle;
    repeat (2) begin
      settled <= ~settled;
      @(settled);
    end
  endtask

  initial begin
    clk = 1'b0;
    counted = 1'b0;
    wave_start = 1'b0;
    wave_stop = 1'b0;
    writing = 1'b0;
    kept = 12'd0;
    hold_seen = 1'b1;
    settled = 1'b0;
    $hsx_open;
    #7;
    forever begin
      $hsx_drive;
      settle;
      $hsx_before;
      clk = 1'b1;
      settle;
      $hsx_after;
      if (wave_start) begin
        #(wave_skip);
        $dumpfile(wave_path);
        $dumpvars(0, dut);
        wave_start = 1'b0;
        writing = 1'b1;
      end
      if (wave_stop) begin
        // What changes in the same time would be written behind it.
        #1 $dumpoff;
        wave_stop = 1'b0;
        writing = 1'b0;
        #1;
      end
      if (counted) begin
        if (hold_seen) #3;
        else #5;
        hold_seen = 1'b0;
        clk = 1'b0;
        #5;
        kept = kept + 12'd1;
        if (writing && kept == 12'd0) $dumpflush;
      end else begin
        if (!hold_seen) #2;
        hold_seen = 1'b1;
        clk = 1'b0;
      end
    end
  end
endmodule

`default_nettype wire
