// SPDX-License-Identifier: Apache-2.0
// Stands in for rtl/hsx_ram.v in proofs: what is read in the cycle in which the
// same word is written is anything. What is proven with it does not depend on
// it, as no_rw_check in the original demands. Without HSX_ZERO_RAM it may begin with
// any contents.
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
  reg [WIDTH-1:0] mem [0:(1 << ADDR_BITS)-1];
  (* anyseq *) wire [WIDTH-1:0] anything;

`ifdef HSX_ZERO_RAM
  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1)
      mem[i] = {WIDTH{1'b0}};
`endif

  always @(posedge clk) begin
    if (we)
      mem[waddr] <= wdata;
    if (re)
      q <= (we && waddr == raddr) ? anything : mem[raddr];
  end
endmodule

`default_nettype wire
