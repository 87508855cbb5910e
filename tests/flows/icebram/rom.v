// SPDX-License-Identifier: Apache-2.0
// A memory of 32 bits by 512 words whose bytes come out one after another, for ever.
`default_nettype none

module rom (
  input  wire       clk,
  output wire [7:0] out
);
  reg [31:0] mem [0:511];
  reg [31:0] word;
  reg [10:0] at;
  reg [1:0]  lane;

  initial begin
    at = 11'd0;
    $readmemh("blank.hex", mem);
  end

  always @(posedge clk) begin
    at   <= at + 11'd1;
    word <= mem[at[10:2]];
    lane <= at[1:0];
  end

  assign out = word[8*lane +: 8];
endmodule

`default_nettype wire
