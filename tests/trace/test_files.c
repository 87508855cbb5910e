// SPDX-License-Identifier: Apache-2.0
/* Both forms of a trace reproduce the events exactly, or report an error. */
#include "fixture.h"
#include "random_events.h"
#include <criterion/criterion.h>
#include <hsx/target_vm.h>
#include <hsx/trace.h>
#include <stdlib.h>
#include <string.h>

static const enum hsx_trace_format forms[] = {HSX_TRACE_TEXT, HSX_TRACE_BINARY};

struct file {
    char *bytes; /* owned */
    size_t size;
};

/* ---- Writing */

static struct file write_random(enum hsx_trace_format form, const struct random_event *events,
                                size_t count)
{
    struct file file;
    FILE *out = open_memstream(&file.bytes, &file.size);
    struct hsx_target *target;
    struct hsx_trace *trace;
    struct hsx_exec_sink sink;

    cr_assert_eq(hsx_target_vm_create(8, &target), HSX_OK);
    cr_assert_eq(hsx_trace_create(target, out, form, NULL, &trace), HSX_OK);
    sink = hsx_trace_sink(trace);
    for (size_t i = 0; i < count; i++) {
        if (i == 2) { /* events before the header are kept */
            cr_assert_eq(hsx_trace_begin(trace, &(struct hsx_trace_header){.target = "test"}),
                         HSX_OK);
        }
        random_report(&sink, &events[i]);
    }
    cr_assert_eq(hsx_trace_end(trace), HSX_OK);
    hsx_trace_destroy(trace);
    target->ops->destroy(target);
    fclose(out);
    return file;
}

static const char storm[] = ".text\n.entry\nLDI R1, 1\nloop: ADD R2, R2, R1\nPUSH R2\nPOP R3\n"
                            "XOR R4, R4, R2\nSVC 0x000\nJMP loop\n";

/* Two tasks with a loop for so many steps, with the events in the window. */
static struct file write_run(enum hsx_trace_format form, const struct hsx_trace_window *window,
                             uint64_t steps)
{
    struct file file;
    FILE *out = open_memstream(&file.bytes, &file.size);
    struct hsx_trace_header header;
    struct hsx_trace *trace;
    struct hsx_exec_sink sink;
    struct fixture fx;
    uint32_t addr;

    fx_open(&fx, NULL, 8);
    cr_assert_eq(hsx_trace_create(fx.target, out, form, window, &trace), HSX_OK);
    sink = hsx_trace_sink(trace);
    hsx_exec_set_sink(fx.exec, &sink);
    fx_load(&fx, storm);
    fx_load(&fx, storm);
    cr_assert_eq(hsx_trace_header_take(fx.exec, &header), HSX_OK);
    cr_assert_eq(hsx_trace_begin(trace, &header), HSX_OK);
    hsx_trace_header_clear(&header);
    fx_run(&fx, steps);
    cr_assert_eq(hsx_trace_end(trace), HSX_OK);
    cr_assert_eq(hsx_trace_check(trace, &addr), HSX_OK);
    hsx_trace_destroy(trace);
    fx_close(&fx);
    fclose(out);
    return file;
}

/* ---- Reading */

static FILE *in;
static struct hsx_trace_reader *reader;
static struct hsx_trace_error error;

static enum hsx_status open_file(const struct file *file, size_t size)
{
    static char none;

    in = fmemopen(size != 0 ? file->bytes : &none, size != 0 ? size : 1, "rb");
    cr_assert_not_null(in);
    if (size == 0) {
        getc(in);
    }
    reader = NULL;
    return hsx_trace_open(in, "file", &reader, &error);
}

static void close_file(void)
{
    hsx_trace_close(reader);
    fclose(in);
}

static const struct hsx_trace_event *next(void)
{
    const struct hsx_trace_event *event;

    cr_assert_eq(hsx_trace_next(reader, &event, &error), HSX_OK, "%s", error.text);
    return event;
}

