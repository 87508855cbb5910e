// SPDX-License-Identifier: Apache-2.0
// A binary16 number from a significand that is normalised as far as its exponent
// allows: combinational.
//
// significand[31] is the hidden bit, [30:21] the fraction, [20] the guard bit;
// sticky stands for what lies below. exponent is the biased one of bit 31, from
// -32 to 95 (two's complement, of which 96 to 127 are the negative ones). number
// is to be increased by one if round is set: the encodings are in order, so that
// a carry out of the fraction gives the next binade or infinity. A settled result
// does not look at the significand: all ones (with nan: NaN) or zero.
//
// A product of subnormal size may come with an exponent below 1 and its highest
// bit at 21 at most; it is then less than the least subnormal number.
`default_nettype none

module hsx_fp16_pack (
  input  wire [31:0] significand,
  input  wire        sticky,
  input  wire [6:0]  exponent,
  input  wire        sign,
  input  wire        cancel,             // an exact zero is +0
  input  wire        settled,
  input  wire        ones,
  input  wire        nan,
  output wire [15:0] number,
  output wire        round,
  output wire        short               // exponent is at most 1
);
  wire        negative = exponent[6] && exponent[5];
  wire        over     = !negative && (exponent[6] || exponent[5] || exponent[4:0] == 5'd31);
  wire        under    = short && (exponent[6] || !exponent[0]);
  wire        empty    = settled || over;
  wire        rest     = sticky || (significand[19:0] != 20'd0);
  wire        guard    = significand[20];
  wire        last     = significand[21];
  wire        zero     = (significand[31:21] == 11'd0);

  // One place below the subnormals, what is more than a half becomes the least.
  wire        least    = last && (guard || rest) && !exponent[6];
  wire        all_ones = settled ? ones : over;
  wire [4:0]  field    = (exponent[4:0] & {5{significand[31] && !settled}}) | {5{all_ones}};
  wire [9:0]  fraction = {empty ? nan : significand[30], significand[29:22] & {8{!empty}},
                          !empty && (under ? least : last)};

  assign short  = negative || (exponent[6:1] == 6'd0);
  assign number = {sign && !nan && !(cancel && !settled && zero), field, fraction};
  assign round  = !empty && !under && guard && (last || rest);
endmodule

`default_nettype wire
