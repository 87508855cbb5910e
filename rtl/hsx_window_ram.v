// SPDX-License-Identifier: Apache-2.0
// The register windows: data memory of their own, with two operand ports.
//
// R15 has a RAM of its own, because POP writes it together with another register. Word
// 16 * window + n is Rn of a window. Synthesis keeps R0 to R14 twice, once for each
// operand port. The low halves of R15's RAM have ROW_BITS address bits; the rows beyond
// the windows hold something else.
//
// Reads are synchronous: q_a and q_b show the words at {window, a} and {window, b}
// one cycle after a cycle with re and keep them while re is low; q_15 shows row_15.
// Writes have byte enables; R0 to R14 and R15 may be written in the same cycle. What is read in the cycle in which the same word is written is
// unspecified: users must not depend on it. Contents are 0 after configuration.
//
// old_high is one more read port, of high halves, for the retirement port alone: where
// that is left open, synthesis removes it.
`default_nettype none

module hsx_window_ram #(
  parameter INDEX_BITS = 4,
  parameter ROW_BITS   = INDEX_BITS // of R15's low halves, INDEX_BITS or more
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
  (* ram_style = "block", no_rw_check *)
  reg [31:0] regs [0:(1 << (INDEX_BITS + 4))-1];
  (* ram_style = "block", no_rw_check *)
  reg [15:0] r15_low [0:(1 << ROW_BITS)-1];
  (* ram_style = "block", no_rw_check *)
  reg [15:0] r15_high [0:(1 << INDEX_BITS)-1];

`ifndef HSX_NO_RAM_INIT
  integer i;
  initial begin
    for (i = 0; i < (1 << (INDEX_BITS + 4)); i = i + 1)
      regs[i] = 32'd0;
    for (i = 0; i < (1 << ROW_BITS); i = i + 1)
      r15_low[i] = 16'd0;
    for (i = 0; i < (1 << INDEX_BITS); i = i + 1)
      r15_high[i] = 16'd0;
  end
`endif

  integer lane;
  always @(posedge clk) begin
    for (lane = 0; lane < 4; lane = lane + 1)
      if (we[lane])
        regs[waddr][8*lane +: 8] <= wdata[8*lane +: 8];
    for (lane = 0; lane < 2; lane = lane + 1) begin
      if (we_15[lane])
        r15_low[waddr_15][8*lane +: 8] <= wdata_15[8*lane +: 8];
      if (we_15[lane+2])
        r15_high[waddr_15[INDEX_BITS-1:0]][8*lane +: 8] <= wdata_15[16+8*lane +: 8];
    end
  end

  always @(posedge clk)
    if (re) begin
      q_a  <= regs[{window, a}];
      q_b  <= regs[{window, b}];
      q_15 <= {r15_high[row_15[INDEX_BITS-1:0]], r15_low[row_15]};
    end

  reg [15:0] old, old_15;
  reg        old_is_15;
  always @(posedge clk) begin
    old       <= regs[raddr_old][31:16];
    old_15    <= r15_high[raddr_old[INDEX_BITS+3:4]];
    old_is_15 <= (raddr_old[3:0] == 4'd15);
  end
  assign old_high = old_is_15 ? old_15 : old;
endmodule

`default_nettype wire
