// SPDX-License-Identifier: Apache-2.0
#include "machine.h"
#include <criterion/criterion.h>
#include <hsx/model.h>
#include <hsx/rtl.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXTS = 16, TICK_STEPS = 50 };

/* Every eighth core is accessed over the bus, which is most of the work of a short run. */
static struct hsx_target *make_target(bool rtl)
{
    static unsigned made;
    struct hsx_target *target = NULL;
    struct hsx_rtl_link *link = NULL;

    if (!rtl) {
        cr_assert_eq(hsx_target_vm_create(CONTEXTS, &target), HSX_OK);
        return target;
    }
    cr_assert_eq(hsx_model_c16_create(0, &link), HSX_OK);
    cr_assert_eq(hsx_target_rtl_create(link, CONTEXTS, CONTEXTS, &target), HSX_OK);
    hsx_target_rtl_access_directly(target, made++ % 8 != 0);
    return target;
}

void machine_open(struct machine *m, bool rtl)
{
    struct hsx_exec_config config;

    *m = (struct machine){.target = make_target(rtl)};
    hsx_exec_config_init(&config);
    config.tick_steps = TICK_STEPS;
    config.ring = 64;
    cr_assert_eq(hsx_exec_create(m->target, &config, &m->exec), HSX_OK);
}

void machine_close(struct machine *m)
{
    hsx_trace_destroy(m->trace);
    if (m->out) {
        fclose(m->out);
        free(m->text);
    }
    hsx_exec_destroy(m->exec);
    m->target->ops->destroy(m->target);
}

void machine_load(struct machine *m, const char *path, uint8_t slice)
{
    const struct hsx_exec_load load = {.slice = slice};
    struct hsx_exec_error error = {""};
    uint8_t bytes[8192];
    FILE *in = fopen(path, "rb");
    uint32_t pid;
    size_t size;

    cr_assert_not_null(in, "%s", path);
    size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    cr_assert_eq(hsx_exec_load(m->exec, bytes, size, &load, &pid, &error), HSX_OK, "%s",
                 error.text);
}

void machine_trace(struct machine *m)
{
    struct hsx_exec_sink sink;

    m->out = open_memstream(&m->text, &m->text_size);
    cr_assert_not_null(m->out);
    cr_assert_eq(hsx_trace_create(m->target, m->out, HSX_TRACE_TEXT, NULL, &m->trace), HSX_OK);
    cr_assert_eq(hsx_trace_begin(m->trace, &(struct hsx_trace_header){0}), HSX_OK);
    sink = hsx_trace_sink(m->trace);
    hsx_exec_set_sink(m->exec, &sink);
}

char *machine_text(struct machine *m)
{
    static const char key[] = "\"cycle\":";
    char *copy, *to;
    const char *from;

    cr_assert_eq(hsx_trace_end(m->trace), HSX_OK);
    fflush(m->out);
    copy = malloc(m->text_size + 1);
    cr_assert_not_null(copy);
    to = copy;
    /* After the header, which depends on the target. */
    for (from = strchr(m->text, '\n') + 1; *from != '\0';) {
        if (strncmp(from, key, sizeof key - 1) == 0) {
            from += strcspn(from, ",}") + 1;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return copy;
}

void machine_run(struct machine *m, uint64_t steps)
{
    struct hsx_exec_run run = {.max_steps = steps};

    cr_assert_eq(hsx_exec_run(m->exec, &run), HSX_OK);
}

void machine_save(struct machine *m, uint8_t **bytes, size_t *size)
{
    cr_assert_eq(hsx_exec_save(m->exec, bytes, size), HSX_OK);
}

void machine_restore(struct machine *m, const uint8_t *bytes, size_t size)
{
    struct hsx_exec_error error = {""};

    cr_assert_eq(hsx_exec_restore(m->exec, bytes, size, &error), HSX_OK, "%s", error.text);
}
