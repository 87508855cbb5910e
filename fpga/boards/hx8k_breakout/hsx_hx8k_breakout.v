// SPDX-License-Identifier: Apache-2.0
// The system on Lattice's iCE40-HX8K breakout board: 4 contexts; code and data memory are what
// block RAM the core leaves, in one bank. docs/boards.md has its pins.
`default_nettype none

module hsx_hx8k_breakout (
  input  wire       clk_12,
  input  wire       uart_rx,
  output wire       uart_tx,
  output wire [7:0] leds,
  inout  wire [7:0] pins
);
  wire       rst;
  wire [7:0] pins_in, pins_out, pins_drive;

  hsx_board_reset reset (.clk(clk_12), .hold(1'b0), .rst(rst));

  hsx_ice40_pins #(.PINS(8)) io (
    .pins(pins), .drive(pins_drive), .out(pins_out), .in(pins_in)
  );

  hsx_soc #(.CLK_HZ(12000000), .CONTEXTS(4), .CODE_BANKS(1), .CODE_WORDS(1024), .DATA_WORDS(256),
    .LEDS(8), .PINS(8)) soc (
    .clk(clk_12), .clk_read(1'b0), .rst(rst), .uart_rx(uart_rx), .uart_tx(uart_tx), .leds(leds),
    .pins_in(pins_in), .pins_out(pins_out), .pins_drive(pins_drive)
  );
endmodule

`default_nettype wire
