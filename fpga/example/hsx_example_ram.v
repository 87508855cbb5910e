// SPDX-License-Identifier: Apache-2.0
// One port of block RAM as the core's memories need it: 32-bit words, byte
// enables, synchronous read.
//
// rdata shows the word at addr one cycle after a cycle with en and no we, and
// keeps it until the next such cycle. Only the low ADDR_BITS of a word address
// reach this module, so a memory smaller than 64 KiB repeats.
`default_nettype none

module hsx_example_ram #(
  parameter ADDR_BITS = 9
) (
  input  wire                 clk,
  input  wire                 en,
  input  wire [3:0]           we,
  input  wire [ADDR_BITS-1:0] addr,
  input  wire [31:0]          wdata,
  output reg  [31:0]          rdata
);
  (* ram_style = "block" *)
  reg [31:0] mem [0:(1 << ADDR_BITS)-1];

  integer lane;
  always @(posedge clk)
    if (en) begin
      for (lane = 0; lane < 4; lane = lane + 1)
        if (we[lane])
          mem[addr][8*lane +: 8] <= wdata[8*lane +: 8];
      if (we == 4'd0)
        rdata <= mem[addr];
    end
endmodule

`default_nettype wire
