// SPDX-License-Identifier: Apache-2.0
// The machine of the contract as a wave shows it: by task and by name, not by stage.
//
// Part of hsx_sim_top where HSX_WAVE is defined. It sees the ports of the core alone,
// so that it stays right whatever the core is made of: records of the retirement port and
// what the host writes. Nothing depends on it.
//
// cycle is the cycle of reports and traces: clocks in which the core was not held.
// instruction and event are those of the record on the port, and all ones without one. slot,
// pc, psw, sp, depth and R0 to R15 are of the task whose record came last, state_n of
// each slot, stop is why the core was held last: all of them in the cycle behind the record.
`include "hsx_host_map.vh"
`default_nettype none

/* verilator lint_off UNUSED */
module hsx_wave_view (
    input  wire        clk,
    input  wire        rst,
    input  wire        wb_cyc,
    input  wire        wb_stb,
    input  wire        wb_we,
    input  wire [19:2] wb_adr,
    input  wire [3:0]  wb_sel,
    input  wire [31:0] wb_dat_i,
    input  wire [31:0] wb_dat_o,
    input  wire        wb_ack,
    input  wire        held,
    input  wire        ret_valid,
    input  wire [31:0] ret_order,
    input  wire [2:0]  ret_event,
    input  wire [7:0]  ret_slot,
    input  wire [31:0] ret_insn,
    input  wire [31:0] ret_ext,
    input  wire [15:0] ret_pc,
    input  wire [15:0] ret_next_pc,
    input  wire [15:0] ret_sp,
    input  wire [15:0] ret_depth,
    input  wire [3:0]  ret_psw,
    input  wire        ret_rd_we,
    input  wire [3:0]  ret_rd,
    input  wire [31:0] ret_rd_value,
    input  wire        ret_r15_we,
    input  wire        ret_mem_we,
    input  wire [2:0]  ret_mem_width,
    input  wire [15:0] ret_mem_addr,
    input  wire [31:0] ret_mem_value
);
  localparam [2:0] FAULT = 3'd1, RETURN = 3'd2, SVC = 3'd3, BRK = 3'd4, TICK = 3'd5;
  localparam [3:0] FREE = 4'd0, READY = 4'd1, TRAPPED = 4'd3, PAUSED = 4'd6, RETURNED = 4'd7,
                   FAULTED = 4'd9;

  // Word addresses of the host port.
  localparam [19:0] STATUS_ADDR = `HSX_HOST_STATUS_ADDR;
  localparam [17:0] WINDOWS = 18'h00400, WINDOWS_END = 18'h01000, STATUS = STATUS_ADDR[19:2];

  reg  [63:0] counted;  // up to the clock before
  reg         fresh;    // not held yet since the reset
  wire [63:0] cycle = counted + {63'd0, !held && !fresh};
  wire [87:0] instruction =
      ret_valid && ret_event != TICK ? {ret_slot, ret_pc, ret_insn, ret_ext} : {88{1'b1}};
  wire [3:0]  event_kind = ret_valid ? {1'b0, ret_event} : 4'hF;

  reg  [7:0]  slot;
  reg  [15:0] pc;
  reg  [3:0]  psw;
  reg  [15:0] sp;
  reg  [15:0] depth;
  reg  [3:0]  stop;

  // The windows as they are after the records so far. A record that comes late must not
  // undo the write of a younger one: each byte has the order number of its write.
  reg  [7:0]  bytes    [0:12287];
  reg  [31:0] written  [0:12287];
  reg  [15:0] reg_base [0:255];
  reg  [3:0]  state    [0:255];

  /* verilator lint_off BLKSEQ */
  task put_byte(input [15:0] addr, input [7:0] value, input [31:0] order);
    reg [31:0] age;
    reg [13:0] place;
    begin
      place = addr[13:0] - 14'h1000;
      if (addr >= 16'h1000 && addr < 16'h4000) begin
        age = order - written[place];
        if (!age[31]) begin
          bytes[place] = value;
          written[place] = order;
        end
      end
    end
  endtask

  task put(input [15:0] addr, input [31:0] value, input [2:0] width, input [31:0] order);
    begin
      put_byte(addr, value[7:0], order);
      if (width > 3'd1) put_byte(addr + 16'd1, value[15:8], order);
      if (width > 3'd2) begin
        put_byte(addr + 16'd2, value[23:16], order);
        put_byte(addr + 16'd3, value[31:24], order);
      end
    end
  endtask

  // What the host writes comes when all records so far are out.
  task put_by_host(input [15:0] addr, input [7:0] value);
    reg [13:0] place;
    begin
      place = addr[13:0] - 14'h1000;
      if (addr >= 16'h1000 && addr < 16'h4000) bytes[place] = value;
    end
  endtask

  reg  [13:0] window;

  // The registers by name; nets on an array would cost Icarus much at each write.
  reg  [31:0] R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11, R12, R13, R14, R15;

  function [31:0] word(input [13:0] place);
    word = {bytes[place + 14'd3], bytes[place + 14'd2], bytes[place + 14'd1], bytes[place]};
  endfunction

  wire host = wb_cyc && wb_stb && wb_ack;
  integer i;

  always @(posedge clk) begin
    counted <= rst ? 64'd0 : cycle;
    fresh <= rst || (fresh && !held);
    if (rst) begin
      slot = 8'd0;
      pc = 16'd0;
      psw = 4'd0;
      sp = 16'd0;
      depth = 16'd0;
      stop = 4'd0;
      for (i = 0; i < 12288; i = i + 1) begin
        bytes[i] = 8'd0;
        written[i] = 32'd0;
      end
      for (i = 0; i < 256; i = i + 1) begin
        reg_base[i] = 16'h1000;
        state[i] = FREE;
      end
    end else begin
      if (ret_valid && ret_event != TICK) begin
        slot = ret_slot;
        pc = ret_next_pc;
        psw = ret_psw;
        sp = ret_sp;
        depth = ret_depth;
        if (ret_mem_we) put(ret_mem_addr, ret_mem_value, ret_mem_width, ret_order);
        if (ret_r15_we) put(reg_base[ret_slot] + 16'd60, {16'd0, ret_sp}, 3'd4, ret_order);
        if (ret_rd_we)
          put(reg_base[ret_slot] + {10'd0, ret_rd, 2'd0}, ret_rd_value, 3'd4, ret_order);
        case (ret_event)
          FAULT:   state[ret_slot] = FAULTED;
          RETURN:  state[ret_slot] = RETURNED;
          SVC:     state[ret_slot] = TRAPPED;
          BRK:     state[ret_slot] = PAUSED;
          default: state[ret_slot] = READY;
        endcase
      end
      if (host && wb_we && wb_adr >= WINDOWS && wb_adr < WINDOWS_END) begin
        if (wb_sel[0]) put_by_host({wb_adr[15:2], 2'd0}, wb_dat_i[7:0]);
        if (wb_sel[1]) put_by_host({wb_adr[15:2], 2'd1}, wb_dat_i[15:8]);
        if (wb_sel[2]) put_by_host({wb_adr[15:2], 2'd2}, wb_dat_i[23:16]);
        if (wb_sel[3]) put_by_host({wb_adr[15:2], 2'd3}, wb_dat_i[31:24]);
      end
      if (host && wb_we && wb_adr[19:16] == {2'd0, `HSX_HOST_CONTEXT}) begin
        if (wb_adr[5:2] == `HSX_CONTEXT_REG_BASE)
          reg_base[wb_adr[13:6]] = wb_dat_i[15:0];
        if (wb_adr[5:2] == `HSX_CONTEXT_STATE || wb_adr[5:2] == `HSX_CONTEXT_PUSH)
          state[wb_adr[13:6]] = wb_dat_i[3:0];
      end
      if (host && !wb_we && wb_adr == STATUS) stop = wb_dat_o[7:4];
      window = reg_base[slot][13:0] - 14'h1000;
      R0 = word(window + 14'd0);
      R1 = word(window + 14'd4);
      R2 = word(window + 14'd8);
      R3 = word(window + 14'd12);
      R4 = word(window + 14'd16);
      R5 = word(window + 14'd20);
      R6 = word(window + 14'd24);
      R7 = word(window + 14'd28);
      R8 = word(window + 14'd32);
      R9 = word(window + 14'd36);
      R10 = word(window + 14'd40);
      R11 = word(window + 14'd44);
      R12 = word(window + 14'd48);
      R13 = word(window + 14'd52);
      R14 = word(window + 14'd56);
      R15 = word(window + 14'd60);
    end
  end
  /* verilator lint_on BLKSEQ */

  wire [3:0]  state_0 = state[0];
  wire [3:0]  state_1 = state[1];
  wire [3:0]  state_2 = state[2];
  wire [3:0]  state_3 = state[3];
  wire [3:0]  state_4 = state[4];
  wire [3:0]  state_5 = state[5];
  wire [3:0]  state_6 = state[6];
  wire [3:0]  state_7 = state[7];
  wire [3:0]  state_8 = state[8];
  wire [3:0]  state_9 = state[9];
  wire [3:0]  state_10 = state[10];
  wire [3:0]  state_11 = state[11];
  wire [3:0]  state_12 = state[12];
  wire [3:0]  state_13 = state[13];
  wire [3:0]  state_14 = state[14];
  wire [3:0]  state_15 = state[15];
endmodule
/* verilator lint_on UNUSED */

`default_nettype wire
