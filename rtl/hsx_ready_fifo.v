// The READY FIFO, with turns and with issue undone by squashes.
//
// The queue is a ring in a block RAM: `count` slots from the committed head on.
// Issue runs ahead of the committed head: taking the last instruction of a turn
// moves the issue head on and writes the slot behind the tail at once, where
// retirement would put it. Nothing between the two heads is overwritten, so
// `flush` undoes every issue that has not committed by going back to the
// committed head and what was left of its turn (contract section 5).
//
// Timing: slot, first and left_after describe the next instruction while valid
// is high; pop takes it. The slice of a new turn is known one cycle after its
// pop: then either nothing or `reopen` with the instructions left follows; a
// cycle with reopen must be without pop. commit tells of each instruction that
// retires, in order; leave means that its task does not stay READY. flush may
// come with any of these but commit, and wins. unpop takes back the youngest
// issues only: unpop_ends of them had moved the head on, and unpop_left is what
// was left of the turn before the oldest of them; it wins over pop and reopen.
// Host operations need an empty pipeline.
`default_nettype none

module hsx_ready_fifo #(
  parameter SLOT_BITS = 4,
  parameter RING_BITS = 5  // 2^RING_BITS >= contexts + instructions in flight
) (
  input  wire                 clk,
  input  wire                 rst,

  output wire                 valid,
  output wire [SLOT_BITS-1:0] slot,
  output wire                 first,      // the next instruction opens a turn
  output wire [7:0]           left_after, // of an open turn, after the next instruction
  output wire                 turn_ends,  // the pop moves the head on
  input  wire                 pop,
  input  wire                 reopen,
  input  wire [7:0]           reopen_left,

  input  wire                 unpop,
  input  wire [1:0]           unpop_ends,
  input  wire [7:0]           unpop_left,

  input  wire                 commit,
  input  wire                 commit_leave,
  input  wire [7:0]           commit_left,
  input  wire                 flush,

  input  wire                 host_push,
  input  wire [SLOT_BITS-1:0] host_slot,
  input  wire                 host_pop,
  input  wire                 host_set_left,
  input  wire [7:0]           host_left,
  output reg  [RING_BITS-1:0] count,
  output reg  [7:0]           turn_left
);
  reg [RING_BITS-1:0] head;      // of issue
  reg [RING_BITS-1:0] committed; // of retirement
  reg [7:0]           left;      // of the open turn, for issue
  reg                 shown;     // the RAM's output is the entry at head

  wire                 push      = pop && turn_ends;
  wire [RING_BITS-1:0] tail      = head + count;
  wire                 advance   = (commit && (commit_leave || commit_left == 8'd0)) || host_pop;
  wire [RING_BITS-1:0] next_head = (flush || host_pop) ? committed + {{(RING_BITS-1){1'b0}}, host_pop}
                                 : unpop               ? head - {{(RING_BITS-2){1'b0}}, unpop_ends}
                                 : push                ? head + 1'b1
                                 : reopen              ? head - 1'b1
                                 :                       head;

  assign first      = (left == 8'd0);
  assign left_after = left - 8'd1;
  assign turn_ends  = first || (left == 8'd1);
  assign valid      = shown && (count != 0);

  hsx_ram #(.WIDTH(SLOT_BITS), .ADDR_BITS(RING_BITS)) ring (
    .clk(clk), .we(push || host_push), .waddr(tail), .wdata(host_push ? host_slot : slot),
    .re(1'b1), .raddr(next_head), .q(slot)
  );

  always @(posedge clk)
    if (rst) begin
      head      <= {RING_BITS{1'b0}};
      committed <= {RING_BITS{1'b0}};
      count     <= {RING_BITS{1'b0}};
      left      <= 8'd0;
      turn_left <= 8'd0;
      shown     <= 1'b0;
    end else begin
      head  <= next_head;
      shown <= !((push || host_push) && tail == next_head);

      if (advance)
        committed <= committed + 1'b1;

      if (host_push)
        count <= count + 1'b1;
      else if (host_pop || (commit && commit_leave))
        count <= count - 1'b1;

      if (host_set_left)
        turn_left <= host_left;
      else if (host_pop || (commit && commit_leave))
        turn_left <= 8'd0;
      else if (commit)
        turn_left <= commit_left;

      if (host_set_left)
        left <= host_left;
      else if (host_pop)
        left <= 8'd0;
      else if (flush)
        left <= turn_left;
      else if (unpop)
        left <= unpop_left;
      else if (reopen)
        left <= reopen_left;
      else if (pop && !first)
        left <= left_after;
    end

`ifdef HSX_ASSERT
  wire [RING_BITS-1:0] ahead = head - committed;
  always @(posedge clk)
    if (!rst) begin
      assert (!(pop && !valid));
      assert (!(pop && (reopen || unpop)));
      assert (!(host_pop && count == 0));
      // what a flush brings back lies between the heads and must survive pushes
      assert ({1'b0, ahead} + {1'b0, count} <= (1 << RING_BITS));
    end
`endif
endmodule

`default_nettype wire
