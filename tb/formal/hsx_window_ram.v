// SPDX-License-Identifier: Apache-2.0
// Stands in for rtl/hsx_window_ram.v in proofs: of all registers it has one, `watched`, whichever
// that is; what is read of the others is anything, and so is what is read in the cycle in which the
// same register is written. The proof `rams` is about the original.
`default_nettype none

module hsx_window_ram #(
  parameter INDEX_BITS = 4,
  parameter ROW_BITS   = INDEX_BITS
) (
  input  wire                  clk,
  input  wire [3:0]            we,
  input  wire [INDEX_BITS+3:0] waddr,
  input  wire [31:0]           wdata,
  input  wire [3:0]            we_15,
  input  wire [ROW_BITS-1:0]   waddr_15,
  input  wire [31:0]           wdata_15,
  input  wire                  re,
  input  wire [INDEX_BITS-1:0] window,
  input  wire [3:0]            a,
  input  wire [3:0]            b,
  input  wire [ROW_BITS-1:0]   row_15,
  output reg  [31:0]           q_a,
  output reg  [31:0]           q_b,
  output reg  [31:0]           q_15,
  input  wire [INDEX_BITS+3:0] raddr_old,
  output wire [15:0]           old_high
);
  (* anyconst *) wire [INDEX_BITS+3:0] watched;
  (* anyseq *)   wire [31:0] any_a, any_b, any_15;
  (* anyseq *)   wire [15:0] any_old;
  reg [31:0] word;

  wire                is_15  = (watched[3:0] == 4'd15);
  wire [ROW_BITS-1:0] row    = {{(ROW_BITS-INDEX_BITS){1'b0}}, watched[INDEX_BITS+3:4]};
  wire [3:0]          we_is  = is_15 ? we_15 & {4{waddr_15 == row}} : we & {4{waddr == watched}};
  wire [31:0]         data   = is_15 ? wdata_15 : wdata;
  wire                quiet  = (we_is == 4'd0);

  integer lane;
  always @(posedge clk) begin
    for (lane = 0; lane < 4; lane = lane + 1)
      if (we_is[lane])
        word[8*lane +: 8] <= data[8*lane +: 8];
    if (re) begin
      q_a  <= (quiet && !is_15 && {window, a} == watched) ? word : any_a;
      q_b  <= (quiet && !is_15 && {window, b} == watched) ? word : any_b;
      q_15 <= (quiet && is_15 && row_15 == row) ? word : any_15;
    end
  end

  assign old_high = any_old;
endmodule

`default_nettype wire
