// SPDX-License-Identifier: Apache-2.0
// The core's records and the state that they tell of, against a machine that does one record
// after the other: no event is missing or doubled, each instruction sees what all before it
// have written, and what is squashed leaves no trace.
//
// Followed are any one task, any one word of memory, which may be a register, and any one word of
// code memory. The machine knows the queue, the task's pc, sp, psw, call_depth and state, and
// the word, and changes them by records alone, as contract section 1 and 5 say.
//
// Proven, whatever the code, memory and contexts are:
// - queue: each record is of the task at the queue's head, its turn as long as its slice;
// - order: a record's number is one more than that of the record before;
// - task: each instruction starts with the pc, sp, psw and call_depth that the record before of
//   its task left;
// - operands: each register that it reads, and what it loads, is what was written last;
// - fetch: its word is the one in code memory at its pc, and its fetch faults if and only if the
//   contract says so;
// - trace: memory, register and context hold what the records say, in every cycle.
// That a record is right, given what its instruction has read, is not part of it.
//
// The core is as it is, but for MUL, DIV and binary16. Of the register windows it has the
// followed register, the others show anything (hsx_window_ram.v of this directory), and a RAM that
// is read where it is written in the same cycle shows anything, too (hsx_ram.v). The host,
// whose module prove.cmake cuts off, puts up to three tasks with any slices into the queue, sets
// holds, budget, ticks and alarm, and lets the core run; then it leaves it alone. The number of steps
// to a tick is anything, for the counters are cut off as well.
// peek_x is wire x in the core; see prove.cmake.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_host_map.vh"
`include "hsx_isa.vh"
`include "hsx_retire.vh"

