// hsx_sim_top under vvp, clocked and driven by the VPI module hsx_vpi.
//
// One clock cycle is three time units: $hsx_drive sets the inputs (and waits
// for the harness when it has nothing to do), $hsx_before sees the outputs just
// before the rising edge, $hsx_after those that follow it.
`default_nettype none

module hsx_icarus_top;
  reg         clk;
  reg         rst;
  reg         wb_cyc;
  reg         wb_stb;
  reg         wb_we;
  reg  [19:2] wb_adr;
  reg  [3:0]  wb_sel;
  reg  [31:0] wb_dat_i;
  wire [31:0] wb_dat_o;
  wire        wb_ack;
  wire        trap_valid;
  wire [2:0]  trap_kind;
  wire [7:0]  trap_slot;
  wire [11:0] trap_imm;
  wire        held;
  wire        idle;
  wire        ret_valid;
  wire [31:0] ret_order;
  wire [2:0]  ret_event;
  wire [7:0]  ret_slot;
  wire [31:0] ret_insn;
  wire [31:0] ret_ext;
  wire        ret_ext_valid;
  wire [15:0] ret_pc;
  wire [15:0] ret_next_pc;
  wire [15:0] ret_sp;
  wire [15:0] ret_depth;
  wire [3:0]  ret_psw;
  wire        ret_rd_we;
  wire [3:0]  ret_rd;
  wire [31:0] ret_rd_value;
  wire        ret_r15_we;
  wire        ret_mem_re;
  wire        ret_mem_we;
  wire [2:0]  ret_mem_width;
  wire [15:0] ret_mem_addr;
  wire [31:0] ret_mem_value;
  wire        ret_turn_first;
  wire        ret_turn_rotate;

  hsx_sim_top #(
      .CONTEXTS(16),
      .WINDOWS(16)
  ) dut (
      .clk(clk),
      .rst(rst),
      .wb_cyc(wb_cyc),
      .wb_stb(wb_stb),
      .wb_we(wb_we),
      .wb_adr(wb_adr),
      .wb_sel(wb_sel),
      .wb_dat_i(wb_dat_i),
      .wb_dat_o(wb_dat_o),
      .wb_ack(wb_ack),
      .trap_valid(trap_valid),
      .trap_kind(trap_kind),
      .trap_slot(trap_slot),
      .trap_imm(trap_imm),
      .held(held),
      .idle(idle),
      .ret_valid(ret_valid),
      .ret_order(ret_order),
      .ret_event(ret_event),
      .ret_slot(ret_slot),
      .ret_insn(ret_insn),
      .ret_ext(ret_ext),
      .ret_ext_valid(ret_ext_valid),
      .ret_pc(ret_pc),
      .ret_next_pc(ret_next_pc),
      .ret_sp(ret_sp),
      .ret_depth(ret_depth),
      .ret_psw(ret_psw),
      .ret_rd_we(ret_rd_we),
      .ret_rd(ret_rd),
      .ret_rd_value(ret_rd_value),
      .ret_r15_we(ret_r15_we),
      .ret_mem_re(ret_mem_re),
      .ret_mem_we(ret_mem_we),
      .ret_mem_width(ret_mem_width),
      .ret_mem_addr(ret_mem_addr),
      .ret_mem_value(ret_mem_value),
      .ret_turn_first(ret_turn_first),
      .ret_turn_rotate(ret_turn_rotate)
  );

  initial begin
    clk = 1'b0;
    $hsx_open;
    forever begin
      #1 $hsx_drive;
      #1 $hsx_before;
      clk = 1'b1;
      #1 $hsx_after;
      clk = 1'b0;
    end
  end
endmodule

`default_nettype wire
