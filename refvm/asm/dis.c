// SPDX-License-Identifier: Apache-2.0
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <inttypes.h>
#include <stdio.h>

static void print_operands(enum hsx_operands operands, uint32_t word, uint32_t ext, char *text,
                           size_t size)
{
    unsigned rd = HSX_INSN_RD(word);
    unsigned rs1 = HSX_INSN_RS1(word);
    unsigned rs2 = HSX_INSN_RS2(word);
    unsigned imm = HSX_INSN_IMM(word);
    int simm = (int)HSX_INSN_SIMM(word);

    switch (operands) {
    case HSX_OPND_NONE:
        text[0] = '\0';
        break;
    case HSX_OPND_RD:
        snprintf(text, size, " R%u", rd);
        break;
    case HSX_OPND_RS1:
        snprintf(text, size, " R%u", rs1);
        break;
    case HSX_OPND_RD_RS1:
        snprintf(text, size, " R%u, R%u", rd, rs1);
        break;
    case HSX_OPND_RS1_RS2:
        snprintf(text, size, " R%u, R%u", rs1, rs2);
        break;
    case HSX_OPND_RD_RS1_RS2:
        snprintf(text, size, " R%u, R%u, R%u", rd, rs1, rs2);
        break;
    case HSX_OPND_RD_SIMM:
        snprintf(text, size, " R%u, %d", rd, simm);
        break;
    case HSX_OPND_RD_WORD:
        snprintf(text, size, " R%u, 0x%" PRIX32, rd, ext);
        break;
    case HSX_OPND_RD_MEM:
        snprintf(text, size, " R%u, [R%u%+d]", rd, rs1, simm);
        break;
    case HSX_OPND_MEM_RS2:
        snprintf(text, size, " [R%u%+d], R%u", rs1, simm, rs2);
        break;
    case HSX_OPND_TARGET:
        snprintf(text, size, " 0x%X", imm);
        break;
    case HSX_OPND_CALL:
        if (rs1 == 0) {
            snprintf(text, size, " %d", simm);
        } else {
            snprintf(text, size, " R%u, %d", rs1, simm);
        }
        break;
    case HSX_OPND_SVC:
        snprintf(text, size, " MOD=0x%X, FN=0x%X", imm >> 8, imm & 0xFF);
        break;
    case HSX_OPND_BRK:
        snprintf(text, size, " %u", imm);
        break;
    }
}

unsigned hsx_dis(uint32_t word, uint32_t ext, uint16_t pc, bool call_words, char *text, size_t size)
{
    const struct hsx_insn_info *insn = &hsx_insn_table[HSX_INSN_OPCODE(word)];
    enum hsx_operands kind = (enum hsx_operands)insn->operands;
    char operands[HSX_DIS_SIZE];

    if (!insn->name || (word & 0xFFFFFF & ~hsx_insn_fields(kind)) != 0) {
        snprintf(text, size, ".word 0x%08" PRIX32, word);
        return 4;
    }
    print_operands(kind, word, ext, operands, sizeof operands);
    if (kind == HSX_OPND_CALL && HSX_INSN_RS1(word) == 0) {
        int offset = (int)HSX_INSN_SIMM(word) * (call_words ? 4 : 1);

        snprintf(text, size, "%s%s ; 0x%04X", insn->name, operands,
                 (unsigned)(pc + offset) & 0xFFFF);
    } else {
        snprintf(text, size, "%s%s", insn->name, operands);
    }
    return kind == HSX_OPND_RD_WORD ? 8 : 4;
}

void hsx_dis_executed(uint32_t word, uint32_t ext, char *text, size_t size)
{
    const struct hsx_insn_info *insn = &hsx_insn_table[HSX_INSN_OPCODE(word)];
    enum hsx_operands kind = (enum hsx_operands)insn->operands;
    char operands[HSX_DIS_SIZE];

    if (!insn->name) {
        snprintf(text, size, ".word 0x%08" PRIX32, word);
        return;
    }
    print_operands(kind, word, ext, operands, sizeof operands);
    snprintf(text, size, "%s%s", insn->name, operands);
}
