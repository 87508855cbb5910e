// SPDX-License-Identifier: Apache-2.0
// Prints what the placed and routed memory shows in one round and a bit.
`default_nettype none

module rom_tb;
  reg        clk = 1'b0;
  wire [7:0] out;
  integer    n;

  routed rom (
    .clk(clk), .\out[7] (out[7]), .\out[6] (out[6]), .\out[5] (out[5]), .\out[4] (out[4]),
    .\out[3] (out[3]), .\out[2] (out[2]), .\out[1] (out[1]), .\out[0] (out[0])
  );

  initial begin
    for (n = 0; n < 2048 + 16; n = n + 1) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
      $display("%h", out);
    end
    $finish;
  end
endmodule

`default_nettype wire
