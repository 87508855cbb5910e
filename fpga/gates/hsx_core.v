// The synthesised netlist in the place of the core: what instantiates hsx_core
// simulates the gates. The netlist was made with the parameters' values here;
// other values are refused.
`default_nettype none

module hsx_core #(
  parameter CONTEXTS   = 16,
  parameter WINDOWS    = 192,
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire        clk,
  input  wire        rst,
  output wire        code_en,
  output wire        code_we,
  output wire [13:0] code_addr,
  output wire [31:0] code_wdata,
  input  wire [31:0] code_rdata,
  output wire        data_en,
  output wire [3:0]  data_we,
  output wire [13:0] data_addr,
  output wire [31:0] data_wdata,
  input  wire [31:0] data_rdata,
  input  wire        wb_cyc,
  input  wire        wb_stb,
  input  wire        wb_we,
  input  wire [19:2] wb_adr,
  input  wire [3:0]  wb_sel,
  input  wire [31:0] wb_dat_i,
  output wire [31:0] wb_dat_o,
  output wire        wb_ack,
  output wire        held,
  output wire        idle,
  output wire        trap_valid,
  output wire [2:0]  trap_kind,
  output wire [7:0]  trap_slot,
  output wire [11:0] trap_imm,
  output wire        ret_valid,
  output wire [31:0] ret_order,
  output wire [2:0]  ret_event,
  output wire [7:0]  ret_slot,
  output wire [31:0] ret_insn,
  output wire [31:0] ret_ext,
  output wire        ret_ext_valid,
  output wire [15:0] ret_pc,
  output wire [15:0] ret_next_pc,
  output wire [15:0] ret_sp,
  output wire [15:0] ret_depth,
  output wire [3:0]  ret_psw,
  output wire        ret_rd_we,
  output wire [3:0]  ret_rd,
  output wire [31:0] ret_rd_value,
  output wire        ret_r15_we,
  output wire        ret_mem_re,
  output wire        ret_mem_we,
  output wire [2:0]  ret_mem_width,
  output wire [15:0] ret_mem_addr,
  output wire [31:0] ret_mem_value,
  output wire        ret_turn_first,
  output wire        ret_turn_rotate
);
  initial
    if (CONTEXTS != 16 || WINDOWS != 192 || HAS_MULDIV != 1 || HAS_FP16 != 1) begin
      $display("FAIL the netlist was made for other parameters");
      $finish;
    end

  hsx_core_gates gates (
    .clk(clk), .rst(rst),
    .code_en(code_en), .code_we(code_we), .code_addr(code_addr), .code_wdata(code_wdata),
    .code_rdata(code_rdata),
    .data_en(data_en), .data_we(data_we), .data_addr(data_addr), .data_wdata(data_wdata),
    .data_rdata(data_rdata),
    .wb_cyc(wb_cyc), .wb_stb(wb_stb), .wb_we(wb_we), .wb_adr(wb_adr), .wb_sel(wb_sel),
    .wb_dat_i(wb_dat_i), .wb_dat_o(wb_dat_o), .wb_ack(wb_ack),
    .held(held), .idle(idle), .trap_valid(trap_valid), .trap_kind(trap_kind),
    .trap_slot(trap_slot), .trap_imm(trap_imm),
    .ret_valid(ret_valid), .ret_order(ret_order), .ret_event(ret_event), .ret_slot(ret_slot),
    .ret_insn(ret_insn), .ret_ext(ret_ext), .ret_ext_valid(ret_ext_valid), .ret_pc(ret_pc),
    .ret_next_pc(ret_next_pc), .ret_sp(ret_sp), .ret_depth(ret_depth), .ret_psw(ret_psw),
    .ret_rd_we(ret_rd_we), .ret_rd(ret_rd), .ret_rd_value(ret_rd_value), .ret_r15_we(ret_r15_we),
    .ret_mem_re(ret_mem_re), .ret_mem_we(ret_mem_we), .ret_mem_width(ret_mem_width),
    .ret_mem_addr(ret_mem_addr), .ret_mem_value(ret_mem_value),
    .ret_turn_first(ret_turn_first), .ret_turn_rotate(ret_turn_rotate)
  );
endmodule

`default_nettype wire
