// SPDX-License-Identifier: Apache-2.0
// For benches: the PC at the other end of a serial line (docs/serial.md), with faults on request.
// It counts what is checked and what fails. BIT and TIMEOUT are clocks.
`default_nettype none

module hsx_serial_host #(
  parameter BIT     = 4,
  parameter TIMEOUT = 120
) (
  input  wire clk,
  output reg  to_board,
  input  wire from_board
);

  integer failures = 0;
  integer checks = 0;

  task check(input [8*40-1:0] what, input [31:0] got, input [31:0] expected);
    begin
      checks = checks + 1;
      if (got !== expected) begin
        failures = failures + 1;
        if (failures <= 20)
          $display("FAIL %0s: got %h, expected %h", what, got, expected);
      end
    end
  endtask

  // ---- the line ----

  reg [7:0] heard [0:2047];
  integer   n_heard = 0;
  reg [7:0] hearing;
  integer   h;

  always @(negedge from_board) begin
    repeat (BIT / 2) @(posedge clk);
    for (h = 0; h < 8; h = h + 1) begin
      repeat (BIT) @(posedge clk);
      hearing = {from_board, hearing[7:1]};
    end
    repeat (BIT) @(posedge clk);
    check("stop bit", {31'd0, from_board}, 32'd1);
    heard[n_heard] = hearing;
    n_heard = n_heard + 1;
  end

  task pause(input integer clocks);
    repeat (clocks) @(posedge clk);
  endtask

  integer b;
  task put(input [7:0] value, input stop_bit);
    begin
      to_board = 1'b0;
      pause(BIT);
      for (b = 0; b < 8; b = b + 1) begin
        to_board = value[b];
        pause(BIT);
      end
      to_board = stop_bit;
      pause(BIT);
      to_board = 1'b1;
    end
  endtask

  task put_word(input [31:0] value);
    begin
      put(value[31:24], 1'b1);
      put(value[23:16], 1'b1);
      put(value[15:8], 1'b1);
      put(value[7:0], 1'b1);
    end
  endtask

  // ---- UARTBone ----

  task plain(input [7:0] command, input [7:0] count, input [31:0] address);
    begin
      n_heard = 0;
      put(command, 1'b1);
      put(count, 1'b1);
      put_word(address / 4);
    end
  endtask

  task plain_read(input [31:0] address, output [31:0] value);
    begin
      plain(8'h02, 8'd1, address);
      pause(60 * BIT);
      check("bytes of a plain read", n_heard, 4);
      value = {heard[0], heard[1], heard[2], heard[3]};
    end
  endtask

  // ---- frames ----

  localparam WHOLE = 0, LOST = 1, DOUBLED = 2, GARBLED = 3, BROKEN = 4, LATE = 5;

  reg [7:0]  frame [0:511];
  integer    length;
  reg [31:0] crc;
  reg [31:0] data [0:255];
  integer    f, w, d;

  initial begin
    to_board = 1'b1;
    for (d = 0; d < 256; d = d + 1)
      data[d] = 32'd0;
  end

  task add(input [7:0] value);
    begin
      frame[length] = value;
      length = length + 1;
      for (f = 0; f < 8; f = f + 1)
        crc = (crc >> 1) ^ ((crc[0] ^ value[f]) ? 32'hEDB88320 : 32'd0);
    end
  endtask

  task begin_frame(input [7:0] command, input [7:0] number);
    begin
      length = 0;
      crc = 32'hFFFFFFFF;
      add(command);
      add(number);
    end
  endtask

  reg [31:0] final_crc;
  task end_frame;
    begin
      final_crc = ~crc;
      for (w = 0; w < 4; w = w + 1)
        add(final_crc[8*w +: 8]);
    end
  endtask

  task add_word(input [31:0] value);
    begin
      add(value[31:24]);
      add(value[23:16]);
      add(value[15:8]);
      add(value[7:0]);
    end
  endtask

  // The words of `data` go with writes.
  task make(input [7:0] command, input [7:0] number, input [7:0] count, input [31:0] address);
    begin
      begin_frame(command, number);
      if (command != 8'h80 && command != 8'h85) begin
        add(count);
        add_word(address / 4);
        if (command == 8'h81 || command == 8'h83)
          for (d = 0; d < count; d = d + 1)
            add_word(data[d]);
      end
      end_frame;
    end
  endtask

  // Sends the frame, with a fault at its byte `at`.
  integer s;
  task send(input integer fault, input integer at, input [7:0] flip);
    begin
      n_heard = 0;
      for (s = 0; s < length; s = s + 1)
        if (s != at || fault == WHOLE)
          put(frame[s], 1'b1);
        else if (fault == DOUBLED) begin
          put(frame[s], 1'b1);
          put(frame[s], 1'b1);
        end else if (fault == GARBLED)
          put(frame[s] ^ flip, 1'b1);
        else if (fault == BROKEN) begin
          put(frame[s] & 8'h7F, 1'b0);
          pause(BIT);
        end else if (fault == LATE) begin
          pause(TIMEOUT + 2 * BIT);
          put(frame[s], 1'b1);
        end
    end
  endtask

  // Waits until nothing has come for some bytes' time, which also ends what a fault began.
  integer before;
  task settle;
    begin
      pause(TIMEOUT);
      before = -1;
      while (before != n_heard) begin
        before = n_heard;
        pause(25 * BIT);
      end
    end
  endtask

  // A reply's CRC is right, and it is that to the frame.
  integer r;
  task check_reply(input [7:0] status, input integer words);
    begin
      check("length of a reply", n_heard, 7 + 4 * words);
      crc = 32'hFFFFFFFF;
      for (r = 0; r < n_heard; r = r + 1)
        for (f = 0; f < 8; f = f + 1)
          crc = (crc >> 1) ^ ((crc[0] ^ heard[r][f]) ? 32'hEDB88320 : 32'd0);
      check("CRC of a reply", crc, 32'hDEBB20E3);
      check("command of a reply", {24'd0, heard[0]}, {24'd0, frame[0] + 8'h40});
      check("number of a reply", {24'd0, heard[1]}, {24'd0, frame[1]});
      check("status of a reply", {24'd0, heard[2]}, {24'd0, status});
    end
  endtask

  function [31:0] word_of(input integer n);
    word_of = {heard[4*n+3], heard[4*n+4], heard[4*n+5], heard[4*n+6]};
  endfunction

  reg [7:0] number = 8'hA0;

  task request(input [7:0] command, input [7:0] count, input [31:0] address);
    begin
      number = number + 8'd1;
      make(command, number, count, address);
      send(WHOLE, 0, 8'd0);
      pause(40 * count); // an access may take so long
      settle;
      check_reply(8'd0, (command == 8'h82 || command == 8'h84) ? count : 0);
    end
  endtask

  task write(input [31:0] address, input [31:0] value);
    begin
      data[0] = value;
      request(8'h81, 8'd1, address);
    end
  endtask

  task read(input [31:0] address, output [31:0] value);
    begin
      request(8'h82, 8'd1, address);
      value = word_of(0);
    end
  endtask

  task open;
    begin
      make(8'h80, number, 8'd0, 32'd0);
      send(WHOLE, 0, 8'd0);
      settle;
      check_reply(8'd0, 1);
      check("what open tells", word_of(0), 32'h01400000);
    end
  endtask

  // What a bench says at its end.
  task finish;
    begin
      if (failures == 0)
        $display("PASS %0d checks", checks);
      else
        $display("FAIL %0d of %0d checks", failures, checks);
      $finish;
    end
  endtask
endmodule

`default_nettype wire
