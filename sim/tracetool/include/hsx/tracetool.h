// SPDX-License-Identifier: Apache-2.0
/*
 * Tools for traces (docs/trace.md): show one, check one against the C model, compare two,
 * count, and export to formats of other programs.
 *
 * All take events from a source, such as a file. Functions return HSX_OK, an error of the
 * source with *error set, or HSX_ERR_MEMORY.
 */
#ifndef HSX_TRACETOOL_H
#define HSX_TRACETOOL_H

#include <hsx/symbols.h>
#include <hsx/trace.h>
#include <jansson.h>

/* A source of events; next is like hsx_trace_next. */
struct hsx_trace_source {
    void *ctx;
    const struct hsx_trace_header *header;
    enum hsx_status (*next)(void *ctx, const struct hsx_trace_event **event,
                            struct hsx_trace_error *error);
};

struct hsx_trace_source hsx_tracetool_source(struct hsx_trace_reader *reader);

/* Names in the code of tasks; not owned. */
struct hsx_tracetool_name {
    uint32_t pid;
    const struct hsx_symbols *symbols; /* may be NULL */
};

struct hsx_tracetool_names {
    const struct hsx_tracetool_name *items;
    size_t count;
};

/* ---- Lines */

enum { HSX_TRACETOOL_LINE = 512 };

/* "0x0104 start+4". */
void hsx_tracetool_place(const struct hsx_tracetool_names *names, uint32_t pid, uint16_t pc,
                         char *text, size_t size);
/* "file.c:12", or empty if unknown. */
void hsx_tracetool_code_line(const struct hsx_tracetool_names *names, uint32_t pid, uint16_t pc,
                             char *text, size_t size);
/* The instruction, or the kind of event. */
void hsx_tracetool_instruction(const struct hsx_trace_event *event, char *text, size_t size);
/* The heading of the lines, and one event as a line without a newline. */
void hsx_tracetool_heading(char *text, size_t size);
void hsx_tracetool_line(const struct hsx_tracetool_names *names,
                        const struct hsx_trace_event *event, char *text, size_t size);

/* ---- The fields of an event, for comparing and printing */

/* The HSX_TRACE_* bit of the first field in mask that differs; 0: none. */
uint32_t hsx_tracetool_difference(const struct hsx_trace_event *a, const struct hsx_trace_event *b,
                                  uint32_t mask);
const char *hsx_tracetool_field_name(uint32_t field);
/* The field in readable form. of: the other event; of long fields only the difference is
 * printed. */
void hsx_tracetool_field(uint32_t field, const struct hsx_trace_event *event,
                         const struct hsx_trace_event *of, char *text, size_t size);
/* The table of all fields of both, with the differing ones marked. */
void hsx_tracetool_fields(const char *left, const struct hsx_trace_event *a, const char *right,
                          const struct hsx_trace_event *b, uint32_t mask, FILE *out);

/* ---- Comparing two traces */

struct hsx_trace_diff {
    uint64_t same;    /* events that are equal before the first difference */
    bool differs;     /* true also if one has ended */
    bool meets;       /* they become equal again */
    uint64_t apart;   /* events of the first from the difference to where they meet */
    uint64_t skipped; /* the same for the second */
    uint64_t equal_after;
};

/* Prints the first difference on out, with the events before it. */
enum hsx_status hsx_tracetool_diff(const struct hsx_trace_source *a, const char *a_name,
                                   const struct hsx_trace_source *b, const char *b_name,
                                   bool cycles, const struct hsx_tracetool_names *names, FILE *out,
                                   struct hsx_trace_diff *diff, struct hsx_trace_error *error);

/* ---- Checking a trace against the C model */

struct hsx_trace_program {
    const char *path;
    const uint8_t *bytes;
    size_t size;
};

struct hsx_trace_check {
    const struct hsx_trace_program *programs; /* in load order */
    size_t program_count;
    struct hsx_exec_config config; /* used if the header has no options */
    unsigned contexts;             /* used if the header has none */
    const struct hsx_tracetool_names *names;
};

struct hsx_trace_verdict {
    uint64_t events; /* that agree */
    bool differs;
    uint64_t seq, cycle; /* of the first that differs */
    uint32_t pid;
    uint32_t field;      /* HSX_TRACE_*, or 0: the model made no event, or a different one */
    uint32_t missing;    /* fields that some records lack */
    bool no_completions; /* the trace has none: the model's were used */
    bool no_ticks;
    bool no_actions;
    char stopped[200]; /* why checking ended before the trace, or "" */
    char what[400];    /* the difference, in one line */
};

/* events is read twice: again restarts it. The report of a difference goes to out. */
enum hsx_status
hsx_tracetool_check(struct hsx_trace_source *events,
                    enum hsx_status (*again)(void *ctx, struct hsx_trace_error *error),
                    const struct hsx_trace_check *check, FILE *out,
                    struct hsx_trace_verdict *verdict, struct hsx_trace_error *error);

/* "sp, call_depth": the names of the fields in mask. */
void hsx_tracetool_field_list(uint32_t mask, char *text, size_t size);

/* ---- Counting */

/* An object with the numbers of `hsx trace stats`, owned by the caller. */
enum hsx_status hsx_tracetool_stats(const struct hsx_trace_source *events,
                                    const struct hsx_tracetool_names *names, json_t **stats,
                                    struct hsx_trace_error *error);
void hsx_tracetool_stats_print(const json_t *stats, FILE *out);

/* ---- A page */

/* Adds what `hsx report` shows of one trace to runs, an array. */
enum hsx_status hsx_tracetool_report_add(const struct hsx_trace_source *events, const char *name,
                                         const struct hsx_tracetool_names *names, json_t *runs,
                                         struct hsx_trace_error *error);
/* The self-contained page of all runs. */
enum hsx_status hsx_tracetool_report_write(const json_t *runs, FILE *out);

/* ---- Files for other programs */

enum hsx_trace_export { HSX_TRACE_PERFETTO, HSX_TRACE_KANATA, HSX_TRACE_VCD };

enum hsx_status hsx_tracetool_export(const struct hsx_trace_source *events,
                                     enum hsx_trace_export form,
                                     const struct hsx_tracetool_names *names, FILE *out,
                                     struct hsx_trace_error *error);

#endif
