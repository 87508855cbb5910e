// SPDX-License-Identifier: Apache-2.0
// 32-bit counters, and the words by which time is told, in block RAM.
//
// In each cycle at most one thing happens that counts. It selects a row, which is
// read in this cycle and written, one higher, in the next. Every counter has two
// rows, used in turn, so that no row is read while it is written; its value is
// their sum. Rows, by the upper four bits of their address:
//
//   0      always zero; what is read as long as nothing is asked for
//   1, 7   NOW is the sum of both; the tick that makes row 7 wrap to zero is the
//          one before the alarm's
//   2      steps from one tick to the next
//   4      steps
//   5      events of the host
//   6      other events: faults, ends of tasks, ticks
//   8..14  lost slots by cause, 8 + lost_cause; a tick's are 13
//
// Everything that the core tells takes effect here a cycle later, except for lost_cause,
// which is about the cycle before.
//
// tick_fire is followed by tick[0], [1], [2], in cycles without an event. For tick_fire
// itself row 2 is read, which word shows with tick[1], and few tells whether it is
// less than four. tick[0] counts the event, tick[1] NOW, tick[2] three lost slots. In
// the cycle behind, wraps is about NOW.
//
// The host may have its way while the core is held. word is operand plus the row
// that was at host_read a cycle ago. host_write has word, as it is in the next
// cycle, written to host_row; host_read should be 0 for that. host_event adds operand
// to row 5. Otherwise operand must be zero. A reset
// leaves the rows as they are.
`default_nettype none
`include "hsx_host_map.vh"

module hsx_totals (
  input  wire        clk,
  input  wire        rst,
  input  wire        running,
  input  wire        counted,    // a step
  input  wire        committed,  // a step or another event of a task
  input  wire        revoked,    // the cycle before, it proved not to: a squash
  input  wire        tick_fire,
  input  wire [2:0]  tick,
  input  wire [2:0]  lost_cause, // if the core ran and none of these was
  input  wire        host_event,
  input  wire [4:0]  host_read,  // 0 unless the host wants a row
  input  wire        host_write,
  input  wire [4:0]  host_row,
  input  wire [31:0] operand,
  output wire [31:0] word,
  output wire        few,
  output wire        wraps
);
  wire lost = running && !committed && !tick_fire && !tick[0] && !tick[1];

  reg  [3:0] what;
  reg        counts, is_host, is_third;

  always @(posedge clk) begin
    what     <= counted                ? `HSX_ROW_STEPS
              : (committed || tick[0]) ? `HSX_ROW_CYCLES
              : tick_fire              ? `HSX_ROW_TICK_STEPS
              : tick[1]                ? `HSX_ROW_NOW
              : host_event             ? `HSX_ROW_ORDER
              : !lost                  ? 4'd0
              : tick[2]                ? {1'b1, `HSX_LOST_TICK}
              :                          {1'b1, lost_cause};
    counts   <= !rst && (committed || tick[0] || tick[1] || host_event || lost);
    is_host  <= host_event;
    is_third <= lost && tick[2];
  end

  // Rows 2 and 7 have no second one: they are read in even cycles.
  wire [31:0] q;
  reg        odd;
  reg        write, one, three;
  reg  [4:0] row;
  wire [4:0] read = {revoked ? {1'b1, `HSX_LOST_SQUASH} : what, odd} | host_read;

  always @(posedge clk) begin
    odd   <= running && !odd && !tick_fire;
    row   <= host_write ? host_row : read;
    write <= !rst && (counts || host_write);
    one   <= counts && !is_host;
    three <= is_third;
  end

  assign few = (q[19:2] == 18'd0);
  assign {wraps, word} = {1'b0, q} + {1'b0, operand[31:2], operand[1] || three, operand[0] || one};

  hsx_ram #(.WIDTH(32), .ADDR_BITS(5)) rows (
    .clk(clk), .we(write && !rst), .waddr(row), .wdata(word), .re(1'b1), .raddr(read), .q(q)
  );
endmodule

`default_nettype wire
