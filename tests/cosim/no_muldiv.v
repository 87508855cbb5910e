// SPDX-License-Identifier: Apache-2.0
// A second top beside hsx_icarus_top: its core has neither MUL nor DIV.
`default_nettype none

module no_muldiv;
  defparam hsx_icarus_top.dut.core.HAS_MULDIV = 0;
endmodule

`default_nettype wire
