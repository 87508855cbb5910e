// SPDX-License-Identifier: Apache-2.0
/*
 * The core under Icarus Verilog, four-state, as a struct hsx_rtl_link: a vvp
 * process with the VPI module hsx_vpi, at the other end of a socket. An X or Z
 * on the retirement port while a record is valid, or at any time after reset on
 * ret_valid, held or wb_ack, is an error (HSX_ERR_MACHINE) whose message names
 * the signal; so is a design that makes no clock edge for ten seconds, as in a loop without
 * a delay.
 */
#ifndef HSX_ICARUS_H
#define HSX_ICARUS_H

#include <hsx/rtl_link.h>

/* program: the compiled design whose top is hsx_icarus_top, such as the gate
 * level's; NULL: the core as it was built with this library. HSX_ERR_IO: vvp does not run it;
 * HSX_ERR_MACHINE: it does not come to its first clock edge. */
enum hsx_status hsx_icarus_create(const char *program, struct hsx_rtl_link **link);

struct hsx_icarus_options {
    const char *program; /* as above */
    bool wave;           /* without a program: the core with what only waves show */
    bool vcd;            /* the format of a wave that is asked for; else FST */
};

enum hsx_status hsx_icarus_start(const struct hsx_icarus_options *options,
                                 struct hsx_rtl_link **link);

#endif
