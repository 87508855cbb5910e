// SPDX-License-Identifier: Apache-2.0
/* The shell itself: a line to commands, commands to answers. */
#include "shell.h"
#include <stdlib.h>
#include <string.h>

enum hsx_status hsx_shell_create(const struct hsx_shell_config *config, struct hsx_shell **shell)
{
    struct hsx_shell *s = calloc(1, sizeof *s);
    enum hsx_status status;

    if (!s) {
        return HSX_ERR_MEMORY;
    }
    s->config = *config;
    s->config.exec.host = console_host(s);
    s->said = (struct hsx_said){.out = config->out, .safe = config->safe};
    status = hsx_exec_create(s->config.target, &s->config.exec, &s->exec);
    if (status != HSX_OK) {
        free(s);
        return status;
    }
    *shell = s;
    return HSX_OK;
}

void hsx_shell_destroy(struct hsx_shell *s)
{
    if (!s) {
        return;
    }
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        free(s->origins[i].path);
        hsx_symbols_destroy(s->origins[i].symbols);
    }
    hsx_trace_destroy(s->trace);
    hsx_output_discard(&s->trace_file);
    free(s->trace_path);
    hsx_exec_destroy(s->exec);
    free(s);
}

static void print_json(struct hsx_shell *s)
{
    json_dumpf(s->answer, s->config.out, JSON_COMPACT);
    fputc('\n', s->config.out);
}

/* Output of tasks before the refusal is still printed. */
static enum hsx_shell_result refuse(struct hsx_shell *s, const char *command, const char *place)
{
    console_break(s);
    fflush(s->config.out);
    fprintf(s->config.err, "%s%s%s%s%s\n", place ? place : "", place ? ": " : "", command,
            *command ? ": " : "", s->error);
    if (s->config.json) {
        json_t *old = s->answer;

        s->answer = json_object();
        json_object_set_new(s->answer, "command", json_text(command));
        json_object_set_new(s->answer, "ok", json_false());
        answer_set(s, "error", json_text(s->error));
        if (place) {
            answer_text(s, "place", place);
        }
        print_json(s);
        json_decref(s->answer);
        s->answer = old;
    }
    return HSX_SHELL_FAILED;
}

/* --json among the words is for the shell: it requests the answer as JSON. */
static bool take_json(char **words, size_t *count)
{
    size_t kept = 1;

    for (size_t i = 1; i < *count; i++) {
        if (strcmp(words[i], "--json") != 0) {
            words[kept++] = words[i];
        }
    }
    if (kept == *count) {
        return false;
    }
    *count = kept;
    return true;
}

/* Data that a command has read from a machine that failed in the meantime is not printed. */
static bool has_failed(struct hsx_shell *s)
{
    const char *why = s->config.trouble ? s->config.trouble(s->config.target) : NULL;

    if (why) {
        shell_fail(s, "%s", why);
        s->quit = true;
        if (s->trace) {
            trace_drop(s);
        }
    }
    return why != NULL;
}

static enum hsx_shell_result run_command(struct hsx_shell *s, char **words, size_t count,
                                         const char *place)
{
    const struct command *command = shell_find(words[0]);
    struct args args = {.words = words, .count = count, .next = 1};
    enum hsx_shell_result result = HSX_SHELL_OK;

    if (!command) {
        shell_fail(s, shell_matches(words[0]) > 1 ? "several commands begin so, see help"
                                                  : "unknown command, see help");
        return refuse(s, words[0], place);
    }
    if (command->uses_files && s->sealed) {
        shell_fail(s, "files cannot be used here");
        return refuse(s, command->name, place);
    }
    args.usage = command->usage;
    s->answer = json_object();
    answer_text(s, "command", command->name);
    answer_set(s, "ok", json_true());
    bool done = command->run(s, &args);

    if (has_failed(s) || !done) {
        result = refuse(s, command->name, place);
    } else if (s->config.json) {
        print_json(s);
    } else {
        console_break(s);
        command->show(s->config.out, s->answer);
    }
    json_decref(s->answer);
    s->answer = NULL;
    return result;
}

