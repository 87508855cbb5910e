// SPDX-License-Identifier: Apache-2.0
// MUL, DIV and binary16 on one 32-bit adder and two shifting registers, a bit a
// cycle.
//
// op: 0 FADD, 1 FSUB, 2 FMUL, 3 FDIV, 4 I2F, 5 F2I, 6 MUL, 7 DIV, with the
// handshake of hsx_arith. MUL gives the low 32 bits of the unsigned product;
// high_nonzero says whether the high half is not zero. DIV is signed and
// truncates; INT_MIN / -1 = INT_MIN. Binary16 is IEEE 754's, rounded to nearest
// even, subnormals kept, every NaN 0x7E00; F2I truncates, NaN gives 0, +inf
// 0x7FFFFFFF, -inf 0x80000000. Operands of binary16 are the low halves; a
// binary16 result comes with a high half of zero. FP16 = 0 leaves operations 0
// to 5 out, MUL = 0 operation 6; they must then not be started. SKIP_IDLE = 1 is for
// simulators, which then leave the logic alone while no operation is under way; the outputs
// are the same in each cycle.
//
// Cycles from start to done: MUL 1 + s; DIV 3 + s, and 4 more when a is negative,
// where s is 32 less seven for each byte of zeros that |a| (MUL: a) begins with;
// FADD and FSUB 10 to 29; FMUL 17 to 29; FDIV 21 to 43; I2F 4 to 20; F2I 3 to 21;
// the most with subnormals and results near zero. A NaN, an infinity or a zero
// that decides an operation of two operands: 5 or 6; F2I of an infinity: up to 37.
`default_nettype none

module hsx_serial #(
  parameter FP16      = 1,
  parameter MUL       = 1,
  parameter SKIP_IDLE = 0
) (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,
  input  wire [2:0]  op,
  input  wire [31:0] a,
  input  wire [31:0] b,
  input  wire        kill,
  output reg         done,
  output wire [31:0] result,
  output reg         high_nonzero
);
  // The state, one bit each; none is set between operations.
  reg        running;            // MUL, DIV: one bit, or eight zeros of q
  reg        moving;             // p = p + y, y = q, q one place left
  reg        swapping;           // q = p, p = 0
  reg        taking;             // y = q or -q, p = 0
  reg        summing;            // p = p + y
  reg        aligning;           // FADD, FSUB: p left until the exponents meet; y = +-q
  reg        adding;             // FADD, FSUB: p = 2p + y
  reg        scaling;            // FDIV: both significands to 1.x; y = -q, q = 0
  reg        waiting;            // F2I: for the verdict
  reg        stepping;           // binary16: one bit of the multiplier, quotient or integer
  reg        norming;            // q left until normalised; y = the number, p = 0

  reg        is_add;             // or FSUB
  reg        is_fmul;
  reg        is_fdiv;
  reg        is_f2i;
  reg        is_div;
  reg        fresh;              // the cycle after the start of a binary16 operation
  reg        second;             // the operands have changed places, or need not any more
  reg        filled;             // y holds the binary16 result
  reg        sign;               // of the result
  reg        sign_b;
  reg        subtract;           // the addends' signs differ
  reg        in_order;           // a's exponent is not above b's
  reg  [2:0] verdict;
  wire       settled;            // decided by a NaN, an infinity or a zero
  wire       ones;               // with settled: not 0 but all ones or, F2I, the greatest
  wire       nan;                // with ones
  reg        leading;            // only zeros have left q yet
  reg        enter;              // the dividend's bit, q[31], that joins the remainder
  reg        carry;              // goes with y: -x is the complement of x and a carry
  reg [3:0]  left;               // steps of FMUL and FDIV
  // Biased exponent of q[31] in the end; before, of the operand b. MUL and DIV
  // count their steps here, F2I its integer bits.
  reg [6:0]  e;
  reg [4:0]  f;                  // exponent of the operand a
  reg [31:0] p;
  reg [31:0] q;
  reg [31:0] y;

`include "hsx_fp16.vh"

  wire       active; // low: nothing would change that matters later
  generate
    if (SKIP_IDLE != 0) begin : skips_idle
      reg awake; // from the start until done has been low again
      assign active = start || awake || rst || kill;
      always @(posedge clk)
        awake <= start || (awake && !done && !rst && !kill);
    end else begin : never_skips
      assign active = 1'b1;
    end
  endgenerate

  // iCE40: a tile of eight cells has 32 inputs. A bit of p with its sum takes four, the
  // register's enable and reset one each, so that every other tile the carry would
  // have to leave its chain. Two bits in eight are cleared by logic, which keeps
  // them out of the chain's cells.
  localparam [31:0] APART = 32'h44444400;
  wire        by_8      = (q[31:24] == 8'd0) && (running ? leading : norming && e[6:4] != 3'd0);
  // take comes last: what it meets is ready by then.
  (* keep *) wire at_0, at_2, moved_0, moved_2;
  assign at_0    = running && !start;
  assign at_2    = stepping && is_fdiv && !start;
  assign moved_0 = start ? a[0] : swapping && p[0];
  assign moved_2 = start ? a[2] : swapping ? p[2] : !by_8 && q[1];
  (* keep *) wire high_so_far, adds_high;
  assign high_so_far = !start && (high_nonzero || (running && p[31]));
  assign adds_high   = !start && running && q[31];

  assign {settled, ones, nan} = FP16 == 0 ? 3'd0 : verdict;
  assign result = p;

  always @(posedge clk)
    if (active) begin : work
      reg op_add, op_fmul, op_fdiv, op_i2f, op_f2i, op_mul, op_div, two_halves, half_a, a_normal,
          b_normal;
      reg far, sum_up, by_sign, by_bit, may, must, take, normalise, packing, clear, run_last, meet,
          scale_q, scaled, fraction, counted, step_last, turned, sum_last, quit, swap_e, p_enable,
          q_enable, y_enable, y_clear, invert, with_f, up, down, down_1, e_carry, e_enable, round,
          short;
      reg [33:0] sum;
      reg [31:0] p_moved, q_start, q_next;
      /* verilator lint_off UNUSEDSIGNAL */ // two bits are moved_0 and moved_2
      reg [31:0] q_moved;
      /* verilator lint_on UNUSEDSIGNAL */
      reg [4:0] a_exp, b_exp, f_next, f_term;
      reg [6:0] e_addend, e_next, e_start;
      reg [15:0] number;
      reg [11:0] next;
      reg [3:0] left_1;
      reg sign_turned, second_next, filled_next;

      op_add     = (FP16 != 0) && (op[2:1] == 2'd0);
      op_fmul    = (FP16 != 0) && (op == 3'd2);
      op_fdiv    = (FP16 != 0) && (op == 3'd3);
      op_i2f     = (FP16 != 0) && (op == 3'd4);
      op_f2i     = (FP16 != 0) && (op == 3'd5);
      op_mul     = (MUL != 0) && (op == 3'd6);
      op_div     = (op == 3'd7);
      two_halves = (FP16 != 0) && !op[2];
      half_a     = two_halves || op_f2i;
      a_normal   = (a[14:10] != 5'd0);
      b_normal   = (b[14:10] != 5'd0);
      a_exp      = {a[14:11], a[10] || !a_normal};
      b_exp      = {b[14:11], b[10] || !b_normal};

      // The adder has a place above the operands, whose carry says whether p takes
      // the sum: always (1 + 1), never (0 + 0), or if it is not negative (1 + 0).
      far     = p[23];   // y is less than a quarter of p's last place
      sum_up  = moving || summing || (adding && !far);
      by_sign = (running && is_div) || (stepping && is_fdiv);
      by_bit  = (running && !is_div && q[31]) || (stepping && !is_fdiv && q[10]);
      may     = sum_up || by_sign || by_bit;
      must    = sum_up || by_bit;
      sum     = {1'b0, may, p[30:0], enter} + {1'b0, must, y} + {33'd0, carry};
      take    = sum[33];

      // What is left of a dividend is still in p.
      {number, round, short} = FP16 == 0 ? {16'd0, 1'b0, 1'b1}
                             : fp16_pack(q, p[11:0] != 12'd0, e, sign, subtract, settled, ones, nan);
      normalise = !settled && !q[31] && !short;
      packing   = norming && !normalise;

      clear   = start || swapping || taking || packing;
      p_moved = (take ? sum[31:0] : {p[30:0], enter}) & ~(APART & {32{clear}});

      run_last  = by_8 ? (e == 7'd22) : (e == 7'd15);
      meet      = (e[4:0] == f) || far;
      scale_q   = !q[11];
      scaled    = scaling && q[11] && p[10];
      fraction  = !(f[4] || f[3:0] == 4'd15) || (settled && !ones); // F2I: it gives 0
      counted   = is_f2i && fraction;
      step_last = is_f2i ? fraction || (ones ? p[30] : e[4:0] == f) : left == 4'd0;
      turned    = (sign ^ ones) && !(settled && !ones); // F2I: p is to be inverted
      sum_last  = is_div || is_f2i || filled;
      // The verdict is carried out in the cycle after it.
      quit      = settled && !is_f2i && (aligning || swapping || stepping);
      swap_e    = swapping && !second && !is_div;

      p_enable = (running && !by_8) || moving || summing || adding || (aligning && !meet)
              || (scaling && !scale_q && !scaled) || (stepping && !counted);

      // q. A quotient of binary16 enters at bit 2, two places above DIV's.
      q_enable = start || swapping || moving || running || stepping || norming
              || (scaling && scale_q);
      q_start  = {a[31:11], half_a ? a_normal : a[10], a[9:0]};
      q_moved  = start ? q_start : swapping ? p : by_8 ? {q[23:0], 8'd0} : {q[30:0], 1'b0};
      q_next   = {q_moved[31:3], moved_2 || (take && at_2), q_moved[1],
                  moved_0 || (take && at_0)};

      // y. In a division y is -|divisor|.
      y_enable = start || moving || taking || aligning || scaling || packing;
      y_clear  = start ? two_halves || op_f2i : packing;
      invert   = start ? op_div && !a[31] && !b[31]
               : moving ? is_div && !(second && sign_b)
               : taking ? !is_fdiv && (is_add || is_f2i || sign)
               : aligning ? subtract : scaling;

      // e and f. FMUL: e + f, less 4 in the last steps; FDIV: e - f + 32.
      with_f   = (stepping && fresh) || (moving && second && !is_div);
      up       = (scaling && scale_q) || (stepping && is_f2i);
      down     = !with_f && !up && !adding;
      down_1   = down && !by_8;
      f_term   = (f ^ {5{moving}}) & {5{with_f}};
      e_addend = {{2{down}}, f_term[4] || down || adding, f_term[3] || down,
                  f_term[2] || down_1 || adding, f_term[1:0] | {2{down_1}}};
      e_carry  = moving || up;
      e_next   = e + e_addend + {6'd0, e_carry};
      e_start  = {1'b0, !half_a, 5'd0}
               | (two_halves ? {2'd0, b_exp} : {3'd0, 3'b111, op_f2i});
      e_enable = start || swap_e || adding || running || norming
              || (aligning && !meet) || (scaling && !scaled)
              || (moving && second && is_fdiv)
              || (stepping && (is_f2i || fresh || (is_fmul && left[3:2] == 2'd0)));

      next[0]  = start ? op_mul || (op_div && !a[31])
                       : (running && !run_last) || (swapping && is_div && second);
      next[1]  = start ? op_add || op_fdiv || (op_div && a[31])
                       : swapping && !second && !is_f2i && !quit;
      next[2]  = !start && ((moving && (is_div || (is_fdiv && !second) || (is_add && !in_order && !second)))
                            || adding || (summing && !sum_last)
                            || (stepping && step_last && (is_fmul || (is_f2i && turned))));
      next[3]  = start ? op_i2f && a[31]
                       : (running && run_last && is_div)
                         || (swapping && (is_f2i || (is_add && second && p[31])));
      next[4]  = !start && (taking || packing);
      next[5]  = !start && ((moving && is_add && (in_order || second)) || (aligning && !meet && !quit));
      next[6]  = !start && aligning && meet && !quit;
      next[7]  = !start && ((moving && is_fdiv && second) || (scaling && !scaled));
      next[8]  = start && op_f2i;
      next[9]  = start ? op_fmul : waiting || scaled || (stepping && !step_last && !quit);
      next[10] = start ? op_i2f && !a[31]
                       : quit || (norming && normalise) || (stepping && is_fdiv && step_last)
                         || (swapping && second && !is_div && !is_f2i && !(is_add && p[31]));
      next[11] = !start && ((running && run_last && !is_div) || (summing && sum_last)
                            || (stepping && is_f2i && step_last && !turned));
      f_next   = start ? a_exp : e[4:0];

      left_1      = left - 4'd1;
      sign_turned = sign ^ subtract;
      second_next = second || swapping || adding || taking;
      filled_next = filled || packing;

      // Registers, each after what reads it: a simulator then needs no copy of its old value.

      if (FP16 != 0) begin
        if (start)
          verdict <= 3'd0;
        else if (fresh)
          verdict <= fp16_verdict(is_add, is_fmul, is_fdiv, is_f2i, subtract,
                                  f == 5'd31, q[10:0], e[4:0] == 5'd31, y[10:0]);
      end

      // F2I multiplies by a y of 0 and a carry.
      if (y_clear)
        y[31:16] <= 16'd0;
      else if (y_enable)
        y[31:16] <= (start ? b[31:16] : q[31:16]) ^ {16{invert}};
      if (start && half_a)
        y[15:11] <= 5'd0;
      else if (y_enable)
        y[15:11] <= (start ? b[15:11] : packing ? number[15:11] : q[15:11]) ^ {5{invert}};
      if (start && op_f2i)
        y[10:0] <= 11'd0;
      else if (y_enable)
        y[10:0] <= (start ? {two_halves ? b_normal : b[10], b[9:0]}
                          : packing ? number[10:0] : q[10:0]) ^ {11{invert}};
      if (y_enable)
        carry <= start ? op_f2i || invert : packing ? round : invert && !(taking && ones);

      // The bit that q[31] will be.
      enter   <= !start && is_div && ((running && (by_8 ? q[23] : q[30]))
                                      || (swapping && second && p[31]));
      leading <= start || swapping || (leading && !(running && !by_8));

      high_nonzero <= high_so_far || (adds_high && sum[32]);

      if (clear)
        p <= p_moved & APART;
      else if (p_enable)
        p <= p_moved;

      if (start ? half_a : scaled)
        q[31:11] <= 21'd0;
      else if (q_enable)
        q[31:11] <= q_next[31:11];
      if (scaled && !start)
        q[10:0] <= 11'd0;
      else if (q_enable)
        q[10:0] <= q_next[10:0];

      if (e_enable)
        e <= start ? e_start : swap_e ? {2'd0, f} : e_next;
      if (start || swap_e)
        f <= f_next;

      // A sum has the sign of b until a proves to be the greater.
      if (start)
        sign <= op_add ? b[15] ^ op[0]
              : ((half_a ? a[15] : a[31]) ^ (two_halves ? b[15] : op_div && b[31]));
      else if ((swapping && !second) || taking)
        sign <= sign_turned;

      if (start)
        left <= op[0] ? 4'd12 : 4'd10;
      else if (stepping)
        left <= left_1;

      if (start) begin
        is_add   <= op_add;
        is_fmul  <= op_fmul;
        is_fdiv  <= op_fdiv;
        is_f2i   <= op_f2i;
        is_div   <= op_div;
        sign_b   <= b[31];
        subtract <= op_add && (a[15] ^ b[15] ^ op[0]);
        in_order <= (a[14:10] <= b[14:10]);
      end

      if (start) begin
        second <= op_fmul;
        filled <= 1'b0;
      end else begin
        second <= second_next;
        filled <= filled_next;
      end

      fresh <= start && half_a;
      {done, norming, stepping, waiting, scaling, adding, aligning, summing, taking, swapping,
       moving, running} <= rst || kill ? 12'd0 : next;
    end
endmodule

`default_nettype wire
