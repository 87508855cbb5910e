// SPDX-License-Identifier: Apache-2.0
/* A trace against the C model: whole traces pass, and one flipped bit is found. */
#include "fixture.h"
#include "random_events.h"
#include <criterion/criterion.h>
#include <hsx/tracetool.h>
#include <stdlib.h>
#include <string.h>

static const char say[] =
    ".text\n.entry\nLDI R9, 1\nLDI32 R8, 9000\nLDI32 R1, n\nSVC 0x500\nMOV R7, R1\n"
    "m: MOV R1, R7\nLDI32 R2, n\nLDI R3, 5\nLDI R4, 0\nLDI R5, 3\nSVC 0x502\nPUSH R1\nPOP R6\n"
    "CALL inc\nLDI R0, 2\nSVC 0x600\nSUB R8, R8, R9\nJNZ m\nRET\n"
    "inc: ADD R10, R10, R9\nXOR R11, R11, R10\nRET\n.data\nn: .asciz \"app:x\"\n";
static const char hear[] =
    ".text\n.entry\nLDI R9, 1\nLDI32 R8, 9000\nLDI32 R1, n\nSVC 0x500\nMOV R7, R1\n"
    "m: MOV R1, R7\nLDI32 R2, b\nLDI R3, 8\nLDI R4, 1\nLDI32 R5, i\nSVC 0x503\nLDI32 R6, b\n"
    "LDB R10, [R6+1]\nSTH [R6+4], R10\nSUB R8, R8, R9\nJNZ m\nRET\n"
    ".data\nn: .asciz \"app:x\"\nb: .zero 8\ni: .zero 20\n";
static const char work[] =
    ".text\n.entry\nLDI R1, 7\nm: MUL R2, R2, R1\nADD R2, R2, R1\nSVC 0x000\n"
    "ASR R3, R2, R1\nI2F R4, R3\nFADD R5, R5, R4\nCMP R3, R2\nJMP m\n";
static const char bad[] = ".text\n.entry\nLDI R1, 300\nm: PUSH R1\nJMP m\n";

enum { PROGRAMS = 4 };

static const char *const sources[PROGRAMS] = {say, hear, work, bad};

static struct hsx_trace_program programs[PROGRAMS];
static char *bytes;
static size_t size;

/* The message of a host's send has so many bytes. */
enum { HOSTS = 3 };

