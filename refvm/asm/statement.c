// SPDX-License-Identifier: Apache-2.0
#include "internal.h"

/* "name:" starts a line; any number of labels may precede the statement. */
static bool parse_labels(struct cursor *c, const char **name, size_t *length)
{
    for (;;) {
        if (asm_at_end(c)) {
            *length = 0;
            return true;
        }
        *length = asm_take_name(c, name);
        if (*length == 0) {
            return asm_fail(c, "'%c', expected a label, an instruction or a directive", *c->p);
        }
        if (!asm_accept(c, ':')) {
            return true;
        }
        if (!asm_define_label(c, *name, *length)) {
            return false;
        }
    }
}

void asm_parse_line(struct cursor *c)
{
    const char *name;
    size_t length;
    bool ok;

    if (!parse_labels(c, &name, &length) || length == 0) {
        return;
    }
    if (name[0] == '.') {
        ok = asm_parse_directive(c, name, length);
    } else {
        ok = asm_parse_instruction(c, name, length);
    }
    if (ok && !asm_at_end(c)) {
        asm_fail(c, "'%c' after the end of the statement", *c->p);
    }
}
