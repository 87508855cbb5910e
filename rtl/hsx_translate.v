// Bounds and translation of one data access (contract section 4), and the stack
// guards (section 3). Combinational: the inputs are registers and the pipeline
// registers every output, so that each bound has a stage of its own; the verdict
// is put together from single bits a stage later.
//
// The physical address is meaningful only when `over` is low. straddle tells
// that the access crosses into the next word; a move by a multiple of 4 keeps it.
`default_nettype none

module hsx_translate (
  input  wire [15:0] ea,          // first byte
  input  wire [15:0] last,        // last byte, modulo 0x10000
  input  wire        straddle,
  input  wire [7:0]  own_window,  // bits 13..6 of reg_base
  input  wire [13:0] data_base,   // bits 15..2
  input  wire [15:0] data_len,
  input  wire [15:0] stack_limit,
  input  wire [15:0] stack_top,
  input  wire        push,        // the access is a push or pop at stack_addr
  input  wire        pop,
  input  wire [15:0] stack_addr,
  input  wire [16:0] new_sp,      // bit 16: sp - 4 went below 0, or sp + 4 past 0xFFFF

  output wire [15:0] physical,
  output wire        over,        // passes 0xFFFF, before or after the move
  output wire        in_page,
  output wire        in_window,
  output wire        first_in_data,
  output wire        last_in_data,
  output wire        above_limit, // first byte at or above stack_limit
  output wire        below_top,   // last byte below stack_top
  output wire        overflow,    // a push that the stack guard forbids
  output wire        underflow    // a pop that it forbids
);
  wire        stack_op = push || pop;
  wire [15:0] ea_rel   = {ea[15:14] - 2'd1, ea[13:0]};
  wire [15:0] last_rel = {last[15:14] - 2'd1, last[13:0]};
  wire [16:0] moved    = {1'b0, ea_rel} + {1'b0, data_base, 2'b00};

  assign first_in_data = (ea[15:14] != 2'd0) && (ea_rel < data_len);
  assign last_in_data  = (last[15:14] != 2'd0) && (last_rel < data_len);
  assign in_page       = (ea[15:12] == 4'd0) && (last[15:12] == 4'd0);
  assign in_window     = (ea[15:6] == {2'b00, own_window}) && (last[15:6] == {2'b00, own_window});
  assign above_limit   = (ea >= stack_limit);
  assign below_top     = (last < stack_top);

  assign physical = stack_op      ? stack_addr
                  : first_in_data ? moved[15:0]
                  :                 ea;
  assign over     = !stack_op
                  && ((straddle && (&ea[15:2]))
                      || (first_in_data && (moved[16] || (straddle && (&moved[15:2])))));

  assign overflow  = push && (new_sp[16] || new_sp[15:0] < stack_limit);
  assign underflow = pop && (new_sp[16] || new_sp[15:0] > stack_top);
endmodule

`default_nettype wire
