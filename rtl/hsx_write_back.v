// SPDX-License-Identifier: Apache-2.0
// Stage 8: write back. A load's word is aligned, a RET's is checked and is the next pc;
// registers and the context are written, in the one cycle with s8_valid or s8_is_result.
//
// s8_bad_return says that a RET got a word that is no return address: it does not retire.
// Nothing else that is written waits for that. s8_result stays while stage 7 stalls.
// While the core is held, what the host writes comes as s7_value.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_write_back (
  input  wire                  clk,
  input  wire                  rst,
  input  wire                  advance_back,
  input  wire                  held,

  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_BITS-1:0] s7_ctl, s8_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire                  s7_arrives,
  input  wire                  s7_slow,
  input  wire [3:0]            s7_rd,
  input  wire [1:0]            s7_offset,      // of the address
  input  wire [31:0]           s7_value,
  input  wire [15:0]           s7_next_pc,
  input  wire [15:0]           s7_new_sp,
  input  wire [3:0]            s7_new_psw,
  input  wire [15:0]           s7_new_depth,
  input  wire                  s7_skips,
  input  wire                  s7_fault,
  input  wire [31:0]           s7_fault_code,
  input  wire                  s7_ends_task,
  input  wire                  s7_leaves,
  input  wire                  s7_changes,
  input  wire [2:0]            s7_event,
  input  wire [3:0]            s7_state,

  input  wire [31:0]           data_rdata,

  input  wire                  s8_valid,
  input  wire                  s8_is_result,
  output wire                  s8_bad_return,
  output wire                  s8_retires,
  output reg                   s8_ret,         // a RET whose word is on the data port
  output reg                   s8_fault,
  output reg                   s8_leaves,
  output reg  [2:0]            s8_event,
  output wire [11:0]           s8_trap_imm,
  output wire [31:0]           s8_result,
  output reg  [1:0]            s8_size,

  output wire                  s8_writes_context,
  output wire                  s8_writes_depth,
  output wire                  s8_writes_psw,
  output reg                   s8_sets_psw,
  output wire [15:0]           s8_next_pc,
  output reg  [15:0]           s8_late_pc,     // the same, but for a RET's
  output reg  [15:0]           s8_sp,
  output reg  [15:0]           s8_depth,
  output reg  [3:0]            s8_psw,
  output reg  [3:0]            s8_state,

  output reg  [3:0]            s8_reg,
  output wire [3:0]            s8_lanes,       // of it that are written
  output wire [3:0]            s8_lanes_15,    // of R15
  output reg                   s8_mirrors      // R15 = sp
);
  wire s7_stack    = s7_ctl[`HSX_CTL_STACK];
  wire s7_write_rd = s7_ctl[`HSX_CTL_WRITE_RD];
  wire s7_names_15 = s7_write_rd && s7_rd == 4'd15;
  wire s7_takes_word = s7_ctl[`HSX_CTL_RET] && !s7_slow && !s7_skips;

  // ---- a RET's word ----

  (* keep *) wire s8_high_set; // kept: what hangs on the word is late as it is
  assign s8_high_set   = (data_rdata[31:16] != 16'd0);
  assign s8_bad_return = s8_ret && s8_high_set;
  assign s8_retires    = s8_valid && !s8_bad_return;

  // What a RET's word decides on is ready by the time the word comes.
  reg s8_updates; // the instruction, no RET, writes pc, sp, psw and call_depth

  always @(posedge clk)
    if (rst) begin
      s8_ret     <= 1'b0;
      s8_updates <= 1'b0;
      s8_mirrors <= 1'b0;
    end else begin
      s8_ret     <= s7_arrives && s7_takes_word;
      s8_updates <= s7_arrives && s7_changes && !s7_takes_word;
      s8_mirrors <= s7_arrives && s7_changes && s7_stack && !s7_names_15;
    end

  // ---- the context ----

  // The task's next instruction may read call_depth in this cycle, unless it is behind a CALL or a RET,
  // and a RAM does not say what it reads while that is written, be it with the same value.
  reg s8_counts_calls;

  always @(posedge clk)
    if (advance_back) begin
      s8_event    <= s7_event;
      s8_leaves   <= s7_leaves;
      s8_fault    <= s7_fault;
      s8_late_pc  <= (held || (s7_ctl[`HSX_CTL_RET] && s7_slow)) ? s7_value[15:0] : s7_next_pc;
      s8_sp       <= held ? s7_value[15:0] : s7_new_sp;
      s8_depth    <= held ? s7_value[15:0] : s7_new_depth;
      s8_psw      <= held ? s7_value[3:0] : s7_new_psw;
      s8_state    <= held ? s7_value[3:0] : s7_state;
      s8_counts_calls <= s7_ctl[`HSX_CTL_CALL] || s7_ctl[`HSX_CTL_RET];
      s8_sets_psw <= (s7_ctl[`HSX_CTL_FLAGS] != `HSX_FLAGS_NONE);
    end

  assign s8_next_pc        = s8_ret ? data_rdata[15:0] : s8_late_pc;
  assign s8_writes_context = s8_updates || (s8_ret && !s8_high_set);
  assign s8_writes_depth   = s8_writes_context && s8_counts_calls;
  assign s8_writes_psw     = s8_updates || (s8_is_result && s8_sets_psw);

  // ---- the result ----

  // A load's bytes are there for one cycle only.
  reg        s8_load;
  reg [1:0]  s8_offset;
  reg [31:0] s8_value;

  always @(posedge clk)
    if (advance_back) begin
      s8_load   <= s7_ctl[`HSX_CTL_LOAD] && !s7_slow && !s7_skips;
      s8_size   <= s7_ctl[`HSX_CTL_SIZE];
      s8_offset <= s7_offset;
      s8_value  <= s7_fault ? s7_fault_code : s7_value;
    end else begin
      s8_load   <= 1'b0;
      s8_value  <= s8_result;
    end

  wire [7:0] s8_low  = s8_offset[1] ? (s8_offset[0] ? data_rdata[31:24] : data_rdata[23:16])
                                    : (s8_offset[0] ? data_rdata[15:8] : data_rdata[7:0]);
  wire [7:0] s8_next = s8_offset[1] ? data_rdata[31:24] : data_rdata[15:8];
  assign s8_result[7:0]   = s8_load ? s8_low : s8_value[7:0];
  assign s8_result[15:8]  = s8_load ? s8_next & {8{s8_size != `HSX_SIZE_BYTE}} : s8_value[15:8];
  assign s8_result[31:16] = s8_load ? data_rdata[31:16] & {16{s8_size[1]}} : s8_value[31:16];

  assign s8_trap_imm = s8_value[11:0];

  // ---- the registers ----

  // R0 to R14 take results and fault codes, R15 these and the new sp. Only the write of
  // a RET, which is R15's, waits for the verdict on its word.
  reg        s8_written; // there is a result
  reg        s8_to_15;   // it goes to R15
  wire       s8_stores = (s8_valid || s8_is_result) && s8_written;
  assign s8_lanes      = {{2{!s8_ctl[`HSX_CTL_LOW_HALF]}}, 2'b11} & {4{s8_stores}};

  always @(posedge clk)
    if (advance_back) begin
      s8_written <= s7_fault || (!s7_ends_task && s7_write_rd);
      s8_to_15   <= s7_changes && s7_names_15;
      s8_reg     <= s7_fault ? 4'd0 : s7_rd;
    end

  assign s8_lanes_15 = (s8_lanes & {4{s8_to_15}}) | {4{s8_mirrors && !s8_bad_return}};
endmodule

`default_nettype wire
