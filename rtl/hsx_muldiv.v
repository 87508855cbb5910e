// MUL and DIV, one bit a cycle.
//
// MUL (op 0): the low 32 bits of the unsigned product; high_nonzero says
// whether the high half is not zero (its C and V).
// DIV (op 1): signed, truncating, INT_MIN / -1 = INT_MIN. The divisor must not
// be zero: the core raises DIV_ZERO before it starts the unit.
//
// start: one cycle, with op, a and b; the operands are not read later. done is
// high for one cycle; result and high_nonzero are valid from then until the
// next start. A start in any later cycle, the next one included, is taken.
// kill ends the operation at once, without a done.
//
// Cycles from start to done: MUL 1 + s, DIV 5 + s, where s is 32 less seven for
// each of the leading bytes of b (MUL) or of |a| (DIV) that is zero.
`default_nettype none

module hsx_muldiv (
  input  wire        clk,
  input  wire        rst,
  input  wire        start,
  input  wire        op,
  input  wire [31:0] a,
  input  wire [31:0] b,
  input  wire        kill,
  output reg         done,
  output wire [31:0] result,
  output reg         high_nonzero
);
  localparam [2:0] IDLE = 3'd0;
  localparam [2:0] ABS  = 3'd1;  // p = |a|
  localparam [2:0] LOAD = 3'd2;  // q = |a|, y = -|b|
  localparam [2:0] RUN  = 3'd3;
  localparam [2:0] SIGN = 3'd4;  // y = the quotient or its complement
  localparam [2:0] SUM  = 3'd5;  // p = the quotient with its sign

  reg [2:0]  state;
  reg        div;
  reg        sign_a;
  reg        sign_b;
  reg        leading;            // only zeros of q have been shifted out yet
  reg        carry_in;
  reg [5:0]  left;
  reg [31:0] p;
  reg [31:0] q;
  reg [31:0] y;

  // In RUN p moves one place left before y is added. A dividend's remainder
  // can need 33 bits there; then the sum is always taken.
  wire        shift    = (state == RUN);
  wire        p_top    = shift && p[31];
  wire [31:0] p_moved  = shift ? {p[30:0], div && q[31]} : p;
  wire [32:0] sum      = {1'b0, p_moved} + {1'b0, y} + {32'd0, carry_in};
  wire        take     = div ? (sum[32] || p_top) : q[31];
  wire        skip     = leading && (q[31:24] == 8'd0);
  wire        last     = skip ? (left == 6'd8) : (left == 6'd1);
  wire        negative = sign_a ^ sign_b;

  assign result = p;

  always @(posedge clk) begin
    done <= 1'b0;
    case (state)
      ABS: begin
        p     <= sum[31:0];
        state <= LOAD;
      end
      LOAD: begin
        // -|b| is b itself when b is negative, so it costs no further addition.
        y        <= q ^ {32{!sign_b}};
        carry_in <= !sign_b;
        q        <= p;
        p        <= 32'd0;
        state    <= RUN;
      end
      RUN: begin
        if (skip) begin
          q    <= {q[23:0], 8'd0};
          left <= left - 6'd8;
        end else begin
          p       <= take ? sum[31:0] : p_moved;
          q       <= {q[30:0], div && take};
          left    <= left - 6'd1;
          leading <= leading && !q[31];
          if (!div)
            high_nonzero <= high_nonzero || p_top || (take && sum[32]);
        end
        if (last) begin
          state <= div ? SIGN : IDLE;
          done  <= !div;
        end
      end
      SIGN: begin
        y        <= q ^ {32{negative}};
        carry_in <= negative;
        p        <= 32'd0;
        state    <= SUM;
      end
      SUM: begin
        p     <= sum[31:0];
        state <= IDLE;
        done  <= 1'b1;
      end
      default: state <= IDLE;
    endcase
    if (start) begin
      div          <= op;
      sign_a       <= a[31];
      sign_b       <= b[31];
      y            <= a ^ {32{op && a[31]}};
      carry_in     <= op && a[31];
      q            <= b;
      p            <= 32'd0;
      high_nonzero <= 1'b0;
      leading      <= 1'b1;
      left         <= 6'd32;
      done         <= 1'b0;
      state        <= op ? ABS : RUN;
    end
    if (rst || kill) begin
      state <= IDLE;
      done  <= 1'b0;
    end
  end
endmodule

`default_nettype wire
