// SPDX-License-Identifier: Apache-2.0
// The system of fpga/soc over its serial line: the core's host port, the system page, LEDs and
// pins, programs that write to the LEDs, and who may.
`default_nettype none

module hsx_soc_tb #(
  parameter SPRAM      = 0, // 1: the single-port RAMs of iCE40UP, with one bank of code
  parameter READ_CLOCK = 0  // 1: as on a board with a fast clock, with FETCH_STAGES = 2
);
`include "hsx_host_map.vh"
`include "hsx_soc_map.vh"

  localparam BIT     = 4;    // clocks
  localparam TIMEOUT = 120;
  localparam [31:0] PAGE = 32'h40000;

  reg        clk = 1'b0;
  reg        rst = 1'b1;
  wire       to_board, from_board;
  wire [7:0] leds;
  reg  [3:0] pins_in = 4'd0;
  wire [3:0] pins_out, pins_drive;

  always #1 clk = !clk;

  hsx_serial_host #(.BIT(BIT), .TIMEOUT(TIMEOUT)) host (
    .clk(clk), .to_board(to_board), .from_board(from_board)
  );
  hsx_soc #(.CLK_HZ(2000000), .BAUD(500000), .TIMEOUT(TIMEOUT), .CONTEXTS(4),
    .CODE_BANKS(SPRAM ? 1 : 2), .CODE_WORDS(512), .DATA_WORDS(1024), .SPRAM(SPRAM),
    .READ_CLOCK(READ_CLOCK), .FETCH_STAGES(READ_CLOCK ? 2 : 1), .PINS(4)) soc (
    .clk(clk), .clk_read(!clk), .rst(rst), .uart_rx(to_board), .uart_tx(from_board), .leds(leds),
    .pins_in(pins_in), .pins_out(pins_out), .pins_drive(pins_drive)
  );

  reg [31:0] value;
  integer    i;

  // Ticks of a millisecond, 2000 clocks, for a task that runs in a circle.
  task ticks;
    begin
      host.write(`HSX_HOST_CODE_ADDR, 32'h21000000); // JMP 0
      host.write(`HSX_HOST_CONTEXT_ADDR, 32'd0);
      host.write(`HSX_HOST_CONTEXT_ADDR + 60, 32'd1);
      host.write(`HSX_HOST_TICK_STEPS_ADDR, 32'hFFFFF);
      host.write(`HSX_HOST_ALARM_BEFORE_ADDR, 32'd1000);
      host.write(`HSX_HOST_NOW_ADDR, -32'd1000);
      host.write(`HSX_HOST_ALARM_ADDR, 32'd0);
      host.write(PAGE + 4 * `HSX_SOC_TIMER, 32'd1);
      host.pause(4500);
      host.read(PAGE + 4 * `HSX_SOC_TIMER, value);
      host.check("ticks wait for the core", value, 32'h0201);
      host.write(PAGE + 4 * `HSX_SOC_TIMER, 32'd3);
      host.write(`HSX_HOST_CTRL_ADDR, 32'd1);
      host.pause(200);
      host.read(PAGE + 4 * `HSX_SOC_TIMER, value);
      host.check("none waits", value, 32'h0001);
      host.pause(6000);
      host.read(`HSX_HOST_STATUS_ADDR, value);
      host.check("it runs", {31'd0, value[`HSX_HOST_STATUS_RUNNING]}, 32'd1);
      host.write(`HSX_HOST_CTRL_ADDR, 32'd0);
      host.pause(2000);
      host.read(`HSX_HOST_STATUS_ADDR, value);
      host.check("held by the host", {31'd0, value[`HSX_HOST_STATUS_HELD]}, 32'd1);
      host.read(`HSX_HOST_NOW_ADDR, value);
      host.check("ticks were given", {31'd0, value >= 32'd4 && value <= 32'd8}, 32'd1);
      host.read(PAGE + 4 * `HSX_SOC_TIMER, value);
      host.check("the next wait", {31'd0, value[`HSX_SOC_TIMER_WAITING] != 8'd0}, 32'd1);
    end
  endtask

  // The protected task in slot 0 stores 0x5A to another address. Why the core is held then is in
  // `value`.
  task store(input [31:0] data_base, input [31:0] address);
    begin
      host.write(`HSX_HOST_CODE_ADDR + 4, address);
      host.write(`HSX_HOST_CONTEXT_ADDR + 4 * `HSX_CONTEXT_PC, 32'd0);
      host.write(`HSX_HOST_CONTEXT_ADDR + 4 * `HSX_CONTEXT_DATA_BASE, data_base);
      host.write(`HSX_HOST_CONTEXT_ADDR + 60, 32'd1);
      host.write(`HSX_HOST_CTRL_ADDR, 32'd1);
      host.read(`HSX_HOST_STATUS_ADDR, value);
      value = {28'd0, value[`HSX_HOST_STATUS_CAUSE]};
    end
  endtask

  // LEDs in the data segment of one protected task are out of reach of others.
  task owned;
    begin
      host.write(PAGE + 4 * `HSX_SOC_LED_ADDRESS, 32'h8240);
      host.write(32'h8240, 32'd0);
      host.write(`HSX_HOST_CODE_ADDR + 8, 32'h0110005A); // LDI R1, 0x5A
      host.write(`HSX_HOST_CONTEXT_ADDR + 4 * `HSX_CONTEXT_DATA_LEN, 32'd8);
      host.write(`HSX_HOST_CONTEXT_ADDR + 4 * `HSX_CONTEXT_FLAGS, 32'd1);
      store(32'h8280, 32'h8240);
      host.check("a store to another's LEDs faults", value, 32'd4);
      host.check("leds of nobody yet", {24'd0, leds}, 32'd0);
      store(32'h8240, 32'h4000);
      host.check("the owner stores", value, 32'd5);
      host.check("leds of their owner", {24'd0, leds}, 32'h5A);
    end
  endtask

  initial begin
    host.pause(4);
    rst = 1'b0;
    host.pause(20);

    host.open;
    host.read(`HSX_HOST_ID_ADDR, value);
    host.check("ID", value[15:0], {8'd4, 8'd4});
    host.write(`HSX_HOST_CONTEXT_ADDR + 64 * 2 + 60, 32'd1);
    host.write(`HSX_HOST_CONTEXT_ADDR + 64 * 3 + 60, 32'd1);
    for (i = 2; i < 4; i = i + 1) begin
      host.read(`HSX_HOST_QUEUE_POP_ADDR, value);
      host.check("popped", {24'd0, value[`HSX_HOST_STATUS_SLOT]}, i);
    end

    // The system page.
    host.read(PAGE + 4 * `HSX_SOC_ID, value);
    host.check("system", value, {`HSX_SOC_VERSION, 8'd0, 8'd4, 8'd8});
    host.read(PAGE + 4 * `HSX_SOC_CLOCK, value);
    host.check("clock", value, 32'd2000000);
    host.read(PAGE + 4 * `HSX_SOC_CODE_BYTES, value);
    host.check("code bytes", value, 32'd2048);
    host.read(PAGE + 4 * `HSX_SOC_DATA_BYTES, value);
    host.check("host.data bytes", value, 32'd4096);
    host.read(32'h80000, value);
    host.check("nothing there", value, 32'd0);
    pins_in = 4'hA;
    host.read(PAGE + 4 * `HSX_SOC_PINS_IN, value);
    host.check("pins", value, 32'hA);
    host.check("leds after reset", {24'd0, leds}, 32'd0);
    host.write(4 * `HSX_SOC_LED_DEFAULT, 32'hFFFFFF81);
    host.check("leds", {24'd0, leds}, 32'h81);
    host.check("pins are inputs", {28'd0, pins_drive}, 32'd0);
    host.write(PAGE + 4 * `HSX_SOC_PIN_DRIVE, 32'h6);
    host.write(PAGE + 4 * `HSX_SOC_PIN_ADDRESS, 32'h0204);
    host.write(4 * `HSX_SOC_PIN_DEFAULT, 32'hF);
    host.check("another word", {28'd0, pins_out}, 32'd0);
    host.write(32'h0204, 32'h5);
    host.check("pins out", {28'd0, pins_out}, 32'h5);
    host.check("pins driven", {28'd0, pins_drive}, 32'h6);
    for (i = 2; i < 16; i = i + 1) begin
      host.write(32'h0204 ^ (1 << i), 32'hA);
      host.check("a word whose address differs in one bit", {28'd0, pins_out}, 32'h5);
    end

    // A task loads 0x5A, writes it to the LEDs, and returns.
    host.write(32'h0FFC, 32'hC396A55A);
    host.data[0] = 32'h60200000;
    host.data[1] = 32'h00000FF8; // LDI32 R2, 0x0FF8
    host.data[2] = 32'h02120004; // LD R1, [R2+4]
    host.data[3] = 32'h08021000; // STB [R2], R1
    host.data[4] = 32'h25000000; // RET
    host.request(8'h81, 8'd5, `HSX_HOST_CODE_ADDR);
    for (i = 0; i < 13; i = i + 1)
      host.data[i] = 32'd0;
    host.data[`HSX_CONTEXT_SP]          = 32'h0400;
    host.data[`HSX_CONTEXT_REG_BASE]    = 32'h1000;
    host.data[`HSX_CONTEXT_STACK_LIMIT] = 32'h0300;
    host.data[`HSX_CONTEXT_STACK_TOP]   = 32'h0400;
    host.data[`HSX_CONTEXT_CODE_LEN]    = 32'd20;
    host.data[`HSX_CONTEXT_DATA_BASE]   = 32'h4000;
    host.data[`HSX_CONTEXT_SLICE]       = 32'd1;
    host.request(8'h81, 8'd13, `HSX_HOST_CONTEXT_ADDR);
    host.write(`HSX_HOST_CONTEXT_ADDR + 60, 32'd1);
    host.write(`HSX_HOST_HOLD_MASK_ADDR, 32'hFF);
    host.write(`HSX_HOST_CTRL_ADDR, 32'd1);
    host.read(`HSX_HOST_STATUS_ADDR, value);
    host.check("held by the return", {28'd0, value[`HSX_HOST_STATUS_CAUSE]}, 32'd5);
    host.check("leds of the task", {24'd0, leds}, 32'h5A);
    host.read(4 * `HSX_SOC_LED_DEFAULT, value);
    host.check("its byte alone", value, 32'hFFFFFF5A);
    host.read(32'h1004, value);
    host.check("the word loaded", value, 32'hC396A55A);

    // These do not depend on the kind of memory.
    if (!SPRAM && !READ_CLOCK) begin
      owned;
      ticks;
    end

    host.finish;
  end

  initial begin
    #4000000;
    $display("FAIL no end");
    $finish;
  end
endmodule

`default_nettype wire
