// SPDX-License-Identifier: Apache-2.0
/* Calls that the library refuses, and that then change nothing. */
#include "support.h"

#include <hsx/isa.h>
#include <hsx/svc.h>
#include <hsx/translate.h>
#include <string.h>

Test(api, a_machine_has_1_to_192_contexts)
{
    struct hsx_vm *vm = NULL;
    cr_expect_eq(hsx_vm_create(0, &vm), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_create(HSX_MAX_CONTEXTS + 1, &vm), HSX_ERR_ARGUMENT);
    cr_expect_null(vm);
    vm = new_vm(HSX_MAX_CONTEXTS);
    cr_expect_eq(get_context(vm, HSX_MAX_CONTEXTS - 1).state, HSX_FREE);
    hsx_vm_destroy(vm);
    hsx_vm_destroy(NULL);
}

Test(api, slots_outside_the_table_are_refused)
{
    struct hsx_vm *vm = new_vm(4);
    struct hsx_context ctx = {0};
    const uint8_t queue[] = {3, 4};
    cr_expect_eq(hsx_vm_read_context(vm, 4, &ctx), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_write_context(vm, 4, &ctx), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_set_state(vm, 4, HSX_READY), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_make_ready(vm, 4), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_write_queue(vm, queue, 2, 0), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_make_ready(vm, 3), HSX_OK);
    hsx_vm_destroy(vm);
}

