// SPDX-License-Identifier: Apache-2.0
// Each record of an instruction against hsx_instruction, which knows nothing of pipelines: for every
// word, operand, context and memory.
//
// Proven of records but those of MUL, DIV and binary16:
// - an instruction that is not refused writes what the contract says: rd, R15, pc, sp, call_depth,
//   psw and memory, and its event is the one of its opcode;
// - one that faults or ends its task leaves pc, sp, call_depth and psw as they were;
// - what a load or a pop reads, at once or byte by byte, is in memory, which holds what stores have
//   written there. Any one word of data memory is followed; windows are memory elsewhere.
// Which instructions are refused, and where a load or store goes, is the matter of the proof `back`;
// that the operands are those of the registers, that of `core`.
//
// Queue, contexts, registers, bypasses, the multi-cycle unit and the host may show anything
// (prove.cmake cuts them off), but for the assumptions below. peek_x is wire x in the core.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"
`include "hsx_retire.vh"

module hsx_record_formal (
  input wire        clk,
  input wire [31:0] code_rdata_even, code_rdata_odd, data_rdata
);
  reg rst = 1'b1;
  always @(posedge clk)
    rst <= 1'b0;

  wire        data_en;
  wire [3:0]  data_we;
  wire [13:0] data_addr;
  wire [31:0] data_wdata;
  `HSX_RET_WIRES

  hsx_core #(.CONTEXTS(4), .WINDOWS(4)) dut (
    .clk(clk), .rst(rst), .code_rdata_even(code_rdata_even), .code_rdata_odd(code_rdata_odd),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata), .wb_cyc(1'b0), .wb_stb(1'b0), .wb_we(1'b0), .wb_adr(18'd0),
    .wb_sel(4'd0), .wb_dat_i(32'd0), `HSX_RET_CONNECT
  );

  wire        peek_advance_front, peek_advance_back, peek_squash_to_hold, peek_held;
  wire        peek_host_data_en, peek_host_code_en, peek_s7_at_begin, peek_s7_live;
  wire        peek_s7_kept_back, peek_s7_too_early, peek_s6_divides_by_0, peek_s3_call_words;
  wire [31:0] peek_s4_a, peek_s4_b;
  wire [15:0] peek_s4_sp, peek_s6_depth;
  wire [3:0]  peek_s4_psw;

  // ---- what the instructions began with ----

  reg         g4_words, g5_words, g6_words, g7_words, words;
  reg  [31:0] g5_a, g6_a, g7_a, a, g5_b, g6_b, g7_b, b;
  reg  [15:0] g5_sp, g6_sp, g7_sp, sp, g7_depth, depth;
  reg  [3:0]  g5_psw, g6_psw, g7_psw, psw;
  reg  [31:0] g5_insn, g6_insn;
  wire [31:0] peek_s4_insn;

  always @(posedge clk) begin
    if (peek_advance_front)
      g4_words <= peek_s3_call_words;
    if (peek_advance_back) begin
      {g5_words, g6_words, g7_words, words} <= {g4_words, g5_words, g6_words, g7_words};
      {g5_a, g6_a, g7_a, a}         <= {peek_s4_a, g5_a, g6_a, g7_a};
      {g5_b, g6_b, g7_b, b}         <= {peek_s4_b, g5_b, g6_b, g7_b};
      {g5_sp, g6_sp, g7_sp, sp}     <= {peek_s4_sp, g5_sp, g6_sp, g7_sp};
      {g5_psw, g6_psw, g7_psw, psw} <= {peek_s4_psw, g5_psw, g6_psw, g7_psw};
      {g7_depth, depth}             <= {peek_s6_depth, g7_depth};
      {g5_insn, g6_insn}            <= {peek_s4_insn, g5_insn};
    end
  end

  // ---- one word of data memory ----

  (* anyconst *) wire [13:0] word_at;
  reg [31:0] word, was_word;
  reg        reads_word = 1'b0;
  integer    lane;
  always @(posedge clk) begin
    reads_word <= data_en && data_we == 4'd0 && data_addr == word_at;
    was_word   <= word;
    for (lane = 0; lane < 4; lane = lane + 1)
      if (data_en && data_we[lane] && data_addr == word_at)
        word[8*lane +: 8] <= data_wdata[8*lane +: 8];
  end

  // Whether the bytes of an access that lie in the word are these.
  function holds(input [31:0] now, input [15:0] first, input [2:0] n, input [31:0] value);
    integer i;
    reg [15:0] place;
    begin
      holds = 1'b1;
      for (i = 0; i < 4; i = i + 1) begin
        place = {word_at, 2'd0} + i - first;
        if (place < {13'd0, n} && now[8*i +: 8] != ((value >> {place[1:0], 3'd0}) & 32'hFF))
          holds = 1'b0;
      end
    end
  endfunction

  // ---- assumptions ----

  always @* begin
    assume (!peek_held && !peek_host_data_en && !peek_host_code_en);
    assume (!peek_squash_to_hold // hsx_control
            || (peek_s7_at_begin && !(peek_s7_live && !peek_s7_kept_back && !peek_s7_too_early)));
    assume (!peek_s6_divides_by_0 || g6_insn[31:24] == `HSX_OP_DIV);
    assume (word_at < 14'h400 || word_at >= 14'h440);
    if (reads_word)
      assume (data_rdata == was_word);
  end

  // ---- the record ----

  wire [7:0] op = ret_insn[31:24];
  wire long = op == `HSX_OP_MUL || op == `HSX_OP_DIV || op == `HSX_OP_FADD || op == `HSX_OP_FSUB
           || op == `HSX_OP_FMUL || op == `HSX_OP_FDIV || op == `HSX_OP_I2F || op == `HSX_OP_F2I;
  wire records = ret_valid && ret_event != `HSX_EV_TICK && !long;
  wire refused = ret_event == `HSX_EV_FAULT || ret_event == `HSX_EV_RETURN;

  wire        writes, stack, loads, stores;
  wire [31:0] value, stored;
  wire [2:0]  width;
  wire [15:0] new_sp, new_depth, next_pc;
  wire [3:0]  new_psw;
  hsx_instruction spec (
    .insn(ret_insn), .ext(ret_ext), .call_words(words), .pc(ret_pc), .sp(sp), .depth(depth),
    .psw(psw), .a(a), .b(b), .loaded(ret_mem_value), .writes(writes), .value(value),
    .stack(stack), .loads(loads), .stores(stores), .width(width), .stored(stored),
    .new_sp(new_sp), .new_depth(new_depth), .next_pc(next_pc), .new_psw(new_psw)
  );

  wire [2:0] event_is = op == `HSX_OP_SVC ? `HSX_EV_SVC : op == `HSX_OP_BRK ? `HSX_EV_BRK : `HSX_EV_RETIRE;

