// SPDX-License-Identifier: Apache-2.0
// Sender of a UART: eight bits, no parity, one stop bit, DIVIDER (at least 2) clocks a bit.
//
// Takes data in a cycle with valid and ready; ready rises again when its stop bit has been
// sent.
`default_nettype none

module hsx_uart_tx #(
  parameter DIVIDER = 12
) (
  input  wire       clk,
  input  wire       rst,
  output wire       line,
  input  wire [7:0] data,
  input  wire       valid,
  output wire       ready
);
  localparam TIMER_BITS = $clog2(DIVIDER);
  localparam [31:0] BIT = DIVIDER - 1;

  reg [8:0]            shift; // begins with the start bit; ones behind the byte
  reg [3:0]            bits;
  reg [TIMER_BITS-1:0] timer;

  initial shift = 9'h1FF; // the line rests high from the configuration on

  assign line  = shift[0];
  assign ready = (bits == 4'd0);

  always @(posedge clk)
    if (rst) begin
      shift <= 9'h1FF;
      bits  <= 4'd0;
    end else if (ready) begin
      if (valid) begin
        shift <= {data, 1'b0};
        bits  <= 4'd10;
      end
    end else if (timer == {TIMER_BITS{1'b0}}) begin
      shift <= {1'b1, shift[8:1]};
      bits  <= bits - 4'd1;
    end

  always @(posedge clk)
    if (ready || timer == {TIMER_BITS{1'b0}})
      timer <= BIT[TIMER_BITS-1:0];
    else
      timer <= timer - 1'b1;
endmodule

`default_nettype wire
