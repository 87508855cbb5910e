// Stands in for rtl/hsx_ram.v in proofs: what is read in the cycle in which the
// same word is written is anything. What is proven with it does not depend on
// it, as no_rw_check in the original demands.
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

  always @(posedge clk) begin
    if (we)
      mem[waddr] <= wdata;
    if (re)
      q <= (we && waddr == raddr) ? anything : mem[raddr];
  end
endmodule

`default_nettype wire
