// SPDX-License-Identifier: Apache-2.0
// A memory as the core needs it: WORDS words of 32 bits, byte enables, one synchronous port.
//
// rdata shows the word at addr one cycle after a cycle with en and no we, and keeps it until
// the next cycle with en; we is 0 without en. Addresses from WORDS on have no word: what is written there may be
// lost, or be found at another address. SPRAM = 1 takes the single-port RAMs of
// Lattice's iCE40UP, two for up to 16384 words; else it is block RAM. What either holds after
// the configuration is not said.
//
// READ_CLOCK = 1 is for fast clocks and block RAM whose word comes late after its edge: it is read in the
// middle of the cycle, at the rising edge of clk_read, and rdata is a register behind it. clk_read has
// clk's frequency and a phase of its own, for instance that of clk inverted. Each byte is read at a copy of
// addr in lane_addr, which must be there by that edge, while addr, en, we and wdata have the whole cycle;
// rdata is there at once.
`default_nettype none

module hsx_soc_ram #(
  parameter WORDS      = 16384,
  parameter SPRAM      = 0,
  parameter READ_CLOCK = 0,
  parameter ADDR_BITS  = 14     // enough for WORDS
) (
  input  wire                 clk,
  input  wire                 clk_read,  // these two are used with READ_CLOCK
  input  wire [4*ADDR_BITS-1:0] lane_addr,
  input  wire                 en,
  input  wire [3:0]           we,
  input  wire [ADDR_BITS-1:0] addr,
  input  wire [31:0]          wdata,
  output wire [31:0]          rdata
);
  generate
    if (SPRAM != 0) begin : spram
      wire [13:0] place = {{(14-ADDR_BITS){1'b0}}, addr};

      // A mask bit for each four bits.
      SB_SPRAM256KA low (
        .CLOCK(clk), .ADDRESS(place), .DATAIN(wdata[15:0]), .MASKWREN({{2{we[1]}}, {2{we[0]}}}),
        .WREN(we != 4'd0), .CHIPSELECT(en), .STANDBY(1'b0), .SLEEP(1'b0), .POWEROFF(1'b1),
        .DATAOUT(rdata[15:0])
      );
      SB_SPRAM256KA high (
        .CLOCK(clk), .ADDRESS(place), .DATAIN(wdata[31:16]), .MASKWREN({{2{we[3]}}, {2{we[2]}}}),
        .WREN(we != 4'd0), .CHIPSELECT(en), .STANDBY(1'b0), .SLEEP(1'b0), .POWEROFF(1'b1),
        .DATAOUT(rdata[31:16])
      );
    end
    if (SPRAM == 0 && READ_CLOCK != 0) begin : read_clock
      genvar n;
      for (n = 0; n < 4; n = n + 1) begin : lanes
        (* ram_style = "block", no_rw_check *)
        reg [7:0] bytes [0:WORDS-1];
        reg [7:0] early, late;

        always @(posedge clk)
          if (we[n])
            bytes[addr] <= wdata[8*n +: 8];

        always @(posedge clk_read)
          early <= bytes[lane_addr[ADDR_BITS*n +: ADDR_BITS]];

        always @(posedge clk)
          if (en)
            late <= early;

        assign rdata[8*n +: 8] = late;
      end
    end
    if (SPRAM == 0 && READ_CLOCK == 0) begin : block_ram
      (* ram_style = "block", no_rw_check *)
      reg [31:0] mem [0:WORDS-1];
      reg [31:0] q;

      integer lane;
      always @(posedge clk) begin
        for (lane = 0; lane < 4; lane = lane + 1)
          if (we[lane])
            mem[addr][8*lane +: 8] <= wdata[8*lane +: 8];
        if (en)
          q <= mem[addr];
      end

      assign rdata = q;
    end
  endgenerate

  wire unused = &{1'b0, clk_read, lane_addr};
endmodule

`default_nettype wire
