// SPDX-License-Identifier: Apache-2.0
// The stack guards (contract section 3), combinational: whether a push would go below
// stack_limit, a pop above stack_top.
`default_nettype none

module hsx_stack_guard (
  input  wire        push,
  input  wire        pop,
  input  wire [16:0] address,     // of the access; bit 16: sp - 4 went below 0
  input  wire [16:0] new_sp,      // bit 16: sp + 4 went past 0xFFFF
  input  wire [15:0] stack_limit,
  input  wire [15:0] stack_top,
  output wire        overflow,
  output wire        underflow
);
  wire below_limit, top_below;
  hsx_below push_limit (.a(address[15:0]), .b(stack_limit), .more(1'b0), .is_below(below_limit));
  hsx_below pop_top (.a(stack_top), .b(new_sp[15:0]), .more(1'b0), .is_below(top_below));

  assign overflow  = push && (address[16] || below_limit);
  assign underflow = pop && (new_sp[16] || top_below);
endmodule

`default_nettype wire
