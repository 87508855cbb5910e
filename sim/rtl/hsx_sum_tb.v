// SPDX-License-Identifier: Apache-2.0
// The least bench of the core, and a start for your own: its host loads a program through the host
// port, lets it run until it asks for something, and reads the sum of 1 to 10 from its R0.
`include "hsx_host_map.vh"
`include "hsx_retire.vh"
`default_nettype none

module hsx_sum_tb;
  reg         clk = 1'b0, rst = 1'b1;
  reg         stb = 1'b0, we;
  reg  [19:0] addr;
  reg  [31:0] wdata;
  wire [31:0] rdata;
  wire        ack, held, idle, trap_valid;
  wire [2:0]  trap_kind;
  wire [7:0]  trap_slot;
  wire [11:0] trap_imm;
  `HSX_RET_WIRES
  integer     retired = 0;

  hsx_sim_top #(.CONTEXTS(2), .WINDOWS(2)) core (
    .clk(clk), .rst(rst), .wb_cyc(stb), .wb_stb(stb), .wb_we(we), .wb_adr(addr[19:2]),
    .wb_sel(4'hF), .wb_dat_i(wdata), .wb_dat_o(rdata), .wb_ack(ack), .held(held), .idle(idle),
    .trap_valid(trap_valid), .trap_kind(trap_kind), .trap_slot(trap_slot), .trap_imm(trap_imm),
    `HSX_RET_CONNECT
  );

  always #5 clk = !clk;
  always @(posedge clk)
    if (ret_valid)
      retired = retired + 1;

  // One access of the host. Its inputs change between the core's clock edges.
  task access(input [19:0] at, input write, input [31:0] value);
    begin
      @(negedge clk);
      addr  = at;
      we    = write;
      wdata = value;
      stb   = 1'b1;
      @(negedge clk);
      while (!ack)
        @(negedge clk);
      stb = 1'b0;
    end
  endtask

  task put(input [19:0] at, input [31:0] value);
    access(at, 1'b1, value);
  endtask

  task field(input [3:0] number, input [31:0] value); // of the context of slot 0
    put(`HSX_HOST_CONTEXT_ADDR + {14'd0, number, 2'd0}, value);
  endtask

  integer n;
  initial begin
    repeat (2) @(negedge clk);
    rst = 1'b0;
    while (!held)
      @(negedge clk);
    put(`HSX_HOST_CODE_ADDR + 20'd0, 32'h0110000A);  // LDI R1, 10
    put(`HSX_HOST_CODE_ADDR + 20'd4, 32'h01200001);  // LDI R2, 1
    put(`HSX_HOST_CODE_ADDR + 20'd8, 32'h10001000);  // ADD R0, R0, R1
    put(`HSX_HOST_CODE_ADDR + 20'd12, 32'h11112000); // SUB R1, R1, R2
    put(`HSX_HOST_CODE_ADDR + 20'd16, 32'h23000008); // JNZ 8
    put(`HSX_HOST_CODE_ADDR + 20'd20, 32'h30000100); // SVC 0x100
    for (n = 0; n < 16; n = n + 1)
      put(20'h01000 + 4 * n[19:0], 32'd0);      // R0 to R15
    field(`HSX_CONTEXT_PC, 32'd0);
    field(`HSX_CONTEXT_SP, 32'hFFFC);
    field(`HSX_CONTEXT_REG_BASE, 32'h1000);
    field(`HSX_CONTEXT_STACK_LIMIT, 32'hF000);
    field(`HSX_CONTEXT_STACK_TOP, 32'hFFFC);
    field(`HSX_CONTEXT_CODE_BASE, 32'd0);
    field(`HSX_CONTEXT_CODE_LEN, 32'd24);
    field(`HSX_CONTEXT_DATA_BASE, 32'h4000);
    field(`HSX_CONTEXT_DATA_LEN, 32'd0);
    field(`HSX_CONTEXT_CALL_DEPTH, 32'd0);
    field(`HSX_CONTEXT_PSW, 32'd0);
    field(`HSX_CONTEXT_SLICE, 32'd1);
    field(`HSX_CONTEXT_FLAGS, 32'd1); // protect
    field(`HSX_CONTEXT_PUSH, 32'd1); // READY
    put(`HSX_HOST_CTRL_ADDR, 32'd1);
    while (!held)
      @(negedge clk);
    access(20'h01000, 1'b0, 32'd0);
    if (rdata == 32'd55 && retired == 33 && trap_valid && trap_kind == 3'd0)
      $display("PASS R0 = %0d after %0d instructions", rdata, retired);
    else
      $display("FAIL R0 = %0d after %0d instructions, trap %b %0d", rdata, retired, trap_valid, trap_kind);
    $finish;
  end

  initial begin
    #200000 $display("FAIL the core does not stop");
    $finish;
  end
endmodule

`default_nettype wire
