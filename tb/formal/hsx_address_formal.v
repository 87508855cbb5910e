// SPDX-License-Identifier: Apache-2.0
// hsx_address, with the stack guards and the translation in it, against the contract in integers
// that do not wrap: for every address, size, sp and context, in runs of any length.
//
// Proven:
// - guards: a push is refused if and only if sp - 4 is below stack_limit, a pop if and only if sp + 4 is
//   above stack_top;
// - verdict: another access is refused if and only if it passes the end of memory, before or
//   behind its move, or if its task is protected and no region holds it as a whole;
// - place: the access is at sp - 4, at sp, or where its address is moved to;
// - isolation: each byte of an access that a protected task's load or store may make lies in the
//   shared page, in its own window, data segment or stack arena.
//
// All registers of the unit stand still together when the pipeline stalls: it is proven for one that
// does not. Assumed: the immediate and the control word are a load's, a store's, a push's or a pop's, the offset
// of the last byte belongs to them (hsx_operands), the segment's mark and place agree, and the
// stack arena does not meet the place where the data segment is linked, as a loader sees to.
// peek_x is wire x in the unit; see prove.cmake.
`default_nettype none
`include "hsx_core.vh"

module hsx_address_formal (
  input wire        clk,
  input wire        s5_load, s5_store, s5_stack, s5_push, s5_protect,
  input wire [1:0]  s5_size,
  input wire [15:0] s5_a, s5_sp,
  input wire [11:0] s5_imm,
  input wire [7:0]  s6_window,
  input wire [15:0] s6_stack_limit, s6_stack_top, s6_data_len,
  input wire [13:0] s6_data_base,
  input wire        careful
);
  // ---- the unit, with the control words that travel beside it ----

  wire [`HSX_CTL_BITS-1:0] s5_ctl;
  reg  [`HSX_CTL_BITS-1:0] s6_ctl = {`HSX_CTL_BITS{1'b0}}, s7_ctl = {`HSX_CTL_BITS{1'b0}};
  genvar i;
  generate
    for (i = 0; i < `HSX_CTL_BITS; i = i + 1) begin : bits
      assign s5_ctl[i] = (i == `HSX_CTL_LOAD) ? s5_load : (i == `HSX_CTL_STORE) ? s5_store
                       : (i == `HSX_CTL_STACK) ? s5_stack : (i == `HSX_CTL_PUSH) ? s5_push
                       : (i == `HSX_CTL_PROTECT) ? s5_protect
                       : (i == 14) ? s5_size[0] : (i == 15) ? s5_size[1] : 1'b0;
    end
  endgenerate

  wire [2:0]  n5     = (s5_size == `HSX_SIZE_WORD) ? 3'd4 : (s5_size == `HSX_SIZE_HALF) ? 3'd2 : 3'd1;
  wire [15:0] s5_ea  = s5_a + {{4{s5_imm[11]}}, s5_imm};
  wire [12:0] s5_last_offset = {s5_imm[11], s5_imm} + {10'd0, n5} - 13'd1;

  reg  [15:0] s6_sum;
  wire        overflow, underflow, s7_mem_fault;
  wire [15:0] s7_addr, s7_new_sp;

  hsx_address #(.INDEX_BITS(8)) dut (
    .clk(clk), .advance_back(1'b1), .s5_ctl(s5_ctl), .s6_ctl(s6_ctl), .s7_ctl(s7_ctl),
    .s5_a(s5_a), .s5_last_offset(s5_last_offset), .s5_sp(s5_sp), .s6_sum(s6_sum),
    .s6_window(s6_window), .s6_stack_limit(s6_stack_limit), .s6_stack_top(s6_stack_top),
    .s6_data_low(s6_data_base[13:12] == 2'd0), .s6_data_base(s6_data_base),
    .s6_data_len(s6_data_len), .careful(careful), .s6_overflow(overflow),
    .s6_underflow(underflow), .step_addr(1'b0), .held(1'b0), .host_addr(14'd0),
    .s7_addr(s7_addr), .s7_new_sp(s7_new_sp), .s7_mem_fault(s7_mem_fault)
  );

  always @* begin
    assume (s5_load != s5_store);
    assume (!s5_push || (s5_stack && s5_store));
    assume (s5_push || !(s5_stack && s5_store));
    assume (s5_size != 2'd3 && (!s5_stack || s5_size == `HSX_SIZE_WORD));
    assume (s6_window >= 8'd64);
    assume (s6_data_len <= 16'hC000);
    assume ({1'b0, s6_stack_limit} >= 17'h4000 + {1'b0, s6_data_len} || s6_stack_top <= 16'h4000);
  end

  wire [15:0] peek_s6_sp, peek_s6_last_byte;
  wire [16:0] peek_s6_stack_addr;

  // ---- what the access was made of ----

  reg        g6_is = 1'b0, g7_is = 1'b0;
  reg [2:0]  n6, n;
  reg [15:0] g6_sp, g6_ea, g7_ea, g7_sp, g7_limit, g7_top, g7_len;
  reg [13:0] g7_base;
  reg [7:0]  g7_window;

  always @(posedge clk) begin
    s6_ctl    <= s5_ctl;
    s7_ctl    <= s6_ctl;
    s6_sum    <= s5_ea;
    g6_is     <= 1'b1;
    g7_is     <= g6_is;
    n6        <= n5;
    n         <= n6;
    g6_ea     <= s5_ea;
    g6_sp     <= s5_sp;
    g7_ea     <= g6_ea;
    g7_sp     <= g6_sp;
    g7_limit  <= s6_stack_limit;
    g7_top    <= s6_stack_top;
    g7_len    <= s6_data_len;
    g7_base   <= s6_data_base;
    g7_window <= s6_window;
  end

  // ---- the contract ----

  wire        stack   = s7_ctl[`HSX_CTL_STACK];
  wire        push    = s7_ctl[`HSX_CTL_PUSH];
  wire        protect = s7_ctl[`HSX_CTL_PROTECT];
  wire [18:0] ea      = {3'd0, g7_ea};
  wire [18:0] limit   = {3'd0, g7_limit};
  wire [18:0] top     = {3'd0, g7_top};
  wire [18:0] window  = {3'd0, 2'd0, g7_window, 6'd0};
  wire [18:0] base    = {3'd0, g7_base, 2'd0};
  wire [18:0] len     = {3'd0, g7_len};
  wire [18:0] seg_end = 19'h4000 + len;
  wire        in_segment = ea >= 19'h4000 && ea < seg_end;
  wire [18:0] place   = in_segment ? ea - 19'h4000 + base : ea;
  wire        passes  = ea + n > 19'h10000 || place + n > 19'h10000;
  wire        allowed = ea + n <= 19'h1000
                     || (ea >= window && ea + n <= window + 19'd64)
                     || (ea >= 19'h4000 && ea + n <= seg_end)
                     || (ea >= limit && ea + n <= top);

  (* anyseq *) wire [1:0] which; // any byte of the access
  wire [18:0] at = {3'd0, s7_addr} + {17'd0, which};
  wire        inside = at < 19'h1000 || (at >= window && at < window + 19'd64)
                    || (at >= base && at < base + len) || (at >= limit && at < top);

`ifdef HSX_REACH
  always @(posedge clk) begin
    assert (!(g7_is && !stack && s7_mem_fault && passes && in_segment));
    assert (!(g7_is && !stack && s7_mem_fault && !passes));
    assert (!(g7_is && !stack && !s7_mem_fault && protect && in_segment && g7_base != 14'h1000));
    assert (!(g7_is && !stack && !s7_mem_fault && protect && ea + n == window + 19'd64));
    assert (!(g7_is && !stack && !s7_mem_fault && protect && ea + n == top));
    assert (!(g6_is && overflow && g6_sp != 16'd0));
    assert (!(g6_is && underflow && g6_sp < 16'hFFF0));
  end
`else
  always @(posedge clk)
    if (g6_is) begin
      assert (peek_s6_sp == g6_sp && s6_sum == g6_ea);
      assert (peek_s6_stack_addr == {1'b0, g6_sp} - (s6_ctl[`HSX_CTL_PUSH] ? 17'd4 : 17'd0));
      assert (peek_s6_last_byte == g6_ea + {13'd0, n6} - 16'd1);
      assert (overflow == (s6_ctl[`HSX_CTL_PUSH] && {1'b0, g6_sp} < {1'b0, s6_stack_limit} + 17'd4));
      assert (underflow == (s6_ctl[`HSX_CTL_STACK] && !s6_ctl[`HSX_CTL_PUSH]
                            && {1'b0, g6_sp} + 17'd4 > {1'b0, s6_stack_top}));
    end

  always @(posedge clk)
    if (g7_is) begin
      assert (s7_mem_fault == (!stack && (passes || (protect && !allowed))));
      assert (s7_new_sp == (push ? g7_sp - 16'd4 : stack ? g7_sp + 16'd4 : g7_sp));
      if (stack)
        assert (s7_addr == (push ? g7_sp - 16'd4 : g7_sp));
      else if (!passes)
        assert ({3'd0, s7_addr} == place);
      if (!stack && protect && !s7_mem_fault && {1'b0, which} < n)
        assert (inside);
    end
`endif
endmodule

`default_nettype wire
