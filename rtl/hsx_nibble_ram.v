// One block RAM with an enable for each four bits: a write and a synchronous read port.
//
// q shows the word at raddr one cycle after a cycle with re and keeps it while re
// is low. What q shows after a read and a write of one address in the same cycle is
// unspecified: users must not depend on it. Contents are 0 after configuration and
// survive a reset.
`default_nettype none

module hsx_nibble_ram #(
  parameter NIBBLES   = 4,
  parameter ADDR_BITS = 4
) (
  input  wire                 clk,
  input  wire [NIBBLES-1:0]   we,
  input  wire [ADDR_BITS-1:0] waddr,
  input  wire [4*NIBBLES-1:0] wdata,
  input  wire                 re,
  input  wire [ADDR_BITS-1:0] raddr,
  output reg  [4*NIBBLES-1:0] q
);
  (* ram_style = "block", no_rw_check *)
  reg [4*NIBBLES-1:0] mem [0:(1 << ADDR_BITS)-1];

  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1)
      mem[i] = {NIBBLES{4'd0}};

  integer n;
  always @(posedge clk)
    for (n = 0; n < NIBBLES; n = n + 1)
      if (we[n])
        mem[waddr][4*n +: 4] <= wdata[4*n +: 4];

  always @(posedge clk)
    if (re)
      q <= mem[raddr];
endmodule

`default_nettype wire