static bool same_stores(const struct hsx_trace_event *a, const struct hsx_trace_event *b)
{
    bool same = a->store_count == b->store_count && a->woken_count == b->woken_count;

    for (size_t i = 0; same && i < a->store_count; i++) {
        same = a->stores[i].addr == b->stores[i].addr && a->stores[i].len == b->stores[i].len &&
               memcmp(a->stores[i].bytes, b->stores[i].bytes, a->stores[i].len) == 0;
    }
    return same && (a->woken_count == 0 ||
                    memcmp(a->woken, b->woken, a->woken_count * sizeof *a->woken) == 0);
}

/* A load's stores are not in text. */
static bool same(const struct hsx_trace_event *a, const struct hsx_trace_event *b)
{
    return a->kind == b->kind && a->state == b->state && a->changed == b->changed &&
           a->pid == b->pid && a->seq == b->seq && a->steps == b->steps && a->cycle == b->cycle &&
           a->now == b->now && memcmp(&a->record, &b->record, sizeof a->record) == 0 &&
           memcmp(a->regs, b->regs, sizeof a->regs) == 0 && strcmp(a->what, b->what) == 0 &&
           memcmp(&a->context, &b->context, sizeof a->context) == 0 &&
           (strcmp(a->what, "load") == 0 || same_stores(a, b));
}

static void expect_mail(const struct hsx_exec_mail *expected, const struct hsx_trace_event *got)
{
    cr_assert_eq((got->has & HSX_TRACE_MAIL) != 0, expected != NULL);
    if (expected) {
        cr_assert_str_eq(got->mail.name, expected->name ? expected->name : "");
        cr_assert_eq(got->mail.number, expected->number);
        cr_assert_eq(got->mail.capacity, expected->capacity);
        cr_assert_eq(got->mail.mode, expected->mode);
        cr_assert_eq(got->mail.on, expected->on);
        cr_assert_eq(got->mail.result, expected->result);
        cr_assert_eq(got->mail.flags, expected->message.flags);
        cr_assert_eq(got->mail.channel, expected->message.channel);
        cr_assert_eq(got->mail.sender, expected->message.sender);
        cr_assert_eq(got->mail.length, expected->message.length);
        cr_assert(expected->message.length == 0 ||
                  memcmp(got->mail.bytes, expected->bytes, expected->message.length) == 0);
    }
}

static void expect_report(const struct random_event *expected, const struct hsx_trace_event *got)
{
    const struct hsx_exec_event *ev = &expected->event;
    const struct hsx_record completed = {.insn = ev->insn,
                                         .pc = ev->ctx.pc,
                                         .next_pc = ev->ctx.pc,
                                         .sp = ev->ctx.sp,
                                         .call_depth = ev->ctx.call_depth,
                                         .slot = ev->slot,
                                         .psw = ev->ctx.psw,
                                         .event = (uint8_t)ev->kind};
    bool equal =
        got->kind == ev->kind && got->pid == ev->pid && got->seq == ev->order &&
        got->steps == ev->steps && got->cycle == ev->cycle && got->state == ev->ctx.state &&
        (ev->kind != HSX_EV_EXTERNAL || memcmp(&got->context, &ev->ctx, sizeof ev->ctx) == 0) &&
        got->mailbox.descriptor == ev->mailbox.descriptor &&
        got->mailbox.messages == ev->mailbox.messages &&
        strcmp(got->mailbox.name, ev->mailbox.name) == 0 &&
        (ev->kind != HSX_EV_TICK || got->now == ev->now) &&
        memcmp(&got->record, ev->record ? ev->record : &completed, sizeof completed) == 0 &&
        strcmp(got->what, ev->what ? ev->what : "") == 0 &&
        got->store_count == expected->store_count && got->woken_count == ev->woken_count;

    for (size_t i = 0; equal && i < expected->store_count; i++) {
        equal =
            got->stores[i].addr == expected->stores[i].addr &&
            got->stores[i].len == expected->stores[i].len &&
            memcmp(got->stores[i].bytes, expected->stores[i].bytes, expected->stores[i].len) == 0;
    }
    for (size_t i = 0; equal && i < ev->woken_count; i++) {
        equal = got->woken[i] == ev->woken[i];
    }
    cr_assert(equal, "event %u, kind %u", (unsigned)ev->order, (unsigned)ev->kind);
    expect_mail(ev->mail, got);
}

