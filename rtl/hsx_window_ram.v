// The register windows: data memory of their own, with two operand ports.
//
// R0 to R14 are kept as two equal copies, one for each operand port. R15 has a RAM
// of its own, because POP writes it together with another register. Word
// 16 * window + n is Rn of a window.
//
// Reads are synchronous: q_a and q_b show the words at {window, a} and {window, b}
// one cycle after a cycle with re and keep them while re is low; is R15, q_15
// shows it instead. Writes have byte enables; R0 to R14 and R15 may be written in
// the same cycle. What is read in the cycle in which the same word is written is
// unspecified: users must not depend on it. Contents are 0 after configuration.
//
// old_high is one more read port, of high halves, for the retirement port alone: where
// that is left open, synthesis removes it.
`default_nettype none

module hsx_window_ram #(
  parameter INDEX_BITS = 4
) (
  input  wire                  clk,

  input  wire [3:0]            we,
  input  wire [INDEX_BITS+3:0] waddr,
  input  wire [31:0]           wdata,
  input  wire [3:0]            we_15,
  input  wire [INDEX_BITS-1:0] window_15,
  input  wire [31:0]           wdata_15,

  input  wire                  re,
  input  wire [INDEX_BITS-1:0] window,
  input  wire [3:0]            a,
  input  wire [3:0]            b,
  output wire [31:0]           q_a,
  output wire [31:0]           q_b,
  output wire [31:0]           q_15,

  input  wire [INDEX_BITS+3:0] raddr_old,
  output wire [15:0]           old_high
);
  hsx_lane_ram #(.ADDR_BITS(INDEX_BITS + 4)) copy_a (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .re(re), .raddr({window, a}), .q(q_a)
  );
  hsx_lane_ram #(.ADDR_BITS(INDEX_BITS + 4)) copy_b (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .re(re), .raddr({window, b}), .q(q_b)
  );
  hsx_lane_ram #(.ADDR_BITS(INDEX_BITS)) copy_15 (
    .clk(clk), .we(we_15), .waddr(window_15), .wdata(wdata_15), .re(re), .raddr(window), .q(q_15)
  );

  wire [15:0] old, old_15;
  reg         old_is_15;
  hsx_lane_ram #(.LANES(2), .ADDR_BITS(INDEX_BITS + 4)) high (
    .clk(clk), .we(we[3:2]), .waddr(waddr), .wdata(wdata[31:16]), .re(1'b1), .raddr(raddr_old),
    .q(old)
  );
  hsx_lane_ram #(.LANES(2), .ADDR_BITS(INDEX_BITS)) high_15 (
    .clk(clk), .we(we_15[3:2]), .waddr(window_15), .wdata(wdata_15[31:16]), .re(1'b1),
    .raddr(raddr_old[INDEX_BITS+3:4]), .q(old_15)
  );
  always @(posedge clk)
    old_is_15 <= (raddr_old[3:0] == 4'd15);
  assign old_high = old_is_15 ? old_15 : old;
endmodule

`default_nettype wire
