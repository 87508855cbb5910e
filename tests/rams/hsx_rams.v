// SPDX-License-Identifier: Apache-2.0
// The three kinds of RAM of the core, in the sizes that 16 contexts need.
`default_nettype none
module hsx_rams (
  input  wire        clk, we, re,
  input  wire [3:0]  lanes,
  input  wire [7:0]  waddr, raddr,
  input  wire [31:0] wdata,
  output wire [31:0] q, q_lanes, q_a, q_b, q_15
);
  hsx_ram #(.WIDTH(32), .ADDR_BITS(5)) ram (
    .clk(clk), .we(we), .waddr(waddr[4:0]), .wdata(wdata), .re(re), .raddr(raddr[4:0]), .q(q)
  );
  hsx_lane_ram #(.LANES(4), .LANE_BITS(8), .ADDR_BITS(4)) lane_ram (
    .clk(clk), .we(lanes), .waddr(waddr[3:0]), .wdata(wdata), .re(re), .raddr(raddr[3:0]), .q(q_lanes)
  );
  wire [15:0] unused;
  hsx_window_ram #(.INDEX_BITS(4), .ROW_BITS(8)) windows (
    .clk(clk), .we(lanes), .waddr(waddr), .wdata(wdata), .we_15({4{we}}), .waddr_15(waddr),
    .wdata_15(wdata), .re(re), .window(raddr[7:4]), .a(raddr[3:0]), .b(~raddr[3:0]),
    .row_15(raddr), .q_a(q_a), .q_b(q_b), .q_15(q_15), .raddr_old(8'd0), .old_high(unused)
  );
endmodule
`default_nettype wire
