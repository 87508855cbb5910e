/*
 * The HSX core: a barrel processor whose tasks' registers live in data memory.
 *
 * Guarantees: events retire in the order of contract section 5, whatever the
 * pipeline depth; every fault is precise; while `held` is high nothing is in
 * flight and the host port may read and write memories, contexts and queue.
 *
 * Timing: one clock, synchronous active-high reset. Both memory ports are
 * synchronous: read data belong to the enabled address of the cycle before and
 * stay until the next enable. The retirement port shows at most one event a
 * cycle, valid in the cycle in which ret_valid is high; the event that holds
 * the core is shown no later than the first cycle of `held`.
 */
`default_nettype none

module hsx_core #(
    parameter CONTEXTS   = 16,       // slots of the context table, 1 .. 128
    parameter WINDOWS    = CONTEXTS, // register windows in the core, from 0x1000 up, 1 .. 192
    parameter HAS_MULDIV = 1,        // 0: MUL and DIV raise ILLEGAL_OPCODE
    parameter HAS_FP16   = 1         // 0: opcodes 50..55 raise ILLEGAL_OPCODE
) (
    input  wire        clk,
    input  wire        rst,

    // code memory, 16384 words
    output wire        code_en,
    output wire        code_we,
    output wire [13:0] code_addr,
    output wire [31:0] code_wdata,
    input  wire [31:0] code_rdata,

    // data memory but for the windows, 16384 little-endian words
    output wire        data_en,
    output wire [3:0]  data_we,
    output wire [13:0] data_addr,
    output wire [31:0] data_wdata,
    input  wire [31:0] data_rdata,

    // host: Wishbone B4, classic standard cycles
    input  wire        wb_cyc,
    input  wire        wb_stb,
    input  wire        wb_we,
    input  wire [19:2] wb_adr,
    input  wire [3:0]  wb_sel,
    input  wire [31:0] wb_dat_i,
    output wire [31:0] wb_dat_o,
    output wire        wb_ack,

    // traps: level, until the host lets the core go on
    output wire        held,
    output wire        idle,
    output wire        trap_valid,
    output wire [2:0]  trap_kind, // 0 svc, 1 brk, 2 fault, 3 return, 4 alarm
    output wire [7:0]  trap_slot,
    output wire [11:0] trap_imm,

    // retirement, one event a cycle; fields that do not apply are 0
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
    assign code_en = 1'b0;
    assign code_we = 1'b0;
    assign code_addr = 14'd0;
    assign code_wdata = 32'd0;
    assign data_en = 1'b0;
    assign data_we = 4'd0;
    assign data_addr = 14'd0;
    assign data_wdata = 32'd0;
    assign wb_dat_o = 32'd0;
    assign wb_ack = wb_cyc && wb_stb;
    assign held = 1'b1;
    assign idle = 1'b1;
    assign trap_valid = 1'b0;
    assign trap_kind = 3'd0;
    assign trap_slot = 8'd0;
    assign trap_imm = 12'd0;
    assign ret_valid = 1'b0;
    assign ret_order = 32'd0;
    assign ret_event = 3'd0;
    assign ret_slot = 8'd0;
    assign ret_insn = 32'd0;
    assign ret_ext = 32'd0;
    assign ret_ext_valid = 1'b0;
    assign ret_pc = 16'd0;
    assign ret_next_pc = 16'd0;
    assign ret_sp = 16'd0;
    assign ret_depth = 16'd0;
    assign ret_psw = 4'd0;
    assign ret_rd_we = 1'b0;
    assign ret_rd = 4'd0;
    assign ret_rd_value = 32'd0;
    assign ret_r15_we = 1'b0;
    assign ret_mem_re = 1'b0;
    assign ret_mem_we = 1'b0;
    assign ret_mem_width = 3'd0;
    assign ret_mem_addr = 16'd0;
    assign ret_mem_value = 32'd0;
    assign ret_turn_first = 1'b0;
    assign ret_turn_rotate = 1'b0;
endmodule

`default_nettype wire
