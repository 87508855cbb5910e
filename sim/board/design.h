// SPDX-License-Identifier: Apache-2.0
/* The Verilated system of fpga/soc: its clock, and the pins that hsx-board-sim has a use for. */
#ifndef HSX_BOARD_DESIGN_H
#define HSX_BOARD_DESIGN_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct design;

/* NULL: no memory. */
struct design *design_create(void);
void design_destroy(struct design *design);

/* One clock with these inputs. */
void design_clock(struct design *design, bool rst, bool uart_rx);

/* Outputs after it. */
bool design_uart_tx(const struct design *design);
unsigned design_leds(const struct design *design);

#ifdef __cplusplus
}
#endif

#endif
