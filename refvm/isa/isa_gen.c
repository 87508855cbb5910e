// SPDX-License-Identifier: Apache-2.0
/*
 * Prints what is generated from refvm/include/hsx/isa.def and the numbers of hsx/machine.h: the
 * Verilog header rtl/hsx_isa.vh or the instruction page docs/isa.md.
 */
#include "made_file.h"

#include <hsx/isa.h>
#include <hsx/machine.h>
#include <stdio.h>

struct fact {
    const char *name;
    unsigned width;
    uint32_t value;
};

/* clang-format off */
#define FACT(width, name) {#name, width, (uint32_t)(name)}

static const struct fact facts[] = {
    FACT(32, HSX_ENOSYS),
    FACT(32, HSX_FAULT_STACK_UNDERFLOW), FACT(32, HSX_FAULT_STACK_OVERFLOW),
    FACT(32, HSX_FAULT_MEM), FACT(32, HSX_FAULT_DIV_ZERO),
    FACT(32, HSX_FAULT_ILLEGAL_OPCODE), FACT(32, HSX_FAULT_CODE),

    FACT(4, HSX_FREE), FACT(4, HSX_READY), FACT(4, HSX_RUNNING), FACT(4, HSX_TRAPPED),
    FACT(4, HSX_WAIT_MBX), FACT(4, HSX_SLEEP), FACT(4, HSX_PAUSED), FACT(4, HSX_RETURNED),
    FACT(4, HSX_EXITED), FACT(4, HSX_FAULTED),

    FACT(3, HSX_EV_RETIRE), FACT(3, HSX_EV_FAULT), FACT(3, HSX_EV_RETURN), FACT(3, HSX_EV_SVC),
    FACT(3, HSX_EV_BRK), FACT(3, HSX_EV_TICK), FACT(3, HSX_EV_COMPLETE), FACT(3, HSX_EV_EXTERNAL),

    FACT(4, HSX_STOP_STEPS), FACT(4, HSX_STOP_RECORDS), FACT(4, HSX_STOP_SVC),
    FACT(4, HSX_STOP_BRK), FACT(4, HSX_STOP_FAULT), FACT(4, HSX_STOP_RETURN),
    FACT(4, HSX_STOP_ALARM), FACT(4, HSX_STOP_IDLE),

    FACT(4, HSX_PSW_Z), FACT(4, HSX_PSW_C), FACT(4, HSX_PSW_N), FACT(4, HSX_PSW_V),

    FACT(2, HSX_CTX_PROTECT), FACT(2, HSX_CTX_CALL_WORDS),

    FACT(16, HSX_SHARED_PAGE), FACT(16, HSX_WINDOW_START), FACT(16, HSX_WINDOW_END),
    FACT(16, HSX_DATA_LINK)
};
/* clang-format on */

/* Contract section 3. */
static const struct {
    uint32_t code;
    const char *name;
    const char *raised_by;
} faults[] = {
    {HSX_FAULT_STACK_UNDERFLOW, "STACK_UNDERFLOW", "POP, RET when sp + 4 > stack_top"},
    {HSX_FAULT_STACK_OVERFLOW, "STACK_OVERFLOW", "PUSH, CALL when sp - 4 < stack_limit"},
    {HSX_FAULT_MEM, "MEM_FAULT", "an access past 0xFFFF, or not allowed under protection"},
    {HSX_FAULT_DIV_ZERO, "DIV_ZERO", "DIV by 0"},
    {HSX_FAULT_ILLEGAL_OPCODE, "ILLEGAL_OPCODE",
     "an opcode that is not in the table, or of a unit that the machine is built without"},
    {HSX_FAULT_CODE, "CODE_FAULT",
     "a fetch with pc misaligned or pc + 4 (LDI32: pc + 8) > code_len; RET of a word above "
     "0xFFFF"}};

static const char *const psw_bits[] = {"Z", "C", "N", "V"};

static void print_verilog(FILE *out)
{
    fprintf(out, "// SPDX-License-Identifier: Apache-2.0\n"
                 "// Made from refvm/include/hsx/isa.def and refvm/include/hsx/machine.h by "
                 "isa_gen; the build\n"
                 "// target isa-files makes it anew, a test fails when it is stale.\n"
                 "`ifndef HSX_ISA_VH\n`define HSX_ISA_VH\n\n"
                 "// Fields of an instruction word, to be used as a part select.\n"
                 "`define HSX_FIELD_OPCODE 31:24\n`define HSX_FIELD_RD 23:20\n"
                 "`define HSX_FIELD_RS1 19:16\n`define HSX_FIELD_RS2 15:12\n"
                 "`define HSX_FIELD_IMM 11:0\n`define HSX_FIELD_IMM_SIGN 11\n\n"
                 "// Opcodes.\n");
    for (unsigned op = 0; op < 256; op++) {
        if (hsx_insn_table[op].name != NULL)
            fprintf(out, "`define HSX_OP_%s 8'h%02X\n", hsx_insn_table[op].name, op);
    }
    fprintf(out, "\n// Bit numbers of the psw.\n");
    for (unsigned bit = 0; bit < 4; bit++)
        fprintf(out, "`define HSX_PSW_%s_BIT %u\n", psw_bits[bit], bit);
    fprintf(out, "\n// Numbers of refvm/include/hsx/machine.h.\n");
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        fprintf(out, "`define %s %u'h%0*X\n", facts[i].name, facts[i].width,
                (int)(facts[i].width + 3) / 4, (unsigned)facts[i].value);
    fprintf(out, "\n`endif\n");
}

