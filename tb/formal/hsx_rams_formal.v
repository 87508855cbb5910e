// hsx_ram and hsx_window_ram against arrays: a read shows the word one cycle later
// and keeps it while re is low; byte enables; both copies of the windows are equal.
// Nothing is said of a read in the cycle in which its word is written.
`default_nettype none

module hsx_rams_formal (
  input wire        clk,
  input wire        we, re,
  input wire [1:0]  waddr, raddr,
  input wire [1:0]  wdata,
  input wire [3:0]  window_we,
  input wire        window_re,
  input wire        window_waddr, window_raddr_a, window_raddr_b,
  input wire [31:0] window_wdata
);
  wire [1:0]  q;
  wire [31:0] q_a, q_b;

  hsx_ram #(.WIDTH(2), .ADDR_BITS(2)) ram (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .re(re), .raddr(raddr), .q(q)
  );
  hsx_window_ram #(.ADDR_BITS(1)) windows (
    .clk(clk), .we(window_we), .waddr(window_waddr), .wdata(window_wdata), .re(window_re),
    .raddr_a(window_raddr_a), .q_a(q_a), .raddr_b(window_raddr_b), .q_b(q_b)
  );

  reg [7:0]  words = 8'd0;
  reg [63:0] window_words = 64'd0;
  reg [1:0]  expected;
  reg [31:0] expected_a, expected_b;
  reg        known = 0, known_a = 0, known_b = 0;

  integer lane;
  always @(posedge clk) begin
    if (we)
      words[2*waddr +: 2] <= wdata;
    for (lane = 0; lane < 4; lane = lane + 1)
      if (window_we[lane])
        window_words[32*window_waddr + 8*lane +: 8] <= window_wdata[8*lane +: 8];
    if (re) begin
      expected <= words[2*raddr +: 2];
      known    <= !(we && waddr == raddr);
    end
    if (window_re) begin
      expected_a <= window_words[32*window_raddr_a +: 32];
      expected_b <= window_words[32*window_raddr_b +: 32];
      known_a    <= !(window_we != 4'd0 && window_waddr == window_raddr_a);
      known_b    <= !(window_we != 4'd0 && window_waddr == window_raddr_b);
    end
  end

  always @(posedge clk) begin
    if (known)
      assert (q == expected);
    if (known_a)
      assert (q_a == expected_a);
    if (known_b)
      assert (q_b == expected_b);
  end
endmodule

`default_nettype wire
