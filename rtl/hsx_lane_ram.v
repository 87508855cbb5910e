// SPDX-License-Identifier: Apache-2.0
// One block RAM whose words are written lane by lane: a write and a synchronous
// read port.
//
// A write changes the lanes whose bit of we is set. q shows the word at raddr one
// cycle after a cycle with re and keeps it while re is low. What q shows of a lane
// after a read and a write of it in the same cycle is unspecified: users must not depend
// on it. The word's other lanes are as they are. Contents are 0 after configuration and
// survive a reset.
`default_nettype none

module hsx_lane_ram #(
  parameter LANES     = 4,
  parameter LANE_BITS = 8,
  parameter ADDR_BITS = 4
) (
  input  wire                       clk,
  input  wire [LANES-1:0]           we,
  input  wire [ADDR_BITS-1:0]       waddr,
  input  wire [LANES*LANE_BITS-1:0] wdata,
  input  wire                       re,
  input  wire [ADDR_BITS-1:0]       raddr,
  output reg  [LANES*LANE_BITS-1:0] q
);
  (* ram_style = "block", no_rw_check *)
  reg [LANES*LANE_BITS-1:0] mem [0:(1 << ADDR_BITS)-1];

`ifndef HSX_NO_RAM_INIT
  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1)
      mem[i] = {LANES*LANE_BITS{1'b0}};
`endif

  integer lane;
  always @(posedge clk)
    for (lane = 0; lane < LANES; lane = lane + 1)
      if (we[lane])
        mem[waddr][LANE_BITS*lane +: LANE_BITS] <= wdata[LANE_BITS*lane +: LANE_BITS];

  always @(posedge clk)
    if (re)
      q <= mem[raddr];
endmodule

`default_nettype wire
