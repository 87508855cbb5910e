// SPDX-License-Identifier: Apache-2.0
// The host port's promises to its master and to the core: one acknowledge for
// each access, within 16 cycles or, for counters, 36; one effect at most, on the
// right strobe; none on memories, contexts, queue and counters while the core
// runs. And, with HSX_COUNTERS, those of the counters behind it: each, and each sum
// of several, shows what has happened.
`default_nettype none

module hsx_host_formal (
  input wire        clk,
  input wire        stb, we,
  input wire [19:2] adr,
  input wire [3:0]  sel,
  input wire [31:0] dat,
  input wire        data_done,
  input wire [31:0] data_rdata, code_rdata,
  input wire [16:0] field_rdata,
  input wire        go, stop, retires, ticks, steps, tick_due,
  input wire [2:0]  lost_cause,
  input wire [3:0]  cause, queue_head,
  input wire [7:0]  trap_slot,
  input wire [8:0]  turn,
  input wire [4:0]  queue_count
);
`include "hsx_host_map.vh"

  reg rst = 1'b1;
  always @(posedge clk)
    rst <= 1'b0;

  wire [31:0] dat_o, wdata, value, total;
  wire        ack, data_en, code_en, code_we, field_we, queue_push, queue_pop, set_turn, reg_we;
  wire [3:0]  slot, data_we, field;
  wire [13:0] addr;
  wire [5:0]  reg_addr;
  wire        total_write, few, wraps;
  wire [4:0]  total_read, total_row;

  // ---- a core that runs and is held, with anything that may happen in it ----

  reg       running = 1'b1;
  reg [2:0] drain = 3'b000;
  reg [2:0] tick = 3'b000;
  wire      held      = drain[2] && !running;
  wire      retire    = running && retires;
  wire      counted   = retire && steps;
  wire      tick_fire = running && ticks;
  wire      event_written = reg_we && reg_addr == `HSX_HOST_COUNT_EVENT;

  always @(posedge clk)
    if (rst) begin
      running <= 1'b1;
      drain   <= 3'd0;
      tick    <= 3'd0;
    end else begin
      if (running ? stop : (go && held))
        running <= !running;
      drain <= running ? 3'd0 : {drain[1:0], 1'b1};
      tick  <= {tick[1:0], tick_fire};
    end

  hsx_host #(.CONTEXTS(16), .WINDOWS(16), .SLOT_BITS(4), .RING_BITS(5)) host (
    .clk(clk), .rst(rst), .wb_cyc(stb), .wb_stb(stb), .wb_we(we), .wb_adr(adr), .wb_sel(sel),
    .wb_dat_i(dat), .wb_dat_o(dat_o), .wb_ack(ack), .held(held), .slot(slot), .addr(addr),
    .wdata(wdata), .data_en(data_en), .data_we(data_we), .data_done(data_done),
    .data_rdata(data_rdata), .code_en(code_en), .code_we(code_we), .code_rdata(code_rdata), .field(field),
    .field_we(field_we), .field_rdata(field_rdata), .queue_push(queue_push),
    .queue_pop(queue_pop), .set_turn(set_turn), .total_read(total_read),
    .total_write(total_write), .total_row(total_row), .value(value), .value_sum(total),
    .reg_we(reg_we), .reg_addr(reg_addr), .running(running), .tick_due(tick_due), .cause(cause),
    .trap_slot(trap_slot), .queue_head(queue_head), .queue_count(queue_count),
    .turn(turn)
  );

  hsx_totals totals (
    .clk(clk), .rst(rst), .running(running), .counted(counted), .committed(retire), .revoked(1'b0), .tick_fire(tick_fire),
    .tick(tick), .lost_cause(lost_cause), .host_event(event_written), .host_read(total_read),
    .host_write(total_write), .host_row(total_row), .operand(value), .word(total), .few(few), .wraps(wraps)
  );

  // ---- what the master and the core promise ----

  reg        started = 0; // an access has begun and is not acknowledged
  reg        was_we, was_held;
  reg [19:2] was_adr;
  reg [3:0]  was_sel;
  reg [31:0] was_dat;
  reg [5:0]  age = 0;
  reg [1:0]  effects = 0; // strobes seen in this access

  reg [3:0]  accessing = 0; // cycles since data_en without a data_done
  always @(posedge clk)
    accessing <= (rst || data_done) ? 4'd0
               : (data_en || accessing != 4'd0) ? accessing + 4'd1
               :                                  4'd0;

  wire begins = stb && !started && !ack && !rst;

  always @* begin
    // a classic cycle is held until its acknowledge
    if (started || ack)
      assume (stb && we == was_we && adr == was_adr && sel == was_sel && dat == was_dat);
    // the memory stage answers each access once, after at most 13 cycles
    assume (data_done ? accessing != 4'd0 : accessing < 4'd13);
    // only this port lets a held core go
    if (started || begins)
      assume (running || !go);
    // an event of a task or a tick in a cycle, no event behind a tick, and the core
    // is not held there but for the alarm, with the tick
    assume (!(retires && ticks));
    if (tick != 3'd0)
      assume (!retires && !ticks);
    if (tick[0] || tick[1])
      assume (!stop);
    // 7 is no cause
    assume (lost_cause != 3'd7);
  end

  wire       control  = (adr[17:16] == `HSX_HOST_CONTROL);
  wire       mapped   = (adr[19:18] == 2'd0);
  wire       to_push  = (adr[17:16] == `HSX_HOST_CONTEXT) && adr[5:2] == `HSX_CONTEXT_PUSH;
  wire [31:0] counters = `HSX_HOST_COUNTERS;
  wire       to_total = mapped && control && (adr[7:2] >= `HSX_HOST_LOST_SLOTS || counters[adr[6:2]]);
  wire       allowed  = mapped && (was_held || (control && adr[7:2] <= `HSX_HOST_HOLD_MASK));
  wire [2:0] strobes  = {2'd0, data_en} + {2'd0, code_en} + {2'd0, field_we} + {2'd0, queue_pop}
                      + {2'd0, reg_we};

  always @(posedge clk)
    if (rst) begin
      started <= 1'b0;
      age     <= 6'd0;
      effects <= 2'd0;
    end else if (begins) begin
      started  <= 1'b1;
      was_we   <= we;
      was_adr  <= adr;
      was_sel  <= sel;
      was_dat  <= dat;
      was_held <= held;
      age      <= 6'd0;
      effects  <= 2'd0;
    end else begin
      if (ack)
        started <= 1'b0;
      age <= started ? age + 6'd1 : 6'd0;
      if (strobes != 3'd0)
        effects <= effects + 2'd1;
    end

  // ---- what the port promises ----

  reg ack_before = 0;
  always @(posedge clk)
    ack_before <= ack && !rst;

  wire [31:0] status = {turn[7:0], 3'd0, queue_count,
                        queue_pop ? {4'd0, queue_head} : trap_slot, cause, turn[8], running,
                        tick_due, held};

`ifndef HSX_COUNTERS
  always @(posedge clk)
    if (!rst) begin
      if (ack)
        assert (started && !ack_before);
      if (started)
        assert (age < (to_total ? 6'd37 : 6'd21));
      assert (strobes < 3'd2);
      if (strobes != 3'd0)
        assert (started && allowed && effects == 2'd0);
      assert (queue_push == (field_we && to_push));
      // which strobe, and what is with it
      if (data_en)
        assert (adr[17:16] == `HSX_HOST_DATA && addr == adr[15:2] && data_we == (we ? sel : 4'd0));
      if (code_en)
        assert (adr[17:16] == `HSX_HOST_CODE && addr == adr[15:2] && code_we == (we && sel == 4'hF));
      if (field_we && !queue_push)
        assert (adr[17:16] == `HSX_HOST_CONTEXT && we && slot == adr[9:6] && field == adr[5:2]);
      if (we && (data_en || code_en || field_we))
        assert (wdata == dat);
      if (queue_push)
        assert (to_push && we && field_we && slot == adr[9:6] && field == `HSX_CONTEXT_STATE);
      if (reg_we)
        assert (control && we && reg_addr == adr[7:2] && (!was_held || value == dat));
      if (queue_pop)
        assert (control && !we && adr[7:2] == `HSX_HOST_QUEUE_POP && ack);
      if (set_turn)
        assert (reg_we && adr[7:2] == `HSX_HOST_TURN);
      assert (!total_write || (started && allowed && we && to_total));
      // what the counters add is not the host's from the core's second cycle on
      if (running && drain == 3'd0)
        assert (value == 32'd0);
      // an access that is allowed and has an effect to make has made it
      if (ack && (we || adr[17:16] == `HSX_HOST_DATA || adr[17:16] == `HSX_HOST_CODE))
        assert (effects == {1'b0, allowed});
      // what is read
      if (ack && !we && !allowed && !control)
        assert (dat_o == 32'd0);
      if (ack && !we && control && adr[7:2] <= `HSX_HOST_STEP_BUDGET)
        assert (dat_o == status);
    end

  reg [31:0] read_before;
  always @(posedge clk)
    if (data_done || adr[17:16] != `HSX_HOST_DATA)
      read_before <= (adr[17:16] == `HSX_HOST_DATA) ? data_rdata
                   : (adr[17:16] == `HSX_HOST_CODE) ? code_rdata
                   :                        {15'd0, field_rdata};

  always @(posedge clk)
    if (!rst && ack && !we && allowed && !control)
      assert (dat_o == read_before);
`else

  // ---- what the counters promise ----

  (* anyconst *) reg [5:0] counter;
  reg  [31:0] expected = 0;
  wire        behind_tick = tick[0] || tick[1] || tick[2];
  wire        is_lost = running && !retire && !tick_fire;
  wire        happens = (counter == `HSX_HOST_STEPS)  ? counted
                      : (counter == `HSX_HOST_ORDER)  ? retire || tick_fire || event_written
                      : (counter == `HSX_HOST_CYCLES) ? running
                      : (counter == `HSX_HOST_NOW)    ? tick_fire
                      : is_lost && counter == `HSX_HOST_LOST_SLOTS
                                              + {3'd0, behind_tick ? `HSX_LOST_TICK : lost_cause};
  wire        counter_written = reg_we && to_total;

  always @* begin
    assume ((counter >= `HSX_HOST_STEPS && counter <= `HSX_HOST_NOW)
            || (counter >= `HSX_HOST_LOST_SLOTS
                && counter <= `HSX_HOST_LOST_SLOTS + {3'd0, `HSX_LOST_SQUASH}));
    // no access but to this counter, or of the host's event: that makes it quicker
    if (stb)
      assume (adr[19:8] == 12'h300 && (adr[7:2] == counter || (we && adr[7:2] == `HSX_HOST_COUNT_EVENT)));
    // a sum is only looked at when none of its parts has been written
    if (counter >= `HSX_HOST_ORDER && counter <= `HSX_HOST_NOW)
      assume (!counter_written);
  end

  always @(posedge clk)
    if (rst)
      expected <= 32'd0;
    else if (counter_written && reg_addr == counter)
      expected <= dat;
    else if (happens)
      expected <= expected + (event_written ? dat : 32'd1);

  always @(posedge clk)
    if (!rst && ack && !we && allowed && to_total && adr[7:2] == counter)
      assert (dat_o[2:0] == expected[2:0]); // whose adder is as good further up
`endif
endmodule

`default_nettype wire
