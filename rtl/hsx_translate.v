// SPDX-License-Identifier: Apache-2.0
// Bounds and translation of one data access (contract section 4). Combinational: the
// inputs are registers and the pipeline registers every output, so that each bound has
// a stage of its own; the verdict is put together from single bits a stage later.
//
// An access that begins in the data segment is at `moved`, any other at ea, provided
// that the one there does not pass the end of memory. straddle tells
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
  output wire [15:0] moved,
  output wire        passes_end,  // passes 0xFFFF
  output wire        moved_passes_end, // the same if it moves
  output wire        in_page,
  output wire        in_window,
  output wire        first_in_data,
  output wire        last_in_data,
  output wire        above_limit, // first byte at or above stack_limit
  output wire        below_top    // last byte below stack_top
);
  wire [15:0] ea_rel   = {ea[15:14] - 2'd1, ea[13:0]};
  wire [15:0] last_rel = {last[15:14] - 2'd1, last[13:0]};
  wire        carry;
  assign {carry, moved} = {1'b0, ea_rel} + {1'b0, data_base, 2'b00};

  wire first_fits, last_fits, below_limit;
  hsx_below first_data (.a(ea_rel), .b(data_len), .more(1'b0), .is_below(first_fits));
  hsx_below last_data (.a(last_rel), .b(data_len), .more(1'b0), .is_below(last_fits));
  hsx_below first_limit (.a(ea), .b(stack_limit), .more(1'b0), .is_below(below_limit));
  hsx_below last_top (.a(last), .b(stack_top), .more(1'b0), .is_below(below_top));

  assign first_in_data = (ea[15:14] != 2'd0) && first_fits;
  assign last_in_data  = (last[15:14] != 2'd0) && last_fits;
  assign in_page       = (ea[15:12] == 4'd0) && (last[15:12] == 4'd0);
  assign in_window     = (ea[15:6] == {2'b00, own_window}) && (last[15:6] == {2'b00, own_window});
  assign above_limit   = !below_limit;

  // The last word, which only the sum of a number and its complement is.
  assign passes_end       = straddle && (&ea[15:2]);
  assign moved_passes_end = carry || (straddle && (ea_rel[15:2] == ~data_base));
endmodule

`default_nettype wire
