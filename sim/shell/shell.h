// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the shell. */
#ifndef HSX_SHELL_INTERNAL_H
#define HSX_SHELL_INTERNAL_H

#include "output.h"
#include "said.h"
#include <hsx/exec.h>
#include <hsx/shell.h>
#include <hsx/symbols.h>
#include <hsx/trace.h>
#include <jansson.h>

enum { SHELL_ERROR_SIZE = 512 };

/* The file of a task, for reload. */
struct origin {
    uint32_t pid;                /* 0: free */
    char *path;                  /* owned */
    struct hsx_symbols *symbols; /* owned; NULL: there is no symbol file */
    uint32_t stack_bytes;
    uint8_t slice;
};

struct hsx_shell {
    struct hsx_shell_config config;
    struct hsx_exec *exec;
    json_t *answer;               /* of the current command */
    char error[SHELL_ERROR_SIZE]; /* why it is refused */
    bool quit;
    bool sealed; /* no command may use files */

    struct origin origins[HSX_MAX_CONTEXTS];

    struct hsx_trace *trace;
    struct hsx_output trace_file;
    char *trace_path; /* owned */

    /* Output of tasks: at the start of a line unless inside_line. */
    struct hsx_said said;
    uint32_t said_pid;
    bool inside_line;
};

/* The words of one command, without its name. */
struct args {
    char **words;
    size_t count, next;
    const char *usage;
};

struct command {
    const char *name;
    const char *usage;
    const char *help;
    bool (*run)(struct hsx_shell *s, struct args *a); /* false: refused with shell_fail */
    void (*show)(FILE *out, const json_t *answer);    /* the answer as text */
    bool uses_files;
};

/* ---- table.c */

/* By its name, its short form or an unambiguous prefix; NULL: none. */
const struct command *shell_find(const char *name);
/* How many commands begin with name. */
size_t shell_matches(const char *name);
/* The commands in the order of help; NULL past the last. */
const struct command *shell_command(size_t index);

/* ---- words.c */

/* The next command of *line, which moves past it: its words, malloc'ed in one
 * block. NULL with *error NULL: end of the line. NULL with *error: it is malformed. */
char **words_next(const char **line, size_t *count, const char **error);

/* ---- args.c: each takes one word, or reports an error */

