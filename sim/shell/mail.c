// SPDX-License-Identifier: Apache-2.0
/* Mailboxes: the table, and the commands listen, tap and send. */
#include "shell.h"
#include <hsx/image.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HANDLES = 64, MAX_MAIL = 0x10000 };

/* All mailboxes, to be freed; NULL when the host is out of memory. */
static struct hsx_mbox_info *read_boxes(struct hsx_shell *s, size_t *count)
{
    struct hsx_mbox_info *boxes;

    *count = 0;
    hsx_exec_mailboxes(s->exec, NULL, 0, count);
    boxes = calloc(*count + 1, sizeof *boxes);
    if (boxes) {
        hsx_exec_mailboxes(s->exec, boxes, *count, count);
    }
    return boxes;
}

/* ---- mbox */

static void mode_text(uint16_t mode, char *text, size_t size)
{
    static const char *const access[] = {"-", "R", "W", "RW"};
    const char *fanout = mode & HSX_MODE_FANOUT_BLOCK  ? " fan-out block"
                         : mode & HSX_MODE_FANOUT_DROP ? " fan-out drop"
                         : mode & HSX_MODE_FANOUT      ? " fan-out"
                                                       : "";

    snprintf(text, size, "%s%s%s", access[mode & 3], mode & HSX_MODE_TAP ? " tap" : "", fanout);
}

static json_t *json_box(struct hsx_shell *s, const struct hsx_mbox_info *box)
{
    uint32_t pids[HSX_MAX_CONTEXTS];
    json_t *waiters = json_array();
    json_t *object;
    char mode[32];
    size_t count = 0;

    hsx_exec_waiters(s->exec, box->descriptor, pids, HSX_MAX_CONTEXTS, &count);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(waiters, json_number(pids[i]));
    }
    mode_text(box->mode, mode, sizeof mode);
    object = json_pack("{s:I, s:I, s:i, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "descriptor",
                       (json_int_t)box->descriptor, "owner", (json_int_t)box->owner, "mode_mask",
                       (int)box->mode, "mode", mode, "capacity", (json_int_t)box->capacity, "used",
                       (json_int_t)box->used, "used_max", (json_int_t)box->high_water, "messages",
                       (json_int_t)box->messages, "handles", (json_int_t)box->handles, "taps",
                       (json_int_t)box->taps, "waiters", waiters);
    json_object_set_new(object, "name", json_bytes((const uint8_t *)box->name, strlen(box->name)));
    json_object_set_new(object, "owner_pid",
                        box->has_owner_pid ? json_number(box->owner_pid) : json_null());
    json_object_set_new(object, "bindings",
                        box->bindings ? json_loads(box->bindings, JSON_DECODE_ANY, NULL)
                                      : json_null());
    return object;
}

static bool find_box(struct hsx_shell *s, const char *name, struct hsx_mbox_info *box);

static bool remove_box(struct hsx_shell *s, struct args *a)
{
    struct hsx_mbox_info box;
    const char *name;
    enum hsx_status status;

    if (!arg_text(s, a, "NAME", &name) || !arg_end(s, a) || !find_box(s, name, &box)) {
        return false;
    }
    status = hsx_exec_remove_mailbox(s->exec, box.descriptor);
    if (status == HSX_ERR_STATE) {
        return shell_fail(
            s, "%s: it belongs to task %u, only app: and shared: mailboxes can be removed",
            box.name, (unsigned)box.owner);
    }
    if (status != HSX_OK) {
        return shell_fail_status(s, box.name, status);
    }
    answer_set(s, "removed", json_text(box.name));
    return true;
}

