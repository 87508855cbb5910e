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
  hsx_byte_ram #(.ADDR_BITS(INDEX_BITS + 4)) copy_a (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .re(re), .raddr({window, a}), .q(q_a)
  );
  hsx_byte_ram #(.ADDR_BITS(INDEX_BITS + 4)) copy_b (
    .clk(clk), .we(we), .waddr(waddr), .wdata(wdata), .re(re), .raddr({window, b}), .q(q_b)
  );
  hsx_byte_ram #(.ADDR_BITS(INDEX_BITS)) copy_15 (
    .clk(clk), .we(we_15), .waddr(window_15), .wdata(wdata_15), .re(re), .raddr(window), .q(q_15)
  );

  (* ram_style = "block", no_rw_check *)
  reg [15:0] high [0:(16 << INDEX_BITS)-1];
  (* ram_style = "block", no_rw_check *)
  reg [15:0] high_15 [0:(1 << INDEX_BITS)-1];
  reg [15:0] old, old_15;
  reg        old_is_15;

  integer i;
  initial begin
    for (i = 0; i < (16 << INDEX_BITS); i = i + 1)
      high[i] = 16'd0;
    for (i = 0; i < (1 << INDEX_BITS); i = i + 1)
      high_15[i] = 16'd0;
  end

  always @(posedge clk) begin
    if (we[2])
      high[waddr][7:0] <= wdata[23:16];
    if (we[3])
      high[waddr][15:8] <= wdata[31:24];
    if (we_15[2])
      high_15[window_15][7:0] <= wdata_15[23:16];
    if (we_15[3])
      high_15[window_15][15:8] <= wdata_15[31:24];
  end

  always @(posedge clk) begin
    old       <= high[raddr_old];
    old_15    <= high_15[raddr_old[INDEX_BITS+3:4]];
    old_is_15 <= (raddr_old[3:0] == 4'd15);
  end

  assign old_high = old_is_15 ? old_15 : old;
endmodule

`default_nettype wire
