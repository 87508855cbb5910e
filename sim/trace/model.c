// SPDX-License-Identifier: Apache-2.0
#include "model.h"
#include <hsx/isa.h>

/* PUSH stores rs1, the stores rs2; CALL the address behind itself. */
static uint32_t stored(const struct model *m, const struct hsx_record *p)
{
    unsigned source = HSX_INSN_RS2(p->insn);

    switch (hsx_insn_table[HSX_INSN_OPCODE(p->insn)].operands) {
    case HSX_OPND_CALL:
        return (uint16_t)(p->pc + 4);
    case HSX_OPND_RS1:
        source = HSX_INSN_RS1(p->insn);
        break;
    default:
        break;
    }
    return model_load(m->image, m->tasks[p->slot].reg_base + 4u * source,
                      p->access & HSX_ACC_WIDTH);
}

uint32_t model_data(const struct model *m, const struct hsx_record *p)
{
    return p->access & HSX_ACC_READ ? model_load(m->image, p->mem_addr, p->access & HSX_ACC_WIDTH)
                                    : stored(m, p);
}
