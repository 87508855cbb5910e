// SPDX-License-Identifier: Apache-2.0
/* Names of mailboxes (contract section 7). */
#include "mailbox.h"
#include <stdio.h>
#include <string.h>

static bool task_is_there(const struct mbox *m, uint32_t pid)
{
    for (unsigned i = 0; i < m->slots; i++) {
        if (m->tasks[i].pid == pid) {
            return pid != 0;
        }
    }
    return false;
}

/* Decimal digits only; no digits mean none_means. */
static bool parse_owner(const struct mbox *m, const char *text, size_t len, uint32_t none_means,
                        uint32_t *owner)
{
    uint32_t value = 0;

    if (len == 0) {
        *owner = none_means;
        return true;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || value > 0xFFFF) {
            return false;
        }
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    *owner = value;
    return task_is_there(m, value);
}

static bool has_prefix(const char *name, size_t len, const char *prefix, size_t *prefix_len)
{
    *prefix_len = strlen(prefix);
    return len >= *prefix_len && memcmp(name, prefix, *prefix_len) == 0;
}

static bool parse_name(const struct mbox *m, uint8_t slot, const char *name, size_t len,
                       struct mbox_name *parsed)
{
    uint32_t caller = m->tasks[slot].pid;
    size_t skip = 0;
    const char *at;

    *parsed = (struct mbox_name){.space = MBOX_SVC};
    if (len == 0 || len > HSX_MBOX_NAME_SIZE) {
        return false;
    }
    if (has_prefix(name, len, "pid:", &skip)) {
        parsed->space = MBOX_PID;
        return parse_owner(m, name + skip, len - skip, caller, &parsed->owner) &&
               parsed->owner != 0;
    }
    if (has_prefix(name, len, "app:", &skip)) {
        parsed->space = MBOX_APP;
    } else if (has_prefix(name, len, "shared:", &skip)) {
        parsed->space = MBOX_SHARED;
    } else if (!has_prefix(name, len, "svc:", &skip)) {
        skip = 0;
    }
    name += skip;
    len -= skip;
    at = memchr(name, '@', len);
    parsed->len = (uint8_t)(at ? (size_t)(at - name) : len);
    memcpy(parsed->text, name, parsed->len);
    parsed->owner = parsed->space == MBOX_SVC ? caller : 0;
    if (at && parsed->space != MBOX_SHARED &&
        !parse_owner(m, at + 1, len - parsed->len - 1, parsed->owner, &parsed->owner)) {
        return false;
    }
    return parsed->space != MBOX_SVC || parsed->owner != 0;
}

bool mbox_parse_name(const struct mbox *m, uint8_t slot, const char *name, size_t len,
                     struct mbox_name *parsed)
{
    uint32_t caller = m->tasks[slot].pid;

    /* The host is not a task and may use all. */
    return parse_name(m, slot, name, len, parsed) &&
           (!m->private_names || caller == 0 || parsed->owner == 0 || parsed->owner == caller);
}

void mbox_format_name(const struct mbox_desc *d, char *text, size_t size)
{
    static const char *const prefix[] = {"pid:", "svc:", "app:", "shared:"};

    if (d->space == MBOX_PID) {
        snprintf(text, size, "pid:%u", (unsigned)d->owner);
    } else if (d->owner != 0) {
        snprintf(text, size, "%s%s@%u", prefix[d->space], d->name, (unsigned)d->owner);
    } else {
        snprintf(text, size, "%s%s", prefix[d->space], d->name);
    }
}
