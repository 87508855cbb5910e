// SPDX-License-Identifier: Apache-2.0
/* The trace of contract section 8: valid JSON, and every value right. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <hsx/trace.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct fixture fx;
static struct hsx_trace *trace;
static FILE *out;
static char *text;
static size_t size;

static void open_with(const struct hsx_exec_config *config)
{
    struct hsx_exec_sink sink;

    fx_open(&fx, config, 8);
    out = open_memstream(&text, &size);
    cr_assert_eq(hsx_trace_create(fx.target, out, HSX_TRACE_TEXT, NULL, &trace), HSX_OK);
    cr_assert_eq(hsx_trace_begin(trace, &(struct hsx_trace_header){0}), HSX_OK);
    sink = hsx_trace_sink(trace);
    hsx_exec_set_sink(fx.exec, &sink);
}

static void open_traced(void)
{
    open_with(NULL);
}

static void close_traced(void)
{
    fclose(out);
    free(text);
    hsx_trace_destroy(trace);
    fx_close(&fx);
}

TestSuite(trace, .init = open_traced, .fini = close_traced);

/* All lines except the header as an array; each must be one JSON object. */
static json_t *lines(void)
{
    json_t *all = json_array();
    char *copy, *line;

    cr_assert_eq(hsx_trace_end(trace), HSX_OK);
    fflush(out);
    copy = strdup(text);
    strtok(copy, "\n");
    for (line = strtok(NULL, "\n"); line; line = strtok(NULL, "\n")) {
        json_error_t error;
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);

        cr_assert_not_null(object, "%s: %s", line, error.text);
        json_array_append_new(all, object);
    }
    free(copy);
    return all;
}

static json_int_t number(json_t *line, const char *key)
{
    json_t *value = json_object_get(line, key);

    cr_assert(json_is_integer(value), "%s", key);
    return json_integer_value(value);
}

static const char *string(json_t *line, const char *key)
{
    cr_assert_not_null(json_object_get(line, key), "%s", key);
    return json_string_value(json_object_get(line, key));
}

static json_int_t reg(json_t *line, size_t n)
{
    return json_integer_value(json_array_get(json_object_get(line, "regs"), n));
}

static void expect_changed(json_t *line, const char *expected)
{
    char *got = json_dumps(json_object_get(line, "changed_regs"), JSON_COMPACT);

    cr_expect_str_eq(got, expected, "line %d changed %s", (int)number(line, "seq"), got);
    free(got);
}

Test(trace, tells_every_event_with_its_fields)
{
    static const char *const events[] = {"external", "retire",   "retire", "retire",   "retire",
                                         "svc",      "complete", "brk",    "external", "fault"};
    uint32_t pid = fx_load(&fx, ".text\n.entry\nLDI32 R1, 0x12345678\nPUSH R1\nPOP R2\n"
                                "ST [R3], R2\nSVC 0x000\nBRK\nPOP R1\n");
    json_t *all, *line;

    fx_run(&fx, 100);
    cr_assert_eq(hsx_exec_resume(fx.exec, pid), HSX_OK);
    fx_run(&fx, 100);
    all = lines();
    cr_assert_eq(json_array_size(all), sizeof events / sizeof events[0]);
    for (size_t i = 0; i < json_array_size(all); i++) {
        line = json_array_get(all, i);
        cr_assert_eq(number(line, "seq"), (json_int_t)i);
        cr_assert_eq(number(line, "pid"), pid);
        cr_assert_str_eq(string(line, "event"), events[i]);
        cr_assert_eq(json_array_size(json_object_get(line, "regs")), 16);
        cr_assert_eq(number(line, "cycle"), number(line, "steps"), "the VM's cycles are its steps");
    }
    line = json_array_get(all, 1);
    cr_assert_eq(number(line, "pc"), 0);
    cr_assert_eq(number(line, "next_pc"), 8);
    cr_assert_eq(number(line, "opcode"), 0x60100000);
    cr_assert_eq(number(line, "ext"), 0x12345678);
    cr_assert_eq(number(line, "steps"), 1);
    cr_assert_eq(reg(line, 1), 0x12345678);
    cr_assert(json_is_null(json_object_get(line, "mem_access")));
    expect_changed(line, "[\"R1\"]");
    line = json_array_get(all, 2);
    cr_assert_eq(number(line, "sp"), 0xFFF8);
    cr_assert_eq(reg(line, 15), 0xFFF8);
    expect_changed(line, "[\"R15\"]");
    line = json_object_get(line, "mem_access");
    cr_assert_str_eq(string(line, "op"), "write");
    cr_assert_eq(number(line, "address"), 0xFFF8);
    cr_assert_eq(number(line, "width"), 4);
    cr_assert_eq(number(line, "value"), 0x12345678);
    line = json_array_get(all, 3);
    cr_assert_str_eq(string(json_object_get(line, "mem_access"), "op"), "read");
    expect_changed(line, "[\"R2\",\"R15\"]");
    line = json_array_get(all, 6);
    cr_assert_eq(reg(line, 0), 4);
    expect_changed(line, "[\"R0\"]");
    cr_assert_eq(number(line, "pc"), 24);
    line = json_array_get(json_object_get(line, "writes"), 0);
    cr_assert_eq(number(line, "address"), 0x1000);
    cr_assert_eq(json_array_size(json_object_get(line, "bytes")), 4);
    line = json_array_get(all, 8);
    cr_assert_str_eq(string(line, "what"), "resume");
    line = json_array_get(all, 9);
    cr_assert_eq(reg(line, 0), HSX_FAULT_STACK_UNDERFLOW);
    cr_assert_eq(number(line, "next_pc"), number(line, "pc"));
    expect_changed(line, "[\"R0\"]");
    json_decref(all);
}

