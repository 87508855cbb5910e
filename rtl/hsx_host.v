// Host port: Wishbone B4 classic cycles to the core's memories, contexts, queue
// and control registers.
//
// Memories, contexts and queue may be touched while the core is held; meanwhile
// the pipeline carries `slot` through all stages, so that every context field
// appears at the output of its own RAM. Accesses to them while the core runs
// are acknowledged without effect and read 0. Control registers may be read and
// written at any time. One access at a time; ack comes 2 cycles after the
// strobe for control registers, 6 for memories, 14 for contexts and pushes, and
// up to 66 for totals, whose loop must have taken in the last events and then
// come to the wanted one.
`default_nettype none

module hsx_host #(
  parameter SLOT_BITS = 4
) (
  input  wire                 clk,
  input  wire                 rst,

  input  wire                 wb_cyc,
  input  wire                 wb_stb,
  input  wire                 wb_we,
  input  wire [19:2]          wb_adr,
  input  wire [3:0]           wb_sel,
  input  wire [31:0]          wb_dat_i,
  output reg  [31:0]          wb_dat_o,
  output reg                  wb_ack,

  input  wire                 held,
  output wire [SLOT_BITS-1:0] slot,
  output wire [13:0]          addr,     // word address in a memory
  output wire [31:0]          wdata,
  output reg                  data_en,
  output wire [3:0]           data_we,
  input  wire [31:0]          data_rdata,
  output wire                 code_en,
  output wire                 code_we,
  input  wire [31:0]          code_rdata,
  output wire [3:0]           field,    // of a context
  output wire                 field_we,
  input  wire [31:0]          field_rdata,
  output wire                 queue_push, // field_we of the state comes with it
  output wire                 queue_pop,
  output wire                 set_left,
  output wire                 total_we,
  output wire [3:0]           total_wanted,
  input  wire [3:0]           total_index,
  input  wire                 total_ready,
  input  wire                 total_settled,
  output wire                 reg_we,
  output wire [5:0]           reg_addr,
  input  wire [31:0]          reg_rdata
);
  localparam [1:0] DATA    = 2'd0;
  localparam [1:0] CODE    = 2'd1;
  localparam [1:0] CONTEXT = 2'd2;
  localparam [1:0] CONTROL = 2'd3;

  localparam [5:0] QUEUE_PUSH = 6'h0C;
  localparam [5:0] QUEUE_POP  = 6'h0D;
  localparam [5:0] TURN_LEFT  = 6'h0F;
  localparam [5:0] JUMP       = 6'h11;

  reg        busy;
  reg        allowed;
  reg [5:0]  step;
  reg [1:0]  region;
  reg        we;
  reg [3:0]  sel;
  reg [13:0] word;
  reg [31:0] value;

  wire in_memory = (region == DATA || region == CODE);
  wire control   = (region == CONTROL);
  wire push      = control && word[5:0] == QUEUE_PUSH && we;
  wire slotted   = (region == CONTEXT) || push;
  // STEPS, ORDER, CYCLES, NOW, the lost slots from 0x18 to 0x1E; JUMP writes NOW too
  wire jump      = control && word[5:0] == JUMP && we;
  wire total     = jump || (control && (word[5:2] == 4'd1
                                       || (word[5:3] == 3'd3 && word[2:0] != 3'd7)));
  wire at_total  = total_ready && total_index == total_wanted
                && (we ? step > 6'd20 : total_settled || !held);
  wire act       = busy && allowed && step == (in_memory ? 6'd2 : slotted ? 6'd11 : 6'd0);
  wire last      = busy && (!allowed  ? 1'b1
                          : in_memory ? step == 6'd4
                          : slotted   ? step == 6'd12
                          : total     ? at_total
                          :             1'b1);

  assign slot       = push ? value[SLOT_BITS-1:0] : word[4 +: SLOT_BITS];
  assign addr       = word;
  assign wdata      = push ? 32'd1 : value;
  assign data_we    = we ? sel : 4'd0;
  assign code_en    = act && region == CODE;
  assign code_we    = code_en && we && (sel == 4'hF);
  assign field      = push ? 4'd13 : word[3:0];
  assign field_we   = act && slotted && we;
  assign queue_push = act && push;
  assign queue_pop  = act && control && word[5:0] == QUEUE_POP && !we;
  assign set_left   = act && control && word[5:0] == TURN_LEFT && we;
  assign reg_we     = act && control && we;
  assign reg_addr   = word[5:0];
  assign total_we     = busy && allowed && total && we;
  assign total_wanted = jump ? 4'd7 : word[3:0];

  always @(posedge clk)
    if (rst) begin
      busy   <= 1'b0;
      wb_ack <= 1'b0;
    end else begin
      wb_ack <= last;
      if (!busy)
        busy <= wb_cyc && wb_stb && !wb_ack;
      else if (last)
        busy <= 1'b0;
    end

  // A register, because the register RAM's address hangs on it.
  always @(posedge clk)
    data_en <= !rst && act && region == DATA;

  always @(posedge clk)
    if (!busy) begin
      step    <= 6'd0;
      region  <= wb_adr[17:16];
      we      <= wb_we;
      sel     <= wb_sel;
      word    <= wb_adr[15:2];
      value   <= wb_dat_i;
      allowed <= wb_adr[19:18] == 2'd0
                 && (held || (wb_adr[17:16] == CONTROL && wb_adr[7:2] != QUEUE_PUSH
                              && wb_adr[7:2] != QUEUE_POP && wb_adr[7:2] != TURN_LEFT));
    end else
      step <= step + 6'd1;

  always @(posedge clk)
    if (last)
      wb_dat_o <= !allowed         ? 32'd0
                : control          ? reg_rdata
                : region == DATA   ? data_rdata
                : region == CODE   ? code_rdata
                :                    field_rdata;
endmodule

`default_nettype wire