bool run_mbox(struct hsx_shell *s, struct args *a)
{
    const char *filter = "";
    struct hsx_mbox_info *boxes;
    size_t count;

    if (arg_is(a, "rm")) {
        return remove_box(s, a);
    }
    if ((arg_left(a) && !arg_text(s, a, "FILTER", &filter)) || !arg_end(s, a)) {
        return false;
    }
    boxes = read_boxes(s, &count);
    if (!boxes) {
        return shell_fail(s, "out of memory");
    }
    answer_set(s, "mailboxes", json_array());
    for (size_t i = 0; i < count; i++) {
        if (strstr(boxes[i].name, filter)) {
            answer_add(s, "mailboxes", json_box(s, &boxes[i]));
        }
    }
    free(boxes);
    return true;
}

static void print_waiters(FILE *out, const json_t *waiters)
{
    const json_t *pid;
    size_t i;

    json_array_foreach(waiters, i, pid)
    {
        fprintf(out, "%s%u", i ? "," : "  waits: ", (unsigned)json_integer_value(pid));
    }
}

void show_mbox(FILE *out, const json_t *answer)
{
    const json_t *box;
    size_t i;

    if (json_object_get(answer, "removed")) {
        print_safely(out, get_text(answer, "removed"), 0);
        fputs(": removed\n", out);
        return;
    }
    fprintf(out, "   id  %-22s  %-15s  %8s  %5s  %5s  %4s  %7s  %4s\n", "name", "mode", "capacity",
            "used", "most", "msgs", "handles", "taps");
    json_array_foreach(json_object_get(answer, "mailboxes"), i, box)
    {
        fprintf(out, "%5u  ", (unsigned)get_number(box, "descriptor"));
        print_safely(out, get_text(box, "name"), 22);
        fprintf(out,
                "  %-15s  %8" PRIu64 "  %5" PRIu64 "  %5" PRIu64 "  %4" PRIu64 "  %7" PRIu64
                "  %4" PRIu64,
                get_text(box, "mode"), get_number(box, "capacity"), get_number(box, "used"),
                get_number(box, "used_max"), get_number(box, "messages"),
                get_number(box, "handles"), get_number(box, "taps"));
        print_waiters(out, json_object_get(box, "waiters"));
        fputc('\n', out);
    }
}

/* ---- Received messages */

static void box_name(struct hsx_shell *s, uint32_t descriptor, char *name, size_t size)
{
    size_t count;
    struct hsx_mbox_info *boxes = read_boxes(s, &count);

    snprintf(name, size, "%u", (unsigned)descriptor);
    for (size_t i = 0; boxes && i < count; i++) {
        if (boxes[i].descriptor == descriptor) {
            snprintf(name, size, "%s", boxes[i].name);
        }
    }
    free(boxes);
}

static void print_message(struct hsx_shell *s, const struct hsx_host_handle *from,
                          const struct hsx_mbox_message *message, const uint8_t *bytes)
{
    char name[8 + HSX_MBOX_NAME_SIZE + 8];
    json_t *object;

    box_name(s, from->descriptor, name, sizeof name);
    if (!s->config.json) {
        console_break(s);
        fputc('<', s->config.out);
        object = json_text(name);
        print_safely(s->config.out, object ? json_string_value(object) : "", 0);
        json_decref(object);
        fprintf(s->config.out, "> %s %u, channel %u, flags %u: ", from->tap ? "copy, from" : "from",
                (unsigned)message->sender, (unsigned)message->channel, (unsigned)message->flags);
        print_quoted(s->config.out, bytes, message->length);
        fputc('\n', s->config.out);
        return;
    }
    object = json_pack("{s:I, s:i, s:i, s:i, s:b, s:o}", "descriptor", (json_int_t)from->descriptor,
                       "sender", (int)message->sender, "channel", (int)message->channel, "flags",
                       (int)message->flags, "tap", from->tap, "text",
                       json_bytes(bytes, message->length));
    json_object_set_new(object, "name", json_text(name));
    answer_add(s, "mail", object);
}

static size_t read_handles(struct hsx_shell *s, struct hsx_host_handle *handles)
{
    size_t count = 0;

    hsx_exec_host_handles(s->exec, handles, MAX_HANDLES, &count);
    return count < MAX_HANDLES ? count : MAX_HANDLES;
}

