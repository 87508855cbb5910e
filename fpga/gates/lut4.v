// SPDX-License-Identifier: Apache-2.0
// SB_LUT4 as Yosys' own LUT cell: the inverse of what synth_ice40 did last.
module SB_LUT4 (
  output O,
  input  I0,
  input  I1,
  input  I2,
  input  I3
);
  parameter [15:0] LUT_INIT = 0;
  \$lut #(.WIDTH(4), .LUT(LUT_INIT)) _TECHMAP_REPLACE_ (.A({I3, I2, I1, I0}), .Y(O));
endmodule
