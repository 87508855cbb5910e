// SPDX-License-Identifier: Apache-2.0
// The bridge with its UART (docs/serial.md) before a bus of few words: UARTBone, framed commands
// with every byte lost, doubled, garbled, broken and late in turn, sequence numbers, time-outs.
`default_nettype none

module hsx_uart_bridge_tb;
  localparam BIT     = 4; // clocks
  localparam TIMEOUT = 120;

  localparam [31:0] MEMORY  = 32'h10000; // 256 words
  localparam [31:0] COUNTER = 32'h30014; // a write adds to it
  localparam [31:0] POP     = 32'h30034; // a read adds 1 to it
  localparam [31:0] NAME    = 32'h3007C;

  reg         clk = 1'b0;
  reg         rst = 1'b1;
  wire        to_board, from_board;
  wire [7:0]  rx_data, tx_data;
  wire        rx_valid, rx_broken, tx_valid, tx_ready;
  wire        wb_stb, wb_we;
  wire [19:2] wb_adr;
  wire [31:0] wb_write;
  reg  [31:0] wb_read;
  reg         wb_ack = 1'b0;

  always #1 clk = !clk;

  hsx_serial_host #(.BIT(BIT), .TIMEOUT(TIMEOUT)) host (
    .clk(clk), .to_board(to_board), .from_board(from_board)
  );
  hsx_uart_rx #(.DIVIDER(BIT)) receiver (
    .clk(clk), .rst(rst), .line(to_board), .data(rx_data), .valid(rx_valid), .broken(rx_broken)
  );
  hsx_uart_tx #(.DIVIDER(BIT)) sender (
    .clk(clk), .rst(rst), .line(from_board), .data(tx_data), .valid(tx_valid), .ready(tx_ready)
  );
  hsx_uart_bridge #(.TIMEOUT(TIMEOUT)) bridge (
    .clk(clk), .rst(rst), .rx_data(rx_data), .rx_valid(rx_valid), .rx_broken(rx_broken),
    .tx_data(tx_data), .tx_valid(tx_valid), .tx_ready(tx_ready), .wb_stb(wb_stb), .wb_we(wb_we),
    .wb_adr(wb_adr), .wb_dat_o(wb_write), .wb_dat_i(wb_read), .wb_ack(wb_ack)
  );

  // ---- the bus, with an acknowledge after one to sixteen cycles ----

  reg [31:0] memory [0:255];
  reg [31:0] counter = 32'd0;
  reg [31:0] popped = 32'd0;
  reg [3:0]  wait_for = 4'd0;
  wire       now = wb_stb && !wb_ack && wait_for == 4'd0;

  always @(posedge clk) begin
    wb_ack <= now;
    if (now) begin
      wait_for <= wait_for + 4'd7 + wb_adr[5:2];
      if (wb_we && wb_adr[19:16] == 4'd1)
        memory[wb_adr[9:2]] <= wb_write;
      if (wb_we && {wb_adr, 2'd0} == COUNTER[19:0])
        counter <= counter + wb_write;
      if (!wb_we && {wb_adr, 2'd0} == POP[19:0])
        popped <= popped + 32'd1;
      wb_read <= wb_adr[19:16] == 4'd1             ? memory[wb_adr[9:2]]
               : {wb_adr, 2'd0} == COUNTER[19:0]   ? counter
               : {wb_adr, 2'd0} == POP[19:0]       ? popped + 32'd1
               :                                     32'h48535800;
    end else if (wb_stb && !wb_ack)
      wait_for <= wait_for - 4'd1;
  end

  reg [31:0] value, other;
  integer    i, fault, at, events;

  initial begin
    host.pause(4);
    rst = 1'b0;
    host.pause(20);

    // UARTBone.
    host.plain(8'h01, 8'd2, MEMORY + 8);
    host.put_word(32'h01234567);
    host.put_word(32'h89ABCDEF);
    host.plain_read(MEMORY + 8, value);
    host.check("first word", value, 32'h01234567);
    host.plain(8'h02, 8'd2, MEMORY + 8);
    host.pause(120 * BIT);
    host.check("bytes of two words", host.n_heard, 8);
    host.check("second word", {host.heard[4], host.heard[5], host.heard[6], host.heard[7]}, 32'h89ABCDEF);
    host.plain(8'h03, 8'd2, MEMORY + 16); // both to one address
    host.put_word(32'h11111111);
    host.put_word(32'h22222222);
    host.plain(8'h04, 8'd2, MEMORY + 16);
    host.pause(120 * BIT);
    host.check("the later word", {host.heard[0], host.heard[1], host.heard[2], host.heard[3]}, 32'h22222222);
    host.check("the same again", {host.heard[4], host.heard[5], host.heard[6], host.heard[7]}, 32'h22222222);
    host.plain(8'h01, 8'd0, MEMORY + 8); // no words
    host.put(8'h55, 1'b1); // no command
    host.plain_read(MEMORY + 8, value);
    host.check("after no words", value, 32'h01234567);

    // A command that stops in the middle.
    host.plain(8'h01, 8'd1, MEMORY + 8);
    host.put(8'hFF, 1'b1);
    host.pause(TIMEOUT + 20);
    host.plain_read(MEMORY + 8, value);
    host.check("after half a command", value, 32'h01234567);

    // Frames: not before a session is open.
    host.make(8'h82, host.number, 8'd1, NAME);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd1, 0);
    host.open;
    host.read(NAME, value);
    host.check("a name", value, 32'h48535800);
    host.plain(8'h01, 8'd1, MEMORY + 8);
    host.put_word(32'hFFFFFFFF);
    host.settle;
    host.read(MEMORY + 8, value);
    host.check("no UARTBone in a session", value, 32'h01234567);

    // Most words, in both directions, and both kinds with a fixed address.
    for (i = 0; i < 64; i = i + 1)
      host.data[i] = 32'hC0DE0000 + i * 32'h00010003;
    host.request(8'h81, 8'd64, MEMORY + 64);
    host.request(8'h82, 8'd64, MEMORY + 64);
    for (i = 0; i < 64; i = i + 1)
      host.check("one of 64 words", host.word_of(i), 32'hC0DE0000 + i * 32'h00010003);
    host.request(8'h83, 8'd3, MEMORY + 64);
    host.request(8'h84, 8'd2, MEMORY + 64);
    host.check("fixed address", host.word_of(0), 32'hC0E00006);
    host.check("fixed address again", host.word_of(1), 32'hC0E00006);

    // Lengths and numbers that are refused; a refused number counts as no request.
    host.number = host.number + 8'd1;
    host.make(8'h82, host.number, 8'd65, MEMORY);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd3, 0);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd3, 0);
    host.number = host.number + 8'd1;
    host.make(8'h81, host.number, 8'd0, MEMORY);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd3, 0);
    host.number = host.number + 8'd1;
    host.data[0] = 32'd0;
    host.make(8'h81, host.number, 8'd70, MEMORY + 8);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd3, 0);
    host.data[0] = 32'd0;
    host.make(8'h81, host.number + 8'd2, 8'd1, MEMORY + 8);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd2, 0);
    host.make(8'h81, host.number - 8'd1, 8'd1, MEMORY + 8);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd2, 0);
    host.read(MEMORY + 8, value);
    host.check("refused writes", value, 32'h01234567);

    // Each byte of a write that must happen once: lost, doubled, garbled, broken, late. Then the
    // same again until a reply comes.
    host.read(COUNTER, value);
    events = 0;
    for (fault = host.LOST; fault <= host.LATE; fault = fault + 1)
      for (at = 0; at < 15; at = at + 1) begin
        host.number = host.number + 8'd1;
        host.data[0] = 32'd1;
        host.make(8'h81, host.number, 8'd1, COUNTER);
        host.send(fault, at, 8'h01 << (at % 8));
        host.settle;
        // Doubled at its end it is whole; what comes first is not late.
        if (!(fault == host.DOUBLED && at == 14) && !(fault == host.LATE && at == 0))
          host.check("no reply to a fault", host.n_heard, 0);
        host.send(host.WHOLE, 0, 8'd0);
        host.settle;
        host.check_reply(8'd0, 0);
        host.send(host.WHOLE, 0, 8'd0); // as if the reply had been lost
        host.settle;
        host.check_reply(8'd0, 0);
        events = events + 1;
      end
    host.read(COUNTER, other);
    host.check("events", other - value, events);

    // A read that changes what it reads.
    host.read(POP, value);
    host.check("popped", value, 32'd1);
    for (at = 0; at < 11; at = at + 1) begin
      host.send(host.GARBLED, at, 8'h80);
      host.settle;
      host.check("no reply to a fault", host.n_heard, 0);
      host.send(host.WHOLE, 0, 8'd0);
      host.settle;
      host.check_reply(8'd0, 1);
      host.check("popped once", host.word_of(0), value);
    end
    // A write that goes wrong between leaves the reply whole.
    host.data[0] = 32'hFFFFFFFF;
    host.make(8'h81, host.number + 8'd1, 8'd4, MEMORY);
    host.send(host.GARBLED, 12, 8'h10);
    host.settle;
    host.make(8'h82, host.number, 8'd1, POP);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd0, 1);
    host.check("popped once", host.word_of(0), value);
    host.read(POP, value);
    host.check("popped next", value, 32'd2);

    // A reset ends the session; closing lets UARTBone in.
    rst = 1'b1;
    host.pause(2);
    rst = 1'b0;
    host.make(8'h82, host.number + 8'd1, 8'd1, NAME);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd1, 0);
    host.open;
    host.make(8'h85, 8'hF0, 8'd0, 32'd0);
    host.send(host.WHOLE, 0, 8'd0);
    host.settle;
    host.check_reply(8'd0, 0);
    host.plain_read(MEMORY + 8, value);
    host.check("UARTBone again", value, 32'h01234567);

    host.finish;
  end

  initial begin
    #4000000;
    $display("FAIL no end");
    $finish;
  end
endmodule

`default_nettype wire
