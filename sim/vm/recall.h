// SPDX-License-Identifier: Apache-2.0
/*
 * The newest records of a VM that runs without records.
 *
 * They are made on request: the machine is put back to a saved state, and all calls that
 * changed it since then are repeated, now with records. The machine is deterministic, so
 * it ends where it was. A state is saved every half million events; two are kept with the
 * calls since, so that enough events follow.
 */
#ifndef HSX_VM_RECALL_H
#define HSX_VM_RECALL_H

#include <hsx/vm.h>

struct recall;

/* NULL: the host is out of memory. vm must outlive it and must not have been changed
 * since its creation. */
struct recall *recall_create(struct hsx_vm *vm, unsigned contexts);
void recall_destroy(struct recall *r);

/* hsx_vm_run with a tally that recall_newest must be able to repeat. */
enum hsx_status recall_run(struct recall *r, struct hsx_run *run);

/* The following runs need not be repeated. */
void recall_stop(struct recall *r);
/* Called before each call that changes the machine and passes it len bytes, except for code. */
enum hsx_status recall_prepare(struct recall *r, size_t len);
/* Called before code changes: makes records of the runs with the present code. */
enum hsx_status recall_before_code(struct recall *r);
/* Order numbers restart: forgets all records. */
void recall_forget(struct recall *r);

/* Note a call that has changed the machine. */
void recall_note_data(struct recall *r, uint32_t addr, const void *bytes, size_t len);
void recall_note_context(struct recall *r, uint8_t slot, const struct hsx_context *ctx);
void recall_note_state(struct recall *r, uint8_t slot, enum hsx_state state);
void recall_note_ready(struct recall *r, uint8_t slot);
void recall_note_queue(struct recall *r, const uint8_t *slots, size_t count, uint8_t turn_left);
void recall_note_alarm(struct recall *r, bool armed, uint32_t when);
void recall_note_tick_steps(struct recall *r, uint32_t tick_steps);
void recall_note_event(struct recall *r);
void recall_note_jump(struct recall *r, uint32_t now);

/* As struct hsx_target_ops.recall. */
enum hsx_status recall_newest(struct recall *r, struct hsx_record *records, uint64_t *orders,
                              size_t capacity, size_t *count);

#endif
