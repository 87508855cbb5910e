// SPDX-License-Identifier: Apache-2.0
// The retirement port: one event a cycle, in cycles with ret_valid. For harnesses: where
// it is left open, synthesis removes all of this unit.
//
// What only the record needs travels here beside the pipeline. A multi-cycle
// instruction's record waits for its result; ret_order tells its place.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_host_map.vh"
`include "hsx_isa.vh"
`include "hsx_retire.vh"

module hsx_retire #(
  parameter SLOT_BITS = 4
) (
  input  wire                 clk,
  input  wire                 rst,
  input  wire                 advance_back,

  input  wire [15:0]          s4_pc,
  input  wire [31:0]          s4_insn,
  input  wire [31:0]          s5_ext,
  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_BITS-1:0] s7_ctl, s8_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire                 s7_skips,
  input  wire                 s7_fault,
  input  wire                 s7_ends_task,
  input  wire                 s7_bad_word,
  input  wire                 s7_slow,
  input  wire [15:0]          s7_sp,
  input  wire [15:0]          s7_new_sp,
  input  wire [15:0]          s7_depth,
  input  wire [15:0]          s7_new_depth,
  input  wire [15:0]          s7_addr,
  input  wire [31:0]          s7_value,

  input  wire                 s8_valid,
  input  wire                 s8_retires,
  input  wire                 s8_is_result,
  input  wire                 s8_awaits_result,
  input  wire [SLOT_BITS-1:0] s8_slot,
  input  wire [3:0]           s8_rd,
  input  wire [2:0]           s8_event,
  input  wire                 s8_fault,
  input  wire                 s8_ret,
  input  wire [1:0]           s8_size,
  input  wire [31:0]          s8_result,
  input  wire                 s8_writes_context,
  input  wire [15:0]          s8_next_pc,
  input  wire [15:0]          s8_late_pc,
  input  wire [3:0]           s8_psw,
  input  wire                 s8_sets_psw,
  input  wire [15:0]          s8_old_high,     // of rd
  input  wire [31:0]          data_rdata,

  // for the order number
  input  wire                 s8_counts,       // what is in stage 8 is a step
  input  wire                 revokes,         // but proves not to be
  input  wire                 tick_fire,
  input  wire                 host_event,
  input  wire                 host_total_write,
  input  wire [4:0]           host_total_row,
  input  wire [31:0]          host_value,

  `HSX_RET_PORTS
);
  // ---- the order number ----

  // What it consists of is kept here once more, for the port alone.
  reg  [31:0] steps_done, host_events, other_events;
  wire [31:0] order = steps_done + host_events + other_events;
  reg         s8_tick;

  always @(posedge clk)
    s8_tick <= tick_fire && !rst;

  always @(posedge clk)
    if (rst) begin
      steps_done   <= 32'd0;
      host_events  <= 32'd0;
      other_events <= 32'd0;
    end else if (host_total_write && !host_total_row[0])
      case (host_total_row[4:1])
        `HSX_ROW_STEPS:        steps_done   <= host_value;
        `HSX_ROW_ORDER:  host_events  <= host_value;
        `HSX_ROW_CYCLES: other_events <= host_value;
        default: ;
      endcase
    else begin
      if (s8_counts && !revokes)
        steps_done <= steps_done + 32'd1;
      if (host_event)
        host_events <= host_events + host_value;
      if ((s8_valid && !s8_counts) || s8_tick)
        other_events <= other_events + 32'd1;
    end

  // ---- what travels beside the pipeline ----

  reg [15:0] s5_pc, s6_pc, s7_pc, s8_pc;
  reg [31:0] s5_insn, s6_insn, s7_insn, s8_insn;
  reg [31:0] s6_ext, s7_ext, s8_ext;
  reg        s8_rotates, s8_has_ext, s8_rd_we, s8_r15_we, s8_read, s8_wrote;
  reg [15:0] s8_addr, s8_record_sp, s8_record_depth;
  reg [31:0] s8_stored;

  wire s7_no_insn = s7_ctl[`HSX_CTL_CODE_FAULT] && s7_ctl[`HSX_CTL_NO_WORD];
  wire s7_as_was  = s7_fault || s7_ends_task;

  always @(posedge clk)
    if (advance_back) begin
      s5_pc           <= s4_pc;
      s6_pc           <= s5_pc;
      s7_pc           <= s6_pc;
      s8_pc           <= s7_pc;
      s5_insn         <= s4_insn;
      s6_insn         <= s5_insn;
      s7_insn         <= s6_insn;
      s8_insn         <= s7_no_insn ? 32'd0 : s7_insn;
      s6_ext          <= s5_ext;
      s7_ext          <= s6_ext;
      s8_ext          <= s7_ext;
      s8_has_ext      <= s7_ctl[`HSX_CTL_LDI32] && !s7_skips;
      s8_rotates      <= s7_ctl[`HSX_CTL_ENDS] && !s7_as_was
                      && !s7_ctl[`HSX_CTL_SVC] && !s7_ctl[`HSX_CTL_BRK];
      s8_record_sp    <= s7_as_was ? s7_sp : s7_new_sp;
      s8_record_depth <= s7_as_was ? s7_depth : s7_new_depth;
      s8_rd_we        <= s7_ctl[`HSX_CTL_WRITE_RD] && !s7_skips;
      s8_r15_we       <= s7_ctl[`HSX_CTL_STACK] && !s7_skips && !s7_bad_word;
      s8_read         <= s7_ctl[`HSX_CTL_LOAD] && !s7_skips && !s7_bad_word;
      s8_wrote        <= s7_ctl[`HSX_CTL_STORE] && !s7_skips;
      s8_addr         <= s7_slow ? s7_addr - 16'd4 : s7_addr; // which went on by four
      s8_stored       <= s7_value;
    end

  // ---- the record that waits for its result ----

  reg        late_first, late_rotates;
  reg [15:0] late_pc, late_next_pc, late_sp, late_depth;
  reg [3:0]  late_psw;
  reg [31:0] late_insn, late_order;

  always @(posedge clk)
    if (s8_awaits_result) begin
      late_first   <= s8_ctl[`HSX_CTL_FIRST];
      late_rotates <= s8_rotates;
      late_pc      <= s8_pc;
      late_next_pc <= s8_late_pc;
      late_sp      <= s8_record_sp;
      late_depth   <= s8_record_depth;
      late_psw     <= s8_psw;
      late_insn    <= s8_insn;
      late_order   <= order;
    end

  // ---- the port ----

  wire        late   = s8_is_result;
  wire        now    = s8_retires && !s8_awaits_result;
  wire        shows  = now || late;
  wire        access = now && (s8_read || s8_wrote);
  wire        rd_we  = late || (now && (s8_rd_we || s8_fault));
  wire [31:0] bytes  = s8_ret ? data_rdata : s8_stored;
  wire [31:0] stored = {(s8_size == `HSX_SIZE_WORD) ? bytes[31:16] : 16'd0,
                        (s8_size != `HSX_SIZE_BYTE) ? bytes[15:8] : 8'd0, bytes[7:0]};
  wire [2:0]  width  = (s8_size == `HSX_SIZE_WORD) ? 3'd4
                     : (s8_size == `HSX_SIZE_HALF) ? 3'd2 : 3'd1;

  assign ret_valid       = shows || s8_tick;
  assign ret_order       = late ? late_order : ret_valid ? order : 32'd0;
  assign ret_event       = s8_tick ? `HSX_EV_TICK : now ? s8_event : 3'd0;
  assign ret_slot        = shows ? {{(8-SLOT_BITS){1'b0}}, s8_slot} : 8'd0;
  assign ret_insn        = late ? late_insn : now ? s8_insn : 32'd0;
  assign ret_ext_valid   = now && s8_has_ext;
  assign ret_ext         = ret_ext_valid ? s8_ext : 32'd0;
  assign ret_pc          = late ? late_pc : now ? s8_pc : 16'd0;
  assign ret_next_pc     = late ? late_next_pc : !now ? 16'd0
                         : s8_writes_context ? s8_next_pc : s8_pc;
  assign ret_sp          = late ? late_sp : now ? s8_record_sp : 16'd0;
  assign ret_depth       = late ? late_depth : now ? s8_record_depth : 16'd0;
  assign ret_psw         = (late && !s8_sets_psw) ? late_psw : shows ? s8_psw : 4'd0;
  assign ret_rd_we       = rd_we;
  assign ret_rd          = (rd_we && !s8_fault) ? s8_rd : 4'd0;
  assign ret_rd_value    = !rd_we                     ? 32'd0
                         : s8_ctl[`HSX_CTL_LOW_HALF] ? {s8_old_high, s8_result[15:0]}
                         :                             s8_result;
  assign ret_r15_we      = now && s8_r15_we;
  assign ret_mem_re      = now && s8_read;
  assign ret_mem_we      = now && s8_wrote;
  assign ret_mem_width   = access ? width : 3'd0;
  assign ret_mem_addr    = access ? s8_addr : 16'd0;
  assign ret_mem_value   = !access ? 32'd0 : (s8_read && s8_rd_we) ? s8_result : stored;
  assign ret_turn_first  = late ? late_first : now && s8_ctl[`HSX_CTL_FIRST];
  assign ret_turn_rotate = late ? late_rotates : now && s8_rotates;
endmodule

`default_nettype wire
