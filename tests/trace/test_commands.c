// SPDX-License-Identifier: Apache-2.0
/* hsx trace as users see it, on traces of the mailbox demo. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IMAGES " " HSX_DEMOS "/producer.hxe " HSX_DEMOS "/consumer.hxe "

static void make_traces(void)
{
    cli_enter();
    cr_assert_eq(hsx("run --trace vm.hsxt" IMAGES), 0);
    cr_assert_eq(hsx("run --target rtl --trace rtl.jsonl" IMAGES), 0);
}

TestSuite(trace_cli, .init = make_traces, .fini = cli_leave);

/* Replaces a text in one line of rtl.jsonl, giving changed.jsonl. */
static void change_line(unsigned number, const char *from, const char *to)
{
    static char line[1 << 14];
    FILE *in = fopen("rtl.jsonl", "r");
    FILE *out = fopen("changed.jsonl", "w");
    bool done = false;

    cr_assert(in && out);
    for (unsigned n = 1; fgets(line, sizeof line, in); n++) {
        char *at = n >= number && !done ? strstr(line, from) : NULL;

        if (at) {
            fprintf(out, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
            done = true;
        } else {
            fputs(line, out);
        }
    }
    cr_assert(done, "%s is in no line", from);
    fclose(in);
    fclose(out);
}

static unsigned lines_of(const char *path)
{
    unsigned lines = 0;

    for (const char *c = text_of(path); *c != '\0'; c++) {
        lines += *c == '\n';
    }
    return lines;
}

Test(trace_cli, vm_and_core_are_the_same_and_agree_with_the_model)
{
    cr_assert_eq(hsx("trace diff vm.hsxt rtl.jsonl"), 0);
    expect_in("out", "the same: 5976 events, cycles aside\n");
    cr_assert_eq(hsx("trace diff --cycles vm.hsxt rtl.jsonl"), 10);
    expect_in("out", "cycle of ");
    cr_assert_eq(hsx("trace check rtl.jsonl" IMAGES), 0);
    expect_in("out", "5976 events agree with the C model\n");
    cr_assert_eq(hsx("trace check - < vm.hsxt" IMAGES), 0);
}

Test(trace_cli, one_changed_bit_is_reported_on_one_screen)
{
    change_line(3000, "\"call_depth\":1", "\"call_depth\":3");
    cr_assert_eq(hsx("trace diff vm.hsxt changed.jsonl"), 10);
    expect_in("out", "call_depth of ");
    expect_in("out", "They meet again after 1 and 1 events and are the same for ");
    expect_in("out", "to the end");
    cr_assert_lt(lines_of("out"), 50);
    cr_assert_eq(hsx("trace check changed.jsonl" IMAGES), 10);
    expect_in("out", "expected 1, got 3");
    expect_in("out", "then one does not");
    cr_assert_lt(lines_of("out"), 60);
    cr_assert_eq(hsx("trace check --json changed.jsonl" IMAGES), 10);
    json_t *object = json_loads(text_of("out"), 0, NULL);

    cr_assert_str_eq(json_string_value(json_object_get(object, "field")), "call_depth");
    json_decref(object);
}

Test(trace_cli, another_image_is_named)
{
    cr_assert_eq(hsx("trace check rtl.jsonl " HSX_DEMOS "/three.hxe " HSX_DEMOS "/consumer.hxe"),
                 10);
    expect_in("err", "three.hxe: not the image of task 1 (producer)");
}

/* A debugger's session: all its actions are in the trace, and are repeated. */
Test(trace_cli, what_a_shell_did_is_repeated)
{
    static const char *const targets[] = {"vm", "rtl"};
    char command[1024];

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        snprintf(command, sizeof command,
                 "shell --target %s -c 'trace on s%zu.jsonl; load " HSX_DEMOS
                 "/producer.hxe; load " HSX_DEMOS
                 "/consumer.hxe; step 700; send app:demo hello; listen app:demo; step 300; tap "
                 "stdio.out@1 on; step 900; poke 0x4500 1 2; poke 1 R3 7; sched 2 slice 3; tap "
                 "stdio.out@1 off; pause 2; step 20; listen app:demo off; resume 2; step 5 -p 2; "
                 "send app:demo again 9; send stdio.in@2 unheard; step 500; reload 1; step 200; "
                 "mbox rm app:demo; kill 2; trace off'",
                 targets[i], i);
        cr_assert_eq(hsx(command), 0, "%s", text_of("err"));
        snprintf(command, sizeof command, "trace check s%zu.jsonl" IMAGES HSX_DEMOS "/producer.hxe",
                 i);
        cr_assert_eq(hsx(command), 0, "%s", text_of("out"));
        cr_assert_null(strstr(text_of("out"), "not checked"));
    }
    cr_assert_eq(hsx("trace diff s0.jsonl s1.jsonl"), 0);
    cr_assert_eq(hsx("trace show s1.jsonl --grep 'send|recv|mailbox '"), 0);
    expect_in("out", "app:demo 5 bytes\n");
    cr_assert_eq(
        system(
            "sed '/what...send/s/\"bytes\":\\[104,101,/\"bytes\":[104,100,/' s1.jsonl > bad.jsonl"),
        0);
    cr_assert_eq(hsx("trace check bad.jsonl" IMAGES), 10);
}

