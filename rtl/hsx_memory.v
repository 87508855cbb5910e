// The memory stage: data memory and the register windows as one memory, and the
// wait for long operations.
//
// An instruction sits in this stage while `live`; it may begin its first cycle
// only with `begin_ok`. `done` is its last cycle. Nothing is written before the
// instruction has begun, and an instruction with `skip` (a fault, the end of a
// task) writes nothing. slow and several are registers of the stage before:
// slow must be set for each access that touches a window or crosses into the next
// word, and may be set for others.
//
// One cycle: everything that makes no access, and aligned accesses outside the
// windows; a load's bytes are then on `loaded` in the cycle after done. All
// else takes more:
//   begin, [high word], low word, [take], finish
// for slow accesses. Each beat goes
// to the window RAM or to the data port, whichever holds that word. Because the
// cycle after begin finds the write-back stage empty, a beat sees every older
// write, and the window RAM's ports are free. A beat that uses them sets
// `touched_window`: younger instructions may have read stale operands or lost
// their read and must be squashed.
//   slow POP: R15 is written in finish, rd one cycle later.
//   RET: begin, finish; the word is on the data port in finish, or, if slow, came
//     as `loaded` with `take_load`.
//   long operation: begin, keep (long_start), wait, take (take_long), finish.
//     keep reads the old rd for a result that leaves rd's high half alone.
//
// Host accesses: while the core is held, host_en makes a beat at addr.
`default_nettype none

module hsx_memory #(
  parameter WINDOWS    = 16,
  parameter INDEX_BITS = 4
) (
  input  wire                  clk,
  input  wire                  rst,

  input  wire                  live,
  input  wire                  slow,        // a load or store that needs beats
  input  wire                  several,     // slow, or pop, ret or long_op
  input  wire                  begin_ok,
  input  wire                  skip,
  input  wire                  load,
  input  wire                  store,
  input  wire                  pop,         // POP, not RET
  input  wire                  long_op,
  input  wire                  keep_high,
  input  wire [1:0]            size,        // 0 byte, 1 half, 2 word
  input  wire [15:0]           addr,
  input  wire                  straddle,
  input  wire [31:0]           store_data,
  input  wire [INDEX_BITS-1:0] own_window,
  input  wire [3:0]            rd,
  input  wire [15:0]           new_sp,
  output wire                  at_begin,
  output wire                  done,
  output wire                  stall,       // live, but not done
  output wire                  touched_window,
  output wire                  result_from_load, // done: the result is `loaded`, next cycle
  output wire                  take_load,
  output wire                  take_long,
  output wire                  long_start,
  input  wire                  long_done,

  input  wire                  host_en,
  input  wire [3:0]            host_we,

  output wire [31:0]           loaded,      // aligned, zero-extended
  output wire [31:0]           word,        // the last beat's word, not aligned
  output wire [15:0]           old_high,    // of rd, with take_long

  output wire                  data_en,
  output wire [3:0]            data_we,
  output wire [13:0]           data_addr,
  output wire [31:0]           data_wdata,
  input  wire [31:0]           data_rdata,

  output wire                    window_write, // this stage owns the write port
  output wire [3:0]              window_we,
  output wire [INDEX_BITS+3:0]   window_waddr,
  output wire [31:0]             window_wdata,
  output wire                    window_read,  // this stage owns read port a
  output wire [INDEX_BITS+3:0]   window_raddr,
  input  wire [31:0]             window_q
);
  // FINISH is a bit of its own: the stall of the whole pipeline hangs on it.
  localparam [3:0] BEGIN  = 4'd0;
  localparam [3:0] HIGH   = 4'd1;
  localparam [3:0] LOW    = 4'd2;
  localparam [3:0] TAKE   = 4'd3;
  localparam [3:0] KEEP   = 4'd4;
  localparam [3:0] WAIT   = 4'd5;
  localparam [3:0] FINISH = 4'd8;

  localparam FIRST_WINDOW = 64; // 0x1000 / 64
  localparam WINDOWS_END  = FIRST_WINDOW + WINDOWS;

  (* fsm_encoding = "none" *)
  reg [3:0]  state;
  wire       finish = state[3];
  reg        touched;
  reg        long_ready;
  reg [1:0]  align_offset;
  reg [1:0]  align_size;
  reg        from_window;
  reg [31:0] high_word;

  // A beat is one word; the windows lie below 0x4000. Which memory holds the word
  // of the next cycle's beat is found out a cycle ahead.
  wire [13:0] low_beat  = addr[15:2];
  wire [13:0] high_beat = addr[15:2] + 14'd1;
  wire [13:0] beat      = (state == HIGH) ? high_beat : low_beat;
  wire [13:4] next_beat = (state == BEGIN && live && straddle) ? high_beat[13:4] : low_beat[13:4];
  wire [7:0]  next_window = next_beat[11:4];
  reg         in_window;

  always @(posedge clk)
    in_window <= (next_beat[13:12] == 2'd0) && ({1'b0, next_window} >= FIRST_WINDOW[8:0])
              && ({1'b0, next_window} < WINDOWS_END[8:0]);
  wire [INDEX_BITS-1:0] window_index;
  generate
    if (INDEX_BITS == 7) begin : index_of_128
      assign window_index = {beat[11], beat[9:4]};
    end else begin : index_low_bits
      assign window_index = beat[4 +: INDEX_BITS];
    end
  endgenerate

  wire access  = (load || store) && !skip;
  wire begins  = live && begin_ok && (state == BEGIN);
  wire quick   = begins && access && !slow;
  wire beats   = state == HIGH || state == LOW || host_en; // to either memory
  wire beating = quick || beats;
  wire writing = host_en ? (host_we != 4'd0) : store;

  assign at_begin         = (state == BEGIN);
  // Only an instruction that takes several cycles is ever past BEGIN.
  assign done             = live && (finish || (begin_ok && !several));
  assign stall            = live && !finish && (!begin_ok || several);
  assign touched_window   = touched;
  assign result_from_load = load && !skip && begins;
  assign take_load        = (state == TAKE) && !long_op;
  assign take_long        = (state == TAKE) && long_op;
  assign long_start       = (state == KEEP);

  always @(posedge clk)
    if (rst) begin
      state   <= BEGIN;
      touched <= 1'b0;
    end else begin
      if (done)
        touched <= 1'b0;
      else if (window_read || (window_write && !finish))
        touched <= !host_en;

      case (state)
        BEGIN:
          if (begins && several)
            state <= skip             ? FINISH
                   : long_op          ? KEEP
                   : slow && straddle ? HIGH
                   : slow             ? LOW
                   :                    FINISH;
        HIGH:    state <= LOW;
        LOW:     state <= store ? FINISH : TAKE;
        KEEP:    state <= WAIT;
        WAIT:    if (long_ready || long_done) state <= TAKE;
        TAKE:    state <= FINISH;
        default: state <= BEGIN;
      endcase
    end

  always @(posedge clk)
    if (long_start)
      long_ready <= 1'b0;
    else if (long_done)
      long_ready <= 1'b1;

  // Stores: the bytes rotated to their lanes serve both beats.
  wire [7:0]  lanes      = ((size == 2'd0) ? 8'h01 : (size == 2'd1) ? 8'h03 : 8'h0F) << addr[1:0];
  wire [3:0]  store_we   = host_en ? host_we : (state == HIGH) ? lanes[7:4] : lanes[3:0];
  wire [31:0] rotated    = (addr[1:0] == 2'd0) ? store_data
                         : (addr[1:0] == 2'd1) ? {store_data[23:0], store_data[31:24]}
                         : (addr[1:0] == 2'd2) ? {store_data[15:0], store_data[31:16]}
                         :                       {store_data[7:0], store_data[31:8]};

  assign data_en    = quick || (beats && !in_window);
  assign data_we    = writing ? store_we : 4'd0;
  assign data_addr  = beat;
  assign data_wdata = rotated;

  wire pops         = finish && pop && !skip;
  assign window_write = (beats && in_window && writing) || pops;
  assign window_we    = pops ? 4'hF : store_we;
  assign window_waddr = pops ? {own_window, 4'd15} : {window_index, beat[3:0]};
  assign window_wdata = pops ? {16'd0, new_sp} : rotated;
  assign window_read  = (beats && in_window && !writing) || (state == KEEP && keep_high);
  assign window_raddr = (state == KEEP) ? {own_window, rd} : {window_index, beat[3:0]};

  always @(posedge clk) begin
    if (beating || state == KEEP) begin
      align_offset <= addr[1:0];
      align_size   <= size;
      from_window  <= window_read;
    end
    if (state == LOW || state == WAIT)
      high_word <= word;
  end

  assign word     = from_window ? window_q : data_rdata;
  assign old_high = high_word[31:16];

  wire [31:0] shifted = (align_offset == 2'd0) ? word
                      : (align_offset == 2'd1) ? {high_word[7:0], word[31:8]}
                      : (align_offset == 2'd2) ? {high_word[15:0], word[31:16]}
                      :                          {high_word[23:0], word[31:24]};
  assign loaded = {(align_size == 2'd2) ? shifted[31:16] : 16'd0,
                   (align_size != 2'd0) ? shifted[15:8] : 8'd0, shifted[7:0]};
endmodule

`default_nettype wire
