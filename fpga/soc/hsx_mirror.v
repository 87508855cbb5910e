// SPDX-License-Identifier: Apache-2.0
// Shows a word of data memory on pins: the low WIDTH bits that were last written to the word
// at `place`, by tasks or the host, and 0 after reset.
//
// It listens to the core's data port, where a write appears once, in record order, and
// never for an instruction that faults. Bytes that are not written stay.
`default_nettype none

module hsx_mirror #(
  parameter WIDTH = 8 // 1 to 32
) (
  input  wire             clk,
  input  wire             rst,
  input  wire [13:0]      place,
  input  wire             data_en,
  input  wire [3:0]       data_we,
  input  wire [13:0]      data_addr,
  input  wire [WIDTH-1:0] data_wdata,
  output reg  [WIDTH-1:0] shown
);
  wire hit = data_en && (data_addr == place);

  integer i;
  always @(posedge clk)
    for (i = 0; i < WIDTH; i = i + 1)
      if (rst)
        shown[i] <= 1'b0;
      else if (hit && data_we[i/8])
        shown[i] <= data_wdata[i];
endmodule

`default_nettype wire
