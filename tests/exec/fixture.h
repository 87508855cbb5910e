// SPDX-License-Identifier: Apache-2.0
/* One executive on one C VM for a test, and programs given as MVASM text. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <hsx/exec.h>

struct fixture {
    struct hsx_target *target;
    struct hsx_exec *exec;
    char said[1 << 12]; /* output of all tasks, as a string */
    size_t said_len;
    uint32_t can_pid;
    uint16_t can_id;
    uint8_t can_bytes[8];
    size_t can_len, can_count;
};

/* config NULL: the defaults. The fixture is the executive's host. */
void fx_open(struct fixture *fx, const struct hsx_exec_config *config, unsigned contexts);
void fx_close(struct fixture *fx);

struct fx_image {
    const char *source;
    unsigned version; /* 0: 1 */
    const char *name; /* version 2 */
};

/* A .hxe file in memory, to be freed. */
uint8_t *fx_assemble(const struct fx_image *image, size_t *size);
/* Version 2, several instances allowed (header flag bit 1). */
uint8_t *fx_assemble_multiple(const struct fx_image *image, size_t *size);

/* Load a version 1 image; the load must succeed. */
uint32_t fx_load(struct fixture *fx, const char *source);
enum hsx_status fx_try_load(struct fixture *fx, const char *source, uint32_t stack_bytes,
                            uint32_t *pid, struct hsx_exec_error *error);

/* Run at most steps instructions; the executive must not fail. */
enum hsx_run_end fx_run(struct fixture *fx, uint64_t steps);

struct hsx_task_info fx_task(struct fixture *fx, uint32_t pid);
enum hsx_state fx_state(struct fixture *fx, uint32_t pid);
/* A register, read from its window in data memory. */
uint32_t fx_reg(struct fixture *fx, uint32_t pid, unsigned n);
void fx_set_reg(struct fixture *fx, uint32_t pid, unsigned n, uint32_t value);
void fx_read(struct fixture *fx, uint32_t addr, void *bytes, size_t len);
uint32_t fx_word(struct fixture *fx, uint32_t addr);

/* Whether all fields are equal; memcmp would compare what lies between them, too. */
bool fx_same_tasks(const struct hsx_task_info *a, const struct hsx_task_info *b, size_t count);
bool fx_same_boxes(const struct hsx_mbox_info *a, const struct hsx_mbox_info *b, size_t count);
bool fx_same_stats(const struct hsx_exec_stats *a, const struct hsx_exec_stats *b);

#endif
