// SPDX-License-Identifier: Apache-2.0
// Shows the lanes (lanes.c) what the core sees and shows, at each clock.
`include "hsx_retire.vh"

module hsx_lanes (
  input wire clk, rst, cyc, stb, we,
  input wire [17:0] adr,
  input wire [3:0] sel,
  input wire [31:0] dat, code_even, code_odd, data, order,
  input wire ack, valid
);
  import "DPI-C" function void hsx_lanes_begin();
  import "DPI-C" context function void hsx_lanes_step(input bit [191:0] inputs, input bit [63:0] shown);
  export "DPI-C" function hsx_lanes_code;
  export "DPI-C" function hsx_lanes_data;

  function int hsx_lanes_code(input int address);
    return hsx_sim_top.code_ram[address[13:0]];
  endfunction
  function int hsx_lanes_data(input int address);
    return hsx_sim_top.data_ram[address[13:0]];
  endfunction

  initial hsx_lanes_begin();
  always @(posedge clk)
    hsx_lanes_step({24'd0, sel, we, stb, cyc, rst, 14'd0, adr, dat, code_even, code_odd, data},
                   {order, 30'd0, ack, valid});
endmodule

bind hsx_sim_top hsx_lanes lanes (
  .clk(clk), .rst(rst_q), .cyc(cyc_q), .stb(stb_q), .we(we_q), .adr(adr_q), .sel(sel_q), .dat(dat_q),
  .code_even(code_rdata_even), .code_odd(code_rdata_odd), .data(data_rdata), .order(ret_order),
  .ack(wb_ack), .valid(ret_valid)
);
