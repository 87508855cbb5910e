// SPDX-License-Identifier: Apache-2.0
/*
 * The newest records of a VM that runs without records.
 *
 * They are made when they are asked for: the machine is put back to a state that was
 * kept, and all calls that changed it since are repeated, now with records. A repeated
 * machine does the same, so it ends where it was. States are kept every half million
 * events; two of them with the calls since, so that enough events lie behind.
 */
#ifndef HSX_VM_RECALL_H
#define HSX_VM_RECALL_H

#include <hsx/vm.h>

struct recall;

/* NULL: the host is out of memory. vm must outlive it and be as it was created. */
struct recall *recall_create(struct hsx_vm *vm, unsigned contexts);
void recall_destroy(struct recall *r);

/* hsx_vm_run of a tally that recall_newest is to know of. */
enum hsx_status recall_run(struct recall *r, struct hsx_run *run);

/* Runs that are not to be repeated follow. */
void recall_stop(struct recall *r);
/* Before each call that changes the machine and hands it len bytes, code excepted. */
enum hsx_status recall_prepare(struct recall *r, size_t len);
/* Before code changes: what was run with the code as it is now becomes records. */
enum hsx_status recall_before_code(struct recall *r);
/* Order numbers start anew: all records are forgotten. */
void recall_forget(struct recall *r);

/* What has changed the machine. */
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
