// The instructions that take many cycles: MUL, DIV and binary16.
//
// op: 0 FADD, 1 FSUB, 2 FMUL, 3 FDIV, 4 I2F, 5 F2I, 6 MUL, 7 DIV.
// start: one cycle, with op, a (rs1) and b (rs2); the operands are not read
// later. done is high for one cycle; result and high_nonzero (MUL: the high half
// of the product is not zero) are valid from then until the next start. A start
// is taken in any cycle; it drops what is under way. kill ends the operation
// at once, without a done. A division's b must not be zero. Binary16 results
// come with a high half of zero. FP16 = 0 leaves binary16 out: operations 0 to 5
// must then not be started.
`default_nettype none

module hsx_arith #(
  parameter FP16 = 1
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
  wire        int_done;
  wire [31:0] int_result;
  wire        fp_done;
  wire [31:0] fp_result;

  // The unit that is not at work shows 0; a start of one stops the other.
  assign done   = int_done || fp_done;
  assign result = int_result | fp_result;

  hsx_muldiv muldiv (
    .clk(clk), .rst(rst), .clear(start), .start(start && integer_op), .op(op[0]), .a(a), .b(b),
    .kill(kill || (start && !integer_op)), .done(int_done), .result(int_result),
    .high_nonzero(high_nonzero)
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
  endgenerate
endmodule

`default_nettype wire
