// SPDX-License-Identifier: Apache-2.0
// Each kind of cell that netlist.py knows, in place of a core: hsx_cells_tb.v compares its reading of
// them with Yosys' own models.
`default_nettype none

module hsx_core (
  input  wire         clk,
  input  wire [3:0]   a,
  input  wire         d, enable, reset,
  input  wire [10:0]  raddr, waddr,
  input  wire         re, rclke, we, wclke,
  input  wire [15:0]  mask, wdata,
  output wire [127:0] data_wdata,
  output wire [1:0]   carry,
  output wire [5:0]   q,
  output wire [63:0]  rdata
);
  genvar i;
  generate
    // The first are the usual functions, the others anything.
    for (i = 0; i < 128; i = i + 1) begin : luts
      localparam [15:0] A = 16'hAAAA, B = 16'hCCCC, C = 16'hF0F0, D = 16'hFF00;
      localparam [15:0] INIT = i == 0 ? 16'h0000 : i == 1 ? 16'hFFFF : i == 2 ? A : i == 3 ? ~D
        : i == 4 ? A & B : i == 5 ? (A | ~C) : i == 6 ? (A ^ B ^ C) : i == 7 ? (A & B & C & D)
        : i == 8 ? ((A & B) | (~A & C)) : i == 9 ? ((A ^ B) & ~D) : i * 16'h9E37 + 16'h79B9;
      SB_LUT4 #(.LUT_INIT(INIT)) lut (.O(data_wdata[i]), .I0(a[0]), .I1(a[1]), .I2(a[2]), .I3(a[3]));
    end
    for (i = 0; i < 4; i = i + 1) begin : rams
      SB_RAM40_4K #(.READ_MODE(i), .WRITE_MODE(i)) ram (
        .RDATA(rdata[16*i +: 16]), .RCLK(clk), .RCLKE(rclke), .RE(re), .RADDR(raddr),
        .WCLK(clk), .WCLKE(wclke), .WE(we), .WADDR(waddr), .MASK(mask), .WDATA(wdata));
    end
  endgenerate

  SB_CARRY carry_0 (.CO(carry[0]), .I0(a[0]), .I1(a[1]), .CI(a[2]));
  SB_CARRY carry_1 (.CO(carry[1]), .I0(a[3]), .I1(a[2]), .CI(carry[0]));

  SB_DFF     dff     (.Q(q[0]), .C(clk), .D(d));
  SB_DFFE    dffe    (.Q(q[1]), .C(clk), .E(enable), .D(d));
  SB_DFFSR   dffsr   (.Q(q[2]), .C(clk), .R(reset), .D(d));
  SB_DFFSS   dffss   (.Q(q[3]), .C(clk), .S(reset), .D(d));
  SB_DFFESR  dffesr  (.Q(q[4]), .C(clk), .E(enable), .R(reset), .D(d));
  SB_DFFESS  dffess  (.Q(q[5]), .C(clk), .E(enable), .S(reset), .D(d));
endmodule

`default_nettype wire
