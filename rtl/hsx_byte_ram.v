// One block RAM of 32-bit words with byte enables: a write and a synchronous read port.
//
// q shows the word at raddr one cycle after a cycle with re and keeps it while re
// is low. What is read in the cycle in which the same word is written is
// unspecified: users must not depend on it. Contents are 0 after configuration.
`default_nettype none

module hsx_byte_ram #(
  parameter ADDR_BITS = 8
) (
  input  wire                 clk,
  input  wire [3:0]           we,
  input  wire [ADDR_BITS-1:0] waddr,
  input  wire [31:0]          wdata,
  input  wire                 re,
  input  wire [ADDR_BITS-1:0] raddr,
  output reg  [31:0]          q
);
  (* ram_style = "block", no_rw_check *)
  reg [31:0] mem [0:(1 << ADDR_BITS)-1];

  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1)
      mem[i] = 32'd0;

  integer lane;
  always @(posedge clk)
    for (lane = 0; lane < 4; lane = lane + 1)
      if (we[lane])
        mem[waddr][8*lane +: 8] <= wdata[8*lane +: 8];

  always @(posedge clk)
    if (re)
      q <= mem[raddr];
endmodule

`default_nettype wire
