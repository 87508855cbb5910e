// SPDX-License-Identifier: Apache-2.0
/*
 * Lock-step: two machines that must behave identically, as one struct hsx_target.
 *
 * The device (the RTL core) runs and the golden machine (the C VM) follows; every record
 * of the device is compared with the golden one, byte for byte (contract section 8).
 * Writes of the executive go to both, and its reads are done on both and compared. So one
 * executive drives both, and each trap completion has the same place in the order,
 * however late it comes. All data memory, contexts, the queue and the totals are compared
 * at an interval and by hsx_cosim_finish.
 *
 * A device that makes records slowly, such as a board, can be followed instead (options.follow):
 * a run for which the executive wants only a tally (<hsx/target.h>, recall) is compared where it
 * stops, by its reason, its task and the totals, and the tally is the golden machine's. Runs with
 * records are compared as above.
 *
 * A call that fails because the device cannot be reached returns HSX_ERR_IO. That is not a
 * divergence, but no later call is executed.
 *
 * After the first difference every call except read_totals, which returns the device's,
 * returns HSX_ERR_DIVERGED; hsx_cosim_divergence and hsx_cosim_report describe the
 * difference.
 */
#ifndef HSX_COSIM_H
#define HSX_COSIM_H

#include <hsx/target.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hsx_divergence_kind {
    HSX_DIVERGED_NOT,
    HSX_DIVERGED_RECORD,  /* an event's record differs: field, golden_record, device_record */
    HSX_DIVERGED_MISSING, /* the device stopped where golden_record was due */
    HSX_DIVERGED_EXTRA,   /* the device made device_record where the golden machine stopped */
    HSX_DIVERGED_STOP,    /* same records, different stops: field is "stop" or "stop slot" */
    HSX_DIVERGED_DATA,    /* data memory at addr */
    HSX_DIVERGED_CODE,    /* code memory at addr */
    HSX_DIVERGED_CONTEXT, /* field of slot's context */
    HSX_DIVERGED_QUEUE, /* field is "count", "turn_left" or "place"; addr the place from the head */
    HSX_DIVERGED_TOTALS, /* field is "order", "steps" or "now" */
    HSX_DIVERGED_STATUS, /* the same call had two results (enum hsx_status) */
    HSX_DIVERGED_MACHINE /* the device failed: message */
};

struct hsx_divergence {
    enum hsx_divergence_kind kind;
    uint64_t order; /* of the record that differs, or else of the next event */
    uint64_t cycle; /* the device's clock cycle */
    int slot;       /* -1: none */
    const char *field;
    uint32_t addr;
    uint64_t expected;               /* golden */
    uint64_t got;                    /* device */
    struct hsx_record golden_record; /* all zero where there is none */
    struct hsx_record device_record;
    char message[160]; /* for MACHINE and STATUS */
};

struct hsx_cosim_options {
    uint64_t check_steps; /* steps between comparisons of the whole state; 0: only at the end */
    bool follow;          /* tallies come from the golden machine, which has recall */

    /* Called where the whole state is compared, to check what only the device has; may be
     * NULL. Any result except HSX_OK is a failure of the device. */
    enum hsx_status (*device_check)(struct hsx_target *device);

    /* Describes a failure of the device; may be NULL. */
    const char *(*device_message)(const struct hsx_target *device);

    /* The name of a place in the code of the task in slot, for the report, or an empty text;
     * may be NULL. */
    void (*name)(void *ctx, unsigned slot, uint16_t pc, char *text, size_t size);
    void *name_ctx;

    /* The command line that repeats this run, for the report; may be NULL. Not copied. */
    const char *reproduce;
};

struct hsx_cosim_stats {
    uint64_t records; /* compared, of the device */
    uint64_t checks;  /* comparisons of the whole state */
    uint64_t reads;   /* compared reads of the executive */
};

/* Both machines must be fresh and have the same number of contexts. The lock-step owns
 * them, even if this fails. options may be NULL. */
enum hsx_status hsx_cosim_create(struct hsx_target *device, struct hsx_target *golden,
                                 const struct hsx_cosim_options *options,
                                 struct hsx_target **cosim);

/* Starts again with a device that the caller has reset to its fresh state and a new
 * golden machine, which the lock-step then owns; the old one is destroyed. reproduce is
 * as above. */
void hsx_cosim_restart(struct hsx_target *cosim, struct hsx_target *golden, const char *reproduce);

/* Compares the whole state once more; both machines must be held. */
enum hsx_status hsx_cosim_finish(struct hsx_target *cosim);

/* kind is HSX_DIVERGED_NOT as long as everything was equal. Valid until destroy. */
const struct hsx_divergence *hsx_cosim_divergence(const struct hsx_target *cosim);
void hsx_cosim_read_stats(const struct hsx_target *cosim, struct hsx_cosim_stats *stats);

/* The two machines; the lock-step still owns them. After a divergence pc and state of the
 * golden machine's contexts are those before the event that differs. */
struct hsx_target *hsx_cosim_device(const struct hsx_target *cosim);
struct hsx_target *hsx_cosim_golden(const struct hsx_target *cosim);

/* One line without newline: what differs, where. text has room for size bytes. */
void hsx_cosim_summary(const struct hsx_target *cosim, char *text, size_t size);

/* A full report: the summary, both records field by field, the last events of that task
 * and of all tasks, and how to repeat the run. */
void hsx_cosim_report(const struct hsx_target *cosim, FILE *out);

#ifdef __cplusplus
}
#endif

#endif
