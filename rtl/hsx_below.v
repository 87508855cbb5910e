// SPDX-License-Identifier: Apache-2.0
// a < b + more, as a borrow. Yosys may turn the operands of a comparison around, and
// then needs a tree of equalities beside the carry chain. Combinational.
`default_nettype none

module hsx_below #(
  parameter WIDTH = 16
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire             more,
  output wire             is_below
);
  /* verilator lint_off UNUSEDSIGNAL */ // all but the borrow
  wire [WIDTH+1:0] difference = {1'b0, a, 1'b0} - {1'b0, b, more};
  /* verilator lint_on UNUSEDSIGNAL */

  assign is_below = difference[WIDTH+1];
endmodule

`default_nettype wire
