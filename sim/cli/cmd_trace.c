// SPDX-License-Identifier: Apache-2.0
/* hsx trace: showing, checking, comparing and exporting traces. */
#include "command_line.h"
#include "commands.h"
#include "option_number.h"
#include "output.h"
#include "run_options.h"
#include "trace_input.h"
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_TASK = 0x6000,
    KEY_FROM,
    KEY_TO,
    KEY_GREP,
    KEY_LINES,
    KEY_CYCLES,
    KEY_PERFETTO,
    KEY_KANATA,
    KEY_VCD,
    KEY_JSON_OUT
};

enum { EXIT_DIFFERS = 10 };

struct request {
    const char *action;
    char **files; /* the traces, then images */
    size_t count;
    size_t traces; /* how many of them are traces */
    uint32_t task; /* 0: all */
    uint64_t from, to;
    const char *grep;
    bool lines;
    bool cycles;
    bool json;
    int form; /* enum hsx_trace_export, -1: none given */
    const char *output;
    struct hsx_run_options run;
};

static int failed(const char *what)
{
    fprintf(stderr, "hsx trace: %s\n", what);
    return HSX_EXIT_INPUT;
}

/* The exit status for the result of a function on a trace; error describes all but out of
 * memory. */
static int ended(enum hsx_status status, const struct hsx_trace_error *error)
{
    if (status == HSX_OK) {
        return HSX_EXIT_OK;
    }
    if (error->text[0] == '\0') {
        return failed(hsx_status_name(status));
    }
    fprintf(stderr, "%s\n", error->text);
    return HSX_EXIT_INPUT;
}

/* ---- show */

struct show {
    const struct request *request;
    const struct hsx_tracetool_names *names;
    regex_t pattern;
};

static bool wanted(const struct show *s, const struct hsx_trace_event *event, const char *line)
{
    const struct request *r = s->request;
    uint64_t before = event->steps - hsx_trace_is_step(event);

    return (r->task == 0 || event->pid == r->task) && before >= r->from && before < r->to &&
           (!r->grep || regexec(&s->pattern, line, 0, NULL, 0) == 0);
}

static void add_source(const struct hsx_tracetool_names *names, const struct hsx_trace_event *event,
                       char *line, size_t size)
{
    size_t used = strlen(line);
    char source[80];

    if (event->has & HSX_TRACE_PC) {
        hsx_tracetool_code_line(names, event->pid, event->record.pc, source, sizeof source);
        snprintf(line + used, size - used, "%s%s", source[0] != '\0' ? "  ; " : "", source);
    }
}

static enum hsx_status show_events(const struct show *s, struct trace_input *input,
                                   struct hsx_trace_error *error)
{
    char line[HSX_TRACETOOL_LINE];
    enum hsx_status status = HSX_OK;

    if (s->request->from != 0) {
        status = hsx_trace_seek(input->reader, s->request->from, error);
    }
    hsx_tracetool_heading(line, sizeof line);
    puts(line);
    while (status == HSX_OK) {
        const struct hsx_trace_event *event;

        status = hsx_trace_next(input->reader, &event, error);
        if (status != HSX_OK || !event || (event->steps > s->request->to && s->request->to != 0)) {
            break;
        }
        hsx_tracetool_line(s->names, event, line, sizeof line);
        if (s->request->lines) {
            add_source(s->names, event, line, sizeof line);
        }
        if (wanted(s, event, line)) {
            puts(line);
        }
    }
    return status;
}

static int show(const struct request *request, struct trace_input *input,
                const struct trace_images *images)
{
    struct show s = {.request = request, .names = &images->names};
    struct hsx_trace_error error = {""};
    enum hsx_status status;
    char why[120];
    int wrong = request->grep ? regcomp(&s.pattern, request->grep, REG_EXTENDED | REG_NOSUB) : 0;

    if (wrong != 0) {
        regerror(wrong, &s.pattern, why, sizeof why);
        fprintf(stderr, "hsx trace: --grep '%s': %s\n", request->grep, why);
        return HSX_EXIT_USAGE;
    }
    status = show_events(&s, input, &error);
    if (request->grep) {
        regfree(&s.pattern);
    }
    fflush(stdout);
    trace_input_warn(input);
    return ended(status, &error);
}

