// SPDX-License-Identifier: Apache-2.0
/*
 * The minimum that a host does with the core's Wishbone port (docs/integration.md), using
 * two functions that make one access each. Addresses and contexts are those of
 * <hsx/host_map.h> and <hsx/machine.h>. Everything except hsx_host_wait needs a held
 * core, as it is after reset.
 */
#ifndef HSX_EXAMPLE_HOST_H
#define HSX_EXAMPLE_HOST_H

#include <hsx/machine.h>

/* One 32-bit access with all bytes enabled, which returns after wb_ack. */
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

/* A TRAPPED or PAUSED task continues, after those that are READY. */
void hsx_host_resume(const struct hsx_host *host, uint8_t slot);

/* Let the core run. hold_mask: the causes (1u << enum hsx_stop) that hold it. */
void hsx_host_go(const struct hsx_host *host, uint32_t hold_mask);

/* Wait until the core is held; *slot is the task that was the cause, if one was. */
enum hsx_stop hsx_host_wait(const struct hsx_host *host, uint8_t *slot);

#endif