Test(trace_cli, names_of_mailboxes_do_no_harm_to_a_terminal)
{
    cr_assert_eq(system("printf 'LDI32 R1, n\nSVC 0x501\nBRK 1\n.data\nn: .byte 115, 118, 99, "
                        "58, 27, 91, 109, 10, 0\n' > named.mvasm"),
                 0);
    cr_assert_eq(hsx("asm named.mvasm -o named.hxe"), 0, "%s", text_of("err"));
    cr_assert_eq(hsx("shell -c 'load named.hxe; trace on named.hsxt; continue; "
                     "send \"svc:\\x1B[m\\n@1\" x; trace off'"),
                 0, "%s", text_of("out"));
    cr_assert_eq(hsx("trace show named.hsxt"), 0);
    expect_in("out", "send");
    expect_in("out", "svc:\\x1B[m\\x0A");
    cr_expect_null(strchr(text_of("out"), 27));
}

Test(trace_cli, a_tick_that_is_not_due_is_found)
{
    cr_assert_eq(system("sed '1s/\"tick_steps\": *1000/\"tick_steps\":999/' rtl.jsonl > bad.jsonl"),
                 0);
    cr_assert_eq(hsx("trace check bad.jsonl" IMAGES), 10);
    expect_in("out", "where the C model has a tick");
    cr_assert_eq(
        system("sed '1s/\"tick_steps\": *1000/\"tick_steps\":1001/' rtl.jsonl > bad.jsonl"), 0);
    cr_assert_eq(hsx("trace check bad.jsonl" IMAGES), 10);
    expect_in("out", ": tick, where the C model has no tick that is due");
}

/* The model runs to the start of the trace by itself. */
Test(trace_cli, a_trace_from_the_middle_of_a_run_is_checked)
{
    cr_assert_eq(hsx("shell" IMAGES "-c 'step 700; save x.snap; trace on m.hsxt; step 200; send "
                     "app:demo hello; pause 1; step 90; resume 1; step 100; trace off'"),
                 0);
    cr_assert_eq(hsx("trace check m.hsxt" IMAGES), 0, "%s", text_of("out"));
    cr_assert_eq(hsx("run --restore x.snap --trace r.jsonl"), 0, "%s", text_of("err"));
    cr_assert_eq(hsx("trace check r.jsonl" IMAGES), 0, "%s", text_of("out"));
    cr_assert_eq(hsx("cosim --restore x.snap --trace c.hsxt"), 0, "%s", text_of("err"));
    cr_assert_eq(hsx("trace diff r.jsonl c.hsxt"), 0, "%s", text_of("out"));
    cr_assert_eq(system("sed '300s/\"call_depth\":/\"call_depth\":1/' r.jsonl > bad.jsonl"), 0);
    cr_assert_eq(hsx("trace check bad.jsonl" IMAGES), 10);
}