Test(trace_files, random_events_come_back_in_both_forms)
{
    enum { COUNT = 3000 };

    for (uint32_t seed = 1; seed <= 5; seed++) {
        struct random_event *events = random_events(seed, COUNT);

        for (size_t f = 0; f < 2; f++) {
            struct file file = write_random(forms[f], events, COUNT);

            cr_assert_eq(open_file(&file, file.size), HSX_OK, "%s", error.text);
            cr_assert_eq(hsx_trace_reader_format(reader), forms[f]);
            cr_assert_str_eq(hsx_trace_reader_header(reader)->target, "test");
            for (size_t i = 0; i < COUNT; i++) {
                const struct hsx_trace_event *got = next();

                cr_assert_not_null(got);
                expect_report(&events[i], got);
            }
            cr_assert_null(next());
            cr_assert_null(hsx_trace_cut(reader));
            close_file();
            free(file.bytes);
        }
        free(events);
    }
}

Test(trace_files, both_forms_say_the_same_registers)
{
    enum { COUNT = 3000 };
    struct random_event *events = random_events(77, COUNT);
    struct file text = write_random(HSX_TRACE_TEXT, events, COUNT);
    struct file binary = write_random(HSX_TRACE_BINARY, events, COUNT);
    FILE *other = fmemopen(binary.bytes, binary.size, "rb");
    struct hsx_trace_reader *second;

    cr_assert_eq(open_file(&text, text.size), HSX_OK);
    cr_assert_eq(hsx_trace_open(other, "binary", &second, &error), HSX_OK);
    for (size_t i = 0; i < COUNT; i++) {
        const struct hsx_trace_event *a = next();
        const struct hsx_trace_event *b;

        cr_assert_eq(hsx_trace_next(second, &b, &error), HSX_OK);
        cr_assert(same(a, b), "event %u", (unsigned)i);
    }
    hsx_trace_close(second);
    fclose(other);
    close_file();
    free(text.bytes);
    free(binary.bytes);
    free(events);
}

/* The events of a file, up to an error or the end. */
struct list {
    struct hsx_trace_event *events;
    size_t count;
    enum hsx_status status;
    bool cut;
};

static struct list read_all(const struct file *file, size_t size, size_t most)
{
    struct list list = {.events = calloc(most + 1, sizeof *list.events)};
    const struct hsx_trace_event *event = NULL;

    list.status = open_file(file, size);
    while (list.status == HSX_OK) {
        list.status = hsx_trace_next(reader, &event, &error);
        if (list.status != HSX_OK || !event) {
            break;
        }
        cr_assert(list.count < most, "more events than were written");
        list.events[list.count] = *event;
        /* Only the data inside the events is compared here. */
        list.events[list.count].store_count = list.events[list.count].woken_count = 0;
        list.count++;
    }
    if (reader) {
        list.cut = hsx_trace_cut(reader) != NULL;
    }
    close_file();
    return list;
}

static void expect_prefix(const struct list *whole, const struct list *part, const char *what,
                          size_t at)
{
    cr_assert(part->count <= whole->count, "%s %u: too many events", what, (unsigned)at);
    for (size_t i = 0; i < part->count; i++) {
        cr_assert(same(&whole->events[i], &part->events[i]), "%s %u: event %u differs", what,
                  (unsigned)at, (unsigned)i);
    }
    cr_assert(part->count == whole->count || part->status != HSX_OK || part->cut,
              "%s %u: events are missing and nothing says so", what, (unsigned)at);
    cr_assert(part->status == HSX_OK || error.text[0] != '\0', "%s %u: no message", what,
              (unsigned)at);
}

