// hsx_ready_fifo against a plain model of it: two short lists, one as retirement
// sees the queue and one as issue sees it, and the instructions in flight.
//
// Proven: issue takes tasks in the order of the queue, rotated turn by turn; the
// turns' lengths; what flush, unpop and reopen take back; that a queue that is not
// empty shows its head again soon after a change; and that a ring of
// 2^RING_BITS > tasks + instructions in flight loses no entry. The RAM is the one
// of this directory.
`default_nettype none

module hsx_ready_fifo_formal (
  input wire       clk,
  // What the pipeline and the host do: anything within the rules below.
  input wire       wanted, pop, reopen, unpop, commit, commit_leave, flush,
  input wire [7:0] reopen_left, unpop_left, commit_left, host_left,
  input wire [1:0] unpop_ends, host_slot,
  input wire       host_push, host_pop, host_set_left,
  input wire [2:0] taken_back // how many instructions unpop takes back
);
  localparam TASKS  = 3;
  localparam FLIGHT = 4;
  localparam RING   = 3; // 8 >= TASKS + FLIGHT + 1

  reg rst = 1'b1;
  always @(posedge clk)
    rst <= 1'b0;

  wire       valid, first, turn_ends;
  wire [1:0] slot;
  wire [7:0] left_after, turn_left;
  wire [2:0] count;

  hsx_ready_fifo #(.SLOT_BITS(2), .RING_BITS(RING)) fifo (
    .clk(clk), .rst(rst), .valid(valid), .slot(slot), .first(first), .left_after(left_after),
    .turn_ends(turn_ends), .wanted(wanted), .pop(pop), .reopen(reopen), .reopen_left(reopen_left),
    .unpop(unpop), .unpop_ends(unpop_ends), .unpop_left(unpop_left), .commit(commit),
    .commit_leave(commit_leave), .commit_left(commit_left), .flush(flush), .host_push(host_push),
    .host_slot(host_slot), .host_pop(host_pop), .host_set_left(host_set_left),
    .host_left(host_left), .count(count), .turn_left(turn_left)
  );

  // ---- the model ----

  reg [1:0] q0 = 0, q1 = 0, q2 = 0; // the queue as retirement sees it, head first
  reg [1:0] i0 = 0, i1 = 0, i2 = 0; // as issue sees it
  reg [1:0] n = 0;                  // tasks in either
  reg [7:0] q_left = 0, i_left = 0; // of the open turn, as each sees it
  reg       stale = 0;              // a task left in the cycle before: flush now
  reg       fresh = 0;              // an opening instruction was taken in the cycle before

  // Instructions in flight, oldest first: whether it moved the head on, what was
  // left of its turn before it, and after it.
  reg [2:0] flight = 0;
  reg [3:0] f_ends = 0;
  reg [7:0] b0 = 0, b1 = 0, b2 = 0, b3 = 0;
  reg [7:0] a0 = 0, a1 = 0, a2 = 0, a3 = 0;

  wire opens = (i_left == 8'd0);
  wire ends  = opens || (i_left == 8'd1);
  wire host  = host_push || host_pop || host_set_left;

  // what stays after a commit, and how many of the youngest go
  wire [2:0] rest        = flight - {2'd0, commit};
  wire [2:0] oldest_back = flight - taken_back;
  wire [7:0] before_back = (oldest_back == 3'd0) ? b0 : (oldest_back == 3'd1) ? b1
                         : (oldest_back == 3'd2) ? b2 : b3;
  wire [3:0] back_mask   = (4'b1111 << oldest_back) & ~(4'b1111 << flight);
  wire [3:0] back_ends   = f_ends & back_mask;
  wire [2:0] ends_back   = {2'd0, back_ends[0]} + {2'd0, back_ends[1]} + {2'd0, back_ends[2]}
                         + {2'd0, back_ends[3]};

  always @* begin
    assume (!pop || wanted);
    assume (!wanted || (valid && !rst));
    assume (!(pop && (reopen || unpop)));
    assume (!pop || flight < FLIGHT || commit);
    assume (!(flush && (commit || unpop)));
    assume (!rst || !(commit || unpop || reopen || flush || host));
    // a turn of several instructions is found one cycle after it opened
    assume (!reopen || (fresh && reopen_left != 8'd0 && reopen_left < 8'd4));
    // instructions retire in order, once their turn is known
    assume (!commit || (flight > {2'd0, fresh} && commit_left == a0));
    assume (!commit_leave || commit);
    assume (stale == flush || !stale);
    // unpop takes back the youngest, but none that retires
    assume (!unpop || (taken_back != 3'd0 && taken_back <= rest && taken_back <= 3'd3
                       && unpop_ends == ends_back[1:0] && unpop_left == before_back));
    // the host acts on an empty pipeline, one thing at a time
    assume (!host || (flight == 3'd0 && !stale && !wanted && !flush && !fresh));
    assume ({1'b0, host_push} + {1'b0, host_pop} + {1'b0, host_set_left} < 2'd2);
    assume (!host_push || n < TASKS);
    assume (!host_pop || (n != 2'd0 && valid));
    assume (!host_set_left || (n != 2'd0 && host_left < 8'd4));
  end

  // The issue list, and what of it moves
  wire       turn = pop && ends && !flush;
  wire [1:0] back = flush ? 2'd0 : unpop ? unpop_ends : reopen ? 2'd1 : 2'd0;
  // rotating n tasks back by `back` is rotating them on by steps
  wire [1:0] steps = (n == 2'd3) ? ((back == 2'd3) ? 2'd0 : (back == 2'd0) ? 2'd0 : 2'd3 - back)
                   : (n == 2'd2) ? {1'b0, back[0]} : 2'd0;
  wire [1:0] on    = turn ? ((n < 2'd2) ? 2'd0 : 2'd1) : steps;

  wire [1:0] r0 = (on == 2'd0) ? i0 : (on == 2'd1) ? i1 : i2;
  wire [1:0] r1 = (n == 2'd2) ? ((on == 2'd0) ? i1 : i0)
                : (on == 2'd0) ? i1 : (on == 2'd1) ? i2 : i0;
  wire [1:0] r2 = (on == 2'd0) ? i2 : (on == 2'd1) ? i0 : i1;

  always @(posedge clk) begin
    stale <= commit_leave;
    fresh <= pop && opens && !flush;

    // retirement
    if (host_push) begin
      if (n == 2'd0) q0 <= host_slot;
      if (n == 2'd1) q1 <= host_slot;
      if (n == 2'd2) q2 <= host_slot;
      n <= n + 2'd1;
    end else if (host_pop || commit_leave) begin
      q0     <= q1;
      q1     <= q2;
      n      <= n - 2'd1;
      q_left <= 8'd0;
    end else if (commit) begin
      q_left <= commit_left;
      if (commit_left == 8'd0) begin
        if (n == 2'd2) begin
          q0 <= q1;
          q1 <= q0;
        end
        if (n == 2'd3) begin
          q0 <= q1;
          q1 <= q2;
          q2 <= q0;
        end
      end
    end else if (host_set_left)
      q_left <= host_left;

    // issue
    if (flush) begin
      i0 <= q0;
      i1 <= q1;
      i2 <= q2;
    end else if (host_push) begin
      if (n == 2'd0) i0 <= host_slot;
      if (n == 2'd1) i1 <= host_slot;
      if (n == 2'd2) i2 <= host_slot;
    end else if (host_pop) begin
      i0 <= i1;
      i1 <= i2;
    end else begin
      i0 <= r0;
      i1 <= r1;
      i2 <= r2;
    end

    if (host_set_left)
      i_left <= host_left;
    else if (host_pop)
      i_left <= 8'd0;
    else if (flush)
      i_left <= q_left;
    else if (unpop)
      i_left <= unpop_left;
    else if (reopen)
      i_left <= reopen_left;
    else if (pop && !opens)
      i_left <= i_left - 8'd1;

    // the instructions in flight
    if (flush)
      flight <= 3'd0;
    else begin
      flight <= rest - (unpop ? taken_back : 3'd0) + {2'd0, pop};
      if (commit) begin
        f_ends <= f_ends >> 1;
        {b3, b2, b1, b0} <= {8'd0, b3, b2, b1};
        {a3, a2, a1, a0} <= {8'd0, a3, a2, a1};
      end
      if (pop)
        case (rest)
          3'd0:    begin f_ends[0] <= ends; b0 <= i_left; a0 <= opens ? 8'd0 : i_left - 8'd1; end
          3'd1:    begin f_ends[1] <= ends; b1 <= i_left; a1 <= opens ? 8'd0 : i_left - 8'd1; end
          3'd2:    begin f_ends[2] <= ends; b2 <= i_left; a2 <= opens ? 8'd0 : i_left - 8'd1; end
          default: begin f_ends[3] <= ends; b3 <= i_left; a3 <= opens ? 8'd0 : i_left - 8'd1; end
        endcase
      if (reopen && !unpop)
        case (rest)
          3'd1:    begin f_ends[0] <= 1'b0; a0 <= reopen_left; end
          3'd2:    begin f_ends[1] <= 1'b0; a1 <= reopen_left; end
          3'd3:    begin f_ends[2] <= 1'b0; a2 <= reopen_left; end
          default: begin f_ends[3] <= 1'b0; a3 <= reopen_left; end
        endcase
    end
  end

`ifndef HSX_REACH
  // ---- what holds ----

  reg [1:0] quiet = 0; // cycles without a change
  always @(posedge clk)
    if (rst || wanted || reopen || unpop || commit || flush || host)
      quiet <= 2'd0;
    else if (quiet != 2'd3)
      quiet <= quiet + 2'd1;

  always @(posedge clk)
    if (!rst) begin
      assert (count == {1'b0, n});
      assert (turn_left == q_left);
      if (!stale) begin
        if (valid) begin
          assert (n != 2'd0);
          assert (slot == i0);
        end
        assert (first == opens);
        assert (turn_ends == ends);
        if (!opens)
          assert (left_after == i_left - 8'd1);
        if (quiet == 2'd3)
          assert (valid == (n != 2'd0));
      end
    end

`else
  // The rules above leave room for all that matters: each of these must fail.
  reg [3:0] turns = 0;
  always @(posedge clk)
    if (pop && ends && !flush && turns != 4'd15)
      turns <= turns + 4'd1;
  always @(posedge clk) begin
    assert (!(turns == 4'd8 && n == 2'd3)); // once around the ring
    assert (!(unpop && ends_back == 3'd2 && n == 2'd3));
    assert (!(flush && flight == 3'd4));
    assert (!(stale && q_left == 8'd0 && i_left != 8'd0));
  end
`endif
endmodule

`default_nettype wire