Test(api, code_outside_the_memory_is_refused)
{
    struct hsx_vm *vm = new_vm(1);
    uint32_t words[2] = {1, 2};
    static const struct {
        uint32_t addr;
        size_t count;
        enum hsx_status status;
    } cases[] = {{0xFFF8, 2, HSX_OK},
                 {0xFFFC, 1, HSX_OK},
                 {0xFFFC, 2, HSX_ERR_ARGUMENT},
                 {0x10000, 0, HSX_OK},
                 {0x10000, 1, HSX_ERR_ARGUMENT},
                 {0x10004, 0, HSX_ERR_ARGUMENT},
                 {2, 1, HSX_ERR_ARGUMENT},
                 {4, SIZE_MAX, HSX_ERR_ARGUMENT},
                 {0xFFFFFFFC, 1, HSX_ERR_ARGUMENT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_eq(hsx_vm_write_code(vm, cases[i].addr, words, cases[i].count), cases[i].status,
                     "write %zu", i);
        cr_expect_eq(hsx_vm_read_code(vm, cases[i].addr, words, cases[i].count), cases[i].status,
                     "read %zu", i);
    }
    hsx_vm_destroy(vm);
}

Test(api, contexts_that_cannot_be_are_refused)
{
    struct hsx_vm *vm = new_vm(1);
    const struct hsx_context good = fresh_context(0, 0x10000);
    struct hsx_context bad[9];
    for (size_t i = 0; i < 9; i++)
        bad[i] = good;
    bad[0].reg_base = 0x1020;
    bad[1].code_base = 2;
    bad[2].code_len = 0x10001;
    bad[3].code_base = 4; /* code_base + code_len past the memory */
    bad[4].data_base = 0x4001;
    bad[5].data_len = 0xC001;
    bad[6].psw = 16;
    bad[7].flags = 4;
    bad[8].state = HSX_FAULTED + 1;
    put_context(vm, 0, &good);
    for (size_t i = 0; i < 9; i++)
        cr_expect_eq(hsx_vm_write_context(vm, 0, &bad[i]), HSX_ERR_ARGUMENT, "%zu", i);
    struct hsx_context got = get_context(vm, 0);
    cr_expect_eq(memcmp(&got, &good, sizeof good), 0);
    cr_expect_eq(hsx_vm_set_state(vm, 0, (enum hsx_state)10), HSX_ERR_ARGUMENT);
    hsx_vm_destroy(vm);
}

Test(api, every_field_of_a_context_comes_back)
{
    struct hsx_vm *vm = new_vm(2);
    const struct hsx_context ctx = {.pc = 0x1235,
                                    .sp = 0x8001,
                                    .reg_base = 0x3FC0,
                                    .stack_limit = 0x7001,
                                    .stack_top = 0x9003,
                                    .code_base = 0x8000,
                                    .data_base = 0x5554,
                                    .call_depth = 0xFFFE,
                                    .code_len = 0x7FFF,
                                    .data_len = 0x123,
                                    .slice = 0,
                                    .flags = HSX_CTX_PROTECT | HSX_CTX_CALL_WORDS,
                                    .state = HSX_SLEEP};
    for (uint8_t psw = 0; psw < 16; psw++) {
        struct hsx_context with = ctx;
        with.psw = psw;
        put_context(vm, 1, &with);
        struct hsx_context got = get_context(vm, 1);
        cr_expect_eq(memcmp(&got, &with, sizeof got), 0, "psw %d", psw);
    }
    hsx_vm_destroy(vm);
}

Test(api, queues_that_cannot_be_are_refused)
{
    struct hsx_vm *vm = new_vm(3);
    const uint8_t twice[] = {0, 1, 0};
    const uint8_t four[] = {0, 1, 2, 0};
    uint8_t got[3];
    size_t count;
    uint8_t left;
    hsx_vm_make_ready(vm, 2);
    hsx_vm_make_ready(vm, 1);
    cr_expect_eq(hsx_vm_make_ready(vm, 2), HSX_ERR_STATE, "it is in the queue");
    cr_expect_eq(hsx_vm_write_queue(vm, twice, 3, 0), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_write_queue(vm, four, 4, 0), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_write_queue(vm, NULL, 0, 1), HSX_ERR_ARGUMENT, "an open turn of nobody");
    cr_expect_eq(hsx_vm_read_queue(vm, got, 1, &count, &left), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_read_queue(vm, got, 3, &count, &left), HSX_OK);
    cr_expect(count == 2 && got[0] == 2 && got[1] == 1 && left == 0);
    hsx_vm_destroy(vm);
}

Test(api, a_run_needs_room_for_its_records)
{
    struct hsx_vm *vm = new_vm(1);
    struct hsx_record record;
    uint64_t cycle;
    struct hsx_run none = {.records = &record, .capacity = 0};
    struct hsx_run lone = {.cycles = &cycle, .capacity = 1};
    cr_expect_eq(hsx_vm_run(vm, &none), HSX_ERR_ARGUMENT);
    cr_expect_eq(hsx_vm_run(vm, &lone), HSX_ERR_ARGUMENT, "cycles go with records");
    hsx_vm_destroy(vm);
}

Test(api, an_idle_machine_makes_no_record)
{
    struct hsx_vm *vm = new_vm(1);
    struct hsx_record record;
    const struct hsx_record zero = {0};
    enum hsx_stop reason;
    memset(&record, 0xFF, sizeof record);
    cr_expect_eq(hsx_vm_step(vm, &record, &reason), HSX_OK);
    cr_expect_eq(reason, HSX_STOP_IDLE);
    cr_expect_eq(memcmp(&record, &zero, sizeof zero), 0);
    hsx_vm_destroy(vm);
}

Test(api, translate_checks_a_pointer_as_one_access_of_its_length)
{
    const struct hsx_context ctx = {.reg_base = 0x1000,
                                    .stack_limit = 0xF000,
                                    .stack_top = 0xFFFC,
                                    .data_base = 0x8000,
                                    .data_len = 0x100,
                                    .flags = HSX_CTX_PROTECT};
    static const struct {
        uint32_t addr, len;
        bool passes;
        uint16_t physical;
    } cases[] = {{0x4000, 0x100, true, 0x8000},  {0x4000, 0x101, false, 0},
                 {0x40FF, 1, true, 0x80FF},      {0x4100, 1, false, 0},
                 {0x0000, 0x1000, true, 0},      {0x0FFF, 1, true, 0x0FFF},
                 {0x0FFF, 2, false, 0}, /* page and window, but wholly in neither */
                 {0x1000, 64, true, 0x1000},     {0x1000, 65, false, 0},
                 {0xFFF8, 4, true, 0xFFF8},      {0xFFF8, 5, false, 0},
                 {0x14000, 4, true, 0x8000},     {0x7000, 0, true, 0x7000},
                 {0x0000, 0xFFFFFFFF, false, 0}, {0x0000, 0x10001, false, 0},
                 {0xFFFF, 0xFFFFFFFF, false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t physical = 0;
        cr_expect_eq(hsx_translate(&ctx, cases[i].addr, cases[i].len, &physical), cases[i].passes,
                     "%X+%X", (unsigned)cases[i].addr, (unsigned)cases[i].len);
        if (cases[i].passes)
            cr_expect_eq(physical, cases[i].physical);
    }
    struct hsx_context open = ctx;
    uint16_t physical;
    open.flags = 0;
    cr_expect(hsx_translate(&open, 0x0000, 0x10000, &physical), "all of memory");
    cr_expect_not(hsx_translate(&open, 0x0001, 0x10000, &physical));
    cr_expect_not(hsx_translate(&open, 0x4000, 0x8001, &physical), "moved past the end");
}

Test(api, statuses_faults_and_calls_have_names_of_their_own)
{
    static const unsigned calls[] = {
#define HSX_SVC(module, function, NAME, call, in, r0, pointer) (module) << 8 | (function),
#include <hsx/svc.def>
    };

    for (int a = HSX_OK; a <= HSX_ERR_DIVERGED + 1; a++) {
        for (int b = HSX_OK; b < a; b++) {
            cr_expect_str_neq(hsx_status_name((enum hsx_status)a),
                              hsx_status_name((enum hsx_status)b), "%d and %d", a, b);
        }
    }
    for (uint32_t a = HSX_FAULT_STACK_UNDERFLOW; a <= HSX_FAULT_CODE + 1; a++) {
        for (uint32_t b = HSX_FAULT_STACK_UNDERFLOW; b < a; b++) {
            cr_expect_str_neq(hsx_fault_name(a), hsx_fault_name(b), "%X and %X", (unsigned)a,
                              (unsigned)b);
        }
    }
    for (size_t a = 0; a < sizeof calls / sizeof calls[0]; a++) {
        cr_expect_str_neq(hsx_svc_name(calls[a]), hsx_svc_name(0xFFF), "%03X", calls[a]);
        for (size_t b = 0; b < a; b++) {
            cr_expect_str_neq(hsx_svc_name(calls[a]), hsx_svc_name(calls[b]));
        }
    }
}
