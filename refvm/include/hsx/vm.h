// SPDX-License-Identifier: Apache-2.0
/*
 * libhsxvm: the C reference model of the HSX machine.
 *
 * A struct hsx_vm is one machine: 64 KiB of code, 64 KiB of data, a context
 * table, the READY queue and the tick. It has no global state; many may exist
 * in one process, each used by one thread at a time. Registers exist only as
 * bytes of the data memory (section 1).
 *
 * Runs have the semantics of struct hsx_target_ops in <hsx/target.h>: same stops, same
 * order.
 */
#ifndef HSX_VM_H
#define HSX_VM_H

#include <hsx/machine.h>
#include <hsx/point.h>
#include <hsx/status.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_vm;

/* contexts: 1 .. HSX_MAX_CONTEXTS. Memories are zero and all slots FREE. The
 * caller owns the machine and destroys it. */
enum hsx_status hsx_vm_create(unsigned contexts, struct hsx_vm **vm);
void hsx_vm_destroy(struct hsx_vm *vm);

/* units: union of the HSX_UNIT_* that the machine has; all after creation. The
 * instructions of missing units raise ILLEGAL_OPCODE. */
enum hsx_status hsx_vm_set_units(struct hsx_vm *vm, unsigned units);

/* Run until a stop (enum hsx_stop). With run->records set, each event makes one record. */
enum hsx_status hsx_vm_run(struct hsx_vm *vm, struct hsx_run *run);

/* Retire exactly one instruction, or make exactly one fault, end or tick; its
 * record is written to *record. reason is HSX_STOP_STEPS when nothing else
 * stopped the machine. */
enum hsx_status hsx_vm_step(struct hsx_vm *vm, struct hsx_record *record, enum hsx_stop *reason);

/* The HSX_DATA_SIZE bytes of data memory, windows included. The caller may
 * read and write them whenever the machine is not running. */
uint8_t *hsx_vm_data(struct hsx_vm *vm);

/* Code as host-order words. Writing discards their predecoded form. */
enum hsx_status hsx_vm_write_code(struct hsx_vm *vm, uint32_t addr, const uint32_t *words,
                                  size_t count);
enum hsx_status hsx_vm_read_code(const struct hsx_vm *vm, uint32_t addr, uint32_t *words,
                                 size_t count);

enum hsx_status hsx_vm_read_context(const struct hsx_vm *vm, uint8_t slot, struct hsx_context *ctx);
enum hsx_status hsx_vm_write_context(struct hsx_vm *vm, uint8_t slot,
                                     const struct hsx_context *ctx);
enum hsx_status hsx_vm_set_state(struct hsx_vm *vm, uint8_t slot, enum hsx_state state);
enum hsx_status hsx_vm_make_ready(struct hsx_vm *vm, uint8_t slot);
enum hsx_status hsx_vm_read_queue(const struct hsx_vm *vm, uint8_t *slots, size_t capacity,
                                  size_t *count, uint8_t *turn_left);
enum hsx_status hsx_vm_write_queue(struct hsx_vm *vm, const uint8_t *slots, size_t count,
                                   uint8_t turn_left);
/* Set the points at which runs with look set end, until the next call. Places refer to tasks
 * and code as they are now. */
enum hsx_status hsx_vm_set_points(struct hsx_vm *vm, const struct hsx_point *points, size_t count);
enum hsx_status hsx_vm_set_alarm(struct hsx_vm *vm, bool armed, uint32_t when);
enum hsx_status hsx_vm_count_event(struct hsx_vm *vm);
enum hsx_status hsx_vm_jump_to(struct hsx_vm *vm, uint32_t now);
enum hsx_status hsx_vm_set_tick_steps(struct hsx_vm *vm, uint32_t tick_steps);
enum hsx_status hsx_vm_read_totals(const struct hsx_vm *vm, struct hsx_totals *totals);
enum hsx_status hsx_vm_write_totals(struct hsx_vm *vm, const struct hsx_totals *totals);

/*
 * The state of a machine at one time, without its code, for going back to it. hsx_vm_mark
 * creates *mark if it is NULL and stores the present state in it; the caller frees it.
 * hsx_vm_go_back needs the same machine with the same code, and may be called more than
 * once.
 */
struct hsx_vm_mark;
enum hsx_status hsx_vm_mark(const struct hsx_vm *vm, struct hsx_vm_mark **mark);
void hsx_vm_go_back(struct hsx_vm *vm, const struct hsx_vm_mark *mark);

#ifdef __cplusplus
}
#endif

#endif
