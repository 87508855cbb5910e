// SPDX-License-Identifier: Apache-2.0
/*
 * The RTL core in a simulator or on a board as a struct hsx_target, over its host port
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

/* Owns the link, even if it fails. The core is reset and all memory is zero. contexts and
 * windows: how many of the core's to use, 0 for all; the core's ID says how many it has,
 * and which units. HSX_ERR_FORMAT: its map has another version than <hsx/host_map.h>.
 * After HSX_STOP_RECORDS the core already has its step budget: max_steps of the next run
 * must not be less than what was left, else HSX_ERR_STATE. */
enum hsx_status hsx_target_rtl_create(struct hsx_rtl_link *link, unsigned contexts,
                                      unsigned windows, struct hsx_target **target);

/* The state of a target just created, without building the model again. */
enum hsx_status hsx_target_rtl_reset(struct hsx_target *target);

/* Selects how memories, contexts and counters are accessed: inside the simulator, where
 * possible, which takes no clocks; or, by default, only over the host port, as in hardware. */
void hsx_target_rtl_access_directly(struct hsx_target *target, bool directly);

/* The counters of a held core that account for its clocks. */
struct hsx_rtl_counters {
    uint32_t cycles;
    uint32_t steps;
    uint32_t lost[HSX_HOST_LOST_CAUSES]; /* in the order of the host address map */
};

enum hsx_status hsx_rtl_read_counters(struct hsx_rtl_link *link, struct hsx_rtl_counters *counters);

/* Checks the held core's counters: each clock in which `held` was low must be a step,
 * another event or one lost slot, except those between the last of them and `held`.
 * HSX_ERR_MACHINE: they are wrong; HSX_ERR_STATE: the core runs. */
enum hsx_status hsx_target_rtl_check(struct hsx_target *target);

/* See struct hsx_rtl_link_ops. False: slots cannot be watched on this link. */
bool hsx_target_rtl_watch_lost(struct hsx_target *target, struct hsx_lost_watch *watch);

/* See struct hsx_rtl_link_ops. */
enum hsx_status hsx_target_rtl_wave(struct hsx_target *target, const struct hsx_rtl_wave *wave);

/* The cause of the last HSX_ERR_MACHINE, in one line; never NULL. */
const char *hsx_target_rtl_message(const struct hsx_target *target);

#ifdef __cplusplus
}
#endif

#endif
