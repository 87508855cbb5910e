// SPDX-License-Identifier: Apache-2.0
// What NaNs, infinities and zeros make of a binary16 operation: combinational.
//
// The operands come unpacked: whether the exponent field is all ones, and the
// significand with its hidden bit. settled says that no arithmetic is needed: the
// result is NaN if nan, else an infinity (F2I: the greatest magnitude) if ones,
// else 0.
`default_nettype none

module hsx_fp16_verdict (
  input  wire        is_add,             // or a subtraction
  input  wire        is_mul,
  input  wire        is_div,
  input  wire        is_f2i,             // a alone counts
  input  wire        subtract,           // the addends' signs differ
  input  wire        a_top,
  input  wire [10:0] a,
  input  wire        b_top,
  input  wire [10:0] b,
  output wire        settled,
  output wire        ones,
  output wire        nan
);
  wire a_blank = (a[9:0] == 10'd0);
  wire b_blank = (b[9:0] == 10'd0);
  wire a_zero  = !a[10] && a_blank;
  wire b_zero  = !b[10] && b_blank;
  wire a_inf   = a_top && a_blank;
  wire b_inf   = b_top && b_blank;
  wire a_nan   = a_top && !a_blank;
  wire b_nan   = b_top && !b_blank;
  wire inf     = a_inf || (!is_f2i && (is_div ? b_zero : b_inf));
  wire zero    = (is_mul && (a_zero || b_zero)) || (is_div && (a_zero || b_inf))
              || (is_f2i && a_nan);

  assign nan = !is_f2i
            && (a_nan || b_nan
                || (is_add && a_inf && b_inf && subtract)
                || (is_mul && ((a_inf && b_zero) || (a_zero && b_inf)))
                || (is_div && ((a_inf && b_inf) || (a_zero && b_zero))));
  assign ones    = nan || (inf && !zero);
  assign settled = nan || inf || zero;
endmodule

`default_nettype wire
