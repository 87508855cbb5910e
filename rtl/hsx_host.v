// SPDX-License-Identifier: Apache-2.0
// Host port: Wishbone B4 classic cycles to the core's memories, contexts, queue,
// counters and control registers.
//
// They may be touched while the core is held; meanwhile the pipeline carries `slot`
// through all stages, so that every context field appears at the output of its own
// RAM. While the core runs CTRL and HOLD_MASK can be written, STATUS and ID can be
// read; other accesses are acknowledged without effect and, but for the control page
// (there some read as STATUS), read 0. One access at a time; all inputs of the port must
// stay until the acknowledge.
// It comes 3 cycles after the strobe for control registers, 7 for code memory and
// writes of counters, 19 for data memory, 16 for contexts, 35 for reads of counters.
//
// A read collects its word in `value`, through the adder of hsx_totals: a counter is
// the sum of several rows there. What the host writes is in `value` too.
`default_nettype none

module hsx_host #(
  parameter CONTEXTS   = 16,
  parameter WINDOWS    = 16,
  parameter HAS_MULDIV = 1, // these two for ID
  parameter HAS_FP16   = 1,
  parameter SLOT_BITS  = 4,
  parameter RING_BITS  = 5,
  parameter SKIP_IDLE  = 0  // 1, for simulators: registers rest while the core runs without an access
) (
  input  wire                 clk,
  input  wire                 rst,

  input  wire                 wb_cyc,
  input  wire                 wb_stb,
  input  wire                 wb_we,
  input  wire [19:2]          wb_adr,
  input  wire [3:0]           wb_sel,
  input  wire [31:0]          wb_dat_i,
  output wire [31:0]          wb_dat_o,
  output reg                  wb_ack,

  input  wire                 held,
  output wire [SLOT_BITS-1:0] slot,
  output wire [13:0]          addr,     // word address in a memory
  output wire [31:0]          wdata,    // 0 while the core runs
  output reg                  data_en,
  output wire [3:0]           data_we,
  input  wire                 data_done,
  input  wire [31:0]          data_rdata, // with data_done
  output wire                 code_en,
  output wire                 code_we,
  input  wire [31:0]          code_rdata,
  output wire [3:0]           field,    // of a context
  output reg                  field_we,
  input  wire [16:0]          field_rdata,
  output reg                  queue_push, // field_we of the state comes with it
  output reg                  queue_pop,  // with the acknowledge
  output reg                  set_turn,

  output wire [4:0]           total_read, // see hsx_totals
  output wire                 total_write,
  output wire [4:0]           total_row,
  output wire [31:0]          value,
  input  wire [31:0]          value_sum,

  output reg                  reg_we,
  output wire [5:0]           reg_addr,
  input  wire                 running,
  input  wire                 tick_due,
  input  wire [3:0]           cause,
  input  wire [7:0]           trap_slot,
  input  wire [SLOT_BITS-1:0] queue_head,
  input  wire [RING_BITS-1:0] queue_count,
  input  wire [8:0]           turn
);
`include "hsx_host_map.vh"

  wire [31:0] id;
  assign id[`HSX_HOST_ID_VERSION]    = `HSX_HOST_MAP_VERSION;
  assign id[23:18]                   = 6'd0;
  assign id[`HSX_HOST_ID_HAS_FP16]   = (HAS_FP16 != 0);
  assign id[`HSX_HOST_ID_HAS_MULDIV] = (HAS_MULDIV != 0);
  assign id[`HSX_HOST_ID_CONTEXTS]   = CONTEXTS[7:0];
  assign id[`HSX_HOST_ID_WINDOWS]    = WINDOWS[7:0];

  wire [31:0] counters = `HSX_HOST_COUNTERS;

  wire       begins    = wb_cyc && wb_stb && !wb_ack;
  reg        busy;
  reg        allowed;
  reg        total;  // one of hsx_totals
  reg        ending; // the cycle before the acknowledge
  reg [5:0]  step;
  reg [31:0] collected;
  reg        shows_status, shows_id;

  wire [1:0] region    = wb_adr[17:16];
  wire [5:0] word      = wb_adr[7:2];
  wire       in_data   = (region == `HSX_HOST_DATA);
  wire       in_code   = (region == `HSX_HOST_CODE);
  wire       in_memory = in_data || in_code;
  wire       control   = (region == `HSX_HOST_CONTROL);
  wire       of_task   = (region == `HSX_HOST_CONTEXT);
  wire       counts    = counters[word[4:0]];

  wire allows = wb_adr[19:18] == 2'd0 && (held || (control && word[5:2] == 4'd0 && word[1:0] != 2'd3));
  wire writes = begins && allows && control && wb_we;

  wire push = &wb_adr[5:2];

  wire act  = busy && allowed && !ending
           && (in_memory ? step[3:0] == 4'd2
               : of_task ? step[3] && step[2] && !step[0]
               :           step == 6'd0);
  wire last = busy && !ending
           && (!allowed         ? 1'b1
               : in_data        ? data_done
               : in_memory      ? step[2]
               : of_task        ? step[3] && step[2] && step[0]
               : total          ? (wb_we ? step[2] : step[5])
               :                  1'b1);
  wire take = ending && allowed;

  assign slot       = wb_adr[6 +: SLOT_BITS];
  assign addr       = wb_adr[15:2];
  assign wdata      = collected;
  assign data_we    = wb_we ? wb_sel : 4'd0;
  assign code_en    = act && in_code;
  assign code_we    = code_en && wb_we && (wb_sel == 4'hF);
  // Field 15 is the state again; writing it puts the slot into the queue, too.
  assign field      = {wb_adr[5:4], wb_adr[3] && !push, wb_adr[2]};
  assign reg_addr   = word;

  // All rows go by; those are added that the counter consists of.
  wire [3:0] counter = {word[5], word[2:0]};
  wire [3:0] passing = step[4:1];
  wire       wanted  = (passing == counter)
                    || (counter == `HSX_ROW_ORDER && (passing == `HSX_ROW_STEPS || passing == `HSX_ROW_CYCLES))
                    || (counter == `HSX_ROW_CYCLES && (passing == `HSX_ROW_STEPS || passing[3]))
                    || (counter == `HSX_ROW_NOW && passing == `HSX_ROW_ALARM_BEFORE);
  wire       writes_total = busy && allowed && total && wb_we;

  assign total_read  = (busy && allowed && total && !wb_we && wanted) ? step[4:0] : 5'd0;
  // The second row of a counter becomes 0.
  assign total_write = writes_total && !step[2] && !step[1];
  assign total_row   = {counter, step[0]};
  assign value       = collected;

  wire take_code  = take && in_code;
  wire take_field = take && of_task;

  // Kept as a net: two cells a bit then, of which synthesis makes three.
  (* keep *) wire [31:0] taken;
  assign taken = (data_rdata & {32{data_done}}) | (code_rdata & {32{take_code}});

  wire active; // low: no register would change
  generate
    if (SKIP_IDLE != 0) begin : skips_idle
      reg awake;
      assign active = rst || held || wb_stb || busy || awake;
      always @(posedge clk)
        awake <= rst || held || wb_stb || busy || ending || wb_ack;
    end else begin : never_skips
      assign active = 1'b1;
    end
  endgenerate

  // In the first cycle of `held` the adder may still count.
  reg  was_held;
  wire clear = busy ? !(held && was_held) || (writes_total && step[0]) : !(wb_we && held);

  always @(posedge clk)
    if (active)
      was_held <= held;

  always @(posedge clk)
    if (!active) begin
    end else if (clear)
      collected <= 32'd0;
    else if (!busy)
      collected <= wb_dat_i;
    else
      collected <= value_sum | taken | {15'd0, field_rdata & {17{take_field}}};

  wire [7:0] shown_slot = queue_pop ? {{(8-SLOT_BITS){1'b0}}, queue_head} : trap_slot;
  wire [8:0]  count = {{(9-RING_BITS){1'b0}}, queue_count};
  wire [31:0] status;
  assign status[`HSX_HOST_STATUS_TURN]      = turn[7:0];
  assign status[`HSX_HOST_STATUS_COUNT]     = count[7:0];
  assign status[`HSX_HOST_STATUS_SLOT]      = shown_slot;
  assign status[`HSX_HOST_STATUS_CAUSE]     = cause;
  assign status[`HSX_HOST_STATUS_TURN_OPEN] = turn[8];
  assign status[`HSX_HOST_STATUS_RUNNING]   = running;
  assign status[`HSX_HOST_STATUS_TICK_DUE]  = tick_due;
  assign status[`HSX_HOST_STATUS_HELD]      = held;
  wire        unused = &{1'b0, count[8]}; // there are at most 137 in the queue

  assign wb_dat_o = collected | (shows_status ? status : 32'd0) | (shows_id ? id : 32'd0);

  always @(posedge clk)
    if (!active) begin
    end else if (rst) begin
      busy   <= 1'b0;
      ending <= 1'b0;
      wb_ack <= 1'b0;
    end else begin
      ending <= last;
      wb_ack <= ending;
      if (!busy)
        busy <= begins;
      else if (ending)
        busy <= 1'b0;
    end

  // Some are registers because RAMs hang on them.
  always @(posedge clk)
    if (active) begin
      data_en      <= !rst && act && in_data;
      field_we     <= !rst && act && of_task && wb_we;
      queue_push   <= !rst && act && of_task && wb_we && push;
      queue_pop    <= !rst && take && control && word == `HSX_HOST_QUEUE_POP && !wb_we;
      shows_status <= ending && control && !word[4] && !total;
      shows_id     <= ending && control && word[4] && !total;
    end

  always @(posedge clk)
    if (!active) begin
    end else if (!busy) begin
      step    <= 6'd0;
      allowed <= allows;
      // LOST_SLOTS has the upper half of the words.
      total   <= control && (|(word & `HSX_HOST_LOST_SLOTS) || counts);
    end else
      step <= step + 6'd1;

  // Registers, as the ready queue and the budget hang on them: a comparison of the address in
  // the same cycle would be in the core's longest paths.
  always @(posedge clk)
    if (active) begin
      reg_we   <= !rst && !busy && writes;
      set_turn <= !rst && !busy && writes && word == `HSX_HOST_TURN;
    end
endmodule

`default_nettype wire
