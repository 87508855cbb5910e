// SPDX-License-Identifier: Apache-2.0
/* Source lines: the position of a task in its source, and the text there. */
#include "files.h"
#include "shell.h"
#include <stdlib.h>
#include <string.h>

enum { LINES = 11, MAX_SOURCE = 16 << 20 };

const struct hsx_symbol_line *code_line(const struct hsx_shell *s, uint32_t pid, uint32_t pc)
{
    const struct hsx_symbol_line *line = hsx_symbols_line_at(symbols_of(s, pid), pc);

    return line && line->file && line->line != 0 ? line : NULL;
}

/* A file under its name in the symbols, relative to where the compiler ran, or next to the
 * image. */
static char *read_source(const struct hsx_shell *s, uint32_t pid, const char *file, size_t *size)
{
    const struct origin *origin = find_origin(s, pid);
    const char *image = origin ? origin->path : NULL;
    const char *slash = image ? strrchr(image, '/') : NULL;
    char *path = NULL;
    char *text = NULL;

    if (hsx_read_file_up_to(file, MAX_SOURCE, &text, size) == HSX_OK) {
        return text;
    }
    if (slash && file[0] != '/' &&
        asprintf(&path, "%.*s/%s", (int)(slash - image), image, file) >= 0 &&
        hsx_read_file_up_to(path, MAX_SOURCE, &text, size) != HSX_OK) {
        text = NULL;
    }
    free(path);
    return text;
}

/* As a JSON string without terminal control sequences. */
static json_t *shown_text(const char *text, size_t length)
{
    char *shown = malloc(length * 8 + 1);
    json_t *line;
    size_t used = 0;

    for (size_t i = 0; shown && i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '\t') {
            do {
                shown[used++] = ' ';
            } while (used % 8 != 0);
        } else if (c != '\r') {
            shown[used++] = (char)(c < 0x20 || c == 0x7F ? '?' : c);
        }
    }
    line = shown ? json_bytes((const uint8_t *)shown, used) : NULL;
    free(shown);
    return line;
}

/* The line with that number, as displayed; NULL: there is none. */
static json_t *line_text(const char *text, size_t size, unsigned number)
{
    const char *end = text + size;

    for (; number > 1 && text; number--) {
        text = memchr(text, '\n', (size_t)(end - text));
        text = text ? text + 1 : NULL;
    }
    if (!text || text == end) {
        return NULL;
    }
    const char *newline = memchr(text, '\n', (size_t)(end - text));

    return shown_text(text, (size_t)((newline ? newline : end) - text));
}

/* It reads a file only as long as files may be used. */
json_t *json_line(struct hsx_shell *s, uint32_t pid, uint32_t pc)
{
    const struct hsx_symbol_line *at = code_line(s, pid, pc);
    char *source;
    size_t size;
    json_t *line;

    if (!at) {
        return NULL;
    }
    line = json_pack("{s:o, s:I}", "file", json_text(at->file), "line", (json_int_t)at->line);
    source = s->sealed ? NULL : read_source(s, pid, at->file, &size);
    if (source) {
        json_object_set_new(line, "text", line_text(source, size, at->line));
    }
    free(source);
    return line;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

void print_line(FILE *out, const json_t *line)
{
    fprintf(out, "%s:%u", base_name(get_text(line, "file")), (unsigned)get_number(line, "line"));
    if (json_is_string(json_object_get(line, "text"))) {
        fprintf(out, "  %s", get_text(line, "text"));
    }
    fputc('\n', out);
}

static bool list_lines(struct hsx_shell *s, uint32_t pid, const struct hsx_symbol_line *around,
                       unsigned marked)
{
    unsigned first = around->line > LINES / 2 ? around->line - LINES / 2 : 1;
    size_t size;
    char *source = read_source(s, pid, around->file, &size);

    if (!source) {
        return shell_fail(s, "%s: cannot be read here, nor next to the image", around->file);
    }
    answer_text(s, "file", around->file);
    answer_set(s, "lines", json_array());
    for (unsigned n = first; n < first + LINES; n++) {
        json_t *text = line_text(source, size, n);

        if (!text) {
            break;
        }
        answer_add(s, "lines",
                   json_pack("{s:I, s:o, s:b}", "line", (json_int_t)n, "text", text, "next",
                             (int)(n == marked)));
    }
    free(source);
    return true;
}

bool run_list(struct hsx_shell *s, struct args *a)
{
    const struct hsx_symbol_line *here, *around;
    struct hsx_task_info task;
    uint64_t pc;

    if (arg_is_name(a) || !arg_left(a)) {
        uint32_t pid = find_next_pid(s);

        if (pid == 0 || hsx_exec_task(s->exec, pid, &task) != HSX_OK) {
            return shell_fail(s, "no task is ready, say which: list PID");
        }
    } else if (!arg_task(s, a, &task)) {
        return false;
    }
    pc = task.ctx.pc;
    here = code_line(s, task.pid, task.ctx.pc);
    if (arg_left(a) && !arg_code(s, a, task.pid, &pc)) {
        return false;
    }
    if (!arg_end(s, a)) {
        return false;
    }
    around = code_line(s, task.pid, (uint32_t)pc);
    if (!around) {
        return shell_fail(s, "no source line is known for 0x%04X of task %u", (unsigned)pc,
                          (unsigned)task.pid);
    }
    return list_lines(s, task.pid, around,
                      here && strcmp(here->file, around->file) == 0 ? here->line : 0);
}

void show_list(FILE *out, const json_t *answer)
{
    const json_t *line;
    size_t i;

    fprintf(out, "%s\n", base_name(get_text(answer, "file")));
    json_array_foreach(json_object_get(answer, "lines"), i, line)
    {
        fprintf(out, "%s%5u  %s\n", json_is_true(json_object_get(line, "next")) ? ">" : " ",
                (unsigned)get_number(line, "line"), get_text(line, "text"));
    }
}
