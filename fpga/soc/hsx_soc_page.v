// SPDX-License-Identifier: Apache-2.0
// The page of the system's own registers (docs/soc_map.md): what system this
// is, which words of data memory the LEDs and pins show, what the pins read, the timer, and the
// trace.
//
// A Wishbone slave, classic standard cycles; the acknowledge comes a cycle after the strobe.
// Pins that come in are sampled for the host alone: a task sees them when the host
// writes them to its memory, which has its place in the order of events.
`default_nettype none
`include "hsx_soc_map.vh"

module hsx_soc_page #(
  parameter CLK_HZ     = 12000000,
  parameter CODE_BYTES = 65536,
  parameter DATA_BYTES = 65536,
  parameter LEDS       = 8,
  parameter PINS       = 8,
  parameter HAS_TRACE  = 0
) (
  input  wire            clk,
  input  wire            rst,

  input  wire            wb_stb,  // cyc too
  input  wire            wb_we,
  input  wire [3:0]      wb_word, // of the page
  /* verilator lint_off UNUSEDSIGNAL */ // as many bits as there are pins
  input  wire [31:0]     wb_dat_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output reg  [31:0]     wb_dat_o,
  output reg             wb_ack,

  output reg  [13:0]     led_place, // word addresses
  output reg  [13:0]     pin_place,
  output reg  [PINS-1:0] pins_drive,
  input  wire [PINS-1:0] pins_in,

  output reg             timer_enable,
  output wire            timer_taken,
  input  wire [7:0]      timer_waiting,

  output reg             trace_enable,
  output wire            trace_clear,
  output wire            trace_taken,   // trace_word has been read
  input  wire            trace_lost,
  input  wire [15:0]     trace_clock,
  input  wire [31:0]     trace_word
);
  wire write = wb_stb && wb_we && !wb_ack;

  reg [PINS-1:0] sampled, settled;

  always @(posedge clk) begin
    sampled <= pins_in;
    settled <= sampled;
  end

  wire [31:0] id;
  assign id[`HSX_SOC_ID_LEDS]    = LEDS[7:0];
  assign id[`HSX_SOC_ID_PINS]    = PINS[7:0];
  assign id[`HSX_SOC_ID_HAS_TRACE] = (HAS_TRACE != 0);
  assign id[23:17]               = 7'd0;
  assign id[`HSX_SOC_ID_VERSION] = `HSX_SOC_VERSION;

  always @(posedge clk) begin
    wb_ack <= wb_stb && !wb_ack && !rst;
    case (wb_word)
      `HSX_SOC_ID:         wb_dat_o <= id;
      `HSX_SOC_CLOCK:      wb_dat_o <= CLK_HZ;
      `HSX_SOC_CODE_BYTES: wb_dat_o <= CODE_BYTES;
      `HSX_SOC_DATA_BYTES: wb_dat_o <= DATA_BYTES;
      `HSX_SOC_PINS_IN:    wb_dat_o <= {{(32-PINS){1'b0}}, settled};
      `HSX_SOC_TIMER:      wb_dat_o <= {16'd0, timer_waiting, 7'd0, timer_enable};
      `HSX_SOC_TRACE:      wb_dat_o <= {trace_clock, 14'd0, trace_lost, trace_enable};
      `HSX_SOC_TRACE_WORD: wb_dat_o <= trace_word;
      default:             wb_dat_o <= 32'd0;
    endcase
  end

  always @(posedge clk)
    if (rst) begin
      led_place  <= `HSX_SOC_LED_DEFAULT;
      pin_place  <= `HSX_SOC_PIN_DEFAULT;
      pins_drive <= {PINS{1'b0}};
      timer_enable <= 1'b0;
      trace_enable <= 1'b0;
    end else if (write)
      case (wb_word)
        `HSX_SOC_LED_ADDRESS: led_place  <= wb_dat_i[15:2];
        `HSX_SOC_PIN_ADDRESS: pin_place  <= wb_dat_i[15:2];
        `HSX_SOC_PIN_DRIVE:   pins_drive <= wb_dat_i[PINS-1:0];
        `HSX_SOC_TIMER:       timer_enable <= wb_dat_i[0];
        `HSX_SOC_TRACE:       trace_enable <= (HAS_TRACE != 0) && wb_dat_i[0];
        default: ;
      endcase

  assign timer_taken = write && wb_word == `HSX_SOC_TIMER && wb_dat_i[1];
  assign trace_clear = rst || (write && wb_word == `HSX_SOC_TRACE);
  assign trace_taken = wb_stb && !wb_we && !wb_ack && wb_word == `HSX_SOC_TRACE_WORD;
endmodule

`default_nettype wire
