// SPDX-License-Identifier: Apache-2.0
// The HSX core: a barrel processor whose tasks' registers live in data memory. This file
// is the wiring of its units; docs/pipeline.md explains them and their words.
//
// Guarantees: events take effect in the order of contract section 5, whatever the
// pipeline depth; every fault is precise; while `held` is high nothing is in
// flight and the host port may read and write memories, contexts and queue.
//
// Timing: one clock, synchronous active-high reset. Both memory ports are
// synchronous: read data belong to the enabled address of the cycle before and
// stay until the next enable. The retirement port shows at most one event a
// cycle, in cycles with ret_valid. Multi-cycle instructions (MUL, DIV, binary16) take
// their place in the order like any other, but their results come later, and so do
// their records; ret_order tells their place. All records of what came before are shown
// before `held` rises.
//
// Stages: 0 issue, 1 context, 2 fetch, 2b with FETCH_STAGES = 2, 3 word, 4 operands, 5 execute 1, 6 execute 2 and
// translate, 7 memory and commit, 8 write back and retire. A signal named sN_x describes
// what is in stage N. Each wire below stands under the unit that drives it.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_host_map.vh"
`include "hsx_isa.vh"
`include "hsx_retire.vh"

module hsx_core #(
  // integer: a sized constant in an instance would else give the parameter its width
  parameter integer CONTEXTS   = 16,       // slots of the context table, 1 .. 128
  parameter integer WINDOWS    = CONTEXTS, // register windows in the core, from 0x1000 up, 1 .. 192
  parameter integer HAS_MULDIV = 1,        // 0: MUL and DIV raise ILLEGAL_OPCODE
  parameter integer HAS_FP16   = 1,        // 0: opcodes 50..55 raise ILLEGAL_OPCODE
  parameter integer MUL_DSP    = 0,        // 1: MUL in DSP blocks
  parameter integer CODE_BANKS = 2,        // 1: one bank of code memory, LDI32 takes two slots
  parameter integer FETCH_STAGES = 1,      // 2: a word of code memory passes a register first
  parameter integer DATA_COPIES = 0,       // of the address of data memory, 0 to 8
  parameter integer SKIP_IDLE  = 0         // 1, for simulators: units without work are not evaluated
) (
  input  wire        clk,
  input  wire        rst,

  // code memory, 8192 words with even and 8192 with odd numbers; one bank of 16384 is behind the
  // even one's ports
  output wire        code_en,
  output wire [1:0]  code_we,   // bit 0: the even word
  output wire [14-CODE_BANKS:0] code_addr_even,
  output wire [12:0] code_addr_odd,
  output wire [31:0] code_wdata,
  input  wire [31:0] code_rdata_even,
  input  wire [31:0] code_rdata_odd,

  // data memory but for the windows, 16384 little-endian words; above bits 13:0 DATA_COPIES of the address
  output wire        data_en,
  output wire [3:0]  data_we,
  output wire [14*DATA_COPIES+13:0] data_addr,
  output wire [31:0] data_wdata,
  input  wire [31:0] data_rdata,

  // host: Wishbone B4, classic standard cycles
  input  wire        wb_cyc,
  input  wire        wb_stb,
  input  wire        wb_we,
  input  wire [19:2] wb_adr,
  input  wire [3:0]  wb_sel,
  input  wire [31:0] wb_dat_i,
  output wire [31:0] wb_dat_o,
  output wire        wb_ack,

  // traps: level, until the host lets the core go on
  output wire        held,
  output wire        idle,
  output wire        trap_valid,
  output wire [2:0]  trap_kind, // 0 svc, 1 brk, 2 fault, 3 return, 4 alarm
  output wire [7:0]  trap_slot,
  output wire [11:0] trap_imm,

  // retirement, one event a cycle (docs/retirement.md)
  `HSX_RET_PORTS
);

  // Elaboration ends here with these names in its message.
  generate
    if (CONTEXTS < 1 || CONTEXTS > 128) begin : contexts_out_of_range
      CONTEXTS_must_be_1_to_128 stop ();
    end
    if (WINDOWS < 1 || WINDOWS > 192) begin : windows_out_of_range
      WINDOWS_must_be_1_to_192 stop ();
    end
    if (CODE_BANKS < 1 || CODE_BANKS > 2) begin : code_banks_out_of_range
      CODE_BANKS_must_be_1_to_2 stop ();
    end
    if (FETCH_STAGES < 1 || FETCH_STAGES > 2) begin : fetch_stages_out_of_range
      FETCH_STAGES_must_be_1_to_2 stop ();
    end
    if (DATA_COPIES < 0 || DATA_COPIES > 8) begin : data_copies_out_of_range
      DATA_COPIES_must_be_0_to_8 stop ();
    end
  endgenerate

  function integer bits_for(input integer n);
    for (bits_for = 1; (1 << bits_for) < n; bits_for = bits_for + 1)
      ;
  endfunction

  // Two bits at least: an empty stage's slot says why it is empty.
  localparam SLOT_BITS  = bits_for(CONTEXTS > 4 ? CONTEXTS : 4);
  localparam RING_BITS  = bits_for(CONTEXTS + 9 + FETCH_STAGES);
  localparam INDEX_BITS = (WINDOWS <= 64) ? bits_for(WINDOWS) : (WINDOWS <= 128) ? 7 : 8;

  // hsx_control
  wire                  running, squash_to_hold, before_next, before_last, counted, tick_fire;
  wire                  tick_due;
  wire [2:0]            tick;
  wire [3:0]            hold_cause;

  // hsx_host
  wire                  host_data_en, host_data_done, host_code_en, host_code_we;
  wire                  host_field_we, host_push, host_pop, host_set_turn, host_reg_we;
  wire                  host_total_write;
  wire [SLOT_BITS-1:0]  host_slot;
  wire [13:0]           host_addr;
  wire [31:0]           host_wdata, host_value;
  wire [3:0]            host_data_we, host_field;
  wire [4:0]            host_total_read, host_total_row;
  wire [5:0]            host_reg_addr;

  // hsx_issue
  wire                  s0_pops, s0_first, s0_ends, s0_rewinds;
  wire [SLOT_BITS-1:0]  s0_slot, queue_slot;
  wire [RING_BITS-1:0]  queue_count;
  wire [8:0]            turn;

  // hsx_hazards
  wire                  advance_1, advance_2, advance_front, advance_back;
  wire                  squash_1, squash_2, squash_2b, squash_3, squash_all, squash_queue;
  wire                  s0_too_close, s0_yields, s0_stalls, s1_needs_pc, s1_in_flight;
  wire                  s2_gives_way;
  wire                  s4_meets_unit, s4_needs_unit;
  wire                  s7_too_early, s7_paused, s7_kept_next, s7_kept_back, revoked, careful;

  // hsx_stages
  wire                  s1_valid, s2_valid, s2b_valid, s3_valid, s4_valid, s5_valid, s6_valid;
  wire                  s7_valid, s8_valid, s6_stays, s7_live, s7_steps, s7_arrives, s8_live, s8_is_result;
  wire [SLOT_BITS-1:0]  s1_slot, s2_slot, s2b_slot, s3_slot, s4_slot, s5_slot, s6_slot, s7_slot, s8_slot;
  wire                  s1_first, s2_first, s2b_first, s3_first, s1_ends, s2_ends, s2b_ends, s3_ends;
  wire [INDEX_BITS-1:0] s4_window, s6_window, s7_window, s8_window;
  wire [3:0]            s6_rd, s7_rd, s8_rd;
  wire [`HSX_CTL_BITS-1:0] s5_ctl, s6_ctl, s7_ctl, s8_ctl;

  // hsx_contexts
  wire [15:0]           s2_retired_pc, s2_early_pc, s4_retired_sp, s6_depth;
  wire [15:0]           s6_stack_limit, s6_stack_top, s6_data_len;
  wire [13:0]           s2_code_base, s6_data_base;
  wire [14:0]           s4_code_len;
  wire                  s2_protect, s2_call_words, s6_data_low;
  wire [INDEX_BITS-1:0] s3_window;
  wire [3:0]            s3_retired_psw;
  wire                  s3_psw_missed, host_row_we;
  wire [16:0]           host_field_rdata;

  // hsx_fetch
  wire [31:0]           s3_word, s3_ext, s5_ext;
  wire                  s3_call_words, s4_protect, s4_predict, s4_called;
  wire                  s4_code_fault, s4_no_word, early_we;
  wire [SLOT_BITS-1:0]  early_slot;
  wire [15:0]           early_pc, s4_pc, s4_next_pc, s4_return_pc;

  // hsx_decode
  wire [`HSX_CTL_EARLY_BITS-1:0] s3_ctl;
  wire                  s3_b_is_rs1, s4_call_pc;
  wire [31:0]           s4_insn, s4_imm;
  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl;
  wire [3:0]            s4_rd = s4_insn[`HSX_FIELD_RD];

  // hsx_windows, hsx_bypass, hsx_operands
  wire [31:0]           s4_window_a, s4_window_b, s4_window_15;
  wire [15:0]           s8_old_high;
  wire [3:0]            s3_port_b, s4_psw, s5_psw;
  wire                  s4_alone, s4_needs_load;
  wire [31:0]           s4_without_8, s4_a, s4_b, s5_a, s5_b, s5_logic_b;
  wire [15:0]           s4_sp, s5_sp, s5_next_pc;
  wire [4:0]            s5_amount;
  wire [12:0]           s5_last_offset;

  // hsx_multicycle
  wire                  unit_taken, unit_committed, unit_returning, unit_wants_slot, result_enters;
  wire                  result_high_nonzero, s6_divides_by_0, s8_awaits_result;
  wire [SLOT_BITS-1:0]  unit_slot;
  wire [INDEX_BITS-1:0] result_window;
  wire [3:0]            result_rd;
  wire [31:0]           result_value;
  wire [`HSX_CTL_BITS-1:0] result_ctl;

  // hsx_execute, hsx_address
  wire                  s5_mispredict, s6_mispredict;
  wire [31:0]           s6_sum, s6_logic, s7_value;
  wire [15:0]           s7_next_pc, s7_addr, s7_sp, s7_new_sp;
  wire [3:0]            s7_new_psw;
  wire                  s6_slow, s6_waits, s6_overflow, s6_underflow, s7_slow, s7_waits;
  wire                  s7_mem_fault;

  // hsx_commit, hsx_memory
  wire                  s7_skips, s7_fault, s7_bad_word, s7_ends_task, s7_leaves, s7_changes;
  wire [31:0]           s7_fault_code;
  wire [2:0]            s7_event;
  wire [3:0]            s7_state;
  wire [15:0]           s7_depth, s7_new_depth;
  wire                  s7_at_begin, s7_commits, s7_stalls, s7_touched_window;
  wire                  step_addr, take_byte;
  wire [7:0]            byte_in;
  wire                  memory_writes_window, memory_reads_window, memory_reading;
  wire [3:0]            memory_window_we;

  // hsx_write_back
  wire                  s8_bad_return, s8_retires, s8_ret, s8_fault, s8_leaves, s8_sets_psw;
  wire                  s8_writes_context, s8_writes_depth, s8_writes_psw, s8_mirrors;
  wire [2:0]            s8_event;
  wire [31:0]           s8_result;
  wire [11:0]           s8_trap_imm;
  wire [1:0]            s8_size;
  wire [15:0]           s8_next_pc, s8_late_pc, s8_sp, s8_depth;
  wire [3:0]            s8_psw, s8_state, s8_reg, s8_lanes, s8_lanes_15;

  // hsx_lost_slots, hsx_totals
  wire [2:0]            lost_cause;
  wire [31:0]           total_word;
  wire                  total_few, total_wraps;

  hsx_issue #(.SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS)) issue (
    .clk(clk), .rst(rst), .running(running), .held(held), .s0_too_close(s0_too_close),
    .s0_stalls(s0_stalls), .s7_stalls(s7_stalls), .s0_yields(s0_yields), .s0_pops(s0_pops),
    .s0_slot(s0_slot), .s0_first(s0_first), .s0_ends(s0_ends), .s0_rewinds(s0_rewinds),
    .squash_1(squash_1), .squash_2(squash_2), .squash_2b(squash_2b), .squash_3(squash_3),
    .squash_queue(squash_queue), .s1_valid(s1_valid), .s1_ends(s1_ends), .s2_valid(s2_valid),
    .s2_ends(s2_ends), .s2b_valid(s2b_valid), .s2b_ends(s2b_ends), .s3_valid(s3_valid),
    .s3_ends(s3_ends), .s8_retires(s8_retires), .s8_leaves(s8_leaves),
    .s8_ends(s8_ctl[`HSX_CTL_ENDS]), .host_slot(host_slot), .host_push(host_push),
    .host_pop(host_pop), .host_slice(s4_window_15[7:0]), .host_set_turn(host_set_turn),
    .host_turn(host_wdata[8:0]), .queue_slot(queue_slot), .queue_count(queue_count), .turn(turn)
  );

  hsx_hazards #(.SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS), .CODE_BANKS(CODE_BANKS),
    .FETCH_STAGES(FETCH_STAGES)) hazards (
    .clk(clk), .rst(rst), .s0_first(s0_first), .queue_count(queue_count), .s1_valid(s1_valid),
    .s2_valid(s2_valid), .s2b_valid(s2b_valid), .s3_valid(s3_valid), .s4_valid(s4_valid),
    .s5_valid(s5_valid), .s6_valid(s6_valid), .s7_valid(s7_valid), .s8_live(s8_live),
    .s1_slot(s1_slot), .s2_slot(s2_slot), .s2b_slot(s2b_slot), .s3_slot(s3_slot), .s4_slot(s4_slot),
    .s5_slot(s5_slot), .s6_slot(s6_slot), .s7_slot(s7_slot), .s8_slot(s8_slot), .s1_first(s1_first),
    .s2_first(s2_first), .s2b_first(s2b_first), .s3_first(s3_first), .s4_ctl(s4_ctl), .s5_ctl(s5_ctl),
    .s6_ctl(s6_ctl), .s7_ctl(s7_ctl), .s8_ctl(s8_ctl), .s0_rewinds(s0_rewinds),
    .unit_wants_slot(unit_wants_slot), .s0_too_close(s0_too_close), .s0_yields(s0_yields),
    .s0_stalls(s0_stalls), .s1_needs_pc(s1_needs_pc), .s1_in_flight(s1_in_flight),
    .unit_taken(unit_taken), .unit_slot(unit_slot), .s4_alone(s4_alone),
    .s4_needs_load(s4_needs_load), .s4_meets_unit(s4_meets_unit), .s4_needs_unit(s4_needs_unit),
    .advance_1(advance_1), .s2_gives_way(s2_gives_way), .advance_2(advance_2),
    .advance_front(advance_front), .advance_back(advance_back), .s6_mispredict(s6_mispredict),
    .s6_slow(s6_slow), .s7_slow(s7_slow), .s7_live(s7_live), .s7_steps(s7_steps),
    .s7_commits(s7_commits), .s7_at_begin(s7_at_begin), .s7_stalls(s7_stalls), .s7_leaves(s7_leaves),
    .s7_touched_window(s7_touched_window), .unit_committed(unit_committed),
    .unit_returning(unit_returning), .before_next(before_next), .before_last(before_last),
    .s7_too_early(s7_too_early), .s7_paused(s7_paused), .s7_kept_next(s7_kept_next),
    .s7_kept_back(s7_kept_back), .squash_to_hold(squash_to_hold), .s8_bad_return(s8_bad_return),
    .squash_1(squash_1), .squash_2(squash_2), .squash_2b(squash_2b), .squash_3(squash_3),
    .squash_all(squash_all), .squash_queue(squash_queue), .revoked(revoked), .careful(careful)
  );

  hsx_stages #(.SLOT_BITS(SLOT_BITS), .INDEX_BITS(INDEX_BITS), .FETCH_STAGES(FETCH_STAGES)) stages (
    .clk(clk), .rst(rst), .advance_1(advance_1), .advance_2(advance_2), .advance_front(advance_front),
    .advance_back(advance_back), .squash_all(squash_all), .squash_1(squash_1), .squash_2(squash_2),
    .squash_2b(squash_2b), .squash_3(squash_3), .s0_pops(s0_pops), .s0_slot(s0_slot),
    .s0_first(s0_first), .s0_ends(s0_ends), .s1_valid(s1_valid), .s1_slot(s1_slot),
    .s1_first(s1_first), .s1_ends(s1_ends), .s1_needs_pc(s1_needs_pc), .s2_gives_way(s2_gives_way),
    .s2_valid(s2_valid), .s2_slot(s2_slot), .s2_first(s2_first), .s2_ends(s2_ends),
    .s2b_valid(s2b_valid), .s2b_slot(s2b_slot), .s2b_first(s2b_first), .s2b_ends(s2b_ends),
    .s3_valid(s3_valid), .s3_slot(s3_slot), .s3_first(s3_first), .s3_ends(s3_ends),
    .s3_window(s3_window), .s4_valid(s4_valid), .s4_slot(s4_slot), .s4_window(s4_window),
    .s4_rd(s4_rd), .s4_ctl(s4_ctl), .s4_needs_load(s4_needs_load), .s4_needs_unit(s4_needs_unit),
    .s4_code_fault(s4_code_fault), .s4_no_word(s4_no_word), .s4_protect(s4_protect),
    .s4_predict(s4_predict), .s4_called(s4_called), .s4_meets_unit(s4_meets_unit),
    .result_enters(result_enters), .result_slot(unit_slot), .result_window(result_window),
    .result_rd(result_rd), .result_ctl(result_ctl), .s5_valid(s5_valid), .s5_slot(s5_slot),
    .s5_ctl(s5_ctl), .s5_mispredict(s5_mispredict), .s6_valid(s6_valid), .s6_slot(s6_slot),
    .s6_window(s6_window), .s6_rd(s6_rd), .s6_ctl(s6_ctl), .s6_stays(s6_stays), .s7_valid(s7_valid),
    .s7_slot(s7_slot), .s7_window(s7_window), .s7_rd(s7_rd), .s7_ctl(s7_ctl), .s7_live(s7_live),
    .s7_commits(s7_commits), .s7_steps(s7_steps), .s7_arrives(s7_arrives), .s8_valid(s8_valid),
    .s8_live(s8_live), .s8_is_result(s8_is_result), .s8_slot(s8_slot), .s8_window(s8_window),
    .s8_rd(s8_rd), .s8_ctl(s8_ctl), .s8_bad_return(s8_bad_return)
  );

  hsx_contexts #(.SLOT_BITS(SLOT_BITS), .INDEX_BITS(INDEX_BITS)) contexts (
    .clk(clk), .advance_2(advance_2), .advance_front(advance_front), .advance_back(advance_back),
    .s1_slot(s1_slot), .s2_retired_pc(s2_retired_pc), .s2_early_pc(s2_early_pc),
    .s2_code_base(s2_code_base), .s2_protect(s2_protect), .s2_call_words(s2_call_words),
    .s2b_slot(s2b_slot), .s3_window(s3_window), .s3_slot(s3_slot), .s4_code_len(s4_code_len),
    .s4_retired_sp(s4_retired_sp), .s3_retired_psw(s3_retired_psw), .s3_psw_missed(s3_psw_missed),
    .s5_slot(s5_slot), .s6_depth(s6_depth), .s6_stack_limit(s6_stack_limit),
    .s6_stack_top(s6_stack_top), .s6_data_low(s6_data_low), .s6_data_base(s6_data_base),
    .s6_data_len(s6_data_len), .early_we(early_we), .early_slot(early_slot), .early_pc(early_pc),
    .s8_slot(s8_slot), .s8_writes_context(s8_writes_context), .s8_writes_depth(s8_writes_depth),
    .s8_writes_state(s8_valid), .s8_writes_psw(s8_writes_psw), .s8_next_pc(s8_next_pc), .s8_sp(s8_sp),
    .s8_depth(s8_depth), .s8_psw(s8_psw), .s8_state(s8_state), .host_slot(host_slot),
    .host_field(host_field), .host_field_we(host_field_we), .host_wdata(host_wdata[16:0]),
    .host_row_we(host_row_we), .host_row(s4_window_15[15:0]), .host_field_rdata(host_field_rdata)
  );

  hsx_fetch #(.SLOT_BITS(SLOT_BITS), .CODE_BANKS(CODE_BANKS), .FETCH_STAGES(FETCH_STAGES)) fetch (
    .clk(clk), .rst(rst), .advance_2(advance_2), .advance_front(advance_front),
    .s1_in_flight(s1_in_flight), .s2_retired_pc(s2_retired_pc), .s2_early_pc(s2_early_pc),
    .s2_code_base(s2_code_base), .s2_protect(s2_protect), .s2_call_words(s2_call_words),
    .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_wdata(code_wdata), .code_rdata_even(code_rdata_even),
    .code_rdata_odd(code_rdata_odd), .held(held), .host_code_en(host_code_en),
    .host_code_we(host_code_we), .host_addr(host_addr), .host_wdata(host_wdata), .s3_valid(s3_valid),
    .s3_slot(s3_slot), .s3_ctl(s3_ctl), .s4_ctl(s4_ctl), .s3_word(s3_word), .s3_ext(s3_ext),
    .s5_ext(s5_ext), .s3_call_words(s3_call_words), .s4_valid(s4_valid), .s4_slot(s4_slot),
    .s4_call_pc(s4_call_pc), .s4_imm(s4_imm[15:0]), .s4_code_len(s4_code_len), .s4_pc(s4_pc),
    .s4_next_pc(s4_next_pc), .s4_return_pc(s4_return_pc), .s4_protect(s4_protect),
    .s4_predict(s4_predict), .s4_called(s4_called), .s4_code_fault(s4_code_fault),
    .s4_no_word(s4_no_word), .early_we(early_we), .early_slot(early_slot), .early_pc(early_pc)
  );

  hsx_decode #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16)) decode (
    .clk(clk), .advance_front(advance_front), .s3_word(s3_word), .s3_ext(s3_ext),
    .s3_call_words(s3_call_words), .s3_ctl(s3_ctl), .s3_b_is_rs1(s3_b_is_rs1), .s4_insn(s4_insn),
    .s4_imm(s4_imm), .s4_call_pc(s4_call_pc), .s4_ctl(s4_ctl)
  );

  hsx_windows #(.SLOT_BITS(SLOT_BITS), .INDEX_BITS(INDEX_BITS)) windows (
    .clk(clk), .advance_front(advance_front), .held(held), .s3_window(s3_window),
    .s3_port_a(s3_word[`HSX_FIELD_RS1]), .s3_port_b(s3_port_b), .s4_window_a(s4_window_a),
    .s4_window_b(s4_window_b), .s4_window_15(s4_window_15), .s7_addr(s7_addr[13:2]),
    .memory_reads_window(memory_reads_window), .memory_writes_window(memory_writes_window),
    .memory_window_we(memory_window_we), .memory_wdata(data_wdata), .host_row_we(host_row_we),
    .s7_window(s7_window), .s7_rd(s7_rd), .s8_old_high(s8_old_high), .s8_window(s8_window),
    .s8_reg(s8_reg), .s8_lanes(s8_lanes), .s8_lanes_15(s8_lanes_15), .s8_takes_sp(s8_mirrors),
    .s8_sp(s8_sp), .s8_result(s8_result)
  );

  hsx_bypass #(.SLOT_BITS(SLOT_BITS), .FETCH_STAGES(FETCH_STAGES)) bypass (
    .clk(clk), .rst(rst), .advance_front(advance_front), .advance_back(advance_back),
    .s3_valid(s3_valid), .s3_slot(s3_slot), .s3_rs1(s3_word[`HSX_FIELD_RS1]),
    .s3_rs2(s3_word[`HSX_FIELD_RS2]), .s3_b_is_rs1(s3_b_is_rs1), .s3_port_b(s3_port_b),
    .s6_valid(s6_valid), .s7_valid(s7_valid), .s8_live(s8_live), .s6_slot(s6_slot),
    .s7_slot(s7_slot), .s8_slot(s8_slot), .s6_rd(s6_rd), .s7_rd(s7_rd), .s8_rd(s8_rd),
    .s4_ctl(s4_ctl), .s6_ctl(s6_ctl), .s7_ctl(s7_ctl), .s8_ctl(s8_ctl), .s7_value(s7_value),
    .s7_new_sp(s7_new_sp), .s7_new_psw(s7_new_psw), .s8_result(s8_result), .s8_sp(s8_sp),
    .s8_psw(s8_psw), .s4_window_a(s4_window_a), .s4_window_b(s4_window_b),
    .s4_window_15(s4_window_15), .s4_retired_sp(s4_retired_sp), .s3_retired_psw(s3_retired_psw),
    .s3_psw_missed(s3_psw_missed), .memory_reading(memory_reading),
    .memory_wants_15(s7_addr[5:2] == 4'd15), .s4_alone(s4_alone), .s4_needs_load(s4_needs_load),
    .s4_without_8(s4_without_8), .s4_a(s4_a), .s4_b(s4_b), .s4_sp(s4_sp), .s4_psw(s4_psw)
  );

  hsx_operands #(.CODE_BANKS(CODE_BANKS)) operands (
    .clk(clk), .advance_back(advance_back), .s4_ctl(s4_ctl), .s4_call_pc(s4_call_pc),
    .s4_pc(s4_pc), .s4_next_pc(s4_next_pc), .s4_return_pc(s4_return_pc), .s4_imm(s4_imm),
    .s4_a(s4_a), .s4_b(s4_b), .s4_sp(s4_sp), .s4_psw(s4_psw), .s5_ldi32(s5_ctl[`HSX_CTL_LDI32]),
    .s5_ext(s5_ext), .result_enters(result_enters), .result_value(result_value), .s5_a(s5_a), .s5_b(s5_b), .s5_logic_b(s5_logic_b),
    .s5_amount(s5_amount), .s5_last_offset(s5_last_offset), .s5_next_pc(s5_next_pc), .s5_sp(s5_sp),
    .s5_psw(s5_psw)
  );

  hsx_multicycle #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16), .MUL_DSP(MUL_DSP),
                   .SKIP_IDLE(SKIP_IDLE),
    .SLOT_BITS(SLOT_BITS), .INDEX_BITS(INDEX_BITS)) multicycle (
    .clk(clk), .rst(rst), .advance_1(advance_1), .advance_back(advance_back),
    .squash_all(squash_all), .s4_valid(s4_valid), .s4_slot(s4_slot), .s4_window(s4_window),
    .s4_rd(s4_rd), .s4_opcode(s4_insn[`HSX_FIELD_OPCODE]), .s4_ctl(s4_ctl), .s5_ctl(s5_ctl),
    .s6_ctl(s6_ctl), .s7_ctl(s7_ctl), .s8_ctl(s8_ctl), .s4_meets_unit(s4_meets_unit),
    .s4_needs_load(s4_needs_load), .s4_needs_unit(s4_needs_unit), .s5_valid(s5_valid),
    .s6_a(s6_sum), .s6_b(s6_logic), .s6_divides_by_0(s6_divides_by_0), .s7_commits(s7_commits),
    .s8_valid(s8_valid), .s8_fault(s8_fault), .s8_is_result(s8_is_result),
    .s8_awaits_result(s8_awaits_result), .taken(unit_taken), .slot(unit_slot),
    .committed(unit_committed), .returning(unit_returning), .wants_slot(unit_wants_slot),
    .result_enters(result_enters), .result_window(result_window), .result_rd(result_rd),
    .result_value(result_value), .result_high_nonzero(result_high_nonzero), .result_ctl(result_ctl)
  );

  hsx_execute execute (
    .clk(clk), .advance_back(advance_back), .s5_ctl(s5_ctl), .s6_ctl(s6_ctl), .s7_ctl(s7_ctl),
    .s5_a(s5_a), .s5_b(s5_b), .s5_logic_b(s5_logic_b), .s5_amount(s5_amount),
    .s5_next_pc(s5_next_pc), .s5_psw(s5_psw), .s5_mispredict(s5_mispredict), .s6_sum(s6_sum),
    .s6_logic(s6_logic), .s6_mispredict(s6_mispredict), .result_high_nonzero(result_high_nonzero),
    .take_byte(take_byte), .byte_in(byte_in), .held(held), .host_wdata(host_wdata),
    .s7_value(s7_value), .s7_next_pc(s7_next_pc), .s7_new_psw(s7_new_psw)
  );

  hsx_address #(.INDEX_BITS(INDEX_BITS), .DATA_COPIES(DATA_COPIES)) address (
    .clk(clk), .advance_back(advance_back), .s5_ctl(s5_ctl), .s6_ctl(s6_ctl), .s7_ctl(s7_ctl),
    .s5_a(s5_a[15:0]), .s5_last_offset(s5_last_offset), .s5_sp(s5_sp), .s6_sum(s6_sum[15:0]),
    .s6_window(s6_window), .s6_stack_limit(s6_stack_limit), .s6_stack_top(s6_stack_top),
    .s6_data_low(s6_data_low), .s6_data_base(s6_data_base), .s6_data_len(s6_data_len),
    .careful(careful), .s6_slow(s6_slow), .s6_waits(s6_waits), .s6_overflow(s6_overflow),
    .s6_underflow(s6_underflow), .step_addr(step_addr), .held(held), .host_addr(host_addr),
    .s7_addr(s7_addr), .s7_words(data_addr), .s7_slow(s7_slow), .s7_waits(s7_waits), .s7_sp(s7_sp),
    .s7_new_sp(s7_new_sp), .s7_mem_fault(s7_mem_fault)
  );

  hsx_commit commit (
    .clk(clk), .advance_back(advance_back), .s6_ctl(s6_ctl), .s7_ctl(s7_ctl), .s6_depth(s6_depth),
    .s6_overflow(s6_overflow), .s6_underflow(s6_underflow), .s6_divides_by_0(s6_divides_by_0),
    .s7_mem_fault(s7_mem_fault), .s7_slow(s7_slow), .s7_word_high(s7_value[31:16]),
    .s7_skips(s7_skips), .s7_fault(s7_fault), .s7_fault_code(s7_fault_code),
    .s7_bad_word(s7_bad_word), .s7_ends_task(s7_ends_task), .s7_leaves(s7_leaves),
    .s7_changes(s7_changes), .s7_event(s7_event), .s7_state(s7_state), .s7_depth(s7_depth),
    .s7_new_depth(s7_new_depth)
  );

  hsx_memory #(.WINDOWS(WINDOWS)) memory (
    .clk(clk), .rst(rst), .squash_all(squash_all), .live(s7_live), .slow(s7_slow),
    .waits(s7_waits), .enters(s6_stays), .enters_waits(s6_waits), .kept_next(s7_kept_next),
    .kept_back(s7_kept_back), .too_early(s7_too_early), .skip(s7_skips),
    .load(s7_ctl[`HSX_CTL_LOAD]), .store(s7_ctl[`HSX_CTL_STORE]), .size(s7_ctl[`HSX_CTL_SIZE]),
    .addr(s7_addr), .value(s7_value), .at_begin(s7_at_begin), .done(s7_commits), .stall(s7_stalls),
    .touched_window(s7_touched_window), .step_addr(step_addr), .take_byte(take_byte),
    .byte_in(byte_in), .host_start(host_data_en), .host_we(host_data_we),
    .host_done(host_data_done), .data_en(data_en), .data_we(data_we),
    .data_wdata(data_wdata), .data_rdata(data_rdata), .window_write(memory_writes_window),
    .window_we(memory_window_we), .window_read(memory_reads_window), .window_q(s4_without_8),
    .reading(memory_reading)
  );

  hsx_write_back write_back (
    .clk(clk), .rst(rst), .advance_back(advance_back), .held(held), .s7_ctl(s7_ctl),
    .s8_ctl(s8_ctl), .s7_arrives(s7_arrives), .s7_slow(s7_slow), .s7_rd(s7_rd),
    .s7_offset(s7_addr[1:0]), .s7_value(s7_value), .s7_next_pc(s7_next_pc), .s7_new_sp(s7_new_sp),
    .s7_new_psw(s7_new_psw), .s7_new_depth(s7_new_depth), .s7_skips(s7_skips), .s7_fault(s7_fault),
    .s7_fault_code(s7_fault_code), .s7_ends_task(s7_ends_task), .s7_leaves(s7_leaves),
    .s7_changes(s7_changes), .s7_event(s7_event), .s7_state(s7_state), .data_rdata(data_rdata),
    .s8_valid(s8_valid), .s8_is_result(s8_is_result), .s8_bad_return(s8_bad_return),
    .s8_retires(s8_retires), .s8_ret(s8_ret), .s8_fault(s8_fault), .s8_leaves(s8_leaves),
    .s8_event(s8_event), .s8_trap_imm(s8_trap_imm), .s8_result(s8_result), .s8_size(s8_size),
    .s8_writes_context(s8_writes_context), .s8_writes_depth(s8_writes_depth),
    .s8_writes_psw(s8_writes_psw), .s8_sets_psw(s8_sets_psw), .s8_next_pc(s8_next_pc),
    .s8_late_pc(s8_late_pc), .s8_sp(s8_sp),
    .s8_depth(s8_depth), .s8_psw(s8_psw), .s8_state(s8_state), .s8_reg(s8_reg),
    .s8_lanes(s8_lanes), .s8_lanes_15(s8_lanes_15), .s8_mirrors(s8_mirrors)
  );

  hsx_control #(.SLOT_BITS(SLOT_BITS)) control (
    .clk(clk), .rst(rst), .boundary(s7_at_begin && !(s7_valid && s7_ctl[`HSX_CTL_IS_RESULT])),
    .queue_empty(queue_count == 0), .squash_all(squash_all), .committed(s8_valid),
    .revoked(revoked), .committed_event(s8_event), .committed_slot(s8_slot),
    .committed_imm(s8_trap_imm), .running(running), .before_next(before_next),
    .before_last(before_last), .counted(counted), .tick_fire(tick_fire), .tick(tick),
    .squash_to_hold(squash_to_hold), .busy(unit_committed || unit_returning), .held(held),
    .idle(idle), .tick_due(tick_due), .trap_valid(trap_valid), .trap_kind(trap_kind),
    .trap_slot(trap_slot), .trap_imm(trap_imm), .cause(hold_cause), .few(total_few),
    .wraps(total_wraps), .host_we(host_reg_we), .host_addr(host_reg_addr), .command(wb_dat_i[7:0]),
    .amount(host_value[15:0]), .unlimited(host_value[31]), .total(total_word[19:0])
  );

  hsx_lost_slots #(.SLOT_BITS(SLOT_BITS), .FETCH_STAGES(FETCH_STAGES)) lost_slots (
    .clk(clk), .running(running), .squash_all(squash_all), .s7_live(s7_live), .s7_slot(s7_slot),
    .s7_is_result(s7_ctl[`HSX_CTL_IS_RESULT]), .s7_at_begin(s7_at_begin), .s7_paused(s7_paused),
    .s7_too_early(s7_too_early), .s7_commits(s7_commits), .s8_leaves(s8_leaves), .cause(lost_cause)
  );

  wire counts_event = host_reg_we && host_reg_addr == `HSX_HOST_COUNT_EVENT;

  hsx_totals totals (
    .clk(clk), .rst(rst), .running(running), .counted(counted), .committed(s8_valid),
    .revoked(revoked), .tick_fire(tick_fire), .tick(tick), .lost_cause(lost_cause),
    .host_event(counts_event), .host_read(host_total_read), .host_write(host_total_write),
    .host_row(host_total_row), .operand(host_value), .word(total_word), .few(total_few),
    .wraps(total_wraps)
  );

  hsx_host #(.CONTEXTS(CONTEXTS), .WINDOWS(WINDOWS), .HAS_MULDIV(HAS_MULDIV),
    .HAS_FP16(HAS_FP16), .SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS),
    .SKIP_IDLE(SKIP_IDLE)) host (
    .clk(clk), .rst(rst), .wb_cyc(wb_cyc), .wb_stb(wb_stb), .wb_we(wb_we), .wb_adr(wb_adr),
    .wb_sel(wb_sel), .wb_dat_i(wb_dat_i), .wb_dat_o(wb_dat_o), .wb_ack(wb_ack), .held(held),
    .slot(host_slot), .addr(host_addr), .wdata(host_wdata), .data_en(host_data_en),
    .data_we(host_data_we), .data_done(host_data_done), .data_rdata(s7_value),
    .code_en(host_code_en), .code_we(host_code_we), .code_rdata(s3_word), .field(host_field),
    .field_we(host_field_we), .field_rdata(host_field_rdata), .queue_push(host_push),
    .queue_pop(host_pop), .set_turn(host_set_turn), .total_read(host_total_read),
    .total_write(host_total_write), .total_row(host_total_row), .value(host_value),
    .value_sum(total_word), .reg_we(host_reg_we), .reg_addr(host_reg_addr), .running(running),
    .tick_due(tick_due), .cause(hold_cause), .trap_slot(trap_slot), .queue_head(queue_slot),
    .queue_count(queue_count), .turn(turn)
  );

  hsx_retire #(.SLOT_BITS(SLOT_BITS)) retire (
    .clk(clk), .rst(rst), .advance_back(advance_back), .s4_pc(s4_pc), .s4_insn(s4_insn),
    .s5_ext(s5_b), .s7_ctl(s7_ctl), .s8_ctl(s8_ctl), .s7_skips(s7_skips), .s7_fault(s7_fault),
    .s7_ends_task(s7_ends_task), .s7_bad_word(s7_bad_word), .s7_slow(s7_slow), .s7_sp(s7_sp),
    .s7_new_sp(s7_new_sp), .s7_depth(s7_depth), .s7_new_depth(s7_new_depth), .s7_addr(s7_addr),
    .s7_value(s7_value), .s8_valid(s8_valid), .s8_retires(s8_retires), .s8_is_result(s8_is_result),
    .s8_awaits_result(s8_awaits_result), .s8_slot(s8_slot), .s8_rd(s8_rd), .s8_event(s8_event),
    .s8_fault(s8_fault), .s8_ret(s8_ret), .s8_size(s8_size), .s8_result(s8_result),
    .s8_writes_context(s8_writes_context), .s8_next_pc(s8_next_pc), .s8_late_pc(s8_late_pc),
    .s8_psw(s8_psw), .s8_sets_psw(s8_sets_psw), .s8_old_high(s8_old_high), .data_rdata(data_rdata),
    .s8_counts(counted), .revokes(s8_bad_return), .tick_fire(tick_fire), .host_event(counts_event),
    .host_total_write(host_total_write), .host_total_row(host_total_row), .host_value(host_value),
    `HSX_RET_CONNECT
  );
endmodule

`default_nettype wire