bool shell_fail(struct hsx_shell *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with the name of an error from the executive or a file. */
bool shell_fail_status(struct hsx_shell *s, const char *what, enum hsx_status status);

bool arg_left(const struct args *a);
bool arg_is(struct args *a, const char *word); /* takes the word if it matches */
bool arg_end(struct hsx_shell *s, const struct args *a);
bool arg_text(struct hsx_shell *s, struct args *a, const char *what, const char **text);
bool arg_number(struct hsx_shell *s, struct args *a, const char *what, uint64_t least,
                uint64_t most, uint64_t *value);
/* A task that exists. */
bool arg_task(struct hsx_shell *s, struct args *a, struct hsx_task_info *task);
/* Whether the next word is a register: R0 .. R15. */
bool arg_is_register(const struct args *a);
bool arg_register(struct hsx_shell *s, struct args *a, unsigned *reg);

/* ---- names.c */

/* Of a task; NULL: none are known. */
const struct hsx_symbols *symbols_of(const struct hsx_shell *s, uint32_t pid);
/* Put "symbol" into object if the place in the task's code has a name; print it. */
void name_code(const struct hsx_shell *s, json_t *object, uint32_t pid, uint32_t pc);
void print_name(FILE *out, const json_t *object);
bool arg_is_name(const struct args *a);
/* A number or a name, of task pid or, with 0, of any: an address in code, and one in data
 * memory, in the task's segment. */
bool arg_code(struct hsx_shell *s, struct args *a, uint32_t pid, uint64_t *pc);
bool arg_data(struct hsx_shell *s, struct args *a, uint32_t pid, uint64_t *addr);

/* ---- lines.c */

/* The source line of the instruction at pc of a task; NULL: not known. */
const struct hsx_symbol_line *code_line(const struct hsx_shell *s, uint32_t pid, uint32_t pc);
/* The same with the text of the line, if its file exists; NULL: not known. */
json_t *json_line(struct hsx_shell *s, uint32_t pid, uint32_t pc);
void print_line(FILE *out, const json_t *line);

/* ---- answer.c */

void answer_set(struct hsx_shell *s, const char *key, json_t *value); /* takes ownership of value */
void answer_number(struct hsx_shell *s, const char *key, uint64_t value);
void answer_text(struct hsx_shell *s, const char *key, const char *value);
/* Append to the list called key. */
void answer_add(struct hsx_shell *s, const char *key, json_t *item);
json_t *json_number(uint64_t value);
/* Any bytes: those above 0x7F that are not UTF-8 become U+0080 to U+00FF. */
json_t *json_bytes(const uint8_t *bytes, size_t len);
json_t *json_text(const char *text); /* the same of a string */
json_t *json_task(const struct hsx_task_info *task);

uint64_t get_number(const json_t *object, const char *key);
const char *get_text(const json_t *object, const char *key);
/* Bytes in quotes, with escapes for those that are not printable ASCII. */
void print_quoted(FILE *out, const uint8_t *bytes, size_t len);
/* A name that a task has chosen, in UTF-8, with control characters as \xNN: they must not reach a
 * terminal. In at least width columns. */
void print_safely(FILE *out, const char *name, int width);

/* ---- console.c */

struct hsx_exec_host console_host(struct hsx_shell *s);
/* Ends an unfinished line of a task, before output of the shell. */
void console_break(struct hsx_shell *s);

/* ---- mail.c */

/* Print what listeners and taps have received. */
bool mail_drain(struct hsx_shell *s);
bool mail_is_wanted(struct hsx_shell *s);

/* ---- code.c */

/* The instruction at pc of a task as text; its length in bytes, 4 or 8. */
unsigned code_text(struct hsx_shell *s, const struct hsx_context *ctx, uint16_t pc, char *text,
                   size_t size);
/* A word of the task's code; false: outside of it. */
bool code_word(struct hsx_shell *s, const struct hsx_context *ctx, uint32_t pc, uint32_t *word);
/* Little-endian, 1 to 4 bytes of data memory. */
uint32_t data_word(struct hsx_shell *s, uint32_t addr, unsigned len);

/* ---- points.c */

/* A breakpoint or watchpoint as JSON, with the present value of what is watched. */
json_t *json_point(struct hsx_shell *s, const struct hsx_exec_stop *stop);
void print_point(FILE *out, const json_t *point);
bool find_point(struct hsx_shell *s, uint32_t id, struct hsx_exec_stop *stop);

/* ---- clock.c */

/* The next instruction, as JSON, or null. */
json_t *json_next(struct hsx_shell *s);
/* Its task, or 0. */
uint32_t find_next_pid(struct hsx_shell *s);
void print_next(FILE *out, const json_t *answer);

/* ---- tasks.c */

bool load_image(struct hsx_shell *s, const char *path, uint32_t stack_bytes, uint8_t slice,
                uint32_t *pid);
/* The file of a task, or NULL: not known; for pid 0 a free entry. */
const struct origin *find_origin(const struct hsx_shell *s, uint32_t pid);
/* Forget the files of tasks that are gone, or of all. */
void forget_origins(struct hsx_shell *s, bool all);

/* ---- store.c */

/* Connect the executive to the trace, if one is on. */
void trace_attach(struct hsx_shell *s, bool on);
bool trace_close(struct hsx_shell *s);

/* End the trace without a file. */
void trace_drop(struct hsx_shell *s);

/* ---- the commands, by file */

#define SHELL_COMMAND(name)                                                                        \
    bool run_##name(struct hsx_shell *s, struct args *a);                                          \
    void show_##name(FILE *out, const json_t *answer);
SHELL_COMMAND(help)
SHELL_COMMAND(quit)
SHELL_COMMAND(load)
SHELL_COMMAND(reload)
SHELL_COMMAND(ps)
SHELL_COMMAND(info)
SHELL_COMMAND(pause)
SHELL_COMMAND(resume)
SHELL_COMMAND(kill)
SHELL_COMMAND(sched)
SHELL_COMMAND(clock)
SHELL_COMMAND(step)
SHELL_COMMAND(continue)
SHELL_COMMAND(next)
SHELL_COMMAND(finish)
SHELL_COMMAND(list)
SHELL_COMMAND(vars)
SHELL_COMMAND(dumpregs)
SHELL_COMMAND(peek)
SHELL_COMMAND(poke)
SHELL_COMMAND(disasm)
SHELL_COMMAND(stack)
SHELL_COMMAND(mbox)
SHELL_COMMAND(listen)
SHELL_COMMAND(send)
SHELL_COMMAND(tap)
SHELL_COMMAND(bp)
SHELL_COMMAND(watch)
SHELL_COMMAND(trace)
SHELL_COMMAND(save)
SHELL_COMMAND(restore)
#undef SHELL_COMMAND

#endif
