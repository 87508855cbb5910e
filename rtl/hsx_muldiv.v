// MUL and DIV, one bit a cycle on one adder.
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
// Cycles from start to done: MUL 1 + s; DIV 3 + s, and 4 more when a is
// negative. s is 32 less seven for each byte of zeros that |a| (MUL: a) begins
// with.
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
  localparam [2:0] MOVE = 3'd1;  // p = y or -y
  localparam [2:0] SWAP = 3'd2;  // y = q, q = p, p = 0
  localparam [2:0] RUN  = 3'd3;
  localparam [2:0] SIGN = 3'd4;  // y = the quotient's magnitude, p = 0
  localparam [2:0] SUM  = 3'd5;  // p = the quotient

  reg [2:0]  state;
  reg        div;
  reg        negative;           // the quotient is
  reg        sign_b;
  reg        flip;               // add -y rather than y, as long as p >= 0
  reg        leading;            // only zeros have left q yet
  reg [5:0]  left;
  reg [31:0] p;
  reg [31:0] q;
  reg [31:0] y;

  // The remainder may be negative (non-restoring division): the divisor's
  // magnitude is then added instead of subtracted, and the sign of each sum is
  // the complement of the restoring quotient's bit.
  wire        running = (state == RUN);
  wire        invert  = flip ^ (div && p[31]);
  wire        counted = div || q[31];
  wire [31:0] addend  = (y ^ {32{invert}}) & {32{counted}};
  wire [32:0] sum     = {1'b0, p[30:0], running && div && q[31]} + {1'b0, addend}
                      + {32'd0, invert};
  wire        skip    = leading && (q[31:24] == 8'd0);
  wire        last    = skip ? (left == 6'd8) : (left == 6'd1);

  assign result = p;

  always @(posedge clk) begin
    done <= 1'b0;
    case (state)
      MOVE: begin
        p     <= sum[31:0];
        state <= SWAP;
      end
      SWAP: begin
        y     <= q;
        q     <= p;
        p     <= 32'd0;
        // After the first swap y holds the dividend, after the second the divisor.
        flip  <= flip ? !sign_b : 1'b1;
        state <= flip ? RUN : MOVE;
      end
      RUN: begin
        if (skip) begin
          q    <= {q[23:0], 8'd0};
          left <= left - 6'd8;
        end else begin
          p       <= sum[31:0];
          q       <= {q[30:0], !sum[31]};
          left    <= left - 6'd1;
          leading <= leading && !q[31];
        end
        high_nonzero <= high_nonzero || p[31] || sum[32];
        if (last) begin
          state <= div ? SIGN : IDLE;
          done  <= !div;
        end
      end
      SIGN: begin
        y     <= q;
        p     <= 32'd0;
        flip  <= negative;
        state <= SUM;
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
      negative     <= a[31] ^ b[31];
      sign_b       <= b[31];
      flip         <= op && !a[31] && !b[31];
      q            <= a;
      y            <= b;
      p            <= 32'd0;
      high_nonzero <= 1'b0;
      leading      <= 1'b1;
      left         <= 6'd32;
      done         <= 1'b0;
      state        <= (op && a[31]) ? MOVE : RUN;
    end
    if (rst || kill) begin
      state <= IDLE;
      done  <= 1'b0;
    end
  end
endmodule

`default_nettype wire
