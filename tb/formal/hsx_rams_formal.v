// SPDX-License-Identifier: Apache-2.0
// The block RAMs against arrays: a read shows the word one cycle later and keeps it
// while re is low; writes reach the enabled bits only; both operand ports show the
// same, R15 is apart from the other registers, with rows beyond it in its low half, and
// old_high is the high half of what a register holds. Nothing is said of a read in the
// cycle in which its word is written, but that lanes which are not written show.
//
// Of the windows, R14 and R15 of two are looked at, and two rows beyond.
`default_nettype none

module hsx_rams_formal (
  input wire        clk,
  input wire        we, re,
  input wire [1:0]  waddr, raddr,
  input wire [1:0]  wdata,
  input wire [1:0]  nibble_we,
  input wire        nibble_waddr, nibble_raddr, nibble_re,
  input wire [7:0]  nibble_wdata,
  input wire [3:0]  window_we, window_we_15,
  input wire        window_re,
  input wire [1:0]  window_waddr, old_raddr, // a window's number, then 0: R14, 1: R15
  input wire [1:0]  window_waddr_15, row_15, // a window or a row beyond
  input wire        window_raddr, a, b,
  input wire [31:0] window_wdata, window_wdata_15
);
  wire [1:0]  q;
  wire [7:0]  nibble_q;
  wire [31:0] q_a, q_b, q_15;
  wire [15:0] old_high;

  hsx_ram #(.WIDTH(2), .ADDR_BITS(2)) ram (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .re(re), .raddr(raddr), .q(q)
  );
  hsx_lane_ram #(.LANES(2), .LANE_BITS(4), .ADDR_BITS(1)) nibbles (
    .clk(clk), .we(nibble_we), .waddr(nibble_waddr), .wdata(nibble_wdata), .re(nibble_re),
    .raddr(nibble_raddr), .q(nibble_q)
  );
  hsx_window_ram #(.INDEX_BITS(1), .ROW_BITS(2)) windows (
    .clk(clk), .we(window_we), .waddr({window_waddr[1], 3'd7, window_waddr[0]}),
    .wdata(window_wdata), .we_15(window_we_15), .waddr_15(window_waddr_15),
    .wdata_15(window_wdata_15), .re(window_re), .window(window_raddr), .a({3'd7, a}),
    .b({3'd7, b}), .row_15(row_15), .q_a(q_a), .q_b(q_b), .q_15(q_15),
    .raddr_old({old_raddr[1], 3'd7, old_raddr[0]}), .old_high(old_high)
  );

  reg [7:0]  words = 8'd0;
  reg [15:0] nibble_words = 16'd0;
  reg [63:0] r14 = 64'd0, r15_low = 64'd0;
  reg [31:0] r15_high = 32'd0;
  reg [1:0]  expected;
  reg [7:0]  nibble_expected;
  reg [31:0] expected_14, expected_15;
  reg [15:0] expected_high;
  reg [1:0]  nibble_known = 2'd0;
  reg        known = 0, known_a = 0, known_b = 0, known_15 = 0, known_high = 0;

  wire we_14   = (window_we != 4'd0) && !window_waddr[0];
  wire hits_14 = we_14 && window_waddr[1] == window_raddr;
  wire hits_15 = (window_we_15[1:0] != 2'd0 && window_waddr_15 == row_15)
              || (window_we_15[3:2] != 2'd0 && window_waddr_15[0] == row_15[0]);

  integer lane;
  always @(posedge clk) begin
    if (we)
      words[2*waddr +: 2] <= wdata;
    for (lane = 0; lane < 2; lane = lane + 1)
      if (nibble_we[lane])
        nibble_words[8*nibble_waddr + 4*lane +: 4] <= nibble_wdata[4*lane +: 4];
    for (lane = 0; lane < 4; lane = lane + 1) begin
      if (window_we[lane] && !window_waddr[0])
        r14[32*window_waddr[1] + 8*lane +: 8] <= window_wdata[8*lane +: 8];
    end
    for (lane = 0; lane < 2; lane = lane + 1) begin
      if (window_we_15[lane])
        r15_low[16*window_waddr_15 + 8*lane +: 8] <= window_wdata_15[8*lane +: 8];
      if (window_we_15[lane+2])
        r15_high[16*window_waddr_15[0] + 8*lane +: 8] <= window_wdata_15[16+8*lane +: 8];
    end
    if (re) begin
      expected <= words[2*raddr +: 2];
      known    <= !(we && waddr == raddr);
    end
    if (nibble_re) begin
      nibble_expected <= nibble_words[8*nibble_raddr +: 8];
      nibble_known    <= ~(nibble_we & {2{nibble_waddr == nibble_raddr}});
    end
    if (window_re) begin
      expected_14 <= r14[32*window_raddr +: 32];
      expected_15 <= {r15_high[16*row_15[0] +: 16], r15_low[16*row_15 +: 16]};
      known_a     <= !a && !hits_14;
      known_b     <= !b && !hits_14;
      known_15    <= !hits_15;
    end
    expected_high <= old_raddr[0] ? r15_high[16*old_raddr[1] +: 16]
                                  : r14[32*old_raddr[1] + 16 +: 16];
    known_high    <= old_raddr[0] ? !(window_we_15[3:2] != 2'd0 && window_waddr_15[0] == old_raddr[1])
                                  : !(we_14 && window_waddr[1] == old_raddr[1]);
  end

  always @(posedge clk) begin
    if (known)
      assert (q == expected);
    if (nibble_known[0])
      assert (nibble_q[3:0] == nibble_expected[3:0]);
    if (nibble_known[1])
      assert (nibble_q[7:4] == nibble_expected[7:4]);
    if (known_a)
      assert (q_a == expected_14);
    if (known_b)
      assert (q_b == expected_14);
    if (known_15)
      assert (q_15 == expected_15);
    if (known_high)
      assert (old_high == expected_high);
  end
endmodule

`default_nettype wire
