// SPDX-License-Identifier: Apache-2.0
// The core with its main memories and a host, for benches: the tasks below are
// called from outside as core.put(...), and block until the host port is done.
// The bench watches the core's wires, which carry the names of its ports. With
// HSX_GATE_LEVEL defined the core is a netlist, which has no parameters.
`default_nettype none

module hsx_bench_core;
`include "hsx_isa.vh"
`include "hsx_host_map.vh"
`include "hsx_retire.vh"

  reg         clk = 1'b0;
  reg         rst = 1'b1;
  reg         wb_stb = 1'b0;
  reg         wb_we = 1'b0;
  reg  [19:0] wb_adr = 20'd0;
  reg  [31:0] wb_dat_i = 32'd0;
  wire [31:0] wb_dat_o;
  wire        wb_ack;

  wire        code_en;
  wire [1:0]  code_we;
  wire [12:0] code_addr_even;
  wire [12:0] code_addr_odd;
  wire [31:0] code_wdata;
  reg  [31:0] code_rdata_even;
  reg  [31:0] code_rdata_odd;
  wire        data_en;
  wire [3:0]  data_we;
  wire [13:0] data_addr;
  wire [31:0] data_wdata;
  reg  [31:0] data_rdata;

  wire        held;
  wire        idle;
  wire        trap_valid;
  wire [2:0]  trap_kind;
  wire [7:0]  trap_slot;
  wire [11:0] trap_imm;

  `HSX_RET_WIRES

`ifdef HSX_GATE_LEVEL
  hsx_core dut (
`else
  hsx_core #(.CONTEXTS(16), .WINDOWS(192)) dut (
`endif
    .clk(clk), .rst(rst),
    .code_en(code_en), .code_we(code_we), .code_addr_even(code_addr_even),
    .code_addr_odd(code_addr_odd), .code_wdata(code_wdata),
    .code_rdata_even(code_rdata_even), .code_rdata_odd(code_rdata_odd),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata),
    .wb_cyc(wb_stb), .wb_stb(wb_stb), .wb_we(wb_we), .wb_adr(wb_adr[19:2]), .wb_sel(4'hF),
    .wb_dat_i(wb_dat_i), .wb_dat_o(wb_dat_o), .wb_ack(wb_ack),
    .held(held), .idle(idle), .trap_valid(trap_valid), .trap_kind(trap_kind),
    .trap_slot(trap_slot), .trap_imm(trap_imm),
    `HSX_RET_CONNECT
  );

  reg [31:0] code [0:16383];
  reg [31:0] data [0:16383];

  always #5 clk = !clk;

  always @(posedge clk) begin
    if (code_en) begin
      code_rdata_even <= code[{code_addr_even, 1'b0}];
      code_rdata_odd  <= code[{code_addr_odd, 1'b1}];
      if (code_we[0])
        code[{code_addr_even, 1'b0}] <= code_wdata;
      if (code_we[1])
        code[{code_addr_odd, 1'b1}] <= code_wdata;
    end
    if (data_en) begin
      data_rdata <= data[data_addr];
      if (data_we[0]) data[data_addr][7:0]   <= data_wdata[7:0];
      if (data_we[1]) data[data_addr][15:8]  <= data_wdata[15:8];
      if (data_we[2]) data[data_addr][23:16] <= data_wdata[23:16];
      if (data_we[3]) data[data_addr][31:24] <= data_wdata[31:24];
    end
  end

  integer i;
  task reset;
    begin
      for (i = 0; i < 16384; i = i + 1) begin
        code[i] = 32'd0;
        data[i] = 32'd0;
      end
      rst = 1'b1;
      repeat (3) @(negedge clk);
      rst = 1'b0;
      @(negedge clk);
    end
  endtask

  task put(input [19:0] address, input [31:0] value);
    begin
      wb_adr = address;
      wb_dat_i = value;
      wb_we = 1'b1;
      wb_stb = 1'b1;
      @(negedge clk);
      while (wb_ack !== 1'b1)
        @(negedge clk);
      wb_stb = 1'b0;
      @(negedge clk);
    end
  endtask

  task get(input [19:0] address, output [31:0] value);
    begin
      wb_adr = address;
      wb_we = 1'b0;
      wb_stb = 1'b1;
      @(negedge clk);
      while (wb_ack !== 1'b1)
        @(negedge clk);
      value = wb_dat_o;
      wb_stb = 1'b0;
      @(negedge clk);
    end
  endtask

  task put_context(input [7:0] slot, input [3:0] field, input [31:0] value);
    put(`HSX_HOST_CONTEXT_ADDR + {slot, 6'd0} + {field, 2'd0}, value);
  endtask

  // A task in the given slot with an empty stack, the whole code memory and no
  // data segment; not yet ready.
  task make_task(input [7:0] slot, input [15:0] reg_base, input [15:0] stack_limit,
                 input [15:0] stack_top);
    begin
      put_context(slot, `HSX_CONTEXT_PC, 0);
      put_context(slot, `HSX_CONTEXT_SP, stack_top);
      put_context(slot, `HSX_CONTEXT_REG_BASE, reg_base);
      put_context(slot, `HSX_CONTEXT_STACK_LIMIT, stack_limit);
      put_context(slot, `HSX_CONTEXT_STACK_TOP, stack_top);
      put_context(slot, `HSX_CONTEXT_CODE_BASE, 0);
      put_context(slot, `HSX_CONTEXT_CODE_LEN, 32'h10000);
      put_context(slot, `HSX_CONTEXT_DATA_BASE, 32'h4000);
      put_context(slot, `HSX_CONTEXT_DATA_LEN, 0);
      put_context(slot, `HSX_CONTEXT_CALL_DEPTH, 0);
      put_context(slot, `HSX_CONTEXT_PSW, 0);
      put_context(slot, `HSX_CONTEXT_SLICE, 1);
      put_context(slot, `HSX_CONTEXT_FLAGS, 0);
      for (i = 0; i < 16; i = i + 1)
        put({4'd0, reg_base} + 4 * i, 0);
    end
  endtask

  task make_ready(input [7:0] slot);
    put_context(slot, `HSX_CONTEXT_PUSH, 1);
  endtask

  // Lets the core go and returns when it is held again; `causes` are the stops
  // that hold it (HOLD_MASK).
  task run(input [7:0] causes);
    begin
      put(`HSX_HOST_HOLD_MASK_ADDR, causes);
      put(`HSX_HOST_CTRL_ADDR, 1);
      while (held !== 1'b1)
        @(negedge clk);
    end
  endtask
endmodule

`default_nettype wire