static const char *operand_text(uint8_t operands)
{
    switch ((enum hsx_operands)operands) {
    case HSX_OPND_NONE:
        return "";
    case HSX_OPND_RD:
        return "rd";
    case HSX_OPND_RS1:
        return "rs1";
    case HSX_OPND_RD_RS1:
        return "rd, rs1";
    case HSX_OPND_RS1_RS2:
        return "rs1, rs2";
    case HSX_OPND_RD_RS1_RS2:
        return "rd, rs1, rs2";
    case HSX_OPND_RD_SIMM:
        return "rd, simm";
    case HSX_OPND_RD_WORD:
        return "rd, word";
    case HSX_OPND_RD_MEM:
        return "rd, [rs1+simm]";
    case HSX_OPND_MEM_RS2:
        return "[rs1+simm], rs2";
    case HSX_OPND_TARGET:
        return "imm";
    case HSX_OPND_CALL:
        return "[rs1,] simm";
    case HSX_OPND_SVC:
    case HSX_OPND_BRK:
        return "imm";
    }
    return "";
}

static const char *flags_text(uint8_t rule)
{
    switch ((enum hsx_flag_rule)rule) {
    case HSX_FLAGS_NONE:
        return "-";
    case HSX_FLAGS_ARITH:
        return "Z C N V";
    case HSX_FLAGS_LOGIC:
        return "Z N; C = V = 0";
    case HSX_FLAGS_MUL:
        return "Z N; C = V = high half nonzero";
    case HSX_FLAGS_SHIFT:
        return "Z N; V = 0; C = last bit out";
    }
    return "";
}

static void print_faults(FILE *out, uint8_t raises)
{
    static const struct {
        uint8_t bit;
        const char *name;
    } names[] = {{HSX_RAISES_UNDERFLOW, "STACK_UNDERFLOW"},
                 {HSX_RAISES_OVERFLOW, "STACK_OVERFLOW"},
                 {HSX_RAISES_MEM, "MEM_FAULT"},
                 {HSX_RAISES_DIV, "DIV_ZERO"},
                 {HSX_RAISES_CODE, "CODE_FAULT"}};
    const char *separator = "";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (raises & names[i].bit) {
            fprintf(out, "%s%s", separator, names[i].name);
            separator = ", ";
        }
    }
    if (raises == 0)
        fprintf(out, "-");
}

/* "|" would end a table cell. */
static void print_cell(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fprintf(out, "%s%c", *text == '|' ? "\\" : "", *text);
}

static void print_page(FILE *out)
{
    fprintf(
        out,
        "# Instructions\n\n"
        "This page is generated from `refvm/include/hsx/isa.def` by the build target `isa-files`;\n"
        "a test fails when it is stale.\n\n"
        "An instruction is one 32-bit word:\n\n"
        "| 31..24 | 23..20 | 19..16 | 15..12 | 11..0 |\n|---|---|---|---|---|\n"
        "| opcode | rd | rs1 | rs2 | imm |\n\n"
        "simm is imm sign-extended. Unused fields are ignored. The next pc is pc + 4, for LDI32,\n"
        "whose second word is its operand, pc + 8.\n\n"
        "Every fetch raises CODE_FAULT when pc is misaligned or the instruction passes code_len,\n"
        "and every opcode that is not listed raises ILLEGAL_OPCODE; the table lists the\n"
        "other faults of each instruction. A core may be built without MUL and DIV, or without\n"
        "the six binary16 instructions (opcodes 50 to 55), which then raise ILLEGAL_OPCODE. C\n"
        "after SUB, SBC and CMP is \"no borrow\". The C of a shift by 0 is unchanged.\n\n"
        "| opcode | name | operands | effect | flags | faults |\n|---|---|---|---|---|---|\n");
    for (unsigned op = 0; op < 256; op++) {
        const struct hsx_insn_info *info = &hsx_insn_table[op];
        if (info->name == NULL)
            continue;
        fprintf(out, "| %02X | %s | %s | ", op, info->name, operand_text(info->operands));
        print_cell(out, info->effect);
        fprintf(out, " | %s | ", flags_text(info->flags));
        print_faults(out, info->faults);
        fprintf(out, " |\n");
    }
    fprintf(out, "\n## Fault codes\n\nThe code is left in R0 of the task that raised it.\n\n"
                 "| code | name | raised by |\n|---|---|---|\n");
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        fprintf(out, "| 0x%08X | %s | %s |\n", (unsigned)faults[i].code, faults[i].name,
                faults[i].raised_by);
}

int main(int argc, char **argv)
{
    static const struct made_file kinds[] = {{"verilog", print_verilog}, {"page", print_page}};

    return made_file_main(argc, argv, kinds, sizeof kinds / sizeof kinds[0]);
}