/* The output of the original VM: only instructions, without many of the fields used here. */
Test(trace_cli, a_trace_of_bare_instructions_is_checked)
{
    static char line[1 << 14];
    FILE *in = fopen("rtl.jsonl", "r");
    FILE *out = fopen("bare.jsonl", "w");
    static const char *const kept[] = {"pid",  "pc",    "opcode",       "next_pc",   "flags",
                                       "regs", "steps", "changed_regs", "mem_access"};
    unsigned seq = 0;

    while (fgets(line, sizeof line, in)) {
        json_t *object = json_loads(line, 0, NULL);
        const char *event = json_string_value(json_object_get(object, "event"));
        json_t *bare = json_object();

        if (event && strcmp(event, "tick") != 0 && strcmp(event, "complete") != 0 &&
            strcmp(event, "external") != 0) {
            json_object_set_new(bare, "seq", json_integer(seq++));
            for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
                json_object_set(bare, kept[i], json_object_get(object, kept[i]));
            }
            json_dumpf(bare, out, JSON_COMPACT);
            fputc('\n', out);
        }
        json_decref(bare);
        json_decref(object);
    }
    fclose(in);
    fclose(out);
    cr_assert_eq(hsx("trace check bare.jsonl" IMAGES), 0, "%s", text_of("out"));
    expect_in("out", "5922 events agree");
    expect_in("out", "does not have it everywhere: event, slot, ");
    expect_in("out", "sp, call_depth, turn");
    expect_in("out", "not checked: results and times of SVCs");
    cr_assert_eq(system("sed '4000s/\"flags\": *[0-9]*/\"flags\":9/' bare.jsonl > bad.jsonl"), 0);
    cr_assert_eq(hsx("trace check bad.jsonl" IMAGES), 10);
    expect_in("out", "flags of ");
}

Test(trace_cli, show_names_places_and_takes_a_part)
{
    cr_assert_eq(hsx("trace show vm.hsxt --from 20 --to 40 --task 1"), 0);
    expect_in("out", "main+0x24");
    expect_in("out", "answer SVC MOD=0x5, FN=0x0");
    cr_assert_lt(lines_of("out"), 16);
    cr_assert_eq(hsx("trace show rtl.jsonl --grep 'wakes 2'"), 0);
    cr_assert_eq(lines_of("out"), 11, "ten messages and the heading");
    cr_assert_eq(hsx("trace show vm.hsxt --grep '['"), 2);
    cr_assert_eq(hsx("trace show absent"), 1);
    expect_in("err", "absent: No such file");
    cr_assert_eq(hsx("trace dance vm.hsxt"), 2);
    cr_assert_eq(hsx("trace"), 2);
    cr_assert_eq(hsx("trace export vm.hsxt -o x"), 2);
}

Test(trace_cli, a_cut_trace_says_so)
{
    cr_assert_eq(system("head -c 3000 rtl.jsonl > cut.jsonl"), 0);
    cr_assert_eq(hsx("trace stats cut.jsonl"), 0);
    expect_in("err", "cut.jsonl: cut off in line ");
    cr_assert_eq(system("head -c 900 vm.hsxt > cut.hsxt"), 0);
    cr_assert_eq(hsx("trace stats cut.hsxt"), 0);
    expect_in("err", "cut.hsxt: cut off in the chunk at byte ");
}

Test(trace_cli, a_trace_without_events_is_an_error)
{
    cr_assert_eq(system(": > empty.jsonl; head -n 1 rtl.jsonl > header.jsonl"), 0);
    cr_assert_eq(hsx("trace stats empty.jsonl"), 1);
    expect_in("err", "empty.jsonl: is empty, expected a trace");
    cr_assert_eq(hsx("report empty.jsonl -o page.html"), 1);
    expect_in("err", "empty.jsonl: is empty, expected a trace");
    cr_assert_eq(hsx("trace check header.jsonl" IMAGES), 1);
    expect_in("err", "header.jsonl: no events, expected at least one");
}

Test(trace_cli, stats_count)
{
    json_t *object, *item;
    size_t i;
    json_int_t steps = 0, cycles = 0, all, ticks = 5;

    cr_assert_eq(hsx("trace stats --json rtl.jsonl"), 0);
    object = json_loads(text_of("out"), 0, NULL);
    cr_assert_eq(json_integer_value(json_object_get(object, "steps")), 5922);
    cr_assert_eq(json_integer_value(json_object_get(object, "ticks")), ticks);
    json_array_foreach(json_object_get(object, "tasks"), i, item)
    {
        steps += json_integer_value(json_object_get(item, "steps"));
        cycles += json_integer_value(json_object_get(item, "cycles"));
        cr_assert_eq(json_integer_value(json_object_get(item, "stack_used_max")), 44);
    }
    cr_assert_eq(steps, 5922);
    all = json_integer_value(json_object_get(object, "cycles"));
    /* Except for ticks, and the few before the first instruction. */
    cr_assert(cycles + ticks <= all && cycles + ticks + 10 >= all, "%lld of %lld",
              (long long)cycles, (long long)all);
    json_decref(object);
    cr_assert_eq(hsx("trace stats vm.hsxt"), 0);
    expect_in("out", "5922 instructions in ");
    expect_in("out", "line_text_byte");
}