Test(trace_files, a_flipped_byte_of_a_binary_trace_is_reported)
{
    enum { COUNT = 60 };
    struct random_event *events = random_events(5, COUNT);
    struct file file = write_random(HSX_TRACE_BINARY, events, COUNT);
    struct list whole = read_all(&file, file.size, COUNT);

    cr_assert_eq(whole.count, COUNT);
    for (size_t at = 0; at < file.size; at++) {
        struct list part;
        char byte = file.bytes[at];

        file.bytes[at] = (char)(byte ^ (1 << at % 8));
        part = read_all(&file, file.size, COUNT);
        expect_prefix(&whole, &part, "flip at", at);
        cr_assert(part.status != HSX_OK || part.cut, "flip at %u is not reported", (unsigned)at);
        free(part.events);
        file.bytes[at] = byte;
    }
    free(whole.events);
    free(file.bytes);
    free(events);
}

Test(trace_files, a_flipped_byte_of_a_text_trace_is_reported_or_is_another_value)
{
    enum { COUNT = 12 };
    struct random_event *events = random_events(6, COUNT);
    struct file file = write_random(HSX_TRACE_TEXT, events, COUNT);

    for (size_t at = 0; at < file.size; at++) {
        struct list part;

        file.bytes[at] ^= (char)(1 << at % 8);
        part = read_all(&file, file.size, COUNT + 1);
        cr_assert(part.status == HSX_OK || error.text[0] != '\0');
        free(part.events);
        file.bytes[at] ^= (char)(1 << at % 8);
    }
    free(file.bytes);
    free(events);
}

Test(trace_files, a_cut_off_trace_is_read_up_to_there)
{
    enum { COUNT = 12 };
    struct random_event *events = random_events(7, COUNT);

    for (size_t f = 0; f < 2; f++) {
        struct file file = write_random(forms[f], events, COUNT);
        struct list whole = read_all(&file, file.size, COUNT);

        cr_assert_eq(whole.count, COUNT);
        cr_assert(!whole.cut);
        for (size_t size = 0; size < file.size; size++) {
            struct list part = read_all(&file, size, COUNT);

            /* Text that ends between two lines looks complete. */
            part.cut |= forms[f] == HSX_TRACE_TEXT && size > 0 && file.bytes[size - 1] == '\n';
            expect_prefix(&whole, &part, "cut at", size);
            free(part.events);
        }
        free(whole.events);
        free(file.bytes);
    }
    free(events);
}

Test(trace_files, chunks_before_a_cut_are_whole_and_can_be_sought_in)
{
    enum { STEPS = 150000 };
    struct file file = write_run(HSX_TRACE_BINARY, NULL, STEPS);

    for (size_t lost = 0; lost < 4000; lost += 1999) {
        cr_assert_eq(open_file(&file, file.size - lost), HSX_OK);
        for (uint64_t steps = 3; steps < STEPS - 60000; steps += 22222) {
            const struct hsx_trace_event *event;

            cr_assert_eq(hsx_trace_seek(reader, steps, &error), HSX_OK);
            event = next();
            cr_assert_eq(event->steps, steps + 1);
            cr_assert_eq(event->regs[3], event->record.pc == 16 ? event->regs[2] : event->regs[3]);
        }
        while (next()) {
        }
        cr_assert_eq(hsx_trace_cut(reader) != NULL, lost != 0);
        close_file();
    }
    free(file.bytes);
}

