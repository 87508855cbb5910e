#include <hsx/isa.h>

const struct hsx_insn_info hsx_insn_table[256] = {
#define HSX_INSN(opcode, name, operands, flags, faults, effect)                                    \
    [opcode] = {#name, effect, HSX_OPND_##operands, HSX_FLAGS_##flags, faults},
#include "../isa.def"
#undef HSX_INSN
};