Test(trace_cli, a_report_is_one_page_or_an_error)
{
    cr_assert_eq(hsx("report rtl.jsonl vm.hsxt -o r.html"), 0);
    cr_assert_eq(system("grep -q '\"name\":\"rtl.jsonl\"' r.html"), 0);
    cr_assert_eq(system("grep -q @DATA@ r.html"), 256);
    cr_assert_eq(hsx("report vm.hsxt"), 2);
    cr_assert_eq(hsx("report -o r.html"), 2);
    cr_assert_eq(hsx("report absent -o none.html"), 1);
    cr_assert_eq(hsx("report . -o none.html"), 1);
    expect_in("err", ".: Is a directory\n");
    cr_assert_neq(system("test -e none.html"), 0);
    cr_assert_eq(hsx("report vm.hsxt -o /dev/full"), 1);
}

/* Its stretches of states are merged until they fit. */
Test(trace_cli, a_report_of_a_long_run_stays_a_page)
{
    write_text("a.mvasm", ".entry main\nmain: LDI R0, 1\nSVC MOD=0x6, FN=0x0\nJMP main\n");
    cr_assert_eq(hsx("asm a.mvasm -o a.hxe"), 0);
    cr_assert_eq(hsx("run --steps 60000 --tick-steps 10 --trace long.hsxt a.hxe a.hxe a.hxe"), 4);
    cr_assert_eq(hsx("report long.hsxt -o long.html"), 0);
    cr_assert_eq(system("test $(wc -c <long.html) -lt 2000000"), 0);
    cr_assert_eq(system("grep -q '\"name\":\"long.hsxt\"' long.html"), 0);
}

/* What a task reads from its standard input is in the trace. */
Test(trace_cli, a_run_with_input_is_checked)
{
    write_text("input", "one\ntwo\n");
    cr_assert_eq(hsx("run --stdin --steps 9000 --trace in.jsonl " HSX_ECHO " <input"), 4);
    expect_in("out", "two\n");
    cr_assert_eq(hsx("trace check in.jsonl " HSX_ECHO), 0, "%s", text_of("out"));
    expect_in("out", " events agree with the C model");
}

/* "-" is standard output in every command that writes a file. */
Test(trace_cli, files_may_go_to_standard_output)
{
    cr_assert_eq(hsx("trace export --vcd vm.hsxt -o -"), 0);
    cr_assert_eq(strncmp(text_of("out"), "$comment", 8), 0);
    cr_assert_eq(hsx("report vm.hsxt -o -"), 0);
    cr_assert_eq(strncmp(text_of("out"), "<!DOCTYPE html>", 15), 0);
    cr_assert_eq(system("printf '.text\\n.entry\\nRET\\n' > r.mvasm"), 0);
    cr_assert_eq(hsx("asm r.mvasm -o -"), 0);
    cr_assert_eq(strncmp(text_of("out"), "HSXE", 4), 0);
    cr_assert_neq(system("test -e ./-.sym -o -e ./-"), 0, "there is nothing next to it");
    cr_assert_eq(system(HSX_PROGRAM " run --trace - --trace-format binary" IMAGES
                                    "2>/dev/null | " HSX_PROGRAM " trace diff vm.hsxt - > out"),
                 0);
    expect_in("out", "the same: 5976 events");
}

/* ---- Exports */

struct slice_end {
    json_int_t tid, end;
};

/* The state of task tid at ts, from the stretches among events. */
static const char *state_at(const json_t *events, json_int_t tid, json_int_t ts)
{
    const json_t *event;
    size_t i;

    json_array_foreach(events, i, event)
    {
        json_int_t since = json_integer_value(json_object_get(event, "ts"));

        if (strcmp(json_string_value(json_object_get(event, "ph")), "X") == 0 &&
            json_integer_value(json_object_get(event, "tid")) == tid && since <= ts &&
            ts < since + json_integer_value(json_object_get(event, "dur"))) {
            return json_string_value(json_object_get(event, "name"));
        }
    }
    return "";
}

