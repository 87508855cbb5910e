// IEEE 754 binary16: FADD FSUB FMUL FDIV I2F F2I on one 16-bit adder.
//
// op is the low three bits of the opcode: 0 FADD, 1 FSUB, 2 FMUL, 3 FDIV,
// 4 I2F, 5 F2I. Round to nearest even, subnormals kept, every NaN 0x7E00. F2I
// truncates; NaN gives 0, +inf 0x7FFFFFFF, -inf 0x80000000. Operands of binary16
// are the low halves; a binary16 result comes with a high half of zero.
//
// The handshake is that of hsx_muldiv. Cycles from start to done: FADD and FSUB 4
// to 14, with what aligning and normalising take; FMUL 15 or 16; FDIV 20 or 21;
// I2F 3 to 10; F2I 3 to 12. NaNs, infinities and zeros that decide the result
// take 3 to 5. A subnormal operand or result adds up to 30 to FMUL and 20 to FDIV.
`default_nettype none

module hsx_fp16 (
  input  wire        clk,
  input  wire        rst,
  input  wire        clear,
  input  wire        start,
  input  wire [2:0]  op,
  input  wire [31:0] a,
  input  wire [15:0] b,
  input  wire        kill,
  output reg         done,
  output wire [31:0] result
);
  localparam [3:0] IDLE    = 4'd0;
  localparam [3:0] UNPACK  = 4'd1;
  localparam [3:0] ALIGN   = 4'd2;  // FADD, FSUB, F2I: m right until e, now less f, is 0
  localparam [3:0] ADD     = 4'd3;  // FADD, FSUB: m + n or n - m; F2I: m or -m
  localparam [3:0] SCALE   = 4'd4;  // FMUL, FDIV: both significands to 1.x
  localparam [3:0] STEP    = 4'd5;  // one bit of the multiplier or the quotient
  localparam [3:0] REMAIN  = 4'd6;  // FDIV: the remainder made positive
  localparam [3:0] INEXACT = 4'd7;  // FDIV: is there a remainder?
  localparam [3:0] TAKE    = 4'd8;  // FDIV: the quotient to m
  localparam [3:0] NORM    = 4'd9;  // normalise, or denormalise, and round

  localparam [1:0] PICK_0      = 2'd0;
  localparam [1:0] PICK_N      = 2'd1;
  localparam [1:0] PICK_LESS_N = 2'd2;
  localparam [1:0] PICK_X      = 2'd3;

  (* fsm_encoding = "one-hot" *)
  reg [3:0]         state;
  reg               is_add;
  reg               is_mul;
  reg               is_div;
  reg               is_i2f;
  reg               is_f2i;
  reg               sign;            // of the result
  reg               subtract;        // the addends' signs differ
  reg               wide;            // I2F: the integer needs more than 16 bits
  reg               special;         // infinity or NaN
  reg               nan;
  reg               settled;         // decided by a NaN, an infinity or a zero
  reg               complement;      // add the complement of m in this cycle
  (* fsm_encoding = "none" *) // two select lines of the multiplexers, not a state
  reg [1:0]         pick;            // what to add to it
  reg               top;             // F2I: bit 31 of the result
  reg               fill;            // F2I: its bits 30..16
  reg [15:0]        half;            // a binary16 result
  reg               m_hidden;
  // The significand: bit 15 counts 2, bit 14 counts 1, bits 13..4 are the
  // fraction of a normal result, bit 3 is the guard bit; sticky stands for all
  // that was shifted out below. A sum's smaller addend and a division's
  // remainder, in units of bit 4, are here too.
  reg [15:0]        m;
  reg               sticky;
  reg [10:0]        n;               // the other operand's significand
  reg [12:0]        x;               // multiplier, low bit first from the top; or quotient
  reg [3:0]         left;
  reg signed [6:0]  e;               // biased exponent of m's bit 14
  reg [4:0]         f;               // of n's bit 10

  // What the registers become. While there is neither a start nor work, none of it
  // matters, and a simulator need not work it out.
  reg op_add, swap, b_sign, a_normal, b_normal, m_blank, n_blank, m_top, n_top, m_zero, n_zero,
      m_inf, n_inf, m_nan, n_nan, make_nan, make_inf, make_zero, decided, unpacking, adding,
      stepping, carry_in, aligning, norming, scaling, last, e_low, e_one, denormal, normal, by_4,
      right, left_1, n_left, rounding, overflow, aligned, down_4, down_1, up_4, up_1, e_carry,
      e_moves, all_ones, round_up, vanished, scaled, too_wide, to_add, settling, finished;
  reg [4:0] a_exp, b_exp, field;
  reg [15:0] n_placed, addend, m_next;
  reg [16:0] sum;
  reg [6:0] f_wide, f_less_16, e_addend;
  reg [14:0] rounded;

  always @*
    if (!start && state == IDLE) begin
      {op_add, swap, b_sign, a_normal, b_normal, a_exp, b_exp, m_blank, n_blank, m_top, n_top,
       m_zero, n_zero, m_inf, n_inf, m_nan, n_nan, make_nan, make_inf, make_zero, decided,
       unpacking, adding, stepping, n_placed, addend, carry_in, sum, aligning, norming, scaling,
       last, e_low, e_one, denormal, normal, by_4, right, left_1, n_left, rounding, overflow,
       aligned, down_4, down_1, up_4, up_1, m_next, f_wide, f_less_16, e_addend, e_carry, e_moves,
       all_ones, field, round_up, rounded, vanished, scaled, too_wide, to_add, settling,
       finished} = {168{1'bx}};
    end else begin
      // Operands. For a sum m takes the smaller magnitude, so that no sum is
      // negative and NaNs and infinities are n's.
      op_add    = (op[2:1] == 2'd0);
      swap      = op_add && (a[14:0] > b[14:0]);
      b_sign    = b[15] ^ (op == 3'd1);
      a_normal  = (a[14:10] != 5'd0);
      b_normal  = (b[14:10] != 5'd0);
      a_exp     = {a[14:11], a[10] || !a_normal};
      b_exp     = {b[14:11], b[10] || !b_normal};

      // In UNPACK m still holds a whole binary16 number.
      m_blank   = (m[9:0] == 10'd0);
      n_blank   = (n[9:0] == 10'd0);
      m_top     = (m[14:10] == 5'd31);
      n_top     = (f == 5'd31);
      m_zero    = !m_hidden && m_blank;
      n_zero    = !n[10] && n_blank;
      m_inf     = m_top && m_blank;
      n_inf     = n_top && n_blank;
      m_nan     = m_top && !m_blank;
      n_nan     = n_top && !n_blank;
      make_nan  = (is_add && (n_nan || (m_inf && subtract)))
               || (is_mul && (m_nan || n_nan || (m_inf && n_zero) || (m_zero && n_inf)))
               || (is_div && (m_nan || n_nan || (m_inf && n_inf) || (m_zero && n_zero)));
      make_inf  = (is_add && n_inf) || (is_mul && (m_inf || n_inf))
               || (is_div && (m_inf || n_zero)) || (is_f2i && m_inf);
      make_zero = (is_mul && (m_zero || n_zero)) || (is_div && (m_zero || n_inf))
               || (is_f2i && m_nan);
      decided   = make_nan || make_inf || make_zero;

      // What the adder makes of m. The control of it is kept free of decisions, for
      // these come late; they choose how far the sum is shifted.
      unpacking  = (state == UNPACK);
      adding     = (state == ADD);
      stepping   = (state == STEP);
      n_placed   = {1'b0, n, 4'd0};
      addend     = (pick == PICK_N) ? n_placed : (pick == PICK_LESS_N) ? ~n_placed
                 : (pick == PICK_X) ? {1'b0, x, 2'd0} : 16'd0;
      // What is below the smaller addend's last place borrows one from it.
      carry_in   = (pick == PICK_LESS_N) || (complement && !(is_add && sticky) && !special);
      sum        = {1'b0, m ^ {16{complement}}} + {1'b0, addend} + {16'd0, carry_in};

      aligning   = (state == ALIGN);
      norming    = (state == NORM);
      scaling    = (state == SCALE);
      last       = (left == 4'd0);
      e_low      = e[6] || (e[5:0] == 6'd0);
      e_one      = (e[6:1] == 6'd0);   // or 0
      denormal   = m[15] || e_low;
      normal     = !m[15] && !m[14] && !e[6] && !e_one;
      by_4       = aligning ? (e[1:0] == 2'd0)
                 : denormal ? e[6] && (e[5:1] != 5'd31)
                 : (m[13:11] == 3'd0) && (e[5:3] != 3'd0 || (e[2] && e[1:0] != 2'd0));
      right      = (aligning && e[6]) || (norming && denormal);
      left_1     = (aligning && !e[6]) || (norming && normal) || (scaling && !m[14]);
      n_left     = scaling && m[14] && !n[10];
      rounding   = norming && (settled || !(denormal || normal));
      overflow   = (e[5:0] >= 6'd31);
      aligned    = (e == 7'sd1) || (e == -7'sd1) || (e == -7'sd4);

      down_4     = right && by_4;
      down_1     = (right && !by_4) || (stepping && is_mul && !last);
      up_4       = (left_1 && by_4 && norming) || (unpacking && !is_i2f);
      up_1       = (left_1 && !(by_4 && norming)) || (stepping && is_div && !last);
      m_next     = down_4 ? {4'd0, sum[15:4]} : down_1 ? {1'b0, sum[15:1]}
                 : up_4 ? {sum[11:0], 4'd0} : up_1 ? {sum[14:0], 1'b0} : sum[15:0];

      // FMUL: e + f - 15; FDIV: e - f + 15; else e - f, and back again in ADD.
      f_wide     = {2'b00, f};
      f_less_16  = {{3{!f[4]}}, f[3:0]};
      e_addend   = unpacking ? (is_mul ? f_less_16 : is_div ? ~f_less_16 : ~f_wide)
                 : adding ? f_wide
                 : right ? (by_4 ? 7'd4 : 7'd1)
                 : (left_1 && by_4 && norming) ? -7'd4 : (n_left && is_div) ? 7'd1 : -7'd1;
      e_carry    = unpacking && !is_div;
      e_moves    = (unpacking && !is_i2f) || adding || right || left_1 || n_left;

      // The result. -65536 is the one integer whose magnitude left m empty.
      all_ones  = special || (is_i2f && sign && !m[14]);
      field     = (e[4:0] & {5{m[14]}}) | {5{all_ones}};
      round_up  = m[3] && (m[4] || m[2:0] != 3'd0 || sticky);
      rounded   = {field, m[13:4]} + {14'd0, round_up};
      vanished  = subtract && !special && (m[14:4] == 11'd0);

      scaled     = scaling && m[14] && n[10];
      too_wide   = unpacking && is_i2f && wide;
      to_add     = (unpacking && (is_add || is_f2i) && e[4:0] == f)
                || (aligning && (aligned || settled));
      // The verdict of UNPACK is carried out a cycle later.
      settling   = settled && (is_f2i ? aligning : adding || scaling);
      finished   = rounding && (settled || !overflow);
    end

  assign result = {top, {15{fill}}, half | (m & {16{is_f2i}})};

  always @(posedge clk)
    if (start || state != IDLE) begin
      if (start)
        m <= swap ? b : a[15:0];
      else if (settling || too_wide || (scaled && is_mul) || state == INEXACT
               || (rounding && overflow))
        m <= {2'd0, settling && nan, 13'd0};
      else if (unpacking && !is_i2f)
        m <= {1'b0, m_hidden, m_next[13:0]};
      else if (!n_left)
        m <= m_next;

      if (start)
        n <= swap ? {a_normal, a[9:0]} : {b_normal, b[9:0]};
      else if (n_left)
        n <= {n[9:0], 1'b0};

      if (start)
        e <= (op == 3'd4) ? 7'sd29 : {2'b00, swap ? b_exp : a_exp};
      else if (e_moves)
        e <= e + e_addend + {6'd0, e_carry};

      if (start)
        sticky <= 1'b0;
      else if (down_1)
        sticky <= sticky || sum[0];
      else if (down_4)
        sticky <= sticky || (m[3:0] != 4'd0);
      else if (state == INEXACT)
        sticky <= (m != 16'd0);

      if (scaled) begin
        x    <= {m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11], m[12], m[13], m[14], 2'b01};
        left <= is_mul ? 4'd10 : 4'd12;
      end else if (stepping) begin
        // Non-restoring division: x[0], the last quotient bit, says whether the
        // remainder is positive. The last step does not shift.
        x    <= {x[11:0], !sum[15]};
        left <= left - 4'd1;
      end

      if (start) begin
        is_add   <= op_add;
        is_mul   <= (op == 3'd2);
        is_div   <= (op == 3'd3);
        is_i2f   <= (op == 3'd4);
        subtract <= op_add && (a[15] ^ b_sign);
        wide     <= (a[31:16] != {16{a[31]}});
        m_hidden <= swap ? b_normal : a_normal;
        f        <= (op == 3'd5) ? 5'd29 : swap ? a_exp : b_exp;
      end

      if (start)
        sign <= op[2] ? (op[0] ? a[15] : a[31]) : op_add ? (swap ? a[15] : b_sign) : a[15] ^ b[15];
      else if (unpacking && make_nan)
        sign <= 1'b0;

      if (start)
        special <= 1'b0;
      else if ((unpacking && (make_nan || make_inf)) || too_wide || (rounding && overflow))
        special <= 1'b1;

      if (start)
        settled <= 1'b0;
      else if ((unpacking && decided) || too_wide || (rounding && overflow))
        settled <= 1'b1;

      if (unpacking)
        nan <= make_nan;

      complement <= start ? (op == 3'd4) && a[31]
                          : to_add && (is_add ? subtract : sign ^ special);
      if (start)
        pick <= PICK_0;
      else if (to_add && is_add)
        pick <= PICK_N;
      else if (scaled)
        pick <= is_div ? PICK_LESS_N : m[4] ? PICK_N : PICK_0;
      else if (stepping && is_div)
        pick <= sum[15] ? PICK_N : last ? PICK_0 : PICK_LESS_N;
      else if (stepping)
        pick <= x[11] && !last ? PICK_N : PICK_0;
      else
        pick <= (state == INEXACT) ? PICK_X : PICK_0;
    end

  always @(posedge clk)
    // The result is 0 until there is one.
    if (clear) begin
      top    <= 1'b0;
      fill   <= 1'b0;
      half   <= 16'd0;
      is_f2i <= start && (op == 3'd5);
    end else if (state == NORM) begin
      if (finished)
        half <= {sign && !vanished, rounded};
    end else if (state == ADD && is_f2i) begin
      top    <= special ? sign : sign && !sum[16];
      fill   <= special ? !sign : sign && !sum[16];
    end

  always @(posedge clk) begin
    done <= 1'b0;
    case (state)
      UNPACK:  state <= is_i2f ? NORM : (is_mul || is_div) ? SCALE : to_add ? ADD : ALIGN;
      ALIGN:   if (to_add) state <= ADD;
      ADD: begin
        state <= is_f2i ? IDLE : NORM;
        done  <= is_f2i;
      end
      SCALE:   if (settled) state <= NORM; else if (scaled) state <= STEP;
      STEP:    if (last) state <= is_mul ? NORM : REMAIN;
      REMAIN:  state <= INEXACT;
      INEXACT: state <= TAKE;
      TAKE:    state <= NORM;
      NORM:
        if (finished) begin
          state <= IDLE;
          done  <= 1'b1;
        end
      default: state <= IDLE;
    endcase
    if (start) begin
      state <= UNPACK;
      done  <= 1'b0;
    end
    if (rst || kill) begin
      state <= IDLE;
      done  <= 1'b0;
    end
  end
endmodule

`default_nettype wire