/* A host's actions on mailboxes: each once, including the mailbox that two tasks use. */
static void use_mailboxes(struct hsx_exec *exec)
{
    const struct hsx_mbox_message to_task = {.length = HOSTS, .flags = 4, .channel = 9};
    const struct hsx_mbox_message to_self = {.length = 0x100, .channel = 1};
    static uint8_t text[0x100];
    struct hsx_mbox_message got;
    enum hsx_mbox_status result;
    uint32_t descriptor;
    uint16_t handle, tap;

    cr_assert_eq(hsx_exec_host_bind(exec, "app:mine", 0x200, 3, &descriptor, &result), HSX_OK);
    cr_assert_eq(hsx_exec_host_open(exec, "app:mine", 3, &handle, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    cr_assert_eq(hsx_exec_host_send(exec, handle, &to_self, text, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    cr_assert_eq(hsx_exec_host_recv(exec, handle, &got, text, sizeof text, &result), HSX_OK);
    cr_assert_eq(got.length, 0x100);
    cr_assert_eq(hsx_exec_host_close(exec, 77, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_INVALID_HANDLE, "refused actions are also in the trace");
    cr_assert_eq(hsx_exec_host_open(exec, "app:x", 1, &tap, &result), HSX_OK);
    cr_assert_eq(hsx_exec_host_tap(exec, tap, true, &result), HSX_OK);
    cr_assert_eq(hsx_exec_host_post(exec, "app:x", &to_task, "abc", &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    cr_assert_eq(hsx_exec_host_recv(exec, tap, &got, text, sizeof text, &result), HSX_OK);
    cr_assert_eq(hsx_exec_host_close(exec, tap, &result), HSX_OK);
    cr_assert_eq(hsx_exec_remove_mailbox(exec, descriptor), HSX_OK);
    cr_assert_eq(hsx_exec_close_handle(exec, 4, 1, &result), HSX_OK);
}

/* Four tasks for so many steps, with actions of a debugger in between. */
static void make_trace(enum hsx_trace_format form, uint64_t steps,
                       const struct hsx_trace_window *window)
{
    FILE *out = open_memstream(&bytes, &size);
    struct hsx_exec_config config;
    struct hsx_trace_header header;
    struct hsx_trace *trace;
    struct hsx_exec_sink sink;
    struct fixture fx;

    hsx_exec_config_init(&config);
    config.tick_steps = 50;
    fx_open(&fx, &config, 8);
    cr_assert_eq(hsx_trace_create(fx.target, out, form, window, &trace), HSX_OK);
    sink = hsx_trace_sink(trace);
    hsx_exec_set_sink(fx.exec, &sink);
    for (size_t i = 0; i < PROGRAMS; i++) {
        const struct hsx_exec_load load = {.name = "p", .slice = i == 2 ? 3 : 1};
        struct hsx_exec_error error;
        uint32_t pid;

        programs[i].path = "p";
        programs[i].bytes =
            fx_assemble(&(struct fx_image){.source = sources[i]}, &programs[i].size);
        cr_assert_eq(
            hsx_exec_load(fx.exec, programs[i].bytes, programs[i].size, &load, &pid, &error),
            HSX_OK, "%s", error.text);
    }
    cr_assert_eq(hsx_trace_header_take(fx.exec, &header), HSX_OK);
    strcpy(header.target, "vm");
    cr_assert_eq(hsx_trace_begin(trace, &header), HSX_OK);
    hsx_trace_header_clear(&header);
    fx_run(&fx, steps / 4);
    cr_assert_eq(hsx_exec_pause(fx.exec, 3), HSX_OK);
    use_mailboxes(fx.exec);
    fx_run(&fx, steps / 4);
    cr_assert_eq(hsx_exec_resume(fx.exec, 3), HSX_OK);
    cr_assert_eq(hsx_exec_set_slice(fx.exec, 3, 2), HSX_OK);
    cr_assert_eq(hsx_exec_poke(fx.exec, 0x0100, "abc", 3), HSX_OK);
    fx_run(&fx, steps / 2);
    cr_assert_eq(hsx_trace_end(trace), HSX_OK);
    hsx_trace_destroy(trace);
    fx_close(&fx);
    fclose(out);
}

static void forget_trace(void)
{
    for (size_t i = 0; i < PROGRAMS; i++) {
        free((void *)(uintptr_t)programs[i].bytes);
    }
    free(bytes);
}

/* ---- A source that flips one bit */

static struct {
    FILE *in;
    struct hsx_trace_reader *reader;
    struct hsx_trace_source source;
    uint64_t at; /* the first event from this one on that has the field; UINT64_MAX: none */
    uint32_t field;
    unsigned bit;
    uint64_t count;
    uint64_t where; /* the event that was flipped */
    bool flipped;
    struct hsx_trace_event event;
    uint8_t store[64];
    uint8_t message[0x200];
    struct hsx_trace_store stores[8];
    uint32_t woken[8];
    uint32_t lacking; /* fields that are removed */
    bool only_steps;  /* all other events are removed as well */
} flipper;

static bool flip_lists(struct hsx_trace_event *ev, uint32_t field, unsigned bit)
{
    if (field == HSX_TRACE_STORES) {
        if (ev->store_count == 0 || ev->store_count > 8 || ev->stores[0].len > 64 ||
            strcmp(ev->what, "load") == 0) {
            return false;
        }
        memcpy(flipper.stores, ev->stores, ev->store_count * sizeof *ev->stores);
        memcpy(flipper.store, ev->stores[0].bytes, ev->stores[0].len);
        flipper.store[bit / 8 % ev->stores[0].len] ^= (uint8_t)(1 << bit % 8);
        flipper.stores[0].bytes = flipper.store;
        ev->stores = flipper.stores;
        return true;
    }
    if (ev->woken_count == 0 || ev->woken_count > 8) {
        return false;
    }
    memcpy(flipper.woken, ev->woken, ev->woken_count * sizeof *ev->woken);
    flipper.woken[0] ^= 1u << bit % 32;
    ev->woken = flipper.woken;
    return true;
}

/* The result of an action, or a message to a task. */
static bool flip_mail(struct hsx_trace_event *ev, unsigned bit)
{
    bool to_task = ev->mail.length == HOSTS;

    if (ev->mail.length > sizeof flipper.message) {
        return false;
    }
    if (to_task || (strcmp(ev->what, "recv") == 0 && bit % 2 == 0)) {
        memcpy(flipper.message, ev->mail.bytes, ev->mail.length);
        flipper.message[bit / 8 % ev->mail.length] ^= (uint8_t)(1 << bit % 8);
        ev->mail.bytes = flipper.message;
    } else if (strcmp(ev->what, "recv") == 0) {
        ev->mail.sender ^= (uint16_t)(1 << bit % 16);
    } else {
        ev->mail.result ^= (uint8_t)(1 << bit % 8);
    }
    return true;
}

/* false: the event has no such thing to flip. */
static bool flip(struct hsx_trace_event *ev, uint32_t field, unsigned bit)
{
    struct hsx_record *r = &ev->record;

    if ((ev->has & field) == 0) {
        return false;
    }
    switch (field) {
    case HSX_TRACE_SEQ:
        ev->seq ^= 1ull << bit % 40;
        break;
    case HSX_TRACE_EVENT:
        ev->kind ^= (uint8_t)(1 << bit % 3);
        break;
    case HSX_TRACE_PID:
        ev->pid ^= 1u << bit % 32;
        break;
    case HSX_TRACE_SLOT:
        r->slot ^= (uint8_t)(1 << bit % 8);
        break;
    case HSX_TRACE_PC:
        r->pc ^= (uint16_t)(1 << bit % 16);
        break;
    case HSX_TRACE_INSN:
        r->insn ^= 1u << bit % 32;
        break;
    case HSX_TRACE_EXT:
        r->ext ^= 1u << bit % 32;
        break;
    case HSX_TRACE_NEXT_PC:
        r->next_pc ^= (uint16_t)(1 << bit % 16);
        break;
    case HSX_TRACE_RD:
        if (bit % 3 == 0) {
            r->rd ^= (uint8_t)(1 << bit % 4);
        } else if (bit % 3 == 1) {
            r->flags ^= HSX_REC_R15;
        } else {
            r->rd_value ^= 1u << bit % 32;
        }
        break;
    case HSX_TRACE_PSW:
        r->psw ^= (uint8_t)(1 << bit % 4);
        break;
    case HSX_TRACE_SP:
        r->sp ^= (uint16_t)(1 << bit % 16);
        break;
    case HSX_TRACE_CALL_DEPTH:
        r->call_depth ^= (uint16_t)(1 << bit % 16);
        break;
    case HSX_TRACE_ACCESS:
        if (r->access == 0) {
            return false;
        }
        if (bit % 2 == 0) {
            r->mem_value ^= 1u << bit % 32;
        } else {
            r->mem_addr ^= (uint16_t)(1 << bit % 16);
        }
        break;
    case HSX_TRACE_TURN:
        r->flags ^= bit % 2 ? HSX_REC_TURN_FIRST : HSX_REC_TURN_ROTATE;
        break;
    case HSX_TRACE_REGS:
        ev->regs[bit % 16] ^= 1u << bit % 32;
        break;
    case HSX_TRACE_CHANGED:
        ev->changed ^= (uint16_t)(1 << bit % 16);
        break;
    case HSX_TRACE_STEPS:
        ev->steps ^= 1ull << bit % 40;
        break;
    case HSX_TRACE_STATE:
        ev->state ^= (uint8_t)(1 << bit % 4);
        break;
    case HSX_TRACE_NOW:
        ev->now ^= 1ull << bit % 20;
        break;
    case HSX_TRACE_WHAT_DONE:
        ev->what[0] ^= 1;
        break;
    case HSX_TRACE_STORES:
    case HSX_TRACE_WOKEN:
        return flip_lists(ev, field, bit);
    case HSX_TRACE_CONTEXT:
        ev->context.reg_base ^= (uint16_t)(1 << bit % 16);
        break;
    case HSX_TRACE_MAILBOX:
        ev->mailbox.messages ^= 1u << bit % 32;
        break;
    case HSX_TRACE_MAIL:
        return flip_mail(ev, bit);
    case HSX_TRACE_CYCLE:
        ev->cycle ^= 1ull << bit % 30;
        break;
    default:
        cr_assert_fail("a field without a flip");
    }
    return true;
}

static enum hsx_status flipped_next(void *ctx, const struct hsx_trace_event **event,
                                    struct hsx_trace_error *error)
{
    enum hsx_status status;

    (void)ctx;
    do {
        status = hsx_trace_next(flipper.reader, event, error);
    } while (status == HSX_OK && *event && flipper.only_steps && !hsx_trace_is_step(*event));
    if (status != HSX_OK || !*event) {
        return status;
    }
    flipper.event = **event;
    flipper.event.has &= ~flipper.lacking;
    if (flipper.lacking & HSX_TRACE_SP) {
        flipper.event.record.sp = 0;
        flipper.event.context.sp = 0;
    }
    if (flipper.lacking & HSX_TRACE_PSW) {
        flipper.event.record.psw = 0;
        flipper.event.context.psw = 0;
    }
    *event = &flipper.event;
    if (flipper.count++ >= flipper.at && !flipper.flipped) {
        flipper.flipped = flip(&flipper.event, flipper.field, flipper.bit);
        flipper.where = flipper.count - 1;
    }
    return HSX_OK;
}

static enum hsx_status again(void *ctx, struct hsx_trace_error *error)
{
    (void)ctx;
    hsx_trace_close(flipper.reader);
    rewind(flipper.in);
    flipper.count = 0;
    flipper.flipped = false;
    cr_assert_eq(hsx_trace_open(flipper.in, "trace", &flipper.reader, error), HSX_OK);
    flipper.source.header = hsx_trace_reader_header(flipper.reader);
    flipper.source.next = flipped_next;
    return HSX_OK;
}

static struct hsx_trace_verdict verdict;
static char *report;

static void run_check(void)
{
    const struct hsx_trace_check check = {
        .programs = programs, .program_count = PROGRAMS, .contexts = 8};
    struct hsx_trace_check options = check;
    struct hsx_trace_error error = {""};
    size_t length;
    FILE *out = open_memstream(&report, &length);

    hsx_exec_config_init(&options.config);
    options.config.tick_steps = 50;
    flipper.in = fmemopen(bytes, size, "rb");
    flipper.reader = NULL;
    cr_assert_eq(again(NULL, &error), HSX_OK);
    cr_assert_eq(hsx_tracetool_check(&flipper.source, again, &options, out, &verdict, &error),
                 HSX_OK, "%s", error.text);
    hsx_trace_close(flipper.reader);
    fclose(flipper.in);
    fclose(out);
}

static void start(void)
{
    memset(&flipper, 0, sizeof flipper);
    flipper.at = UINT64_MAX;
}

TestSuite(trace_check, .init = start);

Test(trace_check, whole_traces_of_either_form_pass)
{
    static const enum hsx_trace_format forms[] = {HSX_TRACE_TEXT, HSX_TRACE_BINARY};

    for (size_t f = 0; f < 2; f++) {
        make_trace(forms[f], 6000, NULL);
        run_check();
        cr_assert(!verdict.differs, "%s", report);
        cr_assert_str_eq(verdict.stopped, "");
        cr_assert_eq(verdict.missing, 0);
        cr_assert_gt(verdict.events, 6000);
        free(report);
        forget_trace();
    }
}

Test(trace_check, one_flipped_bit_in_any_field_is_found)
{
    enum { STEPS = 100000, EACH = 2 };
    static const uint32_t of_all[] = {
        HSX_TRACE_SEQ,    HSX_TRACE_EVENT,   HSX_TRACE_PID,  HSX_TRACE_SLOT,
        HSX_TRACE_PC,     HSX_TRACE_INSN,    HSX_TRACE_EXT,  HSX_TRACE_NEXT_PC,
        HSX_TRACE_RD,     HSX_TRACE_PSW,     HSX_TRACE_SP,   HSX_TRACE_CALL_DEPTH,
        HSX_TRACE_ACCESS, HSX_TRACE_TURN,    HSX_TRACE_REGS, HSX_TRACE_CHANGED,
        HSX_TRACE_STEPS,  HSX_TRACE_STATE,   HSX_TRACE_NOW,  HSX_TRACE_STORES,
        HSX_TRACE_WOKEN,  HSX_TRACE_MAILBOX, HSX_TRACE_CYCLE};
    static const uint32_t of_actions[] = {HSX_TRACE_WHAT_DONE, HSX_TRACE_CONTEXT, HSX_TRACE_MAIL};
    uint32_t seed = 2463534242;

    make_trace(HSX_TRACE_BINARY, STEPS, NULL);
    for (size_t i = 0; i < sizeof of_all / sizeof of_all[0] * EACH; i++) {
        flipper.field = of_all[i / EACH];
        flipper.at = random_next(&seed) % (i % 10 == 0 ? STEPS : STEPS / 10);
        flipper.bit = random_next(&seed);
        run_check();
        cr_assert(flipper.flipped, "%s has nothing to flip",
                  hsx_tracetool_field_name(flipper.field));
        cr_assert(verdict.differs || verdict.stopped[0] != '\0', "%s, bit %u, from event %u",
                  hsx_tracetool_field_name(flipper.field), flipper.bit, (unsigned)flipper.at);
        cr_assert(!verdict.differs || verdict.events + 1 >= flipper.at,
                  "%s: reported before it was flipped", hsx_tracetool_field_name(flipper.field));
        free(report);
    }
    for (size_t i = 0; i < sizeof of_actions / sizeof of_actions[0]; i++) {
        flipper.field = of_actions[i];
        flipper.at = i;
        flipper.bit = 7;
        run_check();
        cr_assert(flipper.flipped);
        cr_assert(verdict.differs || verdict.stopped[0] != '\0');
        free(report);
    }
    forget_trace();
}

/* For each action that is repeated, whatever it was about. */
Test(trace_check, one_flipped_bit_in_what_a_host_does_with_mailboxes_is_found)
{
    enum { ACTIONS = 12 };
    uint64_t first = 0;

    make_trace(HSX_TRACE_TEXT, 6000, NULL);
    for (unsigned i = 0; i < ACTIONS; i++) {
        flipper.field = HSX_TRACE_MAIL;
        flipper.at = first;
        flipper.bit = i + 3;
        run_check();
        cr_assert(flipper.flipped);
        cr_assert(verdict.differs, "action %u", i);
        first = flipper.where + 1;
        free(report);
    }
    forget_trace();
}

Test(trace_check, the_report_says_what_was_expected_and_what_led_to_it)
{
    size_t lines = 0;

    make_trace(HSX_TRACE_BINARY, 6000, NULL);
    flipper.field = HSX_TRACE_CALL_DEPTH;
    flipper.at = 3000;
    flipper.bit = 0;
    run_check();
    cr_assert(verdict.differs);
    cr_assert_eq(verdict.field, HSX_TRACE_CALL_DEPTH);
    cr_assert(strstr(verdict.what, "call_depth of "), "%s", verdict.what);
    cr_assert(strstr(verdict.what, ": expected "));
    cr_assert(strstr(report, "* call_depth "), "%s", report);
    cr_assert(strstr(report, "Last events of task "));
    cr_assert(strstr(report, "<- expected"));
    cr_assert(strstr(report, "<- got"));
    for (const char *c = report; *c != '\0'; c++) {
        lines += *c == '\n';
    }
    cr_assert_lt(lines, 60, "one screen");
    free(report);
    forget_trace();
}

Test(trace_check, a_trace_that_lacks_fields_is_checked_by_the_rest)
{
    make_trace(HSX_TRACE_TEXT, 6000, NULL);
    flipper.lacking =
        HSX_TRACE_SP | HSX_TRACE_PSW | HSX_TRACE_CALL_DEPTH | HSX_TRACE_TURN | HSX_TRACE_RD;
    run_check();
    cr_assert(!verdict.differs, "%s", report);
    cr_assert_eq(verdict.missing, flipper.lacking);
    free(report);
    flipper.field = HSX_TRACE_REGS;
    flipper.at = 4000;
    run_check();
    cr_assert(verdict.differs);
    free(report);
    forget_trace();
}

Test(trace_check, a_window_is_checked_where_it_is)
{
    const struct hsx_trace_window window = {.from = 500, .to = 1200};

    make_trace(HSX_TRACE_BINARY, 6000, &window);
    run_check();
    cr_assert(!verdict.differs, "%s", report);
    cr_assert_gt(verdict.events, 600);
    free(report);
    flipper.field = HSX_TRACE_PSW;
    flipper.at = 300;
    run_check();
    cr_assert(verdict.differs);
    free(report);
    forget_trace();
}
