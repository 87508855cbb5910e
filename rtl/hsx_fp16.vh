// SPDX-License-Identifier: Apache-2.0
// What hsx_serial needs to know of binary16's encoding: functions, to be included in a
// module.

// {settled, ones, nan}: what NaNs, infinities and zeros make of an operation. The operands
// come unpacked: whether the exponent field is all all_ones, and the significand with its hidden
// bit. settled says that no arithmetic is needed: the result is NaN if nan, else an infinity
// (F2I: the greatest magnitude) if ones, else 0.
function [2:0] fp16_verdict(
  input        adds,                   // or a subtraction
  input        multiplies,
  input        divides,
  input        to_int,                   // a alone counts
  input        unlike,                 // the addends' signs differ
  input        a_top,
  input [10:0] a_value,
  input        b_top,
  input [10:0] b_value
);
  reg a_blank, b_blank, a_zero, b_zero, a_inf, b_inf, a_nan, b_nan, inf, zero, no_number, all_ones;
  begin
    a_blank = (a_value[9:0] == 10'd0);
    b_blank = (b_value[9:0] == 10'd0);
    a_zero  = !a_value[10] && a_blank;
    b_zero  = !b_value[10] && b_blank;
    a_inf   = a_top && a_blank;
    b_inf   = b_top && b_blank;
    a_nan   = a_top && !a_blank;
    b_nan   = b_top && !b_blank;
    inf     = a_inf || (!to_int && (divides ? b_zero : b_inf));
    zero    = (multiplies && (a_zero || b_zero)) || (divides && (a_zero || b_inf))
           || (to_int && a_nan);
    no_number = !to_int
           && (a_nan || b_nan
               || (adds && a_inf && b_inf && unlike)
               || (multiplies && ((a_inf && b_zero) || (a_zero && b_inf)))
               || (divides && ((a_inf && b_inf) || (a_zero && b_zero))));
    all_ones  = no_number || (inf && !zero);
    fp16_verdict = {no_number || inf || zero, all_ones, no_number};
  end
endfunction

// {number, round, short}: a number from a significand that is normalised as far as its
// exponent allows.
//
// significand[31] is the hidden bit, [30:21] the fraction, [20] the guard bit; sticky stands
// for what lies below. exponent is the biased one of bit 31, from -32 to 95 (two's complement,
// of which 96 to 127 are the negative ones); short says that it is at most 1. number is to be
// increased by one if round is set: the encodings are in order, so that a carry out of the
// fraction gives the next binade or infinity. A settled result does not look at the
// significand: it is all ones if has_ones (NaN if no_number), else zero.
//
// A product of subnormal size may come with an exponent below 1 and its highest bit at 21 at
// most; it is then less than the least subnormal number.
function [17:0] fp16_pack(
  input [31:0] significand,
  input        sticky,
  input [6:0]  exponent,
  input        negative_number,
  input        cancel,                   // an exact zero is +0
  input        is_settled,
  input        has_ones,
  input        no_number
);
  reg negative, over, short, under, empty, rest, guard, last, zero, least, all_ones, round;
  reg [4:0] field;
  reg [9:0] fraction;
  begin
    negative = exponent[6] && exponent[5];
    over     = !negative && (exponent[6] || exponent[5] || exponent[4:0] == 5'd31);
    short    = negative || (exponent[6:1] == 6'd0);
    under    = short && (exponent[6] || !exponent[0]);
    empty    = is_settled || over;
    rest     = sticky || (significand[19:0] != 20'd0);
    guard    = significand[20];
    last     = significand[21];
    zero     = (significand[31:21] == 11'd0);
    // One place below the subnormals, what is more than a half becomes the least.
    least    = last && (guard || rest) && !exponent[6];
    all_ones = is_settled ? has_ones : over;
    field    = (exponent[4:0] & {5{significand[31] && !is_settled}}) | {5{all_ones}};
    fraction = {empty ? no_number : significand[30], significand[29:22] & {8{!empty}},
                !empty && (under ? least : last)};
    round    = !empty && !under && guard && (last || rest);
    fp16_pack = {negative_number && !no_number && !(cancel && !is_settled && zero), field, fraction, round, short};
  end
endfunction
