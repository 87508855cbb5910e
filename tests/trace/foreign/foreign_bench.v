// SPDX-License-Identifier: Apache-2.0
// A bench that uses nothing of the project's harness: the core with memories of its
// own and a host that is a small state machine. Two tasks compute, call a function and
// ask the host, which answers R0 = 40, 41, ... at its own pace. The one instance of
// hsx_trace_writer is all that makes the trace.
//
// With BREAK_SP every stack pointer on the retirement port reads 4 too high once a
// task is inside its function for the tenth time: what a check must find.
`include "hsx_retire.vh"
`default_nettype none

module foreign_bench #(
  parameter TRACE    = "foreign.jsonl",
  parameter BREAK_SP = 0
) (
  input  wire clk,
  output reg  done
);
  reg [3:0] cycles = 4'd0;
  wire      rst = !cycles[3];
  always @(posedge clk)
    if (rst)
      cycles <= cycles + 4'd1;

  // ---- the core and its memories

  wire        code_en, data_en, wb_ack, held, idle, trap_valid;
  wire [1:0]  code_we;
  wire [3:0]  data_we;
  wire [12:0] code_addr_even, code_addr_odd;
  wire [13:0] data_addr;
  wire [31:0] code_wdata, code_rdata_even, code_rdata_odd, data_wdata, data_rdata, wb_dat_o;
  wire [2:0]  trap_kind;
  wire [7:0]  trap_slot;
  wire [11:0] trap_imm;
  reg         wb_stb;
  reg  [19:0] wb_addr;
  reg  [31:0] wb_data;
  `HSX_RET_WIRES

  hsx_example_ram #(.ADDR_BITS(13)) even_code (
    .clk(clk), .en(code_en), .we({4{code_we[0]}}), .addr(code_addr_even), .wdata(code_wdata),
    .rdata(code_rdata_even)
  );
  hsx_example_ram #(.ADDR_BITS(13)) odd_code (
    .clk(clk), .en(code_en), .we({4{code_we[1]}}), .addr(code_addr_odd), .wdata(code_wdata),
    .rdata(code_rdata_odd)
  );
  hsx_example_ram #(.ADDR_BITS(14)) data (
    .clk(clk), .en(data_en), .we(data_we), .addr(data_addr), .wdata(data_wdata),
    .rdata(data_rdata)
  );

  hsx_core #(.CONTEXTS(4)) core (
    .clk(clk), .rst(rst), .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_wdata(code_wdata), .code_rdata_even(code_rdata_even),
    .code_rdata_odd(code_rdata_odd), .data_en(data_en), .data_we(data_we), .data_addr(data_addr),
    .data_wdata(data_wdata), .data_rdata(data_rdata), .wb_cyc(wb_stb), .wb_stb(wb_stb),
    .wb_we(1'b1), .wb_adr(wb_addr[19:2]), .wb_sel(4'hF), .wb_dat_i(wb_data), .wb_dat_o(wb_dat_o),
    .wb_ack(wb_ack), .held(held), .idle(idle), .trap_valid(trap_valid), .trap_kind(trap_kind),
    .trap_slot(trap_slot), .trap_imm(trap_imm), `HSX_RET_CONNECT
  );

  reg  [7:0]  deep;
  wire        broken = (BREAK_SP != 0) && (deep >= 8'd10);
  wire [15:0] shown_sp = broken ? ret_sp + 16'd4 : ret_sp;
  always @(posedge clk)
    if (rst)
      deep <= 8'd0;
    else if (ret_valid && ret_depth == 16'd1)
      deep <= deep + 8'd1;

  hsx_trace_writer #(.FILE(TRACE), .CONTEXTS(4)) writer (
    .clk(clk), .rst(rst), .held(held), .wb_cyc(wb_stb), .wb_stb(wb_stb), .wb_we(1'b1),
    .wb_adr(wb_addr[19:2]), .wb_sel(4'hF), .wb_dat_i(wb_data), .wb_dat_o(wb_dat_o),
    .wb_ack(wb_ack), .ret_valid(ret_valid), .ret_order(ret_order), .ret_event(ret_event),
    .ret_slot(ret_slot), .ret_insn(ret_insn), .ret_ext(ret_ext), .ret_ext_valid(ret_ext_valid),
    .ret_pc(ret_pc), .ret_next_pc(ret_next_pc), .ret_sp(shown_sp), .ret_depth(ret_depth),
    .ret_psw(ret_psw), .ret_rd_we(ret_rd_we), .ret_rd(ret_rd), .ret_rd_value(ret_rd_value),
    .ret_r15_we(ret_r15_we), .ret_mem_re(ret_mem_re), .ret_mem_we(ret_mem_we),
    .ret_mem_width(ret_mem_width), .ret_mem_addr(ret_mem_addr), .ret_mem_value(ret_mem_value),
    .ret_turn_first(ret_turn_first), .ret_turn_rotate(ret_turn_rotate)
  );

  // ---- the host: a list of writes, then answers

  localparam WRITES = 53;
  reg [51:0] list [0:63];
  integer    n, slot;

  initial begin
    for (n = 0; n < 64; n = n + 1)
      list[n] = 52'd0;
    // loop: ADD R2,R2,R1; PUSH R2; POP R3; MUL R4,R3,R3; ST [R5+0],R4; LD R6,[R5+0];
    //   SVC 0x242; ADD R7,R7,R0; CALL half; SUB R8,R8,R1; JNZ loop; RET
    // half: I2F R9,R7; FADD R10,R10,R9; LDI32 R11,0x12345678; STB [R5+5],R11; RET
    list[0]  = 52'h10000_10221000;
    list[1]  = 52'h10004_40020000;
    list[2]  = 52'h10008_41300000;
    list[3]  = 52'h1000C_12433000;
    list[4]  = 52'h10010_03054000;
    list[5]  = 52'h10014_02650000;
    list[6]  = 52'h10018_30000242;
    list[7]  = 52'h1001C_10770000;
    list[8]  = 52'h10020_24000010;
    list[9]  = 52'h10024_11881000;
    list[10] = 52'h10028_23000000;
    list[11] = 52'h1002C_25000000;
    list[12] = 52'h10030_54970000;
    list[13] = 52'h10034_50AA9000;
    list[14] = 52'h10038_60B00000;
    list[15] = 52'h1003C_12345678;
    list[16] = 52'h10040_0805B005;
    list[17] = 52'h10044_25000000;
    for (slot = 0; slot < 2; slot = slot + 1) begin
      n = 18 + 17 * slot;
      list[n]      = {20'h01004 + 20'd64 * slot[19:0], 32'd1};                     // R1
      list[n + 1]  = {20'h01014 + 20'd64 * slot[19:0], 32'h0800 + 32'h10 * slot};  // R5
      list[n + 2]  = {20'h01020 + 20'd64 * slot[19:0], 32'd20};                    // R8
      list[n + 3]  = {20'h20000 + 20'd64 * slot[19:0], 32'd0};                     // pc
      list[n + 4]  = {20'h20004 + 20'd64 * slot[19:0], 32'hF000 - 32'h1000 * slot}; // sp
      list[n + 5]  = {20'h20008 + 20'd64 * slot[19:0], 32'h1000 + 32'd64 * slot};  // reg_base
      list[n + 6]  = {20'h2000C + 20'd64 * slot[19:0], 32'hE000 - 32'h1000 * slot}; // stack_limit
      list[n + 7]  = {20'h20010 + 20'd64 * slot[19:0], 32'hF000 - 32'h1000 * slot}; // stack_top
      list[n + 8]  = {20'h20014 + 20'd64 * slot[19:0], 32'd0};                     // code_base
      list[n + 9]  = {20'h20018 + 20'd64 * slot[19:0], 32'h48};                    // code_len
      list[n + 10] = {20'h2001C + 20'd64 * slot[19:0], 32'h4000};                  // data_base
      list[n + 11] = {20'h20020 + 20'd64 * slot[19:0], 32'd0};                     // data_len
      list[n + 12] = {20'h20024 + 20'd64 * slot[19:0], 32'd0};                     // call_depth
      list[n + 13] = {20'h20028 + 20'd64 * slot[19:0], 32'd0};                     // psw
      list[n + 14] = {20'h2002C + 20'd64 * slot[19:0], 32'd1 + slot};              // slice
      list[n + 15] = {20'h20030 + 20'd64 * slot[19:0], 32'd1};                     // flags
      list[n + 16] = {20'h2003C + 20'd64 * slot[19:0], 32'd1};                     // push
    end
    list[52] = 52'h30000_00000001; // go
  end

  localparam [2:0] START = 3'd0, PLAY = 3'd1, RUN = 3'd2, LEAVE = 3'd3, ANSWER = 3'd4, PUSH = 3'd5,
                   GO = 3'd6, REST = 3'd7;
  reg [2:0]  state;
  reg [5:0]  next;
  reg [31:0] answer;
  reg [5:0]  pause;

  always @(posedge clk)
    if (rst) begin
      state  <= START;
      next   <= 6'd0;
      answer <= 32'd40;
      pause  <= 6'd0;
      wb_stb <= 1'b0;
      done   <= 1'b0;
    end else if (wb_stb) begin
      if (wb_ack)
        wb_stb <= 1'b0;
    end else
      case (state)
        START:
          if (held)
            state <= PLAY;
        PLAY: begin
          {wb_addr, wb_data} <= list[next];
          wb_stb <= 1'b1;
          next   <= next + 6'd1;
          if (next == WRITES - 1)
            state <= LEAVE;
        end
        LEAVE: // the core takes a while to go
          if (!held)
            state <= RUN;
        RUN:
          if (held) begin
            pause <= pause + 6'd1; // this host is slow
            if (pause == 6'd50) begin
              pause <= 6'd0;
              state <= idle && !(trap_valid && trap_kind == 3'd0) ? REST
                       : trap_valid && trap_kind == 3'd0         ? ANSWER
                                                                 : GO;
            end
          end
        ANSWER: begin
          wb_addr <= 20'h01000 + {6'd0, trap_slot, 6'd0};
          wb_data <= answer;
          wb_stb  <= 1'b1;
          answer  <= answer + 32'd1;
          state   <= PUSH;
        end
        PUSH: begin
          wb_addr <= 20'h2003C + {6'd0, trap_slot, 6'd0};
          wb_data <= 32'd1;
          wb_stb  <= 1'b1;
          state   <= GO;
        end
        GO: begin
          wb_addr <= 20'h30000;
          wb_data <= 32'd1;
          wb_stb  <= 1'b1;
          state   <= LEAVE;
        end
        default:
          done <= 1'b1;
      endcase

  wire unused = &{1'b0, trap_imm, wb_addr[1:0]};
endmodule

`default_nettype wire
