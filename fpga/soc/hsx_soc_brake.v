// SPDX-License-Identifier: Apache-2.0
// Holds the core while the trace is full. In front of the core's host port: when `full` rises
// while the core runs, it asks the core to hold, as a host does, between two accesses of the host;
// and while it is high the host's go does nothing. The host finds a core that was held by a host, takes
// what waits, and lets it go on.
//
// From `full` until the core is held there is one access of the host, of at most 35 cycles, one
// of the brake, and what the core has begun.
`default_nettype none
`include "hsx_host_map.vh"

module hsx_soc_brake (
  input  wire        clk,
  input  wire        rst,
  input  wire        full,
  input  wire        held,      // the core is

  input  wire        host_stb,  // cyc too
  input  wire        host_we,
  input  wire [19:2] host_adr,
  input  wire [31:0] host_dat,
  output wire        host_ack,

  output wire        core_stb,
  output wire        core_we,
  output wire [19:2] core_adr,
  output wire [31:0] core_dat,
  input  wire        core_ack
);
  localparam [19:0] CTRL = `HSX_HOST_CTRL_ADDR;

  reg ours;  // the access is
  reg asked;

  wire want = full && !held && !asked;

  always @(posedge clk)
    if (rst || (ours && core_ack))
      ours <= 1'b0;
    else if (want && (!host_stb || core_ack))
      ours <= 1'b1;

  always @(posedge clk)
    if (rst || held)
      asked <= 1'b0;
    else if (ours && core_ack)
      asked <= 1'b1;

  wire goes = host_we && host_adr == CTRL[19:2];

  assign core_stb = ours || host_stb;
  assign core_we  = ours || host_we;
  assign core_adr = ours ? CTRL[19:2] : host_adr;
  assign core_dat = (ours || (goes && full)) ? 32'd0 : host_dat;
  assign host_ack = !ours && core_ack;

  wire unused = &{1'b0, CTRL[1:0]};
endmodule

`default_nettype wire
