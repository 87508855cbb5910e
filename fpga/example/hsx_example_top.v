// SPDX-License-Identifier: Apache-2.0
// The core on an iCE40-HX8K breakout board, as small as it can be: two tasks
// count on four LEDs each.
//
// Code memory is 2 KiB of block RAM and data memory 1 KiB, which repeat through the
// core's 64 KiB: the host chooses arenas that do not meet modulo 1 KiB. The
// core keeps the register windows to itself, so they take nothing of it. The
// bytes of the word at data address 0x800, which lies in the page that all
// tasks may access, are LED registers: byte 0 shows on LEDs 3 to 0, byte 1 on 7
// to 4; reading them gives what the RAM holds there, the same value.
`include "hsx_retire.vh"
`default_nettype none

module hsx_example_top #(
  parameter ROM = "boot.hex"
) (
  input  wire       clk,
  output wire [7:0] leds
);
  localparam        CODE_BITS = 8;       // 256 words of each bank
  localparam        DATA_BITS = 8;       // 256 words
  localparam [13:0] LED_WORD  = 14'h200; // 0x800 / 4

  // Flip-flops are 0 after configuration: reset for the first eight cycles.
  reg [3:0] cycles;
  initial cycles = 4'd0;
  wire      rst = !cycles[3];
  always @(posedge clk)
    if (rst)
      cycles <= cycles + 4'd1;

  wire        code_en, data_en;
  wire [1:0]  code_we;
  wire [3:0]  data_we;
  wire [12:0] code_addr_even, code_addr_odd;
  wire [13:0] data_addr;
  wire [31:0] code_wdata, code_rdata_even, code_rdata_odd, data_wdata, data_rdata;

  hsx_example_ram #(.ADDR_BITS(CODE_BITS)) even_code_memory (
    .clk(clk), .en(code_en), .we({4{code_we[0]}}), .addr(code_addr_even[CODE_BITS-1:0]),
    .wdata(code_wdata), .rdata(code_rdata_even)
  );
  hsx_example_ram #(.ADDR_BITS(CODE_BITS)) odd_code_memory (
    .clk(clk), .en(code_en), .we({4{code_we[1]}}), .addr(code_addr_odd[CODE_BITS-1:0]),
    .wdata(code_wdata), .rdata(code_rdata_odd)
  );
  hsx_example_ram #(.ADDR_BITS(DATA_BITS)) data_memory (
    .clk(clk), .en(data_en), .we(data_we), .addr(data_addr[DATA_BITS-1:0]), .wdata(data_wdata),
    .rdata(data_rdata)
  );

  reg [3:0] low_leds, high_leds;
  wire      write_leds = data_en && (data_addr == LED_WORD);
  always @(posedge clk)
    if (rst) begin
      low_leds  <= 4'd0;
      high_leds <= 4'd0;
    end else begin
      if (write_leds && data_we[0])
        low_leds <= data_wdata[3:0];
      if (write_leds && data_we[1])
        high_leds <= data_wdata[11:8];
    end
  assign leds = {high_leds, low_leds};

  wire        wb_stb, wb_ack, held, booted;
  wire [19:2] wb_adr;
  wire [31:0] wb_dat;
  hsx_boot #(.ROM(ROM)) boot (
    .clk(clk), .rst(rst), .held(held), .wb_stb(wb_stb), .wb_adr(wb_adr), .wb_dat(wb_dat),
    .wb_ack(wb_ack), .done(booted)
  );

  // The program neither multiplies nor divides, and has no binary16.
  hsx_core #(.CONTEXTS(4), .HAS_MULDIV(0), .HAS_FP16(0)) core (
    .clk(clk), .rst(rst),
    .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_wdata(code_wdata),
    .code_rdata_even(code_rdata_even), .code_rdata_odd(code_rdata_odd),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata),
    .wb_cyc(wb_stb), .wb_stb(wb_stb), .wb_we(1'b1), .wb_adr(wb_adr), .wb_sel(4'hF),
    .wb_dat_i(wb_dat), .wb_ack(wb_ack), .held(held),
    // This host never reads and takes no traps; the retirement port is for harnesses.
    /* verilator lint_off PINCONNECTEMPTY */
    .wb_dat_o(), .idle(), .trap_valid(), .trap_kind(), .trap_slot(), .trap_imm(),
    /* verilator lint_on PINCONNECTEMPTY */
    `HSX_RET_OPEN
  );

  wire unused = &{1'b0, code_addr_even[12:CODE_BITS], code_addr_odd[12:CODE_BITS], booted};
endmodule

`default_nettype wire
