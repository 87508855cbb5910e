// SPDX-License-Identifier: Apache-2.0
// A board's reset: for 255 cycles after the configuration, and for as long while `hold` was
// high within them, which may belong to another clock: a button, a PLL without lock.
//
// Flip-flops are 0 after the configuration.
`default_nettype none

module hsx_board_reset (
  input  wire clk,
  input  wire hold,
  output wire rst
);
  reg [1:0] held;
  reg [7:0] cycles;

  initial begin
    held   = 2'd0;
    cycles = 8'd0;
  end

  assign rst = (cycles != 8'hFF);

  always @(posedge clk) begin
    held <= {held[0], hold};
    if (held[1])
      cycles <= 8'd0;
    else if (rst)
      cycles <= cycles + 8'd1;
  end
endmodule

`default_nettype wire