Test(trace_files, a_window_leaves_out_the_rest_and_keeps_the_registers_right)
{
    enum { STEPS = 2000, MOST = 2 * STEPS };
    const struct hsx_trace_window windows[] = {
        {.from = 100, .to = 900},
        {.to = UINT64_MAX, .pid = 2},
        {.to = UINT64_MAX, .has_pc = true, .pc_low = 8, .pc_high = 12},
        {.from = 500, .to = 1500, .pid = 1, .has_pc = true, .pc_low = 16, .pc_high = 20},
    };
    struct file file = write_run(HSX_TRACE_BINARY, NULL, STEPS);
    struct list whole = read_all(&file, file.size, MOST);

    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
        const struct hsx_trace_window *window = &windows[w];

        for (size_t f = 0; f < 2; f++) {
            struct file part_file = write_run(forms[f], window, STEPS);
            struct list part = read_all(&part_file, part_file.size, MOST);
            size_t n = 0;

            for (size_t i = 0; i < whole.count; i++) {
                const struct hsx_trace_event *ev = &whole.events[i];
                uint64_t before = ev->steps - hsx_trace_is_step(ev);

                if (before >= window->from && before < window->to &&
                    (window->pid == 0 || ev->pid == window->pid) &&
                    (!window->has_pc || (ev->pid != 0 && ev->record.pc >= window->pc_low &&
                                         ev->record.pc <= window->pc_high))) {
                    cr_assert(n < part.count && same(ev, &part.events[n]),
                              "window %u, form %u: event %u", (unsigned)w, (unsigned)f,
                              (unsigned)i);
                    n++;
                }
            }
            cr_assert_eq(n, part.count);
            cr_assert(n > 100);
            free(part.events);
            free(part_file.bytes);
        }
    }
    free(whole.events);
    free(file.bytes);
}

Test(trace_files, lines_of_long_operations_may_come_late)
{
    static const char late[] =
        "{\"seq\":0,\"pc\":0}\n{\"seq\":2,\"pc\":8}\n{\"seq\":3,\"pc\":12}\n"
        "{\"seq\":1,\"pc\":4}\n{\"seq\":5,\"pc\":20}\n{\"seq\":4,\"pc\":16}\n";
    struct file file = {(char *)(uintptr_t)late, sizeof late - 1};

    cr_assert_eq(open_file(&file, file.size), HSX_OK);
    for (uint64_t seq = 0; seq < 6; seq++) {
        const struct hsx_trace_event *event = next();

        cr_assert_eq(event->seq, seq);
        cr_assert_eq(event->record.pc, 4 * seq);
        cr_assert_eq(event->has & (HSX_TRACE_SP | HSX_TRACE_REGS), 0);
    }
    cr_assert_null(next());
    close_file();
}

Test(trace_files, a_wrong_line_is_reported_with_its_number)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"{\"seq\":0}\n{\"seq\":\"x\"}\n", "file:2: \"seq\" is wrong"},
        {"{\"seq\":0}\n\n[1]\n", "file:3: not a JSON object"},
        {"{\"pc\":65536}\n", "file:1: \"pc\" is wrong, expected an integer from 0 to 65535"},
        {"{\"regs\":[1]}\n", "\"regs\" is wrong"},
        {"{\"mem_access\":{\"op\":\"read\"}}\n", "\"mem_access\" is wrong"},
        {"{\"event\":\"birth\"}\n", "\"event\" is wrong"},
        {"pc 3\n", "file:1: neither JSON nor a binary trace"},
        {"{\"format\":\"hsx.trace/9\"}\n", "\"format\""},
        {"{\"format\":\"hsx.trace/1\",\"core\":3}\n", "\"core\""},
        {"\x89HSXT\r\n\1", "another version"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file file = {(char *)(uintptr_t)cases[i].text, strlen(cases[i].text)};
        struct list list = read_all(&file, file.size, 5);

        cr_assert_eq(list.status, HSX_ERR_FORMAT, "%s", cases[i].text);
        cr_assert(strstr(error.text, cases[i].message), "%s: %s", cases[i].text, error.text);
        free(list.events);
    }
}
