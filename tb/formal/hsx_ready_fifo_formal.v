// SPDX-License-Identifier: Apache-2.0
// hsx_ready_fifo against a plain model of it: two short lists, one as retirement
// sees the queue and one as issue sees it, and the instructions in flight.
//
// Proven: issue takes tasks in the order of the queue, rotated turn by turn; the
// turns' lengths by the slices that were pushed; what squash and unpop take back; that
// a queue that is not empty shows its head again soon after a change; and that a ring
// of 2^RING_BITS > tasks + instructions in flight loses no entry; that with two tasks or more
// the instruction behind the end of a turn is there in the next cycle, and another task's; and that
// a task waits for no more turns than there are other tasks. The RAM is the one of this
// directory. peek_x is wire x in the queue; see prove.cmake.
`default_nettype none

module hsx_ready_fifo_formal (
  input wire       clk,
  // What the pipeline and the host do: anything within the rules below.
  input wire       wanted, pop, unpop, retire, retire_leaves, retire_ends, squash,
  input wire [1:0] unpop_ends, host_slot,
  input wire [7:0] host_slice,
  input wire [8:0] host_turn,
  input wire       host_push, host_pop, host_set_turn,
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
  wire [8:0] turn;
  wire [2:0] count;

  hsx_ready_fifo #(.SLOT_BITS(2), .RING_BITS(RING)) dut (
    .clk(clk), .rst(rst), .valid(valid), .slot(slot), .first(first), .turn_ends(turn_ends),
    .wanted(wanted), .pop(pop), .unpop(unpop), .unpop_ends(unpop_ends), .retire(retire),
    .retire_leaves(retire_leaves), .retire_ends(retire_ends), .squash(squash), .host_push(host_push),
    .host_slot(host_slot), .host_slice(host_slice), .host_pop(host_pop),
    .host_set_turn(host_set_turn), .host_turn(host_turn), .count(count), .turn(turn)
  );

  // what proves it is about these, too
  wire [2:0]  peek_head, peek_retired_head;
  wire [7:0]  peek_done;
  wire        peek_open, peek_last, peek_settled, peek_shown, peek_keep;
  wire [1:0]  peek_kept;
  wire [10:0] peek_ring__q;
  wire [10:0] peek_ring__mem_at_0, peek_ring__mem_at_1, peek_ring__mem_at_2, peek_ring__mem_at_3;
  wire [10:0] peek_ring__mem_at_4, peek_ring__mem_at_5, peek_ring__mem_at_6, peek_ring__mem_at_7;

  // ---- the model ----

  // An entry is a slice and a slot. The queue as retirement sees it, head first, and
  // as issue sees it; the tasks in either; their open turns: whether there is one, and
  // its instructions so far.
  reg [9:0] q0 = 0, q1 = 0, q2 = 0;
  reg [9:0] i0 = 0, i1 = 0, i2 = 0;
  reg [1:0] n = 0;
  reg [8:0] q_turn = 0, i_turn = 0;
  reg       stale = 0; // a task left in the cycle before: squash now
  reg [1:0] close = 0; // cycles in which the turn that was popped from must wait
  reg       waits = 0; // an instruction was wanted and not popped
  reg       given_up = 0; // it is no longer wanted: nothing is before a squash

  // Instructions in flight, oldest first: whether it opened its turn, and ended it.
  reg [2:0] flight = 0;
  reg [3:0] f_first = 0, f_ends = 0;

  wire       opens = !i_turn[8];
  wire [7:0] done  = i_turn[7:0] + 8'd1;
  wire       ends  = opens ? i0[9:2] < 8'd2 : done == i0[9:2];
  wire       host  = host_push || host_pop || host_set_turn;
  wire [9:0] entry = {host_slice, host_slot};

  // what stays after a retire, and how many of the youngest go
  wire [2:0] rest        = flight - {2'd0, retire};
  wire [2:0] oldest_back = flight - taken_back;
  wire [3:0] back_mask   = (4'b1111 << oldest_back) & ~(4'b1111 << flight);
  wire [3:0] back_ends   = f_ends & back_mask;
  wire [2:0] ends_back   = {2'd0, back_ends[0]} + {2'd0, back_ends[1]} + {2'd0, back_ends[2]}
                         + {2'd0, back_ends[3]};

  always @* begin
    assume (!pop || wanted);
    assume (!wanted || (valid && !rst));
    assume (!(pop && unpop));
    assume (!pop || flight < FLIGHT || retire);
    assume (!(squash && (retire || unpop)));
    assume (!rst || !(retire || unpop || squash || host));
    // instructions of one turn are three cycles apart
    assume (close == 2'd0 || !wanted || squash || unpop);
    assume (!given_up || !wanted || squash);
    // instructions retire in order
    assume (!retire || (flight != 3'd0 && retire_ends == f_ends[0]));
    assume (!retire_leaves || retire);
    assume (stale == squash || !stale);
    // unpop takes back the youngest, from one that opened its turn on, but none that
    // retires
    assume (!unpop || (taken_back != 3'd0 && taken_back <= rest && taken_back <= 3'd3
                       && f_first[oldest_back[1:0]] && unpop_ends == ends_back[1:0]));
    // the host acts on an empty pipeline, one thing at a time
    assume (!host || (flight == 3'd0 && !stale && !wanted && !waits && !given_up && !squash
                      && close == 2'd0));
    assume ({1'b0, host_push} + {1'b0, host_pop} + {1'b0, host_set_turn} < 2'd2);
    assume (!host_push || n < TASKS);
    assume (!host_pop || (n != 2'd0 && valid));
    assume (!host_set_turn || host_turn == 9'd0 || (host_turn[8] && n != 2'd0));
  end

  // The issue list, and what of it moves
  wire       last = pop && ends && !squash;
  wire [1:0] back = squash ? 2'd0 : unpop ? unpop_ends : 2'd0;
  // rotating n tasks back by `back` is rotating them on by steps
  wire [1:0] steps = (n == 2'd3) ? ((back == 2'd3) ? 2'd0 : (back == 2'd0) ? 2'd0 : 2'd3 - back)
                   : (n == 2'd2) ? {1'b0, back[0]} : 2'd0;
  wire [1:0] on    = last ? ((n < 2'd2) ? 2'd0 : 2'd1) : steps;

  wire [9:0] r0 = (on == 2'd0) ? i0 : (on == 2'd1) ? i1 : i2;
  wire [9:0] r1 = (n == 2'd2) ? ((on == 2'd0) ? i1 : i0)
                : (on == 2'd0) ? i1 : (on == 2'd1) ? i2 : i0;
  wire [9:0] r2 = (on == 2'd0) ? i2 : (on == 2'd1) ? i0 : i1;

  always @(posedge clk) begin
    stale    <= retire_leaves;
    waits    <= wanted && !pop && !squash && !unpop;
    given_up <= !squash && !unpop && (given_up || (waits && !wanted));

    if (squash || unpop)
      close <= 2'd0;
    else if (pop && !ends)
      close <= 2'd2;
    else if (close != 2'd0)
      close <= close - 2'd1;

    // retirement
    if (host_push) begin
      if (n == 2'd0) q0 <= entry;
      if (n == 2'd1) q1 <= entry;
      if (n == 2'd2) q2 <= entry;
      n <= n + 2'd1;
    end else if (host_pop || retire_leaves) begin
      q0     <= q1;
      q1     <= q2;
      n      <= n - 2'd1;
      q_turn <= 9'd0;
    end else if (retire && retire_ends) begin
      q_turn <= 9'd0;
      if (n == 2'd2) begin
        q0 <= q1;
        q1 <= q0;
      end
      if (n == 2'd3) begin
        q0 <= q1;
        q1 <= q2;
        q2 <= q0;
      end
    end else if (retire)
      q_turn <= {1'b1, q_turn[7:0] + 8'd1};
    else if (host_set_turn)
      q_turn <= host_turn;

    // issue
    if (squash) begin
      i0 <= q0;
      i1 <= q1;
      i2 <= q2;
    end else if (host_push) begin
      if (n == 2'd0) i0 <= entry;
      if (n == 2'd1) i1 <= entry;
      if (n == 2'd2) i2 <= entry;
    end else if (host_pop) begin
      i0 <= i1;
      i1 <= i2;
    end else begin
      i0 <= r0;
      i1 <= r1;
      i2 <= r2;
    end

    if (host_set_turn)
      i_turn <= host_turn;
    else if (squash)
      i_turn <= q_turn;
    else if (host_pop || unpop || last)
      i_turn <= 9'd0;
    else if (pop)
      i_turn <= {1'b1, done};

    // the instructions in flight
    if (squash)
      flight <= 3'd0;
    else begin
      flight <= rest - (unpop ? taken_back : 3'd0) + {2'd0, pop};
      if (retire) begin
        f_first <= f_first >> 1;
        f_ends  <= f_ends >> 1;
      end
      if (pop) begin
        f_first[rest[1:0]] <= opens;
        f_ends[rest[1:0]]  <= ends;
      end
    end
  end

`ifdef HSX_REACH
  // The rules above leave room for all that matters: each of these must fail.
  reg [3:0] turns = 0;
  always @(posedge clk)
    if (last && turns != 4'd15)
      turns <= turns + 4'd1;
  always @(posedge clk) begin
    assert (!(turns == 4'd8 && n == 2'd3)); // once around the ring
    assert (!(unpop && ends_back == 3'd2 && n == 2'd3));
    assert (!(unpop && i_turn[8] && oldest_back != 3'd0));
    assert (!(last && i_turn == 9'h102)); // the third and last of its turn
    assert (!(squash && flight == 3'd4));
    assert (!(stale && !q_turn[8] && i_turn[8]));
  end

`else
  // ---- what holds ----

  reg [1:0] quiet = 0; // cycles without a change
  always @(posedge clk)
    if (rst || wanted || unpop || retire || squash || host)
      quiet <= 2'd0;
    else if (quiet != 2'd3)
      quiet <= quiet + 2'd1;

  always @(posedge clk)
    if (!rst) begin
      assert (count == {1'b0, n});
      assert (turn == q_turn);
      if (!stale) begin
        if (valid) begin
          assert (n != 2'd0);
          assert (slot == i0[1:0]);
          if (close == 2'd0 && !given_up)
            assert (turn_ends == ends);
        end
        assert (first == opens);
        if (quiet == 2'd3)
          assert (valid == (n != 2'd0));
      end
    end

  // ---- turns: nobody waits long, and nobody goes twice while another is ready ----

  wire distinct = (n < 2'd2 || q0[1:0] != q1[1:0])
               && (n < 2'd3 || (q0[1:0] != q2[1:0] && q1[1:0] != q2[1:0]));

  reg       took = 0; // the last instruction of a turn was taken in the cycle before
  reg [1:0] took_slot;
  always @(posedge clk) begin
    took      <= last && !unpop && !retire_leaves;
    took_slot <= i0[1:0];
  end

  always @(posedge clk)
    if (!rst && took && n > 2'd1 && !stale) begin
      assert (valid); // no cycle is lost
      if (distinct)
        assert (slot != took_slot);
    end

  // The turns of others since this task's last one, or since it was put in.
  (* anyconst *) reg [1:0] task_slot;
  reg [2:0] waited = 0;
  wire in_queue = (n > 2'd0 && q0[1:0] == task_slot) || (n > 2'd1 && q1[1:0] == task_slot)
               || (n > 2'd2 && q2[1:0] == task_slot);
  always @(posedge clk)
    if (!in_queue || (q0[1:0] == task_slot && (retire_leaves || (retire && retire_ends) || host_pop)))
      waited <= 3'd0;
    else if (retire_leaves || (retire && retire_ends) || host_pop)
      waited <= waited + 3'd1;

  always @(posedge clk)
    if (!rst)
      assert (!in_queue || !distinct || waited < TASKS);

  // ---- why it holds: each state that the queue can be in is like this ----
  //
  // With these the other assertions hold in one cycle if they did in the ones before, so for ever.

  function [10:0] in_ring(input [2:0] at);
    case (at)
      3'd0:    in_ring = peek_ring__mem_at_0;
      3'd1:    in_ring = peek_ring__mem_at_1;
      3'd2:    in_ring = peek_ring__mem_at_2;
      3'd3:    in_ring = peek_ring__mem_at_3;
      3'd4:    in_ring = peek_ring__mem_at_4;
      3'd5:    in_ring = peek_ring__mem_at_5;
      3'd6:    in_ring = peek_ring__mem_at_6;
      default: in_ring = peek_ring__mem_at_7;
    endcase
  endfunction
  function [10:0] as_entry(input [9:0] task_entry);
    as_entry = {task_entry[9:3] == 7'd0, task_entry};
  endfunction
  // The task that is at a place of the queue, counted on around it.
  function [9:0] queued(input [2:0] at);
    queued = (n < 2'd2) ? q0 : (n == 2'd2) ? (at[0] ? q1 : q0)
           : (at == 3'd1 || at == 3'd4 || at == 3'd7) ? q1
           : (at == 3'd2 || at == 3'd5) ? q2 : q0;
  endfunction
  function ring_right(input [2:0] at, input [3:0] filled);
    ring_right = {1'b0, at} >= filled || in_ring(peek_retired_head + at) == as_entry(queued(at));
  endfunction

  wire [3:0] in_flight = ~(4'b1111 << flight);
  wire [3:0] ended     = f_ends & in_flight;
  wire [2:0] ahead     = {2'd0, ended[0]} + {2'd0, ended[1]} + {2'd0, ended[2]} + {2'd0, ended[3]};
  // the instructions behind the last that ended its turn
  wire [2:0] since = ended[3] ? flight - 3'd4 : ended[2] ? flight - 3'd3
                   : ended[1] ? flight - 3'd2 : ended[0] ? flight - 3'd1 : flight;
  wire [3:0] filled = {2'd0, n} + (stale ? 4'd0 : {1'b0, ahead} + {3'd0, peek_keep});

  always @(posedge clk)
    if (!rst) begin
      assert (flight <= FLIGHT && n <= TASKS);
      assert (ring_right(3'd0, filled) && ring_right(3'd1, filled) && ring_right(3'd2, filled)
              && ring_right(3'd3, filled) && ring_right(3'd4, filled) && ring_right(3'd5, filled)
              && ring_right(3'd6, filled) && ring_right(3'd7, filled));
      assert (n == 2'd0 || q_turn[8] || q_turn == 9'd0);
      if (flight != 3'd0)
        assert (n != 2'd0 || stale);
      if (!stale) begin
        assert (peek_head == peek_retired_head + ahead);
        assert (n < 2'd1 || i0 == queued(ahead));
        assert (n < 2'd2 || i1 == queued(ahead + 3'd1));
        assert (n < 2'd3 || i2 == queued(ahead + 3'd2));
        assert ({peek_open, peek_done} == i_turn);
        if (flight != 3'd0)
          assert (f_first[0] == !q_turn[8]);
        assert (flight < 3'd2 || f_first[1] == f_ends[0]);
        assert (flight < 3'd3 || f_first[2] == f_ends[1]);
        assert (flight < 3'd4 || f_first[3] == f_ends[2]);
        if (ahead != 3'd0)
          assert (i_turn == (since == 3'd0 ? 9'd0 : {1'b1, 5'd0, since}));
        else
          assert (i_turn == (since == 3'd0 ? q_turn : {1'b1, q_turn[7:0] + {5'd0, since}}));
        if (!i_turn[8])
          assert (i_turn == 9'd0);
        if (peek_keep)
          assert (n != 2'd0 && waits && !given_up && ends && peek_kept == i0[1:0] && close == 2'd0);
        else if (peek_shown && n != 2'd0)
          assert (peek_ring__q == as_entry(i0));
        if (peek_settled && peek_shown && !peek_keep && !given_up && i_turn[8] && close < 2'd2 && n != 2'd0)
          assert (peek_last == (done == i0[9:2]));
        if (waits)
          assert (n != 2'd0 && (peek_keep || !ends));
        if (close != 2'd0)
          assert (i_turn[8]);
        if (given_up)
          assert (!waits);
      end
    end

  // A task has waited for as many turns as it has come forward, at most.
  wire [1:0] ahead_of = (q0[1:0] == task_slot) ? 2'd0 : (n > 2'd1 && q1[1:0] == task_slot) ? 2'd1 : 2'd2;
  always @(posedge clk)
    if (!rst && in_queue)
      assert (waited + {1'b0, ahead_of} < TASKS);
`endif
endmodule

`default_nettype wire
