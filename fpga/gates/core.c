// SPDX-License-Identifier: Apache-2.0
/* The netlist as hsx_core of a simulator (netlist.py's NAME_core.sv), in the first lane. One
 * process may have several, one after the other. */
#include "gates.h"

void hsx_gates_begin(void);
void hsx_gates_clock(void);
void hsx_gates_settle(const uint32_t *inputs, unsigned char clocks, uint32_t *outputs);

void hsx_gates_begin(void)
{
    gates_begin();
}

void hsx_gates_clock(void)
{
    gates_clock(1);
}

/* `clocks` is there so that it is called again behind each clock. */
void hsx_gates_settle(const uint32_t *inputs, unsigned char clocks, uint32_t *outputs)
{
    (void)clocks;
    for (int i = 0; i < gates_input_count; i++) {
        gates_nets[gates_inputs[i]] = inputs[i / 32] >> i % 32 & 1;
    }
    gates_evaluate(gates_nets);
    for (int i = 0; i < gates_output_count; i++) {
        uint32_t bit = (uint32_t)(gates_nets[gates_outputs[i]] & 1) << i % 32;

        outputs[i / 32] = i % 32 == 0 ? bit : outputs[i / 32] | bit;
    }
}
