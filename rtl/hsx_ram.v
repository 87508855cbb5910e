// SPDX-License-Identifier: Apache-2.0
// One block RAM: a write port and a synchronous read port.
//
// q shows the word at raddr one cycle after a cycle with re and keeps it while
// re is low. What q shows after a read and a write of one address in the same
// cycle is unspecified: users must not depend on it. Contents are 0 after
// configuration and survive a reset. With HSX_NO_RAM_INIT defined nothing says so, for
// tools that put no RAM with initial values into blocks, on FPGAs whose blocks start at 0
// by themselves; the same holds for the other RAMs.
`default_nettype none

module hsx_ram #(
  parameter WIDTH     = 16,
  parameter ADDR_BITS = 4
) (
  input  wire                 clk,
  input  wire                 we,
  input  wire [ADDR_BITS-1:0] waddr,
  input  wire [WIDTH-1:0]     wdata,
  input  wire                 re,
  input  wire [ADDR_BITS-1:0] raddr,
  output reg  [WIDTH-1:0]     q
);
  (* ram_style = "block", no_rw_check *)
  reg [WIDTH-1:0] mem [0:(1 << ADDR_BITS)-1];

`ifndef HSX_NO_RAM_INIT
  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1)
      mem[i] = {WIDTH{1'b0}};
`endif

  always @(posedge clk)
    if (we)
      mem[waddr] <= wdata;

  always @(posedge clk)
    if (re)
      q <= mem[raddr];
endmodule

`default_nettype wire
