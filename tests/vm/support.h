// SPDX-License-Identifier: Apache-2.0
/* A machine with one image and tasks on it, for tests of libhsxvm. */
#ifndef HSX_TEST_VM_SUPPORT_H
#define HSX_TEST_VM_SUPPORT_H

#include "../words.h"
#include <criterion/criterion.h>
#include <hsx/vm.h>
#include <stdio.h>

/* A machine without ticks. */
struct hsx_vm *new_vm(unsigned contexts);

/* A context like one made by the executive for the slot: its window and stack, code at 0
 * of length code_len, no data segment, no protection. */
struct hsx_context fresh_context(uint8_t slot, uint32_t code_len);

/* Writes count words at 0 and makes slots 0 .. tasks - 1 ready on them. */
void load(struct hsx_vm *vm, const uint32_t *words, size_t count, unsigned tasks);
#define LOAD(vm, tasks, ...)                                                                       \
    load((vm), (const uint32_t[]){__VA_ARGS__},                                                    \
         sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), (tasks))

void put_context(struct hsx_vm *vm, uint8_t slot, const struct hsx_context *ctx);
struct hsx_context get_context(const struct hsx_vm *vm, uint8_t slot);

uint32_t get_word(struct hsx_vm *vm, uint32_t addr);
void put_word(struct hsx_vm *vm, uint32_t addr, uint32_t value);
/* A register of a task, in its window. */
uint32_t get_reg(struct hsx_vm *vm, uint8_t slot, unsigned index);
void put_reg(struct hsx_vm *vm, uint8_t slot, unsigned index, uint32_t value);

/* Random numbers, the same for the same seed. */
struct dice {
    uint64_t state;
};
uint32_t roll(struct dice *dice);

/* Compares memory, contexts of slots 0 .. tasks - 1, queue and totals; a difference is
 * reported with seed. */
void expect_same(struct hsx_vm *a, struct hsx_vm *b, unsigned tasks, uint64_t seed);

/* One step, which must be possible. */
struct hsx_record step(struct hsx_vm *vm, enum hsx_stop *reason);
/* One step that must end with this reason. */
struct hsx_record step_to(struct hsx_vm *vm, enum hsx_stop reason);

/* The next step must fault with code and change nothing but R0 and the state. */
void expect_fault(struct hsx_vm *vm, uint8_t slot, uint32_t code, const char *what);
/* The next step must retire. */
void expect_retires(struct hsx_vm *vm, uint8_t slot, const char *what);

#endif