/* ---- check */

static json_t *verdict_json(const struct hsx_trace_verdict *v)
{
    char missing[200];

    hsx_tracetool_field_list(v->missing, missing, sizeof missing);
    return json_pack("{s:I, s:b, s:I, s:I, s:I, s:s, s:s, s:s, s:b, s:b, s:b, s:s}", "events",
                     (json_int_t)v->events, "differs", (int)v->differs, "seq", (json_int_t)v->seq,
                     "cycle", (json_int_t)v->cycle, "pid", (json_int_t)v->pid, "field",
                     v->field != 0 ? hsx_tracetool_field_name(v->field) : "", "what", v->what,
                     "missing", missing, "no_completions", (int)v->no_completions, "no_ticks",
                     (int)v->no_ticks, "no_actions", (int)v->no_actions, "stopped", v->stopped);
}

static void print_verdict(const struct hsx_trace_verdict *v)
{
    char missing[200];

    printf("%s%" PRIu64 " events agree with the C model%s\n", v->differs ? "\n" : "", v->events,
           v->differs ? ", then one does not" : "");
    if (v->missing != 0) {
        hsx_tracetool_field_list(v->missing, missing, sizeof missing);
        printf("not checked, because the trace does not have it everywhere: %s\n", missing);
    }
    if (v->no_completions) {
        puts("not checked: results and times of SVCs; the trace has no such events, so the "
             "executive's were used");
    }
    if (v->no_actions) {
        puts("not checked: actions from outside; the trace has none, so all images were loaded "
             "at the start");
    }
    if (v->stopped[0] != '\0') {
        printf("not checked to the end: %s\n", v->stopped);
    }
}

static void check_hashes(const struct trace_input *input, const struct trace_images *images);

static int check(const struct request *request, struct trace_input *input,
                 const struct trace_images *images)
{
    const struct hsx_trace_check options = {.programs = images->programs,
                                            .program_count = images->count,
                                            .config = request->run.config,
                                            .contexts = request->run.contexts,
                                            .names = &images->names};
    struct hsx_trace_error error = {""};
    struct hsx_trace_verdict verdict;
    enum hsx_status status;

    check_hashes(input, images);
    status = hsx_tracetool_check(&input->source, trace_input_again, &options,
                                 request->json ? stderr : stdout, &verdict, &error);
    if (input->reader) {
        trace_input_warn(input);
    }
    if (status != HSX_OK) {
        return ended(status, &error);
    }
    if (verdict.events == 0 && !verdict.differs && verdict.stopped[0] == '\0') {
        fprintf(stderr, "%s: no events, expected at least one\n", request->files[0]);
        return HSX_EXIT_INPUT;
    }
    if (request->json) {
        json_t *object = verdict_json(&verdict);

        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
    } else {
        print_verdict(&verdict);
    }
    if (verdict.differs) {
        return EXIT_DIFFERS;
    }
    return verdict.stopped[0] != '\0' ? HSX_EXIT_INPUT : HSX_EXIT_OK;
}

/* ---- diff */

