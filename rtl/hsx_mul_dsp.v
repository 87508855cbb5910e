// SPDX-License-Identifier: Apache-2.0
// MUL by three 16x16 multipliers, which synthesis puts into DSP blocks.
//
// result: the low 32 bits of the unsigned product of a and b; high_nonzero says
// whether the high half is not zero. start: one cycle, with a and b, which are
// not read later. done comes three cycles after start; result and high_nonzero
// are valid from then until the next start. A start is taken in any cycle; it
// drops what is under way. kill ends the operation at once, without a done.
//
// Each multiplier's inputs and output are registered and have no reset, so that
// the registers go into the DSP block and no path runs through an open one.
`default_nettype none

module hsx_mul_dsp (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,
  input  wire [31:0] a,
  input  wire [31:0] b,
  input  wire        kill,
  output wire        done,
  output wire [31:0] result,
  output reg         high_nonzero
);
  reg [15:0] a_high;
  reg [15:0] a_low;
  reg [15:0] b_high;
  reg [15:0] b_low;
  reg        both_high;          // the product is at least 2^32
  reg [31:0] low;                // a_low * b_low
  reg [31:0] cross_a;
  reg [31:0] cross_b;
  reg [15:0] upper;
  reg [2:0]  valid;              // where the operation is

  // Bits 32..16 of the product, if one of the cross products is 0; else
  // both_high says that the high half is not zero. The sum is kept to half of
  // each product: Yosys 0.23 loses an operand if it can put a whole one into the
  // adder of a DSP block.
  wire [16:0] middle = {1'b0, cross_a[15:0]} + {1'b0, cross_b[15:0]} + {1'b0, low[31:16]};
  wire        beyond = middle[16] || (cross_a[31:16] | cross_b[31:16]) != 16'd0;

  assign done   = valid[2];
  assign result = {upper, low[15:0]};

  always @(posedge clk) begin
    if (start) begin
      a_high    <= a[31:16];
      a_low     <= a[15:0];
      b_high    <= b[31:16];
      b_low     <= b[15:0];
      both_high <= (a[31:16] != 16'd0) && (b[31:16] != 16'd0);
    end
    low          <= a_low * b_low;
    cross_a      <= a_high * b_low;
    cross_b      <= a_low * b_high;
    upper        <= middle[15:0];
    high_nonzero <= both_high || beyond;
    valid        <= (rst || kill) ? 3'd0 : start ? 3'd1 : {valid[1:0], 1'b0};
  end
endmodule

`default_nettype wire
