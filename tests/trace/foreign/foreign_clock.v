// SPDX-License-Identifier: Apache-2.0
// The clock of foreign_bench for simulators that make one.
`default_nettype none

module foreign_clock;
  parameter TRACE    = "foreign.jsonl";
  parameter BREAK_SP = 0;

  reg  clk = 1'b0;
  wire done;

  foreign_bench #(.TRACE(TRACE), .BREAK_SP(BREAK_SP)) bench (.clk(clk), .done(done));

  always #5 clk = !clk;

  always @(posedge clk)
    if (done === 1'b1)
      $finish;

  initial begin
    #2000000;
    $display("FAIL: the bench did not end");
    $finish;
  end
endmodule

`default_nettype wire