static int diff(const struct request *request, struct trace_input *a)
{
    struct trace_input b;
    struct trace_images images;
    struct hsx_trace_error error = {""};
    struct hsx_trace_diff result = {0};
    enum hsx_status status;

    if (trace_input_open(&b, request->files[1], false) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    status = trace_images_read(&images, request->files + 2, request->count - 2, a->source.header);
    if (status == HSX_OK) {
        status = hsx_tracetool_diff(&a->source, request->files[0], &b.source, request->files[1],
                                    request->cycles, &images.names, stdout, &result, &error);
        fflush(stdout);
        trace_input_warn(a);
        trace_input_warn(&b);
        if (status == HSX_OK && !result.differs) {
            printf("the same: %" PRIu64 " events%s\n", result.same,
                   request->cycles ? "" : ", cycles aside");
        }
        status = status == HSX_OK && result.differs ? HSX_ERR_DIVERGED : status;
    }
    trace_images_free(&images);
    trace_input_close(&b);
    return status == HSX_ERR_DIVERGED ? EXIT_DIFFERS : ended(status, &error);
}

/* ---- stats and export */

static int stats(const struct request *request, struct trace_input *input,
                 const struct trace_images *images)
{
    struct hsx_trace_error error = {""};
    json_t *object = NULL;
    enum hsx_status status = hsx_tracetool_stats(&input->source, &images->names, &object, &error);

    if (status == HSX_OK) {
        uint64_t steps = (uint64_t)json_integer_value(json_object_get(object, "steps"));
        uint64_t bytes = hsx_trace_bytes(input->reader);

        json_object_set_new(object, "bytes", json_integer((json_int_t)bytes));
        if (request->json) {
            json_dumpf(object, stdout, JSON_COMPACT);
            putchar('\n');
        } else {
            hsx_tracetool_stats_print(object, stdout);
            printf("\n%" PRIu64 " bytes of trace, %.2f a step\n", bytes,
                   steps != 0 ? (double)bytes / (double)steps : 0);
        }
        json_decref(object);
    }
    fflush(stdout);
    trace_input_warn(input);
    return ended(status, &error);
}

static int export_trace(const struct request *request, struct trace_input *input,
                        const struct trace_images *images)
{
    struct hsx_trace_error error = {""};
    struct hsx_output output;
    enum hsx_status status;

    if (hsx_output_open(&output, request->output) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", request->output, strerror(errno));
        return HSX_EXIT_INPUT;
    }
    status = hsx_tracetool_export(&input->source, (enum hsx_trace_export)request->form,
                                  &images->names, output.file, &error);
    if (status != HSX_OK) {
        hsx_output_discard(&output);
        return ended(status, &error);
    }
    trace_input_warn(input);
    if (hsx_output_commit(&output) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", request->output, strerror(errno));
        return HSX_EXIT_INPUT;
    }
    return HSX_EXIT_OK;
}

/* ---- Options */

static const struct action {
    const char *name;
    size_t traces;
    int (*run)(const struct request *request, struct trace_input *input,
               const struct trace_images *images);
} actions[] = {{"show", 1, show},
               {"check", 1, check},
               {"diff", 2, NULL},
               {"stats", 1, stats},
               {"export", 1, export_trace}};

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
    }
    return NULL;
}

static void check_usage(struct request *r, struct argp_state *state)
{
    const struct action *action;

    r->action = state->argv[state->next];
    r->files = state->argv + state->next + 1;
    r->count = (size_t)(state->argc - state->next) - 1;
    action = find_action(r->action);
    if (!action) {
        argp_error(state, "'%s' is no action, expected show, check, diff, stats or export",
                   r->action);
        return;
    }
    r->traces = action->traces;
    if (r->count < action->traces) {
        argp_error(state, action->traces == 2 ? "two traces are expected" : "a trace is missing");
    }
    if (strcmp(r->action, "export") == 0 && (r->form < 0 || !r->output)) {
        argp_error(state, "export needs --perfetto, --kanata or --vcd, and -o FILE");
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *r = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &r->run;
        return 0;
    case KEY_TASK:
        r->task = (uint32_t)hsx_option_number(state, "--task", arg, 1, UINT32_MAX);
        return 0;
    case KEY_FROM:
        r->from = hsx_option_number(state, "--from", arg, 0, UINT64_MAX);
        return 0;
    case KEY_TO:
        r->to = hsx_option_number(state, "--to", arg, 0, UINT64_MAX);
        return 0;
    case KEY_GREP:
        r->grep = arg;
        return 0;
    case KEY_LINES:
        r->lines = true;
        return 0;
    case KEY_CYCLES:
        r->cycles = true;
        return 0;
    case KEY_PERFETTO:
        r->form = HSX_TRACE_PERFETTO;
        return 0;
    case KEY_KANATA:
        r->form = HSX_TRACE_KANATA;
        return 0;
    case KEY_VCD:
        r->form = HSX_TRACE_VCD;
        return 0;
    case 'o':
        r->output = arg;
        return 0;
    case ARGP_KEY_ARGS:
        check_usage(r, state);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "an action is missing, expected show, check, diff, stats or export");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {0, 0, 0, 0, "show:", 1},
    {"task", KEY_TASK, "PID", 0, "Only this task", 0},
    {"from", KEY_FROM, "STEP", 0, "Only events after so many instructions", 0},
    {"to", KEY_TO, "STEP", 0, "Only events before so many instructions", 0},
    {"grep", KEY_GREP, "REGEX", 0, "Only lines that match this extended regular expression", 0},
    {"lines", KEY_LINES, 0, 0, "End each line with the line of the source", 0},
    {0, 0, 0, 0, "diff:", 2},
    {"cycles", KEY_CYCLES, 0, 0, "Also compare cycles", 0},
    {0, 0, 0, 0, "export:", 3},
    {"perfetto", KEY_PERFETTO, 0, 0, "A timeline of the tasks for the Perfetto UI", 0},
    {"kanata", KEY_KANATA, 0, 0, "The pipeline, one thread per task, for Konata", 0},
    {"vcd", KEY_VCD, 0, 0, "The architectural state for wave viewers", 0},
    {"output", 'o', "FILE", 0, "File for the export, '-' is standard output", 0},
    {0},
};