bool mail_is_wanted(struct hsx_shell *s)
{
    struct hsx_host_handle handles[MAX_HANDLES];

    return read_handles(s, handles) != 0;
}

bool mail_drain(struct hsx_shell *s)
{
    struct hsx_host_handle handles[MAX_HANDLES];
    size_t count = read_handles(s, handles);
    uint8_t *bytes;

    if (count == 0) {
        return true;
    }
    bytes = malloc(MAX_MAIL);
    for (size_t i = 0; bytes && i < count; i++) {
        struct hsx_mbox_message message;
        enum hsx_mbox_status result;

        while (hsx_exec_host_recv(s->exec, handles[i].handle, &message, bytes, MAX_MAIL, &result) ==
                   HSX_OK &&
               result == HSX_MBOX_OK) {
            print_message(s, &handles[i], &message, bytes);
        }
    }
    free(bytes);
    return bytes != NULL;
}

/* ---- listen, tap, send */

static bool mail_fail(struct hsx_shell *s, const char *name, enum hsx_mbox_status result)
{
    switch (result) {
    case HSX_MBOX_WOULDBLOCK:
        return shell_fail(s, "%s: the mailbox is full", name);
    case HSX_MBOX_MSG_TOO_LARGE:
        return shell_fail(s, "%s: the message is larger than the mailbox", name);
    case HSX_MBOX_NO_DESCRIPTOR:
        return shell_fail(s, "%s: no mailbox descriptor, handle or storage is left", name);
    default:
        return shell_fail(s, "%s: there is no such mailbox", name);
    }
}

/* Finds a mailbox by the name that mbox shows, or that name without "svc:". */
static bool find_box(struct hsx_shell *s, const char *name, struct hsx_mbox_info *box)
{
    size_t count;
    struct hsx_mbox_info *boxes = read_boxes(s, &count);
    bool found = false;

    for (size_t i = 0; boxes && i < count && !found; i++) {
        const char *shown = boxes[i].name;

        found = strcmp(shown, name) == 0 ||
                (strncmp(shown, "svc:", 4) == 0 && strcmp(shown + 4, name) == 0);
        if (found) {
            *box = boxes[i];
        }
    }
    free(boxes);
    return found || shell_fail(s, "%s: there is no such mailbox, see mbox", name);
}

static bool find_handle(struct hsx_shell *s, uint32_t descriptor, bool tap,
                        struct hsx_host_handle *handle)
{
    struct hsx_host_handle handles[MAX_HANDLES];
    size_t count = read_handles(s, handles);

    for (size_t i = 0; i < count; i++) {
        if (handles[i].descriptor == descriptor && handles[i].tap == tap) {
            *handle = handles[i];
            return true;
        }
    }
    return false;
}

static bool open_mail(struct hsx_shell *s, const struct hsx_mbox_info *box, bool tap)
{
    struct hsx_host_handle there;
    enum hsx_mbox_status result;
    uint16_t handle;

    if (find_handle(s, box->descriptor, tap, &there)) {
        return shell_fail(s, "%s: that is on already", box->name);
    }
    if (hsx_exec_host_open(s->exec, box->name, HSX_MODE_READ, &handle, &result) != HSX_OK) {
        return shell_fail(s, "the machine has failed");
    }
    if (result == HSX_MBOX_OK && tap) {
        if (hsx_exec_host_tap(s->exec, handle, true, &result) != HSX_OK) {
            return shell_fail(s, "the machine has failed");
        }
        if (result != HSX_MBOX_OK) {
            enum hsx_mbox_status ignored;

            hsx_exec_host_close(s->exec, handle, &ignored);
        }
    }
    return result == HSX_MBOX_OK ? mail_drain(s) : mail_fail(s, box->name, result);
}

static bool close_mail(struct hsx_shell *s, const struct hsx_mbox_info *box, bool tap)
{
    struct hsx_host_handle handle;
    enum hsx_mbox_status result;

    if (!find_handle(s, box->descriptor, tap, &handle)) {
        return shell_fail(s, "%s: that is off already", box->name);
    }
    return hsx_exec_host_close(s->exec, handle.handle, &result) == HSX_OK ||
           shell_fail(s, "the machine has failed");
}

