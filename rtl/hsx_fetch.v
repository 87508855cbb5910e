// SPDX-License-Identifier: Apache-2.0
// Fetch, in stages 2 to 4: the pc, its word and the word behind it, what the next pc
// probably is, and the bounds of the fetch.
//
// Stage 2 takes the pc that the task's last instruction left: the retired one, or, if
// one is still on its way, the early one. Stage 3 has the words and writes the early pc
// for the task's next instruction: the target of JMP and of a branch backward, the next
// word otherwise. Stage 4 writes the target of a CALL without a register there, in a
// cycle in which stage 3 holds no instruction (s4_called). The host reads and writes
// code memory through the same port while the core is held.
//
// With CODE_BANKS = 1 there is one bank of all words, behind the ports of the even one. Then an
// LDI32's second word is read when the LDI32 leaves stage 4, in place of stage 2's, which
// gives way (s4_reads_ext); it is there in stage 5 (s5_ext), as long as the LDI32 is.
//
// With FETCH_STAGES = 2 a word passes a register before anything hangs on it, which stage 2b waits for:
// code memory may then take most of a cycle to show it. The host's accesses come a cycle later, and their
// word is in s3_word two cycles later again.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_fetch #(
  parameter SLOT_BITS    = 4,
  parameter CODE_BANKS   = 2,
  parameter FETCH_STAGES = 1
) (
  input  wire                 clk,
  input  wire                 rst,
  input  wire                 advance_2,
  input  wire                 advance_front,

  input  wire                 s1_in_flight,
  input  wire [15:0]          s2_retired_pc,
  input  wire [15:0]          s2_early_pc,
  input  wire [13:0]          s2_code_base,
  input  wire                 s2_protect,
  input  wire                 s2_call_words,

  output wire                 code_en,
  output wire [1:0]           code_we,
  output wire [14-CODE_BANKS:0] code_addr_even,
  output wire [12:0]          code_addr_odd,
  output wire [31:0]          code_wdata,
  input  wire [31:0]          code_rdata_even,
  input  wire [31:0]          code_rdata_odd,

  input  wire                 held,
  input  wire                 host_code_en,
  input  wire                 host_code_we,
  input  wire [13:0]          host_addr,
  input  wire [31:0]          host_wdata,

  input  wire                 s3_valid,
  input  wire [SLOT_BITS-1:0] s3_slot,
  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_EARLY_BITS-1:0] s3_ctl,
  input  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  output wire [31:0]          s3_word,
  output wire [31:0]          s3_ext,       // the word behind it, with two banks
  output wire [31:0]          s5_ext,       // with one
  output reg                  s3_call_words,

  input  wire                 s4_valid,
  input  wire [SLOT_BITS-1:0] s4_slot,
  input  wire                 s4_call_pc,
  input  wire [15:0]          s4_imm,
  input  wire [14:0]          s4_code_len,
  output reg  [15:0]          s4_pc,
  output wire [15:0]          s4_next_pc,
  output wire [15:0]          s4_return_pc, // what CALL pushes
  output reg                  s4_protect,
  output reg                  s4_predict,   // a branch is expected to be taken
  output wire                 s4_called,
  output wire                 s4_code_fault,
  output wire                 s4_no_word,   // even the first word is out of bounds

  output wire                 early_we,
  output wire [SLOT_BITS-1:0] early_slot,
  output wire [15:0]          early_pc
);
  // ---- stage 2: both words from the pc on ----

  reg s2_in_flight;

  always @(posedge clk)
    if (advance_2)
      s2_in_flight <= s1_in_flight;

  // The odd one is in the bank of odd words at half the first word's number, the even
  // one in the other at half of one more. One more by a carry from below: a second adder
  // behind the first would be slow.
  wire [15:0] s2_pc   = s2_in_flight ? s2_early_pc : s2_retired_pc;
  wire [13:0] s2_word = s2_pc[15:2] + s2_code_base;
  wire [12:0] s2_even;
  wire [1:0]  unused_low;
  wire        host_en;
  wire [1:0]  host_we; // of each bank
  assign {s2_even, unused_low} = {s2_pc[15:2], 1'b1} + {s2_code_base, 1'b1};

  assign code_en        = held ? host_en : advance_front;
  assign code_wdata     = host_wdata;

  // ---- stage 3, or 2b if there is one: the words come ----

  // shown_x belongs to the instruction whose words code memory shows.
  reg         shown_odd;        // the word comes from the bank of odd words
  reg         shown_opcode_odd; // a copy for its opcode, for speed; its reset keeps it apart
  (* keep *)
  reg         shown_ext_even;   // the word behind it from the other: a copy, for speed
  wire [31:0] shown_word, shown_ext;

  always @(posedge clk)
    if (rst)
      shown_opcode_odd <= 1'b0;
    else if (advance_front)
      shown_opcode_odd <= held ? host_addr[0] : s2_word[0];

  always @(posedge clk)
    if (advance_front) begin
      shown_odd      <= held ? host_addr[0] : s2_word[0];
      shown_ext_even <= s2_word[0];
    end

  generate
    if (CODE_BANKS == 1) begin : one_bank
      reg  [13:0] shown_place, s4_place; // of the word, and of the one behind it
      wire        s4_reads_ext = s4_valid && s4_ctl[`HSX_CTL_LDI32];
      wire [13:0] s3_place;

      if (FETCH_STAGES == 2) begin : two_fetch_stages
        reg [13:0] s3_place_q;

        always @(posedge clk)
          if (advance_front)
            s3_place_q <= shown_place;

        assign s3_place = s3_place_q;
      end else begin : one_fetch_stage
        assign s3_place = shown_place;
      end

      always @(posedge clk)
        if (advance_front) begin
          shown_place <= s2_word;
          s4_place    <= s3_place + 14'd1;
        end

      assign host_we        = {1'b0, host_code_we};
      assign code_addr_even = held ? host_addr : s4_reads_ext ? s4_place : s2_word;
      assign code_addr_odd  = 13'd0;
      assign shown_word     = code_rdata_even;
      assign shown_ext      = 32'd0;
      assign s5_ext         = code_rdata_even;

      wire unused = &{1'b0, s2_even, shown_odd, shown_opcode_odd, shown_ext_even, code_rdata_odd};
    end else begin : two_banks
      assign host_we        = {host_addr[0], !host_addr[0]} & {2{host_code_we}};
      assign code_addr_odd  = held ? host_addr[13:1] : s2_word[13:1];
      assign code_addr_even = held ? host_addr[13:1] : s2_even;
      assign shown_word = {shown_opcode_odd ? code_rdata_odd[31:24] : code_rdata_even[31:24],
                           shown_odd ? code_rdata_odd[23:0] : code_rdata_even[23:0]};
      assign shown_ext  = shown_ext_even ? code_rdata_even : code_rdata_odd;
      assign s5_ext     = 32'd0;
    end
  endgenerate

  // ---- stage 3: the next pc as far as the word tells it ----

  reg  [15:0] s3_pc;
  reg  [14:0] s3_next_word; // (pc + 4) / 4, not wrapped
  reg         s3_protect;
  reg         s3_far;       // pc beyond what JMP reaches: all its targets lie behind
  wire [15:0] pc_3;         // what stage 3 gets next
  wire        protect_3, call_words_3;

  generate
    if (FETCH_STAGES == 2) begin : two_fetch_stages
      reg [31:0] s3_word_q, s3_ext_q;
      reg [15:0] s2b_pc;
      reg        s2b_protect, s2b_call_words;
      reg        host_en_q;
      reg [1:0]  host_we_q;

      always @(posedge clk) begin
        host_en_q <= host_code_en;
        host_we_q <= host_we;
      end

      assign host_en = host_en_q;
      assign code_we = host_we_q;

      always @(posedge clk)
        if (advance_front) begin
          s3_word_q      <= shown_word;
          s3_ext_q       <= shown_ext;
          s2b_pc         <= s2_pc;
          s2b_protect    <= s2_protect;
          s2b_call_words <= s2_call_words;
        end

      assign s3_word      = s3_word_q;
      assign s3_ext       = s3_ext_q;
      assign pc_3         = s2b_pc;
      assign protect_3    = s2b_protect;
      assign call_words_3 = s2b_call_words;
    end else begin : one_fetch_stage
      assign host_en      = host_code_en;
      assign code_we      = host_we;
      assign s3_word      = shown_word;
      assign s3_ext       = shown_ext;
      assign pc_3         = s2_pc;
      assign protect_3    = s2_protect;
      assign call_words_3 = s2_call_words;
    end
  endgenerate

  always @(posedge clk)
    if (advance_front) begin
      s3_far        <= (pc_3[15:12] != 4'd0);
      s3_pc         <= pc_3;
      s3_next_word  <= {1'b0, pc_3[15:2]} + 15'd1;
      s3_protect    <= protect_3;
      s3_call_words <= call_words_3;
    end

  // The word behind the next is made before the word is known to be LDI32.
  wire [11:0] s3_imm       = s3_word[`HSX_FIELD_IMM];
  wire        s3_forward;
  wire        s3_backward  = s3_far || !s3_forward;
  wire [13:0] s3_after_two = s3_next_word[13:0] + 14'd1;

  hsx_below #(.WIDTH(10)) below_target (
    .a(s3_pc[11:2]), .b(s3_imm[11:2]), .more(1'b0), .is_below(s3_forward)
  );

  // Level upon level of logic is behind the word: kept as they are, there are few.
  wire [15:0] s4_call_target = s4_pc + s4_imm;
  wire [15:0] without_word   = s3_valid ? {s3_next_word[13:0], s3_pc[1:0]} : s4_call_target;
  (* keep *) wire skips_word, jumps_now, may_jump_now, takes_imm;
  (* keep *) wire [13:0] not_taken;
  assign skips_word   = s3_ctl[`HSX_CTL_LDI32] && s3_valid;
  assign not_taken    = skips_word ? s3_after_two : without_word[15:2];
  assign jumps_now    = s3_ctl[`HSX_CTL_JUMP] && s3_valid;
  assign may_jump_now = (s3_ctl[`HSX_CTL_JUMP_Z] || s3_ctl[`HSX_CTL_JUMP_NZ]) && s3_valid;
  assign takes_imm    = jumps_now || (may_jump_now && s3_backward);
  assign early_we     = s3_valid || s4_called;
  assign early_slot   = s3_valid ? s3_slot : s4_slot;
  assign early_pc     = takes_imm ? {4'd0, s3_imm} : {not_taken, without_word[1:0]};

  // ---- stage 4: bounds, CALL ----

  reg  [14:0] s4_next_word;
  reg         s4_misaligned;
  wire        s4_ldi32 = s4_ctl[`HSX_CTL_LDI32];

  always @(posedge clk)
    if (advance_front) begin
      s4_pc         <= s3_pc;
      s4_next_word  <= s3_next_word;
      s4_misaligned <= (s3_pc[1:0] != 2'd0);
      s4_protect    <= s3_protect;
      s4_predict    <= s3_backward;
    end

  assign s4_next_pc   = {s4_next_word[13:0] + {13'd0, s4_ldi32}, s4_pc[1:0]};
  assign s4_return_pc = {s4_next_word[13:0], 2'b00};

  // One word fits if its number is below code_len / 4.
  wire s4_passes_code, s4_first_passes;
  hsx_below #(.WIDTH(15)) below_fetch (
    .a(s4_code_len), .b(s4_next_word), .more(s4_ldi32), .is_below(s4_passes_code)
  );
  hsx_below #(.WIDTH(15)) below_first (
    .a(s4_code_len), .b(s4_next_word), .more(1'b0), .is_below(s4_first_passes)
  );
  assign s4_code_fault = s4_misaligned || s4_passes_code;
  assign s4_no_word    = s4_misaligned || s4_first_passes;

  // The task's next instruction then follows five stages behind: call_depth has no bypass.
  assign s4_called = s4_valid && s4_call_pc && !s3_valid;
endmodule

`default_nettype wire
