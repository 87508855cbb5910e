#include <hsx/isa.h>
#include <hsx/machine.h>

const struct hsx_insn_info hsx_insn_table[256] = {
#define HSX_INSN(opcode, name, operands, flags, faults, effect)                                    \
    [opcode] = {#name, effect, HSX_OPND_##operands, HSX_FLAGS_##flags, faults},
#include "../isa.def"
#undef HSX_INSN
};

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