module hsx_core_formal (
  input wire        clk,
  input wire [31:0] code_rdata_even, code_rdata_odd, data_rdata,
  input wire [31:0] wb_dat_i
);
  localparam GO = 4'd7; // the cycle in which the core is let go

  reg rst = 1'b1;
  always @(posedge clk)
    rst <= 1'b0;

  wire        code_en, data_en;
  wire [12:0] code_addr_even, code_addr_odd;
  wire [3:0]  data_we;
  wire [13:0] data_addr;
  wire [31:0] data_wdata;
  wire        held;
  `HSX_RET_WIRES

  hsx_core #(.CONTEXTS(4), .WINDOWS(4), .HAS_MULDIV(0), .HAS_FP16(0)) dut (
    .clk(clk), .rst(rst), .code_en(code_en), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_rdata_even(code_rdata_even),
    .code_rdata_odd(code_rdata_odd), .data_en(data_en), .data_we(data_we), .data_addr(data_addr),
    .data_wdata(data_wdata), .data_rdata(data_rdata), .wb_cyc(1'b0), .wb_stb(1'b0), .wb_we(1'b0),
    .wb_adr(18'd0), .wb_sel(4'd0), .wb_dat_i(wb_dat_i), .held(held), `HSX_RET_CONNECT
  );

  wire        peek_host_push, peek_host_pop, peek_host_set_turn, peek_host_field_we;
  wire        peek_host_reg_we, peek_host_total_write, peek_host_data_en, peek_host_code_en;
  wire        peek_host_code_we, peek_advance_back, peek_running;
  wire [1:0]  peek_host_slot;
  wire [5:0]  peek_host_reg_addr;
  wire [31:0] peek_host_value, peek_s4_a, peek_s4_b, peek_s4_window_15;
  wire [`HSX_CTL_BITS-1:0] peek_s7_ctl;
  wire [15:0] peek_s5_sp, peek_s6_depth, peek_s6_data_len;
  wire [3:0]  peek_s5_psw, peek_memory__state;
  wire [13:0] peek_s6_data_base;
  wire        peek_s6_data_low;
  wire [5:0]  peek_windows__ram__watched;
  wire [31:0] peek_windows__ram__word;

  // ---- the context RAMs ----

  wire [15:0] peek_contexts__ram_pc__mem_at_0, peek_contexts__ram_pc__mem_at_1;
  wire [15:0] peek_contexts__ram_pc__mem_at_2, peek_contexts__ram_pc__mem_at_3;
  wire [15:0] peek_contexts__ram_sp__mem_at_0, peek_contexts__ram_sp__mem_at_1;
  wire [15:0] peek_contexts__ram_sp__mem_at_2, peek_contexts__ram_sp__mem_at_3;
  wire [15:0] peek_contexts__ram_depth__mem_at_0, peek_contexts__ram_depth__mem_at_1;
  wire [15:0] peek_contexts__ram_depth__mem_at_2, peek_contexts__ram_depth__mem_at_3;
  wire [15:0] peek_contexts__ram_window_state_psw__mem_at_0;
  wire [15:0] peek_contexts__ram_window_state_psw__mem_at_1;
  wire [15:0] peek_contexts__ram_window_state_psw__mem_at_2;
  wire [15:0] peek_contexts__ram_window_state_psw__mem_at_3;
  wire [15:0] peek_contexts__ram_code_base__mem_at_0, peek_contexts__ram_code_base__mem_at_1;
  wire [15:0] peek_contexts__ram_code_base__mem_at_2, peek_contexts__ram_code_base__mem_at_3;
  wire [14:0] peek_contexts__ram_code_len__mem_at_0, peek_contexts__ram_code_len__mem_at_1;
  wire [14:0] peek_contexts__ram_code_len__mem_at_2, peek_contexts__ram_code_len__mem_at_3;

  (* anyconst *) wire [1:0] task_slot;

  function [15:0] of_task(input [1:0] slot, input [15:0] m0, m1, m2, m3);
    of_task = slot[1] ? (slot[0] ? m3 : m2) : (slot[0] ? m1 : m0);
  endfunction

  wire [15:0] in_pc = of_task(task_slot, peek_contexts__ram_pc__mem_at_0,
    peek_contexts__ram_pc__mem_at_1, peek_contexts__ram_pc__mem_at_2,
    peek_contexts__ram_pc__mem_at_3);
  wire [15:0] in_sp = of_task(task_slot, peek_contexts__ram_sp__mem_at_0,
    peek_contexts__ram_sp__mem_at_1, peek_contexts__ram_sp__mem_at_2,
    peek_contexts__ram_sp__mem_at_3);
  wire [15:0] in_depth = of_task(task_slot, peek_contexts__ram_depth__mem_at_0,
    peek_contexts__ram_depth__mem_at_1, peek_contexts__ram_depth__mem_at_2,
    peek_contexts__ram_depth__mem_at_3);
  wire [15:0] in_rest = of_task(task_slot, peek_contexts__ram_window_state_psw__mem_at_0,
    peek_contexts__ram_window_state_psw__mem_at_1, peek_contexts__ram_window_state_psw__mem_at_2,
    peek_contexts__ram_window_state_psw__mem_at_3);
  wire [15:0] in_code = of_task(task_slot, peek_contexts__ram_code_base__mem_at_0,
    peek_contexts__ram_code_base__mem_at_1, peek_contexts__ram_code_base__mem_at_2,
    peek_contexts__ram_code_base__mem_at_3);
  wire [15:0] in_len = of_task(task_slot, {1'b0, peek_contexts__ram_code_len__mem_at_0},
    {1'b0, peek_contexts__ram_code_len__mem_at_1}, {1'b0, peek_contexts__ram_code_len__mem_at_2},
    {1'b0, peek_contexts__ram_code_len__mem_at_3});

  // The windows of the slots, as the loader gave them: no two the same.
  wire [1:0] window_0 = peek_contexts__ram_window_state_psw__mem_at_0[9:8];
  wire [1:0] window_1 = peek_contexts__ram_window_state_psw__mem_at_1[9:8];
  wire [1:0] window_2 = peek_contexts__ram_window_state_psw__mem_at_2[9:8];
  wire [1:0] window_3 = peek_contexts__ram_window_state_psw__mem_at_3[9:8];

  // ---- the host ----

  reg [3:0] cycle = 4'd0;
  always @(posedge clk)
    if (cycle != 4'd15)
      cycle <= cycle + 4'd1;

  // The queue of the machine, head first: slots and slices, and the open turn.
  reg [1:0] q0, q1, q2, q3;
  reg [7:0] l0, l1, l2, l3;
  reg [2:0] queued = 3'd0;
  reg       turn_open = 1'b0;
  reg [7:0] turn_done = 8'd0;

  wire in_queue = (queued > 3'd0 && q0 == peek_host_slot) || (queued > 3'd1 && q1 == peek_host_slot)
               || (queued > 3'd2 && q2 == peek_host_slot) || (queued > 3'd3 && q3 == peek_host_slot);
  wire goes = peek_host_reg_we && peek_host_reg_addr == `HSX_HOST_CTRL && wb_dat_i[0];

  always @* begin
    assume (!peek_host_pop && !peek_host_set_turn && !peek_host_field_we);
    assume (!peek_host_total_write && !peek_host_data_en && !peek_host_code_we);
    assume (!peek_host_push || (held && !in_queue && cycle < GO));
    assume (!peek_host_reg_we || peek_host_reg_addr == `HSX_HOST_CTRL
            || (held && (peek_host_reg_addr == `HSX_HOST_HOLD_MASK
                         || peek_host_reg_addr == `HSX_HOST_STEP_BUDGET
                         || peek_host_reg_addr == `HSX_HOST_TICK_LEFT
                         || peek_host_reg_addr == `HSX_HOST_ALARM)));
    assume (held || peek_host_value == 32'd0);
    assume ({1'b0, peek_host_push} + {1'b0, peek_host_reg_we} < 2'd2);
    assume (!goes || cycle >= GO);
    assume (cycle != GO || goes);
    assume (cycle <= GO || !peek_host_reg_we);
    // windows do not overlap; a segment's place and the mark that it lies low agree
    assume (window_0 != window_1 && window_0 != window_2 && window_0 != window_3
            && window_1 != window_2 && window_1 != window_3 && window_2 != window_3);
    assume (peek_s6_data_low == (peek_s6_data_base[13:12] == 2'd0));
  end

  // ---- the memories ----

  // The word that is followed: a register, or any other.
  (* anyconst *) wire        follows_register;
  (* anyconst *) wire [13:0] other_word;
  wire [13:0] word_at = follows_register ? 14'h400 + {8'd0, peek_windows__ram__watched}
                                         : other_word;
  reg  [31:0] in_data;
  wire [31:0] in_memory = follows_register ? peek_windows__ram__word : in_data;

  (* anyconst *) wire [13:0] code_at;
  (* anyconst *) wire [31:0] code_word;

  reg        code_read = 1'b0, data_read = 1'b0;
  reg [12:0] even_at, odd_at;
  reg        data_matches = 1'b0;
  reg [31:0] was_even, was_odd, was_data;

  integer lane;
  always @(posedge clk) begin
    code_read    <= code_en;
    was_even     <= code_rdata_even;
    was_odd      <= code_rdata_odd;
    if (code_en) begin
      even_at <= code_addr_even;
      odd_at  <= code_addr_odd;
    end
    data_matches <= data_en && data_we == 4'd0 && data_addr == other_word;
    was_data     <= in_data;
    for (lane = 0; lane < 4; lane = lane + 1)
      if (data_en && data_we[lane] && data_addr == other_word)
        in_data[8*lane +: 8] <= data_wdata[8*lane +: 8];
  end

  always @* begin
    assume (other_word < 14'h400 || other_word >= 14'h440);
    assume (code_read || rst || (code_rdata_even == was_even && code_rdata_odd == was_odd));
    if (even_at == code_at[13:1] && !code_at[0])
      assume (code_rdata_even == code_word);
    if (odd_at == code_at[13:1] && code_at[0])
      assume (code_rdata_odd == code_word);
    if (data_matches)
      assume (data_rdata == was_data);
  end

  // ---- what the instructions began with ----

  reg [31:0] g5_a, g6_a, g7_a, g8_a, g5_b, g6_b, g7_b, g8_b;
  reg [15:0] g6_sp, g7_sp, g8_sp, g7_depth, g8_depth;
  reg [3:0]  g6_psw, g7_psw, g8_psw;
  reg        g8_code_fault;

  always @(posedge clk)
    if (peek_advance_back) begin
      g5_a     <= peek_s4_a;
      g5_b     <= peek_s4_b;
      g6_a     <= g5_a;
      g6_b     <= g5_b;
      g7_a     <= g6_a;
      g7_b     <= g6_b;
      g8_a     <= g7_a;
      g8_b     <= g7_b;
      g6_sp    <= peek_s5_sp;
      g7_sp    <= g6_sp;
      g8_sp    <= g7_sp;
      g6_psw   <= peek_s5_psw;
      g7_psw   <= g6_psw;
      g8_psw   <= g7_psw;
      g7_depth <= peek_s6_depth;
      g8_depth <= g7_depth;
      g8_code_fault <= peek_s7_ctl[`HSX_CTL_CODE_FAULT];
    end

  // ---- the machine ----

  wire       is_tick = ret_event == `HSX_EV_TICK;
  wire       records = ret_valid && !is_tick;
  wire       is_own  = records && ret_slot == {6'd0, task_slot};
  wire [7:0] op      = ret_insn[31:24];
  wire [1:0] window  = of_task(ret_slot[1:0], {14'd0, window_0}, {14'd0, window_1},
                               {14'd0, window_2}, {14'd0, window_3});

  // the word
  function [31:0] stored(input [31:0] old, input [15:0] first, input [2:0] n, input [31:0] value);
    integer i;
    reg [15:0] place;
    begin
      stored = old;
      for (i = 0; i < 4; i = i + 1) begin
        place = {word_at, 2'd0} + i - first;
        if (place < {13'd0, n})
          stored[8*i +: 8] = value >> {place[1:0], 3'd0};
      end
    end
  endfunction
  function holds(input [31:0] now, input [15:0] first, input [2:0] n, input [31:0] value);
    holds = stored(now, first, n, value) == now;
  endfunction
  function names(input [3:0] register);
    names = word_at == 14'h400 + {8'd0, window, register};
  endfunction

  reg  [31:0] word;
  wire [31:0] word_stored = (ret_valid && ret_mem_we)
                          ? stored(word, ret_mem_addr, ret_mem_width, ret_mem_value) : word;
  wire [31:0] word_next   = (ret_valid && ret_rd_we && names(ret_rd))  ? ret_rd_value
                          : (ret_valid && ret_r15_we && names(4'd15)) ? {16'd0, ret_sp}
                          :                                              word_stored;

  wire reads_1 = op == `HSX_OP_LD || op == `HSX_OP_LDH || op == `HSX_OP_LDB || op == `HSX_OP_ST
              || op == `HSX_OP_STH || op == `HSX_OP_STB || op == `HSX_OP_MOV || op == `HSX_OP_ADD
              || op == `HSX_OP_SUB || op == `HSX_OP_ADC || op == `HSX_OP_SBC || op == `HSX_OP_CMP
              || op == `HSX_OP_AND || op == `HSX_OP_OR || op == `HSX_OP_XOR || op == `HSX_OP_NOT
              || op == `HSX_OP_LSL || op == `HSX_OP_LSR || op == `HSX_OP_ASR
              || (op == `HSX_OP_CALL && ret_insn[19:16] != 4'd0);
  wire reads_2 = op == `HSX_OP_ST || op == `HSX_OP_STH || op == `HSX_OP_STB || op == `HSX_OP_ADD
              || op == `HSX_OP_SUB || op == `HSX_OP_ADC || op == `HSX_OP_SBC || op == `HSX_OP_CMP
              || op == `HSX_OP_AND || op == `HSX_OP_OR || op == `HSX_OP_XOR
              || op == `HSX_OP_LSL || op == `HSX_OP_LSR || op == `HSX_OP_ASR;

  // the task
  reg [15:0] pc, sp, depth;
  reg [3:0]  psw, state;
  wire [3:0] state_next = ret_event == `HSX_EV_FAULT  ? `HSX_FAULTED
                        : ret_event == `HSX_EV_RETURN ? `HSX_RETURNED
                        : ret_event == `HSX_EV_SVC    ? `HSX_TRAPPED
                        : ret_event == `HSX_EV_BRK    ? `HSX_PAUSED : `HSX_READY;

  // the queue
  wire [7:0] slice     = (l0 == 8'd0) ? 8'd1 : l0;
  wire       leaves    = records && ret_event != `HSX_EV_RETIRE;
  wire       turn_ends = turn_done + 8'd1 == slice;
  wire       rotates   = records && !leaves && turn_ends;

  always @(posedge clk) begin
    if (rst) begin
      queued <= 3'd0;
    end else if (peek_host_push) begin
      case (queued)
        3'd0:    begin q0 <= peek_host_slot; l0 <= peek_s4_window_15[7:0]; end
        3'd1:    begin q1 <= peek_host_slot; l1 <= peek_s4_window_15[7:0]; end
        3'd2:    begin q2 <= peek_host_slot; l2 <= peek_s4_window_15[7:0]; end
        default: begin q3 <= peek_host_slot; l3 <= peek_s4_window_15[7:0]; end
      endcase
      queued <= queued + 3'd1;
    end else if (leaves || rotates) begin
      {q0, l0} <= {q1, l1};
      {q1, l1} <= {q2, l2};
      {q2, l2} <= {q3, l3};
      if (rotates)
        case (queued)
          3'd1:    {q0, l0} <= {q0, l0};
          3'd2:    {q1, l1} <= {q0, l0};
          3'd3:    {q2, l2} <= {q0, l0};
          default: {q3, l3} <= {q0, l0};
        endcase
      else
        queued <= queued - 3'd1;
      turn_open <= 1'b0;
      turn_done <= 8'd0;
    end else if (records) begin
      turn_open <= 1'b1;
      turn_done <= turn_done + 8'd1;
    end
  end

  always @(posedge clk) begin
    word <= word_next;
    if (is_own) begin
      pc    <= ret_next_pc;
      sp    <= ret_sp;
      depth <= ret_depth;
      psw   <= ret_psw;
      state <= state_next;
    end
  end

  // It begins with what is there.
  always @*
    if (cycle == 4'd1)
      assume (word == in_memory && pc == in_pc && sp == in_sp && depth == in_depth
              && psw == in_rest[3:0] && state == in_rest[7:4] && state == `HSX_READY);

  // ---- the fetch ----

  wire [13:0] place      = ret_pc[15:2] + in_code[15:2];
  wire [17:0] len        = {1'b0, in_len[14:0], 2'd0};
  wire        no_word    = ret_pc[1:0] != 2'd0 || {2'd0, ret_pc} + 18'd4 > len;
  wire        no_second  = op == `HSX_OP_LDI32 && {2'd0, ret_pc} + 18'd8 > len;

  // ---- the record's number ----

  reg        had = 1'b0;
  reg [31:0] order;
  always @(posedge clk)
    if (ret_valid && !rst) begin
      had   <= 1'b1;
      order <= ret_order;
    end

`ifdef HSX_REACH
  // All that it is about can happen: each of these must fail.
  reg [1:0] seen = 2'd0;     // records of the task
  reg       wrote = 1'b0;    // the word, as a register
  reg       stores = 1'b0;   // the word, as memory
  reg       jumped = 1'b0;   // the record before of the task is a branch that was not expected
  always @(posedge clk) begin
    if (rst)
      seen <= 2'd0;
    else if (is_own && seen != 2'd3)
      seen <= seen + 2'd1;
    wrote  <= !rst && (wrote || (records && ret_rd_we && names(ret_rd)));
    stores <= !rst && (stores || word_stored != word);
    if (is_own)
      jumped <= op == `HSX_OP_JNZ && ret_next_pc > ret_pc + 16'd4;
  end
  always @(posedge clk)
    if (!rst && cycle > GO) begin
      assert (!(is_own && seen == 2'd2));
      assert (!(is_own && seen == 2'd1 && queued == 3'd3));
      assert (!(is_own && seen == 2'd1 && reads_1 && names(ret_insn[19:16]) && wrote));
      assert (!(is_own && seen == 2'd1 && ret_event == `HSX_EV_FAULT));
      assert (!(is_own && seen == 2'd1 && ret_turn_rotate && l0 == 8'd2));
      assert (!(is_own && seen == 2'd1 && op == `HSX_OP_RET && ret_event == `HSX_EV_RETIRE));
      assert (!(is_own && seen == 2'd1 && jumped));
      assert (!(is_own && ret_mem_re && ret_mem_addr == {word_at, 2'd0} && stores));
    end
`else
  always @(posedge clk)
    if (!rst && cycle > 4'd1) begin
      if (records) begin
        assert (queued != 3'd0 && ret_slot == {6'd0, q0});
        assert (ret_turn_first == !turn_open && ret_turn_rotate == rotates);
      end
      if (ret_valid && had)
        assert (ret_order == order + 32'd1);
      if (is_own)
        assert (ret_pc == pc && g8_sp == sp && g8_psw == psw && g8_depth == depth);
      // no trace
      assert (in_pc == pc && in_sp == sp && in_depth == depth && in_rest[3:0] == psw
              && in_rest[7:4] == state);
      if (is_own) begin
        assert (g8_code_fault == (no_word || no_second));
        if (no_word)
          assert (ret_insn == 32'd0);
        else if (place == code_at)
          assert (ret_insn == code_word);
        if (ret_ext_valid && place + 14'd1 == code_at)
          assert (ret_ext == code_word);
      end
      if (records && !g8_code_fault) begin
        if (reads_1 && names(ret_insn[19:16]))
          assert (g8_a == word);
        if (reads_2 && names(ret_insn[15:12]))
          assert (g8_b == word);
        if (op == `HSX_OP_PUSH && names(ret_insn[19:16]))
          assert (g8_b == word);
      end
      if (ret_valid && ret_mem_re)
        assert (holds(word, ret_mem_addr, ret_mem_width, ret_mem_value));
      // no trace, but of a store that is under way
      if (peek_memory__state == 4'd0)
        assert (in_memory == word_stored);
    end
`endif
endmodule

`default_nettype wire
