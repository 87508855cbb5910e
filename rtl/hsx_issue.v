// SPDX-License-Identifier: Apache-2.0
// Stage 0: issue. Takes the next instruction of the task at the head of the READY queue.
//
// s0_pops says that it is issued in this cycle, which comes late. What stalls issue is
// found out by hsx_hazards. s0_slot is the task's slot, or why there is none (HSX_EMPTY_*). After squash_1 the queue gets back
// what of its issues is squashed in stages 1 to 3, one cycle later (s0_rewinds), after
// squash_queue all that has not retired. It hears of a retirement a cycle later: a RET's
// word comes late.
`default_nettype none
`include "hsx_core.vh"

module hsx_issue #(
  parameter SLOT_BITS = 4,
  parameter RING_BITS = 5
) (
  input  wire                 clk,
  input  wire                 rst,
  input  wire                 running,
  input  wire                 held,

  input  wire                 s0_too_close,
  input  wire                 s0_stalls,
  input  wire                 s7_stalls,     // comes last
  input  wire                 s0_yields,     // to the result of the multi-cycle unit
  output wire                 s0_pops,
  output wire [SLOT_BITS-1:0] s0_slot,
  output wire                 s0_first,
  output wire                 s0_ends,
  output reg                  s0_rewinds,

  input  wire                 squash_1,
  input  wire                 squash_2,
  input  wire                 squash_2b,
  input  wire                 squash_3,
  input  wire                 squash_queue,
  input  wire                 s1_valid,
  input  wire                 s1_ends,
  input  wire                 s2_valid,
  input  wire                 s2_ends,
  input  wire                 s2b_valid,
  input  wire                 s2b_ends,
  input  wire                 s3_valid,
  input  wire                 s3_ends,

  input  wire                 s8_retires,
  input  wire                 s8_leaves,
  input  wire                 s8_ends,

  input  wire [SLOT_BITS-1:0] host_slot,
  input  wire                 host_push,
  input  wire                 host_pop,
  input  wire [7:0]           host_slice,    // of host_slot
  input  wire                 host_set_turn,
  input  wire [8:0]           host_turn,
  output wire [SLOT_BITS-1:0] queue_slot,
  output wire [RING_BITS-1:0] queue_count,
  output wire [8:0]           turn
);
  wire queue_valid;
  wire s0_wants; // there is one that may follow

  assign s0_wants = running && queue_valid && !s0_too_close;
  assign s0_pops  = s0_wants && !s0_stalls && !s7_stalls;
  // Whether it is popped comes too late: an issue that is given up shows its slot.
  assign s0_slot  = held                     ? host_slot
                  : (squash_1 || s0_rewinds) ? {{(SLOT_BITS-2){1'b0}}, `HSX_EMPTY_SQUASHED}
                  : (s0_wants && !s0_yields) ? queue_slot
                  :                            {{(SLOT_BITS-2){1'b0}}, `HSX_EMPTY_NO_TASK};

  always @(posedge clk)
    if (rst)
      s0_rewinds <= 1'b0;
    else
      s0_rewinds <= squash_1;

  // How many of the squashed issues have moved the queue's head on: three at most, for with stage 2b there
  // is none in stage 3.
  reg [1:0] rewound_ends;

  always @(posedge clk)
    rewound_ends <= {1'b0, s1_valid && s1_ends} + {1'b0, squash_2 && s2_valid && s2_ends}
                  + {1'b0, (squash_2b && s2b_valid && s2b_ends) || (squash_3 && s3_valid && s3_ends)};

  // While the core is held the count changes at the host's hand alone, some cycles apart.
  reg queue_filled;

  always @(posedge clk)
    queue_filled <= (queue_count != 0);

  reg retired, retired_leaves, retired_ends;

  always @(posedge clk) begin
    retired        <= s8_retires && !rst;
    retired_leaves <= s8_leaves;
    retired_ends   <= s8_ends;
  end

  hsx_ready_fifo #(.SLOT_BITS(SLOT_BITS), .RING_BITS(RING_BITS)) ready_fifo (
    .clk(clk), .rst(rst),
    .valid(queue_valid), .slot(queue_slot), .first(s0_first), .turn_ends(s0_ends),
    .wanted(s0_wants), .pop(s0_pops), .unpop(s0_rewinds), .unpop_ends(rewound_ends),
    .retire(retired), .retire_leaves(retired_leaves), .retire_ends(retired_ends),
    .squash(squash_queue),
    .host_push(host_push), .host_slot(host_slot), .host_slice(host_slice),
    .host_pop(host_pop && queue_filled), .host_set_turn(host_set_turn),
    .host_turn(host_turn), .count(queue_count), .turn(turn)
  );
endmodule

`default_nettype wire
