// SPDX-License-Identifier: Apache-2.0
// The instructions that take many cycles: MUL, DIV and binary16.
//
// op: 0 FADD, 1 FSUB, 2 FMUL, 3 FDIV, 4 I2F, 5 F2I, 6 MUL, 7 DIV.
// start: one cycle, with op, a (rs1) and b (rs2); the operands are not read
// later. done is high for one cycle; result and high_nonzero (MUL: the high half
// of the product is not zero) are valid from then until the next start. A start
// is taken in any cycle; it drops what is under way. What a division by zero comes
// to is not specified; the next start drops it. Binary16 results come with a high
// half of zero. FP16 = 0 leaves binary16 out: operations 0 to 5 must then not be
// started. MUL_DSP = 1 multiplies in DSP blocks, in 3 cycles.
`default_nettype none

module hsx_arith #(
  parameter FP16      = 1,
  parameter MUL_DSP   = 0,
  parameter SKIP_IDLE = 0
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,
  input  wire [2:0]  op,
  input  wire [31:0] a,
  input  wire [31:0] b,
  output wire        done,
  output wire [31:0] result,
  output wire        high_nonzero
);
  wire        multiply = (MUL_DSP != 0) && (op == 3'd6);
  wire        mul_done;
  wire        mul_shown;         // the last operation started is a MUL in DSP blocks
  wire [31:0] mul_result;
  wire        mul_high_nonzero;
  wire        serial_done;
  wire [31:0] serial_result;
  wire        serial_high_nonzero;

  // A start of one unit stops the other.
  assign done         = mul_done || serial_done;
  assign result       = mul_shown ? mul_result : serial_result;
  assign high_nonzero = (MUL_DSP != 0) ? mul_high_nonzero : serial_high_nonzero;

  hsx_serial #(.FP16(FP16), .MUL(MUL_DSP == 0), .SKIP_IDLE(SKIP_IDLE)) serial (
    .clk(clk), .rst(rst), .start(start && !multiply), .op(op), .a(a), .b(b),
    .kill(start && multiply), .done(serial_done), .result(serial_result),
    .high_nonzero(serial_high_nonzero)
  );

  generate
    if (MUL_DSP != 0) begin : with_dsp
      reg shown;
      assign mul_shown = shown;
      always @(posedge clk)
        if (start)
          shown <= multiply;
      hsx_mul_dsp mul (
        .clk(clk), .rst(rst), .start(start && multiply), .a(a), .b(b),
        .kill(start && !multiply), .done(mul_done), .result(mul_result),
        .high_nonzero(mul_high_nonzero)
      );
    end else begin : without_dsp
      assign mul_done         = 1'b0;
      assign mul_shown        = 1'b0;
      assign mul_result       = 32'd0;
      assign mul_high_nonzero = 1'b0;
    end
  endgenerate
endmodule

`default_nettype wire
