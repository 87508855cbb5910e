// SPDX-License-Identifier: Apache-2.0
// The events of the core's retirement port, to be read a word at a time (docs/serial.md).
//
// While enable is high each event is kept until all its words are taken, oldest first; clear
// forgets them. There is room for 512. From 384 on `full` is high, so that the core is held
// (hsx_soc_brake): what it shows until it is held fits in the rest. `lost` would tell that it
// did not. clock counts the cycles in which the core is not held.
//
// word is all ones while there is no event, and for a cycle behind the last word of one. In a
// cycle with taken it has been read; the event's next word is there in the cycle behind it.
`default_nettype none
`include "hsx_retire.vh"
`include "hsx_soc_map.vh"

module hsx_soc_trace (
  input  wire        clk,
  input  wire        enable,
  input  wire        clear,
  input  wire        held,
  input  wire        taken,
  output reg  [31:0] word,
  output wire        full,
  output reg         lost,
  output reg  [15:0] clock,
  `HSX_RET_INPUTS
);
  localparam BITS = 9;

  always @(posedge clk)
    if (clear)
      clock <= 16'd0;
    else if (!held)
      clock <= clock + 16'd1;

  // ---- in: an event, with what a reader cannot tell from the rest ----

  reg        came;
  reg [5:0]  order;
  reg [2:0]  kind;
  reg [6:0]  slot;
  reg [15:0] pc, next_pc, sp, depth, mem_addr, stamp;
  reg [3:0]  psw, rd;
  reg        ext, rd_we, r15_we, mem_re, mem_we, turn_first, turn_rotate;
  reg [31:0] value;

  initial came = 1'b0;

  always @(posedge clk) begin
    came        <= ret_valid && enable && !clear;
    order       <= ret_order[5:0];
    kind        <= ret_event;
    slot        <= ret_slot[6:0];
    pc          <= ret_pc;
    next_pc     <= ret_next_pc;
    sp          <= ret_sp;
    depth       <= ret_depth;
    mem_addr    <= ret_mem_addr;
    stamp       <= clock;
    psw         <= ret_psw;
    rd          <= ret_rd;
    ext         <= ret_ext_valid;
    rd_we       <= ret_rd_we;
    r15_we      <= ret_r15_we;
    mem_re      <= ret_mem_re;
    mem_we      <= ret_mem_we;
    turn_first  <= ret_turn_first;
    turn_rotate <= ret_turn_rotate;
    // What is read into a register is the register's value.
    value       <= ret_rd_we ? ret_rd_value : ret_mem_value;
  end

  wire [15:0] behind    = pc + (ext ? 16'd8 : 16'd4);
  wire        elsewhere = mem_re || mem_we || next_pc != behind;
  wire [31:0] first;

  assign first[`HSX_SOC_TRACE_WORD_EVENT]       = kind;
  assign first[`HSX_SOC_TRACE_WORD_SLOT]        = slot;
  assign first[`HSX_SOC_TRACE_WORD_PSW]         = psw;
  assign first[`HSX_SOC_TRACE_WORD_TURN_FIRST]  = turn_first;
  assign first[`HSX_SOC_TRACE_WORD_TURN_ROTATE] = turn_rotate;
  assign first[`HSX_SOC_TRACE_WORD_RD_WE]       = rd_we;
  assign first[`HSX_SOC_TRACE_WORD_RD]          = rd;
  assign first[`HSX_SOC_TRACE_WORD_R15_WE]      = r15_we;
  assign first[`HSX_SOC_TRACE_WORD_MEM_RE]      = mem_re;
  assign first[`HSX_SOC_TRACE_WORD_MEM_WE]      = mem_we;
  assign first[`HSX_SOC_TRACE_WORD_EXT]         = ext;
  assign first[`HSX_SOC_TRACE_WORD_ELSEWHERE]   = elsewhere;
  assign first[`HSX_SOC_TRACE_WORD_ORDER]       = order;

  // ---- those that wait ----

  reg [BITS:0]   head, tail; // modulo twice the room
  wire [BITS:0]  waiting = head - tail;
  wire [159:0]   oldest;
  wire           next;

  assign full = (waiting >= 10'd384);

  initial begin
    head = {(BITS+1){1'b0}};
    tail = {(BITS+1){1'b0}};
  end

  always @(posedge clk)
    if (clear) begin
      head <= {(BITS+1){1'b0}};
      tail <= {(BITS+1){1'b0}};
      lost <= 1'b0;
    end else begin
      if (came && !waiting[BITS])
        head <= head + 1'b1;
      if (came && waiting[BITS])
        lost <= 1'b1;
      if (next)
        tail <= tail + 1'b1;
    end

  hsx_ram #(.WIDTH(160), .ADDR_BITS(BITS)) events (
    .clk(clk), .we(came && !waiting[BITS]), .waddr(head[BITS-1:0]),
    .wdata({value, sp, depth, next_pc, mem_addr, pc, stamp, first}), .re(1'b1),
    .raddr(tail[BITS-1:0]), .q(oldest)
  );

  // ---- out: its words ----

  localparam [2:0] FIRST = 3'd0;
  localparam [2:0] PLACE = 3'd1;
  localparam [2:0] OTHER = 3'd2; // next_pc and mem_addr
  localparam [2:0] STACK = 3'd3;
  localparam [2:0] VALUE = 3'd4;

  reg       here; // `oldest` is the event at tail
  reg [2:0] step;

  wire has_other = oldest[`HSX_SOC_TRACE_WORD_ELSEWHERE];
  wire has_stack = oldest[`HSX_SOC_TRACE_WORD_R15_WE];
  wire has_value = oldest[`HSX_SOC_TRACE_WORD_RD_WE] || oldest[`HSX_SOC_TRACE_WORD_MEM_RE]
                || oldest[`HSX_SOC_TRACE_WORD_MEM_WE];
  wire last      = (step == VALUE) || (step != FIRST && !has_value
                && (step == STACK || (!has_stack && (step == OTHER || !has_other))));

  assign next = taken && here && last;

  initial here = 1'b0;

  always @(posedge clk)
    if (clear)
      here <= 1'b0;
    else
      here <= (head != tail) && !next;

  always @(posedge clk)
    if (clear || next)
      step <= FIRST;
    else if (taken && here)
      step <= (step == FIRST)                             ? PLACE
            : (step == PLACE && has_other)                ? OTHER
            : (step != STACK && has_stack)                ? STACK
            :                                               VALUE;

  always @*
    if (!here)
      word = 32'hFFFFFFFF;
    else
      case (step)
        FIRST:   word = oldest[31:0];
        PLACE:   word = oldest[63:32];
        OTHER:   word = oldest[95:64];
        STACK:   word = oldest[127:96];
        default: word = oldest[159:128];
      endcase

  // What a reader knows: the instruction of the place, and how wide its accesses are.
  wire unused = &{1'b0, ret_order[31:6], ret_slot[7], ret_insn, ret_ext, ret_mem_width};
endmodule

`default_nettype wire