static void list_mail(struct hsx_shell *s, bool tap)
{
    struct hsx_host_handle handles[MAX_HANDLES];
    size_t count = read_handles(s, handles);

    answer_set(s, "mailboxes", json_array());
    for (size_t i = 0; i < count; i++) {
        char name[8 + HSX_MBOX_NAME_SIZE + 8];

        if (handles[i].tap == tap) {
            box_name(s, handles[i].descriptor, name, sizeof name);
            answer_add(s, "mailboxes", json_text(name));
        }
    }
}

static bool run_mail(struct hsx_shell *s, struct args *a, bool tap)
{
    struct hsx_mbox_info box;
    const char *name = "";
    bool off;

    if (!arg_left(a)) {
        list_mail(s, tap);
        return true;
    }
    arg_text(s, a, "NAME", &name);
    off = arg_is(a, "off");
    if (!off) {
        arg_is(a, "on");
    }
    if (!arg_end(s, a) || !find_box(s, name, &box) ||
        !(off ? close_mail(s, &box, tap) : open_mail(s, &box, tap))) {
        return false;
    }
    answer_set(s, "name", json_text(box.name));
    answer_set(s, "on", json_boolean(!off));
    return true;
}

bool run_listen(struct hsx_shell *s, struct args *a)
{
    return run_mail(s, a, false);
}

bool run_tap(struct hsx_shell *s, struct args *a)
{
    return run_mail(s, a, true);
}

static void show_mail(FILE *out, const json_t *answer, const char *what)
{
    const json_t *list = json_object_get(answer, "mailboxes");
    const json_t *name;
    size_t i;

    if (!list) {
        print_safely(out, get_text(answer, "name"), 0);
        fprintf(out, ": %s %s\n", what, json_is_true(json_object_get(answer, "on")) ? "on" : "off");
        return;
    }
    json_array_foreach(list, i, name)
    {
        print_safely(out, json_string_value(name), 0);
        fputc('\n', out);
    }
    if (i == 0) {
        fprintf(out, "none\n");
    }
}

void show_listen(FILE *out, const json_t *answer)
{
    show_mail(out, answer, "listening");
}

void show_tap(FILE *out, const json_t *answer)
{
    show_mail(out, answer, "tap");
}

bool run_send(struct hsx_shell *s, struct args *a)
{
    struct hsx_mbox_message message = {0};
    enum hsx_mbox_status result = HSX_MBOX_MSG_TOO_LARGE;
    struct hsx_mbox_info box;
    uint64_t channel = 0;
    const char *name = "";
    const char *text = "";

    if (!arg_text(s, a, "NAME", &name) || !arg_text(s, a, "TEXT", &text) ||
        (arg_left(a) && !arg_number(s, a, "CHANNEL", 0, UINT16_MAX, &channel)) || !arg_end(s, a) ||
        !find_box(s, name, &box)) {
        return false;
    }
    if (*text == '\0') {
        return shell_fail(s, "TEXT is empty, expected at least one byte");
    }
    if (strlen(text) <= UINT16_MAX) {
        message.length = (uint16_t)strlen(text);
        message.channel = (uint16_t)channel;
        if (hsx_exec_host_post(s->exec, box.name, &message, text, &result) != HSX_OK) {
            return shell_fail(s, "the machine has failed");
        }
    }
    if (result != HSX_MBOX_OK) {
        return mail_fail(s, box.name, result);
    }
    answer_set(s, "name", json_text(box.name));
    answer_number(s, "length", message.length);
    return mail_drain(s);
}

void show_send(FILE *out, const json_t *answer)
{
    unsigned len = (unsigned)get_number(answer, "length");

    print_safely(out, get_text(answer, "name"), 0);
    fprintf(out, ": %u byte%s sent\n", len, len == 1 ? "" : "s");
}
