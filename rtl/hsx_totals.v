// 32-bit event counters in one block RAM, behind small counters in flip-flops.
//
// A loop visits counter after counter, FIRST to LAST, two cycles each: in the
// first it adds what the small counter has collected to the low half, in the
// second the carry to the high half. `half` shows what was stored before that,
// the low half in the first cycle, the high half in the second, when `ready` is
// high and `value` shows both. So an event is seen at the latest two loops later;
// `settled` says that the last one is.
//
// host_we sets the counter host_index, in both of its cycles: it must be held
// until ready comes with that index after a cycle without. The first loop after
// a reset clears all counters.
`default_nettype none

module hsx_totals #(
  parameter FIRST = 4,
  parameter LAST  = 14 // at most 15 counters: a small one must not overflow in a loop
) (
  input  wire              clk,
  input  wire              rst,
  input  wire [LAST:FIRST] event_in,
  input  wire              host_we,
  input  wire [3:0]        host_index,
  input  wire [31:0]       host_wdata,
  output reg  [3:0]        index,
  output wire              ready,
  output wire              settled,
  output wire [15:0]       half,
  output wire [31:0]       value
);
  reg         high;
  reg         clearing;
  reg         carry;
  reg  [15:0] low;
  reg  [2:0]  loops; // begun since the last event, counted by ones
  reg  [5*(LAST-FIRST+1)-1:0] collected; // five bits a counter
  wire [15:0] q;

  wire [3:0]  next_index = (index == LAST[3:0]) ? FIRST[3:0] : index + 4'd1;
  wire [3:0]  place      = index - FIRST[3:0];
  wire [4:0]  addend     = high ? {4'd0, carry} : collected[5*place +: 5];
  wire [16:0] sum        = {1'b0, q} + {12'd0, addend};
  wire        host_here  = host_we && host_index == index;
  wire [15:0] word       = clearing  ? 16'd0
                         : !host_here ? sum[15:0]
                         : high      ? host_wdata[31:16]
                         :             host_wdata[15:0];

  assign ready = high;
  assign half    = q;
  assign settled = loops[2];
  assign value = {q, low};

  hsx_ram #(.WIDTH(16), .ADDR_BITS(5)) words (
    .clk(clk), .we(1'b1), .waddr({index, high}), .wdata(word),
    .re(1'b1), .raddr(high ? {next_index, 1'b0} : {index, 1'b1}), .q(q)
  );

  always @(posedge clk)
    if (rst) begin
      index    <= FIRST[3:0];
      high     <= 1'b0;
      clearing <= 1'b1;
    end else begin
      high <= !high;
      if (high) begin
        index <= next_index;
        if (index == LAST[3:0])
          clearing <= 1'b0;
      end
    end

  always @(posedge clk)
    if (event_in != 0)
      loops <= 3'd0;
    else if (high && index == LAST[3:0])
      loops <= {loops[1:0], 1'b1};

  always @(posedge clk) begin
    carry <= sum[16] && !clearing && !host_here;
    if (!high)
      low <= q;
  end

  genvar i;
  generate
    for (i = FIRST; i <= LAST; i = i + 1) begin : counter
      always @(posedge clk)
        if (rst)
          collected[5*(i-FIRST) +: 5] <= 5'd0;
        else
          collected[5*(i-FIRST) +: 5] <= ((!high && index == i) ? 5'd0
                                                                : collected[5*(i-FIRST) +: 5])
                                         + {4'd0, event_in[i]};
    end
  endgenerate
endmodule

`default_nettype wire