Test(trace, tells_whom_an_event_woke)
{
    uint32_t addr;
    json_t *all, *line = NULL;

    fx_load(&fx, ".text\n.entry\nLDI R0, 1\nSVC 0x600\nRET\n");
    fx_load(&fx, ".text\n.entry\nLDI R0, 1\nSVC 0x600\nRET\n");
    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    all = lines();
    for (size_t i = 0; i < json_array_size(all); i++) {
        if (strcmp(string(json_array_get(all, i), "event"), "tick") == 0) {
            line = json_array_get(all, i);
        }
    }
    cr_assert_not_null(line);
    cr_assert_eq(number(line, "pid"), 0);
    cr_assert_eq(number(line, "now"), 1);
    cr_assert_eq(json_array_size(json_object_get(line, "woken")), 2);
    cr_assert_eq(json_integer_value(json_array_get(json_object_get(line, "woken"), 0)), 1);
    cr_assert_eq(json_array_size(json_object_get(line, "writes")), 2);
    json_decref(all);
    cr_assert_eq(hsx_trace_check(trace, &addr), HSX_OK);
}

Test(trace, a_store_into_anothers_window_is_no_change_of_the_own_registers)
{
    struct hsx_exec_config config;
    json_t *all;
    uint32_t addr;

    close_traced();
    hsx_exec_config_init(&config);
    config.protect = false;
    open_with(&config);
    fx_load(&fx, ".text\n.entry\nLDI32 R1, 0x1044\nST [R1], R1\nloop: JMP loop\n");
    fx_load(&fx, ".text\n.entry\nNOT R2, R2\nMOV R3, R1\nloop: JMP loop\n");
    fx_run(&fx, 6);
    all = lines();
    expect_changed(json_array_get(all, 4), "[]");
    expect_changed(json_array_get(all, 5), "[\"R3\"]");
    cr_assert_eq(reg(json_array_get(all, 5), 1), 0x1044);
    json_decref(all);
    cr_assert_eq(hsx_trace_check(trace, &addr), HSX_OK);
}

Test(trace, memory_that_no_record_explains_is_an_error)
{
    const uint8_t byte = 1;
    uint32_t addr = 0;

    fx_load(&fx, ".text\n.entry\nloop: JMP loop\n");
    fx_run(&fx, 10);
    cr_assert_eq(hsx_trace_check(trace, &addr), HSX_OK);
    cr_assert_eq(fx.target->ops->write_data(fx.target, 0x2345, &byte, 1), HSX_OK);
    cr_assert_eq(hsx_trace_check(trace, &addr), HSX_ERR_DIVERGED);
    cr_assert_eq(addr, 0x2345);
}
