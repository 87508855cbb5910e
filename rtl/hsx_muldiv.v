// MUL and DIV, one bit a cycle on one adder.
//
// MUL (op 0): the low 32 bits of the unsigned product; high_nonzero says
// whether the high half is not zero (its C and V).
// DIV (op 1): signed, truncating, INT_MIN / -1 = INT_MIN. The divisor must not
// be zero: the core raises DIV_ZERO before it starts the unit.
//
// start: one cycle, with op, a and b; the operands are not read later. done is
// high for one cycle; result and high_nonzero are valid from then until the
// next start. A start is taken in any cycle; it drops what is under way.
// kill ends the operation at once, without a done. clear makes the result 0; it
// comes with each start, and without one when another unit starts.
//
// Cycles from start to done: MUL 1 + s; DIV 3 + s, and 4 more when a is
// negative. s is 32 less seven for each byte of zeros that |a| (MUL: a) begins
// with.
`default_nettype none

module hsx_muldiv (
  input  wire        clk,
  input  wire        rst,
  input  wire        clear,
  input  wire        start,
  input  wire        op,
  input  wire [31:0] a,
  input  wire [31:0] b,
  input  wire        kill,
  output reg         done,
  output wire [31:0] result,
  output wire        high_nonzero
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
  reg        flip;               // y is to be subtracted from what is not negative
  reg        invert;             // subtract y in this cycle
  reg        enter;              // the dividend's bit, q[31], that joins the remainder
  reg        counted;            // do not leave y out: a division, or q[31]
  reg        lost;               // the last step carried out of p
  reg        lost_1;             // an earlier one did
  reg        leading;            // only zeros have left q yet
  reg [5:0]  left;
  reg [31:0] p;
  reg [31:0] q;
  reg [31:0] y;

  // The remainder may be negative (non-restoring division): the divisor's
  // magnitude is then added instead of subtracted, and the sign of each sum is
  // the complement of the restoring quotient's bit.
  wire        running = (state == RUN);
  wire [31:0] addend  = (y ^ {32{invert}}) & {32{counted}};
  wire [32:0] sum     = {1'b0, p[30:0], enter} + {1'b0, addend}
                      + {32'd0, invert};
  wire        skip    = leading && (q[31:24] == 8'd0);
  wire        last    = skip ? (left == 6'd8) : (left == 6'd1);

  wire        stepping  = running && !skip;
  wire [31:0] next_q    = start ? a : !running ? p : skip ? {q[23:0], 8'd0} : {q[30:0], !sum[31]};
  wire        load_y    = start || state == SWAP || state == SIGN;

  wire        next_flip = start         ? op && !a[31] && !b[31]
                        : state == SIGN ? negative : flip ? !sign_b : 1'b1;

  assign result       = p;
  assign high_nonzero = lost || lost_1;

  always @(posedge clk) begin
    if (clear || load_y)
      p <= 32'd0;
    else if (stepping || state == MOVE || state == SUM)
      p <= sum[31:0];

    if (load_y)
      y <= start ? b : q;

    if (start || state == SWAP || running) begin
      q       <= next_q;
      counted <= start ? op || a[31] : div || next_q[31];
    end
    if (start || state == SIGN)
      enter <= 1'b0;
    else if (state == SWAP || running)
      enter <= div && (running || flip) && next_q[31];

    if (start)
      left <= 6'd32;
    else if (running)
      left <= skip ? left - 6'd8 : left - 6'd1;

    if (start)
      leading <= 1'b1;
    else if (stepping && q[31])
      leading <= 1'b0;

    lost   <= running && !start && (p[31] || sum[32]);
    lost_1 <= !start && (lost_1 || lost);

    if (start) begin
      div      <= op;
      negative <= a[31] ^ b[31];
      sign_b   <= b[31];
    end

    // After the first swap y holds the dividend, after the second the divisor.
    if (start || state == SWAP || state == SIGN) begin
      flip   <= next_flip;
      invert <= next_flip;
    end else if (stepping) begin
      invert <= flip ^ (div && sum[31]);
    end
  end

  always @(posedge clk) begin
    done <= 1'b0;
    case (state)
      MOVE:    state <= SWAP;
      SWAP:    state <= flip ? RUN : MOVE;
      RUN:
        if (last) begin
          state <= div ? SIGN : IDLE;
          done  <= !div;
        end
      SIGN:    state <= SUM;
      SUM: begin
        state <= IDLE;
        done  <= 1'b1;
      end
      default: state <= IDLE;
    endcase
    if (start) begin
      state <= (op && a[31]) ? MOVE : RUN;
      done  <= 1'b0;
    end
    if (rst || kill) begin
      state <= IDLE;
      done  <= 1'b0;
    end
  end
endmodule

`default_nettype wire
