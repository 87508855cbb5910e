// SPDX-License-Identifier: Apache-2.0
// A second top beside hsx_icarus_top: its core has neither MUL nor DIV, but says in ID that it
// does.
`default_nettype none

module no_muldiv;
  defparam hsx_icarus_top.dut.core.HAS_MULDIV = 0;
  defparam hsx_icarus_top.dut.core.host.HAS_MULDIV = 1;
endmodule

`default_nettype wire
