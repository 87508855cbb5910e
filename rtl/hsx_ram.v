// SPDX-License-Identifier: Apache-2.0
// One block RAM: a write port and a synchronous read port.
//
// q shows the word at raddr one cycle after a cycle with re and keeps it while
// re is low. What q shows after a read and a write of one address in the same
// cycle is unspecified: users must not depend on it. Contents are 0 after
// configuration and survive a reset.
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

  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1)
      mem[i] = {WIDTH{1'b0}};

  always @(posedge clk)
    if (we)
      mem[waddr] <= wdata;

  always @(posedge clk)
    if (re)
      q <= mem[raddr];
endmodule

`default_nettype wire
