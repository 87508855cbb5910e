// SPDX-License-Identifier: Apache-2.0
// From a UART's bytes to a Wishbone bus and back (docs/serial.md): LiteX's UARTBone, and
// framed commands with CRC and sequence number.
//
// A Wishbone master, classic standard cycles, all four bytes of a word, one access at a
// time. Nothing of a framed command reaches the bus before its CRC has been found right,
// and nothing twice: the reply to the last one is kept. A request with a gap of more than
// TIMEOUT clocks (more than a byte lasts) is dropped.
//
// A byte of the receiver is taken while rx_data still holds it, that is, an access of
// UARTBone's writes may last as long as a byte.
`default_nettype none

module hsx_uart_bridge #(
  parameter TIMEOUT = 120000
) (
  input  wire        clk,
  input  wire        rst,

  input  wire [7:0]  rx_data,
  input  wire        rx_valid,
  input  wire        rx_broken,
  output wire [7:0]  tx_data,
  output wire        tx_valid,
  input  wire        tx_ready,

  output wire        wb_stb,  // cyc too
  output wire        wb_we,
  output wire [19:2] wb_adr,
  output wire [31:0] wb_dat_o,
  input  wire [31:0] wb_dat_i,
  input  wire        wb_ack
);
  localparam [7:0] VERSION   = 8'd1;
  localparam [7:0] MOST      = 8'd64; // words in a frame: half of `buffer` each way
  localparam [2:0] OPEN      = 3'd0;
  localparam [2:0] CLOSE     = 3'd5;
  localparam [1:0] DONE      = 2'd0;
  localparam [1:0] NO_SESSION = 2'd1;
  localparam [1:0] BAD_NUMBER = 2'd2;
  localparam [1:0] BAD_LENGTH = 2'd3;

  localparam [3:0] IDLE   = 4'd0;
  localparam [3:0] HEADER = 4'd1; // sequence number, length, address
  localparam [3:0] DATA   = 4'd2;
  localparam [3:0] CRC    = 4'd3;
  localparam [3:0] CHECK  = 4'd4;
  localparam [3:0] FETCH  = 4'd5; // a word to write, from the buffer
  localparam [3:0] ACCESS = 4'd6;
  localparam [3:0] STORE  = 4'd7; // a word read, to the buffer
  localparam [3:0] SEND   = 4'd8;
  localparam [3:0] RUBBISH = 4'd9; // until the line is silent

  localparam TIMER_BITS = $clog2(TIMEOUT + 1);
  localparam [31:0] LIMIT = TIMEOUT;

  reg [3:0]  state;
  reg [2:0]  step;    // of the header, of the CRC, of the reply
  reg [2:0]  code;
  reg        framed;
  reg [7:0]  number, words;
  reg [17:0] address;
  reg [31:0] word;
  reg [1:0]  lane;    // bytes of the word that are done
  reg [7:0]  left;    // words that are not
  reg [7:0]  place;   // in the buffer's half
  reg        fetched;
  reg [1:0]  status;

  reg        session;
  reg [7:0]  last;    // of the newest request that was done
  reg [2:0]  last_code;
  reg        last_bad;

  wire writes = (code == 3'd1) || (code == 3'd3);
  wire reads  = (code == 3'd2) || (code == 3'd4);
  wire fixed  = (code == 3'd3) || (code == 3'd4);
  wire of_session = (code == OPEN) || (code == CLOSE);

  // ---- bytes that come ----

  reg  have;
  wire listens = (state == IDLE) || (state == HEADER) || (state == DATA) || (state == CRC)
              || (state == RUBBISH);
  wire take    = have && listens;
  wire keeps   = (state == ACCESS) && !framed && writes;
  wire drops   = !listens && !keeps;

  always @(posedge clk)
    if (rst)
      have <= 1'b0;
    else
      have <= rx_valid || (have && !take && !drops);

  reg [TIMER_BITS-1:0] quiet;
  wire                 silent = (quiet == LIMIT[TIMER_BITS-1:0]);

  always @(posedge clk)
    if (rx_valid || rx_broken || have)
      quiet <= {TIMER_BITS{1'b0}};
    else if (!silent)
      quiet <= quiet + 1'b1;

  wire [2:0] first_code   = rx_data[2:0];
  wire       first_framed = (rx_data[7:3] == 5'b10000) && (first_code <= CLOSE);
  wire       first_plain  = (rx_data[7:3] == 5'd0) && (first_code != OPEN) && (first_code < CLOSE);

  // ---- bytes that go ----

  wire       sends_word = (step == 3'd3);
  wire       sends_crc  = (step == 3'd4);
  wire [7:0] buffer_q, crc_low;
  wire [7:0] opened     = (lane == 2'd0) ? VERSION : (lane == 2'd1) ? MOST : 8'd0;
  wire       sent       = tx_valid && tx_ready;
  wire       last_lane  = (lane == 2'd3);
  wire       last_word  = (left == 8'd1);

  assign tx_valid = (state == SEND);
  assign tx_data  = sends_crc        ? crc_low
                  : sends_word       ? (!framed ? word[31:24] : (code == OPEN) ? opened : buffer_q)
                  : (step == 3'd0)   ? {5'b11000, code}
                  : (step == 3'd1)   ? number
                  :                    {6'd0, status};

  // ---- CRC and buffer ----

  wire crc_busy, crc_good;
  wire checked = (state == CHECK) && !crc_busy;

  hsx_crc32 checksum (
    .clk(clk), .clear(state == IDLE || checked), .feed(take || (sent && !sends_crc)),
    .data(state == SEND ? tx_data : rx_data), .shift(sent && sends_crc), .busy(crc_busy),
    .low(crc_low), .good(crc_good)
  );

  // Requests in the lower half, replies in the upper: a garbled request leaves the reply to
  // the last one whole.
  hsx_ram #(.WIDTH(8), .ADDR_BITS(9)) buffer (
    .clk(clk), .we((state == STORE) || (state == DATA && take)), .waddr({state == STORE, place}),
    .wdata(state == STORE ? word[31:24] : rx_data), .re(1'b1), .raddr({state == SEND, place}),
    .q(buffer_q)
  );

  // ---- bus ----

  assign wb_stb   = (state == ACCESS);
  assign wb_we    = writes;
  assign wb_adr   = address;
  assign wb_dat_o = word;

  // ---- what a request comes to ----

  wire bad_length = (words == 8'd0) || (words > MOST);
  wire repeats    = (number == last) && (code == last_code);
  wire follows    = (number == last + 8'd1);
  wire [1:0] verdict = of_session ? DONE
                     : !session   ? NO_SESSION
                     : repeats    ? (last_bad ? BAD_LENGTH : DONE)
                     : !follows   ? BAD_NUMBER
                     : bad_length ? BAD_LENGTH
                     :              DONE;
  wire works      = !of_session && session && !repeats && follows && !bad_length;

  always @(posedge clk)
    if (rst)
      session <= 1'b0;
    else if (checked && crc_good && of_session)
      session <= (code == OPEN);

  always @(posedge clk)
    if (checked && crc_good && (code == OPEN || (session && !of_session && !repeats && follows))) begin
      last      <= number;
      last_code <= code;
      last_bad  <= bad_length;
    end

  always @(posedge clk)
    if (rst)
      state <= IDLE;
    else if (listens && rx_broken)
      state <= RUBBISH;
    else
      case (state)
        IDLE:
          if (take)
            state <= (first_framed || (first_plain && !session)) ? HEADER : session ? RUBBISH : IDLE;
        HEADER:
          if (take) begin
            if (step == 3'd0 && of_session)
              state <= CRC;
            else if (step == 3'd5)
              state <= framed         ? ((writes && words != 8'd0) ? DATA : CRC)
                     : words == 8'd0  ? IDLE
                     : writes         ? DATA
                     :                  ACCESS;
          end else if (silent)
            state <= IDLE;
        DATA:
          if (take) begin
            if (last_lane && !framed)
              state <= ACCESS;
            else if (last_lane && last_word)
              state <= CRC;
          end else if (silent)
            state <= IDLE;
        CRC:
          if (take) begin
            if (step == 3'd3)
              state <= CHECK;
          end else if (silent)
            state <= IDLE;
        CHECK:
          if (checked)
            state <= !crc_good ? RUBBISH : !works ? SEND : writes ? FETCH : ACCESS;
        FETCH:
          if (fetched && last_lane)
            state <= ACCESS;
        ACCESS:
          if (wb_ack)
            state <= reads     ? (framed ? STORE : SEND)
                   : last_word ? (framed ? SEND : IDLE)
                   :             (framed ? FETCH : DATA);
        STORE:
          if (last_lane)
            state <= last_word ? SEND : ACCESS;
        SEND:
          if (sent) begin
            if (framed ? (sends_crc && last_lane) : (last_lane && last_word))
              state <= IDLE;
            else if (!framed && last_lane)
              state <= ACCESS;
          end
        default:
          if (silent)
            state <= IDLE;
      endcase

  always @(posedge clk)
    case (state)
      IDLE: begin
        step   <= {2'd0, !rx_data[7]};
        code   <= first_code;
        framed <= rx_data[7];
        lane   <= 2'd0;
        place  <= 8'd0;
      end
      HEADER:
        if (take) begin
          step <= (step == 3'd5 || (step == 3'd0 && of_session)) ? 3'd0 : step + 3'd1;
          if (step == 3'd0)
            number <= rx_data;
          else if (step == 3'd1) begin
            words <= rx_data;
            left  <= rx_data;
          end else
            address <= {address[9:0], rx_data};
          // What a plain read sends begins with the word.
          if (step == 3'd5 && !framed)
            step <= 3'd3;
        end
      DATA:
        if (take) begin
          place <= place + 8'd1;
          lane  <= lane + 2'd1;
          if (framed && last_lane)
            left <= left - 8'd1;
        end
      CRC:
        if (take)
          step <= step + 3'd1;
      CHECK: begin
        step    <= 3'd0;
        place   <= 8'd0;
        left    <= words;
        status  <= verdict;
        fetched <= 1'b0;
      end
      FETCH: begin
        fetched <= !fetched;
        if (fetched) begin
          place <= place + 8'd1;
          lane  <= lane + 2'd1;
        end
      end
      ACCESS:
        if (wb_ack) begin
          address <= address + {17'd0, !fixed};
          if (writes) begin
            left <= left - 8'd1;
            if (last_word)
              place <= 8'd0;
          end
        end
      STORE: begin
        place <= (last_lane && last_word) ? 8'd0 : place + 8'd1;
        lane  <= lane + 2'd1;
        if (last_lane)
          left <= left - 8'd1;
      end
      SEND:
        if (sent) begin
          if (step == 3'd2 && (status != DONE || !(reads || code == OPEN)))
            step <= 3'd4;
          else if (!sends_word && !sends_crc)
            step <= step + 3'd1;
          if (sends_word || sends_crc)
            lane <= lane + 2'd1;
          if (sends_word) begin
            place <= place + 8'd1;
            if (last_lane) begin
              left <= left - 8'd1;
              if (framed && (code == OPEN || last_word))
                step <= 3'd4;
            end
          end else if (step == 3'd2)
            left <= words;
        end
      default: ;
    endcase

  always @(posedge clk)
    if (state == ACCESS ? (wb_ack && reads) : (take || state == STORE || sent || fetched))
      word <= (state == ACCESS) ? wb_dat_i
            : {word[23:0], state == FETCH ? buffer_q : rx_data};
endmodule

`default_nettype wire
