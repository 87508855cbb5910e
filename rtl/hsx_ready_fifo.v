// SPDX-License-Identifier: Apache-2.0
// The READY FIFO, with turns and with issue undone by squashes.
//
// The queue is a ring in a block RAM: `count` entries from the retired head on,
// each a slot with its slice. Issue runs ahead of the retired head: taking the
// last instruction of a turn moves the issue head on and writes the entry behind
// the tail at once, where retirement would put it. Nothing between the two heads
// is overwritten, so `squash` undoes every issue that has not retired by going
// back to the retired head and to how much of its turn was done (contract
// section 5).
//
// Timing: slot, first and turn_ends describe the next instruction while valid is
// high; pop takes it, and may come only with wanted. wanted is known early and
// steers the RAM, pop may come late in the cycle; it stays high until pop, unpop or
// squash, or is given up until the next squash. Instructions of one turn must be wanted
// at least three cycles apart: the end of a longer turn is found out in between.
// retire tells of each instruction that retires, in order, with its
// turn_ends; retire_leaves means that its task does not stay READY. squash may come with
// any of these but retire, and wins. unpop takes back the youngest issues only,
// the oldest of which must have been the first of its turn; unpop_ends of them
// had moved the head on; it wins over pop. Host operations need an empty pipeline;
// host_turn is 0 or has bit 8 set.
`default_nettype none

module hsx_ready_fifo #(
  parameter SLOT_BITS = 4, // at most 7
  parameter RING_BITS = 5  // 2^RING_BITS >= contexts + instructions in flight
) (
  input  wire                 clk,
  input  wire                 rst,

  output wire                 valid,
  output wire [SLOT_BITS-1:0] slot,
  output wire                 first,     // the next instruction opens a turn
  output wire                 turn_ends, // it is the last of its turn
  input  wire                 wanted,
  input  wire                 pop,

  input  wire                 unpop,
  input  wire [1:0]           unpop_ends,

  input  wire                 retire,
  input  wire                 retire_leaves,
  input  wire                 retire_ends,
  input  wire                 squash,

  input  wire                 host_push,
  input  wire [SLOT_BITS-1:0] host_slot,
  input  wire [7:0]           host_slice, // of host_slot
  input  wire                 host_pop,
  input  wire                 host_set_turn,
  input  wire [8:0]           host_turn,
  output reg  [RING_BITS-1:0] count,
  output wire [8:0]           turn        // bit 8: a turn is open; its instructions so far
);
  reg [RING_BITS-1:0] head;      // of issue
  reg [RING_BITS-1:0] retired_head; // of retirement
  reg                 open;      // a turn is open, for issue
  reg [7:0]           done;      // its instructions so far, modulo 256
  reg                 retired_open;
  reg [7:0]           retired_done;
  reg                 last;      // of the open turn only one instruction is left
  reg                 settled;   // `last` is about the entry at head
  reg                 shown;     // the RAM's output is the entry at head
  reg                 keep;      // the RAM read past an entry that was not popped
  reg [SLOT_BITS-1:0] kept;      // that entry's slot
  wire                single;    // the entry's slice is 1
  wire [7:0]          slice;
  wire [SLOT_BITS-1:0] read;

  wire                 push     = wanted && turn_ends && !squash;
  wire [RING_BITS-1:0] tail     = head + count;
  wire                 advance  = (retire && (retire_leaves || retire_ends)) || host_pop;
  wire                 back     = squash || unpop;
  wire [RING_BITS-1:0] back_to  = squash ? retired_head : head - {{(RING_BITS-2){1'b0}}, unpop_ends};
  wire [RING_BITS-1:0] next     = head + 1'b1;
  wire [RING_BITS-1:0] read_at  = back ? back_to : (push || host_pop) ? next : head;
  wire [7:0]           one_more = done + 8'd1;

  // The RAM was read past the kept entry because that ends its turn.
  assign turn_ends = keep || (open ? last : single);
  assign first     = !open;
  assign valid     = (keep || (shown && (!open || settled))) && (count != 0);
  assign slot      = keep ? kept : read;
  assign turn      = {retired_open, retired_done};

  // What is written behind the tail without a pop is not part of the queue.
  hsx_ram #(.WIDTH(SLOT_BITS + 9), .ADDR_BITS(RING_BITS)) ring (
    .clk(clk), .we((push && !keep) || host_push), .waddr(tail),
    .wdata(host_push ? {host_slice[7:1] == 7'd0, host_slice, host_slot} : {single, slice, read}),
    .re(1'b1), .raddr(read_at), .q({single, slice, read})
  );

  always @(posedge clk) begin
    kept <= slot;
    last <= (one_more == slice);
  end

  always @(posedge clk)
    if (rst) begin
      head         <= {RING_BITS{1'b0}};
      retired_head    <= {RING_BITS{1'b0}};
      count        <= {RING_BITS{1'b0}};
      open         <= 1'b0;
      done         <= 8'd0;
      retired_open <= 1'b0;
      retired_done <= 8'd0;
      shown        <= 1'b0;
      settled      <= 1'b0;
      keep         <= 1'b0;
    end else begin
      shown   <= !((push && count == 1) || (host_push && count == 0));
      settled <= shown && !back && !host_pop && !host_push && !host_set_turn;
      keep    <= push && !pop && !back;
      if (back)
        head <= back_to;
      else if ((pop && turn_ends) || host_pop)
        head <= next;

      if (advance)
        retired_head <= retired_head + 1'b1;

      if (host_push)
        count <= count + 1'b1;
      else if (host_pop || (retire && retire_leaves))
        count <= count - 1'b1;

      if (host_set_turn)
        {retired_open, retired_done} <= host_turn;
      else if (advance)
        {retired_open, retired_done} <= 9'd0;
      else if (retire)
        {retired_open, retired_done} <= {1'b1, retired_done + 8'd1};

      if (host_set_turn)
        {open, done} <= host_turn;
      else if (squash)
        {open, done} <= {retired_open, retired_done};
      else if (unpop || host_pop || pop)
        {open, done} <= (unpop || host_pop || turn_ends) ? 9'd0 : {1'b1, one_more};
    end

`ifdef HSX_ASSERT
  wire [RING_BITS-1:0] ahead = head - retired_head;
  always @(posedge clk)
    if (!rst) begin
      assert (!(pop && !wanted));
      assert (!(wanted && !valid));
      assert (!(pop && unpop));
      assert (!(host_pop && count == 0));
      // what a squash brings back lies between the heads and must survive pushes
      assert ({1'b0, ahead} + {1'b0, count} <= (1 << RING_BITS));
    end
`endif
endmodule

`default_nettype wire
