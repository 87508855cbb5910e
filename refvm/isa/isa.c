// SPDX-License-Identifier: Apache-2.0
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <hsx/svc.h>

const struct hsx_insn_info hsx_insn_table[256] = {
#define HSX_INSN(opcode, name, operands, flags, faults, effect)                                    \
    [opcode] = {#name, effect, HSX_OPND_##operands, HSX_FLAGS_##flags, faults},
#include <hsx/isa.def>
#undef HSX_INSN
};

enum { FIELD_RD = 0xF << 20, FIELD_RS1 = 0xF << 16, FIELD_RS2 = 0xF << 12, FIELD_IMM = 0xFFF };

unsigned hsx_insn_unit(enum hsx_opcode opcode)
{
    switch (opcode) {
    case HSX_OP_MUL:
    case HSX_OP_DIV:
        return HSX_UNIT_MULDIV;
    case HSX_OP_FADD:
    case HSX_OP_FSUB:
    case HSX_OP_FMUL:
    case HSX_OP_FDIV:
    case HSX_OP_I2F:
    case HSX_OP_F2I:
        return HSX_UNIT_FP16;
    default:
        return 0;
    }
}

uint32_t hsx_insn_fields(enum hsx_operands operands)
{
    switch (operands) {
    case HSX_OPND_NONE:
        return 0;
    case HSX_OPND_RD:
    case HSX_OPND_RD_WORD:
        return FIELD_RD;
    case HSX_OPND_RS1:
        return FIELD_RS1;
    case HSX_OPND_RD_RS1:
        return FIELD_RD | FIELD_RS1;
    case HSX_OPND_RS1_RS2:
        return FIELD_RS1 | FIELD_RS2;
    case HSX_OPND_RD_RS1_RS2:
        return FIELD_RD | FIELD_RS1 | FIELD_RS2;
    case HSX_OPND_RD_SIMM:
        return FIELD_RD | FIELD_IMM;
    case HSX_OPND_RD_MEM:
        return FIELD_RD | FIELD_RS1 | FIELD_IMM;
    case HSX_OPND_MEM_RS2:
        return FIELD_RS1 | FIELD_RS2 | FIELD_IMM;
    case HSX_OPND_CALL:
        return FIELD_RS1 | FIELD_IMM;
    case HSX_OPND_TARGET:
    case HSX_OPND_SVC:
        return FIELD_IMM;
    case HSX_OPND_BRK:
        return 0xFF;
    }
    return 0;
}

bool hsx_insn_writes_rd(enum hsx_operands operands)
{
    return (hsx_insn_fields(operands) & FIELD_RD) != 0;
}

const char *hsx_fault_name(uint32_t code)
{
    switch (code) {
    case HSX_FAULT_STACK_UNDERFLOW:
        return "STACK_UNDERFLOW";
    case HSX_FAULT_STACK_OVERFLOW:
        return "STACK_OVERFLOW";
    case HSX_FAULT_MEM:
        return "MEM_FAULT";
    case HSX_FAULT_DIV_ZERO:
        return "DIV_ZERO";
    case HSX_FAULT_ILLEGAL_OPCODE:
        return "ILLEGAL_OPCODE";
    case HSX_FAULT_CODE:
        return "CODE_FAULT";
    default:
        return "unknown fault";
    }
}

const char *hsx_event_name(unsigned event)
{
    static const char *const names[] = {
        [HSX_EV_RETIRE] = "retire",     [HSX_EV_FAULT] = "fault",       [HSX_EV_RETURN] = "return",
        [HSX_EV_SVC] = "svc",           [HSX_EV_BRK] = "brk",           [HSX_EV_TICK] = "tick",
        [HSX_EV_COMPLETE] = "complete", [HSX_EV_EXTERNAL] = "external",
    };

    return event < sizeof names / sizeof names[0] ? names[event] : "unknown event";
}

const char *hsx_svc_name(unsigned number)
{
    switch (number) {
#define HSX_SVC(module, function, NAME, call, in, r0, pointer)                                     \
    case (module) << 8 | (function):                                                               \
        return call;
#include <hsx/svc.def>
    default:
        return "SVC";
    }
}

void hsx_psw_text(uint8_t psw, char text[HSX_PSW_TEXT])
{
    static const char letters[] = "ZCNV";

    for (unsigned i = 0; i < 4; i++) {
        text[i] = '.';
        if ((psw >> i & 1) != 0) {
            text[i] = letters[i];
        }
    }
    text[4] = '\0';
}
