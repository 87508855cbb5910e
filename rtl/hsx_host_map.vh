// SPDX-License-Identifier: Apache-2.0
// Made from rtl/tables/host_map.def by tables_gen; the build target core-tables makes it
// anew, a test fails when it is stale.
`ifndef HSX_HOST_MAP_VH
`define HSX_HOST_MAP_VH

// Regions: bits 17 to 16 of an address, and with _ADDR their first byte.
`define HSX_HOST_DATA 2'd0
`define HSX_HOST_DATA_ADDR 20'h00000
`define HSX_HOST_CODE 2'd1
`define HSX_HOST_CODE_ADDR 20'h10000
`define HSX_HOST_CONTEXT 2'd2
`define HSX_HOST_CONTEXT_ADDR 20'h20000
`define HSX_HOST_CONTROL 2'd3
`define HSX_HOST_CONTROL_ADDR 20'h30000

// Fields of a context.
`define HSX_CONTEXT_PC 4'd0
`define HSX_CONTEXT_SP 4'd1
`define HSX_CONTEXT_REG_BASE 4'd2
`define HSX_CONTEXT_STACK_LIMIT 4'd3
`define HSX_CONTEXT_STACK_TOP 4'd4
`define HSX_CONTEXT_CODE_BASE 4'd5
`define HSX_CONTEXT_CODE_LEN 4'd6
`define HSX_CONTEXT_DATA_BASE 4'd7
`define HSX_CONTEXT_DATA_LEN 4'd8
`define HSX_CONTEXT_CALL_DEPTH 4'd9
`define HSX_CONTEXT_PSW 4'd10
`define HSX_CONTEXT_SLICE 4'd11
`define HSX_CONTEXT_FLAGS 4'd12
`define HSX_CONTEXT_STATE 4'd13
`define HSX_CONTEXT_PUSH 4'd15

// Registers: words of the control page, and their first byte.
`define HSX_HOST_CTRL 6'h00
`define HSX_HOST_CTRL_ADDR 20'h30000
`define HSX_HOST_STATUS 6'h01
`define HSX_HOST_STATUS_ADDR 20'h30004
`define HSX_HOST_HOLD_MASK 6'h02
`define HSX_HOST_HOLD_MASK_ADDR 20'h30008
`define HSX_HOST_STEP_BUDGET 6'h03
`define HSX_HOST_STEP_BUDGET_ADDR 20'h3000C
`define HSX_HOST_STEPS 6'h04
`define HSX_HOST_STEPS_ADDR 20'h30010
`define HSX_HOST_ORDER 6'h05
`define HSX_HOST_ORDER_ADDR 20'h30014
`define HSX_HOST_CYCLES 6'h06
`define HSX_HOST_CYCLES_ADDR 20'h30018
`define HSX_HOST_NOW 6'h07
`define HSX_HOST_NOW_ADDR 20'h3001C
`define HSX_HOST_ALARM_BEFORE 6'h09
`define HSX_HOST_ALARM_BEFORE_ADDR 20'h30024
`define HSX_HOST_TICK_STEPS 6'h0A
`define HSX_HOST_TICK_STEPS_ADDR 20'h30028
`define HSX_HOST_TICK_LEFT 6'h0B
`define HSX_HOST_TICK_LEFT_ADDR 20'h3002C
`define HSX_HOST_QUEUE_POP 6'h0D
`define HSX_HOST_QUEUE_POP_ADDR 20'h30034
`define HSX_HOST_TURN 6'h0F
`define HSX_HOST_TURN_ADDR 20'h3003C
`define HSX_HOST_COUNT_EVENT 6'h10
`define HSX_HOST_COUNT_EVENT_ADDR 20'h30040
`define HSX_HOST_ALARM 6'h11
`define HSX_HOST_ALARM_ADDR 20'h30044
`define HSX_HOST_ID 6'h1F
`define HSX_HOST_ID_ADDR 20'h3007C
`define HSX_HOST_LOST_SLOTS 6'h20
`define HSX_HOST_LOST_SLOTS_ADDR 20'h30080

// Which of the words below LOST_SLOTS hsx_totals keeps, a bit each, and its rows.
`define HSX_HOST_COUNTERS 32'h000006F0
`define HSX_ROW_STEPS 4'd4
`define HSX_ROW_ORDER 4'd5
`define HSX_ROW_CYCLES 4'd6
`define HSX_ROW_NOW 4'd7
`define HSX_ROW_ALARM_BEFORE 4'd1
`define HSX_ROW_TICK_STEPS 4'd2

// Bits of registers, to be used as a part select.
`define HSX_HOST_STATUS_HELD 0:0
`define HSX_HOST_STATUS_TICK_DUE 1:1
`define HSX_HOST_STATUS_RUNNING 2:2
`define HSX_HOST_STATUS_TURN_OPEN 3:3
`define HSX_HOST_STATUS_CAUSE 7:4
`define HSX_HOST_STATUS_SLOT 15:8
`define HSX_HOST_STATUS_COUNT 23:16
`define HSX_HOST_STATUS_TURN 31:24
`define HSX_HOST_ID_WINDOWS 7:0
`define HSX_HOST_ID_CONTEXTS 15:8
`define HSX_HOST_ID_HAS_MULDIV 16:16
`define HSX_HOST_ID_HAS_FP16 17:17
`define HSX_HOST_ID_VERSION 31:24
`define HSX_HOST_MAP_VERSION 8'd3

// Why the core is held; the other causes are HSX_STOP_* of hsx_isa.vh.
`define HSX_HOST_CAUSE_HOST 4'd15

// Causes of lost slots.
`define HSX_LOST_EMPTY 3'd0
`define HSX_LOST_RESULT 3'd1
`define HSX_LOST_TRAP 3'd2
`define HSX_LOST_MEMORY 3'd3
`define HSX_LOST_LONG 3'd4
`define HSX_LOST_TICK 3'd5
`define HSX_LOST_SQUASH 3'd6

`endif
