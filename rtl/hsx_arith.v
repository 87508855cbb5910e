// The instructions that take many cycles: MUL, DIV and binary16.
//
// op: 0 FADD, 1 FSUB, 2 FMUL, 3 FDIV, 4 I2F, 5 F2I, 6 MUL, 7 DIV.
// start: one cycle, with op, a (rs1) and b (rs2); the operands are not read
// later. done is high for one cycle; result and high_nonzero (MUL: the high half
// of the product is not zero) are valid from then until the next start. A start
// is taken in any cycle; it drops what is under way. kill ends the operation
// at once, without a done. What a division by zero comes to is not specified; the
// next start drops it. Binary16 results
// come with a high half of zero. FP16 = 0 leaves binary16 out: operations 0 to 5
// must then not be started. MUL_DSP = 1 multiplies in DSP blocks, in 3 cycles.
`default_nettype none

module hsx_arith #(
  parameter FP16    = 1,
  parameter MUL_DSP = 0
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,
  input  wire [2:0]  op,
  input  wire [31:0] a,
  input  wire [31:0] b,
  input  wire        kill,
  output wire        done,
  output wire [31:0] result,
  output wire        high_nonzero
);
  wire        integer_op = (op[2:1] == 2'd3);
  wire        multiply   = (MUL_DSP != 0) && (op == 3'd6);
  wire        serial     = integer_op && !multiply;
  wire        mul_done;
  wire        mul_shown;         // the last operation started is a MUL in DSP blocks
  wire [31:0] mul_result;
  wire        mul_high_nonzero;
  wire        int_done;
  wire [31:0] int_result;
  wire        int_high_nonzero;
  wire        fp_done;
  wire [31:0] fp_result;

  // Of muldiv and fp16, the one that is not at work shows 0; a start of one
  // stops the others.
  assign done         = mul_done || int_done || fp_done;
  assign result       = mul_shown ? mul_result : int_result | fp_result;
  assign high_nonzero = (MUL_DSP != 0) ? mul_high_nonzero : int_high_nonzero;

  hsx_muldiv muldiv (
    .clk(clk), .rst(rst), .clear(start), .start(start && serial), .op(op[0] || (MUL_DSP != 0)),
    .a(a), .b(b), .kill(kill || (start && !serial)), .done(int_done), .result(int_result),
    .high_nonzero(int_high_nonzero)
  );

  generate
    if (FP16 != 0) begin : with_fp16
      hsx_fp16 fp16 (
        .clk(clk), .rst(rst), .clear(start), .start(start && !integer_op), .op(op), .a(a),
        .b(b[15:0]), .kill(kill || (start && integer_op)), .done(fp_done), .result(fp_result)
      );
    end else begin : without_fp16
      assign fp_done   = 1'b0;
      assign fp_result = 32'd0;
    end
    if (MUL_DSP != 0) begin : with_dsp
      reg shown;
      assign mul_shown = shown;
      always @(posedge clk)
        if (start)
          shown <= multiply;
      hsx_mul_dsp mul (
        .clk(clk), .rst(rst), .start(start && multiply), .a(a), .b(b),
        .kill(kill || (start && !multiply)), .done(mul_done), .result(mul_result),
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
