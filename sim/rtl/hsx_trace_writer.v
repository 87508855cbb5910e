// SPDX-License-Identifier: Apache-2.0
// Writes a text trace (docs/trace.md) of a core in any simulator, from the core's
// retirement port and the accesses of its host. `hsx trace check FILE` then repeats the
// run on the C model, with the host's accesses in their places.
//
// Guarantees: one line for each event, as it is shown, and one for each access that
// changes memories, contexts, queue or order number. Nothing is driven, so the
// instance may stay where it is synthesised: it vanishes. The file is whole whenever the
// simulation ends.
//
// Timing: sampled at the rising edge. Connect the signals that the core itself has.
`include "hsx_retire.vh"
`default_nettype none

module hsx_trace_writer #(
  parameter FILE     = "trace.jsonl",
  parameter CONTEXTS = 16,      // as the core's
  parameter WINDOWS  = CONTEXTS // as the core's
) (
  input wire        clk,
  input wire        rst,
  input wire        held,
  input wire        wb_cyc,
  input wire        wb_stb,
  input wire        wb_we,
  input wire [19:2] wb_adr,
  input wire [3:0]  wb_sel,
  input wire [31:0] wb_dat_i,
  input wire [31:0] wb_dat_o,
  input wire        wb_ack,
  `HSX_RET_INPUTS
);
  // synthesis translate_off
  localparam [19:2] QUEUE_POP = 18'hC00D; // 0x30034 / 4

  integer    file;
  reg [63:0] cycle;

  initial begin
    file = $fopen(FILE, "w");
    if (file == 0)
      $display("hsx_trace_writer: %0s cannot be written", FILE);
    else
      $fwrite(file, "{\"format\":\"hsx.trace/1\",\"tool\":\"hsx_trace_writer\",\"target\":\"rtl\",\"host\":\"recorded\",\"core\":{\"contexts\":%0d,\"windows\":%0d}}\n",
              CONTEXTS, WINDOWS);
  end

  always @(posedge clk)
    cycle <= rst ? 64'd0 : cycle + 64'd1;

  // Outside the control registers an access counts while the core is held.
  wire access = wb_cyc && wb_stb && wb_ack && held && !rst;

  always @(posedge clk)
    if (file != 0 && access && (wb_we || wb_adr == QUEUE_POP)) begin
      if (wb_we)
        $fwrite(file, "{\"event\":\"host\",\"op\":\"write\",\"value\":%0d", wb_dat_i);
      else
        $fwrite(file, "{\"event\":\"host\",\"op\":\"read\",\"value\":%0d", wb_dat_o);
      $fwrite(file, ",\"address\":%0d,\"select\":%0d,\"cycle\":%0d}\n", {wb_adr, 2'b00}, wb_sel,
              cycle);
    end

  always @(posedge clk)
    if (file != 0 && ret_valid && !rst) begin
      if (ret_event == 3'd5)
        $fwrite(file, "{\"seq\":%0d,\"pid\":0,\"event\":\"tick\"", ret_order);
      else begin
        $fwrite(file, "{\"seq\":%0d,\"pid\":%0d,\"slot\":%0d,\"pc\":%0d,\"opcode\":%0d",
                ret_order, {24'd0, ret_slot} + 32'd1, ret_slot, ret_pc, ret_insn);
        if (ret_ext_valid)
          $fwrite(file, ",\"ext\":%0d", ret_ext);
        $fwrite(file, ",\"next_pc\":%0d,\"flags\":%0d,\"sp\":%0d,\"call_depth\":%0d,\"r15\":%0d",
                ret_next_pc, ret_psw, ret_sp, ret_depth, ret_r15_we);
        if (ret_rd_we)
          $fwrite(file, ",\"rd\":%0d,\"rd_value\":%0d", ret_rd, ret_rd_value);
        if (ret_mem_we)
          $fwrite(file, ",\"mem_access\":{\"op\":\"write\"");
        else if (ret_mem_re)
          $fwrite(file, ",\"mem_access\":{\"op\":\"read\"");
        else
          $fwrite(file, ",\"mem_access\":null");
        if (ret_mem_re || ret_mem_we)
          $fwrite(file, ",\"address\":%0d,\"width\":%0d,\"value\":%0d}", ret_mem_addr,
                  ret_mem_width, ret_mem_value);
        $fwrite(file, ",\"turn_first\":%0d,\"turn_rotate\":%0d", ret_turn_first, ret_turn_rotate);
        case (ret_event)
          3'd0:    $fwrite(file, ",\"event\":\"retire\"");
          3'd1:    $fwrite(file, ",\"event\":\"fault\"");
          3'd2:    $fwrite(file, ",\"event\":\"return\"");
          3'd3:    $fwrite(file, ",\"event\":\"svc\"");
          default: $fwrite(file, ",\"event\":\"brk\"");
        endcase
      end
      $fwrite(file, ",\"cycle\":%0d}\n", cycle);
    end
  // synthesis translate_on
endmodule

`default_nettype wire
