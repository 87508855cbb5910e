// SPDX-License-Identifier: Apache-2.0
// A system around the core: memories, LEDs, pins, and a UART through which a PC is the core's
// host (docs/serial.md, docs/boards.md).
//
// One clock, but for clk_read, and synchronous active-high reset; uart_rx and pins_in may belong to other
// clocks. `leds` and `pins_out` show words of data memory (hsx_mirror); a pin is driven
// where pins_drive is 1. The timer makes ticks of a millisecond, if the host asks for them; with
// HAS_TRACE the host can read what the core does, and the core waits for it. CODE_WORDS and
// DATA_WORDS are what there is of the core's 64 KiB each; smaller memories repeat, if they are a
// power of two.
`default_nettype none
`include "hsx_retire.vh"

module hsx_soc #(
  parameter CLK_HZ     = 12000000,
  parameter BAUD       = 1000000,
  parameter TIMEOUT    = CLK_HZ / 100, // clocks between two bytes of a command
  parameter CONTEXTS   = 16,           // these as in hsx_core
  parameter WINDOWS    = CONTEXTS,
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1,
  parameter MUL_DSP    = 0,
  parameter CODE_BANKS = 2,
  parameter FETCH_STAGES = 1,
  parameter CODE_WORDS = 16384,        // even
  parameter DATA_WORDS = 16384,
  parameter SPRAM      = 0,            // see hsx_soc_ram; needs CODE_BANKS = 1
  parameter READ_CLOCK = 0,            // 1: data memory is read at clk_read: see hsx_soc_ram
  parameter LEDS       = 8,            // 1 to 32
  parameter PINS       = 8,            // 1 to 31
  parameter HAS_TRACE  = 0
) (
  input  wire            clk,
  input  wire            clk_read,       // used with READ_CLOCK
  input  wire            rst,
  input  wire            uart_rx,
  output wire            uart_tx,
  output wire [LEDS-1:0] leds,
  input  wire [PINS-1:0] pins_in,
  output wire [PINS-1:0] pins_out,
  output wire [PINS-1:0] pins_drive
);
  localparam DIVIDER     = (CLK_HZ + BAUD / 2) / BAUD;
  localparam BANK_BITS   = $clog2(CODE_WORDS / CODE_BANKS);
  localparam DATA_BITS   = $clog2(DATA_WORDS);

  // ---- UART and bridge ----

  wire [7:0]  rx_data, tx_data;
  wire        rx_valid, rx_broken, tx_valid, tx_ready;
  wire        wb_stb, wb_we;
  wire [19:2] wb_adr;
  wire [31:0] wb_write, wb_read;
  wire        wb_ack;

  hsx_uart_rx #(.DIVIDER(DIVIDER)) receiver (
    .clk(clk), .rst(rst), .line(uart_rx), .data(rx_data), .valid(rx_valid), .broken(rx_broken)
  );
  hsx_uart_tx #(.DIVIDER(DIVIDER)) sender (
    .clk(clk), .rst(rst), .line(uart_tx), .data(tx_data), .valid(tx_valid), .ready(tx_ready)
  );
  hsx_uart_bridge #(.TIMEOUT(TIMEOUT)) bridge (
    .clk(clk), .rst(rst), .rx_data(rx_data), .rx_valid(rx_valid), .rx_broken(rx_broken),
    .tx_data(tx_data), .tx_valid(tx_valid), .tx_ready(tx_ready), .wb_stb(wb_stb), .wb_we(wb_we),
    .wb_adr(wb_adr), .wb_dat_o(wb_write), .wb_dat_i(wb_read), .wb_ack(wb_ack)
  );

  // ---- the bus: the core's host port, the system page behind it, and nothing further up ----

  wire        in_core = (wb_adr[19:18] == 2'd0);
  wire        in_page = (wb_adr[19:18] == 2'd1);
  wire        core_ack, page_ack;
  wire [31:0] core_read, page_read;

  assign wb_ack  = in_core ? core_ack : page_ack;
  assign wb_read = in_core ? core_read : in_page ? page_read : 32'd0;

  wire [13:0] led_place, pin_place;
  wire        timer_enable, timer_taken, held;
  wire [7:0]  timer_waiting;
  wire        timed_stb, timed_we, timed_ack, core_stb, core_we, port_ack;
  wire [19:2] timed_adr, core_adr;
  wire [31:0] timed_write, core_write;
  wire        trace_enable, trace_clear, trace_taken, trace_lost, trace_full;
  wire [15:0] trace_clock;
  wire [31:0] trace_word;

  hsx_soc_page #(.CLK_HZ(CLK_HZ), .CODE_BYTES(4 * CODE_WORDS), .DATA_BYTES(4 * DATA_WORDS),
    .LEDS(LEDS), .PINS(PINS), .HAS_TRACE(HAS_TRACE)) page (
    .clk(clk), .rst(rst), .wb_stb(wb_stb && !in_core), .wb_we(wb_we && in_page),
    .wb_word(wb_adr[5:2]), .wb_dat_i(wb_write), .wb_dat_o(page_read), .wb_ack(page_ack),
    .led_place(led_place), .pin_place(pin_place), .pins_drive(pins_drive), .pins_in(pins_in),
    .timer_enable(timer_enable), .timer_taken(timer_taken), .timer_waiting(timer_waiting),
    .trace_enable(trace_enable), .trace_clear(trace_clear), .trace_taken(trace_taken),
    .trace_lost(trace_lost), .trace_clock(trace_clock), .trace_word(trace_word)
  );

  hsx_soc_timer #(.CLK_HZ(CLK_HZ)) timer (
    .clk(clk), .rst(rst), .enable(timer_enable), .taken(timer_taken), .waiting(timer_waiting),
    .held(held), .host_stb(wb_stb && in_core), .host_we(wb_we), .host_adr(wb_adr),
    .host_dat(wb_write), .host_ack(core_ack), .core_stb(timed_stb), .core_we(timed_we),
    .core_adr(timed_adr), .core_dat(timed_write), .core_read(core_read), .core_ack(timed_ack)
  );

  // ---- the trace ----

  /* verilator lint_off UNUSEDSIGNAL */ // without a trace
  `HSX_RET_WIRES
  /* verilator lint_on UNUSEDSIGNAL */

  generate
    if (HAS_TRACE != 0) begin : has_trace
      hsx_soc_trace trace (
        .clk(clk), .enable(trace_enable), .clear(trace_clear), .held(held), .taken(trace_taken),
        .word(trace_word), .full(trace_full), .lost(trace_lost), .clock(trace_clock),
        `HSX_RET_CONNECT
      );
      hsx_soc_brake brake (
        .clk(clk), .rst(rst), .full(trace_full), .held(held), .host_stb(timed_stb),
        .host_we(timed_we), .host_adr(timed_adr), .host_dat(timed_write), .host_ack(timed_ack),
        .core_stb(core_stb), .core_we(core_we), .core_adr(core_adr), .core_dat(core_write),
        .core_ack(port_ack)
      );
    end else begin : no_trace
      assign core_stb    = timed_stb;
      assign core_we     = timed_we;
      assign core_adr    = timed_adr;
      assign core_write  = timed_write;
      assign timed_ack   = port_ack;
      assign trace_word  = 32'hFFFFFFFF;
      assign trace_full  = 1'b0;
      assign trace_lost  = 1'b0;
      assign trace_clock = 16'd0;
    end
  endgenerate

  // ---- core and memories ----

  genvar n;
  // With a fast clock an access of the host has no time for both the choice of its source and the core. The
  // strobe of the one that ends must not begin another.
  wire        port_stb, port_we;
  wire [19:2] port_adr;
  wire [31:0] port_write;

  generate
    if (FETCH_STAGES == 2) begin : late_bus
      reg        stb_q, we_q;
      reg [19:2] adr_q;
      reg [31:0] write_q;

      always @(posedge clk) begin
        stb_q   <= core_stb && !port_ack && !rst;
        we_q    <= core_we;
        adr_q   <= core_adr;
        write_q <= core_write;
      end

      assign port_stb   = stb_q;
      assign port_we    = we_q;
      assign port_adr   = adr_q;
      assign port_write = write_q;
    end else begin : early_bus
      assign port_stb   = core_stb;
      assign port_we    = core_we;
      assign port_adr   = core_adr;
      assign port_write = core_write;
    end
  endgenerate

  wire        code_en, data_en;
  wire [1:0]  code_we;
  wire [3:0]  data_we;
  wire [14-CODE_BANKS:0] code_addr_even;
  wire [12:0] code_addr_odd;
  localparam COPIES = (READ_CLOCK != 0) ? 4 : 0; // of the data address: one for each byte
  wire [14*COPIES+13:0] data_addr;
  wire [4*DATA_BITS-1:0] lane_addr;
  wire [31:0] code_wdata, code_rdata_even, code_rdata_odd, data_wdata, data_rdata;

  hsx_soc_ram #(.WORDS(CODE_WORDS / CODE_BANKS), .SPRAM(SPRAM), .ADDR_BITS(BANK_BITS))
    even_code_memory (
    .clk(clk), .clk_read(1'b0), .lane_addr({(4*BANK_BITS){1'b0}}), .en(code_en), .we({4{code_we[0]}}),
    .addr(code_addr_even[BANK_BITS-1:0]), .wdata(code_wdata), .rdata(code_rdata_even)
  );
  generate
    if (CODE_BANKS == 2) begin : two_banks
      hsx_soc_ram #(.WORDS(CODE_WORDS / 2), .ADDR_BITS(BANK_BITS)) odd_code_memory (
        .clk(clk), .clk_read(1'b0), .lane_addr({(4*BANK_BITS){1'b0}}), .en(code_en),
        .we({4{code_we[1]}}), .addr(code_addr_odd[BANK_BITS-1:0]), .wdata(code_wdata),
        .rdata(code_rdata_odd)
      );
    end else begin : one_bank
      assign code_rdata_odd = 32'd0;
    end
  endgenerate
  generate
    for (n = 0; n < 4; n = n + 1) begin : lane
      localparam COPY = (READ_CLOCK != 0) ? n + 1 : 0;
      assign lane_addr[DATA_BITS*n +: DATA_BITS] = data_addr[14*COPY +: DATA_BITS];
    end
  endgenerate
  hsx_soc_ram #(.WORDS(DATA_WORDS), .SPRAM(SPRAM), .READ_CLOCK(READ_CLOCK),
    .ADDR_BITS(DATA_BITS)) data_memory (
    .clk(clk), .clk_read(clk_read), .lane_addr(lane_addr), .en(data_en), .we(data_we & {4{data_en}}),
    .addr(data_addr[DATA_BITS-1:0]), .wdata(data_wdata), .rdata(data_rdata)
  );

  hsx_mirror #(.WIDTH(LEDS)) led_mirror (
    .clk(clk), .rst(rst), .place(led_place), .data_en(data_en), .data_we(data_we),
    .data_addr(data_addr[13:0]), .data_wdata(data_wdata[LEDS-1:0]), .shown(leds)
  );
  hsx_mirror #(.WIDTH(PINS)) pin_mirror (
    .clk(clk), .rst(rst), .place(pin_place), .data_en(data_en), .data_we(data_we),
    .data_addr(data_addr[13:0]), .data_wdata(data_wdata[PINS-1:0]), .shown(pins_out)
  );

  hsx_core #(.CONTEXTS(CONTEXTS), .WINDOWS(WINDOWS), .HAS_MULDIV(HAS_MULDIV),
    .HAS_FP16(HAS_FP16), .MUL_DSP(MUL_DSP), .CODE_BANKS(CODE_BANKS),
    .FETCH_STAGES(FETCH_STAGES), .DATA_COPIES(COPIES)) core (
    .clk(clk), .rst(rst),
    .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_wdata(code_wdata),
    .code_rdata_even(code_rdata_even), .code_rdata_odd(code_rdata_odd),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata),
    .wb_cyc(port_stb), .wb_stb(port_stb), .wb_we(port_we), .wb_adr(port_adr),
    .wb_sel(4'hF), .wb_dat_i(port_write), .wb_dat_o(core_read), .wb_ack(port_ack), .held(held),
    // The host polls STATUS.
    /* verilator lint_off PINCONNECTEMPTY */
    .idle(), .trap_valid(), .trap_kind(), .trap_slot(), .trap_imm(),
    /* verilator lint_on PINCONNECTEMPTY */
    `HSX_RET_CONNECT
  );

  // One bank, or a smaller memory, needs fewer; not every system has a trace.
  wire unused = &{1'b0, code_we, code_addr_even, code_addr_odd, clk_read, data_addr, trace_enable, trace_clear,
                  trace_taken, trace_full};
endmodule

`default_nettype wire
