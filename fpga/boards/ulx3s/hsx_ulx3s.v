// SPDX-License-Identifier: Apache-2.0
// The system on a ULX3S (ECP5): full memories, 64 contexts, a trace. docs/boards.md has its pins.
`default_nettype none

module hsx_ulx3s #(
  parameter MHZ = 40,        // the system's clock: a multiple of 5, 20 to 100
  // Of an oscillator as close below 600 MHz as can be, which may run at 400 to 800 MHz:
  parameter DIVIDE = 600 / MHZ,
  parameter READ_AFTER = 24  // eighths of its period from the clock's edge to that of data memory's
) (
  input  wire       clk_25,
  input  wire       button,
  input  wire       uart_rx,
  output wire       uart_tx,
  output wire [7:0] leds,
  inout  wire [7:0] pins,
  output wire       keep_power
);
  wire       clk, clk_read, clk_later, locked, rst;
  wire [7:0] pins_in, pins_out, pins_drive;

  assign keep_power = 1'b1; // the module with the radio resets the board otherwise

  EHXPLLL #(
    .CLKI_DIV(5), .CLKFB_DIV(MHZ / 5), .CLKOP_DIV(DIVIDE), .CLKOP_CPHASE(DIVIDE / 2),
    .CLKOP_ENABLE("ENABLED"), .CLKOS_DIV(DIVIDE), .CLKOS_CPHASE(DIVIDE / 2 + READ_AFTER / 8),
    .CLKOS_FPHASE(READ_AFTER % 8), .CLKOS_ENABLE("ENABLED"),
    .FEEDBK_PATH("CLKOP"), .OUTDIVIDER_MUXA("DIVA"), .PLLRST_ENA("DISABLED"),
    .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"), .DPHASE_SOURCE("DISABLED")
  ) pll (
    .CLKI(clk_25), .CLKFB(clk), .CLKOP(clk), .CLKOS(clk_later), .LOCK(locked), .RST(1'b0), .STDBY(1'b0),
    .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b0), .PHASESTEP(1'b0), .PHASELOADREG(1'b0),
    .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0)
  );

  // nextpnr makes a clock global for its flip-flops' sake alone, and clk_read has none.
  DCCA global (.CLKI(clk_later), .CE(1'b1), .CLKO(clk_read));

  hsx_board_reset reset (.clk(clk), .hold(button || !locked), .rst(rst));

  genvar n;
  generate
    for (n = 0; n < 8; n = n + 1) begin : each
      assign pins[n] = pins_drive[n] ? pins_out[n] : 1'bz;
    end
  endgenerate
  assign pins_in = pins;

  // A part of the cycle is enough for addresses only where places.ys has put the block RAMs.
  hsx_soc #(.CLK_HZ(1000000 * MHZ), .CONTEXTS(64), .LEDS(8), .PINS(8), .HAS_TRACE(1),
    .FETCH_STAGES(MHZ > 60 ? 2 : 1), .READ_CLOCK(MHZ > 50 ? 1 : 0)) soc (
    .clk(clk), .clk_read(clk_read), .rst(rst), .uart_rx(uart_rx), .uart_tx(uart_tx), .leds(leds),
    .pins_in(pins_in), .pins_out(pins_out), .pins_drive(pins_drive)
  );
endmodule

`default_nettype wire
