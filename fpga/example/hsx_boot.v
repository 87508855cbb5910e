// SPDX-License-Identifier: Apache-2.0
// A host without a processor: plays a list of writes to the core's host port
// and then rests. It begins when it sees `held` after reset, for an earlier
// access to a memory would have no effect; done rises after the last one.
//
// The list comes from a ROM of 52-bit entries, 20 bits of byte address and 32 of
// data; an address from 0xC0000 on ends it. Each write is a Wishbone classic
// cycle: the strobe falls in the cycle after the one with wb_ack.
`default_nettype none

module hsx_boot #(
  parameter ROM       = "boot.hex",
  parameter ADDR_BITS = 7
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        held,
  output reg         wb_stb,  // cyc too
  output wire [19:2] wb_adr,
  output wire [31:0] wb_dat,
  input  wire        wb_ack,
  output reg         done
);
  reg [51:0]          rom [0:(1 << ADDR_BITS)-1];
  reg [51:0]          entry;
  reg [ADDR_BITS-1:0] next;
  reg                 fetched; // entry is the one at next
  reg                 started;

  initial
    $readmemh(ROM, rom);

  assign wb_adr = entry[51:34];
  assign wb_dat = entry[31:0];

  wire last = &entry[51:50];

  always @(posedge clk)
    if (!wb_stb)
      entry <= rom[next];

  always @(posedge clk)
    if (rst) begin
      next    <= {ADDR_BITS{1'b0}};
      fetched <= 1'b0;
      started <= 1'b0;
      wb_stb  <= 1'b0;
      done    <= 1'b0;
    end else if (wb_stb) begin
      if (wb_ack) begin
        wb_stb  <= 1'b0;
        next    <= next + 1'b1;
        fetched <= 1'b0;
      end
    end else begin
      fetched <= 1'b1;
      started <= started || held;
      if (fetched && started) begin
        wb_stb <= !last;
        done   <= last;
      end
    end

  // Addresses are of whole words.
  wire unused = &{1'b0, entry[33:32]};
endmodule

`default_nettype wire
