// SPDX-License-Identifier: Apache-2.0
// Why issue slots are lost. Each cycle in which the core runs and stage 7 completes no
// instruction is a lost slot; a cycle later `cause` says of what (HSX_LOST_*).
//
// What a squash or a stop left empty is known by the time since; other empty stages carry
// the cause in place of a slot.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_host_map.vh"

module hsx_lost_slots #(
  parameter SLOT_BITS    = 4,
  parameter FETCH_STAGES = 1
) (
  input  wire                 clk,
  input  wire                 running,
  input  wire                 squash_all,
  input  wire                 s7_live,
  input  wire [SLOT_BITS-1:0] s7_slot,
  input  wire                 s7_is_result,
  input  wire                 s7_at_begin,
  input  wire                 s7_paused,
  input  wire                 s7_too_early,
  input  wire                 s7_commits,
  input  wire                 s8_leaves,
  output reg  [2:0]           cause
);
  // So many cycles behind a squash a new instruction is in stage 7 at the latest: ten, without stage 2b.
  localparam [3:0] REFILLED = (FETCH_STAGES == 2) ? 4'd11 : 4'd10;

  reg [3:0] since;
  reg       after_trap;

  always @(posedge clk)
    if (squash_all || !running) begin
      since      <= 4'd0;
      after_trap <= !running || s8_leaves;
    end else if (since != REFILLED)
      since <= since + 4'd1;

  function [SLOT_BITS-1:0] empty(input [1:0] why);
    empty = {{(SLOT_BITS-2){1'b0}}, why};
  endfunction

  always @(posedge clk)
    if (s7_live)
      cause <= (s7_at_begin && s7_paused)    ? `HSX_LOST_TICK
             : (s7_is_result || s7_too_early) ? `HSX_LOST_LONG
             : s7_commits                     ? `HSX_LOST_SQUASH // revoked: it does not retire
             :                                  `HSX_LOST_MEMORY;
    else if (squash_all)
      cause <= s8_leaves ? `HSX_LOST_TRAP : `HSX_LOST_SQUASH;
    else if (since != REFILLED)
      cause <= after_trap ? `HSX_LOST_TRAP : `HSX_LOST_SQUASH;
    else if (s7_slot == empty(`HSX_EMPTY_SQUASHED))
      cause <= `HSX_LOST_SQUASH;
    else if (s7_slot == empty(`HSX_EMPTY_MULTICYCLE))
      cause <= `HSX_LOST_LONG;
    else if (s7_slot == empty(`HSX_EMPTY_OWN_RESULT))
      cause <= `HSX_LOST_RESULT;
    else
      cause <= `HSX_LOST_EMPTY;
endmodule

`default_nettype wire
