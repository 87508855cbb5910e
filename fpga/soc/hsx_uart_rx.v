// SPDX-License-Identifier: Apache-2.0
// Receiver of a UART: eight bits, no parity, one stop bit, DIVIDER (at least 4) clocks a bit.
//
// In a cycle with valid, data is a byte that has come; it stays until the next one is
// complete. In a cycle with broken a stop bit was missing: the byte is lost, and
// the next one begins after the line was high again. A byte is looked at in the
// middle of its bits, beginning with the start bit's edge, so clocks may differ by
// some four percent.
`default_nettype none

module hsx_uart_rx #(
  parameter DIVIDER = 12
) (
  input  wire       clk,
  input  wire       rst,
  input  wire       line,
  output reg  [7:0] data,
  output reg        valid,
  output reg        broken
);
  localparam TIMER_BITS = $clog2(DIVIDER);
  localparam [31:0] BIT  = DIVIDER - 1;
  localparam [31:0] HALF = DIVIDER / 2 - 1;

  // The line belongs to another clock; high is its rest.
  reg [1:0] sampled;
  wire      high = sampled[1];
  initial sampled = 2'b11;

  always @(posedge clk)
    sampled <= {sampled[0], line};

  reg [3:0]            bits;  // still to come, with start and stop bit; 0: none
  reg                  stuck; // low where a stop bit belongs
  reg [7:0]            shift;
  reg [TIMER_BITS-1:0] timer;

  wire now   = (timer == {TIMER_BITS{1'b0}});
  wire start = (bits == 4'd10);
  wire stop  = (bits == 4'd1);

  always @(posedge clk)
    if (bits == 4'd0)
      timer <= HALF[TIMER_BITS-1:0];
    else if (now)
      timer <= BIT[TIMER_BITS-1:0];
    else
      timer <= timer - 1'b1;

  always @(posedge clk)
    if (rst) begin
      bits  <= 4'd0;
      stuck <= 1'b0;
    end else if (stuck)
      stuck <= !high;
    else if (bits == 4'd0)
      bits <= high ? 4'd0 : 4'd10;
    else if (now) begin
      bits  <= (start && high) ? 4'd0 : bits - 4'd1;
      stuck <= stop && !high;
    end

  always @(posedge clk) begin
    valid  <= !rst && now && stop && high;
    broken <= !rst && now && stop && !high;
    if (now && !stop)
      shift <= {high, shift[7:1]};
    if (now && stop)
      data <= shift;
  end
endmodule

`default_nettype wire
