// SPDX-License-Identifier: Apache-2.0
/*
 * The RTL core behind a simulator as a struct hsx_target, over its host port
 * (docs/host_map.md).
 */
#ifndef HSX_RTL_H
#define HSX_RTL_H

#include <hsx/host_map.h>
#include <hsx/rtl_link.h>
#include <hsx/target.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Takes the link over, also when it fails. The core is reset and all memory is
 * zero. contexts and windows: how many of the core's to use, 0 for all; the core's ID
 * tells how many it has, and which units. HSX_ERR_FORMAT: its map has another version
 * than <hsx/host_map.h>. After HSX_STOP_RECORDS the core has
 * its step budget already: max_steps of the next run must not be less than what
 * was left, else HSX_ERR_STATE. */
enum hsx_status hsx_target_rtl_create(struct hsx_rtl_link *link, unsigned contexts,
                                      unsigned windows, struct hsx_target **target);

/* The state of a target just created, without building the model again. */
enum hsx_status hsx_target_rtl_reset(struct hsx_target *target);

/* Whether memories, contexts and counters are reached within the simulator where it can, which
 * takes no clocks, or, as when just created, over the host port alone, as hardware is. */
void hsx_target_rtl_access_directly(struct hsx_target *target, bool directly);

/* The counters of a held core by which its clocks are accounted for. */
struct hsx_rtl_counters {
    uint32_t cycles;
    uint32_t steps;
    uint32_t lost[HSX_HOST_LOST_CAUSES]; /* in the order of the host address map */
};

enum hsx_status hsx_rtl_read_counters(struct hsx_rtl_link *link, struct hsx_rtl_counters *counters);

/* Are the held core's counters right? Of the clocks in which `held` was low each is a
 * step, another event or one lost slot, but for those between the last of them and
 * `held`. HSX_ERR_MACHINE when they are not; HSX_ERR_STATE: the core runs. */
enum hsx_status hsx_target_rtl_check(struct hsx_target *target);

/* See struct hsx_rtl_link_ops. False: this link sees no slots. */
bool hsx_target_rtl_watch_lost(struct hsx_target *target, struct hsx_lost_watch *watch);

/* See struct hsx_rtl_link_ops. */
enum hsx_status hsx_target_rtl_wave(struct hsx_target *target, const struct hsx_rtl_wave *wave);

/* What the last HSX_ERR_MACHINE was about, in one line; never NULL. */
const char *hsx_target_rtl_message(const struct hsx_target *target);

#ifdef __cplusplus
}
#endif

#endif
