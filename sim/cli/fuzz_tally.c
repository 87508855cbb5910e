// SPDX-License-Identifier: Apache-2.0
#include "fuzz_tally.h"
#include "textstream.h"
#include <hsx/cosim.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { REPORTS = 3 /* shown in full */ };

enum hsx_status fuzz_outcome_send(struct fuzz_outcome *outcome, enum hsx_status status,
                                  const struct hsx_target *cosim, const char *reproduce, FILE *out)
{
    const struct hsx_divergence *d = hsx_cosim_divergence(cosim);
    char line[512];
    char *report = NULL;
    FILE *text;

    if (status == HSX_OK) {
        return fwrite(outcome, sizeof *outcome, 1, out) == 1 ? HSX_OK : HSX_ERR_MEMORY;
    }
    text = textstream_open(&report, &outcome->report);
    if (!text) {
        return HSX_ERR_MEMORY;
    }
    if (d->kind != HSX_DIVERGED_NOT) {
        hsx_cosim_summary(cosim, line, sizeof line);
        hsx_cosim_report(cosim, text);
    } else {
        snprintf(line, sizeof line, "the executive found the machines inconsistent: %s",
                 hsx_status_name(status));
    }
    if (fclose(text) != 0) {
        return HSX_ERR_MEMORY;
    }
    outcome->diverged = true;
    outcome->order = d->order;
    outcome->cycle = d->cycle;
    outcome->line = strlen(line);
    outcome->command = strlen(reproduce);
    outcome->texts = outcome->line + outcome->report + outcome->command;
    fwrite(outcome, sizeof *outcome, 1, out);
    fprintf(out, "%s%s%s", line, report, reproduce);
    free(report);
    return ferror(out) ? HSX_ERR_MEMORY : HSX_OK;
}

static void note_failure(struct fuzz_tally *t, uint64_t seed, const struct fuzz_outcome *o,
                         const char *texts)
{
    const char *report = texts + o->line;
    const char *command = report + o->report;

    t->first_seed = t->diverged == 0 ? seed : t->first_seed;
    t->diverged++;
    progress_clear(&t->progress);
    fprintf(stderr, "seed %" PRIu64 ": ", seed);
    if (t->diverged <= REPORTS && o->report > 0) {
        fprintf(stderr, "%.*s\n", (int)o->report, report);
    } else {
        fprintf(stderr, "%.*s\n  to see it again: %.*s\n", (int)o->line, texts, (int)o->command,
                command);
    }
    if (t->failures) {
        json_array_append_new(
            t->failures, json_pack("{s:I, s:I, s:I, s:s%, s:s%}", "seed", (json_int_t)seed, "order",
                                   (json_int_t)o->order, "cycle", (json_int_t)o->cycle, "what",
                                   texts, o->line, "reproduce", command, o->command));
    }
}

size_t fuzz_tally_take(struct fuzz_tally *t, uint64_t seed, const void *bytes, size_t size)
{
    struct fuzz_outcome outcome;

    if (size < sizeof outcome) {
        return 0;
    }
    memcpy(&outcome, bytes, sizeof outcome);
    if (size - sizeof outcome < outcome.texts) {
        return 0;
    }
    t->programs++;
    progress_show(&t->progress, t->programs);
    t->steps += outcome.steps;
    t->records += outcome.records;
    t->cycles += outcome.cycles;
    t->faults += outcome.faults;
    t->svcs += outcome.svcs;
    t->end = outcome.diverged ? outcome.cycle : outcome.cycles;
    if (outcome.diverged) {
        note_failure(t, seed, &outcome, (const char *)bytes + sizeof outcome);
    }
    return sizeof outcome + outcome.texts;
}

void fuzz_tally_print(const struct fuzz_tally *t, uint64_t tasks, double seconds, FILE *out)
{
    fprintf(out,
            "%" PRIu64 " programs of %" PRIu64 " tasks: %" PRIu64 " steps, %" PRIu64
            " cycles, %" PRIu64 " records compared, %" PRIu64 " faults, %" PRIu64 " SVCs, %" PRIu64
            " divergences, %.1f s (%.1f programs, %.0f steps in lock-step a second)\n",
            t->programs, tasks, t->steps, t->cycles, t->records, t->faults, t->svcs, t->diverged,
            seconds, (double)t->programs / seconds, (double)t->steps / seconds);
}

json_t *fuzz_tally_json(const struct fuzz_tally *t, uint64_t first, uint64_t tasks, double seconds)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:O}", "seed",
                     (json_int_t)first, "programs", (json_int_t)t->programs, "tasks",
                     (json_int_t)tasks, "steps", (json_int_t)t->steps, "cycles",
                     (json_int_t)t->cycles, "records_compared", (json_int_t)t->records,
                     "divergences", (json_int_t)t->diverged, "faults", (json_int_t)t->faults,
                     "svcs", (json_int_t)t->svcs, "seconds", seconds, "programs_per_second",
                     (double)t->programs / seconds, "steps_per_second", (double)t->steps / seconds,
                     "failures", t->failures);
}

void fuzz_tally_close(struct fuzz_tally *t)
{
    json_decref(t->failures);
    t->failures = NULL;
}
