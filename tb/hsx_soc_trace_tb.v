// SPDX-License-Identifier: Apache-2.0
// The trace of fpga/soc behind a running core: each event of the retirement port comes out once, in
// the words of docs/serial.md, and the core waits when there is no room, whatever its host does
// meanwhile.
`default_nettype none
`include "hsx_retire.vh"

module hsx_soc_trace_tb;
`include "hsx_isa.vh"
`include "hsx_host_map.vh"
`include "hsx_soc_map.vh"

  localparam TASKS  = 8;
  localparam ROUNDS = 4;

  reg         clk = 1'b0;
  reg         rst = 1'b1;
  reg         enable = 1'b0, clear = 1'b1, taken = 1'b0;
  reg         stb = 1'b0, we = 1'b0;
  reg  [19:0] adr = 20'd0;
  reg  [31:0] dat = 32'd0;
  wire        ack;

  always #1 clk = !clk;

  wire        code_en, data_en, held, full, lost, wb_stb, wb_we, wb_ack;
  wire [1:0]  code_we;
  wire [3:0]  data_we;
  wire [12:0] code_addr_even, code_addr_odd;
  wire [13:0] data_addr;
  wire [31:0] code_wdata, code_rdata_even, code_rdata_odd, data_wdata, data_rdata, wb_write, wb_read;
  wire [19:2] wb_adr;
  wire [31:0] word;
  wire [15:0] clock;

  `HSX_RET_WIRES

  hsx_core #(.CONTEXTS(TASKS)) core (
    .clk(clk), .rst(rst), .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_wdata(code_wdata), .code_rdata_even(code_rdata_even),
    .code_rdata_odd(code_rdata_odd), .data_en(data_en), .data_we(data_we), .data_addr(data_addr),
    .data_wdata(data_wdata), .data_rdata(data_rdata), .wb_cyc(wb_stb), .wb_stb(wb_stb),
    .wb_we(wb_we), .wb_adr(wb_adr), .wb_sel(4'hF), .wb_dat_i(wb_write), .wb_dat_o(wb_read),
    .wb_ack(wb_ack), .held(held), .idle(), .trap_valid(), .trap_kind(), .trap_slot(), .trap_imm(),
    `HSX_RET_CONNECT
  );
  hsx_soc_ram #(.WORDS(8192), .ADDR_BITS(13)) even (
    .clk(clk), .clk_read(1'b0), .lane_addr(52'd0), .en(code_en), .we({4{code_we[0]}}),
    .addr(code_addr_even), .wdata(code_wdata), .rdata(code_rdata_even)
  );
  hsx_soc_ram #(.WORDS(8192), .ADDR_BITS(13)) odd (
    .clk(clk), .clk_read(1'b0), .lane_addr(52'd0), .en(code_en), .we({4{code_we[1]}}),
    .addr(code_addr_odd), .wdata(code_wdata), .rdata(code_rdata_odd)
  );
  hsx_soc_ram data_memory (
    .clk(clk), .clk_read(1'b0), .lane_addr(56'd0), .en(data_en),
    .we(data_we & {4{data_en}}), .addr(data_addr),
    .wdata(data_wdata), .rdata(data_rdata)
  );

  hsx_soc_trace trace (
    .clk(clk), .enable(enable), .clear(clear), .held(held), .taken(taken), .word(word), .full(full),
    .lost(lost), .clock(clock), `HSX_RET_CONNECT
  );
  hsx_soc_brake brake (
    .clk(clk), .rst(rst), .full(full), .held(held), .host_stb(stb), .host_we(we),
    .host_adr(adr[19:2]), .host_dat(dat), .host_ack(ack), .core_stb(wb_stb), .core_we(wb_we),
    .core_adr(wb_adr), .core_dat(wb_write), .core_ack(wb_ack)
  );

  // ---- what the port has shown, as the words that must come out ----

  reg [31:0] expected [0:65535];
  integer    shown = 0;  // words
  integer    events = 0;
  integer    failures = 0;

  task expect(input [31:0] value);
    begin
      expected[shown] = value;
      shown = shown + 1;
    end
  endtask

  wire access    = ret_mem_re || ret_mem_we;
  wire elsewhere = access || ret_next_pc != ret_pc + (ret_ext_valid ? 16'd8 : 16'd4);

  always @(negedge clk)
    if (ret_valid && enable) begin
      events = events + 1;
      expect({ret_order[5:0], elsewhere, ret_ext_valid, ret_mem_we, ret_mem_re, ret_r15_we, ret_rd,
              ret_rd_we, ret_turn_rotate, ret_turn_first, ret_psw, ret_slot[6:0], ret_event});
      expect({ret_pc, clock});
      if (elsewhere)
        expect({ret_next_pc, ret_mem_addr});
      if (ret_r15_we)
        expect({ret_sp, ret_depth});
      if (ret_rd_we || access)
        expect(ret_rd_we ? ret_rd_value : ret_mem_value);
    end

  task fail(input [8*40-1:0] what, input [31:0] got, input [31:0] wanted);
    begin
      failures = failures + 1;
      if (failures <= 20)
        $display("FAIL %0s: got %h, expected %h", what, got, wanted);
    end
  endtask

  // ---- the host ----

  task access_port(input write, input [19:0] address, input [31:0] value);
    begin
      we = write;
      adr = address;
      dat = value;
      stb = 1'b1;
      @(negedge clk);
      while (ack !== 1'b1)
        @(negedge clk);
      stb = 1'b0;
      @(negedge clk);
    end
  endtask

  task put(input [19:0] address, input [31:0] value);
    access_port(1'b1, address, value);
  endtask

  integer at = 0;

  task emit(input [7:0] opcode, input [3:0] rd, input [3:0] rs1, input [3:0] rs2,
            input [11:0] imm);
    begin
      put(`HSX_HOST_CODE_ADDR + 4 * at, {opcode, rd, rs1, rs2, imm});
      at = at + 1;
    end
  endtask

  integer slot, round, took, seen;

  initial begin
    repeat (3) @(negedge clk);
    rst = 1'b0;
    clear = 1'b0;
    while (held !== 1'b1)
      @(negedge clk);

    // The even tasks do what retires each cycle, the odd ones all that takes long.
    emit(`HSX_OP_ADD, 1, 1, 2, 0);
    emit(`HSX_OP_XOR, 2, 1, 3, 0);
    emit(`HSX_OP_ADD, 3, 2, 1, 0);
    emit(`HSX_OP_JMP, 0, 0, 0, 12'd0);
    at = 64;
    emit(`HSX_OP_LDI32, 4, 0, 0, 0);
    emit(8'd0, 0, 0, 4'h4, 12'h121);           // 0x4121, not aligned
    emit(`HSX_OP_MUL, 1, 2, 3, 0);
    emit(`HSX_OP_DIV, 2, 4, 3, 0);
    emit(`HSX_OP_ST, 0, 4, 1, 12'd4);
    emit(`HSX_OP_LDH, 5, 4, 0, 12'd5);
    emit(`HSX_OP_CALL, 0, 0, 0, 12'd8);
    emit(`HSX_OP_JMP, 0, 0, 0, 12'd256);
    emit(`HSX_OP_PUSH, 0, 3, 0, 0);
    emit(`HSX_OP_LDI, 3, 0, 0, 12'd7);
    emit(`HSX_OP_POP, 6, 0, 0, 0);
    emit(`HSX_OP_RET, 0, 0, 0, 0);

    for (slot = 0; slot < TASKS; slot = slot + 1) begin
      for (at = 0; at < 14; at = at + 1)
        put(`HSX_HOST_CONTEXT_ADDR + 64 * slot + 4 * at,
            at == `HSX_CONTEXT_PC          ? (slot % 2 ? 32'd256 : 32'd0) :
            at == `HSX_CONTEXT_SP          ? 32'h8000 + 32'h100 * slot :
            at == `HSX_CONTEXT_REG_BASE    ? 32'h1000 + 64 * slot :
            at == `HSX_CONTEXT_STACK_LIMIT ? 32'h7F20 + 32'h100 * slot :
            at == `HSX_CONTEXT_STACK_TOP   ? 32'h8000 + 32'h100 * slot :
            at == `HSX_CONTEXT_CODE_LEN    ? 32'h1000 :
            at == `HSX_CONTEXT_DATA_BASE   ? 32'h4000 :
            at == `HSX_CONTEXT_SLICE       ? slot + 1 : 32'd0);
      for (at = 0; at < 16; at = at + 1)
        put(`HSX_HOST_DATA_ADDR + 32'h1000 + 64 * slot + 4 * at, at * 32'h01234567 + slot + 1);
    end
    put(`HSX_HOST_HOLD_MASK_ADDR, 32'hFF);
    put(`HSX_HOST_TICK_STEPS_ADDR, 32'd50);
    put(`HSX_HOST_TICK_LEFT_ADDR, 32'd10);

    @(negedge clk);
    enable = 1'b1;
    seen = 0;
    for (round = 0; round < ROUNDS; round = round + 1) begin
      // At first the tasks that retire each cycle, then others with them.
      if (round == 0)
        for (slot = 0; slot < TASKS; slot = slot + 2)
          put(`HSX_HOST_CONTEXT_ADDR + 64 * slot + 60, 32'd1);
      if (round == 2)
        for (slot = 1; slot < TASKS; slot = slot + 2)
          put(`HSX_HOST_CONTEXT_ADDR + 64 * slot + 60, 32'd1);
      put(`HSX_HOST_CTRL_ADDR, 32'd1);
      @(negedge clk);
      // The host is slow, and looks at memory meanwhile; in some rounds it takes words as well.
      took = 0;
      while (held !== 1'b1 || took < 40) begin
        if (round % 2)
          access_port(1'b0, `HSX_HOST_DATA_ADDR + 32'h4000, 32'd0);
        else
          @(negedge clk);
        took = (held === 1'b1) ? took + 1 : 0;
        if (round % 3 == 2 && word[2:0] != 3'd7)
          take;
      end
      if (!full)
        fail("held though there is room", 32'd0, 32'd1);
      // Going on does nothing before there is room.
      took = shown;
      put(`HSX_HOST_CTRL_ADDR, 32'd1);
      repeat (200) @(negedge clk);
      if (shown != took || held !== 1'b1)
        fail("it ran without room", shown, took);
      while (seen < shown && failures < 20)
        if (word[2:0] != 3'd7 || waits_inside)
          take;
        else
          @(negedge clk);
      repeat (4) @(negedge clk);
      if (word !== 32'hFFFFFFFF)
        fail("words behind the last", word, 32'hFFFFFFFF);
    end
    if (lost !== 1'b0)
      fail("lost", {31'd0, lost}, 32'd0);
    if (events < 384 * ROUNDS)
      fail("events", events, 384 * ROUNDS);
    if (failures == 0)
      $display("PASS %0d events in %0d words", events, shown);
    $finish;
  end

  // All ones is no record only where a record may begin.
  wire waits_inside = trace.here;

  task take;
    begin
      if (word !== expected[seen])
        fail("a word", word, expected[seen]);
      seen = seen + 1;
      taken = 1'b1;
      @(negedge clk);
      taken = 1'b0;
      @(negedge clk);
    end
  endtask

  initial begin
    #100000;
    $display("FAIL no end");
    $finish;
  end
endmodule

`default_nettype wire
