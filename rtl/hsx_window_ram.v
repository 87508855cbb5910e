// The register windows as data memory of their own: 32-bit words with two
// read ports, kept as two equal copies.
//
// Reads are synchronous: q_a and q_b show the words at raddr_a and raddr_b one
// cycle after a cycle with re and keep them while re is low. A write has byte
// enables. What is read in the cycle in which the same word is written is
// unspecified: users must not depend on it. Contents are 0 after configuration.
`default_nettype none

module hsx_window_ram #(
  parameter ADDR_BITS = 8
) (
  input  wire                 clk,
  input  wire [3:0]           we,
  input  wire [ADDR_BITS-1:0] waddr,
  input  wire [31:0]          wdata,
  input  wire                 re,
  input  wire [ADDR_BITS-1:0] raddr_a,
  output reg  [31:0]          q_a,
  input  wire [ADDR_BITS-1:0] raddr_b,
  output reg  [31:0]          q_b
);
  (* ram_style = "block", no_rw_check *)
  reg [31:0] copy_a [0:(1 << ADDR_BITS)-1];
  (* ram_style = "block", no_rw_check *)
  reg [31:0] copy_b [0:(1 << ADDR_BITS)-1];

  integer i;
  initial
    for (i = 0; i < (1 << ADDR_BITS); i = i + 1) begin
      copy_a[i] = 32'd0;
      copy_b[i] = 32'd0;
    end

  integer lane;
  always @(posedge clk)
    for (lane = 0; lane < 4; lane = lane + 1)
      if (we[lane]) begin
        copy_a[waddr][8*lane +: 8] <= wdata[8*lane +: 8];
        copy_b[waddr][8*lane +: 8] <= wdata[8*lane +: 8];
      end

  always @(posedge clk)
    if (re) begin
      q_a <= copy_a[raddr_a];
      q_b <= copy_b[raddr_b];
    end
endmodule

`default_nettype wire
