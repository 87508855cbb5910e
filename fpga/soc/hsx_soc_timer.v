// SPDX-License-Identifier: Apache-2.0
// Ticks of a millisecond. Between the bridge and the core's host port: while `enable` is high, a
// tick is due each millisecond, and the timer gives it to the core as a host would: it holds
// the core, writes 0 to TICK_LEFT, and lets it go on. So a tick has its place in the order of
// events, and is an event of the retirement port like any other.
//
// It does so only while the core runs because the host said so last; a host's hold, or one by an
// event, stays. Ticks that are due meanwhile wait, up to 255 (`waiting`), and are
// given one after another when the host lets the core go on. `taken` says that the host has
// given one itself. The host's accesses wait until the core goes on, some hundred cycles.
`default_nettype none
`include "hsx_host_map.vh"

module hsx_soc_timer #(
  parameter CLK_HZ = 12000000
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        enable,
  input  wire        taken,
  output reg  [7:0]  waiting,
  input  wire        held,       // of the core

  input  wire        host_stb,   // cyc too
  input  wire        host_we,
  input  wire [19:2] host_adr,
  input  wire [31:0] host_dat,
  output wire        host_ack,

  output wire        core_stb,
  output wire        core_we,
  output wire [19:2] core_adr,
  output wire [31:0] core_dat,
  /* verilator lint_off UNUSEDSIGNAL */ // the cause is looked at
  input  wire [31:0] core_read,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire        core_ack
);
  localparam [31:0] PERIOD = CLK_HZ / 1000 - 1;
  localparam PERIOD_BITS = $clog2(CLK_HZ / 1000);

  localparam [19:0] CTRL      = `HSX_HOST_CTRL_ADDR;
  localparam [19:0] STATUS    = `HSX_HOST_STATUS_ADDR;
  localparam [19:0] TICK_LEFT = `HSX_HOST_TICK_LEFT_ADDR;

  localparam [2:0] REST = 3'd0; // the bus is the host's
  localparam [2:0] HOLD = 3'd1;
  localparam [2:0] WAIT = 3'd2;
  localparam [2:0] LOOK = 3'd3; // why it is held
  localparam [2:0] DUE  = 3'd4;
  localparam [2:0] GO   = 3'd5;

  reg [PERIOD_BITS-1:0] clocks;
  reg [2:0]             state;
  reg                   runs;   // the host let the core go, and nothing is known to have held it

  wire now    = (clocks == {PERIOD_BITS{1'b0}});
  wire gives  = (state == GO) && core_ack;
  wire done   = (taken || gives) && waiting != 8'd0;
  wire of_us  = (state != REST);

  always @(posedge clk)
    if (rst || !enable || now)
      clocks <= PERIOD[PERIOD_BITS-1:0];
    else
      clocks <= clocks - 1'b1;

  always @(posedge clk)
    if (rst || !enable)
      waiting <= 8'd0;
    else if (now && !done && waiting != 8'hFF)
      waiting <= waiting + 8'd1;
    else if (!now && done)
      waiting <= waiting - 8'd1;

  wire sets_ctrl = host_stb && host_we && host_adr == CTRL[19:2] && host_ack;

  always @(posedge clk)
    if (rst)
      runs <= 1'b0;
    else if (sets_ctrl)
      runs <= host_dat[0];
    else if (state == LOOK && core_ack && core_read[`HSX_HOST_STATUS_CAUSE] != `HSX_HOST_CAUSE_HOST)
      runs <= 1'b0;

  always @(posedge clk)
    if (rst)
      state <= REST;
    else
      case (state)
        REST:
          if (enable && waiting != 8'd0 && runs && !held && !host_stb && !core_ack)
            state <= HOLD;
        HOLD:
          if (core_ack)
            state <= WAIT;
        WAIT:
          if (held)
            state <= LOOK;
        LOOK:
          if (core_ack)
            state <= core_read[`HSX_HOST_STATUS_CAUSE] == `HSX_HOST_CAUSE_HOST ? DUE : REST;
        DUE:
          if (core_ack)
            state <= GO;
        default:
          if (core_ack)
            state <= REST;
      endcase

  assign core_stb = of_us ? (state != WAIT) : host_stb;
  assign core_we  = of_us ? (state != LOOK) : host_we;
  assign core_adr = !of_us         ? host_adr
                  : state == LOOK  ? STATUS[19:2]
                  : state == DUE   ? TICK_LEFT[19:2]
                  :                  CTRL[19:2];
  assign core_dat = of_us ? {31'd0, state == GO} : host_dat;
  assign host_ack = !of_us && core_ack;

  wire unused = &{1'b0, CTRL[1:0], STATUS[1:0], TICK_LEFT[1:0]};
endmodule

`default_nettype wire