static enum hsx_shell_result run_words(struct hsx_shell *s, char **words, size_t count,
                                       const char *place)
{
    bool json = s->config.json;
    enum hsx_shell_result result;

    s->config.json = take_json(words, &count) || json;
    result = run_command(s, words, count, place);
    s->config.json = json;
    return result;
}

static bool interrupted(const struct hsx_shell *s)
{
    return s->config.interrupt && *s->config.interrupt != 0;
}

/* Whether the whole line can be split; if not, none of it is done. */
static bool check_line(struct hsx_shell *s, const char *line)
{
    const char *error;
    char **words;
    size_t count;

    while ((words = words_next(&line, &count, &error))) {
        free(words);
    }
    return !error || shell_fail(s, "%s", error);
}

enum hsx_shell_result hsx_shell_line(struct hsx_shell *s, const char *line, const char *place)
{
    enum hsx_shell_result result = HSX_SHELL_OK;
    const char *error = NULL;
    char **words;
    size_t count;

    if (!check_line(s, line)) {
        return refuse(s, "", place);
    }
    while (!s->quit && !interrupted(s) && (words = words_next(&line, &count, &error))) {
        if (run_words(s, words, count, place) != HSX_SHELL_OK) {
            result = HSX_SHELL_FAILED;
        }
        free(words);
    }
    if (error) {
        shell_fail(s, "%s", error);
        return refuse(s, "", place);
    }
    return result;
}

enum hsx_shell_result hsx_shell_load(struct hsx_shell *s, const char *path)
{
    uint32_t pid;

    bool done = load_image(s, path, 0, 1, &pid);

    if (!has_failed(s) && done) {
        return HSX_SHELL_OK;
    }
    fprintf(s->config.err, "%s\n", s->error);
    return HSX_SHELL_FAILED;
}

void hsx_shell_seal(struct hsx_shell *s)
{
    s->sealed = true;
}

bool hsx_shell_has_quit(const struct hsx_shell *s)
{
    return s->quit;
}

enum hsx_shell_result hsx_shell_finish(struct hsx_shell *s)
{
    if (!s->trace || trace_close(s)) {
        return HSX_SHELL_OK;
    }
    fprintf(s->config.err, "%s\n", s->error);
    return HSX_SHELL_FAILED;
}

/* ---- help and quit */

bool run_help(struct hsx_shell *s, struct args *a)
{
    const struct command *command = NULL;
    const char *name = "";

    if (arg_left(a)) {
        arg_text(s, a, "COMMAND", &name);
        command = shell_find(name);
        if (!command) {
            return shell_fail(s, "there is no command '%s'", name);
        }
        if (!arg_end(s, a)) {
            return false;
        }
        answer_text(s, "usage", command->usage);
        answer_text(s, "help", command->help);
        return true;
    }
    for (size_t i = 0; (command = shell_command(i)); i++) {
        answer_add(s, "commands",
                   json_pack("{s:s, s:s}", "name", command->name, "usage", command->usage));
    }
    return true;
}

void show_help(FILE *out, const json_t *answer)
{
    const json_t *command;
    size_t i;

    if (json_object_get(answer, "usage")) {
        fprintf(out, "usage: %s\n%s\n", get_text(answer, "usage"), get_text(answer, "help"));
        return;
    }
    json_array_foreach(json_object_get(answer, "commands"), i, command)
    {
        fprintf(out, "%s\n", get_text(command, "usage"));
    }
    fprintf(
        out,
        "Numbers are decimal or 0x hex; ';' separates commands, '#' begins a comment; --json after "
        "a command requests its answer as an object.\n");
}

bool run_quit(struct hsx_shell *s, struct args *a)
{
    if (!arg_end(s, a)) {
        return false;
    }
    s->quit = true;
    return true;
}

void show_quit(FILE *out, const json_t *answer)
{
    (void)out;
    (void)answer;
}