/* An arrow begins in the stretch with the call or, when that takes time, in the one after it. */
static void expect_arrows(const char *line, const char *from)
{
    json_t *object;
    const json_t *events, *event;
    size_t i;

    cr_assert_eq(hsx(line), 0);
    object = json_load_file("t.json", 0, NULL);
    events = json_object_get(object, "traceEvents");
    cr_assert_not_null(events);
    json_array_foreach(events, i, event)
    {
        const char *ph = json_string_value(json_object_get(event, "ph"));
        json_int_t tid = json_integer_value(json_object_get(event, "tid"));
        json_int_t ts = json_integer_value(json_object_get(event, "ts"));

        if (strcmp(ph, "s") == 0) {
            cr_expect_str_eq(state_at(events, tid, ts), from, "%s: %s at %lld", line,
                             state_at(events, tid, ts), (long long)ts);
        } else if (strcmp(ph, "f") == 0) {
            cr_expect_str_neq(state_at(events, tid, ts), "waiting");
        }
    }
    json_decref(object);
}

Test(trace_cli, the_timeline_for_perfetto_is_whole)
{
    struct slice_end ends[8] = {{0, 0}};
    json_int_t arrows = 0;
    json_int_t heads = 0;
    json_t *object, *event;
    json_error_t error;
    size_t i;

    cr_assert_eq(hsx("trace export --perfetto rtl.jsonl -o t.json"), 0);
    object = json_load_file("t.json", JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(object, "%s", error.text);
    json_array_foreach(json_object_get(object, "traceEvents"), i, event)
    {
        const char *ph = json_string_value(json_object_get(event, "ph"));
        json_int_t tid = json_integer_value(json_object_get(event, "tid"));
        json_int_t ts = json_integer_value(json_object_get(event, "ts"));

        cr_assert_eq(json_integer_value(json_object_get(event, "pid")), 1);
        if (strcmp(ph, "X") == 0) {
            json_int_t dur = json_integer_value(json_object_get(event, "dur"));

            cr_assert_eq(arrows, 0, "the stretch that an arrow binds to comes before it");

            cr_assert(tid > 0 && tid < 8 && dur > 0);
            cr_assert_geq(ts, ends[tid].end, "stretches of a task do not overlap");
            ends[tid].end = ts + dur;
            cr_assert_not_null(json_object_get(event, "name"));
        } else if (strcmp(ph, "s") == 0) {
            arrows++;
            cr_assert_lt(ts, ends[tid].end);
            cr_assert_eq(json_integer_value(json_object_get(event, "id")), arrows);
        } else if (strcmp(ph, "f") == 0) {
            heads++;
            cr_assert_eq(json_integer_value(json_object_get(event, "id")), arrows);
        }
    }
    cr_assert_eq(arrows, 10, "each message wakes the consumer");
    cr_assert_eq(heads, arrows);
    cr_assert_eq(system("grep -q '\"name\":\"task 2 consumer\"' t.json"), 0);
    cr_assert_eq(system("grep -q '\"name\":\"waiting\"' t.json"), 0);
    json_decref(object);
    expect_arrows("trace export --perfetto rtl.jsonl -o t.json", "trapped");
    expect_arrows("trace export --perfetto vm.hsxt -o t.json", "running");
}

Test(trace_cli, the_log_for_konata_is_whole)
{
    enum { MOST = 6000 };
    static unsigned state[MOST]; /* 0: not begun, 1: begun, 2 and more: stages, 99: retired */
    static unsigned ended[MOST]; /* stages */
    static char line[512];
    unsigned long retired = 0;
    unsigned long begun = 0;
    FILE *in;

    cr_assert_eq(hsx("trace export --kanata rtl.jsonl -o t.log"), 0);
    in = fopen("t.log", "r");
    cr_assert_str_eq(fgets(line, sizeof line, in), "Kanata\t0004\n");
    cr_assert_eq(strncmp(fgets(line, sizeof line, in), "C=\t", 3), 0);
    while (fgets(line, sizeof line, in)) {
        unsigned long id = 0;
        unsigned long number = 0;

        if (line[0] == 'C') {
            cr_assert_eq(sscanf(line, "C\t%lu", &number), 1);
            cr_assert_gt(number, 0);
            continue;
        }
        cr_assert_eq(sscanf(line + 2, "%lu\t%lu", &id, &number) >= 1, 1, "%s", line);
        cr_assert_lt(id, MOST);
        switch (line[0]) {
        case 'I':
            cr_assert_eq(state[id]++, 0);
            cr_assert_eq(id, begun++, "numbered as they appear");
            break;
        case 'L':
            cr_assert_eq(state[id], 1);
            break;
        case 'S':
            cr_assert(state[id] >= 1 && state[id] <= 9);
            cr_assert_eq(ended[id] + 1, state[id]);
            state[id]++;
            break;
        case 'E':
            ended[id]++;
            cr_assert_eq(ended[id] + 1, state[id], "each stage ends before the next one begins");
            break;
        case 'R':
            cr_assert_eq(state[id], 10, "nine stages");
            cr_assert_eq(ended[id], 9);
            cr_assert_eq(number, retired++);
            state[id] = 99;
            break;
        default:
            cr_assert_fail("%s", line);
        }
    }
    fclose(in);
    cr_assert_eq(retired, 5922);
}

Test(trace_cli, the_dump_for_wave_viewers_is_whole)
{
    static char line[512], r7[16];
    unsigned long time = 0;
    unsigned depth = 0;
    unsigned long last = 0;
    bool in_second = false;
    FILE *in;

    cr_assert_eq(hsx("trace export --vcd vm.hsxt -o t.vcd"), 0);
    in = fopen("t.vcd", "r");
    while (fgets(line, sizeof line, in) && strncmp(line, "$enddefinitions", 15) != 0) {
        char name[80];

        if (strncmp(line, "$scope", 6) == 0) {
            depth++;
            in_second = strstr(line, "task2_consumer") != NULL;
        } else if (strncmp(line, "$upscope", 8) == 0) {
            depth--;
        } else if (in_second && sscanf(line, "$var wire 32 %15s %79s", r7, name) == 2 &&
                   strcmp(name, "R7") == 0) {
            in_second = false;
        }
    }
    cr_assert_eq(depth, 0);
    while (fgets(line, sizeof line, in)) {
        char id[16];
        char digits[80];

        if (line[0] == '#') {
            unsigned long next = strtoul(line + 1, NULL, 10);

            cr_assert(next > time || time == 0, "time goes on");
            time = next;
        } else if (line[0] == 'b') {
            cr_assert_eq(sscanf(line, "b%79s %15s", digits, id), 2, "%s", line);
            cr_assert_eq(strspn(digits, "01"), strlen(digits));
            if (strcmp(id, r7) == 0) {
                last = strtoul(digits, NULL, 2);
            }
        } else {
            cr_assert(line[0] == '0' || line[0] == '1', "%s", line);
        }
    }
    fclose(in);
    cr_assert_eq(time, 5922);
    cr_assert_eq(hsx("run --trace end.jsonl" IMAGES), 0);
    cr_assert_eq(system("grep '\"pid\":2' end.jsonl | tail -1 | sed 's/.*\"regs\":.//; s/].*//' | "
                        "cut -d, -f8 > r7"),
                 0);
    cr_assert_eq(strtoul(text_of("r7"), NULL, 10), last);
}

Test(trace_cli, an_image_that_gives_no_names_is_reported_once)
{
    cr_assert_eq(system("cp " HSX_DEMOS "/three.hxe a.hxe && cp " HSX_DEMOS "/three.sym a.sym"), 0);
    cr_assert_eq(hsx("run --steps 20 --trace t.jsonl a.hxe a.hxe 2>err"), 4);
    cr_assert_eq(hsx("trace stats t.jsonl >named 2>err"), 0);
    cr_expect_str_eq(text_of("err"), "");
    cr_assert_eq(system("cp " HSX_DEMOS "/fir16.hxe a.hxe"), 0);
    cr_assert_eq(hsx("trace stats t.jsonl >out 2>err"), 0);
    cr_expect_str_eq(text_of("err"), "a.hxe: not the image of the trace any more; its tasks are "
                                     "shown without names of places\n");
    cr_assert_eq(unlink("a.hxe"), 0);
    cr_assert_eq(hsx("trace show t.jsonl >out 2>err"), 0);
    cr_expect_str_eq(text_of("err"), "a.hxe: No such file or directory; its tasks are shown "
                                     "without names of places\n");
}

Test(trace_cli, an_endless_file_is_refused)
{
    cr_expect_eq(hsx("trace stats /dev/zero >out 2>err"), 1);
    cr_expect_str_eq(text_of("err"), "/dev/zero:1: the line is too long\n");
}
