// SPDX-License-Identifier: Apache-2.0
// Random inputs for hsx_cells.v, after some clocks in which none is known. Addresses are few, so that
// much is read that was written.
`default_nettype none

module hsx_cells_tb;
  localparam CLOCKS = 2000;

  reg         clk = 1'b0;
  reg  [3:0]  a;
  reg         d, enable, reset, re, rclke, we, wclke;
  reg  [10:0] raddr, waddr;
  reg  [15:0] mask, wdata;

  hsx_core dut (
    .clk(clk), .a(a), .d(d), .enable(enable), .reset(reset), .raddr(raddr), .waddr(waddr), .re(re),
    .rclke(rclke), .we(we), .wclke(wclke), .mask(mask), .wdata(wdata),
    .data_wdata(), .carry(), .q(), .rdata());

  always #5 clk = !clk;

  integer n;
  initial begin
    repeat (4) @(negedge clk);
    for (n = 0; n < CLOCKS; n = n + 1) begin
      {a, d, enable, reset, mask} = $random;
      {wdata, re, rclke, we, wclke} = $random | $random << 4;
      raddr = $random & 11'h703;
      waddr = $random & 11'h703;
      @(negedge clk);
    end
    $display("PASS %0d clocks", n);
    $finish;
  end
endmodule

`default_nettype wire