/* With an image other than the trace's, a check is meaningless. */
static void check_hashes(const struct trace_input *input, const struct trace_images *images)
{
    const struct hsx_trace_header *header = input->source.header;

    for (size_t i = 0; i < header->image_count; i++) {
        const struct hsx_trace_image *image = &header->images[i];

        if (image->has_hash && image->pid != 0 && image->pid <= images->count) {
            const struct hsx_trace_program *program = &images->programs[image->pid - 1];
            uint32_t hash = hsx_trace_hash(program->bytes, program->size);

            if (hash != image->hash) {
                fprintf(stderr,
                        "%s: not the image of task %" PRIu32 " (%s) of the trace: its CRC-32 is "
                        "%08" PRIx32 ", the trace says %08" PRIx32 "\n",
                        program->path, image->pid, image->name, hash, image->hash);
            }
        }
    }
}

static int run_action(const struct request *request)
{
    const struct action *action = find_action(request->action);
    bool twice = strcmp(request->action, "check") == 0;
    struct trace_images images;
    struct trace_input input;
    int code = HSX_EXIT_INPUT;

    if (trace_input_open(&input, request->files[0], twice) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    if (!action->run) {
        code = diff(request, &input);
        trace_input_close(&input);
        return code;
    }
    if (trace_images_read(&images, request->files + 1, request->count - 1, input.source.header) ==
        HSX_OK) {
        code = action->run(request, &input, &images);
    }
    trace_images_free(&images);
    trace_input_close(&input);
    return code;
}

int hsx_cmd_trace(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&hsx_run_options_argp, 0, "check, where the trace has no header:", 4}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "show FILE [IMAGE.hxe...]\ncheck FILE IMAGE.hxe...\ndiff A B [IMAGE.hxe...]\n"
        "stats FILE [IMAGE.hxe...]\nexport FILE [IMAGE.hxe...]",
        "Work with traces of either form."
        "\vshow prints events as lines. check repeats a trace from any source on the C model, with "
        "the ticks, answers and actions that it has, and reports the first difference. diff "
        "reports the first difference of two traces and whether they meet again. stats counts. "
        "export writes a file for another program. FILE '-' is standard input. Images are those of "
        "the tasks in the order of their loads; symbols are taken from next to them.\n\n"
        "Exit status: 0, or 10 if check or diff finds a difference; 1 an input is wrong or "
        "could not be checked to its end, 2 usage.",
        children,
        0,
        0};
    struct request request = {.form = -1, .to = UINT64_MAX};

    hsx_run_options_init(&request.run);
    if (!command_line_parse(&argp, argc, argv, 0, &request)) {
        return HSX_EXIT_INPUT;
    }
    request.json = request.run.json;
    return run_action(&request);
}
