// SPDX-License-Identifier: Apache-2.0
// The system's memory against an array, in both of its block RAM's forms: random words, byte
// enables and idle cycles. Of the lanes' addresses each comes at the beginning of a cycle, the rest near its
// end.
`default_nettype none

module hsx_soc_ram_tb;
  localparam ADDR_BITS = 4;
  localparam WORDS     = 16;
  localparam CYCLES    = 20000;

  reg                  clk = 1'b0;
  reg                  en = 1'b0;
  reg  [3:0]           we = 4'd0;
  reg  [ADDR_BITS-1:0] addr = 0;
  reg  [ADDR_BITS-1:0] early_addr = 0;
  reg  [31:0]          wdata = 32'd0;
  wire [31:0]          rdata [0:1];

  genvar half;
  generate
    for (half = 0; half < 2; half = half + 1) begin : each
      hsx_soc_ram #(.WORDS(WORDS), .READ_CLOCK(half), .ADDR_BITS(ADDR_BITS)) ram (
        .clk(clk), .clk_read(!clk), .lane_addr({4{early_addr}}), .en(en), .we(we), .addr(addr),
        .wdata(wdata), .rdata(rdata[half])
      );
    end
  endgenerate

  always #5 clk = !clk;

  reg [31:0] mem [0:WORDS-1];
  reg [31:0] expected;
  reg        known = 1'b0;
  integer    cycle, lane, failed, seed;

  task check(input integer form);
    if (known && rdata[form] !== expected) begin
      $display("FAIL READ_CLOCK = %0d, cycle %0d: got %h, expected %h", form, cycle, rdata[form],
               expected);
      failed = failed + 1;
    end
  endtask

  initial begin
    failed = 0;
    seed   = 1;
    for (cycle = 0; cycle < CYCLES && failed < 10; cycle = cycle + 1) begin
      @(posedge clk);
      #1;
      early_addr = (cycle < WORDS) ? cycle : $random(seed);
      #8; // the falling edge has passed
      check(0);
      check(1);
      addr  = early_addr;
      en    = (cycle < WORDS) || ($random(seed) & 3) != 0;
      we    = (cycle < WORDS) ? 4'hF : (en && ($random(seed) & 1) != 0) ? $random(seed) : 4'd0;
      wdata = $random(seed);
      // After a write rdata may be anything, and without en it is what it was.
      if (en) begin
        known    = (we == 4'd0);
        expected = mem[addr];
        for (lane = 0; lane < 4; lane = lane + 1)
          if (we[lane])
            mem[addr][8*lane +: 8] = wdata[8*lane +: 8];
      end
    end
    if (failed == 0)
      $display("PASS %0d cycles", cycle);
    $finish;
  end
endmodule

`default_nettype wire
