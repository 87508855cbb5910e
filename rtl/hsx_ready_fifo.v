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
// is high; pop takes it, and may come only with wanted. wanted is known early and
// steers the RAM, pop may come late in the cycle. The slice of a new turn is known one cycle after its
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
  input  wire                 wanted,
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
  reg                 keep;      // the RAM read past an entry that was not popped
  reg [SLOT_BITS-1:0] kept;      // that entry
  wire [SLOT_BITS-1:0] read;

  wire                 push      = wanted && turn_ends && !flush;
  wire [RING_BITS-1:0] tail      = head + count;
  wire                 advance   = (commit && (commit_leave || commit_left == 8'd0)) || host_pop;
  wire                 back      = flush || unpop || reopen;
  wire [RING_BITS-1:0] back_to   = flush ? committed
                                 : unpop ? head - {{(RING_BITS-2){1'b0}}, unpop_ends}
                                 :         head - 1'b1;
  wire [RING_BITS-1:0] next      = head + 1'b1;
  wire [RING_BITS-1:0] read_at   = back ? back_to : (push || host_pop) ? next : head;

  assign first      = (left == 8'd0);
  assign left_after = left - 8'd1;
  assign turn_ends  = first || (left == 8'd1);
  assign valid      = (shown || keep) && (count != 0);
  assign slot       = keep ? kept : read;

  // What is written behind the tail without a pop is not part of the queue.
  hsx_ram #(.WIDTH(SLOT_BITS), .ADDR_BITS(RING_BITS)) ring (
    .clk(clk), .we(push || host_push), .waddr(tail), .wdata(host_push ? host_slot : slot),
    .re(1'b1), .raddr(read_at), .q(read)
  );

  always @(posedge clk)
    kept <= slot;

  always @(posedge clk)
    if (rst) begin
      head      <= {RING_BITS{1'b0}};
      committed <= {RING_BITS{1'b0}};
      count     <= {RING_BITS{1'b0}};
      left      <= 8'd0;
      turn_left <= 8'd0;
      shown     <= 1'b0;
      keep      <= 1'b0;
    end else begin
      shown <= !((push && count == 1) || (host_push && count == 0));
      keep  <= push && !pop && !back;
      if (back)
        head <= back_to;
      else if ((pop && turn_ends) || host_pop)
        head <= next;

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
      assert (!(pop && !wanted));
      assert (!(wanted && !valid));
      assert (!(pop && (reopen || unpop)));
      assert (!(host_pop && count == 0));
      // what a flush brings back lies between the heads and must survive pushes
      assert ({1'b0, ahead} + {1'b0, count} <= (1 << RING_BITS));
    end
`endif
endmodule

`default_nettype wire
