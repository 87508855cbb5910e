// SPDX-License-Identifier: Apache-2.0
// What an instruction may do to memory and to its task, against the contract in unbounded
// integers, on the core itself from stage 4 on: for every word, operand and context.
//
// Proven:
// - verdict: an instruction in stage 7 faults if and only if section 3 and 4 say so, to the byte,
//   and with their code: fetch, opcode, DIV, stack guards, bounds, translation, protection;
// - isolation: what the memory stage writes are bytes of the store's own access, none of an
//   instruction that faults, and under protection none but of the shared page, the task's window,
//   data segment and stack arena; so none of a place that is in nobody's but another task's;
// - precision: an instruction that faults writes its code to R0 and the state, and nothing else.
//
// It holds in runs of any length: with what is asserted of the stages and of the memory's steps, a
// cycle follows from the five before it.
//
// What is in front of stage 4, the contexts, the multi-cycle unit, the queue and the
// host may do anything (prove.cmake cuts them off), but for the assumptions below.
// peek_x is wire x in the core; see prove.cmake.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"
`include "hsx_retire.vh"

module hsx_back_formal (
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

  hsx_core #(.CONTEXTS(4), .WINDOWS(192)) dut (
    .clk(clk), .rst(rst), .code_rdata_even(code_rdata_even), .code_rdata_odd(code_rdata_odd),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata), .wb_cyc(1'b0), .wb_stb(1'b0), .wb_we(1'b0), .wb_adr(18'd0),
    .wb_sel(4'd0), .wb_dat_i(32'd0)
  );

  wire        peek_advance_back, peek_squash_all, peek_squash_to_hold, peek_held;
  wire        peek_host_data_en;
  wire        peek_s4_valid, peek_s5_valid, peek_s6_valid, peek_s7_valid, peek_s8_valid;
  wire        peek_s7_live, peek_s7_at_begin, peek_s7_commits;
  wire [`HSX_CTL_DECODED_BITS-1:0] peek_s4_ctl;
  wire [`HSX_CTL_BITS-1:0] peek_s5_ctl, peek_s6_ctl, peek_s7_ctl;
  wire [31:0] peek_s4_insn, peek_s4_imm, peek_s5_a, peek_s5_b, peek_s6_sum, peek_s7_value;
  wire [31:0] peek_s7_fault_code, peek_s8_result;
  wire [12:0] peek_s5_last_offset;
  wire [15:0] peek_s5_sp, peek_s6_depth, peek_s6_stack_limit, peek_s6_stack_top, peek_s6_data_len;
  wire [13:0] peek_s6_data_base;
  wire [7:0]  peek_s6_window;
  wire        peek_s6_data_low, peek_s6_divides_by_0, peek_s7_slow, peek_s7_skips, peek_s7_fault;
  wire        peek_s7_ends_task;
  wire [15:0] peek_s7_addr;
  wire [15:0] peek_address__s6_last_byte, peek_address__s6_sp;
  wire [16:0] peek_address__s6_stack_addr;
  wire [3:0]  peek_memory__state;
  wire [1:0]  peek_memory__count;
  wire        peek_memory__stalled, peek_memory__host, peek_memory__wanted, peek_memory__writing;
  wire        peek_memory_writes_window;
  wire [3:0]  peek_memory_window_we;
  wire        peek_s8_writes_context, peek_s8_writes_psw, peek_s8_is_result, peek_s8_fault;
  wire        peek_s8_bad_return, peek_s8_ret, peek_s7_kept_back, peek_s7_too_early;
  wire        peek_s7_waits;
  wire        peek_s7_mem_fault, peek_commit__s7_refused, peek_commit__s7_overflow;
  wire        peek_commit__s7_underflow;
  wire [31:0] peek_commit__s7_refused_code;
  wire [3:0]  peek_s8_reg, peek_s8_lanes, peek_s8_lanes_15, peek_s8_state;

  wire advance = peek_advance_back;

  // ---- the opcodes, from the contract ----

  function is_load(input [7:0] op);
    is_load = op == `HSX_OP_LD || op == `HSX_OP_LDH || op == `HSX_OP_LDB;
  endfunction
  function is_store(input [7:0] op);
    is_store = op == `HSX_OP_ST || op == `HSX_OP_STH || op == `HSX_OP_STB;
  endfunction
  function is_push(input [7:0] op);
    is_push = op == `HSX_OP_PUSH || op == `HSX_OP_CALL;
  endfunction
  function is_pop(input [7:0] op);
    is_pop = op == `HSX_OP_POP || op == `HSX_OP_RET;
  endfunction
  function [2:0] bytes_of(input [7:0] op);
    bytes_of = (op == `HSX_OP_LDB || op == `HSX_OP_STB) ? 3'd1
             : (op == `HSX_OP_LDH || op == `HSX_OP_STH) ? 3'd2 : 3'd4;
  endfunction
  function is_known(input [7:0] op);
    case (op)
      `HSX_OP_LDI, `HSX_OP_LD, `HSX_OP_ST, `HSX_OP_MOV, `HSX_OP_LDB, `HSX_OP_LDH, `HSX_OP_STB,
      `HSX_OP_STH, `HSX_OP_ADD, `HSX_OP_SUB, `HSX_OP_MUL, `HSX_OP_DIV, `HSX_OP_AND, `HSX_OP_OR,
      `HSX_OP_XOR, `HSX_OP_NOT, `HSX_OP_CMP, `HSX_OP_JMP, `HSX_OP_JZ, `HSX_OP_JNZ, `HSX_OP_CALL,
      `HSX_OP_RET, `HSX_OP_SVC, `HSX_OP_LSL, `HSX_OP_LSR, `HSX_OP_ASR, `HSX_OP_ADC, `HSX_OP_SBC,
      `HSX_OP_PUSH, `HSX_OP_POP, `HSX_OP_FADD, `HSX_OP_FSUB, `HSX_OP_FMUL, `HSX_OP_FDIV,
      `HSX_OP_I2F, `HSX_OP_F2I, `HSX_OP_LDI32, `HSX_OP_BRK: is_known = 1'b1;
      default: is_known = 1'b0;
    endcase
  endfunction

  // Whether the decoded word says what this opcode does to memory, stack and context.
  function decodes(input [`HSX_CTL_DECODED_BITS-1:0] ctl, input [7:0] op);
    decodes = ctl[`HSX_CTL_LOAD] == (is_load(op) || is_pop(op))
           && ctl[`HSX_CTL_STORE] == (is_store(op) || is_push(op))
           && ctl[`HSX_CTL_STACK] == (is_push(op) || is_pop(op))
           && ctl[`HSX_CTL_PUSH] == is_push(op)
           && ctl[`HSX_CTL_RET] == (op == `HSX_OP_RET)
           && ctl[`HSX_CTL_SVC] == (op == `HSX_OP_SVC)
           && ctl[`HSX_CTL_BRK] == (op == `HSX_OP_BRK)
           && ctl[`HSX_CTL_ILLEGAL] == !is_known(op)
           && (!(is_load(op) || is_store(op) || is_push(op) || is_pop(op))
               || ctl[`HSX_CTL_SIZE] == (bytes_of(op) == 3'd4 ? `HSX_SIZE_WORD
                                        : bytes_of(op) == 3'd2 ? `HSX_SIZE_HALF : `HSX_SIZE_BYTE))
           && (!(is_load(op) || is_store(op))
               || (!ctl[`HSX_CTL_ZERO_A] && ctl[`HSX_CTL_USE_IMM] && !ctl[`HSX_CTL_INVERT]
                   && ctl[`HSX_CTL_CARRY_IN] == `HSX_CARRY_0));
  endfunction

  // ---- what travels with an instruction ----

  reg [31:0] g5_insn, g6_insn, g7_insn;
  reg [15:0] g6_ea, g7_ea, g6_sp, g7_sp, g7_limit, g7_top, g7_len, g7_depth;
  reg [13:0] g7_base;
  reg [7:0]  g7_window;
  reg        g7_div0;

  wire [31:0] g5_offset = {{20{g5_insn[11]}}, g5_insn[`HSX_FIELD_IMM]};

  always @(posedge clk)
    if (advance) begin
      g5_insn    <= peek_s4_insn;
      g6_insn    <= g5_insn;
      g6_ea      <= peek_s5_a[15:0] + g5_offset[15:0];
      g6_sp      <= peek_s5_sp;
      g7_insn    <= g6_insn;
      g7_ea      <= g6_ea;
      g7_sp      <= g6_sp;
      g7_limit   <= peek_s6_stack_limit;
      g7_top     <= peek_s6_stack_top;
      g7_base    <= peek_s6_data_base;
      g7_len     <= peek_s6_data_len;
      g7_depth   <= peek_s6_depth;
      g7_window  <= peek_s6_window;
      g7_div0    <= peek_s6_divides_by_0;
    end

  wire [7:0] op4 = peek_s4_insn[31:24];
  wire [7:0] op5 = g5_insn[31:24];
  wire [7:0] op6 = g6_insn[31:24];
  wire [7:0] op7 = g7_insn[31:24];
  wire s5_is = peek_s5_valid && !peek_s5_ctl[`HSX_CTL_IS_RESULT];
  wire s6_is = peek_s6_valid && !peek_s6_ctl[`HSX_CTL_IS_RESULT];
  wire s7_is = peek_s7_valid && !peek_s7_ctl[`HSX_CTL_IS_RESULT];
  wire s5_moves = is_load(op5) || is_store(op5);
  wire s6_moves = is_load(op6) || is_store(op6);
  wire s7_moves = is_load(op7) || is_store(op7);

  // ---- the contract, section 3 and 4, in integers that do not wrap ----

  wire [2:0]  n       = bytes_of(op7);
  wire [18:0] ea      = {3'd0, g7_ea};
  wire [18:0] limit   = {3'd0, g7_limit};
  wire [18:0] top     = {3'd0, g7_top};
  wire [18:0] window  = {3'd0, 2'd0, g7_window, 6'd0};
  wire [18:0] seg_end = 19'h4000 + {3'd0, g7_len};
  wire        in_segment = ea >= 19'h4000 && ea < seg_end;
  wire [18:0] place   = in_segment ? ea - 19'h4000 + {3'd0, g7_base, 2'd0} : ea;
  wire        passes  = ea + n > 19'h10000 || place + n > 19'h10000;
  wire        allowed = ea + n <= 19'h1000
                     || (ea >= window && ea + n <= window + 19'd64)
                     || (ea >= 19'h4000 && ea + n <= seg_end)
                     || (ea >= limit && ea + n <= top);
  wire        protect = peek_s7_ctl[`HSX_CTL_PROTECT];

  wire        bad_fetch = peek_s7_ctl[`HSX_CTL_CODE_FAULT];
  wire        illegal   = !is_known(op7);
  wire        ends      = op7 == `HSX_OP_RET && g7_depth == 16'd0;
  wire        overflow  = is_push(op7) && {3'd0, g7_sp} < limit + 19'd4;
  wire        underflow = is_pop(op7) && {3'd0, g7_sp} + 19'd4 > top;
  wire        refused   = s7_moves && (passes || (protect && !allowed));
  wire        bad_word  = op7 == `HSX_OP_RET && peek_s7_slow && peek_s7_value[31:16] != 16'd0;

  wire        leaves_early = bad_fetch || illegal || g7_div0;
  wire        skips = leaves_early || ends || overflow || underflow || refused;
  wire        fault = leaves_early || (!ends && (overflow || underflow || bad_word || refused));
  wire [31:0] code  = bad_fetch ? `HSX_FAULT_CODE
                    : illegal   ? `HSX_FAULT_ILLEGAL_OPCODE
                    : g7_div0   ? `HSX_FAULT_DIV_ZERO
                    : overflow  ? `HSX_FAULT_STACK_OVERFLOW
                    : underflow ? `HSX_FAULT_STACK_UNDERFLOW
                    : bad_word  ? `HSX_FAULT_CODE
                    :             `HSX_FAULT_MEM;

  // Where the access begins; of the stack at sp, which only the guards check.
  wire [18:0] first = is_push(op7) ? {3'd0, g7_sp} - 19'd4 : is_pop(op7) ? {3'd0, g7_sp} : place;

  // ---- assumptions ----

  always @* begin
    assume (!peek_held && !peek_host_data_en); // the host's accesses are the host's business
    // a hold comes between two instructions (hsx_control)
    assume (!peek_squash_to_hold
            || (peek_s7_at_begin && !(peek_s7_live && !peek_s7_kept_back && !peek_s7_too_early)));
    assume (peek_s6_window >= 8'd64); // what the host writes to reg_base
    assume (peek_s6_data_low == (peek_s6_data_base[13:12] == 2'd0));
    // a load is refused when its stack would meet the place where its data is linked
    assume (peek_s6_stack_limit >= 16'h4000 + peek_s6_data_len || peek_s6_stack_top <= 16'h4000);
    assume (peek_s6_data_len <= 16'hC000);
    // division by zero is told of DIV
    assume (!peek_s6_divides_by_0 || op6 == `HSX_OP_DIV);
  end

  wire [2:0] n5 = bytes_of(op5);
  wire [2:0] n6 = bytes_of(op6);
  wire at_begin = peek_memory__state == 4'd0;
  // How many bytes of a slow access have been done.
  wire [2:0] steps = at_begin ? 3'd0
                   : peek_memory__state[0] ? {1'b0, peek_memory__count}
                   : {peek_memory__count == 2'd0, peek_memory__count};

  reg started = 1'b0;
  always @(posedge clk)
    started <= !rst;

  wire accesses = s7_moves || is_push(op7) || is_pop(op7);
  wire stores   = is_store(op7) || is_push(op7);
  wire [3:0] lanes = ~(4'hF << n) << first[1:0];
  wire writes = (data_en && data_we != 4'd0) || peek_memory_writes_window;
  wire [18:0] byte_at = first + {16'd0, steps}; // the one that a slow access is at
  wire inside = byte_at < 19'h1000 || (byte_at >= window && byte_at < window + 19'd64)
             || (byte_at >= {3'd0, g7_base, 2'd0} && byte_at < {3'd0, g7_base, 2'd0} + {3'd0, g7_len})
             || (byte_at >= limit && byte_at < top);
  wire [18:0] last_at = at_begin ? first + n - 19'd1 : byte_at;
  wire last_inside = last_at < 19'h1000 || (last_at >= window && last_at < window + 19'd64)
             || (last_at >= {3'd0, g7_base, 2'd0} && last_at < {3'd0, g7_base, 2'd0} + {3'd0, g7_len})
             || (last_at >= limit && last_at < top);

`ifndef HSX_REACH
  // ---- from stage to stage ----

  always @(posedge clk)
    if (!rst) begin
      if (peek_s4_valid) begin
        assert (decodes(peek_s4_ctl, op4));
        if (is_load(op4) || is_store(op4))
          assert (peek_s4_imm == {{20{peek_s4_insn[11]}}, peek_s4_insn[`HSX_FIELD_IMM]});
      end
      if (s5_is) begin
        assert (decodes(peek_s5_ctl[`HSX_CTL_DECODED_BITS-1:0], op5));
        if (s5_moves)
          assert (peek_s5_b == g5_offset
                  && peek_s5_last_offset == g5_offset[12:0] + {10'd0, n5} - 13'd1);
      end
      if (s6_is) begin
        assert (decodes(peek_s6_ctl[`HSX_CTL_DECODED_BITS-1:0], op6));
        assert (peek_address__s6_sp == g6_sp);
        assert (peek_address__s6_stack_addr == {1'b0, g6_sp} - (is_push(op6) ? 17'd4 : 17'd0));
        if (s6_moves)
          assert (peek_s6_sum[15:0] == g6_ea
                  && peek_address__s6_last_byte == g6_ea + {13'd0, n6} - 16'd1);
      end
      if (s7_is)
        assert (decodes(peek_s7_ctl[`HSX_CTL_DECODED_BITS-1:0], op7));
      // What the multi-cycle unit sends is only a result.
      if (peek_s5_valid && !s5_is)
        assert (!peek_s5_ctl[`HSX_CTL_LOAD] && !peek_s5_ctl[`HSX_CTL_STORE]);
      if (peek_s6_valid && !s6_is)
        assert (!peek_s6_ctl[`HSX_CTL_LOAD] && !peek_s6_ctl[`HSX_CTL_STORE]);
      if (peek_s7_valid && !s7_is)
        assert (!peek_s7_ctl[`HSX_CTL_LOAD] && !peek_s7_ctl[`HSX_CTL_STORE]);
    end

  // The unit's result alone writes half a register.
  always @(posedge clk)
    if (!rst) begin
      assert (!(s5_is && peek_s5_ctl[`HSX_CTL_LOW_HALF]));
      assert (!(s6_is && peek_s6_ctl[`HSX_CTL_LOW_HALF]));
      assert (!(s7_is && peek_s7_ctl[`HSX_CTL_LOW_HALF]));
    end

  // What is assumed of a context in stage 6 goes on with it.
  always @(posedge clk)
    if (!rst && s7_is)
      assert (g7_window >= 8'd64 && g7_len <= 16'hC000
              && (g7_limit >= 16'h4000 + g7_len || g7_top <= 16'h4000));

  // ---- verdict ----

  always @(posedge clk)
    if (!rst && s7_is) begin
      assert (peek_commit__s7_refused == leaves_early);
      if (leaves_early)
        assert (peek_commit__s7_refused_code == code);
      assert (peek_commit__s7_overflow == (overflow && !leaves_early));
      assert (peek_commit__s7_underflow == (underflow && !leaves_early && !ends));
      assert (peek_s7_mem_fault == refused);
      assert (peek_s7_ends_task == (ends && !bad_fetch));
      assert (peek_s7_skips == skips);
      if (peek_s7_commits) begin
        assert (peek_s7_fault == fault);
        if (fault)
          assert (peek_s7_fault_code == code);
      end
    end

  // ---- isolation ----

  always @(posedge clk)
    if (started && !rst) begin
      // a slow access goes its way alone
      assert (!peek_memory__host);
      assert (at_begin || peek_memory__state == 4'd1 || peek_memory__state == 4'd2
              || peek_memory__state == 4'd4 || peek_memory__state == 4'd8);
      if (at_begin || peek_memory__state[2])
        assert (peek_memory__count == 2'd0);
      if (!at_begin)
        assert (s7_is && peek_s7_slow && !peek_squash_all && accesses
                && (peek_memory__stalled || peek_memory__state[2]));
      if (peek_memory__state[0] || peek_memory__state[3])
        assert (!skips);
      if (peek_memory__state[0])
        assert (peek_memory__writing == stores && peek_memory__wanted == ({1'b0, peek_memory__count} < n));
      if (s7_is)
        assert (!peek_s7_slow || accesses);
      if (peek_s7_slow && peek_s7_valid)
        assert (s7_is && peek_s7_waits);
      // nothing is in front of it, and it ends when all bytes are there
      if (!at_begin)
        assert (!peek_s8_valid && !peek_s8_ret);
      assert (!peek_memory__state[2] || !peek_memory__stalled);
      if (peek_memory__state[1] && skips)
        assert (peek_memory__count == 2'd0);
      if (at_begin && peek_s7_valid && (peek_s7_kept_back || peek_s7_slow))
        assert (peek_memory__stalled);
      // nothing is written behind a RET whose word is not known yet
      if (peek_s8_ret && s7_is && (peek_s7_slow || peek_s7_ctl[`HSX_CTL_STORE]))
        assert (peek_s7_kept_back && at_begin);
      // where it is
      if (s7_is && accesses && !skips)
        assert (peek_s7_addr == first[15:0] + {13'd0, steps});
      if (s7_is && accesses && !skips && !peek_s7_slow)
        assert ((first & (n - 19'd1)) == 19'd0);

      if (writes) begin
        assert (s7_is && stores && !skips && !peek_s8_bad_return);
        if (at_begin)
          assert (data_addr == first[15:2] && data_we == lanes
                  && {1'b0, first[1:0]} + n <= 3'd4 && !peek_memory_writes_window);
        else
          assert (peek_s7_addr == byte_at[15:0] && steps < n
                  && (peek_memory_writes_window ? peek_memory_window_we : data_we)
                     == 4'd1 << byte_at[1:0]);
        if (protect && is_store(op7))
          assert (inside && last_inside);
        if (is_push(op7))
          assert (byte_at >= limit && last_at < {3'd0, g7_sp});
      end
      // a window's bytes are not in data memory
      if (peek_memory_writes_window)
        assert (byte_at >= 19'h1000 && byte_at < 19'h4000 && !data_en);
    end

  // ---- precision ----

  reg        g8_fault;
  reg [31:0] g8_code;
  always @(posedge clk)
    if (advance) begin
      g8_fault <= fault;
      g8_code  <= code;
    end

  always @(posedge clk)
    if (started && !rst && peek_s8_valid) begin
      assert (peek_s8_fault == g8_fault);
      if (g8_fault) begin
        assert (!peek_s8_writes_context && !peek_s8_writes_psw && !peek_s8_bad_return);
        assert (peek_s8_lanes == 4'hF && peek_s8_reg == 4'd0 && peek_s8_lanes_15 == 4'd0);
        assert (peek_s8_result == g8_code && peek_s8_state == `HSX_FAULTED);
      end
    end
  always @(posedge clk)
    if (started && !rst)
      assert (!peek_s8_valid || !peek_s8_is_result);

`else
  // The assumptions leave room for all that matters: each of these must fail.
  wire commits = started && peek_s7_commits && s7_is;
  always @(posedge clk) begin
    assert (!(started && !rst && writes && protect && is_store(op7) && at_begin && byte_at < 19'h1000));
    assert (!(started && !rst && writes && protect && is_store(op7) && peek_memory_writes_window && n == 3'd4));
    assert (!(started && !rst && writes && protect && is_store(op7) && in_segment && place != ea && first[0]));
    assert (!(started && !rst && writes && protect && is_store(op7) && byte_at >= 19'hFF00 && !in_segment));
    assert (!(started && !rst && writes && is_push(op7) && last_at + 19'd1 == top));
    assert (!(commits && fault && peek_s7_slow && refused));
    assert (!(commits && overflow && fault));
    assert (!(commits && underflow && fault));
    assert (!(commits && bad_word && fault));
    assert (!(commits && refused && passes && in_segment));
    assert (!(commits && g7_div0 && fault));
    assert (!(started && peek_s8_valid && peek_s8_fault));
  end
`endif
endmodule

`default_nettype wire
