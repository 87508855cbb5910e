// SPDX-License-Identifier: Apache-2.0
// The context table: a RAM for each field, read by the stage that needs it, and what the
// host reads back.
//
// sN_x is field x of the task that was in stage N-1 in the last cycle in which that stage
// advanced. Stage 8 writes what instructions change, at s8_slot, at the end of a cycle
// with s8_writes_*; stages 3 and 4 write the early pc. While the core is held every
// stage holds host_slot: host_field_we writes the field host_field, of which pc, sp,
// call_depth, psw and state come from stage 8 as if an instruction left them, and
// host_field_rdata shows it once the slot has come through the pipeline.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_host_map.vh"

module hsx_contexts #(
  parameter SLOT_BITS  = 4,
  parameter INDEX_BITS = 4
) (
  input  wire                  clk,
  input  wire                  advance_2,
  input  wire                  advance_front,
  input  wire                  advance_back,

  input  wire [SLOT_BITS-1:0]  s1_slot,
  output wire [15:0]           s2_retired_pc,  // what the last instruction to retire left
  output wire [15:0]           s2_early_pc,    // what the last one to be fetched may leave
  output wire [13:0]           s2_code_base,
  output wire                  s2_protect,
  output wire                  s2_call_words,

  input  wire [SLOT_BITS-1:0]  s2b_slot,       // the slot that stage 3 gets next
  output wire [INDEX_BITS-1:0] s3_window,      // reg_base as the window's index
  output wire [3:0]            s3_retired_psw, // as it was before the last cycle
  output reg                   s3_psw_missed,  // stage 8 has written it in that

  input  wire [SLOT_BITS-1:0]  s3_slot,
  output wire [14:0]           s4_code_len,
  output wire [15:0]           s4_retired_sp,

  input  wire [SLOT_BITS-1:0]  s5_slot,
  output wire [15:0]           s6_depth,
  output wire [15:0]           s6_stack_limit,
  output wire [15:0]           s6_stack_top,
  output wire                  s6_data_low,    // data_base is below 0x4000
  output wire [13:0]           s6_data_base,
  output wire [15:0]           s6_data_len,

  input  wire                  early_we,
  input  wire [SLOT_BITS-1:0]  early_slot,
  input  wire [15:0]           early_pc,

  input  wire [SLOT_BITS-1:0]  s8_slot,
  input  wire                  s8_writes_context, // pc, sp
  input  wire                  s8_writes_depth,   // call_depth
  input  wire                  s8_writes_state,
  input  wire                  s8_writes_psw,
  input  wire [15:0]           s8_next_pc,
  input  wire [15:0]           s8_sp,
  input  wire [15:0]           s8_depth,
  input  wire [3:0]            s8_psw,
  input  wire [3:0]            s8_state,

  input  wire [SLOT_BITS-1:0]  host_slot,
  input  wire [3:0]            host_field,
  input  wire                  host_field_we,
  input  wire [16:0]           host_wdata,
  output wire                  host_row_we,
  input  wire [15:0]           host_row,
  output reg  [16:0]           host_field_rdata
);
`include "hsx_windows.vh"

  wire host_pc          = host_field_we && host_field == `HSX_CONTEXT_PC;
  wire host_sp          = host_field_we && host_field == `HSX_CONTEXT_SP;
  wire host_reg_base    = host_field_we && host_field == `HSX_CONTEXT_REG_BASE;
  wire host_stack_limit = host_field_we && host_field == `HSX_CONTEXT_STACK_LIMIT;
  wire host_stack_top   = host_field_we && host_field == `HSX_CONTEXT_STACK_TOP;
  wire host_code_base   = host_field_we && host_field == `HSX_CONTEXT_CODE_BASE;
  wire host_code_len    = host_field_we && host_field == `HSX_CONTEXT_CODE_LEN;
  wire host_data_base   = host_field_we && host_field == `HSX_CONTEXT_DATA_BASE;
  wire host_data_len    = host_field_we && host_field == `HSX_CONTEXT_DATA_LEN;
  wire host_call_depth  = host_field_we && host_field == `HSX_CONTEXT_CALL_DEPTH;
  wire host_psw         = host_field_we && host_field == `HSX_CONTEXT_PSW;
  wire host_flags       = host_field_we && host_field == `HSX_CONTEXT_FLAGS;
  wire host_state       = host_field_we && host_field == `HSX_CONTEXT_STATE;

  // ---- addressed by stage 1 ----

  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_pc (
    .clk(clk), .we(s8_writes_context || host_pc), .waddr(s8_slot), .wdata(s8_next_pc),
    .re(advance_2), .raddr(s1_slot), .q(s2_retired_pc)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_early_pc (
    .clk(clk), .we(early_we), .waddr(early_slot), .wdata(early_pc),
    .re(advance_2), .raddr(s1_slot), .q(s2_early_pc)
  );
  // The host writes the flags with call_words at bit 1, protect at bit 0.
  hsx_lane_ram #(.LANES(8), .LANE_BITS(2), .ADDR_BITS(SLOT_BITS)) ram_code_base (
    .clk(clk), .we({{7{host_code_base}}, host_flags}), .waddr(host_slot), .wdata(host_wdata[15:0]),
    .re(advance_2), .raddr(s1_slot), .q({s2_code_base, s2_call_words, s2_protect})
  );

  // ---- by the stage before 3 ----

  // Read anew in each cycle: psw must be there a stage earlier than its bypass asks for.
  wire [3:0]           s3_state;
  /* verilator lint_off UNUSEDSIGNAL */ // few windows need few bits
  wire [8:0]           host_index = {{(9-INDEX_BITS){1'b0}}, window_index(host_wdata[13:6])};
  wire [7:0]           s3_index;
  /* verilator lint_on UNUSEDSIGNAL */
  wire [SLOT_BITS-1:0] next_3     = advance_front ? s2b_slot : s3_slot;

  hsx_lane_ram #(.LANES(4), .LANE_BITS(4), .ADDR_BITS(SLOT_BITS)) ram_window_state_psw (
    .clk(clk), .we({{2{host_reg_base}}, s8_writes_state || host_state, s8_writes_psw || host_psw}),
    .waddr(s8_slot), .wdata({host_index[7:0], s8_state, s8_psw}),
    .re(1'b1), .raddr(next_3), .q({s3_index, s3_state, s3_retired_psw})
  );
  assign s3_window = s3_index[INDEX_BITS-1:0];

  always @(posedge clk)
    s3_psw_missed <= s8_writes_psw && s8_slot == next_3;

  // ---- by stage 3 ----

  hsx_ram #(.WIDTH(15), .ADDR_BITS(SLOT_BITS)) ram_code_len (
    .clk(clk), .we(host_code_len), .waddr(host_slot), .wdata(host_wdata[16:2]),
    .re(advance_front), .raddr(s3_slot), .q(s4_code_len)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_sp (
    .clk(clk), .we(s8_writes_context || host_sp), .waddr(s8_slot), .wdata(s8_sp),
    .re(advance_front), .raddr(s3_slot), .q(s4_retired_sp)
  );

  // ---- by stage 5 ----

  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_depth (
    .clk(clk), .we(s8_writes_depth || host_call_depth), .waddr(s8_slot), .wdata(s8_depth),
    .re(advance_back), .raddr(s5_slot), .q(s6_depth)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_stack_limit (
    .clk(clk), .we(host_stack_limit), .waddr(host_slot), .wdata(host_wdata[15:0]),
    .re(advance_back), .raddr(s5_slot), .q(s6_stack_limit)
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_stack_top (
    .clk(clk), .we(host_stack_top), .waddr(host_slot), .wdata(host_wdata[15:0]),
    .re(advance_back), .raddr(s5_slot), .q(s6_stack_top)
  );
  hsx_ram #(.WIDTH(15), .ADDR_BITS(SLOT_BITS)) ram_data_base (
    .clk(clk), .we(host_data_base), .waddr(host_slot),
    .wdata({host_wdata[15:14] == 2'd0, host_wdata[15:2]}),
    .re(advance_back), .raddr(s5_slot), .q({s6_data_low, s6_data_base})
  );
  hsx_ram #(.WIDTH(16), .ADDR_BITS(SLOT_BITS)) ram_data_len (
    .clk(clk), .we(host_data_len), .waddr(host_slot), .wdata(host_wdata[15:0]),
    .re(advance_back), .raddr(s5_slot), .q(s6_data_len)
  );

  // ---- what the host reads back ----

  // What only the host writes it reads from a row of hsx_windows: the RAMs beside the
  // pipeline would need a wide multiplexer. A row has 16 bits.
  assign host_row_we = host_field_we && !host_pc;

  always @*
    case (host_field)
      `HSX_CONTEXT_PC:         host_field_rdata = {1'b0, s2_retired_pc};
      `HSX_CONTEXT_SP:         host_field_rdata = {1'b0, s4_retired_sp};
      `HSX_CONTEXT_CODE_LEN:   host_field_rdata = {s4_code_len[14], host_row};
      `HSX_CONTEXT_CALL_DEPTH: host_field_rdata = {1'b0, s6_depth};
      `HSX_CONTEXT_PSW:        host_field_rdata = {13'd0, s3_retired_psw};
      `HSX_CONTEXT_STATE:      host_field_rdata = {13'd0, s3_state};
      default:                   host_field_rdata = {1'b0, host_row};
    endcase
endmodule

`default_nettype wire
