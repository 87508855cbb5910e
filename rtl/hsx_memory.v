// SPDX-License-Identifier: Apache-2.0
// The memory stage: data memory and the register windows as one memory.
//
// An instruction sits in this stage while `live`; it may begin its first cycle
// only without kept_back and too_early. `done` is its last cycle. Nothing is written before the
// instruction has begun, and an instruction with `skip` (a fault, the end of a
// task) writes nothing. slow is a register of the stage before: it must be set for
// each access that touches a window or is not aligned to its size, and may be set
// for others.
//
// The whole pipeline hangs on `stall`, so that it is found out a cycle ahead: enters
// tells of an instruction that comes in at the end of this cycle if the stage does not
// stall, enters_waits that it is slow or never to begin, kept_next that what is in
// the stage in the next cycle will be kept back there. squash_all empties the stage, of
// all but an instruction that neither waits nor is kept back.
//
// One cycle: everything that makes no access, and accesses that are not slow; a
// load's word is then on the data port in the cycle after done.
// A slow access goes byte by byte, four times whatever the size:
//   begin, four times {act, read, take}, finish
// act reads or writes one byte, of the window RAM or at the data port, whichever
// holds it; read has what it was on window_q or the data port; take_byte turns `value`
// right by one byte, with `byte_in` at the top, and step_addr counts the address up, so
// that after the fourth a load's bytes are in place and zero-extended, and a store's
// value is what it was. Because the
// cycle after begin finds the write-back stage empty, an act sees every older
// write, and the window RAM's ports are free. An act on a window sets
// `touched_window`: younger instructions may have read stale operands or lost their
// read and must be squashed.
// The address of data memory, addr[15:2], is hsx_address's own output.
//
// Host accesses: while the core is held, host_start makes a slow access at addr, the
// bytes of host_we written or, if none is, all four read; host_done is its finish.
`default_nettype none

module hsx_memory #(
  parameter WINDOWS = 16
) (
  input  wire                  clk,
  input  wire                  rst,

  input  wire                  squash_all,
  input  wire                  live,
  input  wire                  slow,
  input  wire                  waits,        // slow, or never to begin
  input  wire                  enters,
  input  wire                  enters_waits,
  input  wire                  kept_next,
  input  wire                  kept_back,    // not to begin in this cycle: what kept_next was
  input  wire                  too_early,    // the same, for an instruction that waits
  input  wire                  skip,
  input  wire                  load,
  input  wire                  store,
  input  wire [1:0]            size,         // 0 byte, 1 half, 2 word
  input  wire [15:0]           addr,
  input  wire [31:0]           value,        // of a store
  output wire                  at_begin,
  output wire                  done,
  output wire                  stall,        // the stage keeps what it has
  output reg                   touched_window,
  output wire                  step_addr,
  output wire                  take_byte,
  output reg  [7:0]            byte_in,

  input  wire                  host_start,
  input  wire [3:0]            host_we,
  output wire                  host_done,

  output wire                  data_en,
  output wire [3:0]            data_we,
  output wire [31:0]           data_wdata,
  input  wire [31:0]           data_rdata,

  output wire                  window_write, // this stage owns the write ports
  output wire [3:0]            window_we,
  output wire                  window_read,  // this stage owns read port a
  input  wire [31:0]           window_q,     // the cycle after window_read
  output wire                  reading       // this is that cycle
);
  localparam [3:0] BEGIN  = 4'd0;
  localparam [3:0] ACT    = 4'd1;
  localparam [3:0] TAKE   = 4'd2;
  localparam [3:0] FINISH = 4'd4;
  localparam [3:0] READ   = 4'd8;

  localparam FIRST_WINDOW = 64; // 0x1000 / 64
  localparam WINDOWS_END  = FIRST_WINDOW + WINDOWS;
  // As many as a power of two, at most 64, differ in their low bits only.
  localparam ALIGNED      = WINDOWS <= 64 && (WINDOWS & (WINDOWS - 1)) == 0;

  (* fsm_encoding = "none" *)
  reg [3:0] state;
  wire      finish = state[2];
  wire      act    = state[0];
  wire      take   = state[1];
  wire      read   = state[3];
  reg       stalled;   // but not by a squash
  reg       host;
  reg [1:0] count;
  reg [1:0] lane;
  reg       from_window;
  reg       counts;    // the byte taken is part of the access

  // Which memory holds the byte of the next act is found out a cycle ahead.
  wire [7:0] window_number = addr[13:6];
  wire       is_window;
  reg        in_window;
  always @(posedge clk)
    in_window <= (addr[15:14] == 2'd0) && is_window;

  generate
    if (ALIGNED) begin : windows_aligned
      assign is_window = ((window_number ^ FIRST_WINDOW[7:0]) < WINDOWS[7:0]);
    end else begin : windows_not_aligned
      assign is_window = ({1'b0, window_number} >= FIRST_WINDOW[8:0])
                      && ({1'b0, window_number} < WINDOWS_END[8:0]);
    end
  endgenerate

  wire begins  = live && !kept_back && !too_early && (state == BEGIN);
  wire quick   = done && !slow;
  reg  wanted; // the byte of this act is part of the access; found out before
  reg  writing; // it is written; found out as early
  wire acts    = act && wanted;

  assign at_begin  = (state == BEGIN);
  assign done      = live && !stalled;
  assign stall     = stalled && !squash_all;
  assign step_addr = act;
  assign take_byte = take;
  assign host_done = finish && host;
  assign reading   = read;

  always @(posedge clk)
    if (rst) begin
      stalled        <= 1'b0;
      state          <= BEGIN;
      host           <= 1'b0;
      touched_window <= 1'b0;
    end else begin
      if (done)
        touched_window <= 1'b0;
      else if (acts && in_window && !host)
        touched_window <= 1'b1;

      // Only an instruction that takes several cycles is ever past BEGIN.
      if (!stall)
        stalled <= host_start || (enters && (enters_waits || kept_next));
      else if (state == BEGIN)
        stalled <= waits || kept_next;
      else
        stalled <= !take || count != 2'd0;

      if (state == BEGIN)
        host <= host_start;

      case (state)
        BEGIN:
          if (host_start)
            state <= ACT;
          else if (begins && slow)
            state <= !skip ? ACT : TAKE; // and on to FINISH: count is 0
        ACT:     state <= READ;
        READ:    state <= TAKE;
        TAKE:    state <= (count == 2'd0) ? FINISH : ACT;
        default: state <= BEGIN;
      endcase
    end

  wire for_host = host || host_start;
  always @(posedge clk) begin
    wanted  <= for_host        ? (host_we == 4'd0 || host_we[count])
             : (size == 2'd0)  ? (count == 2'd0)
             :                   (size[1] || !count[1]);
    writing <= for_host ? (host_we != 4'd0) : store;
  end

  always @(posedge clk)
    if (state == BEGIN)
      count <= 2'd0;
    else if (act)
      count <= count + 2'd1;

  // A value goes out once for each place its low bytes may have in the word.
  wire        by_byte  = act || (size == 2'd0);
  wire [3:0]  one_lane = 4'd1 << addr[1:0];
  wire [3:0]  lanes    = by_byte         ? one_lane
                       : (size == 2'd1)  ? {{2{addr[1]}}, {2{!addr[1]}}}
                       :                   4'hF;
  wire        whole    = !by_byte && size == 2'd2;

  assign data_en    = (quick && (load || store)) || (acts && !in_window);
  assign data_we    = ((quick && store && !skip) || (act && wanted && writing)) ? lanes : 4'd0;
  // The memories get the word's number from hsx_address.
  wire unused = &{1'b0, addr[5:2]};

  assign data_wdata = {whole ? value[31:24] : by_byte ? value[7:0] : value[15:8],
                       whole ? value[23:16] : value[7:0],
                       by_byte ? value[7:0] : value[15:8],
                       value[7:0]};

  assign window_write = acts && in_window && writing;
  assign window_we    = one_lane;
  assign window_read  = acts && in_window && !writing;

  always @(posedge clk)
    if (act) begin
      lane        <= addr[1:0];
      from_window <= in_window;
      counts      <= wanted;
    end

  // What comes of a window comes late.
  wire       of_window = from_window && counts && !writing;
  wire [7:0] window_byte = (lane == 2'd0) ? window_q[7:0] : (lane == 2'd1) ? window_q[15:8]
                         : (lane == 2'd2) ? window_q[23:16] : window_q[31:24];
  wire [7:0] data_byte   = (lane == 2'd0) ? data_rdata[7:0] : (lane == 2'd1) ? data_rdata[15:8]
                         : (lane == 2'd2) ? data_rdata[23:16] : data_rdata[31:24];
  (* keep *) wire [7:0] others;
  assign others = writing ? value[7:0] : data_byte & {8{counts && !from_window}};
  always @(posedge clk)
    byte_in <= others | (window_byte & {8{of_window}});
endmodule

`default_nettype wire
