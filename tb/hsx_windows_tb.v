// SPDX-License-Identifier: Apache-2.0
// Register windows: a register is the word at reg_base + 4n of data memory, for
// its own task, for other tasks and for the host, at once and at every access
// width; what one task writes changes no register of another (contract
// section 1).
`default_nettype none

module hsx_windows_tb;
`include "hsx_isa.vh"
`include "hsx_host_map.vh"

  hsx_bench_core core ();

  integer    failures = 0;
  integer    checks = 0;
  integer    at;
  integer    slot;
  integer    n;
  reg [31:0] got;

  task check(input [19:0] address, input [31:0] expected);
    begin
      core.get(address, got);
      checks = checks + 1;
      if (got !== expected) begin
        failures = failures + 1;
        $display("FAIL data word %h: got %h, expected %h", address, got, expected);
      end
    end
  endtask

  // opcode rd rs1 rs2 imm
  task emit(input [7:0] opcode, input [3:0] rd, input [3:0] rs1, input [3:0] rs2,
            input [11:0] imm);
    begin
      core.code[at] = {opcode, rd, rs1, rs2, imm};
      at = at + 1;
    end
  endtask

  task emit_ldi32(input [3:0] rd, input [31:0] value);
    begin
      emit(`HSX_OP_LDI32, rd, 0, 0, 0);
      core.code[at] = value;
      at = at + 1;
    end
  endtask

  initial begin
    core.reset;

    // Sixteen tasks run the same code on windows of their own.
    at = 0;
    emit(`HSX_OP_ADD, 2, 1, 1, 0);
    emit(`HSX_OP_MOV, 15, 2, 0, 0);
    emit_ldi32(3, 32'hCAFE0003);
    emit(`HSX_OP_XOR, 14, 15, 3, 0);
    emit(`HSX_OP_BRK, 0, 0, 0, 0);
    for (slot = 0; slot < 16; slot = slot + 1) begin
      core.make_task(slot, 16'h1000 + 64 * slot, 16'h8000, 16'h9000);
      core.put(20'h1000 + 64 * slot + 4, 32'h01010101 * slot);
      core.make_ready(slot);
    end
    core.run(8'h80);
    for (slot = 0; slot < 16; slot = slot + 1)
      for (n = 0; n < 16; n = n + 1)
        check(20'h1000 + 64 * slot + 4 * n,
              n == 1 ? 32'h01010101 * slot : (n == 2 || n == 15) ? 32'h02020202 * slot :
              n == 3 ? 32'hCAFE0003 : n == 14 ? (32'h02020202 * slot) ^ 32'hCAFE0003 : 32'd0);

    // A task's loads and stores in its own window: each seen by the very next
    // instruction, and each register write seen by a load.
    at = 0;
    emit_ldi32(1, 32'h00001000);
    emit_ldi32(4, 32'h12345678);
    emit(`HSX_OP_ST, 0, 1, 4, 4 * 2);          // R2
    emit(`HSX_OP_MOV, 5, 2, 0, 0);
    emit(`HSX_OP_ADD, 6, 4, 4, 0);
    emit(`HSX_OP_LD, 7, 1, 0, 4 * 6);          // R6
    emit(`HSX_OP_STB, 0, 1, 4, 4 * 8 + 3);     // R8, top byte
    emit(`HSX_OP_MOV, 9, 8, 0, 0);
    emit(`HSX_OP_STH, 0, 1, 4, 4 * 10 + 3);    // R10's top byte and R11's lowest
    emit(`HSX_OP_ADD, 12, 10, 11, 0);
    emit(`HSX_OP_ST, 0, 1, 4, 4 * 12 + 2);     // R12's upper and R13's lower half
    emit(`HSX_OP_LD, 14, 1, 0, 4 * 12 + 2);
    emit(`HSX_OP_ST, 0, 1, 4, 4 * 1);          // the base register itself
    emit(`HSX_OP_MOV, 3, 1, 0, 0);
    emit(`HSX_OP_BRK, 0, 0, 0, 0);
    core.make_task(0, 16'h1000, 16'h8000, 16'h9000);
    core.make_ready(0);
    core.run(8'h80);
    check(20'h1000 + 4 * 1, 32'h12345678);
    check(20'h1000 + 4 * 2, 32'h12345678);
    check(20'h1000 + 4 * 3, 32'h12345678);
    check(20'h1000 + 4 * 5, 32'h12345678);
    check(20'h1000 + 4 * 6, 32'h2468ACF0);
    check(20'h1000 + 4 * 7, 32'h2468ACF0);
    check(20'h1000 + 4 * 8, 32'h78000000);
    check(20'h1000 + 4 * 9, 32'h78000000);
    check(20'h1000 + 4 * 10, 32'h78000000);
    check(20'h1000 + 4 * 11, 32'h00000056);
    check(20'h1000 + 4 * 12, 32'h56780056);
    check(20'h1000 + 4 * 13, 32'h00001234);
    check(20'h1000 + 4 * 14, 32'h12345678);
    check(20'h1000 + 4 * 15, 32'h00000000);

    // A store into another task's window comes between two instructions of that
    // task: slot 1 stores at its second turn, slot 0 has read R2 in its second
    // and reads it again in its third.
    at = 0;
    emit(`HSX_OP_LDI, 1, 0, 0, 12'd1);
    emit(`HSX_OP_MOV, 3, 2, 0, 0);
    emit(`HSX_OP_MOV, 4, 2, 0, 0);
    emit(`HSX_OP_BRK, 0, 0, 0, 0);
    at = 64;
    emit(`HSX_OP_LDI, 5, 0, 0, 12'd77);
    emit(`HSX_OP_ST, 0, 1, 5, 4 * 2);          // slot 0's R2
    emit(`HSX_OP_BRK, 0, 0, 0, 0);
    core.make_task(0, 16'h1000, 16'h8000, 16'h9000);
    core.put(20'h1008, 32'd5);
    core.make_task(1, 16'h1040, 16'h8000, 16'h9000);
    core.put_context(1, `HSX_CONTEXT_PC, 256);
    core.put(20'h1044, 32'h00001000);
    core.make_ready(0);
    core.make_ready(1);
    core.run(8'h80);
    check(20'h1000 + 4 * 3, 32'd5);
    check(20'h1000 + 4 * 4, 32'd77);
    check(20'h1000 + 4 * 2, 32'd77);

    // A window that is moved takes its registers from the new place.
    at = 0;
    emit(`HSX_OP_MOV, 2, 1, 0, 0);
    emit(`HSX_OP_BRK, 0, 0, 0, 0);
    core.make_task(0, 16'h1000, 16'h8000, 16'h9000);
    core.put(20'h1004, 32'd11);
    core.put(20'h1304, 32'd22);
    core.put_context(0, `HSX_CONTEXT_REG_BASE, 32'h1300);
    core.make_ready(0);
    core.run(8'h80);
    check(20'h1308, 32'd22);
    check(20'h1008, 32'd0);

    if (failures == 0)
      $display("PASS %0d checks", checks);
    else
      $display("FAIL %0d of %0d checks", failures, checks);
    $finish;
  end
endmodule

`default_nettype wire
