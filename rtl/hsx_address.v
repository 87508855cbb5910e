// SPDX-License-Identifier: Apache-2.0
// The address of a data access, in stages 5 to 7: where it goes, whether it is allowed,
// and what becomes of sp.
//
// Stage 6 has the address and compares it with each bound (hsx_translate,
// hsx_stack_guard); s7_mem_fault is the verdict, combinational in stage 7. s7_slow says
// that the access goes byte by byte: it is not aligned, may touch a register window, or
// is a careful RET's. step_addr counts s7_addr up for that. While the core is held it is
// the host's address. s7_words has the number of the word that s7_addr is in, and DATA_COPIES times more,
// each from registers of its own.
`default_nettype none
`include "hsx_core.vh"

module hsx_address #(
  parameter INDEX_BITS  = 4,
  parameter DATA_COPIES = 0
) (
  input  wire                  clk,
  input  wire                  advance_back,

  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_BITS-1:0] s5_ctl, s6_ctl, s7_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire [15:0]           s5_a,
  input  wire [12:0]           s5_last_offset,
  input  wire [15:0]           s5_sp,

  input  wire [15:0]           s6_sum,
  input  wire [INDEX_BITS-1:0] s6_window,
  input  wire [15:0]           s6_stack_limit,
  input  wire [15:0]           s6_stack_top,
  input  wire                  s6_data_low,
  input  wire [13:0]           s6_data_base,
  input  wire [15:0]           s6_data_len,
  input  wire                  careful,
  output wire                  s6_slow,
  output wire                  s6_waits,       // slow, or never to begin
  output wire                  s6_overflow,
  output wire                  s6_underflow,

  input  wire                  step_addr,
  input  wire                  held,
  input  wire [13:0]           host_addr,
  output reg  [15:0]           s7_addr,
  output wire [14*DATA_COPIES+13:0] s7_words,
  output reg                   s7_slow,
  output reg                   s7_waits,
  output reg  [15:0]           s7_sp,          // before the instruction
  output reg  [15:0]           s7_new_sp,
  output wire                  s7_mem_fault
);
`include "hsx_windows.vh"

  // ---- stage 5 ----

  wire [15:0] s5_last_byte  = s5_a + {{3{s5_last_offset[12]}}, s5_last_offset};
  // A push's lies 4 lower; bit 16: below 0.
  wire [16:0] s5_stack_addr = {1'b0, s5_sp} + {{15{s5_ctl[`HSX_CTL_PUSH]}}, 2'b00};

  reg [15:0] s6_last_byte, s6_sp;
  reg [16:0] s6_stack_addr;

  always @(posedge clk)
    if (advance_back) begin
      s6_last_byte  <= s5_last_byte;
      s6_sp         <= s5_sp;
      s6_stack_addr <= s5_stack_addr;
    end

  // ---- stage 6 ----

  wire        s6_stack  = s6_ctl[`HSX_CTL_STACK];
  wire        s6_push   = s6_ctl[`HSX_CTL_PUSH];
  wire        s6_pop    = s6_stack && !s6_push;
  wire        s6_access = s6_ctl[`HSX_CTL_LOAD] || s6_ctl[`HSX_CTL_STORE];
  wire [1:0]  s6_size   = s6_ctl[`HSX_CTL_SIZE];
  wire [1:0]  s6_offset = s6_stack ? s6_stack_addr[1:0] : s6_sum[1:0];
  wire        s6_straddles = (s6_size == `HSX_SIZE_WORD) ? (s6_offset != 2'd0)
                           : (s6_size == `HSX_SIZE_HALF) && (s6_offset == 2'd3);
  wire        s6_unaligned = (s6_size == `HSX_SIZE_WORD) ? (s6_offset != 2'd0)
                           : (s6_size == `HSX_SIZE_HALF) && s6_offset[0];
  wire [16:0] s6_new_sp = {1'b0, s6_stack_addr[15:0]} + {14'd0, s6_pop, 2'b00};

  // Below 0x4000, but for the shared page, an access may touch a window. Data segments lie
  // above, but a debugger may have put one there.
  wire [3:0]  s6_page = s6_stack ? s6_stack_addr[15:12] : s6_sum[15:12];
  assign s6_slow  = s6_access
                 && (s6_unaligned || (s6_ctl[`HSX_CTL_RET] && careful)
                     || (s6_page[3:2] == 2'd0 && s6_page[1:0] != 2'd0)
                     || (!s6_stack && s6_page[3:2] != 2'd0 && s6_data_low));
  assign s6_waits = s6_slow || s6_ctl[`HSX_CTL_REPLAY];

  wire [15:0] s6_moved;
  wire        s6_passes_end, s6_moved_passes_end, s6_in_page, s6_in_window;
  wire        s6_first_in_data, s6_last_in_data, s6_above_limit, s6_below_top;

  hsx_translate translate (
    .ea(s6_sum), .last(s6_last_byte), .straddle(s6_straddles),
    .own_window(window_number(s6_window)),
    .data_base(s6_data_base), .data_len(s6_data_len), .stack_limit(s6_stack_limit),
    .stack_top(s6_stack_top),
    .moved(s6_moved), .passes_end(s6_passes_end), .moved_passes_end(s6_moved_passes_end),
    .in_page(s6_in_page), .in_window(s6_in_window),
    .first_in_data(s6_first_in_data), .last_in_data(s6_last_in_data),
    .above_limit(s6_above_limit), .below_top(s6_below_top)
  );

  hsx_stack_guard stack_guard (
    .push(s6_push), .pop(s6_pop), .address(s6_stack_addr), .new_sp(s6_new_sp),
    .stack_limit(s6_stack_limit), .stack_top(s6_stack_top),
    .overflow(s6_overflow), .underflow(s6_underflow)
  );

  // Whether the address moves comes last.
  (* keep *) wire        moves;
  (* keep *) wire [15:0] unmoved;
  assign moves   = s6_first_in_data && !(step_addr || held || s6_stack);
  assign unmoved = step_addr ? s7_addr + 16'd1
                 : held      ? {host_addr, 2'b00}
                 : s6_stack  ? s6_stack_addr[15:0]
                 :             s6_sum;

  always @(posedge clk)
    if (advance_back || step_addr)
      s7_addr <= moves ? s6_moved : unmoved;

  assign s7_words[13:0] = s7_addr[15:2];

  genvar n;
  generate
    for (n = 1; n <= DATA_COPIES; n = n + 1) begin : copies
      reg [13:0] word;

      (* keep *) // synthesis would make one of them all
      always @(posedge clk)
        if (advance_back || step_addr)
          word <= moves ? s6_moved[15:2] : unmoved[15:2];

      assign s7_words[14*n +: 14] = word;
    end
  endgenerate

  // ---- stage 7 ----

  reg s7_passes_end, s7_moved_passes_end, s7_in_page, s7_in_window;
  reg s7_first_in_data, s7_last_in_data, s7_above_limit, s7_below_top;
  reg s7_checked;

  always @(posedge clk)
    if (advance_back) begin
      s7_slow             <= s6_slow;
      s7_waits            <= s6_waits;
      s7_sp               <= s6_sp;
      s7_new_sp           <= s6_new_sp[15:0];
      s7_checked          <= s6_access && !s6_stack;
      s7_passes_end       <= s6_passes_end;
      s7_moved_passes_end <= s6_moved_passes_end;
      s7_in_page          <= s6_in_page;
      s7_in_window        <= s6_in_window;
      s7_first_in_data    <= s6_first_in_data;
      s7_last_in_data     <= s6_last_in_data;
      s7_above_limit      <= s6_above_limit;
      s7_below_top        <= s6_below_top;
    end

  wire s7_allowed = s7_in_page || s7_in_window || (s7_first_in_data && s7_last_in_data)
                 || (s7_above_limit && s7_below_top);
  wire s7_over    = s7_passes_end || (s7_first_in_data && s7_moved_passes_end);

  assign s7_mem_fault = s7_checked && (s7_over || (s7_ctl[`HSX_CTL_PROTECT] && !s7_allowed));
endmodule

`default_nettype wire
