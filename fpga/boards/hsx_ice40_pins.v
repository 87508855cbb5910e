// SPDX-License-Identifier: Apache-2.0
// Pins of an iCE40 that are inputs or outputs, each by its bit of `drive`.
`default_nettype none

module hsx_ice40_pins #(
  parameter PINS = 8
) (
  inout  wire [PINS-1:0] pins,
  input  wire [PINS-1:0] drive,
  input  wire [PINS-1:0] out,
  output wire [PINS-1:0] in
);
  // An output with enable, an input without a register.
  localparam [5:0] PIN_TYPE = 6'b101001;

  genvar n;
  generate
    for (n = 0; n < PINS; n = n + 1) begin : each
      SB_IO #(.PIN_TYPE(PIN_TYPE), .PULLUP(1'b1)) io (
        .PACKAGE_PIN(pins[n]), .OUTPUT_ENABLE(drive[n]), .D_OUT_0(out[n]), .D_IN_0(in[n])
      );
    end
  endgenerate
endmodule

`default_nettype wire
