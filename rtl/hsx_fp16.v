// IEEE 754 binary16: FADD FSUB FMUL FDIV I2F F2I, one bit a cycle.
//
// op is the low three bits of the opcode: 0 FADD, 1 FSUB, 2 FMUL, 3 FDIV,
// 4 I2F, 5 F2I. Round to nearest even, subnormals kept, every NaN 0x7E00. F2I
// truncates; NaN gives 0, +inf 0x7FFFFFFF, -inf 0x80000000. Operands of binary16
// are the low halves; a binary16 result comes with a high half of zero.
//
// The handshake is that of hsx_muldiv. Cycles from start to done: 2 when an
// operand is a NaN or infinity or the result follows from a zero, else at most
// 20 (FADD, FSUB), 42 (FMUL), 52 (FDIV), 21 (I2F, F2I).
`default_nettype none

module hsx_fp16 (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,
  input  wire [2:0]  op,
  input  wire [31:0] a,
  input  wire [15:0] b,
  input  wire        kill,
  output reg         done,
  output reg  [31:0] result
);
  localparam [2:0] FADD = 3'd0;
  localparam [2:0] FSUB = 3'd1;
  localparam [2:0] FMUL = 3'd2;
  localparam [2:0] FDIV = 3'd3;
  localparam [2:0] I2F  = 3'd4;

  localparam [3:0] IDLE     = 4'd0;
  localparam [3:0] UNPACK   = 4'd1;
  localparam [3:0] ALIGN    = 4'd2;  // FADD, FSUB: n right until the exponents meet
  localparam [3:0] ADD      = 4'd3;
  localparam [3:0] MULTIPLY = 4'd4;
  localparam [3:0] SCALE    = 4'd5;  // FDIV: both significands to 1.x
  localparam [3:0] DIVIDE   = 4'd6;
  localparam [3:0] QUOTIENT = 4'd7;
  localparam [3:0] NORM     = 4'd8;
  localparam [3:0] ROUND    = 4'd9;
  localparam [3:0] WHOLE    = 4'd10; // F2I: m right until bit 8 counts ones
  localparam [3:0] NEGATE   = 4'd11;

  reg [3:0]         state;
  reg [2:0]         kind;
  reg [31:0]        x;
  reg [15:0]        y;
  reg               sign;
  reg               subtract;
  reg [3:0]         count;
  reg signed [6:0]  e;               // biased exponent of m
  reg signed [6:0]  f;               // of n: the smaller addend, the divisor
  // Significand with places above and below: bit 24 counts 2, bit 23 counts 1,
  // bit 13 is the last of a normal result, and bit 0 is sticky.
  reg [24:0]        m;
  reg [24:0]        n;

  wire              x_sub    = (x[14:10] == 5'd0);
  wire              y_sub    = (y[14:10] == 5'd0);
  wire              x_zero   = (x[14:0] == 15'd0);
  wire              y_zero   = (y[14:0] == 15'd0);
  wire              x_inf    = (x[14:0] == 15'h7C00);
  wire              y_inf    = (y[14:0] == 15'h7C00);
  wire              x_nan    = (x[14:0] > 15'h7C00);
  wire              y_nan    = (y[14:0] > 15'h7C00);
  wire signed [6:0] x_exp    = {2'b00, x[14:11], x[10] | x_sub};
  wire signed [6:0] y_exp    = {2'b00, y[14:11], y[10] | y_sub};
  wire [10:0]       x_sig    = {!x_sub, x[9:0]};
  wire [10:0]       y_sig    = {!y_sub, y[9:0]};
  wire              y_bigger = (y[14:0] > x[14:0]);
  wire              y_sign   = y[15] ^ (kind == FSUB);
  wire              xy_sign  = x[15] ^ y[15];

  // I2F: anything from 65520 up is infinity, so sixteen bits hold the rest.
  wire              int_wide = (x[31:16] != {16{x[31]}}) || (x[31] && x[15:0] == 16'd0);
  wire [15:0]       int_mag  = (x[15:0] ^ {16{x[31]}}) + {15'd0, x[31]};

  wire [24:0]       m_right  = {1'b0, m[24:2], m[1] | m[0]};
  wire [24:0]       n_right  = {1'b0, n[24:2], n[1] | n[0]};
  wire [11:0]       m_plus   = {1'b0, m[24:14]} + {1'b0, n[23:13]};
  wire [10:0]       m_minus  = m[23:13] - n[23:13];
  wire              m_empty  = (m[24:1] == 24'd0);
  wire              n_empty  = (n[24:1] == 24'd0);

  wire              up       = m[12] && (m[13] || m[11:0] != 12'd0);
  wire [14:0]       composed = {m[23] ? e[4:0] : 5'd0, m[22:13]} + {14'd0, up};
  wire [14:0]       rounded  = (e >= 7'sd31) ? 15'h7C00 : composed;

  always @(posedge clk) begin
    done <= 1'b0;
    case (state)
      UNPACK: begin
        state    <= IDLE;
        done     <= 1'b1;
        subtract <= (kind == FADD || kind == FSUB) && (x[15] ^ y_sign);
        count    <= 4'd0;
        e        <= x_exp;
        f        <= y_exp;
        m        <= {1'b0, x_sig, 13'd0};
        n        <= {1'b0, y_sig, 13'd0};
        case (kind)
          FADD, FSUB:
            if (x_nan || y_nan || (x_inf && y_inf && x[15] != y_sign)) begin
              result <= 32'h7E00;
            end else if (x_inf || y_inf) begin
              result <= {16'd0, x_inf ? x[15] : y_sign, 15'h7C00};
            end else begin
              sign  <= y_bigger ? y_sign : x[15];
              state <= ALIGN;
              done  <= 1'b0;
              if (y_bigger) begin
                e <= y_exp;
                f <= x_exp;
                m <= {1'b0, y_sig, 13'd0};
                n <= {1'b0, x_sig, 13'd0};
              end
            end
          FMUL:
            if (x_nan || y_nan || (x_inf && y_zero) || (x_zero && y_inf)) begin
              result <= 32'h7E00;
            end else if (x_inf || y_inf) begin
              result <= {16'd0, xy_sign, 15'h7C00};
            end else if (x_zero || y_zero) begin
              result <= {16'd0, xy_sign, 15'd0};
            end else begin
              e     <= x_exp + y_exp - 7'sd15;
              sign  <= xy_sign;
              m     <= {11'd0, x_sig, 3'd0};
              state <= MULTIPLY;
              done  <= 1'b0;
            end
          FDIV:
            if (x_nan || y_nan || (x_inf && y_inf) || (x_zero && y_zero)) begin
              result <= 32'h7E00;
            end else if (x_inf || y_zero) begin
              result <= {16'd0, xy_sign, 15'h7C00};
            end else if (x_zero || y_inf) begin
              result <= {16'd0, xy_sign, 15'd0};
            end else begin
              sign  <= xy_sign;
              state <= SCALE;
              done  <= 1'b0;
            end
          I2F:
            if (int_wide) begin
              result <= {16'd0, x[31], 15'h7C00};
            end else begin
              sign  <= x[31];
              e     <= 7'sd30;
              m     <= {1'b0, int_mag, 8'd0};
              state <= NORM;
              done  <= 1'b0;
            end
          default:
            if (x_nan) begin
              result <= 32'd0;
            end else if (x_inf) begin
              result <= {x[15], {31{!x[15]}}};
            end else begin
              sign  <= x[15];
              state <= WHOLE;
              done  <= 1'b0;
            end
        endcase
      end
      ALIGN:
        if (e == f || n_empty) begin
          state <= ADD;
        end else begin
          n <= n_right;
          f <= f + 7'sd1;
        end
      ADD: begin
        m     <= subtract ? m - n : m + n;
        state <= NORM;
      end
      MULTIPLY: begin
        // The product grows from bit 24 down, the multiplier leaves at bit 3.
        m     <= {m[3] ? m_plus : {1'b0, m[24:14]}, m[13:4], 3'd0};
        count <= count + 4'd1;
        if (count == 4'd10)
          state <= NORM;
      end
      SCALE: begin
        if (!m[23]) begin
          m <= {m[23:0], 1'b0};
          e <= e - 7'sd1;
        end
        if (!n[23]) begin
          n <= {n[23:0], 1'b0};
          f <= f - 7'sd1;
        end
        if (m[23] && n[23]) begin
          e     <= e - f + 7'sd15;
          state <= DIVIDE;
        end
      end
      DIVIDE: begin
        // Bits 24..13 of m hold the remainder, the quotient enters bit 0.
        if (m[24:13] >= n[24:13])
          m <= {m_minus, m[12:0], 1'b1};
        else
          m <= {m[23:0], 1'b0};
        count <= count + 4'd1;
        if (count == 4'd12)
          state <= QUOTIENT;
      end
      QUOTIENT: begin
        m     <= {1'b0, m[12:0], 10'd0, m[24:13] != 12'd0};
        state <= NORM;
      end
      NORM:
        if (m[24] || e < 7'sd1) begin
          m <= m_right;
          e <= m_empty ? 7'sd1 : e + 7'sd1;
        end else if (!m[23] && e > 7'sd1 && m != 25'd0) begin
          m <= {m[23:0], 1'b0};
          e <= e - 7'sd1;
        end else begin
          state <= ROUND;
        end
      ROUND: begin
        result <= {16'd0, sign && !(subtract && rounded == 15'd0), rounded};
        state  <= IDLE;
        done   <= 1'b1;
      end
      WHOLE:
        if (e == 7'sd30 || m == 25'd0) begin
          state <= NEGATE;
        end else begin
          m <= {1'b0, m[24:1]};
          e <= e + 7'sd1;
        end
      NEGATE: begin
        result <= ({16'd0, m[23:8]} ^ {32{sign}}) + {31'd0, sign};
        state  <= IDLE;
        done   <= 1'b1;
      end
      default: state <= IDLE;
    endcase
    if (start) begin
      kind  <= op;
      x     <= a;
      y     <= b;
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
