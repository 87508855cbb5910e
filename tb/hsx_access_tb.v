// SPDX-License-Identifier: Apache-2.0
// Stack guards of PUSH, POP, CALL and RET, and bounds, translation and
// protection of loads and stores (contract sections 3 and 4): every address
// around each bound, both verdicts, against unbounded integers.
//
// +step=N every Nth case alone, for simulators that take long.
`default_nettype none

module hsx_access_tb;
`include "hsx_isa.vh"
`include "hsx_host_map.vh"

  localparam [15:0] WINDOW = 16'h1080;
  localparam [31:0] VALUE  = 32'hA1B2C3D4;

  hsx_bench_core core ();

  integer    failures = 0;
  integer    checks = 0;
  integer    step;
  integer    number = 0;
  integer    seen;
  reg [2:0]  event_;
  reg [31:0] rd_value;
  reg [15:0] sp_after;
  reg [15:0] depth_after;
  reg [15:0] next_pc;
  reg        r15_we;
  reg        mem_re;
  reg        mem_we;
  reg [15:0] mem_addr;
  reg [31:0] mem_value;

  // The first record of a run is the instruction under test.
  always @(posedge core.clk)
    if (core.ret_valid === 1'b1) begin
      if (seen == 0) begin
        event_      = core.ret_event;
        rd_value    = core.ret_rd_value;
        sp_after    = core.ret_sp;
        depth_after = core.ret_depth;
        next_pc     = core.ret_next_pc;
        r15_we      = core.ret_r15_we;
        mem_re      = core.ret_mem_re;
        mem_we      = core.ret_mem_we;
        mem_addr    = core.ret_mem_addr;
        mem_value   = core.ret_mem_value;
      end
      seen = seen + 1;
    end

  task fail(input [8*24-1:0] what, input [31:0] address, input [31:0] got, input [31:0] expected);
    begin
      failures = failures + 1;
      if (failures <= 20)
        $display("FAIL %0s at %h: got %h, expected %h", what, address, got, expected);
    end
  endtask

  task go;
    begin
      core.put_context(0, `HSX_CONTEXT_PC, 0);
      seen = 0;
      core.make_ready(0);
      core.run(8'hB8);
    end
  endtask

  // The word at any byte address of the data memory outside the windows.
  reg [63:0] two_words;
  reg [13:0] word_address;
  task word_at(input [15:0] address, output [31:0] value);
    begin
      word_address = address[15:2];
      two_words = {core.data[word_address + 14'd1], core.data[word_address]};
      value = two_words >> (8 * address[1:0]);
    end
  endtask

  integer    sp;
  integer    limit;
  integer    top;
  integer    which;
  reg        push;
  reg        fault;
  reg [31:0] word;
  reg [31:0] expected;

  task stack_case;
    begin
      number = number + 1;
      if (number % step == 0) check_stack;
    end
  endtask

  task check_stack;
    begin
      push  = (which == 0 || which == 2);
      fault = push ? (sp - 4 < limit) : (sp + 4 > top);
      core.code[0] = which == 0 ? {`HSX_OP_PUSH, 24'h010000}
                   : which == 1 ? {`HSX_OP_POP, 24'h200000}
                   : which == 2 ? {`HSX_OP_CALL, 24'h000040} : {`HSX_OP_RET, 24'h000000};
      core.put_context(0, `HSX_CONTEXT_SP, sp);
      core.put_context(0, `HSX_CONTEXT_STACK_LIMIT, limit);
      core.put_context(0, `HSX_CONTEXT_STACK_TOP, top);
      core.put_context(0, `HSX_CONTEXT_CALL_DEPTH, 5);
      core.put({4'd0, WINDOW} + 4, VALUE);
      word_at(sp, expected);
      go;
      checks = checks + 1;
      if (fault) begin
        if (event_ !== `HSX_EV_FAULT)
          fail("stack guard passed", sp, event_, `HSX_EV_FAULT);
        if (rd_value !== (push ? `HSX_FAULT_STACK_OVERFLOW : `HSX_FAULT_STACK_UNDERFLOW))
          fail("fault code", sp, rd_value, push);
        if (sp_after !== sp[15:0] || depth_after !== 16'd5 || mem_we !== 1'b0)
          fail("effect of a fault", sp, sp_after, sp);
      end else begin
        if (event_ !== `HSX_EV_RETIRE && event_ !== `HSX_EV_FAULT)
          fail("stack event", sp, event_, `HSX_EV_RETIRE);
        if (which == 3 && expected[31:16] != 16'd0) begin
          if (event_ !== `HSX_EV_FAULT || rd_value !== `HSX_FAULT_CODE)
            fail("high half of RET's word", sp, event_, `HSX_EV_FAULT);
        end else begin
          if (event_ !== `HSX_EV_RETIRE)
            fail("stack guard objected", sp, event_, `HSX_EV_RETIRE);
          if (sp_after !== (push ? sp[15:0] - 16'd4 : sp[15:0] + 16'd4) || r15_we !== 1'b1)
            fail("sp", sp, sp_after, sp);
          if (depth_after !== (which == 2 ? 16'd6 : which == 3 ? 16'd4 : 16'd5))
            fail("call depth", sp, depth_after, 5);
          word_at(sp - 4, word);
          if (push && word !== (which == 0 ? VALUE : 32'd4))
            fail("pushed word", sp, word, VALUE);
          if (which == 1 && rd_value !== expected)
            fail("popped word", sp, rd_value, expected);
          if (which == 3 && next_pc !== expected[15:0])
            fail("return address", sp, next_pc, expected);
          if (which == 2 && next_pc !== 16'h0040)
            fail("call target", sp, next_pc, 16'h0040);
        end
      end
    end
  endtask

  integer    ea;
  integer    bytes;
  integer    protect;
  integer    data_base;
  integer    data_len;
  integer    physical;
  reg        store;
  reg        allowed;

  task access_case;
    begin
      number = number + 1;
      if (number % step == 0) check_access;
    end
  endtask

  task check_access;
    begin
      core.code[0] = {store ? (bytes == 4 ? `HSX_OP_ST : bytes == 2 ? `HSX_OP_STH : `HSX_OP_STB)
                            : (bytes == 4 ? `HSX_OP_LD : bytes == 2 ? `HSX_OP_LDH : `HSX_OP_LDB),
                      24'h212008};
      allowed = (ea + bytes <= 'h10000);
      if (protect)
        allowed = allowed && ((ea + bytes <= 'h1000)
                              || (ea >= WINDOW && ea + bytes <= WINDOW + 64)
                              || (ea >= 'h4000 && ea + bytes <= 'h4000 + data_len)
                              || (ea >= limit && ea + bytes <= top));
      physical = (ea >= 'h4000 && ea < 'h4000 + data_len) ? ea + data_base - 'h4000 : ea;
      allowed = allowed && (physical + bytes <= 'h10000);
      core.put({4'd0, WINDOW} + 4, (ea - 8) & 'hFFFF | 32'h00050000);
      core.put({4'd0, WINDOW} + 8, VALUE);
      word_at(physical, expected);
      expected = bytes == 4 ? expected : bytes == 2 ? expected & 32'hFFFF : expected & 32'hFF;
      go;
      checks = checks + 1;
      if (!allowed) begin
        if (event_ !== `HSX_EV_FAULT || rd_value !== `HSX_FAULT_MEM)
          fail("access allowed", ea, event_, `HSX_EV_FAULT);
        if (mem_we !== 1'b0 || mem_re !== 1'b0)
          fail("effect of a fault", ea, {mem_re, mem_we}, 0);
      end else begin
        if (event_ !== `HSX_EV_RETIRE)
          fail("access refused", ea, event_, `HSX_EV_RETIRE);
        if (mem_addr !== physical[15:0])
          fail("physical address", ea, mem_addr, physical);
        if (mem_we !== store || mem_re !== !store)
          fail("access kind", ea, {mem_re, mem_we}, {!store, store});
        if (physical + bytes <= 'h1000 || physical >= 'h4000) begin
          word_at(physical, word);
          word = bytes == 4 ? word : bytes == 2 ? word & 32'hFFFF : word & 32'hFF;
          if (store && word !== (bytes == 4 ? VALUE : bytes == 2 ? VALUE & 32'hFFFF : VALUE & 32'hFF))
            fail("stored bytes", ea, word, VALUE);
          if (!store && rd_value !== expected)
            fail("loaded bytes", ea, rd_value, expected);
        end
      end
    end
  endtask

  // The checks have one call each, as Verilator copies a task to each of its calls.
  integer k;
  integer part;
  integer first;
  integer last;
  integer bound;
  integer kind;
  initial begin
    if (!$value$plusargs("step=%d", step))
      step = 1;
    core.reset;
    for (k = 0; k < 16384; k = k + 1)
      core.data[k] = k * 32'h9E3779B1;
    for (k = 1; k < 16384; k = k + 1)
      core.code[k] = {`HSX_OP_BRK, 24'd0};
    core.make_task(0, WINDOW, 16'h8000, 16'h9000);

    for (which = 0; which < 4; which = which + 1)
      for (part = 0; part <= 4; part = part + 1) begin
        limit = 'h8000;
        top = 'h9000;
        case (part)
          0: begin
            first = limit - 2;
            last = limit + 9;
          end
          1: begin
            first = top - 9;
            last = top + 2;
          end
          // Comparisons must not wrap.
          2: begin
            limit = 1;
            first = 0;
            last = 7;
          end
          3: begin
            limit = 'hF000;
            top = 'hFFFF;
            first = 'hFFF6;
            last = 'hFFFF;
          end
          // RET accepts a word whose high half is zero.
          default: begin
            core.data['h8800 / 4] = 32'h0000ABC0;
            first = 'h8800;
            last = 'h8800;
          end
        endcase
        for (sp = first; sp <= last; sp = sp + 1) stack_case;
      end

    core.put_context(0, `HSX_CONTEXT_SP, 32'h8800);
    for (protect = 0; protect <= 1; protect = protect + 1) begin
      core.put_context(0, `HSX_CONTEXT_FLAGS, protect ? `HSX_CTX_PROTECT : 0);
      data_base = 'h5234;
      data_len = 'h123;
      limit = 'h8002;
      top = 'h8FFA;
      core.put_context(0, `HSX_CONTEXT_STACK_LIMIT, limit);
      core.put_context(0, `HSX_CONTEXT_STACK_TOP, top);
      for (part = 0; part <= 13; part = part + 1)
        if (protect || part < 9 || part > 11) begin
          case (part)
            0: bound = 0;
            1: bound = 'h1000;
            2: bound = WINDOW;
            3: bound = WINDOW + 64;
            4: bound = 'h4000;
            5: bound = 'h4000 + data_len;
            6: bound = limit;
            7: bound = top;
            8: bound = 'h10000;
            // Segments whose length needs its upper bits.
            9, 10, 11: begin
              k = part - 9;
              data_base = 'h4000 - 'h100 * k;
              data_len = k == 0 ? 'h4001 : k == 1 ? 'h8002 : 'hB7FF;
              bound = 'h4000 + data_len;
            end
            // A segment moved so far that its end passes the end of memory.
            12: begin
              data_base = 'hFF00;
              bound = 'h4100;
            end
            default: begin
              data_len = 0;
              bound = 'h4000;
            end
          endcase
          core.put_context(0, `HSX_CONTEXT_DATA_BASE, data_base);
          core.put_context(0, `HSX_CONTEXT_DATA_LEN, data_len);
          for (ea = bound - 5; ea <= bound + 2; ea = ea + 1)
            if (ea >= 0 && ea <= 'hFFFF)
              for (bytes = 1; bytes <= 4; bytes = 2 * bytes)
                for (kind = 0; kind <= 1; kind = kind + 1) begin
                  store = kind;
                  access_case;
                end
        end
    end

    if (failures == 0)
      $display("PASS %0d checks", checks);
    else
      $display("FAIL %0d of %0d checks", failures, checks);
    $finish;
  end
endmodule

`default_nettype wire
