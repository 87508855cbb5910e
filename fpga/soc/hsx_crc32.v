// SPDX-License-Identifier: Apache-2.0
// CRC-32 as zlib has it, a bit a cycle.
//
// clear begins anew. A byte that comes with feed, also in a cycle with clear, is in crc when
// busy is low again, eight cycles later; no other may come before. The CRC of the bytes
// is ~crc; its low byte goes over a line first, and shift brings the next one down.
// Bytes with their CRC behind them leave `good`.
`default_nettype none

module hsx_crc32 (
  input  wire       clk,
  input  wire       clear,
  input  wire       feed,
  input  wire [7:0] data,
  input  wire       shift,
  output wire       busy,
  output wire [7:0] low,  // of ~crc
  output wire       good
);
  localparam [31:0] POLYNOMIAL = 32'hEDB88320;
  localparam [31:0] RESIDUE    = 32'hDEBB20E3;

  reg [31:0] crc;
  reg [7:0]  rest;
  reg [3:0]  left;

  assign busy = (left != 4'd0);
  assign low  = ~crc[7:0];
  assign good = (crc == RESIDUE);

  initial left = 4'd0;

  always @(posedge clk)
    if (clear)
      crc <= 32'hFFFFFFFF;
    else if (busy)
      crc <= {1'b0, crc[31:1]} ^ ((crc[0] ^ rest[0]) ? POLYNOMIAL : 32'd0);
    else if (shift)
      crc <= {8'd0, crc[31:8]};

  always @(posedge clk)
    if (feed) begin
      rest <= data;
      left <= 4'd8;
    end else if (busy) begin
      rest <= {1'b0, rest[7:1]};
      left <= left - 4'd1;
    end
endmodule

`default_nettype wire
