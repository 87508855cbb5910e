// SPDX-License-Identifier: Apache-2.0
// Runs a vector file (tb/vectors/arith_vectors.c) through hsx_arith and checks
// each result and the handshake: one done a start, the result valid with it and
// held afterwards, a start in the cycle after done taken, nothing after a reset, no
// trace of an operation that a start has dropped, no more cycles from start to
// done than the units promise; with TWIN, in each cycle the same outputs with SKIP_IDLE.
//
// +vectors=FILE the vectors. MUL_DSP is hsx_arith's.
`default_nettype none

module hsx_arith_tb #(
  parameter MUL_DSP = 0,
  parameter TWIN    = 0
);
  reg         clk = 1'b0;
  reg         rst = 1'b1;
  reg         start = 1'b0;
  reg  [2:0]  op;
  reg  [31:0] a;
  reg  [31:0] b;
  wire        done;
  wire [31:0] result;
  wire        high_nonzero;

  hsx_arith #(.MUL_DSP(MUL_DSP)) dut (
    .clk(clk), .rst(rst), .start(start), .op(op), .a(a), .b(b),
    .done(done), .result(result), .high_nonzero(high_nonzero)
  );

  always #5 clk = !clk;

  reg [1023:0] file_name;
  integer      file;
  integer      got;
  integer      longest [0:7];    // the most cycles of each operation
  integer      vectors = 0;
  integer      failures = 0;
  integer      cycles;
  integer      slowest [0:7];
  integer      total [0:7];
  integer      runs [0:7];
  integer      k;
  integer      seed = 1;
  reg [3:0]    v_op;
  reg [31:0]   v_a;
  reg [31:0]   v_b;
  reg [31:0]   v_result;
  reg [3:0]    v_high;
  reg [103:0]  line;

  task fail(input [8*24-1:0] what);
    begin
      failures = failures + 1;
      if (failures <= 10)
        $display("FAIL %0s: op %0d a %h b %h: got %h %b, expected %h %b", what, v_op, v_a, v_b,
                 result, high_nonzero, v_result, v_high[0]);
    end
  endtask

  generate
    if (TWIN != 0) begin : with_twin
      wire        twin_done;
      wire [31:0] twin_result;
      wire        twin_high_nonzero;

      hsx_arith #(.MUL_DSP(MUL_DSP), .SKIP_IDLE(1)) twin (
        .clk(clk), .rst(rst), .start(start), .op(op), .a(a), .b(b),
        .done(twin_done), .result(twin_result), .high_nonzero(twin_high_nonzero)
      );

      always @(negedge clk)
        if ({twin_done, twin_result, twin_high_nonzero} !== {done, result, high_nonzero})
          fail("SKIP_IDLE");
    end
  endgenerate

  // Outputs are sampled and inputs changed between the clock's rising edges.
  task launch;
    begin
      start = 1'b1;
      op    = v_op[2:0];
      a     = v_a;
      b     = v_b;
      @(negedge clk);
      start = 1'b0;
      op    = 3'bx;
      a     = 32'bx;
      b     = 32'bx;
    end
  endtask

  task check;
    begin
      if (result !== v_result)
        fail("result");
      if (v_op == 4'd6 && high_nonzero !== v_high[0])
        fail("high half");
    end
  endtask

  task run;
    begin
      launch;
      cycles = 1;
      while (done !== 1'b1 && cycles <= longest[v_op]) begin
        if (done !== 1'b0)
          fail("done unknown");
        @(negedge clk);
        cycles = cycles + 1;
      end
      if (cycles > longest[v_op])
        fail("too slow");
      check;
      total[v_op] = total[v_op] + cycles;
      runs[v_op] = runs[v_op] + 1;
      if (cycles > slowest[v_op])
        slowest[v_op] = cycles;
    end
  endtask

  // The pause after done: none for most vectors, so that starts are back to back.
  task rest;
    begin
      @(negedge clk);
      if (done !== 1'b0)
        fail("done twice");
      if (vectors % 16 == 0) begin
        repeat (3) @(negedge clk);
        check;
        if (done !== 1'b0)
          fail("done twice");
      end
    end
  endtask

  task start_and_reset;
    begin
      launch;
      repeat ($random(seed) & 15) if (done !== 1'b1) @(negedge clk);
      rst = 1'b1;
      @(negedge clk);
      rst = 1'b0;
      if (vectors % 64 == 5)
        repeat (longest[v_op]) begin
          if (done !== 1'b0)
            fail("done after a reset");
          @(negedge clk);
        end
    end
  endtask

  task start_and_drop;
    begin
      v_op = v_op ^ 4'd7;
      launch;
      v_op = v_op ^ 4'd7;
      repeat ($random(seed) & 15) @(negedge clk);
    end
  endtask

  initial begin
    for (k = 0; k < 8; k = k + 1) begin
      slowest[k] = 0;
      total[k] = 0;
      runs[k] = 0;
    end
    longest[0] = 29;
    longest[1] = 29;
    longest[2] = 29;
    longest[3] = 43;
    longest[4] = 20;
    longest[5] = 37;
    longest[6] = (MUL_DSP != 0) ? 3 : 33;
    longest[7] = 39;
    if (!$value$plusargs("vectors=%s", file_name)) begin
      $display("FAIL usage: +vectors=FILE");
      $finish;
    end
    file = $fopen(file_name, "r");
    if (file == 0)
      $display("FAIL %0s: cannot open the vectors", file_name);
    repeat (3) @(negedge clk);
    rst = 1'b0;
    @(negedge clk);
    got = (file == 0) ? 0 : $fscanf(file, "%h\n", line);
    while (got == 1) begin
      {v_op, v_a, v_b, v_result, v_high} = line;
      if (vectors % 8 == 5)
        start_and_reset;
      if (vectors % 8 == 2)
        start_and_drop;
      run;
      rest;
      vectors = vectors + 1;
      got = $fscanf(file, "%h\n", line);
    end
    for (k = 0; k < 8; k = k + 1)
      if (runs[k] != 0)
        $display("op %0d: %0d vectors, %0d cycles at most, %0d.%0d on average", k, runs[k],
                 slowest[k], total[k] / runs[k], (10 * total[k] / runs[k]) % 10);
    if (failures == 0 && vectors >= 1000)
      $display("PASS %0d vectors", vectors);
    else
      $display("FAIL %0d of %0d vectors", failures, vectors);
    $finish;
  end
endmodule

`default_nettype wire
