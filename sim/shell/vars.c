// SPDX-License-Identifier: Apache-2.0
/* vars: the variables of the function that a task is in, located with the symbol file.
 */
#include "shell.h"
#include <inttypes.h>
#include <string.h>

enum { SHOWN_BYTES = 16, WHOLE = 8, TEXT = 80 };

static uint32_t register_of(struct hsx_shell *s, const struct hsx_context *ctx, unsigned reg)
{
    return data_word(s, (uint32_t)ctx->reg_base + 4 * reg, 4);
}

/* Reads up to size bytes of a variable that is not a constant; returns how many. */
static size_t fetch(struct hsx_shell *s, const struct hsx_context *ctx,
                    const struct hsx_symbol_local *local, uint8_t *bytes, size_t size)
{
    uint32_t word = register_of(s, ctx, local->reg);
    struct hsx_target *t = s->config.target;
    uint32_t address = (word + (uint32_t)local->offset) & 0xFFFF;

    if (size > local->size) {
        size = local->size;
    }
    if (local->store == HSX_STORE_REGISTER) {
        for (size_t i = 0; i < size && i < 4; i++) {
            bytes[i] = (uint8_t)(word >> (8 * i));
        }
        return size < 4 ? size : 4;
    }
    if (address + size > HSX_DATA_SIZE ||
        t->ops->read_data(t, address, bytes, (uint32_t)size) != HSX_OK) {
        return 0;
    }
    return size;
}

static double half_value(uint64_t bits)
{
    double fraction = (double)(bits & 0x3FF) / 1024;
    int exponent = (int)(bits >> 10 & 0x1F);
    double value = exponent == 0    ? fraction / 16384
                   : exponent == 31 ? (fraction == 0 ? 1e300 * 1e300 : 0.0 * (1e300 * 1e300))
                                    : (1 + fraction) * (exponent < 15 ? 1.0 / (1 << (15 - exponent))
                                                                      : 1 << (exponent - 15));

    return bits >> 15 ? -value : value;
}

static void print_float(uint64_t bits, uint32_t size, char *text)
{
    uint32_t narrow = (uint32_t)bits;
    double wide;
    float single;

    memcpy(&wide, &bits, sizeof wide);
    memcpy(&single, &narrow, sizeof single);
    if (size == 2) {
        snprintf(text, TEXT, "%.5g", half_value(bits));
    } else if (size == 4) {
        snprintf(text, TEXT, "%.9g", (double)single);
    } else {
        snprintf(text, TEXT, "%.17g", wide);
    }
}

static void print_bytes(const uint8_t *bytes, size_t count, bool more, char *text)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, TEXT - used, "%s%02X", i ? " " : "", bytes[i]);
    }
    snprintf(text + used, TEXT - used, "%s", more ? " ..." : "");
}

static void print_value(struct hsx_shell *s, const struct hsx_context *ctx,
                        const struct hsx_symbol_local *local, char *text)
{
    uint8_t bytes[SHOWN_BYTES] = {0};
    uint64_t value = (uint32_t)local->offset;
    size_t count = 0;

    if (local->store != HSX_STORE_CONSTANT) {
        count = fetch(s, ctx, local, bytes, sizeof bytes);
        value = 0;
        for (size_t i = 0; i < count && i < WHOLE; i++) {
            value |= (uint64_t)bytes[i] << (8 * i);
        }
    }
    if (local->store == HSX_STORE_CONSTANT) {
        snprintf(text, TEXT, local->form == HSX_FORM_UNSIGNED ? "%" PRIu32 : "%" PRId32,
                 (uint32_t)local->offset);
    } else if (count == 0) {
        snprintf(text, TEXT, "?");
    } else if (local->form == HSX_FORM_BYTES || count < local->size || count > WHOLE) {
        print_bytes(bytes, count, count < local->size, text);
    } else if (local->form == HSX_FORM_FLOAT) {
        print_float(value, local->size, text);
    } else if (local->form == HSX_FORM_UNSIGNED) {
        snprintf(text, TEXT, strchr(local->type, '*') ? "0x%04" PRIX64 : "%" PRIu64, value);
    } else {
        unsigned unused = 64 - 8 * (unsigned)count;

        snprintf(text, TEXT, "%" PRId64, (int64_t)(value << unused) >> unused);
    }
}

static void print_place(const struct hsx_symbol_local *local, char *text)
{
    if (local->store == HSX_STORE_REGISTER) {
        snprintf(text, TEXT, "R%u", local->reg);
    } else if (local->store == HSX_STORE_MEMORY) {
        snprintf(text, TEXT, "[R%u%+" PRId32 "]", local->reg, local->offset);
    } else {
        snprintf(text, TEXT, "constant");
    }
}

bool run_vars(struct hsx_shell *s, struct args *a)
{
    const struct hsx_symbol_local *local;
    struct hsx_task_info task;
    size_t at = 0;

    if (arg_left(a)) {
        if (!arg_task(s, a, &task)) {
            return false;
        }
    } else {
        uint32_t pid = find_next_pid(s);

        if (pid == 0 || hsx_exec_task(s->exec, pid, &task) != HSX_OK) {
            return shell_fail(s, "no task is ready, say which: vars PID");
        }
    }
    if (!arg_end(s, a)) {
        return false;
    }
    answer_set(s, "variables", json_array());
    while ((local = hsx_symbols_local_at(symbols_of(s, task.pid), task.ctx.pc, &at))) {
        char value[TEXT];
        char place[TEXT];

        print_value(s, &task.ctx, local, value);
        print_place(local, place);
        answer_add(s, "variables",
                   json_pack("{s:o, s:o, s:s, s:s}", "name", json_text(local->name), "type",
                             json_text(local->type), "value", value, "place", place));
    }
    return true;
}

void show_vars(FILE *out, const json_t *answer)
{
    const json_t *list = json_object_get(answer, "variables");
    const json_t *variable;
    size_t i;

    json_array_foreach(list, i, variable)
    {
        const char *type = get_text(variable, "type");
        size_t length = strlen(type);

        fprintf(out, "%s%s%s = %s  (%s)\n", type, length > 0 && type[length - 1] == '*' ? "" : " ",
                get_text(variable, "name"), get_text(variable, "value"),
                get_text(variable, "place"));
    }
    if (json_array_size(list) == 0) {
        fprintf(out, "no variable is known here\n");
    }
}
