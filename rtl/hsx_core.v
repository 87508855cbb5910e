// SPDX-License-Identifier: Apache-2.0
// The HSX core: a barrel processor whose tasks' registers live in data memory.
//
// Guarantees: events take effect in the order of contract section 5, whatever the
// pipeline depth; every fault is precise; while `held` is high nothing is in
// flight and the host port may read and write memories, contexts and queue.
//
// Timing: one clock, synchronous active-high reset. Both memory ports are
// synchronous: read data belong to the enabled address of the cycle before and
// stay until the next enable. The retirement port shows at most one event a
// cycle, in cycles with ret_valid. MUL, DIV and binary16 take their place in the
// order like any instruction, but their results come later, and so does their
// record; ret_order tells its place. All records of what came before are shown
// before `held` rises.
//
// Stages (docs/pipeline.md): 0 issue, 1 context, 2 fetch, 3 word, 4 operands,
// 5 execute 1, 6 execute 2 and translate, 7 check and memory, 8 write back. A
// signal named sN_x is a register that describes the instruction in stage N.
`include "hsx_retire.vh"
`default_nettype none

module hsx_core #(
  parameter CONTEXTS   = 16,       // slots of the context table, 1 .. 128
  parameter WINDOWS    = CONTEXTS, // register windows in the core, from 0x1000 up, 1 .. 192
  parameter HAS_MULDIV = 1,        // 0: MUL and DIV raise ILLEGAL_OPCODE
  parameter HAS_FP16   = 1,        // 0: opcodes 50..55 raise ILLEGAL_OPCODE
  parameter MUL_DSP    = 0         // 1: MUL in DSP blocks
) (
  input  wire        clk,
  input  wire        rst,

  // code memory, 8192 words with even and 8192 with odd numbers
  output wire        code_en,
  output wire [1:0]  code_we,   // bit 0: the even word
  output wire [12:0] code_addr_even,
  output wire [12:0] code_addr_odd,
  output wire [31:0] code_wdata,
  input  wire [31:0] code_rdata_even,
  input  wire [31:0] code_rdata_odd,

  // data memory but for the windows, 16384 little-endian words
  output wire        data_en,
  output wire [3:0]  data_we,
  output wire [13:0] data_addr,
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

  function integer bits_for(input integer n);
    for (bits_for = 1; (1 << bits_for) < n; bits_for = bits_for + 1)
      ;
  endfunction

  // Two bits at least: an empty stage's slot says why it is empty.
  localparam SLOT_BITS  = bits_for(CONTEXTS > 4 ? CONTEXTS : 4);
  localparam RING_BITS  = bits_for(CONTEXTS + 10);
  // Up to 64 windows are addressed by the low bits of address / 64, 128 by
  // seven bits, more by all eight (then the first quarter is not used).
  localparam INDEX_BITS = (WINDOWS <= 64) ? bits_for(WINDOWS) : (WINDOWS <= 128) ? 7 : 8;

  // Why a stage is empty.
  localparam [SLOT_BITS-1:0] NO_TASK  = 0;
  localparam [SLOT_BITS-1:0] HAZARD   = 1; // waits for its own task's result
  localparam [SLOT_BITS-1:0] LONG     = 2; // waits for the unit of long operations
  localparam [SLOT_BITS-1:0] SQUASHED = 3;

`include "hsx_isa.vh"

  // ---- control ----

  wire        running;
  reg         flush; // squash stages 1 to 7
  reg         flush_soon, flush_queue; // two cycles later: the queue follows
  reg         flushing; // in one of these two
  wire        squash;
  wire        blocked_next;
  wire        last_next;
  wire        counted;
  wire        tick_fire;

  wire                 commit;
  reg  [2:0]           commit_event;
  wire                 commit_leave;
  wire                 touched_window;

  wire [SLOT_BITS-1:0] host_slot;
  wire [13:0]          host_addr;
  wire [31:0]          host_wdata;
  wire                 host_data_en;
  wire [3:0]           host_data_we;
  wire                 host_data_done;
  wire                 host_code_en;
  wire                 host_code_we;
  wire [3:0]           host_field;
  wire                 host_field_we;
  reg  [16:0]          host_field_rdata;
  wire                 host_push;
  wire                 host_pop;
  wire                 host_set_turn;
  wire                 host_reg_we;
  wire [4:0]           host_total_read;
  wire                 host_total_we;
  wire [4:0]           host_total_row;
  wire [31:0]          host_value;
  wire [31:0]          total_word;
  wire                 total_few;
  wire                 total_wraps;
  wire [2:0]           tick;
  wire                 tick_due;
  wire [3:0]           hold_cause;
  wire [5:0]           host_reg_addr;

  wire                 queue_valid;
  wire [SLOT_BITS-1:0] queue_slot;
  wire                 queue_first;
  wire                 queue_turn_ends;
  wire [RING_BITS-1:0] queue_count;
  wire [8:0]           turn;

  // ---- pipeline registers ----

  reg                  s1_valid, s2_valid, s3_valid, s4_valid, s5_valid, s6_valid, s7_valid;
  reg  [SLOT_BITS-1:0] s1_slot, s2_slot, s3_slot, s4_slot, s5_slot, s6_slot, s7_slot, s8_slot;
  reg                  s1_first, s2_first, s3_first, s4_first, s5_first, s6_first, s7_first;
  reg                  s1_ends, s2_ends, s3_ends, s4_ends, s5_ends, s6_ends, s7_ends, s8_ends;

  // Stage 8 in the one cycle in which its instruction is written.
  reg                  s8_valid;
  reg                  s8_live; // stage 8 holds an instruction, written or not
  wire                 bad_return; // a RET in stage 8 got a word that it may not have
  reg                  s8_ret;     // it is a RET, and its word is on the data port
  (* keep *) wire      word_bad;   // kept: what hangs on the word is late as it is
  wire                 retire = s8_valid && !bad_return;

  // load_N: stage N takes over from stage N-1 at the end of this cycle. A stage
  // that waits holds everything younger, so that the distance between two
  // instructions never shrinks; stages 2 to 4 move together, and 5 to 9 do (load_back).
  wire stall_memory; // stage 7 needs more cycles
  wire wait_load;    // stage 4 needs a load that is in stage 7
  wire wait_long;    // stage 4 needs the unit of long operations
  wire wait_pc;      // stage 1 needs a pc that is not known yet

  wire load_back = !stall_memory;
  wire load_4    = !stall_memory && !wait_load && !wait_long;
  wire load_1    = load_4 && !wait_pc;

  // A mispredicted branch takes back what was issued of its own task and
  // everything younger than that.
  wire kill_1, kill_2, kill_3;

  // The long operation that is under way, from stage 5 until its result is in the
  // pipeline.
  reg                  long_taken;
  reg                  long_left;  // it has left stage 7, but may still be squashed
  reg                  long_sure;  // it has retired
  reg                  long_ready; // the unit is done
  reg                  long_sent;  // a result is in the pipeline
  reg [SLOT_BITS-1:0]  long_slot;

  // ---- stage 0: issue ----

  // A task's next instruction follows three stages behind: then its pc is known
  // and its operands can be forwarded. The one before it was taken from the queue
  // as many pops ago as there are tasks in it, or, in an open turn, last.
  wire too_close = (!queue_first || queue_count == 1) ? (s1_valid || s2_valid)
                 : (queue_count == 2) && s1_valid && s2_valid;

  wire       give_slot; // to the result of a long operation
  reg        s8_leave; // the task does not stay READY
  reg        unpop; // the cycle after a kill: the queue follows
  reg [1:0]  unpopped_ends;
  wire       wanted = running && queue_valid && !too_close;
  // What is known early first: the stall comes late.
  wire       may_pop = wanted && !wait_load && !wait_long && !wait_pc && !flush && !flushing
                    && !kill_1 && !unpop && !give_slot;
  wire       pop     = may_pop && !stall_memory;

  // Which of the killed issues have moved the queue's head on.
  wire [1:0] unpop_ends = {1'b0, s1_valid && s1_ends} + {1'b0, kill_2 && s2_valid && s2_ends}
                        + {1'b0, kill_3 && s3_valid && s3_ends};

  always @(posedge clk)
    if (rst)
      unpop <= 1'b0;
    else
      unpop <= kill_1;

  always @(posedge clk)
    unpopped_ends <= unpop_ends;

  wire [7:0] slice;

  // The queue hears of it a cycle later: a RET's word comes late.
  reg  retired, retired_leave, retired_ends;
  always @(posedge clk) begin
    retired       <= retire && !rst;
    retired_leave <= s8_leave;
    retired_ends  <= s8_ends;
  end

  hsx_ready_fifo #(.SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS)) ready_fifo (
    .clk(clk), .rst(rst),
    .valid(queue_valid), .slot(queue_slot), .first(queue_first), .turn_ends(queue_turn_ends),
    .wanted(wanted), .pop(pop), .unpop(unpop), .unpop_ends(unpopped_ends),
    .commit(retired), .commit_leave(retired_leave), .commit_ends(retired_ends), .flush(flush_queue),
    .host_push(host_push), .host_slot(host_slot), .host_slice(slice),
    .host_pop(host_pop && queue_valid), .host_set_turn(host_set_turn),
    .host_turn(host_wdata[8:0]), .count(queue_count), .turn(turn)
  );

  always @(posedge clk)
    if (rst || flush || kill_1)
      s1_valid <= 1'b0;
    else if (load_1)
      s1_valid <= pop;

  always @(posedge clk)
    if (load_1) begin
      // whether it is popped comes too late: an issue that is given up shows its slot
      s1_slot  <= held ? host_slot : (kill_1 || unpop) ? SQUASHED
                : (wanted && !give_slot) ? queue_slot : NO_TASK;
      s1_first <= queue_first;
      s1_ends  <= queue_turn_ends;
    end

  // ---- stage 1: context ----

  // Two copies of pc: what instructions that have retired left, and what stage 3
  // found out about the next instruction of those that are still on their way.
  wire [15:0] retired_pc;
  wire [15:0] early_pc;
  wire        early_we;
  wire [15:0] early_next_pc;
  wire [13:0] code_base;
  wire [1:0]  flags;

  wire [15:0] written_pc;
  wire        context_we; // stage 8 writes pc, sp, call_depth

  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_pc (
    .clk(clk), .we(context_we || (host_field_we && host_field == 4'd0)), .waddr(s8_slot),
    .wdata(written_pc), .re(load_4), .raddr(s1_slot), .q(retired_pc)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_early_pc (
    .clk(clk), .we(early_we), .waddr(s3_valid ? s3_slot : s4_slot),
    .wdata(early_next_pc), .re(load_4), .raddr(s1_slot), .q(early_pc)
  );
  hsx_lane_ram #(.LANES(8), .LANE_BITS(2), .ADDR_BITS(SLOT_BITS)) ram_code_base (
    .clk(clk),
    .we({{7{host_field_we && host_field == 4'd5}}, host_field_we && host_field == 4'd12}),
    .waddr(host_slot), .wdata(host_wdata[15:0]), .re(load_4), .raddr(s1_slot),
    .q({code_base, flags})
  );

  // Where the task's older instructions are. Stage 8 is still to be counted: it
  // writes its RAMs at the end of the cycle. A `late` one does not know its next
  // pc early: CALL, RET, a mispredicted branch; or has a result that comes later.
  reg  s4_late, s5_late, s6_late, s7_late, s8_late;
  wire older_4 = s4_valid && s4_slot == s1_slot;
  wire older_5 = s5_valid && s5_slot == s1_slot;
  wire older_6 = s6_valid && s6_slot == s1_slot;
  wire older_7 = s7_valid && s7_slot == s1_slot;
  wire older_8 = s8_live && s8_slot == s1_slot;

  assign wait_pc = s1_valid && ((older_4 && s4_late) || (older_5 && s5_late)
                                || (older_6 && s6_late) || (older_7 && s7_late)
                                || (older_8 && s8_late)
                                || (long_taken && long_slot == s1_slot));

  reg  s2_early;

  always @(posedge clk)
    if (rst || flush || kill_2)
      s2_valid <= 1'b0;
    else if (load_4)
      s2_valid <= s1_valid && !wait_pc && !kill_1;

  always @(posedge clk)
    if (load_4) begin
      s2_slot  <= (s1_valid && kill_1) ? SQUASHED : (s1_valid && wait_pc) ? HAZARD : s1_slot;
      s2_early <= older_4 || older_5 || older_6 || older_7 || older_8;
      s2_ends  <= s1_ends;
      s2_first <= s1_first;
    end

  // ---- stage 2: fetch ----

  // Both words from pc on: the odd one is in the bank of odd words at half the
  // first word's number, the even one in the other at half of one more.
  wire [15:0] pc         = s2_early ? early_pc : retired_pc;
  wire [13:0] fetch_word = pc[15:2] + code_base;
  // One more, by a carry from below: a second adder behind the first would be slow.
  wire [12:0] fetch_even;
  wire [1:0]  unused_low;
  assign {fetch_even, unused_low} = {pc[15:2], 1'b1} + {code_base, 1'b1};
  wire [14:0] code_len;
  wire [INDEX_BITS-1:0] window; // index of the task's window

  assign code_en        = held ? host_code_en : load_4;
  assign code_we        = {host_addr[0], !host_addr[0]} & {2{host_code_we}};
  assign code_addr_odd  = held ? host_addr[13:1] : fetch_word[13:1];
  assign code_addr_even = held ? host_addr[13:1] : fetch_even;
  assign code_wdata     = host_wdata;

  hsx_ram #(.WIDTH(15), .ADDR_BITS(SLOT_BITS)) ram_code_len (
    .clk(clk), .we(host_field_we && host_field == 4'd6), .waddr(host_slot),
    .wdata(host_wdata[16:2]), .re(load_4), .raddr(s3_slot), .q(code_len)
  );

  // The index of the window with these bits 13 to 6 in its address. Some of them are
  // the same for all windows, by their number other ones.
  /* verilator lint_off UNUSEDSIGNAL */
  function [INDEX_BITS-1:0] window_index(input [7:0] number);
    begin
      window_index = number[INDEX_BITS-1:0];
      if (INDEX_BITS == 7)
        window_index[INDEX_BITS-1] = number[7];
    end
  endfunction
  /* verilator lint_on UNUSEDSIGNAL */

  // reg_base is kept as the window's index; the rest of it is the same for all.
  hsx_ram #(.WIDTH(INDEX_BITS), .ADDR_BITS(SLOT_BITS)) ram_reg_base (
    .clk(clk), .we(host_field_we && host_field == 4'd2), .waddr(host_slot),
    .wdata(window_index(host_wdata[13:6])), .re(load_4), .raddr(s2_slot), .q(window)
  );

  // Bits 13 to 6 of the address of a window.
  function [7:0] window_number(input [INDEX_BITS-1:0] index);
    begin
      window_number = (INDEX_BITS < 7) ? 8'h40 : 8'h00;
      window_number[INDEX_BITS-1:0] = window_number[INDEX_BITS-1:0] | index;
      if (INDEX_BITS == 7)
        window_number[7:6] = {index[INDEX_BITS-1], !index[INDEX_BITS-1]};
    end
  endfunction

  reg [15:0] s3_pc;
  reg [14:0] s3_next_word; // (pc + 4) / 4, not wrapped
  reg        s3_odd;       // the word comes from the bank of odd words
  reg        s3_opcode_odd; // a copy for its opcode, for speed; its reset keeps it apart
  (* keep *)
  reg        s3_ext_even;  // the word behind it from the other: a copy, for speed
  reg        s3_protect, s3_call_words;
  reg        s3_far; // pc beyond what JMP reaches: all its targets lie behind

  always @(posedge clk)
    if (rst || flush || kill_3)
      s3_valid <= 1'b0;
    else if (load_4)
      s3_valid <= s2_valid && !kill_2;

  always @(posedge clk)
    if (rst)
      s3_opcode_odd <= 1'b0;
    else if (load_4)
      s3_opcode_odd <= held ? host_addr[0] : fetch_word[0];

  always @(posedge clk)
    if (load_4) begin
      s3_slot       <= (s2_valid && kill_2) ? SQUASHED : s2_slot;
      s3_ends       <= s2_ends;
      s3_far        <= (pc[15:12] != 4'd0);
      s3_first      <= s2_first;
      s3_pc         <= pc;
      s3_next_word  <= {1'b0, pc[15:2]} + 15'd1;
      s3_odd        <= held ? host_addr[0] : fetch_word[0];
      s3_ext_even   <= fetch_word[0];
      s3_protect    <= flags[0];
      s3_call_words <= flags[1];
    end

  // ---- stage 3: the word ----

  wire [31:0] word = {s3_opcode_odd ? code_rdata_odd[31:24] : code_rdata_even[31:24],
                      s3_odd ? code_rdata_odd[23:0] : code_rdata_even[23:0]};
  wire [31:0] ext  = s3_ext_even ? code_rdata_even : code_rdata_odd;

  wire       d_read_a, d_read_b, d_b_is_rs1, d_zero_a, d_use_imm, d_imm_zero, d_invert, d_ones;
  wire       d_shift, d_call, d_jump, d_jump_z, d_jump_nz, d_ldi32, d_long_op, d_late;
  wire [1:0] d_size;

  hsx_decode_operands #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16)) decode_operands (
    .opcode(word[`HSX_FIELD_OPCODE]),
    .read_a(d_read_a), .read_b(d_read_b), .b_is_rs1(d_b_is_rs1), .zero_a(d_zero_a),
    .use_imm(d_use_imm), .imm_zero(d_imm_zero), .invert(d_invert), .ones(d_ones),
    .shift(d_shift), .size(d_size), .call(d_call), .jump(d_jump), .jump_z(d_jump_z),
    .jump_nz(d_jump_nz), .ldi32(d_ldi32), .long_op(d_long_op), .late(d_late)
  );

  // The next pc as far as the word tells it: a branch backward is expected to be
  // taken, one forward not. The word behind the next is made before the word is known
  // to be LDI32.
  wire [11:0] word_imm   = word[`HSX_FIELD_IMM];
  wire        forward;
  wire        backward   = s3_far || !forward;
  wire [13:0] after_two  = s3_next_word[13:0] + 14'd1;

  hsx_below #(.WIDTH(10)) below_target (
    .a(s3_pc[11:2]), .b(word_imm[11:2]), .more(1'b0), .is_below(forward)
  );

  // Without an instruction in stage 3 the port of the early pc is stage 4's, for the
  // target of a CALL. Level upon level of logic is behind the word: kept as they are,
  // there are few of them.
  wire [15:0] call_target;
  wire        call_we;
  wire [15:0] without_word = s3_valid ? {s3_next_word[13:0], s3_pc[1:0]} : call_target;
  (* keep *) wire skips_word, jumps_now, may_jump_now, takes_imm;
  (* keep *) wire [13:0] not_taken;
  assign skips_word    = d_ldi32 && s3_valid;
  assign not_taken     = skips_word ? after_two : without_word[15:2];
  assign jumps_now     = d_jump && s3_valid;
  assign may_jump_now  = (d_jump_z || d_jump_nz) && s3_valid;
  assign takes_imm     = jumps_now || (may_jump_now && backward);
  assign early_we      = s3_valid || call_we;
  assign early_next_pc = takes_imm ? {4'd0, word_imm} : {not_taken, without_word[1:0]};

  reg  [15:0]           s7_addr;
  wire                  memory_reads_window;
  wire                  memory_writes_window;
  wire [3:0]            memory_window_we;
  wire [INDEX_BITS-1:0] memory_window = window_index(s7_addr[13:6]);
  wire                  memory_reading;
  wire [3:0]            window_we, window_we_15;
  wire [INDEX_BITS-1:0] s8_or_memory_window;
  wire [3:0]            window_wreg;
  wire [31:0]           window_wdata, window_wdata_15;
  wire [31:0]           window_a, window_b, window_15;
  wire [15:0]           old_high; // of stage 8's rd
  reg  [INDEX_BITS-1:0] s7_window;
  reg  [3:0]            s6_rd, s7_rd, s8_rd;
  wire [3:0]            rs1 = word[`HSX_FIELD_RS1];
  wire [3:0]            rs2 = word[`HSX_FIELD_RS2];
  wire [3:0]            port_b = d_b_is_rs1 ? rs1 : rs2;

  hsx_window_ram #(.INDEX_BITS(INDEX_BITS)) windows (
    .clk(clk), .we(window_we), .waddr({s8_or_memory_window, window_wreg}), .wdata(window_wdata),
    .we_15(window_we_15), .window_15(s8_or_memory_window), .wdata_15(window_wdata_15),
    .re(load_4 || memory_reads_window), .window(memory_reads_window ? memory_window : window),
    .a(memory_reads_window ? s7_addr[5:2] : rs1), .b(port_b),
    .q_a(window_a), .q_b(window_b), .q_15(window_15),
    .raddr_old({s7_window, s7_rd}), .old_high(old_high)
  );

  // The task's instruction before this one is at least three stages ahead: in
  // stage 6, 7 or 8, or its results are in the RAMs.
  reg        s6_write_rd, s7_write_rd, s8_write_rd;
  reg        s6_push, s7_push, s6_pop, s7_pop, s6_load, s8_stack;
  wire       before_6 = s6_valid && s6_slot == s3_slot;
  wire       before_7 = s7_valid && s7_slot == s3_slot;
  wire       before_8 = s8_live && s8_slot == s3_slot;

  // From where the operands come: the register RAM, its R15, or the result of the
  // task's instruction that is in stage 7, 8 or 9 when this one is in stage 4.
  localparam [1:0] FROM_RAM = 2'd0;
  localparam [1:0] FROM_R15 = 2'd1;
  localparam [1:0] FROM_7   = 2'd2;
  localparam [1:0] FROM_9   = 2'd3;
  wire a_6 = before_6 && s6_write_rd && s6_rd == rs1;
  wire a_7 = before_7 && s7_write_rd && s7_rd == rs1;
  wire a_8 = before_8 && s8_write_rd && s8_rd == rs1;
  // The comparisons do not wait for port b's choice.
  wire b_6 = d_b_is_rs1 ? a_6 : before_6 && s6_write_rd && s6_rd == rs2;
  wire b_7 = d_b_is_rs1 ? a_7 : before_7 && s7_write_rd && s7_rd == rs2;
  wire b_8 = d_b_is_rs1 ? a_8 : before_8 && s8_write_rd && s8_rd == rs2;
  reg  [1:0] s4_a_from, s4_b_from;
  reg        s4_a_from_8, s4_b_from_8;
  reg        s4_alone;  // none of the task's instructions is in flight
  reg  [1:0] s4_before; // 3: the one before is in stage 7, 2: 8, 1: 9, 0: further on
  reg        s7_load;

  reg        s4_r15_is_sp; // the one in flight changes sp, and with it R15
  reg        s4_long_op;

  reg        s4_read_a, s4_read_b;
  reg        s4_a_loads, s4_b_loads; // it is a load, which has no result in stage 7

  assign wait_load = (s4_read_a && s4_a_loads) || (s4_read_b && s4_b_loads);

  always @(posedge clk)
    if (rst) begin
      s4_a_loads <= 1'b0;
      s4_b_loads <= 1'b0;
    end else if (load_4) begin
      s4_a_loads <= a_6 && s6_load && s3_valid;
      s4_b_loads <= b_6 && s6_load && s3_valid;
    end else if (load_back && wait_load) begin
      s4_a_loads <= 1'b0;
      s4_b_loads <= 1'b0;
    end

  // An operand that is forwarded would not wait: then the instruction goes on, but
  // only to be squashed and issued again.
  wire   meets_long = s4_valid && s4_long_op && long_taken;
  assign wait_long  = meets_long && s4_alone;

  always @(posedge clk)
    if (load_4) begin
      s4_r15_is_sp <= (before_6 && (s6_push || s6_pop)) || (before_7 && (s7_push || s7_pop))
                   || (before_8 && s8_stack);
      s4_before   <= before_6 ? 2'd3 : before_7 ? 2'd2 : {1'b0, before_8};
      s4_alone    <= !before_6 && !before_7 && !before_8;
      s4_a_from   <= a_6 ? FROM_7 : a_8 ? FROM_9 : (rs1 == 4'd15) ? FROM_R15 : FROM_RAM;
      s4_a_from_8 <= a_7;
      s4_b_from   <= b_6 ? FROM_7 : b_8 ? FROM_9 : (port_b == 4'd15) ? FROM_R15 : FROM_RAM;
      s4_b_from_8 <= b_7;
    end else if (load_back && wait_load) begin
      // what is in stage 7 moves on to stage 8
      s4_before   <= 2'd2;
      s4_a_from_8 <= (s4_a_from == FROM_7);
      s4_b_from_8 <= (s4_b_from == FROM_7);
      if (s4_a_from == FROM_7)
        s4_a_from <= FROM_RAM;
      if (s4_b_from == FROM_7)
        s4_b_from <= FROM_RAM;
    end

  reg [15:0] s4_pc;
  reg [14:0] s4_next_word;
  reg [31:0] s4_insn;
  wire [7:0] s4_opcode = s4_insn[`HSX_FIELD_OPCODE];
  reg [31:0] s4_imm;
  reg [3:0]  s4_rd;
  reg [INDEX_BITS-1:0] s4_window;
  reg        s4_protect, s4_call_pc, s4_misaligned, s4_predict;
  reg        s4_zero_a, s4_use_imm, s4_invert, s4_ones, s4_shift;
  reg        s4_call, s4_jump, s4_jump_z, s4_jump_nz, s4_ldi32;
  reg [1:0]  s4_size;

  always @(posedge clk)
    if (rst || flush)
      s4_valid <= 1'b0;
    else if (load_4)
      s4_valid <= s3_valid && !kill_3;

  always @(posedge clk)
    if (load_4) begin
      if (d_imm_zero)
        s4_imm <= 32'd0;
      else
        s4_imm <= d_ldi32                   ? ext
                : (d_call && s3_call_words) ? {{18{word_imm[11]}}, word_imm, 2'b00}
                :                             {{20{word_imm[11]}}, word_imm};
    end

  always @(posedge clk)
    if (load_4) begin
      s4_slot       <= (s3_valid && kill_3) ? SQUASHED : s3_slot;
      s4_rd         <= word[`HSX_FIELD_RD];
      s4_window     <= window;
      s4_predict    <= backward;
      s4_first      <= s3_first;
      s4_ends       <= s3_ends;
      s4_pc         <= s3_pc;
      s4_next_word  <= s3_next_word;
      s4_misaligned <= (s3_pc[1:0] != 2'd0);
      s4_insn       <= word;
      s4_protect    <= s3_protect;
      s4_size       <= d_size;
      s4_read_a     <= d_read_a && !(d_call && rs1 == 4'd0); // CALL: 0 stands for pc
      s4_read_b     <= d_read_b;
      s4_call_pc    <= d_call && (rs1 == 4'd0);
      s4_zero_a     <= d_zero_a;
      s4_use_imm    <= d_use_imm;
      s4_invert     <= d_invert;
      s4_ones       <= d_ones;
      s4_shift      <= d_shift;
      s4_call       <= d_call;
      s4_jump       <= d_jump;
      s4_jump_z     <= d_jump_z;
      s4_jump_nz    <= d_jump_nz;
      s4_ldi32      <= d_ldi32;
      s4_long_op    <= d_long_op;
      s4_late       <= d_late;
    end

  // ---- long operations ----

  // MUL, DIV and binary16 leave the pipeline: the unit starts when the instruction
  // enters stage 6, the instruction retires without a result, and when the unit is
  // done, the result takes an empty slot from stage 5 to 8 and is written there.
  // Issue gives it a slot if there is none, and no squash touches it. Until it is
  // written, the task's next instruction waits in stage 1 and an access that may
  // touch a window does not begin; until it is in the pipeline, another long
  // operation waits in stage 4.
  reg  s5_long_op, s6_long_op, s7_long_op, s8_long_op, s8_fault;
  reg  s5_result_only, s6_result_only, s7_result_only, s8_result_only;
  reg  [2:0]  long_kind;
  reg  [INDEX_BITS-1:0] long_window;
  reg  [3:0]  long_rd;
  wire [31:0] long_result;
  wire        long_done;
  wire        long_high_nonzero;
  reg         long_start;   // the first cycle in stage 6: the operands are there
  reg         slot_given;
  wire take_long    = load_back && s4_valid && s4_long_op && !meets_long && !wait_load && !flush;
  wire long_retires = s8_valid && s8_long_op && !s8_fault;
  wire long_waits   = long_ready && long_sure;
  wire injected     = s5_valid && s5_result_only; // and not to be sent again
  wire inject       = long_waits && !injected && (!s4_valid || wait_load || wait_long || flush);
  wire long_dropped = flush && !long_sure && !long_retires;

  assign give_slot  = long_waits && !slot_given;

  always @(posedge clk)
    if (rst) begin
      long_taken <= 1'b0;
      long_left  <= 1'b0;
      long_sure  <= 1'b0;
      long_sent  <= 1'b0;
      long_ready <= 1'b0;
      long_start <= 1'b0;
      slot_given <= 1'b0;
    end else begin
      slot_given <= long_waits && (slot_given || load_1);

      if (take_long)
        long_taken <= 1'b1;
      else if (injected || long_dropped)
        long_taken <= 1'b0;

      if (commit && s7_long_op)
        long_left <= 1'b1;
      else if (injected || long_dropped)
        long_left <= 1'b0;

      if (take_long || injected)
        long_sure <= 1'b0;
      else if (long_retires)
        long_sure <= 1'b1;

      if (injected)
        long_sent <= 1'b1;
      else if (s8_result_only)
        long_sent <= 1'b0;

      long_start <= load_back && s5_valid && s5_long_op && !s5_replay;
      if (long_start)
        long_ready <= 1'b0;
      else if (long_done)
        long_ready <= 1'b1;
    end

  always @(posedge clk)
    if (take_long) begin
      long_slot   <= s4_slot;
      long_window <= s4_window;
      long_rd     <= s4_rd;
      // MUL and DIV (0x12, 0x13) are operations 6 and 7, binary16 0 to 5
      long_kind   <= s4_opcode[6] ? s4_opcode[2:0] : {2'b11, s4_opcode[0]};
    end

  reg  [32:0] s6_sum, s6_half;

  generate
    if (HAS_MULDIV != 0 || HAS_FP16 != 0) begin : with_arith
      hsx_arith #(.FP16(HAS_FP16), .MUL_DSP(MUL_DSP)) arith (
        .clk(clk), .rst(rst), .start(long_start), .op(long_kind), .a(s6_sum[31:0]),
        .b(s6_half[32:1]), .done(long_done), .result(long_result),
        .high_nonzero(long_high_nonzero)
      );
    end else begin : without_arith
      assign long_done         = 1'b0;
      assign long_result       = 32'd0;
      assign long_high_nonzero = 1'b0;
    end
  endgenerate

  // ---- stage 4: operands ----

  wire       s4_illegal, s4_write_rd, s4_left, s4_arithmetic, s4_load, s4_store, s4_push, s4_pop;
  wire       s4_ret, s4_svc, s4_brk;
  wire [1:0] s4_carry_in, s4_result, s4_logic_op, s4_flags;

  hsx_decode_effects #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16)) decode_effects (
    .opcode(s4_opcode),
    .illegal(s4_illegal), .write_rd(s4_write_rd), .carry_in(s4_carry_in), .result(s4_result),
    .logic_op(s4_logic_op), .left(s4_left), .arithmetic(s4_arithmetic), .flags(s4_flags),
    .load(s4_load), .store(s4_store), .push(s4_push), .pop(s4_pop), .ret(s4_ret),
    .svc(s4_svc), .brk(s4_brk)
  );

  // Bounds of the fetch as words: one word fits if its number is below
  // code_len / 4.
  wire        passes_code, first_passes_code;
  wire        code_fault    = s4_misaligned || passes_code;
  wire        first_missing = s4_misaligned || first_passes_code;

  hsx_below #(.WIDTH(15)) below_fetch (
    .a(code_len), .b(s4_next_word), .more(s4_ldi32), .is_below(passes_code)
  );
  hsx_below #(.WIDTH(15)) below_first (
    .a(code_len), .b(s4_next_word), .more(1'b0), .is_below(first_passes_code)
  );
  reg  [31:0] s7_value, s9_value;
  wire [31:0] write_back;
  wire [15:0] sp;
  wire [31:0] r15     = (s4_r15_is_sp && !memory_reading) ? {16'd0, sp} : window_15;
  wire [31:0] other_a;
  wire [31:0] other_b;
  hsx_mux4 #(.WIDTH(32)) mux_a (
    .select(s4_a_select), .d0(window_a), .d1(r15), .d2(s7_value), .d3(s9_value), .q(other_a)
  );
  hsx_mux4 #(.WIDTH(32)) mux_b (
    .select(s4_b_from), .d0(window_b), .d1(r15), .d2(s7_value), .d3(s9_value), .q(other_b)
  );
  // What the memory stage reads of a window comes this way.
  wire [1:0]  s4_a_select = memory_reading ? {1'b0, memory_from_15} : s4_a_from;
  reg         memory_from_15;
  always @(posedge clk)
    memory_from_15 <= (s7_addr[5:2] == 4'd15);

  // The target of a CALL without a register goes to the early pc when stage 3 does
  // not need the port. The task's next instruction then follows five stages
  // behind: call_depth is not forwarded.
  assign call_target = s4_pc + s4_imm[15:0];
  assign call_we     = s4_valid && s4_call_pc && !s3_valid;

  // What may come from a load in stage 8 comes last into the operands.
  wire [31:0] operand_b   = s4_b_from_8 ? write_back : other_b;
  wire [1:0]  extra_bytes = {s4_size[1], s4_size != 2'd0}; // 0, 1, 3

  wire [15:0] retired_sp, call_depth, stack_limit, stack_top, data_len;
  wire [13:0] data_base;
  wire        data_low;
  wire [3:0]  retired_psw, state;
  reg  [15:0] s8_sp, s8_depth;
  reg  [3:0]  s8_psw, s8_state;
  wire        psw_we;

  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_sp (
    .clk(clk), .we(context_we || (host_field_we && host_field == 4'd1)), .waddr(s8_slot),
    .wdata(s8_sp), .re(load_4), .raddr(s3_slot), .q(retired_sp)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_depth (
    .clk(clk), .we(context_we || (host_field_we && host_field == 4'd9)), .waddr(s8_slot),
    .wdata(s8_depth), .re(load_back), .raddr(s5_slot), .q(call_depth)
  );
  hsx_lane_ram #(.LANE_BITS(4), .ADDR_BITS(SLOT_BITS)) ram_psw_state_slice (
    .clk(clk),
    .we({{2{host_field_we && host_field == 4'd11}},
         s8_valid || (host_field_we && host_field == 4'd13),
         psw_we || (host_field_we && host_field == 4'd10)}),
    .waddr(s8_slot), .wdata({host_wdata[7:0], s8_state, s8_psw}),
    .re(load_4), .raddr(s3_slot), .q({slice, state, retired_psw})
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_stack_limit (
    .clk(clk), .we(host_field_we && host_field == 4'd3), .waddr(host_slot),
    .wdata(host_wdata[15:0]), .re(load_back), .raddr(s5_slot), .q(stack_limit)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_stack_top (
    .clk(clk), .we(host_field_we && host_field == 4'd4), .waddr(host_slot),
    .wdata(host_wdata[15:0]), .re(load_back), .raddr(s5_slot), .q(stack_top)
  );
  // With a bit for a base below 0x4000
  hsx_ram #(.WIDTH(15), .ADDR_BITS(SLOT_BITS)) ram_data_base (
    .clk(clk), .we(host_field_we && host_field == 4'd7), .waddr(host_slot),
    .wdata({host_wdata[15:14] == 2'd0, host_wdata[15:2]}), .re(load_back), .raddr(s5_slot),
    .q({data_low, data_base})
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_data_len (
    .clk(clk), .we(host_field_we && host_field == 4'd8), .waddr(host_slot),
    .wdata(host_wdata[15:0]), .re(load_back), .raddr(s5_slot), .q(data_len)
  );

  // sp and psw of the task's instruction before this one.
  reg  [15:0] s7_new_sp, s9_sp;
  reg  [3:0]  s9_psw;
  wire [3:0]  new_psw;
  wire [3:0]  psw;
  hsx_mux4 #(.WIDTH(20)) mux_sp (
    .select(s4_before), .d0({retired_sp, retired_psw}), .d1({s9_sp, s9_psw}),
    .d2({s8_sp, s8_psw}), .d3({s7_new_sp, new_psw}), .q({sp, psw})
  );

  reg [15:0] s5_pc, s5_next_pc;
  reg [31:0] s5_insn, s5_a, s5_b, s5_logic_b;
  reg [4:0]  s5_amount;
  reg [12:0] s5_last_offset; // immediate + access size - 1
  reg [3:0]  s5_rd;
  reg [INDEX_BITS-1:0] s5_window;
  reg        s5_protect, s5_code_fault, s5_no_word, s5_predict, s5_called, s5_low_only, s5_replay;
  reg        s5_product;
  reg [15:0] s5_sp;
  reg [3:0]  s5_psw;
  reg        s5_illegal, s5_write_rd, s5_load, s5_store, s5_push, s5_pop, s5_left, s5_arithmetic;
  reg        s5_call, s5_ret, s5_jump, s5_jump_z, s5_jump_nz, s5_svc, s5_brk, s5_ldi32;
  reg [1:0]  s5_carry_in, s5_result, s5_logic_op, s5_flags, s5_size;

  always @(posedge clk)
    if (rst)
      s5_valid <= 1'b0;
    else if (load_back)
      s5_valid <= inject || (s4_valid && !wait_load && !wait_long && !flush);

  always @(posedge clk)
    if (load_back) begin
      if (s4_zero_a)
        s5_a <= 32'd0;
      else
        s5_a <= s4_call_pc ? {16'd0, s4_pc} : s4_a_from_8 ? write_back : other_a;
      if (s4_ones && !inject)
        s5_logic_b <= 32'hFFFFFFFF;
      else
        s5_logic_b <= inject  ? long_result
                    : s4_call ? {16'd0, s4_next_word[13:0], 2'b00}
                    :           operand_b;
      if (!s4_shift || inject)
        s5_amount <= 5'd0;
      else
        s5_amount <= operand_b[4:0];
    end

  always @(posedge clk)
    if (load_back) begin
      s5_sp          <= sp;
      s5_psw         <= psw;
      s5_called      <= call_we;
      s5_predict     <= s4_predict;
      s5_slot        <= inject ? long_slot : wait_long ? LONG : wait_load ? HAZARD : s4_slot;
      s5_first       <= s4_first;
      s5_ends        <= s4_ends;
      s5_pc          <= s4_pc;
      s5_next_pc     <= {s4_next_word[13:0] + {13'd0, s4_ldi32}, s4_pc[1:0]};
      s5_insn        <= s4_insn;
      s5_b           <= (s4_use_imm ? s4_imm : operand_b) ^ {32{s4_invert}};
      s5_last_offset <= s4_imm[12:0] + {11'd0, extra_bytes};
      s5_rd          <= inject ? long_rd : s4_rd;
      s5_window      <= inject ? long_window : s4_window;
      s5_result_only <= inject;
      s5_low_only    <= inject && long_kind < 3'd5;
      s5_product     <= inject && long_kind == 3'd6;
      s5_replay      <= meets_long && !inject;
      s5_protect     <= s4_protect;
      s5_no_word     <= first_missing;
      s5_ldi32       <= s4_ldi32;
      s5_carry_in    <= s4_carry_in;
      s5_arithmetic  <= s4_arithmetic;
      s5_size        <= s4_size;
    end

  always @(posedge clk)
    if (load_back) begin
      if (inject) begin
        s5_late       <= 1'b1;
        s5_code_fault <= 1'b0;
        s5_illegal    <= 1'b0;
        s5_load       <= 1'b0;
        s5_store      <= 1'b0;
        s5_push       <= 1'b0;
        s5_pop        <= 1'b0;
        s5_call       <= 1'b0;
        s5_ret        <= 1'b0;
        s5_jump       <= 1'b0;
        s5_jump_z     <= 1'b0;
        s5_jump_nz    <= 1'b0;
        s5_svc        <= 1'b0;
        s5_brk        <= 1'b0;
        s5_long_op    <= 1'b0;
        s5_write_rd   <= 1'b1;
        s5_result     <= 2'd1;
        s5_logic_op   <= 2'd3;
        s5_left       <= 1'b0;
        s5_flags      <= {long_kind[2] && long_kind[1], 1'b0}; // MUL, DIV: Z and N
      end else begin
        s5_late       <= s4_late;
        s5_code_fault <= code_fault;
        s5_illegal    <= s4_illegal;
        s5_load       <= s4_load;
        s5_store      <= s4_store;
        s5_push       <= s4_push;
        s5_pop        <= s4_pop;
        s5_call       <= s4_call;
        s5_ret        <= s4_ret;
        s5_jump       <= s4_jump;
        s5_jump_z     <= s4_jump_z;
        s5_jump_nz    <= s4_jump_nz;
        s5_svc        <= s4_svc;
        s5_brk        <= s4_brk;
        s5_long_op    <= s4_long_op;
        s5_write_rd   <= s4_write_rd;
        s5_result     <= s4_result;
        s5_logic_op   <= s4_logic_op;
        s5_left       <= s4_left;
        s5_flags      <= s4_flags;
      end
    end

  // ---- stage 5: execute 1 ----

  wire        psw_z = s5_psw[`HSX_PSW_Z_BIT];
  wire        psw_c = s5_psw[`HSX_PSW_C_BIT];
  wire        taken = s5_jump || (s5_jump_z && psw_z) || (s5_jump_nz && !psw_z);
  wire        mispredict = (s5_jump_z || s5_jump_nz) && (taken != s5_predict);
  wire        carry = s5_carry_in[1] ? psw_c : s5_carry_in[0];
  wire [32:0] sum   = {1'b0, s5_a} + {1'b0, s5_b} + {32'd0, carry};
  wire [15:0] last_byte = s5_a[15:0] + {{3{s5_last_offset[12]}}, s5_last_offset};
  wire [16:0] stack_addr = {1'b0, s5_sp} + {{15{s5_push}}, 2'b00}; // a push's lies 4 lower

  reg  [15:0] s6_pc, s6_next_pc;
  reg  [31:0] s6_insn, s6_ext;
  reg  [2:0]  s6_amount;
  reg         s6_fill, s6_a_sign, s6_b_sign;
  reg  [15:0] s6_last_byte, s6_sp;
  reg  [16:0] s6_stack_addr; // bit 16: below 0
  reg  [3:0]  s6_psw;
  reg         s6_mispredict, s6_taken;
  reg  [INDEX_BITS-1:0] s6_window;
  reg         s6_protect, s6_code_fault, s6_no_word, s6_low_only, s6_replay, s6_product;
  reg         s6_illegal, s6_store;
  reg         s6_call, s6_ret, s6_svc, s6_brk, s6_ldi32;
  reg  [1:0]  s6_result, s6_flags, s6_size;

  wire [32:0] shift_half;
  wire [31:0] shift_result, shift_reversed;
  wire        shift_carry;

  hsx_shifter shifter (
    .a(s5_a), .b(s5_logic_b), .op(s5_logic_op), .amount(s5_amount[4:3]), .left(s5_left),
    .arithmetic(s5_arithmetic), .old_c(psw_c), .half(shift_half),
    .half_q(s6_half), .amount_q(s6_amount), .fill_q(s6_fill),
    .result(shift_result), .reversed(shift_reversed), .carry(shift_carry)
  );

  always @(posedge clk)
    if (rst)
      s6_valid <= 1'b0;
    else if (load_back)
      s6_valid <= s5_valid && (!flush || s5_result_only);

  always @(posedge clk)
    if (load_back) begin
      s6_slot        <= s5_slot;
      s6_late        <= (s5_late && !s5_called) || mispredict;
      s6_mispredict  <= mispredict;
      s6_taken       <= taken || s5_call;
      s6_first       <= s5_first;
      s6_ends        <= s5_ends;
      s6_pc          <= s5_pc;
      s6_next_pc     <= s5_next_pc;
      s6_insn        <= s5_insn;
      s6_ext         <= s5_b;
      s6_sum         <= sum;
      s6_half        <= shift_half;
      s6_amount      <= s5_amount[2:0];
      s6_fill        <= s5_arithmetic && s5_a[31];
      s6_a_sign      <= s5_a[31];
      s6_b_sign      <= s5_b[31];
      s6_last_byte   <= last_byte;
      s6_sp          <= s5_sp;
      s6_stack_addr  <= stack_addr;
      s6_psw         <= s5_psw;
      s6_rd          <= s5_rd;
      s6_window      <= s5_window;
      s6_protect     <= s5_protect;
      s6_code_fault  <= s5_code_fault;
      s6_no_word     <= s5_no_word;
      s6_illegal     <= s5_illegal;
      s6_write_rd    <= s5_write_rd;
      s6_load        <= s5_load;
      s6_store       <= s5_store;
      s6_push        <= s5_push;
      s6_pop         <= s5_pop;
      s6_call        <= s5_call;
      s6_ret         <= s5_ret;
      s6_svc         <= s5_svc;
      s6_brk         <= s5_brk;
      s6_ldi32       <= s5_ldi32;
      s6_long_op     <= s5_long_op;
      s6_result_only <= s5_result_only;
      s6_low_only    <= s5_low_only;
      s6_replay      <= s5_replay;
      s6_product     <= s5_product;
      s6_result      <= s5_result;
      s6_flags       <= s5_flags;
      s6_size        <= s5_size;
    end

  // ---- stage 6: execute 2, translation, bounds ----

  // The task's next instruction, fetched from the wrong place, is at most in
  // stage 3. A younger one still waits in the queue or in stage 1 for the pc. One
  // that does not open a turn cannot be taken back alone: all goes at commit.
  wire wrong   = s6_valid && s6_mispredict && !flush;
  wire next_3  = s3_valid && s3_slot == s6_slot;
  wire next_2  = s2_valid && s2_slot == s6_slot;
  wire next_1  = s1_valid && s1_slot == s6_slot;
  wire wrong_3 = wrong && next_3 && s3_first;
  wire wrong_2 = wrong && next_2 && s2_first;
  wire wrong_1 = wrong && next_1 && s1_first;
  assign kill_3 = wrong_3;
  assign kill_2 = wrong_3 || wrong_2;
  assign kill_1 = wrong_3 || wrong_2 || wrong_1;
  wire wrong_turn = (next_3 && !s3_first) || (next_2 && !s2_first) || (next_1 && !s1_first);

  wire        stack_op = s6_push || s6_pop;
  wire [1:0]  s6_offset = stack_op ? s6_stack_addr[1:0] : s6_sum[1:0];
  wire        s6_straddle = (s6_size == 2'd2) ? (s6_offset != 2'd0)
                          : (s6_size == 2'd1) && (s6_offset == 2'd3);
  wire        s6_unaligned = (s6_size == 2'd2) ? (s6_offset != 2'd0)
                           : (s6_size == 2'd1) && s6_offset[0];
  wire [16:0] new_sp      = {1'b0, s6_stack_addr[15:0]} + {14'd0, s6_pop, 2'b00};
  // Accesses below 0x4000 may touch a window. Data segments lie above, but a
  // debugger may have put one there.
  wire [3:0]  s6_page = stack_op ? s6_stack_addr[15:12] : s6_sum[15:12];
  wire        s6_slow = (s6_load || s6_store)
                     && (s6_unaligned || (s6_ret && careful)
                         || (s6_page[3:2] == 2'd0 && s6_page[1:0] != 2'd0)
                         || (!stack_op && s6_page[3:2] != 2'd0 && data_low));
  wire        s6_waits = s6_slow || s6_replay;
  wire [15:0] moved;
  wire        t_passes_end, t_moved_passes_end, t_in_page, t_in_window;
  wire        t_first_in_data, t_last_in_data;
  wire        t_above_limit, t_below_top, t_overflow, t_underflow;

  hsx_translate translate (
    .ea(s6_sum[15:0]), .last(s6_last_byte), .straddle(s6_straddle),
    .own_window(window_number(s6_window)),
    .data_base(data_base), .data_len(data_len), .stack_limit(stack_limit),
    .stack_top(stack_top), .push(s6_push), .pop(s6_pop),
    .stack_addr(s6_stack_addr), .new_sp(new_sp),
    .moved(moved), .passes_end(t_passes_end), .moved_passes_end(t_moved_passes_end),
    .in_page(t_in_page), .in_window(t_in_window),
    .first_in_data(t_first_in_data), .last_in_data(t_last_in_data),
    .above_limit(t_above_limit), .below_top(t_below_top), .overflow(t_overflow),
    .underflow(t_underflow)
  );

  // Faults that need no verdict on a data access, by their priority.
  wire        depth_full  = (call_depth == 16'hFFFF);
  wire        s6_returns  = s6_ret && (call_depth == 16'd0) && !s6_code_fault;
  wire        div_fault   = s6_long_op && !s6_replay && long_kind == 3'd7
                         && s6_half[32:1] == 32'd0;
  wire        early_fault = s6_code_fault || s6_illegal || div_fault;

  reg  [15:0] s7_pc, s7_next_pc;
  reg  [31:0] s7_insn, s7_ext;
  reg         s7_carry, s7_overflow;
  reg  [15:0] s7_sp, s7_depth, s7_new_depth;
  reg         s7_slow, s7_waits, s7_passes_end, s7_moved_passes_end, s7_in_page, s7_in_window;
  reg         s7_first_in_data, s7_last_in_data;
  reg         s7_above_limit, s7_below_top, s7_overflowed, s7_underflowed, s7_refused;
  reg         s7_returns, s7_checked, s7_leaves;
  reg         s7_wrong_turn;
  reg  [31:0] s7_refused_code; // few of its bits are not constant
  reg  [3:0]  s7_psw;
  reg         s7_protect, s7_code_fault, s7_no_word, s7_low_only, s7_replay;
  reg         s7_store;
  reg         s7_ret, s7_svc, s7_brk, s7_ldi32;
  reg  [1:0]  s7_flags, s7_size;

  // A RET whose word turned out bad comes again and takes its time.
  reg         careful;

  always @(posedge clk)
    if (rst)
      s7_valid <= 1'b0;
    else if (load_back)
      s7_valid <= s7_enters;

  always @(posedge clk)
    if (load_back) begin
      s7_slot          <= s6_slot;
      s7_late          <= s6_late;
      s7_first         <= s6_first;
      s7_ends          <= s6_ends;
      s7_pc            <= s6_pc;
      // a branch goes to its immediate without the sign
      s7_next_pc       <= s6_taken ? {s6_sum[15:12] & {4{s6_call}}, s6_sum[11:0]} : s6_next_pc;
      s7_insn          <= s6_insn;
      s7_ext           <= s6_ext;
      s7_slow          <= s6_slow;
      s7_waits         <= s6_waits;
      s7_passes_end    <= t_passes_end;
      s7_moved_passes_end <= t_moved_passes_end;
      s7_in_page       <= t_in_page;
      s7_in_window     <= t_in_window;
      s7_first_in_data <= t_first_in_data;
      s7_last_in_data  <= t_last_in_data;
      s7_above_limit   <= t_above_limit;
      s7_below_top     <= t_below_top;
      s7_refused       <= early_fault;
      s7_overflowed    <= t_overflow && !early_fault;
      s7_underflowed   <= t_underflow && !early_fault && !s6_returns;
      s7_refused_code  <= s6_code_fault ? `HSX_FAULT_CODE
                        : s6_illegal    ? `HSX_FAULT_ILLEGAL_OPCODE
                        :                 `HSX_FAULT_DIV_ZERO;
      s7_returns       <= s6_returns;
      s7_checked       <= (s6_load || s6_store) && !stack_op;
      s7_leaves        <= early_fault || s6_returns || s6_svc || s6_brk;
      s7_wrong_turn    <= s6_mispredict && wrong_turn;
      s7_sp            <= s6_sp;
      s7_new_sp        <= new_sp[15:0];
      s7_depth         <= call_depth;
      s7_new_depth     <= call_depth + {16{s6_ret && !depth_full}}
                        + {15'd0, s6_call && !depth_full};
      s7_psw           <= s6_psw;
      s7_rd            <= s6_rd;
      s7_window        <= s6_window;
      s7_protect       <= s6_protect;
      s7_code_fault    <= s6_code_fault;
      s7_no_word       <= s6_no_word;
      s7_write_rd      <= s6_write_rd;
      s7_load          <= s6_load;
      s7_store         <= s6_store;
      s7_push          <= s6_push;
      s7_pop           <= s6_pop;
      s7_ret           <= s6_ret;
      s7_svc           <= s6_svc;
      s7_brk           <= s6_brk;
      s7_ldi32         <= s6_ldi32;
      s7_long_op       <= s6_long_op;
      s7_result_only   <= s6_result_only;
      s7_low_only      <= s6_low_only;
      s7_replay        <= s6_replay;
      s7_flags         <= s6_code_fault ? 2'd0 : s6_flags;
      s7_size          <= s6_size;
      s7_carry         <= (s6_flags[1] ? (s6_flags[0] && shift_carry) : s6_sum[32]) || product_high;
      s7_overflow      <= (!s6_flags[1] && (s6_a_sign == s6_b_sign) && (s6_sum[31] != s6_a_sign))
                       || product_high;
    end

  // C and V of MUL: the product's high half is not zero.
  wire product_high = s6_product && long_high_nonzero;

  // The value: a result, or what is to be stored; byte by byte, what a slow access
  // reads; while the core is held, what the host writes.
  wire        step_addr, take_byte;
  wire [7:0]  byte_in;
  wire [1:0]  value_from = (take_byte || held) ? 2'd3 : s6_result;
  wire [31:0] value_aside = take_byte ? {byte_in, s7_value[31:8]} : host_wdata;
  wire [31:0] next_value;
  hsx_mux4 #(.WIDTH(32)) mux_value (
    .select(value_from), .d0(s6_sum[31:0]), .d1(shift_result), .d2(shift_reversed),
    .d3(value_aside), .q(next_value)
  );

  always @(posedge clk)
    if (load_back || take_byte)
      s7_value <= next_value;

  // Whether the address moves comes last.
  wire        aside    = step_addr || held || stack_op;
  (* keep *) wire        moves;
  (* keep *) wire [15:0] unmoved;
  assign moves   = t_first_in_data && !aside;
  assign unmoved = step_addr ? s7_addr + 16'd1
                 : held      ? {host_addr, 2'b00}
                 : stack_op  ? s6_stack_addr[15:0]
                 :             s6_sum[15:0];

  always @(posedge clk)
    if (load_back || step_addr)
      s7_addr <= moves ? moved : unmoved;

  // ---- stage 7: check, memory, flags; the point of commitment ----

  wire        allowed = s7_in_page || s7_in_window || (s7_first_in_data && s7_last_in_data)
                     || (s7_above_limit && s7_below_top);
  wire        over      = s7_passes_end || (s7_first_in_data && s7_moved_passes_end);
  wire        mem_fault = s7_checked && (over || (s7_protect && !allowed));
  wire        guarded   = s7_overflowed || s7_underflowed;
  wire        skip      = s7_refused || s7_returns || guarded || mem_fault;
  wire        bad_word  = s7_ret && s7_slow && !skip && (s7_value[31:16] != 16'd0);
  wire        fault     = s7_refused || guarded || mem_fault || bad_word;
  wire [31:0] fault_code = s7_refused     ? s7_refused_code
                         : s7_overflowed  ? `HSX_FAULT_STACK_OVERFLOW
                         : s7_underflowed ? `HSX_FAULT_STACK_UNDERFLOW
                         : s7_ret         ? `HSX_FAULT_CODE
                         :                  `HSX_FAULT_MEM;

  wire s7_live = s7_valid && (!flush || s7_result_only);
  wire boundary;
  // A window is not touched while a result that is older has still to be written.
  wire too_early  = s7_replay || (s7_slow && (long_left || long_sent));
  // A tick or the end of the step budget comes before an instruction, and may be
  // found out only as the one before it retires. Nothing is written behind a RET
  // before its word is known to be good. A result alone waits for nothing. All this
  // is known a cycle ahead, of what is in stage 7 then.
  reg  s7_paused, s7_behind_return;
  wire steps      = commit && !s7_result_only;
  wire pause_next = blocked_next || (steps && last_next);
  wire after_return = steps && s7_ret && !s7_slow && (s6_store || s6_slow);
  wire s7_enters  = s6_valid && (!flush || s6_result_only);
  wire kept_next  = (pause_next || after_return) && (stall_memory || !s6_result_only);
  wire kept_back  = s7_paused || s7_behind_return;

  always @(posedge clk)
    if (load_back) begin
      s7_paused        <= pause_next && !s6_result_only;
      s7_behind_return <= after_return && !s6_result_only;
    end else begin
      s7_paused        <= pause_next;
      s7_behind_return <= 1'b0;
    end

  wire replay     = s7_live && boundary && !kept_back && too_early;

  hsx_memory #(.WINDOWS(WINDOWS)) memory (
    .clk(clk), .rst(rst),
    .flush(flush), .live(s7_live), .slow(s7_slow), .waits(s7_waits), .enters(s7_enters),
    .enters_waits(s6_waits), .kept_next(kept_next), .kept_back(kept_back),
    .too_early(too_early), .skip(skip),
    .load(s7_load), .store(s7_store), .size(s7_size), .addr(s7_addr), .value(s7_value),
    .at_begin(boundary), .done(commit), .stall(stall_memory), .touched_window(touched_window),
    .step_addr(step_addr), .take_byte(take_byte), .byte_in(byte_in),
    .host_start(host_data_en), .host_we(host_data_we), .host_done(host_data_done),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata),
    .window_write(memory_writes_window), .window_we(memory_window_we),
    .window_read(memory_reads_window), .window_q(other_a),
    .reading(memory_reading)
  );

  always @*
    if (fault)
      commit_event = `HSX_EV_FAULT;
    else if (s7_returns)
      commit_event = `HSX_EV_RETURN;
    else if (s7_svc)
      commit_event = `HSX_EV_SVC;
    else if (s7_brk)
      commit_event = `HSX_EV_BRK;
    else
      commit_event = `HSX_EV_RETIRE;

  assign commit_leave = s7_leaves || guarded || mem_fault || bad_word;

  assign new_psw = (s7_flags == 2'd0) ? s7_psw
                     : {s7_overflow, s7_value[31], s7_carry, s7_value == 32'd0};

  // What commits with a change that younger instructions may not have seen, or
  // takes its task away, squashes them in the next cycle.
  always @(posedge clk)
    if (rst) begin
      flush       <= 1'b0;
      flush_soon  <= 1'b0;
      flushing    <= 1'b0;
      flush_queue <= 1'b0;
      unretire    <= 1'b0;
      careful     <= 1'b0;
    end else begin
      flush       <= squash || replay || bad_return
                  || (commit && (commit_leave || touched_window || s7_wrong_turn));
      flush_soon  <= flush;
      flushing    <= flush || flush_soon;
      flush_queue <= flush_soon;
      unretire    <= bad_return;
      if (bad_return)
        careful <= 1'b1;
      else if (commit && s7_ret)
        careful <= 1'b0;
    end

  reg [2:0]  s8_event;
  reg [31:0] s8_value;
  reg        unretire; // what was in stage 8 in the cycle before has not retired

  hsx_control #(.SLOT_BITS(SLOT_BITS)) control (
    .clk(clk), .rst(rst),
    .boundary(boundary && !(s7_valid && s7_result_only)), .queue_empty(queue_count == 0),
    .flush(flush), .retire(s8_valid), .unretire(unretire), .retire_event(s8_event),
    .retire_slot(s8_slot), .retire_imm(s8_value[11:0]),
    .running(running), .blocked_next(blocked_next), .last_next(last_next),
    .counted(counted), .tick_fire(tick_fire), .tick(tick), .squash(squash),
    .busy(long_left || long_sent), .held(held), .idle(idle),
    .tick_due(tick_due), .trap_valid(trap_valid), .trap_kind(trap_kind), .trap_slot(trap_slot),
    .trap_imm(trap_imm), .cause(hold_cause), .few(total_few), .wraps(total_wraps),
    .host_we(host_reg_we), .host_addr(host_reg_addr), .command(wb_dat_i[7:0]),
    .amount(host_value[15:0]), .unlimited(host_value[31]), .total(total_word[19:0])
  );

  // ---- counters ----

  // Each cycle in which the core runs and stage 7 completes no instruction is a
  // lost issue slot, and is counted by its cause a cycle later. What a squash or a
  // stop left empty is known by the time since; other empty stages carry the cause
  // in place of a slot.
  reg [3:0] refilled;
  reg       after_trap;
  wire      refilling = (refilled != 4'd10);

  always @(posedge clk)
    if (flush || !running) begin
      refilled   <= 4'd0;
      after_trap <= !running || s8_leave;
    end else if (refilling)
      refilled <= refilled + 4'd1;

  wire waits_tick   = s7_live && boundary && s7_paused;

  localparam [2:0] LOST_EMPTY  = 3'd0; // no ready task
  localparam [2:0] LOST_RESULT = 3'd1; // of the task itself, not there yet
  localparam [2:0] LOST_TRAP   = 3'd2; // a task left, or the core was held
  localparam [2:0] LOST_MEMORY = 3'd3;
  localparam [2:0] LOST_LONG   = 3'd4;
  localparam [2:0] LOST_TICK   = 3'd5; // or on the way to a hold
  localparam [2:0] LOST_SQUASH = 3'd6;
  reg [2:0] lost_cause;

  always @(posedge clk)
    lost_cause <= waits_tick                                ? LOST_TICK
                : (s7_live && (s7_result_only || too_early)) ? LOST_LONG
                : s7_live                                   ? (commit ? LOST_SQUASH : LOST_MEMORY)
                : flush                                     ? (s8_leave ? LOST_TRAP : LOST_SQUASH)
                : refilling                                 ? (after_trap ? LOST_TRAP : LOST_SQUASH)
                : (s7_slot == SQUASHED)                     ? LOST_SQUASH
                : (s7_slot == LONG)                         ? LOST_LONG
                : (s7_slot == HAZARD)                       ? LOST_RESULT
                :                                             LOST_EMPTY;

  wire counts_event = host_reg_we && host_reg_addr == 6'h10;

  hsx_totals totals (
    .clk(clk), .rst(rst), .running(running), .counted(counted), .retire(s8_valid),
    .unretire(unretire), .tick_fire(tick_fire), .tick(tick), .lost_cause(lost_cause),
    .host_event(counts_event),
    .host_read(host_total_read), .host_write(host_total_we), .host_row(host_total_row),
    .operand(host_value), .word(total_word), .few(total_few), .wraps(total_wraps)
  );

  // ---- stage 8: align, write back ----

  // s8_valid is high for one cycle, the one in which the instruction is written
  // and retires; s8_result_only is that cycle of a long operation's result. While
  // stage 7 stalls, stages 8 and 9 keep their contents for forwarding.
  reg        s8_tick, s8_written, s8_load, s8_low_only;
  reg [1:0]  s8_size, s8_offset;
  reg [3:0]  s8_reg;
  reg [INDEX_BITS-1:0] s8_window;
  reg [15:0] s8_next_pc;

  wire       s7_changes  = !fault && !s7_returns;
  wire       s7_names_15 = s7_write_rd && s7_rd == 4'd15;

  wire       returns     = s7_ret && !s7_slow && !skip;

  // What a RET's word decides on is ready by the time the word comes.
  reg        s8_updates; // the instruction, no RET, writes pc, sp, psw and call_depth
  reg        s8_mirrors; // R15 = sp
  assign word_bad   = (data_rdata[31:16] != 16'd0);
  assign bad_return = s8_ret && word_bad;
  wire       arrives    = steps && !bad_return;

  always @(posedge clk)
    if (rst) begin
      s8_valid       <= 1'b0;
      s8_result_only <= 1'b0;
      s8_live        <= 1'b0;
      s8_tick        <= 1'b0;
      s8_ret         <= 1'b0;
      s8_updates     <= 1'b0;
      s8_mirrors     <= 1'b0;
    end else begin
      s8_ret         <= arrives && returns;
      s8_updates     <= arrives && s7_changes && !returns;
      s8_mirrors     <= arrives && s7_changes && (s7_push || s7_pop) && !s7_names_15;
      s8_valid       <= arrives;
      s8_result_only <= commit && s7_result_only;
      s8_tick        <= tick_fire;
      if (load_back)
        s8_live <= commit && !bad_return;
    end

  always @(posedge clk)
    if (load_back) begin
      s8_slot    <= s7_slot;
      s8_late    <= s7_late;
      s8_leave   <= commit_leave;
      s8_ends    <= s7_ends;
      s8_event   <= commit_event;
      s8_window  <= s7_window;
      s8_fault   <= fault;
      s8_long_op <= s7_long_op;
      // what the host writes comes as the value
      s8_next_pc <= (held || (s7_ret && s7_slow)) ? s7_value[15:0] : s7_next_pc;
      s8_sp      <= held ? s7_value[15:0] : s7_new_sp;
      s8_depth   <= held ? s7_value[15:0] : s7_new_depth;
      s8_psw     <= held ? s7_value[3:0] : new_psw;
      s8_state   <= held       ? s7_value[3:0]
                  : fault      ? `HSX_FAULTED
                  : s7_returns ? `HSX_RETURNED
                  : s7_svc     ? `HSX_TRAPPED
                  : s7_brk     ? `HSX_PAUSED
                  :              `HSX_READY;
      s8_stack    <= s7_push || s7_pop;
      s8_rd       <= s7_rd;
      s8_write_rd <= s7_write_rd;
      s8_low_only <= s7_low_only;
      s8_written  <= fault || (!s7_returns && s7_write_rd);
      s8_reg      <= fault ? 4'd0 : s7_rd;
      s9_value    <= write_back;
      s9_sp       <= s8_sp;
      s9_psw      <= s8_psw;
    end

  // A load's bytes are there for one cycle only.
  always @(posedge clk)
    if (load_back) begin
      s8_load   <= s7_load && !s7_slow && !skip;
      s8_size   <= s7_size;
      s8_offset <= s7_addr[1:0];
      s8_value  <= fault ? fault_code : s7_value;
    end else begin
      s8_load   <= 1'b0;
      s8_value  <= write_back;
    end

  wire [7:0] loaded_low  = s8_offset[1] ? (s8_offset[0] ? data_rdata[31:24] : data_rdata[23:16])
                                        : (s8_offset[0] ? data_rdata[15:8] : data_rdata[7:0]);
  wire [7:0] loaded_next = s8_offset[1] ? data_rdata[31:24] : data_rdata[15:8];
  assign write_back[7:0]   = s8_load ? loaded_low : s8_value[7:0];
  assign write_back[15:8]  = s8_load ? loaded_next & {8{s8_size != 2'd0}} : s8_value[15:8];
  assign write_back[31:16] = s8_load ? data_rdata[31:16] & {16{s8_size[1]}} : s8_value[31:16];

  // R0 to R14 take results and fault codes, R15 these and the new sp. Stage 8 is
  // empty while the memory stage writes a window. Only the write of a RET, which is
  // R15's, waits for the verdict on its word.
  reg         s8_to_15;   // the result goes to R15
  wire        s8_stores  = (s8_valid || s8_result_only) && s8_written;
  wire [3:0]  s8_lanes   = {{2{!s8_low_only}}, 2'b11} & {4{s8_stores}};
  wire        slow_to_15 = (s7_addr[5:2] == 4'd15);

  always @(posedge clk)
    if (load_back)
      s8_to_15 <= s7_changes && s7_names_15;

  assign written_pc = s8_ret ? data_rdata[15:0] : s8_next_pc;
  assign context_we = s8_updates || (s8_ret && !word_bad);
  assign psw_we     = s8_updates || (s8_result_only && s8_sets_psw);
  assign s8_or_memory_window = memory_writes_window ? memory_window : s8_window;
  assign window_wreg     = memory_writes_window ? s7_addr[5:2] : s8_reg;
  assign window_we       = memory_writes_window ? memory_window_we : s8_lanes;
  assign window_wdata    = memory_writes_window ? data_wdata : write_back;
  assign window_we_15    = (memory_window_we & {4{memory_writes_window && slow_to_15}})
                         | (s8_lanes & {4{s8_to_15}}) | {4{s8_mirrors && !bad_return}};
  assign window_wdata_15 = memory_writes_window ? data_wdata
                         : s8_mirrors           ? {16'd0, s8_sp}
                         :                        write_back;

  reg s8_sets_psw;
  always @(posedge clk)
    if (load_back)
      s8_sets_psw <= (s7_flags != 2'd0);

  // ---- host ----

  hsx_host #(.CONTEXTS(CONTEXTS), .WINDOWS(WINDOWS), .HAS_MULDIV(HAS_MULDIV),
    .HAS_FP16(HAS_FP16), .SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS)) host (
    .clk(clk), .rst(rst),
    .wb_cyc(wb_cyc), .wb_stb(wb_stb), .wb_we(wb_we), .wb_adr(wb_adr), .wb_sel(wb_sel),
    .wb_dat_i(wb_dat_i), .wb_dat_o(wb_dat_o), .wb_ack(wb_ack),
    .held(held), .slot(host_slot), .addr(host_addr), .wdata(host_wdata),
    .data_en(host_data_en), .data_we(host_data_we), .data_done(host_data_done),
    .data_rdata(s7_value),
    .code_en(host_code_en), .code_we(host_code_we), .code_rdata(word),
    .field(host_field), .field_we(host_field_we), .field_rdata(host_field_rdata),
    .queue_push(host_push), .queue_pop(host_pop), .set_turn(host_set_turn),
    .total_read(host_total_read), .total_write(host_total_we), .total_row(host_total_row),
    .value(host_value), .value_sum(total_word),
    .reg_we(host_reg_we), .reg_addr(host_reg_addr), .running(running), .tick_due(tick_due),
    .cause(hold_cause), .trap_slot(trap_slot), .queue_head(queue_slot),
    .queue_count(queue_count), .turn(turn)
  );

  // What only the host writes it reads back from here: the RAMs beside the pipeline
  // would need a wide multiplexer. The lowest bit of code_len is its bit 16.
  wire [15:0] written;
  wire        is_code_len = (host_field == 4'd6);
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS + 4)) ram_written (
    .clk(clk), .we(host_field_we), .waddr({host_slot, host_field}),
    .wdata({host_wdata[15:1], is_code_len ? host_wdata[16] : host_wdata[0]}), .re(1'b1),
    .raddr({host_slot, host_field}), .q(written)
  );

  always @*
    case (host_field)
      4'd0:    host_field_rdata = {1'b0, retired_pc};
      4'd1:    host_field_rdata = {1'b0, retired_sp};
      4'd6:    host_field_rdata = {written[0], written[15:1], 1'b0};
      4'd9:    host_field_rdata = {1'b0, call_depth};
      4'd10:   host_field_rdata = {13'd0, retired_psw};
      4'd13:   host_field_rdata = {13'd0, state};
      default: host_field_rdata = {1'b0, written};
    endcase

  // ---- retirement port ----

  // What only the record needs travels beside the pipeline; where the port is
  // left open, synthesis removes it.
  reg        s8_first, s8_rotate, s8_ext_valid, s8_rd_we, s8_r15_we, s8_read, s8_wrote;
  reg [15:0] s8_pc, s8_addr, s8_record_sp, s8_record_depth;
  reg [31:0] s8_insn, s8_ext, s8_stored;

  // What the order number consists of is kept here once more, for the port alone.
  reg  [31:0] steps_done, host_events, other_events;
  wire [31:0] order = steps_done + host_events + other_events;

  always @(posedge clk)
    if (rst) begin
      steps_done   <= 32'd0;
      host_events  <= 32'd0;
      other_events <= 32'd0;
    end else if (host_total_we && !host_total_row[0])
      case (host_total_row[4:1])
        4'd4:    steps_done   <= host_value;
        4'd5:    host_events  <= host_value;
        4'd6:    other_events <= host_value;
        default: ;
      endcase
    else begin
      if (counted && !bad_return)
        steps_done <= steps_done + 32'd1;
      if (counts_event)
        host_events <= host_events + host_value;
      if ((s8_valid && !counted) || s8_tick)
        other_events <= other_events + 32'd1;
    end

  always @(posedge clk) if (load_back) begin
    s8_first        <= s7_first;
    s8_rotate       <= (commit_event == `HSX_EV_RETIRE) && s7_ends;
    s8_pc           <= s7_pc;
    s8_insn         <= (s7_code_fault && s7_no_word) ? 32'd0 : s7_insn;
    s8_ext          <= s7_ext;
    s8_ext_valid    <= s7_ldi32 && !skip;
    s8_record_sp    <= (fault || s7_returns) ? s7_sp : s7_new_sp;
    s8_record_depth <= (fault || s7_returns) ? s7_depth : s7_new_depth;
    s8_rd_we        <= s7_write_rd && !skip;
    s8_r15_we       <= (s7_push || s7_pop) && !skip && !bad_word;
    s8_read         <= s7_load && !skip && !bad_word;
    s8_wrote        <= s7_store && !skip;
    s8_addr         <= s7_slow ? s7_addr - 16'd4 : s7_addr; // which went on by four
    s8_stored       <= s7_value;
  end

  // A long operation's record waits for its result.
  reg        long_first, long_rotate;
  reg [15:0] long_pc, long_next_pc, long_sp, long_depth;
  reg [3:0]  long_psw;
  reg [31:0] long_insn, long_order;

  always @(posedge clk)
    if (long_retires) begin
      long_first   <= s8_first;
      long_rotate  <= s8_rotate;
      long_pc      <= s8_pc;
      long_next_pc <= s8_next_pc;
      long_sp      <= s8_record_sp;
      long_depth   <= s8_record_depth;
      long_psw     <= s8_psw;
      long_insn    <= s8_insn;
      long_order   <= order;
    end

  wire        later   = s8_result_only;
  wire        now     = retire && !long_retires;
  wire        shows   = now || later;
  wire        access  = now && (s8_read || s8_wrote);
  wire [31:0] bytes   = s8_ret ? data_rdata : s8_stored;
  wire [31:0] stored  = {(s8_size == 2'd2) ? bytes[31:16] : 16'd0,
                         (s8_size != 2'd0) ? bytes[15:8] : 8'd0, bytes[7:0]};
  wire        rd_we   = later || (now && (s8_rd_we || s8_fault));

  assign ret_valid       = shows || s8_tick;
  assign ret_order       = later ? long_order : ret_valid ? order : 32'd0;
  assign ret_event       = s8_tick ? `HSX_EV_TICK : now ? s8_event : 3'd0;
  assign ret_slot        = shows ? {{(8-SLOT_BITS){1'b0}}, s8_slot} : 8'd0;
  assign ret_insn        = later ? long_insn : now ? s8_insn : 32'd0;
  assign ret_ext_valid   = now && s8_ext_valid;
  assign ret_ext         = ret_ext_valid ? s8_ext : 32'd0;
  assign ret_pc          = later ? long_pc : now ? s8_pc : 16'd0;
  assign ret_next_pc     = later ? long_next_pc : !now ? 16'd0 : context_we ? written_pc : s8_pc;
  assign ret_sp          = later ? long_sp : now ? s8_record_sp : 16'd0;
  assign ret_depth       = later ? long_depth : now ? s8_record_depth : 16'd0;
  assign ret_psw         = (later && !s8_sets_psw) ? long_psw : shows ? s8_psw : 4'd0;
  assign ret_rd_we       = rd_we;
  assign ret_rd          = (rd_we && !s8_fault) ? s8_rd : 4'd0;
  assign ret_rd_value    = !rd_we ? 32'd0 : s8_low_only ? {old_high, write_back[15:0]} : write_back;
  assign ret_r15_we      = now && s8_r15_we;
  assign ret_mem_re      = now && s8_read;
  assign ret_mem_we      = now && s8_wrote;
  assign ret_mem_width   = !access ? 3'd0 : (s8_size == 2'd2) ? 3'd4 : {1'b0, s8_size[0], !s8_size[0]};
  assign ret_mem_addr    = access ? s8_addr : 16'd0;
  assign ret_mem_value   = !access ? 32'd0 : (s8_read && s8_rd_we) ? write_back : stored;
  assign ret_turn_first  = later ? long_first : now && s8_first;
  assign ret_turn_rotate = later ? long_rotate : now && s8_rotate;
endmodule

`default_nettype wire
