// SPDX-License-Identifier: Apache-2.0
/*
 * The least that a host does with the core's Wishbone port (docs/integration.md),
 * over two functions that make one access each. Addresses and contexts are those
 * of <hsx/host_map.h> and <hsx/machine.h>. Everything but hsx_host_wait needs a held
 * core, as it is after reset.
 */
#ifndef HSX_EXAMPLE_HOST_H
#define HSX_EXAMPLE_HOST_H

#include <hsx/machine.h>

/* One 32-bit access, all bytes enabled, that returns when wb_ack came. */
struct hsx_host {
    void *ctx;
    uint32_t (*read)(void *ctx, uint32_t addr);
    void (*write)(void *ctx, uint32_t addr, uint32_t value);
};

/* words: count instruction words for byte address addr of code memory, 4-aligned. */
void hsx_host_load_code(const struct hsx_host *host, uint32_t addr, const uint32_t *words,
                        size_t count);

/* Writes the task's registers and context and puts it at the tail of the queue. */
void hsx_host_start(const struct hsx_host *host, uint8_t slot, const struct hsx_context *ctx,
                    const uint32_t regs[HSX_REGISTERS]);

/* A register of a task is a word of data memory. */
uint32_t hsx_host_read_reg(const struct hsx_host *host, uint16_t reg_base, unsigned n);
void hsx_host_write_reg(const struct hsx_host *host, uint16_t reg_base, unsigned n, uint32_t value);

/* A task that is TRAPPED or PAUSED goes on, behind those that are READY. */
void hsx_host_resume(const struct hsx_host *host, uint8_t slot);

/* Let the core run. hold_mask: the causes (1u << enum hsx_stop) that hold it. */
void hsx_host_go(const struct hsx_host *host, uint32_t hold_mask);

/* Wait until the core is held; *slot is the task that was the cause, if one was. */
enum hsx_stop hsx_host_wait(const struct hsx_host *host, uint8_t *slot);

#endif
