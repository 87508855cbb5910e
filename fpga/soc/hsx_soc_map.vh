// SPDX-License-Identifier: Apache-2.0
// Made from rtl/tables/soc_map.def by tables_gen; the build target core-tables makes it
// anew, a test fails when it is stale.
`ifndef HSX_SOC_MAP_VH
`define HSX_SOC_MAP_VH

// Registers: words of the page.
`define HSX_SOC_ID 4'd0
`define HSX_SOC_CLOCK 4'd1
`define HSX_SOC_CODE_BYTES 4'd2
`define HSX_SOC_DATA_BYTES 4'd3
`define HSX_SOC_LED_ADDRESS 4'd4
`define HSX_SOC_PIN_ADDRESS 4'd5
`define HSX_SOC_PIN_DRIVE 4'd6
`define HSX_SOC_PINS_IN 4'd7
`define HSX_SOC_TIMER 4'd8
`define HSX_SOC_TRACE 4'd9
`define HSX_SOC_TRACE_WORD 4'd10

// Bits of registers, to be used as a part select.
`define HSX_SOC_ID_LEDS 7:0
`define HSX_SOC_ID_PINS 15:8
`define HSX_SOC_ID_HAS_TRACE 16:16
`define HSX_SOC_ID_VERSION 31:24
`define HSX_SOC_TIMER_ENABLE 0:0
`define HSX_SOC_TIMER_WAITING 15:8
`define HSX_SOC_TRACE_ENABLE 0:0
`define HSX_SOC_TRACE_LOST 1:1
`define HSX_SOC_TRACE_CLOCK 31:16
`define HSX_SOC_TRACE_WORD_EVENT 2:0
`define HSX_SOC_TRACE_WORD_SLOT 9:3
`define HSX_SOC_TRACE_WORD_PSW 13:10
`define HSX_SOC_TRACE_WORD_TURN_FIRST 14:14
`define HSX_SOC_TRACE_WORD_TURN_ROTATE 15:15
`define HSX_SOC_TRACE_WORD_RD_WE 16:16
`define HSX_SOC_TRACE_WORD_RD 20:17
`define HSX_SOC_TRACE_WORD_R15_WE 21:21
`define HSX_SOC_TRACE_WORD_MEM_RE 22:22
`define HSX_SOC_TRACE_WORD_MEM_WE 23:23
`define HSX_SOC_TRACE_WORD_EXT 24:24
`define HSX_SOC_TRACE_WORD_ELSEWHERE 25:25
`define HSX_SOC_TRACE_WORD_ORDER 31:26
`define HSX_SOC_VERSION 8'd1

// Word addresses of data memory.
`define HSX_SOC_LED_DEFAULT 14'h03FE
`define HSX_SOC_PIN_DEFAULT 14'h03FF

`endif
