#include "internal.h"

/* "name:" starts a line; any number of labels may precede the statement. */
static bool parse_labels(struct cursor *c, const char **name, size_t *length)
{
    for (;;) {
        if (at_end(c)) {
            *length = 0;
            return true;
        }
        *length = take_name(c, name);
        if (*length == 0) {
            return fail(c, "'%c', expected a label, an instruction or a directive", *c->p);
        }
        if (!accept(c, ':')) {
            return true;
        }
        if (!define_label(c, *name, *length)) {
            return false;
        }
    }
}

void parse_line(struct cursor *c)
{
    const char *name;
    size_t length;
    bool ok;

    if (!parse_labels(c, &name, &length) || length == 0) {
        return;
    }
    if (name[0] == '.') {
        ok = parse_directive(c, name, length);
    } else {
        ok = parse_instruction(c, name, length);
    }
    if (ok && !at_end(c)) {
        fail(c, "'%c' after the end of the statement", *c->p);
    }
}