`ifdef HSX_REACH
  wire plain = !rst && records && !refused;
  always @(posedge clk) begin
    assert (!(plain && op == `HSX_OP_SBC && ret_psw == 4'b1010));
    assert (!(plain && op == `HSX_OP_ASR && b[4:0] == 5'd31 && ret_psw[1]));
    assert (!(plain && op == `HSX_OP_CALL && ret_insn[19:16] != 4'd0 && words));
    assert (!(plain && op == `HSX_OP_RET));
    assert (!(plain && op == `HSX_OP_JNZ && ret_next_pc > ret_pc + 16'd8));
    assert (!(plain && op == `HSX_OP_LDI32));
    assert (!(plain && op == `HSX_OP_LDB && reads_word));
    assert (!(plain && op == `HSX_OP_LD && ret_mem_addr[1:0] == 2'd3 && word_at == ret_mem_addr[15:2]));
    assert (!(!rst && records && ret_event == `HSX_EV_RETURN));
  end
`else
  always @(posedge clk)
    if (!rst && records) begin
      if (refused) begin
        assert (ret_next_pc == ret_pc && ret_sp == sp && ret_depth == depth && ret_psw == psw);
        assert (!ret_r15_we && !ret_mem_we && !ret_mem_re);
      end else begin
        assert (ret_event == event_is);
        assert (ret_rd_we == writes && ret_r15_we == stack);
        assert (!writes || (ret_rd == ret_insn[23:20] && ret_rd_value == value));
        assert (ret_next_pc == next_pc && ret_sp == new_sp && ret_depth == new_depth);
        assert (ret_psw == new_psw);
        assert (ret_mem_re == loads && ret_mem_we == stores);
        assert (!(loads || stores) || ret_mem_width == width);
        assert (!stores || ret_mem_value == stored);
        assert (!stack || ret_mem_addr == (stores ? new_sp : sp));
        assert (!loads || holds(word, ret_mem_addr, width, ret_mem_value));
        assert (ret_ext_valid == (op == `HSX_OP_LDI32));
      end
    end
`endif
endmodule

`default_nettype wire
