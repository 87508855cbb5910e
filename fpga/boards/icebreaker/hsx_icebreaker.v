// SPDX-License-Identifier: Apache-2.0
// The system on an iCEBreaker (iCE40UP5K): 64 KiB of code and of data in its four single-port
// RAMs, 16 contexts. docs/boards.md has its pins.
`default_nettype none

module hsx_icebreaker (
  input  wire       clk_12,
  input  wire       button_n,
  input  wire       uart_rx,
  output wire       uart_tx,
  output wire       red_n,
  output wire       green_n,
  output wire [4:0] leds,
  inout  wire [7:0] pins
);
  wire       rst;
  wire [6:0] shown;
  wire [7:0] pins_in, pins_out, pins_drive;

  assign leds    = shown[4:0];
  assign green_n = !shown[5];
  assign red_n   = !shown[6];

  hsx_board_reset reset (.clk(clk_12), .hold(!button_n), .rst(rst));

  hsx_ice40_pins #(.PINS(8)) io (
    .pins(pins), .drive(pins_drive), .out(pins_out), .in(pins_in)
  );

  hsx_soc #(.CLK_HZ(12000000), .CODE_BANKS(1), .SPRAM(1), .LEDS(7), .PINS(8)) soc (
    .clk(clk_12), .clk_read(1'b0), .rst(rst), .uart_rx(uart_rx), .uart_tx(uart_tx), .leds(shown),
    .pins_in(pins_in), .pins_out(pins_out), .pins_drive(pins_drive)
  );
endmodule

`default_nettype wire
