// The host port's promises to its master and to the core: one acknowledge for
// each access, within 16 cycles or, for totals, 112; one effect at most, on the
// right strobe; none on memories, contexts and queue while the core runs.
`default_nettype none

module hsx_host_formal (
  input wire        clk,
  input wire        stb, we, held,
  input wire [19:2] adr,
  input wire [3:0]  sel,
  input wire [31:0] dat,
  input wire [31:0] data_rdata, code_rdata, field_rdata, reg_rdata,
  input wire        total_settled
);
  localparam FIRST_TOTAL = 4;
  localparam LAST_TOTAL  = 14;

  reg rst = 1'b1;
  always @(posedge clk)
    rst <= 1'b0;

  wire [31:0] dat_o, wdata;
  wire        ack, data_en, code_en, code_we, field_we, queue_push, queue_pop, set_left, reg_we;
  wire [3:0]  slot, data_we, field;
  wire [13:0] addr;
  wire [5:0]  reg_addr;
  wire        total_we;
  wire [3:0]  total_wanted;

  // the loop of hsx_totals: each total for two cycles, ready in the second
  reg [3:0] total_index = FIRST_TOTAL;
  reg       total_ready = 1'b0;
  always @(posedge clk) begin
    total_ready <= !total_ready;
    if (total_ready)
      total_index <= (total_index == LAST_TOTAL) ? FIRST_TOTAL : total_index + 4'd1;
  end

  hsx_host #(.SLOT_BITS(4)) host (
    .clk(clk), .rst(rst), .wb_cyc(stb), .wb_stb(stb), .wb_we(we), .wb_adr(adr), .wb_sel(sel),
    .wb_dat_i(dat), .wb_dat_o(dat_o), .wb_ack(ack), .held(held), .slot(slot), .addr(addr),
    .wdata(wdata), .data_en(data_en), .data_we(data_we), .data_rdata(data_rdata),
    .code_en(code_en), .code_we(code_we), .code_rdata(code_rdata), .field(field),
    .field_we(field_we), .field_rdata(field_rdata), .queue_push(queue_push),
    .queue_pop(queue_pop), .set_left(set_left), .total_we(total_we),
    .total_wanted(total_wanted), .total_index(total_index), .total_ready(total_ready),
    .total_settled(total_settled), .reg_we(reg_we), .reg_addr(reg_addr), .reg_rdata(reg_rdata)
  );

  // ---- what the master and the core promise ----

  reg        started = 0; // an access has begun and is not acknowledged
  reg        was_we, was_held;
  reg [19:2] was_adr;
  reg [3:0]  was_sel;
  reg [31:0] was_dat;
  reg [6:0]  age = 0;
  reg [1:0]  effects = 0; // strobes seen in this access
  reg [6:0]  held_for = 0; // cycles, up to 66
  always @(posedge clk)
    held_for <= !held ? 7'd0 : (held_for == 7'd66) ? 7'd66 : held_for + 7'd1;

  wire begins = stb && !started && !ack && !rst;

  always @* begin
    // a classic cycle is held until its acknowledge
    if (started)
      assume (stb && we == was_we && adr == was_adr && sel == was_sel && dat == was_dat);
    // nothing happens in a held core, so its totals settle within three loops
    if (held_for == 7'd66)
      assume (total_settled);
    // only this port lets a held core go
    if (started)
      assume (held || held_for == 7'd0);
  end

  wire       control  = (adr[17:16] == 2'd3);
  wire       mapped   = (adr[19:18] == 2'd0);
  wire       to_push  = control && adr[7:2] == 6'h0C;
  // STEPS to NOW, the lost slots, and JUMP, which writes NOW
  wire [3:0] total    = (adr[7:2] == 6'h11) ? 4'd7 : adr[5:2];
  wire       to_total = mapped && control
                     && ((adr[7:2] >= 6'h04 && adr[7:2] <= 6'h07)
                         || (adr[7:2] >= 6'h18 && adr[7:2] <= 6'h1E) || (we && adr[7:2] == 6'h11));
  wire       to_queue = to_push || (control && (adr[7:2] == 6'h0D || adr[7:2] == 6'h0F));
  wire       allowed  = mapped && (was_held || (control && !to_queue));
  wire [2:0] strobes  = {2'd0, data_en} + {2'd0, code_en} + {2'd0, field_we} + {2'd0, queue_pop}
                      + {2'd0, reg_we && !queue_push};

  always @(posedge clk)
    if (rst) begin
      started <= 1'b0;
      age     <= 7'd0;
      effects <= 2'd0;
    end else if (begins) begin
      started  <= 1'b1;
      was_we   <= we;
      was_adr  <= adr;
      was_sel  <= sel;
      was_dat  <= dat;
      was_held <= held;
      age      <= 5'd0;
      effects  <= 2'd0;
    end else begin
      if (ack)
        started <= 1'b0;
      age <= started ? age + 7'd1 : 7'd0;
      if (strobes != 3'd0)
        effects <= effects + 2'd1;
    end

  // ---- what the port promises ----

  reg ack_before = 0;
  reg wrote_low = 0, wrote_high = 0;
  always @(posedge clk) begin
    ack_before <= ack && !rst;
    wrote_high <= total_we && total_index == total && total_ready;
    if (!total_ready)
      wrote_low <= total_we && total_index == total;
  end

  always @(posedge clk)
    if (!rst) begin
      if (ack)
        assert (started && !ack_before);
      if (started)
        assert (age < (to_total ? 7'd112 : 7'd16));
      assert (strobes < 3'd2);
      if (strobes != 3'd0) begin
        assert (started && allowed && !ack && effects == 2'd0);
        assert (queue_push == (field_we && to_push));
      end
      // which strobe, and what is with it
      if (data_en)
        assert (adr[17:16] == 2'd0 && addr == adr[15:2] && wdata == dat
                && data_we == (we ? sel : 4'd0));
      if (code_en)
        assert (adr[17:16] == 2'd1 && addr == adr[15:2] && wdata == dat
                && code_we == (we && sel == 4'hF));
      if (field_we && !queue_push)
        assert (adr[17:16] == 2'd2 && we && slot == adr[9:6] && field == adr[5:2]
                && wdata == dat);
      if (queue_push)
        assert (to_push && we && field_we && slot == dat[3:0] && field == 4'd13
                && wdata == 32'd1);
      if (reg_we)
        assert (control && we && reg_addr == adr[7:2]);
      if (queue_pop)
        assert (control && !we && adr[7:2] == 6'h0D);
      if (set_left)
        assert (reg_we && adr[7:2] == 6'h0F);
      // a total is written in both of its cycles, which are the last two
      assert (!total_we || (started && we && to_total && total_wanted == total));
      if (ack && we && to_total)
        assert (wrote_low && wrote_high);
      // an access that is allowed and has an effect to make has made it
      if (ack && (we || adr[17:16] == 2'd0 || adr[17:16] == 2'd1) && (adr[17:16] != 2'd3 || !to_push))
        assert (effects == {1'b0, allowed});
      if (ack && to_push && we)
        assert (effects == {1'b0, allowed});
      if (ack && !we && !allowed)
        assert (dat_o == 32'd0);
    end
endmodule

`default_nettype wire
