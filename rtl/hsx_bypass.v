// SPDX-License-Identifier: Apache-2.0
// The bypass: registers, R15, sp and psw that older instructions of the same task have
// not written yet when stage 4 needs them.
//
// The task's instruction before is at least three stages ahead. In stage 3 it is in stage
// 6, 7 or 8, one stage further when the operands are taken in stage 4; further ahead its
// results are in the RAMs. (Stage 9 is what stage 8 held before.) R15 behind an
// instruction that changes sp is its sp. A load has no result in stage 7: then stage 4
// waits (s4_needs_load), until the load is in stage 8. With FETCH_STAGES = 2 the instruction before is
// four stages ahead and never in stage 6: then nothing comes from stage 7, and no load is waited for.
//
// Other tasks' instructions write this task's registers only by a store into its window,
// behind which everything younger is squashed.
`default_nettype none
`include "hsx_core.vh"

module hsx_bypass #(
  parameter SLOT_BITS    = 4,
  parameter FETCH_STAGES = 1
) (
  input  wire                 clk,
  input  wire                 rst,
  input  wire                 advance_front,
  input  wire                 advance_back,

  // stage 3: what is looked for
  input  wire                 s3_valid,
  input  wire [SLOT_BITS-1:0] s3_slot,
  input  wire [3:0]           s3_rs1,
  input  wire [3:0]           s3_rs2,
  input  wire                 s3_b_is_rs1,
  output wire [3:0]           s3_port_b,

  // what is under way
  input  wire                 s6_valid, s7_valid, s8_live,
  input  wire [SLOT_BITS-1:0] s6_slot, s7_slot, s8_slot,
  input  wire [3:0]           s6_rd, s7_rd, s8_rd,
  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl,
  input  wire [`HSX_CTL_BITS-1:0] s6_ctl, s7_ctl, s8_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire [31:0]          s7_value,
  input  wire [15:0]          s7_new_sp,
  input  wire [3:0]           s7_new_psw,
  input  wire [31:0]          s8_result,
  input  wire [15:0]          s8_sp,
  input  wire [3:0]           s8_psw,

  // what the RAMs have
  input  wire [31:0]          s4_window_a,
  input  wire [31:0]          s4_window_b,
  input  wire [31:0]          s4_window_15,
  input  wire [15:0]          s4_retired_sp,
  input  wire [3:0]           s3_retired_psw,
  input  wire                 s3_psw_missed,   // it is what is in stage 9

  // what the memory stage reads of a window comes through operand a
  input  wire                 memory_reading,
  input  wire                 memory_wants_15, // in the cycle before

  output wire                 s4_alone,        // none of the task's instructions is under way
  output wire                 s4_needs_load,
  output wire [31:0]          s4_without_8,    // operand a, but for what comes from stage 8
  output wire [31:0]          s4_a,
  output wire [31:0]          s4_b,
  output wire [15:0]          s4_sp,
  output wire [3:0]           s4_psw
);
  // From where an operand comes, but for stage 8.
  localparam [1:0] FROM_RAM = 2'd0;
  localparam [1:0] FROM_R15 = 2'd1;
  localparam [1:0] FROM_7   = 2'd2;
  localparam [1:0] FROM_9   = 2'd3;

  // From where sp and psw come.
  localparam [1:0] BEFORE_RETIRED = 2'd0;
  localparam [1:0] BEFORE_9       = 2'd1;
  localparam [1:0] BEFORE_8       = 2'd2;
  localparam [1:0] BEFORE_7       = 2'd3;

  // ---- stage 3: where the instruction before is ----

  wire before_6 = (FETCH_STAGES == 1) && s6_valid && s6_slot == s3_slot;
  wire before_7 = s7_valid && s7_slot == s3_slot;
  wire before_8 = s8_live && s8_slot == s3_slot;

  wire s6_write_rd = s6_ctl[`HSX_CTL_WRITE_RD];
  wire s7_write_rd = s7_ctl[`HSX_CTL_WRITE_RD];
  wire s8_write_rd = s8_ctl[`HSX_CTL_WRITE_RD];
  wire s6_load     = s6_ctl[`HSX_CTL_LOAD];

  wire a_6 = before_6 && s6_write_rd && s6_rd == s3_rs1;
  wire a_7 = before_7 && s7_write_rd && s7_rd == s3_rs1;
  wire a_8 = before_8 && s8_write_rd && s8_rd == s3_rs1;
  // The comparisons do not wait for port b's choice.
  wire b_6 = s3_b_is_rs1 ? a_6 : before_6 && s6_write_rd && s6_rd == s3_rs2;
  wire b_7 = s3_b_is_rs1 ? a_7 : before_7 && s7_write_rd && s7_rd == s3_rs2;
  wire b_8 = s3_b_is_rs1 ? a_8 : before_8 && s8_write_rd && s8_rd == s3_rs2;

  assign s3_port_b = s3_b_is_rs1 ? s3_rs1 : s3_rs2;

  // ---- stage 4: the load that is waited for ----

  reg s4_a_loads, s4_b_loads; // the operand comes from a load in stage 7

  assign s4_needs_load = (s4_ctl[`HSX_CTL_READ_A] && s4_a_loads)
                      || (s4_ctl[`HSX_CTL_READ_B] && s4_b_loads);

  always @(posedge clk)
    if (rst) begin
      s4_a_loads <= 1'b0;
      s4_b_loads <= 1'b0;
    end else if (advance_front) begin
      s4_a_loads <= a_6 && s6_load && s3_valid;
      s4_b_loads <= b_6 && s6_load && s3_valid;
    end else if (advance_back && s4_needs_load) begin
      s4_a_loads <= 1'b0;
      s4_b_loads <= 1'b0;
    end

  // ---- stage 4: where each operand is ----

  reg  [1:0] s4_a_from, s4_b_from;
  reg        s4_a_from_8, s4_b_from_8;
  reg  [1:0] s4_before;
  reg        s4_alone_q;
  reg        s4_r15_is_sp;

  always @(posedge clk)
    if (advance_front) begin
      s4_r15_is_sp <= (before_6 && s6_ctl[`HSX_CTL_STACK]) || (before_7 && s7_ctl[`HSX_CTL_STACK])
                   || (before_8 && s8_ctl[`HSX_CTL_STACK]);
      s4_before    <= before_6 ? BEFORE_7 : before_7 ? BEFORE_8
                    : before_8 ? BEFORE_9 : BEFORE_RETIRED;
      s4_alone_q   <= !before_6 && !before_7 && !before_8;
      s4_a_from    <= a_6 ? FROM_7 : a_8 ? FROM_9 : (s3_rs1 == 4'd15) ? FROM_R15 : FROM_RAM;
      s4_a_from_8  <= a_7;
      s4_b_from    <= b_6 ? FROM_7 : b_8 ? FROM_9 : (s3_port_b == 4'd15) ? FROM_R15 : FROM_RAM;
      s4_b_from_8  <= b_7;
    end else if (advance_back && s4_needs_load) begin
      // what is in stage 7 moves on to stage 8
      s4_before   <= BEFORE_8;
      s4_a_from_8 <= (s4_a_from == FROM_7);
      s4_b_from_8 <= (s4_b_from == FROM_7);
      if (s4_a_from == FROM_7)
        s4_a_from <= FROM_RAM;
      if (s4_b_from == FROM_7)
        s4_b_from <= FROM_RAM;
    end

  assign s4_alone = s4_alone_q;

  // ---- stage 9 ----

  reg [31:0] s9_value;
  reg [15:0] s9_sp;
  reg [3:0]  s9_psw;

  always @(posedge clk)
    if (advance_back) begin
      s9_value <= s8_result;
      s9_sp    <= s8_sp;
      s9_psw   <= s8_psw;
    end

  // ---- stage 4: the operands ----

  reg [3:0] s4_retired_psw;

  always @(posedge clk)
    if (advance_front)
      s4_retired_psw <= s3_psw_missed ? s9_psw : s3_retired_psw;

  hsx_mux4 #(.WIDTH(20)) mux_sp_psw (
    .select(s4_before), .d0({s4_retired_sp, s4_retired_psw}), .d1({s9_sp, s9_psw}),
    .d2({s8_sp, s8_psw}), .d3({s7_new_sp, s7_new_psw}), .q({s4_sp, s4_psw})
  );

  reg memory_from_15;
  always @(posedge clk)
    memory_from_15 <= memory_wants_15;

  wire [31:0] s4_r15      = (s4_r15_is_sp && !memory_reading) ? {16'd0, s4_sp} : s4_window_15;
  wire [1:0]  s4_a_select = memory_reading ? {1'b0, memory_from_15} : s4_a_from;
  wire [31:0] s4_b_without_8;

  hsx_mux4 #(.WIDTH(32)) mux_a (
    .select(s4_a_select), .d0(s4_window_a), .d1(s4_r15), .d2(s7_value), .d3(s9_value),
    .q(s4_without_8)
  );
  hsx_mux4 #(.WIDTH(32)) mux_b (
    .select(s4_b_from), .d0(s4_window_b), .d1(s4_r15), .d2(s7_value), .d3(s9_value),
    .q(s4_b_without_8)
  );

  // What may come from a load in stage 8 comes last.
  assign s4_a = s4_a_from_8 ? s8_result : s4_without_8;
  assign s4_b = s4_b_from_8 ? s8_result : s4_b_without_8;
endmodule

`default_nettype wire
