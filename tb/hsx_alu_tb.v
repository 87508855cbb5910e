// SPDX-License-Identifier: Apache-2.0
// Three tasks run one random program of register instructions
// (tb/vectors/alu_program.c) on windows of their own; every retired instruction
// of each of them is compared: pc, register write, psw.
//
// +code=FILE the program; +expected=FILE what it must do.
`default_nettype none

module hsx_alu_tb;
`include "hsx_isa.vh"

  localparam TASKS = 3;
  localparam [59:0] END = ~60'd0; // behind the last line of the file; no outcome has its highest bits

  hsx_bench_core core ();

  reg [59:0]   expected [0:16383];
  integer      next [0:TASKS-1];
  integer      failures = 0;
  integer      ended = 0;
  integer      retired = 0;
  integer      s;
  reg [1023:0] file_name;
  reg [59:0]   got;

  always @(posedge core.clk)
    if (core.ret_valid === 1'b1) begin
      s = core.ret_slot;
      got = {2'd0, core.ret_pc, 3'd0, core.ret_rd_we, core.ret_rd, core.ret_rd_value, core.ret_psw};
      if (core.ret_event === `HSX_EV_RETIRE) begin
        if (got !== expected[next[s]]) begin
          failures = failures + 1;
          if (failures <= 10)
            $display("FAIL slot %0d pc %h insn %h: got %h, expected %h", s, core.ret_pc,
                     core.ret_insn, got, expected[next[s]]);
        end
        next[s] = next[s] + 1;
        retired = retired + 1;
      end else begin
        ended = ended + 1;
        if (core.ret_event !== `HSX_EV_BRK || expected[next[s]] !== END) begin
          failures = failures + 1;
          $display("FAIL slot %0d pc %h: event %0d after %0d instructions", s, core.ret_pc,
                   core.ret_event, next[s]);
        end
      end
    end

  initial begin
    core.reset;
    for (s = 0; s < 16384; s = s + 1)
      expected[s] = END;
    if ($value$plusargs("code=%s", file_name))
      $readmemh(file_name, core.code);
    if ($value$plusargs("expected=%s", file_name))
      $readmemh(file_name, expected);
    for (s = 0; s < TASKS; s = s + 1)
      next[s] = 0;
    core.make_task(0, 16'h1000, 16'h8000, 16'h9000);
    core.make_task(1, 16'h1080, 16'h7000, 16'h8000);
    core.make_task(2, 16'h13C0, 16'h6000, 16'h7000);
    core.make_ready(0);
    core.make_ready(1);
    core.make_ready(2);
    core.run(8'h80);
    if (failures == 0 && ended == TASKS && retired > 10000)
      $display("PASS %0d instructions", retired);
    else
      $display("FAIL %0d of %0d instructions, %0d tasks ended", failures, retired, ended);
    $finish;
  end
endmodule

`default_nettype wire
