// SPDX-License-Identifier: Apache-2.0
// The example board in simulation: both counters must count up by one, from 0
// past their ends, the one with the shorter pause faster.
`default_nettype none

module hsx_example_tb;
  localparam STEPS = 40;

  reg        clk = 1'b0;
  wire [7:0] leds;
  reg        settled; // after reset, with both counters at 0
  reg  [3:0] low, high;
  integer    low_steps, high_steps, wrong;

  hsx_example_top board (.clk(clk), .leds(leds));

  always #5 clk = !clk;

  always @(posedge clk) if (settled) begin
    if (leds[3:0] !== low) begin
      if (leds[3:0] !== low + 4'd1)
        wrong = wrong + 1;
      low_steps = low_steps + 1;
    end
    if (leds[7:4] !== high) begin
      if (leds[7:4] !== high + 4'd1)
        wrong = wrong + 1;
      high_steps = high_steps + 1;
    end
    low  = leds[3:0];
    high = leds[7:4];
    if (low_steps == STEPS) begin
      // the pauses of this simulation's ROM are 20 and 10 rounds
      if (wrong != 0)
        $display("FAIL: %0d changes of the LEDs were not a count up by one", wrong);
      else if (high_steps < STEPS + STEPS / 4)
        $display("FAIL: %0d steps of the fast counter in %0d of the slow one", high_steps, STEPS);
      else
        $display("PASS LEDs counted %0d and %0d steps", low_steps, high_steps);
      $finish;
    end
  end

  initial begin
    low        = 4'd0;
    high       = 4'd0;
    low_steps  = 0;
    high_steps = 0;
    wrong      = 0;
    settled    = 1'b0;
    #200 if (leds !== 8'd0) wrong = wrong + 1;
    settled    = 1'b1;
    #2000000;
    $display("FAIL: %0d and %0d steps of the LEDs in the time of %0d", low_steps, high_steps, STEPS);
    $finish;
  end
endmodule

`default_nettype wire
