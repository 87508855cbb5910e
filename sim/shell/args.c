// SPDX-License-Identifier: Apache-2.0
/* Parsing words as values, with errors for wrong ones. */
#include "shell.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool shell_fail(struct hsx_shell *s, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(s->error, sizeof s->error, format, list);
    va_end(list);
    return false;
}

bool shell_fail_status(struct hsx_shell *s, const char *what, enum hsx_status status)
{
    const char *why = status == HSX_ERR_IO ? strerror(errno) : hsx_status_name(status);

    return shell_fail(s, "%s: %s", what, why);
}

bool arg_left(const struct args *a)
{
    return a->next < a->count;
}

bool arg_is(struct args *a, const char *word)
{
    if (!arg_left(a) || strcmp(a->words[a->next], word) != 0) {
        return false;
    }
    a->next++;
    return true;
}

bool arg_end(struct hsx_shell *s, const struct args *a)
{
    return !arg_left(a) || shell_fail(s, "unexpected '%s', usage: %s", a->words[a->next], a->usage);
}

bool arg_text(struct hsx_shell *s, struct args *a, const char *what, const char **text)
{
    if (!arg_left(a)) {
        return shell_fail(s, "%s is missing, usage: %s", what, a->usage);
    }
    *text = a->words[a->next++];
    return true;
}

static bool parse(const char *text, uint64_t *value)
{
    char *end;

    if (!isdigit((unsigned char)*text)) {
        return false;
    }
    errno = 0;
    *value = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    return errno == 0 && *end == '\0' && end != text;
}

bool arg_number(struct hsx_shell *s, struct args *a, const char *what, uint64_t least,
                uint64_t most, uint64_t *value)
{
    const char *text = "";

    if (!arg_text(s, a, what, &text)) {
        return false;
    }
    if (!parse(text, value) || *value < least || *value > most) {
        return most > UINT32_MAX
                   ? shell_fail(s, "%s is '%s', expected a number of at least %" PRIu64, what, text,
                                least)
                   : shell_fail(s, "%s is '%s', expected a number from %" PRIu64 " to %" PRIu64,
                                what, text, least, most);
    }
    return true;
}

bool arg_task(struct hsx_shell *s, struct args *a, struct hsx_task_info *task)
{
    uint64_t pid = 0;

    if (!arg_number(s, a, "PID", 1, UINT16_MAX, &pid)) {
        return false;
    }
    return hsx_exec_task(s->exec, (uint32_t)pid, task) == HSX_OK ||
           shell_fail(s, "there is no task %" PRIu64, pid);
}

static bool parse_register(const char *text, unsigned *reg)
{
    uint64_t value;

    if ((*text != 'R' && *text != 'r') || !parse(text + 1, &value) || value >= HSX_REGISTERS) {
        return false;
    }
    *reg = (unsigned)value;
    return true;
}

bool arg_is_register(const struct args *a)
{
    return arg_left(a) && (*a->words[a->next] == 'R' || *a->words[a->next] == 'r');
}

bool arg_register(struct hsx_shell *s, struct args *a, unsigned *reg)
{
    const char *text = "";

    return arg_text(s, a, "Rn", &text) &&
           (parse_register(text, reg) || shell_fail(s, "Rn is '%s', expected R0 to R15", text));
}
