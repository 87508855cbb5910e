// The HSX core: a barrel processor whose tasks' registers live in data memory.
//
// Guarantees: events retire in the order of contract section 5, whatever the
// pipeline depth; every fault is precise; while `held` is high nothing is in
// flight and the host port may read and write memories, contexts and queue.
//
// Timing: one clock, synchronous active-high reset. Both memory ports are
// synchronous: read data belong to the enabled address of the cycle before and
// stay until the next enable. The retirement port shows at most one event a
// cycle, in cycles with ret_valid; the event that holds the core is shown
// before `held` rises.
//
// Stages (docs/pipeline.md): 0 issue, 1 context, 2 fetch, 3 word, 4 operands,
// 5 execute 1, 6 execute 2 and translate, 7 check and memory, 8 write back. A
// signal named sN_x is a register that describes the instruction in stage N.
`default_nettype none

module hsx_core #(
  parameter CONTEXTS   = 16,       // slots of the context table, 1 .. 128
  parameter WINDOWS    = CONTEXTS, // register windows in the core, from 0x1000 up, 1 .. 192
  parameter HAS_MULDIV = 1,        // 0: MUL and DIV raise ILLEGAL_OPCODE
  parameter HAS_FP16   = 1         // 0: opcodes 50..55 raise ILLEGAL_OPCODE
) (
  input  wire        clk,
  input  wire        rst,

  // code memory, 16384 words
  output wire        code_en,
  output wire        code_we,
  output wire [13:0] code_addr,
  output wire [31:0] code_wdata,
  input  wire [31:0] code_rdata,

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

  // retirement, one event a cycle; fields that do not apply are 0
  output wire        ret_valid,
  output wire [31:0] ret_order,
  output wire [2:0]  ret_event,
  output wire [7:0]  ret_slot,
  output wire [31:0] ret_insn,
  output wire [31:0] ret_ext,
  output wire        ret_ext_valid,
  output wire [15:0] ret_pc,
  output wire [15:0] ret_next_pc,
  output wire [15:0] ret_sp,
  output wire [15:0] ret_depth,
  output wire [3:0]  ret_psw,
  output wire        ret_rd_we,
  output wire [3:0]  ret_rd,
  output wire [31:0] ret_rd_value,
  output wire        ret_r15_we,
  output wire        ret_mem_re,
  output wire        ret_mem_we,
  output wire [2:0]  ret_mem_width,
  output wire [15:0] ret_mem_addr,
  output wire [31:0] ret_mem_value,
  output wire        ret_turn_first,
  output wire        ret_turn_rotate
);

  function integer bits_for(input integer n);
    for (bits_for = 1; (1 << bits_for) < n; bits_for = bits_for + 1)
      ;
  endfunction

  localparam SLOT_BITS  = bits_for(CONTEXTS);
  localparam RING_BITS  = bits_for(CONTEXTS + 9);
  // Up to 64 windows are addressed by the low bits of address / 64, 128 by
  // seven bits, more by all eight (then the first quarter is not used).
  localparam INDEX_BITS = (WINDOWS <= 64) ? bits_for(WINDOWS) : (WINDOWS <= 128) ? 7 : 8;

`include "hsx_isa.vh"

  // ---- control ----

  wire        running;
  reg         flush; // squash stages 1 to 7
  reg         flush_queue; // one cycle later: the queue follows
  wire        squash;
  wire        begin_ok;
  wire        tick_fire;
  wire        counted;

  wire                 commit;
  reg  [2:0]           commit_event;
  wire                 commit_leave;
  wire                 touched_window;

  wire [SLOT_BITS-1:0] host_slot;
  wire [13:0]          host_addr;
  wire [31:0]          host_wdata;
  wire                 host_data_en;
  wire [3:0]           host_data_we;
  wire                 host_code_en;
  wire                 host_code_we;
  wire [3:0]           host_field;
  wire                 host_field_we;
  reg  [16:0]          host_field_rdata;
  wire                 host_push;
  wire                 host_pop;
  wire                 host_set_left;
  wire                 host_reg_we;
  wire [4:0]           host_total_read;
  wire                 host_total_we;
  wire [4:0]           host_total_row;
  wire [31:0]          host_value;
  wire [31:0]          total_word;
  wire                 total_wraps;
  wire [2:0]           tick;
  wire                 tick_due;
  wire [3:0]           hold_cause;
  wire [5:0]           host_reg_addr;
  wire [31:0]          memory_word;

  wire                 queue_valid;
  wire [SLOT_BITS-1:0] queue_slot;
  wire                 queue_first;
  wire [7:0]           queue_left_after;
  wire [RING_BITS-1:0] queue_count;
  wire [7:0]           turn_left;

  // ---- pipeline registers ----

  reg                  s1_valid, s2_valid, s3_valid, s4_valid, s5_valid, s6_valid, s7_valid, s8_valid;
  reg  [SLOT_BITS-1:0] s1_slot, s2_slot, s3_slot, s4_slot, s5_slot, s6_slot, s7_slot, s8_slot;
  reg                  s1_first, s2_first, s3_first, s4_first, s5_first, s6_first, s7_first;
  reg  [7:0]           s1_left, s2_left, s3_left, s4_left, s5_left, s6_left, s7_left;

  // load_N: stage N takes over from stage N-1 at the end of this cycle. A stage
  // that waits holds everything younger, so that the distance between two
  // instructions never shrinks; stages 5 to 9 move together.
  wire stall_memory; // stage 7 needs more cycles
  wire wait_load;    // stage 4 needs a load that is in stage 7
  wire wait_r15;     // stage 3 needs R15, which an older stack operation writes
  wire fetch_ext;    // stage 3 takes the fetch for the second word of an LDI32
  wire wait_pc;      // stage 1 needs a pc that is not known yet

  // Kept as nets, so that synthesis does not make a chain of them behind the stall.
  (* keep *) wire hold_3;
  assign hold_3 = wait_load || wait_r15;
  (* keep *) wire hold_2;
  assign hold_2 = wait_load || wait_r15 || fetch_ext;
  (* keep *) wire hold_1;
  assign hold_1 = wait_load || wait_r15 || fetch_ext || wait_pc;

  wire load_back = !stall_memory;
  wire load_4    = !stall_memory && !wait_load;
  wire load_3    = !stall_memory && !hold_3;
  wire load_2    = !stall_memory && !hold_2;
  wire load_1    = !stall_memory && !hold_1;

  // A mispredicted branch takes back what was issued of its own task and
  // everything younger than that.
  wire kill_1, kill_2, kill_3;

  // ---- stage 0: issue ----

  // A task's next instruction follows three stages behind: then its pc is known
  // and its operands can be forwarded.
  wire too_close = (s1_valid && s1_slot == queue_slot) || (s2_valid && s2_slot == queue_slot);

  reg        s1_fresh; // first cycle in stage 1
  reg        s8_leave; // the task does not stay READY
  reg  [7:0] s8_left;
  wire [7:0] slice;
  wire       slice_long; // slice > 1, found out when it is written
  wire       long_turn = s1_first && slice_long;
  wire       reopen    = s1_fresh && s1_valid && long_turn && !kill_1;
  wire       wanted    = running && queue_valid && !too_close;
  wire       pop       = wanted && load_1 && !flush && !flush_queue && !reopen
                      && !kill_1 && !unpop;
  wire       queue_turn_ends;

  // Which of the stages' issues have moved the queue's head on.
  reg        s1_ends, s2_ends, s3_ends;
  reg        unpop; // the cycle after a kill: the queue follows
  reg [1:0]  unpopped_ends;
  reg [7:0]  unpopped_left;
  wire [1:0] unpop_ends  = {1'b0, s1_valid && s1_ends} + {1'b0, kill_2 && s2_valid && s2_ends}
                         + {1'b0, kill_3 && s3_valid && s3_ends};
  wire       unpop_first = kill_3 ? s3_first : kill_2 ? s2_first : s1_first;
  wire [7:0] unpop_left  = kill_3 ? s3_left : kill_2 ? s2_left : s1_left;

  always @(posedge clk)
    if (rst)
      unpop <= 1'b0;
    else
      unpop <= kill_1;

  always @(posedge clk) begin
    unpopped_ends <= unpop_ends;
    unpopped_left <= unpop_first ? 8'd0 : unpop_left + 8'd1;
  end

  hsx_ready_fifo #(.SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS)) ready_fifo (
    .clk(clk), .rst(rst),
    .valid(queue_valid), .slot(queue_slot), .first(queue_first), .left_after(queue_left_after),
    .turn_ends(queue_turn_ends), .wanted(wanted), .pop(pop), .reopen(reopen), .reopen_left(slice - 8'd1),
    .unpop(unpop), .unpop_ends(unpopped_ends), .unpop_left(unpopped_left),
    .commit(s8_valid), .commit_leave(s8_leave), .commit_left(s8_left), .flush(flush_queue),
    .host_push(host_push), .host_slot(host_slot), .host_pop(host_pop && queue_valid),
    .host_set_left(host_set_left), .host_left(host_wdata[7:0]),
    .count(queue_count), .turn_left(turn_left)
  );

  hsx_ram #(.WIDTH(9), .ADDR_BITS(SLOT_BITS)) ram_slice (
    .clk(clk), .we(host_field_we && host_field == 4'd11), .waddr(host_slot),
    .wdata({host_wdata[7:1] != 7'd0, host_wdata[7:0]}), .re(load_1),
    .raddr(held ? host_slot : queue_slot), .q({slice_long, slice})
  );

  always @(posedge clk)
    if (rst) begin
      s1_valid <= 1'b0;
      s1_fresh <= 1'b0;
    end else begin
      s1_fresh <= pop;
      if (flush || kill_1)
        s1_valid <= 1'b0;
      else if (load_1)
        s1_valid <= pop;
    end

  always @(posedge clk)
    if (load_1)
      s1_ends <= pop && queue_turn_ends;
    else if (reopen)
      s1_ends <= 1'b0;

  always @(posedge clk)
    if (load_1) begin
      s1_slot  <= held ? host_slot : queue_slot;
      s1_first <= queue_first;
      s1_left  <= queue_left_after;
    end

  // ---- stage 1: context ----

  // Two copies of pc: what instructions that have retired left, and what stage 3
  // found out about the next instruction of those that are still on their way.
  wire [15:0] retired_pc;
  wire [15:0] early_pc;
  wire        early_we, call_we;
  wire [15:0] early_next_pc, call_target;
  wire [13:0] code_base;
  wire [1:0]  flags;
  wire        host_static_we = host_field_we;

  reg  [15:0] s8_next_pc;
  wire        context_we; // stage 8 writes pc, sp, psw, call_depth

  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_pc (
    .clk(clk), .we(context_we || (host_field_we && host_field == 4'd0)), .waddr(s8_slot),
    .wdata(held ? host_wdata[15:0] : s8_next_pc), .re(load_2), .raddr(s1_slot), .q(retired_pc)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_early_pc (
    .clk(clk), .we(early_we || call_we), .waddr(s3_valid ? s3_slot : s4_slot),
    .wdata(s3_valid ? early_next_pc : call_target),
    .re(load_2), .raddr(s1_slot), .q(early_pc)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_code_base (
    .clk(clk), .we(host_static_we && (host_field == 4'd5 || host_field == 4'd12)),
    .waddr(host_slot),
    .wdata((host_field == 4'd5) ? {host_wdata[15:2], flags} : {code_base, host_wdata[1:0]}),
    .re(load_2), .raddr(s1_slot), .q({code_base, flags})
  );

  // Where the task's older instructions are. Stage 8 is still to be counted: it
  // writes its RAMs at the end of the cycle. A `late` one does not know its next
  // pc early: CALL, RET, a mispredicted branch.
  reg  s4_late, s5_late, s6_late, s7_late, s8_late, s8_live;
  wire older_4 = s4_valid && s4_slot == s1_slot;
  wire older_5 = s5_valid && s5_slot == s1_slot;
  wire older_6 = s6_valid && s6_slot == s1_slot;
  wire older_7 = s7_valid && s7_slot == s1_slot;
  wire older_8 = s8_live && s8_slot == s1_slot;

  assign wait_pc = s1_valid && ((older_4 && s4_late) || (older_5 && s5_late)
                                || (older_6 && s6_late) || (older_7 && s7_late)
                                || (older_8 && s8_late));

  reg  s2_early;

  always @(posedge clk)
    if (rst || flush || kill_2)
      s2_valid <= 1'b0;
    else if (load_2)
      s2_valid <= s1_valid && !wait_pc && !kill_1;

  always @(posedge clk)
    if (load_2) begin
      s2_slot  <= s1_slot;
      s2_early <= older_4 || older_5 || older_6 || older_7 || older_8;
      s2_ends  <= s1_ends && !reopen;
      s2_first <= s1_first;
      s2_left  <= !s1_first ? s1_left : long_turn ? slice - 8'd1 : 8'd0;
    end

  // ---- stage 2: fetch ----

  wire [15:0] pc         = s2_early ? early_pc : retired_pc;
  wire [13:0] fetch_word = pc[15:2] + code_base;
  reg  [13:0] s3_fetched;
  wire [14:0] code_len;
  wire [7:0]  reg_base; // bits 13..6

  assign code_en    = held ? host_code_en : load_3;
  assign code_we    = host_code_we;
  assign code_addr  = held ? host_addr : fetch_ext ? s3_fetched + 14'd1 : fetch_word;
  assign code_wdata = host_wdata;

  hsx_ram #(.WIDTH(15), .ADDR_BITS(SLOT_BITS)) ram_code_len (
    .clk(clk), .we(host_static_we && host_field == 4'd6), .waddr(host_slot),
    .wdata(host_wdata[16:2]), .re(load_3), .raddr(s2_slot), .q(code_len)
  );
  hsx_ram #(.WIDTH(8), .ADDR_BITS(SLOT_BITS)) ram_reg_base (
    .clk(clk), .we(host_static_we && host_field == 4'd2), .waddr(host_slot),
    .wdata(host_wdata[13:6]), .re(load_3), .raddr(s2_slot), .q(reg_base)
  );

  reg [15:0] s3_pc;
  reg [14:0] s3_next_word; // (pc + 4) / 4, not wrapped
  reg        s3_protect, s3_call_words;
  reg        s3_far; // pc beyond what JMP reaches: all its targets lie behind

  always @(posedge clk)
    if (rst || flush || kill_3)
      s3_valid <= 1'b0;
    else if (load_3)
      s3_valid <= s2_valid && !fetch_ext && !kill_2;

  always @(posedge clk)
    if (load_3) begin
      s3_slot       <= s2_slot;
      s3_ends       <= s2_ends;
      s3_far        <= (pc[15:12] != 4'd0);
      s3_first      <= s2_first;
      s3_left       <= s2_left;
      s3_pc         <= pc;
      s3_next_word  <= {1'b0, pc[15:2]} + 15'd1;
      s3_fetched    <= fetch_word;
      s3_protect    <= flags[0];
      s3_call_words <= flags[1];
    end

  // ---- stage 3: the word ----

  wire       d_illegal, d_write_rd, d_read_a, d_read_b, d_use_imm, d_imm_zero, d_invert, d_load, d_store, d_push, d_pop;
  wire       d_call, d_ret, d_jump, d_jump_z, d_jump_nz, d_svc, d_brk, d_ldi32, d_long_op;
  wire [1:0] d_carry_in, d_result, d_logic_op, d_shift_op, d_flags, d_size;

  hsx_decode #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16)) decode (
    .opcode(code_rdata[`HSX_FIELD_OPCODE]),
    .illegal(d_illegal), .write_rd(d_write_rd), .read_a(d_read_a), .read_b(d_read_b), .use_imm(d_use_imm), .imm_zero(d_imm_zero),
    .invert(d_invert), .carry_in(d_carry_in), .result(d_result), .logic_op(d_logic_op),
    .shift_op(d_shift_op), .flags(d_flags), .load(d_load), .store(d_store), .size(d_size),
    .push(d_push), .pop(d_pop), .call(d_call), .ret(d_ret), .jump(d_jump), .jump_z(d_jump_z),
    .jump_nz(d_jump_nz), .svc(d_svc), .brk(d_brk), .ldi32(d_ldi32), .long_op(d_long_op)
  );

  assign fetch_ext = s3_valid && d_ldi32;

  // The next pc as far as the word tells it: a branch backward is expected to be
  // taken, one forward not.
  wire [11:0] word_imm = code_rdata[`HSX_FIELD_IMM];
  wire        backward = s3_far || (word_imm[11:2] <= s3_pc[11:2]);
  wire        predict  = d_jump || ((d_jump_z || d_jump_nz) && backward);
  wire [13:0] next_word = s3_next_word[13:0] + {13'd0, d_ldi32};

  assign early_we      = s3_valid && load_4 && !wait_r15;
  assign early_next_pc = predict ? {4'd0, word_imm} : {next_word, s3_pc[1:0]};

  // The window RAM's index of the task's window.
  wire [INDEX_BITS-1:0] own_window;
  generate
    if (INDEX_BITS == 7) begin : index_of_128
      assign own_window = {reg_base[7], reg_base[5:0]};
    end else begin : index_low_bits
      assign own_window = reg_base[INDEX_BITS-1:0];
    end
  endgenerate

  wire                  memory_reads_window;
  wire [INDEX_BITS+3:0] memory_window_raddr;
  wire [3:0]            window_we;
  wire [INDEX_BITS+3:0] window_waddr;
  wire [31:0]           window_wdata;
  wire [31:0]           window_a, window_b;
  wire [3:0]            rs1 = code_rdata[`HSX_FIELD_RS1];
  wire [3:0]            rs2 = code_rdata[`HSX_FIELD_RS2];
  wire [3:0]            port_b = (d_push && !d_call) ? rs1 : rs2; // PUSH stores rs1

  hsx_window_ram #(.ADDR_BITS(INDEX_BITS + 4)) windows (
    .clk(clk), .we(window_we), .waddr(window_waddr), .wdata(window_wdata),
    .re(load_4 || memory_reads_window),
    .raddr_a(memory_reads_window ? memory_window_raddr : {own_window, rs1}), .q_a(window_a),
    .raddr_b({own_window, port_b}), .q_b(window_b)
  );

  // The task's instruction before this one is at least three stages ahead: in
  // stage 6, 7 or 8, or its results are in the RAMs.
  reg  [3:0] s6_rd, s7_rd, s8_rd;
  reg        s6_write_rd, s7_write_rd, s8_write_rd;
  reg        s6_push, s7_push, s6_pop, s7_pop, s8_stack;
  wire       before_6 = s6_valid && s6_slot == s3_slot;
  wire       before_7 = s7_valid && s7_slot == s3_slot;
  wire       before_8 = s8_live && s8_slot == s3_slot;
  wire       read_a   = d_read_a && !(d_call && rs1 == 4'd0); // CALL: 0 stands for pc
  wire       read_r15 = (d_read_a && rs1 == 4'd15) || (d_read_b && port_b == 4'd15);

  assign wait_r15 = s3_valid && read_r15 && ((before_6 && (s6_push || s6_pop))
                                             || (before_7 && (s7_push || s7_pop))
                                             || (before_8 && s8_stack)
                                             || (pending && pending_slot == s3_slot));

  // Which of them is where when this instruction is in stage 4.
  reg        s4_before_7, s4_before_8, s4_before_9;
  reg        s4_a_from_7, s4_a_from_8, s4_a_from_9;
  reg        s4_b_from_7, s4_b_from_8, s4_b_from_9;

  always @(posedge clk)
    if (load_4) begin
      s4_before_7 <= before_6;
      s4_before_8 <= before_7;
      s4_before_9 <= before_8;
      s4_a_from_7 <= before_6 && s6_write_rd && read_a && s6_rd == rs1;
      s4_a_from_8 <= before_7 && s7_write_rd && read_a && s7_rd == rs1;
      s4_a_from_9 <= before_8 && s8_write_rd && read_a && s8_rd == rs1;
      s4_b_from_7 <= before_6 && s6_write_rd && d_read_b && s6_rd == port_b;
      s4_b_from_8 <= before_7 && s7_write_rd && d_read_b && s7_rd == port_b;
      s4_b_from_9 <= before_8 && s8_write_rd && d_read_b && s8_rd == port_b;
    end else if (load_back) begin
      s4_before_7 <= 1'b0;
      s4_before_8 <= s4_before_7;
      s4_before_9 <= s4_before_8;
      s4_a_from_7 <= 1'b0;
      s4_a_from_8 <= s4_a_from_7;
      s4_a_from_9 <= s4_a_from_8;
      s4_b_from_7 <= 1'b0;
      s4_b_from_8 <= s4_b_from_7;
      s4_b_from_9 <= s4_b_from_8;
    end

  reg [15:0] s4_pc;
  reg [14:0] s4_next_word, s4_code_len;
  reg [31:0] s4_insn;
  reg [13:0] s4_imm; // signed
  reg [3:0]  s4_rd;
  reg [7:0]  s4_reg_base;
  reg        s4_protect, s4_call_pc, s4_misaligned, s4_predict;
  reg        s4_illegal, s4_write_rd, s4_use_imm, s4_invert, s4_load, s4_store, s4_push, s4_pop;
  reg        s4_call, s4_ret, s4_jump, s4_jump_z, s4_jump_nz, s4_svc, s4_brk, s4_ldi32, s4_long_op;
  reg [2:0]  s4_long_kind;
  reg [1:0]  s4_carry_in, s4_result, s4_logic_op, s4_shift_op, s4_flags, s4_size;

  always @(posedge clk)
    if (rst || flush)
      s4_valid <= 1'b0;
    else if (load_4)
      s4_valid <= s3_valid && !wait_r15 && !kill_3;

  always @(posedge clk)
    if (load_4) begin
      s4_late       <= d_call || d_ret;
      s4_predict    <= predict;
      s4_slot       <= s3_slot;
      s4_first      <= s3_first;
      s4_left       <= s3_left;
      s4_pc         <= s3_pc;
      s4_next_word  <= s3_next_word;
      s4_code_len   <= code_len;
      s4_misaligned <= (s3_pc[1:0] != 2'd0);
      s4_insn       <= code_rdata;
      s4_imm        <= d_imm_zero                ? 14'd0
                     : (d_call && s3_call_words) ? {word_imm, 2'b00}
                     :                             {{2{word_imm[11]}}, word_imm};
      s4_rd         <= code_rdata[`HSX_FIELD_RD];
      s4_reg_base   <= reg_base;
      s4_protect    <= s3_protect;
      s4_call_pc    <= d_call && (rs1 == 4'd0);
      s4_illegal    <= d_illegal;
      s4_write_rd   <= d_write_rd;
      s4_use_imm    <= d_use_imm;
      s4_invert     <= d_invert;
      s4_carry_in   <= d_carry_in;
      s4_result     <= d_result;
      s4_logic_op   <= d_logic_op;
      s4_shift_op   <= d_shift_op;
      s4_flags      <= d_flags;
      s4_load       <= d_load;
      s4_store      <= d_store;
      s4_size       <= d_size;
      s4_push       <= d_push;
      s4_pop        <= d_pop;
      s4_call       <= d_call;
      s4_ret        <= d_ret;
      s4_jump       <= d_jump;
      s4_jump_z     <= d_jump_z;
      s4_jump_nz    <= d_jump_nz;
      s4_svc        <= d_svc;
      s4_brk        <= d_brk;
      s4_ldi32      <= d_ldi32;
      s4_long_op    <= d_long_op;
      // MUL and DIV (0x12, 0x13) are operations 6 and 7, binary16 0 to 5
      s4_long_kind  <= code_rdata[30] ? code_rdata[26:24] : {2'b11, code_rdata[24]};
    end

  // ---- stage 4: operands ----

  // Bounds of the fetch as words: one word fits if its number is below
  // code_len / 4.
  wire        first_missing = s4_misaligned || (s4_next_word > s4_code_len);
  wire        code_fault    = first_missing || (s4_ldi32 && s4_next_word >= s4_code_len);
  reg  [31:0] s7_value, s9_value;
  wire [31:0] write_back;
  wire [31:0] other_a = s4_a_from_7 ? s7_value : s4_a_from_9 ? s9_value : window_a;
  wire [31:0] other_b = s4_b_from_7 ? s7_value : s4_b_from_9 ? s9_value : window_b;
  wire [31:0] immediate = s4_ldi32 ? code_rdata : {{18{s4_imm[13]}}, s4_imm};
  reg         s7_load;

  assign wait_load = s4_valid && s7_load && (s4_a_from_7 || s4_b_from_7);

  // The target of a CALL without a register goes to the early pc when stage 3 does
  // not need the port. The task's next instruction then follows five stages
  // behind: call_depth is not forwarded.
  assign call_target = s4_pc + {{2{s4_imm[13]}}, s4_imm};
  assign call_we     = s4_valid && s4_call_pc && !s3_valid && load_back;

  // What may come from a load in stage 8 comes last into the operands.
  wire        b_from_8      = s4_b_from_8 && !s4_use_imm;
  wire [31:0] known_b       = (s4_use_imm ? immediate : other_b) ^ {32{s4_invert}};
  wire [31:0] known_store   = s4_call ? {16'd0, s4_next_word[13:0], s4_pc[1:0]} : other_b;
  wire [1:0]  extra_bytes   = {s4_size[1], s4_size != 2'd0}; // 0, 1, 3

  wire [15:0] retired_sp, call_depth, stack_limit, stack_top, data_len;
  wire [13:0] data_base;
  wire [3:0]  retired_psw, state;
  reg  [15:0] s8_sp, s8_depth;
  reg  [3:0]  s8_psw, s8_state;

  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_sp (
    .clk(clk), .we(context_we || (host_field_we && host_field == 4'd1)), .waddr(s8_slot),
    .wdata(held ? host_wdata[15:0] : s8_sp), .re(load_4), .raddr(s3_slot), .q(retired_sp)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_depth (
    .clk(clk), .we(context_we || (host_field_we && host_field == 4'd9)), .waddr(s8_slot),
    .wdata(held ? host_wdata[15:0] : s8_depth), .re(load_back), .raddr(s5_slot), .q(call_depth)
  );
  // psw and state share a RAM; the host writes one and keeps the other.
  hsx_ram #(.WIDTH(8), .ADDR_BITS(SLOT_BITS)) ram_psw_state (
    .clk(clk), .we(s8_valid || (host_field_we && (host_field == 4'd10 || host_field == 4'd13))),
    .waddr(s8_slot),
    .wdata(!held                  ? {s8_psw, s8_state}
           : host_field == 4'd10  ? {host_wdata[3:0], state}
           :                        {retired_psw, host_wdata[3:0]}),
    .re(load_4), .raddr(s3_slot), .q({retired_psw, state})
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_stack_limit (
    .clk(clk), .we(host_static_we && host_field == 4'd3), .waddr(host_slot),
    .wdata(host_wdata[15:0]), .re(load_back), .raddr(s5_slot), .q(stack_limit)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_stack_top (
    .clk(clk), .we(host_static_we && host_field == 4'd4), .waddr(host_slot),
    .wdata(host_wdata[15:0]), .re(load_back), .raddr(s5_slot), .q(stack_top)
  );
  hsx_ram #(.WIDTH(14), .ADDR_BITS(SLOT_BITS)) ram_data_base (
    .clk(clk), .we(host_static_we && host_field == 4'd7), .waddr(host_slot),
    .wdata(host_wdata[15:2]), .re(load_back), .raddr(s5_slot), .q(data_base)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_data_len (
    .clk(clk), .we(host_static_we && host_field == 4'd8), .waddr(host_slot),
    .wdata(host_wdata[15:0]), .re(load_back), .raddr(s5_slot), .q(data_len)
  );

  // sp and psw of the task's instruction before this one.
  reg  [15:0] s7_new_sp, s9_sp;
  reg  [3:0]  s9_psw;
  wire [3:0]  new_psw;
  wire [15:0] sp  = s4_before_7 ? s7_new_sp
                  : s4_before_8 ? s8_sp
                  : s4_before_9 ? s9_sp
                  :               retired_sp;
  wire [3:0]  psw = s4_before_7 ? new_psw
                  : s4_before_8 ? s8_psw
                  : s4_before_9 ? s9_psw
                  :               retired_psw;

  reg [15:0] s5_pc, s5_next_pc;
  reg [31:0] s5_insn, s5_a, s5_b, s5_store_data;
  reg [12:0] s5_last_offset; // immediate + access size - 1
  reg [3:0]  s5_rd;
  reg [7:0]  s5_reg_base;
  reg        s5_protect, s5_code_fault, s5_no_word, s5_predict, s5_called;
  reg [15:0] s5_sp;
  reg [3:0]  s5_psw;
  reg        s5_illegal, s5_write_rd, s5_load, s5_store, s5_push, s5_pop;
  reg        s5_call, s5_ret, s5_jump, s5_jump_z, s5_jump_nz, s5_svc, s5_brk, s5_ldi32, s5_long_op;
  reg [2:0]  s5_long_kind;
  reg [1:0]  s5_carry_in, s5_result, s5_logic_op, s5_shift_op, s5_flags, s5_size;

  always @(posedge clk)
    if (rst || flush)
      s5_valid <= 1'b0;
    else if (load_back)
      s5_valid <= s4_valid && !wait_load;

  always @(posedge clk)
    if (load_back) begin
      s5_sp          <= sp;
      s5_psw         <= psw;
      s5_late        <= s4_late;
      s5_called      <= call_we;
      s5_predict     <= s4_predict;
      s5_slot        <= s4_slot;
      s5_first       <= s4_first;
      s5_left        <= s4_left;
      s5_pc          <= s4_pc;
      s5_next_pc     <= {s4_next_word[13:0] + {13'd0, s4_ldi32}, s4_pc[1:0]};
      s5_insn        <= s4_insn;
      s5_a           <= s4_a_from_8 ? write_back : s4_call_pc ? {16'd0, s4_pc} : other_a;
      s5_b           <= b_from_8 ? write_back ^ {32{s4_invert}} : known_b;
      s5_store_data  <= s4_b_from_8 ? write_back : known_store;
      s5_last_offset <= s4_imm[12:0] + {11'd0, extra_bytes};
      s5_rd          <= s4_rd;
      s5_reg_base    <= s4_reg_base;
      s5_protect     <= s4_protect;
      s5_code_fault  <= code_fault;
      s5_no_word     <= first_missing;
      s5_illegal     <= s4_illegal;
      s5_write_rd    <= s4_write_rd;
      s5_load        <= s4_load;
      s5_store       <= s4_store;
      s5_push        <= s4_push;
      s5_pop         <= s4_pop;
      s5_call        <= s4_call;
      s5_ret         <= s4_ret;
      s5_jump        <= s4_jump;
      s5_jump_z      <= s4_jump_z;
      s5_jump_nz     <= s4_jump_nz;
      s5_svc         <= s4_svc;
      s5_brk         <= s4_brk;
      s5_ldi32       <= s4_ldi32;
      s5_long_op     <= s4_long_op;
      s5_long_kind   <= s4_long_kind;
      s5_carry_in    <= s4_carry_in;
      s5_result      <= s4_result;
      s5_logic_op    <= s4_logic_op;
      s5_shift_op    <= s4_shift_op;
      s5_flags       <= s4_flags;
      s5_size        <= s4_size;
    end

  // ---- stage 5: execute 1 ----

  wire        psw_z = s5_psw[`HSX_PSW_Z_BIT];
  wire        psw_c = s5_psw[`HSX_PSW_C_BIT];
  wire        taken = s5_jump || (s5_jump_z && psw_z) || (s5_jump_nz && !psw_z);
  wire        mispredict = (s5_jump_z || s5_jump_nz) && (taken != s5_predict);
  wire        carry = s5_carry_in[1] ? psw_c : s5_carry_in[0];
  wire [32:0] sum   = {1'b0, s5_a} + {1'b0, s5_b} + {32'd0, carry};
  wire [31:0] logic_result = (s5_logic_op == 2'd0) ? (s5_a & s5_b)
                           : (s5_logic_op == 2'd1) ? (s5_a | s5_b)
                           : (s5_logic_op == 2'd2) ? (s5_a ^ s5_b)
                           :                         s5_b;
  wire [15:0] last_byte = s5_a[15:0] + {{3{s5_last_offset[12]}}, s5_last_offset};
  wire [16:0] new_sp    = {1'b0, s5_sp} + (s5_push ? 17'h1FFFC : s5_pop ? 17'd4 : 17'd0);

  reg  [15:0] s6_pc, s6_next_pc;
  reg  [31:0] s6_insn, s6_ext, s6_logic, s6_store_data;
  reg  [32:0] s6_sum, s6_half;
  reg  [2:0]  s6_amount;
  reg         s6_left_shift, s6_fill, s6_a_sign, s6_b_sign;
  reg  [15:0] s6_last_byte, s6_sp, s6_stack_addr;
  reg  [16:0] s6_new_sp;
  reg  [3:0]  s6_psw;
  reg         s6_mispredict;
  reg  [7:0]  s6_reg_base;
  reg         s6_protect, s6_code_fault, s6_no_word;
  reg         s6_illegal, s6_load, s6_store;
  reg         s6_call, s6_ret, s6_svc, s6_brk, s6_ldi32, s6_long_op;
  reg  [2:0]  s6_long_kind;
  reg  [1:0]  s6_result, s6_flags, s6_size;

  wire [32:0] shift_half;
  wire [31:0] shift_result;
  wire        shift_carry;

  hsx_shifter shifter (
    .a(s5_a), .amount(s5_b[4:3]), .op(s5_shift_op), .old_c(psw_c), .half(shift_half),
    .half_q(s6_half), .amount_q(s6_amount), .left_q(s6_left_shift), .fill_q(s6_fill),
    .result(shift_result), .carry(shift_carry)
  );

  always @(posedge clk)
    if (rst || flush)
      s6_valid <= 1'b0;
    else if (load_back)
      s6_valid <= s5_valid;

  always @(posedge clk)
    if (load_back) begin
      s6_slot        <= s5_slot;
      s6_late        <= (s5_late && !s5_called) || mispredict;
      s6_mispredict  <= mispredict;
      s6_first       <= s5_first;
      s6_left        <= s5_left;
      s6_pc          <= s5_pc;
      s6_next_pc     <= taken ? {4'd0, s5_b[11:0]} : s5_next_pc;
      s6_insn        <= s5_insn;
      s6_ext         <= s5_b;
      s6_sum         <= sum;
      s6_logic       <= logic_result;
      s6_half        <= shift_half;
      s6_amount      <= s5_b[2:0];
      s6_left_shift  <= (s5_shift_op == 2'd0);
      s6_fill        <= (s5_shift_op == 2'd2) && s5_a[31];
      s6_a_sign      <= s5_a[31];
      s6_b_sign      <= s5_b[31];
      s6_store_data  <= s5_store_data;
      s6_last_byte   <= last_byte;
      s6_sp          <= s5_sp;
      s6_new_sp      <= new_sp;
      s6_stack_addr  <= s5_push ? new_sp[15:0] : s5_sp;
      s6_psw         <= s5_psw;
      s6_rd          <= s5_rd;
      s6_reg_base    <= s5_reg_base;
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
      s6_long_kind   <= s5_long_kind;
      s6_result      <= s5_result;
      s6_flags       <= s5_flags;
      s6_size        <= s5_size;
    end

  // ---- stage 6: execute 2, translation, bounds ----

  // The task's next instruction, fetched from the wrong place, is at most in
  // stage 3. A younger one still waits in the queue or in stage 1 for the pc.
  wire wrong   = s6_valid && s6_mispredict && !flush;
  wire wrong_3 = wrong && s3_valid && s3_slot == s6_slot;
  wire wrong_2 = wrong && s2_valid && s2_slot == s6_slot;
  wire wrong_1 = wrong && s1_valid && s1_slot == s6_slot;
  assign kill_3 = wrong_3;
  assign kill_2 = wrong_3 || wrong_2;
  assign kill_1 = wrong_3 || wrong_2 || wrong_1;

  wire        stack_op = s6_push || s6_pop;
  wire [1:0]  s6_offset = stack_op ? s6_stack_addr[1:0] : s6_sum[1:0];
  wire        s6_straddle = (s6_size == 2'd2) ? (s6_offset != 2'd0)
                          : (s6_size == 2'd1) && (s6_offset == 2'd3);
  // Accesses below 0x4000 may touch a window. Data segments lie above, but a
  // debugger may have put one there.
  wire [3:0]  s6_page = stack_op ? s6_stack_addr[15:12] : s6_sum[15:12];
  wire        s6_slow = (s6_load || s6_store)
                     && (s6_straddle || (s6_page[3:2] == 2'd0 && s6_page[1:0] != 2'd0)
                         || (!stack_op && t_first_in_data && data_base[13:12] == 2'd0));
  wire [15:0] physical;
  wire        t_over, t_in_page, t_in_window, t_first_in_data, t_last_in_data;
  wire        t_above_limit, t_below_top, t_guard;

  hsx_translate translate (
    .ea(s6_sum[15:0]), .last(s6_last_byte), .straddle(s6_straddle), .own_window(s6_reg_base),
    .data_base(data_base), .data_len(data_len), .stack_limit(stack_limit),
    .stack_top(stack_top), .stack_op(stack_op), .push(s6_push), .stack_addr(s6_stack_addr),
    .new_sp(s6_new_sp),
    .physical(physical), .over(t_over), .in_page(t_in_page), .in_window(t_in_window),
    .first_in_data(t_first_in_data), .last_in_data(t_last_in_data),
    .above_limit(t_above_limit), .below_top(t_below_top), .guard(t_guard)
  );

  wire [INDEX_BITS-1:0] s6_window;
  generate
    if (INDEX_BITS == 7) begin : s6_index_of_128
      assign s6_window = {s6_reg_base[7], s6_reg_base[5:0]};
    end else begin : s6_index_low_bits
      assign s6_window = s6_reg_base[INDEX_BITS-1:0];
    end
  endgenerate

  // Faults that need no verdict on a data access, by their priority.
  wire        depth_full  = (call_depth == 16'hFFFF);
  wire        s6_ends     = s6_ret && (call_depth == 16'd0) && !s6_code_fault;
  wire        div_fault   = (s6_long_kind == 3'd7) && s6_long_op && (s6_store_data == 32'd0);
  wire        early_fault = s6_code_fault || s6_illegal || t_guard || div_fault;
  wire [2:0]  early_code  = s6_code_fault ? 3'd7
                          : s6_illegal    ? 3'd6
                          : div_fault     ? 3'd5
                          : s6_push       ? 3'd3
                          :                 3'd2;

  reg  [INDEX_BITS-1:0] s7_window;
  reg  [15:0] s7_pc, s7_next_pc;
  reg  [31:0] s7_insn, s7_ext, s7_store_data;
  reg         s7_carry, s7_overflow;
  reg  [15:0] s7_addr, s7_sp, s7_depth, s7_new_depth;
  reg         s7_straddle, s7_slow, s7_several, s7_over, s7_in_page, s7_in_window, s7_first_in_data, s7_last_in_data;
  reg         s7_above_limit, s7_below_top, s7_refused, s7_ends, s7_checked, s7_leaves;
  reg  [2:0]  s7_fault_code;
  reg  [3:0]  s7_psw;
  reg         s7_protect, s7_code_fault, s7_no_word;
  reg         s7_store;
  reg         s7_ret, s7_svc, s7_brk, s7_ldi32, s7_long_op;
  reg  [2:0]  s7_long_kind;
  reg  [1:0]  s7_flags, s7_size;

  wire        take_load, take_long;
  wire [31:0] loaded;
  wire [31:0] long_result;
  wire        long_high_nonzero;
  wire [15:0] old_high;
  wire        keep_high = (s7_long_kind < 3'd5); // binary16 into rd's low half

  always @(posedge clk)
    if (rst || flush)
      s7_valid <= 1'b0;
    else if (load_back)
      s7_valid <= s6_valid;

  always @(posedge clk)
    if (load_back) begin
      s7_slot          <= s6_slot;
      s7_late          <= s6_late;
      s7_first         <= s6_first;
      s7_left          <= s6_left;
      s7_pc            <= s6_pc;
      s7_next_pc       <= s6_call ? s6_sum[15:0] : s6_next_pc;
      s7_insn          <= s6_insn;
      s7_ext           <= s6_ext;
      s7_store_data    <= held ? host_wdata : s6_store_data;
      s7_addr          <= held ? {host_addr, 2'b00} : physical;
      s7_straddle      <= s6_straddle;
      s7_slow          <= s6_slow;
      s7_several       <= s6_slow || s6_ret || s6_long_op;
      s7_over          <= t_over;
      s7_in_page       <= t_in_page;
      s7_in_window     <= t_in_window;
      s7_first_in_data <= t_first_in_data;
      s7_last_in_data  <= t_last_in_data;
      s7_above_limit   <= t_above_limit;
      s7_below_top     <= t_below_top;
      s7_refused       <= early_fault && !s6_ends;
      s7_fault_code    <= early_code;
      s7_ends          <= s6_ends;
      s7_checked       <= (s6_load || s6_store) && !stack_op;
      s7_leaves        <= early_fault || s6_ends || s6_svc || s6_brk;
      s7_sp            <= s6_sp;
      s7_new_sp        <= s6_new_sp[15:0];
      s7_depth         <= call_depth;
      s7_new_depth     <= (s6_call && !depth_full) ? call_depth + 16'd1
                        : (s6_ret && !depth_full)  ? call_depth - 16'd1
                        :                              call_depth;
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
      s7_long_kind     <= s6_long_kind;
      s7_flags         <= (early_fault || s6_ends) ? 2'd0 : s6_flags;
      s7_size          <= s6_size;
    end

  always @(posedge clk)
    if (take_load)
      s7_value <= loaded;
    else if (take_long)
      s7_value <= {keep_high ? old_high : long_result[31:16], long_result[15:0]};
    else if (load_back)
      s7_value <= (s6_result == 2'd0) ? s6_sum[31:0]
                : (s6_result == 2'd1) ? s6_logic
                :                       shift_result;

  always @(posedge clk)
    if (take_long) begin
      s7_carry    <= (s7_long_kind == 3'd6) && long_high_nonzero;
      s7_overflow <= (s7_long_kind == 3'd6) && long_high_nonzero;
    end else if (load_back) begin
      s7_carry    <= s6_flags[1] ? (s6_flags[0] && shift_carry) : s6_sum[32];
      s7_overflow <= !s6_flags[1] && (s6_a_sign == s6_b_sign) && (s6_sum[31] != s6_a_sign);
    end

  // ---- stage 7: check, memory, flags; the point of commitment ----

  wire        allowed = s7_in_page || s7_in_window || (s7_first_in_data && s7_last_in_data)
                     || (s7_above_limit && s7_below_top);
  wire        mem_fault = s7_checked && (s7_over || (s7_protect && !allowed));
  wire        skip      = s7_refused || s7_ends || mem_fault;
  wire [31:0] ret_word  = s7_slow ? s7_value : data_rdata;
  wire        bad_word  = s7_ret && !skip && (ret_word[31:16] != 16'd0);
  wire        fault     = s7_refused || mem_fault || bad_word;
  wire [2:0]  fault_code = s7_refused ? s7_fault_code : s7_ret ? 3'd7 : 3'd4;

  // R15 of a POP is written when the register RAM has a write to spare. Another
  // POP and what uses the RAM in this stage wait for the cycle of that.
  reg                   pending;
  reg  [SLOT_BITS-1:0]  pending_slot;
  reg  [INDEX_BITS-1:0] pending_window;
  reg  [15:0]           pending_sp;
  wire                  s8_writes;
  wire                  wait_pending = pending && s8_writes
                                    && (s7_slow || s7_long_op || (s7_pop && !s7_ret));

  wire s7_live = s7_valid && !flush;
  wire boundary;
  wire result_from_load;
  wire long_start;
  wire long_done;
  wire memory_writes_window;
  wire [3:0]            memory_window_we;
  wire [INDEX_BITS+3:0] memory_window_waddr;
  wire [31:0]           memory_window_wdata;
  hsx_memory #(.WINDOWS(WINDOWS), .INDEX_BITS(INDEX_BITS)) memory (
    .clk(clk), .rst(rst),
    .live(s7_live), .slow(s7_slow), .several(s7_several), .begin_ok(begin_ok && !wait_pending), .skip(skip), .load(s7_load), .store(s7_store),
    .pop(s7_pop && !s7_ret), .long_op(s7_long_op), .keep_high(keep_high),
    .size(s7_size), .addr(s7_addr), .straddle(s7_straddle), .store_data(s7_store_data),
    .own_window(s7_window), .rd(s7_rd), .new_sp(s7_new_sp),
    .at_begin(boundary), .done(commit), .stall(stall_memory), .touched_window(touched_window),
    .result_from_load(result_from_load), .take_load(take_load), .take_long(take_long),
    .long_start(long_start), .long_done(long_done),
    .host_en(host_data_en), .host_we(host_data_we),
    .loaded(loaded), .word(memory_word), .old_high(old_high),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata),
    .window_write(memory_writes_window), .window_we(memory_window_we),
    .window_waddr(memory_window_waddr), .window_wdata(memory_window_wdata),
    .window_read(memory_reads_window), .window_raddr(memory_window_raddr), .window_q(window_a)
  );

  generate
    if (HAS_MULDIV != 0 || HAS_FP16 != 0) begin : with_arith
      hsx_arith #(.FP16(HAS_FP16)) arith (
        .clk(clk), .rst(rst), .start(long_start), .op(s7_long_kind), .a(s7_value),
        .b(s7_store_data), .kill(1'b0), .done(long_done), .result(long_result),
        .high_nonzero(long_high_nonzero)
      );
    end else begin : without_arith
      assign long_done         = 1'b1;
      assign long_result       = 32'd0;
      assign long_high_nonzero = 1'b0;
    end
  endgenerate

  always @*
    if (fault)
      commit_event = `HSX_EV_FAULT;
    else if (s7_ends)
      commit_event = `HSX_EV_RETURN;
    else if (s7_svc)
      commit_event = `HSX_EV_SVC;
    else if (s7_brk)
      commit_event = `HSX_EV_BRK;
    else
      commit_event = `HSX_EV_RETIRE;

  assign commit_leave = s7_leaves || mem_fault || bad_word;

  assign new_psw = (s7_flags == 2'd0) ? s7_psw
                     : {s7_overflow, s7_value[31], s7_carry, s7_value == 32'd0};

  // What commits with a change that younger instructions may not have seen, or
  // takes its task away, squashes them in the next cycle.
  always @(posedge clk)
    if (rst) begin
      flush       <= 1'b0;
      flush_queue <= 1'b0;
    end else begin
      flush       <= squash || (commit && (commit_leave || touched_window));
      flush_queue <= flush;
    end

  reg [2:0]  s8_event;
  reg [31:0] s8_value;

  hsx_control #(.SLOT_BITS(SLOT_BITS)) control (
    .clk(clk), .rst(rst),
    .boundary(boundary), .queue_empty(queue_count == 0), .flush(flush),
    .retire(s8_valid), .retire_event(s8_event), .retire_slot(s8_slot),
    .retire_imm(s8_value[11:0]),
    .running(running), .begin_ok(begin_ok), .counted(counted), .tick_fire(tick_fire), .tick(tick),
    .squash(squash), .busy(1'b0), .held(held), .idle(idle), .tick_due(tick_due),
    .trap_valid(trap_valid), .trap_kind(trap_kind), .trap_slot(trap_slot), .trap_imm(trap_imm),
    .cause(hold_cause), .wraps(total_wraps),
    .host_we(host_reg_we), .host_addr(host_reg_addr), .command(wb_dat_i[7:0]), .amount(host_value[15:0]),
    .unlimited(host_value[31]), .total(total_word[19:0])
  );

  // Why the slot that is in stage 8 now is lost, by the numbers of the counters. A
  // bubble's cause is the last squash, or else what stops stage 1 meanwhile.
  localparam [2:0] LOST_EMPTY  = 3'd0; // no ready task
  localparam [2:0] LOST_RESULT = 3'd1; // of the task itself, not there yet
  localparam [2:0] LOST_TRAP   = 3'd2; // a task left, or the core was held
  localparam [2:0] LOST_MEMORY = 3'd3;
  localparam [2:0] LOST_LONG   = 3'd4;
  localparam [2:0] LOST_TICK   = 3'd5; // or on the way to a hold
  localparam [2:0] LOST_SQUASH = 3'd6;

  wire       counts_event = host_reg_we && host_reg_addr == 6'h10;
  reg  [2:0] refill_cause;
  reg        refill; // since the last squash nothing has committed
  reg  [2:0] lost_cause;

  always @(posedge clk) begin
    if (!running || (commit && commit_leave)) begin
      refill       <= 1'b1;
      refill_cause <= LOST_TRAP;
    end else if ((commit && touched_window) || kill_1) begin
      refill       <= 1'b1;
      refill_cause <= LOST_SQUASH;
    end else if (commit)
      refill <= 1'b0;

    lost_cause <= !begin_ok                         ? LOST_TICK
                : (s7_live && s7_long_op)           ? LOST_LONG
                : s7_live                           ? LOST_MEMORY
                : refill                            ? refill_cause
                : (wait_load || wait_r15 || wait_pc) ? LOST_RESULT
                :                                     LOST_EMPTY;
  end

  hsx_totals totals (
    .clk(clk), .rst(rst), .running(running), .counted(counted), .retire(s8_valid), .tick_fire(tick_fire),
    .tick(tick), .lost_cause(lost_cause), .host_event(counts_event),
    .host_read(host_total_read), .host_write(host_total_we), .host_row(host_total_row),
    .operand(host_value), .word(total_word), .wraps(total_wraps)
  );

  // ---- stage 8: align, write back ----

  // s8_valid is high for one cycle, the one in which the instruction is written
  // and retires. While stage 7 stalls, stages 8 and 9 keep their contents for
  // forwarding; s8_live tells that stage 8 holds an instruction.
  reg        s8_tick, s8_written, s8_load, s8_fault, s8_ended;
  reg [3:0]  s8_reg;
  reg [INDEX_BITS-1:0] s8_window;

  always @(posedge clk)
    if (rst) begin
      s8_valid <= 1'b0;
      s8_live  <= 1'b0;
      s8_tick  <= 1'b0;
    end else begin
      s8_valid <= commit;
      s8_tick  <= tick_fire;
      if (load_back)
        s8_live <= commit;
    end

  always @(posedge clk)
    if (load_back) begin
      s8_slot    <= s7_slot;
      s8_late    <= s7_late;
      s8_leave   <= commit_leave;
      s8_left    <= s7_left;
      s8_event   <= commit_event;
      s8_window  <= s7_window;
      s8_fault   <= fault;
      s8_ended   <= s7_ends;
      s8_next_pc <= s7_ret ? ret_word[15:0] : s7_next_pc;
      s8_sp      <= s7_new_sp;
      s8_depth   <= s7_new_depth;
      s8_psw     <= new_psw;
      s8_state   <= fault   ? `HSX_FAULTED
                  : s7_ends ? `HSX_RETURNED
                  : s7_svc  ? `HSX_TRAPPED
                  : s7_brk  ? `HSX_PAUSED
                  :           `HSX_READY;
      s8_stack    <= s7_push || s7_pop;
      s8_rd       <= s7_rd;
      s8_write_rd <= s7_write_rd;
      // R15 of PUSH, CALL and RET is written here, that of POP in stage 7
      s8_written  <= fault || (!s7_ends && (s7_write_rd || s7_push || s7_ret));
      s8_reg      <= fault ? 4'd0 : (s7_push || s7_ret) ? 4'd15 : s7_rd;
      s9_value    <= write_back;
      s9_sp       <= s8_sp;
      s9_psw      <= s8_psw;
    end

  // A load's bytes are there for one cycle only.
  always @(posedge clk)
    if (load_back) begin
      s8_load  <= result_from_load && !fault && !s7_ret;
      s8_value <= fault               ? {28'hFFFFFF0, 1'b0, fault_code}
                : (s7_push || s7_ret) ? {16'd0, s7_new_sp}
                :                       s7_value;
    end else begin
      s8_load  <= 1'b0;
      s8_value <= write_back;
    end

  assign write_back = s8_load ? loaded : s8_value;

  assign context_we   = s8_valid && !s8_fault && !s8_ended;
  assign s8_writes    = s8_valid && s8_written;
  assign window_we    = memory_writes_window ? memory_window_we : {4{s8_writes || pending}};
  assign window_waddr = memory_writes_window ? memory_window_waddr
                      : s8_writes            ? {s8_window, s8_reg}
                      :                        {pending_window, 4'd15};
  assign window_wdata = memory_writes_window ? memory_window_wdata
                      : s8_writes            ? write_back
                      :                        {16'd0, pending_sp};

  // A younger write of the same R15 takes its place.
  wire pending_done = (!memory_writes_window && !s8_writes)
                   || (s8_writes && s8_reg == 4'd15 && s8_window == pending_window);

  always @(posedge clk)
    if (rst)
      pending <= 1'b0;
    else if (commit && s7_pop && !s7_several && !fault && s7_rd != 4'd15)
      pending <= 1'b1;
    else if (pending_done)
      pending <= 1'b0;

  always @(posedge clk)
    if (!pending || pending_done) begin
      pending_slot   <= s7_slot;
      pending_window <= s7_window;
      pending_sp     <= s7_new_sp;
    end

  // ---- host ----

  hsx_host #(.CONTEXTS(CONTEXTS), .WINDOWS(WINDOWS), .SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS)) host (
    .clk(clk), .rst(rst),
    .wb_cyc(wb_cyc), .wb_stb(wb_stb), .wb_we(wb_we), .wb_adr(wb_adr), .wb_sel(wb_sel),
    .wb_dat_i(wb_dat_i), .wb_dat_o(wb_dat_o), .wb_ack(wb_ack),
    .held(held), .slot(host_slot), .addr(host_addr), .wdata(host_wdata),
    .data_en(host_data_en), .data_we(host_data_we), .data_rdata(memory_word),
    .code_en(host_code_en), .code_we(host_code_we), .code_rdata(code_rdata),
    .field(host_field), .field_we(host_field_we), .field_rdata(host_field_rdata),
    .queue_push(host_push), .queue_pop(host_pop), .set_left(host_set_left),
    .total_read(host_total_read), .total_write(host_total_we), .total_row(host_total_row),
    .value(host_value), .value_sum(total_word),
    .reg_we(host_reg_we), .reg_addr(host_reg_addr), .running(running), .tick_due(tick_due),
    .cause(hold_cause), .trap_slot(trap_slot), .queue_head(queue_slot), .queue_count(queue_count),
    .turn_left(turn_left)
  );

  always @*
    case (host_field)
      4'd0:    host_field_rdata = {1'd0, retired_pc};
      4'd1:    host_field_rdata = {1'd0, retired_sp};
      4'd2:    host_field_rdata = {3'd0, reg_base, 6'd0};
      4'd3:    host_field_rdata = {1'd0, stack_limit};
      4'd4:    host_field_rdata = {1'd0, stack_top};
      4'd5:    host_field_rdata = {1'd0, code_base, 2'd0};
      4'd6:    host_field_rdata = {code_len, 2'd0};
      4'd7:    host_field_rdata = {1'd0, data_base, 2'd0};
      4'd8:    host_field_rdata = {1'd0, data_len};
      4'd9:    host_field_rdata = {1'd0, call_depth};
      4'd10:   host_field_rdata = {13'd0, retired_psw};
      4'd11:   host_field_rdata = {9'd0, slice};
      4'd12:   host_field_rdata = {15'd0, flags};
      4'd13:   host_field_rdata = {13'd0, state};
      default: host_field_rdata = 17'd0;
    endcase

  // ---- retirement port ----

  // What only the record needs travels beside the pipeline; where the port is
  // left open, synthesis removes it.
  reg        s8_first, s8_rotate, s8_ext_valid, s8_rd_we, s8_r15_we, s8_read, s8_wrote;
  reg [1:0]  s8_size;
  reg [15:0] s8_pc, s8_addr, s8_record_sp, s8_record_depth;
  reg [31:0] s8_insn, s8_ext, s8_stored, s8_order;

  // What the order number consists of is kept here once more, for the port alone.
  reg [31:0] steps_done, host_events, other_events;

  always @(posedge clk) begin
    s8_order <= steps_done + host_events + other_events;
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
    else if (commit && commit_event != `HSX_EV_FAULT && commit_event != `HSX_EV_RETURN)
      steps_done <= steps_done + 32'd1;
    else if (commit || tick_fire)
      other_events <= other_events + 32'd1;
    else if (counts_event)
      host_events <= host_events + host_value;
  end

  always @(posedge clk) if (load_back) begin
    s8_first        <= s7_first;
    s8_rotate       <= (commit_event == `HSX_EV_RETIRE) && (s7_left == 8'd0);
    s8_pc           <= s7_pc;
    s8_insn         <= (s7_code_fault && s7_no_word) ? 32'd0 : s7_insn;
    s8_ext          <= s7_ext;
    s8_ext_valid    <= s7_ldi32 && !skip;
    s8_record_sp    <= (fault || s7_ends) ? s7_sp : s7_new_sp;
    s8_record_depth <= (fault || s7_ends) ? s7_depth : s7_new_depth;
    s8_rd_we        <= s7_write_rd && !skip;
    s8_r15_we       <= (s7_push || s7_pop) && !skip && !bad_word;
    s8_read         <= s7_load && !skip && !bad_word;
    s8_wrote        <= s7_store && !skip;
    s8_size         <= s7_size;
    s8_addr         <= s7_addr;
    s8_stored       <= s7_ret ? ret_word : s7_store_data;
  end

  wire        shows   = s8_valid;
  wire        access  = shows && (s8_read || s8_wrote);
  wire [31:0] stored  = {(s8_size == 2'd2) ? s8_stored[31:16] : 16'd0,
                         (s8_size != 2'd0) ? s8_stored[15:8] : 8'd0, s8_stored[7:0]};
  wire        rd_we   = shows && (s8_rd_we || s8_fault);

  assign ret_valid       = shows || s8_tick;
  assign ret_order       = ret_valid ? s8_order : 32'd0;
  assign ret_event       = s8_tick ? `HSX_EV_TICK : shows ? s8_event : 3'd0;
  assign ret_slot        = shows ? {{(8-SLOT_BITS){1'b0}}, s8_slot} : 8'd0;
  assign ret_insn        = shows ? s8_insn : 32'd0;
  assign ret_ext_valid   = shows && s8_ext_valid;
  assign ret_ext         = ret_ext_valid ? s8_ext : 32'd0;
  assign ret_pc          = shows ? s8_pc : 16'd0;
  assign ret_next_pc     = !shows ? 16'd0 : context_we ? s8_next_pc : s8_pc;
  assign ret_sp          = shows ? s8_record_sp : 16'd0;
  assign ret_depth       = shows ? s8_record_depth : 16'd0;
  assign ret_psw         = shows ? s8_psw : 4'd0;
  assign ret_rd_we       = rd_we;
  assign ret_rd          = (rd_we && !s8_fault) ? s8_rd : 4'd0;
  assign ret_rd_value    = rd_we ? write_back : 32'd0;
  assign ret_r15_we      = shows && s8_r15_we;
  assign ret_mem_re      = shows && s8_read;
  assign ret_mem_we      = shows && s8_wrote;
  assign ret_mem_width   = !access ? 3'd0 : (s8_size == 2'd2) ? 3'd4 : {1'b0, s8_size[0], !s8_size[0]};
  assign ret_mem_addr    = access ? s8_addr : 16'd0;
  assign ret_mem_value   = !access ? 32'd0 : (s8_read && s8_rd_we) ? write_back : stored;
  assign ret_turn_first  = shows && s8_first;
  assign ret_turn_rotate = shows && s8_rotate;
endmodule

`default_nettype wire
