// SPDX-License-Identifier: Apache-2.0
// One of four words, written so that each bit takes two 4-input LUTs, not three:
// the first LUT passes the select's low bit on when its own inputs are not wanted.
`default_nettype none

module hsx_mux4 #(
  parameter WIDTH = 32
) (
  input  wire [1:0]       select,
  input  wire [WIDTH-1:0] d0,
  input  wire [WIDTH-1:0] d1,
  input  wire [WIDTH-1:0] d2,
  input  wire [WIDTH-1:0] d3,
  output wire [WIDTH-1:0] q
);
  wire [WIDTH-1:0] first = select[1] ? {WIDTH{select[0]}} : select[0] ? d1 : d0;
  assign q = ({WIDTH{select[1]}} & ((first & d3) | (~first & d2))) | (~{WIDTH{select[1]}} & first);
endmodule

`default_nettype wire
