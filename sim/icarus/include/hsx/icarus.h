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

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_icarus_options {
    /* The folder of the VPI module hsx_vpi.vpi and the compiled core, hsx_icarus.vvp;
     * NULL: relative to the running program, in its build folder or installed. */
    const char *directory;
    /* The compiled design whose top is hsx_icarus_top, such as the gate level's; NULL: the
     * core in directory. */
    const char *program;
    bool wave; /* without a program: the core with the signals for waves */
    bool vcd;  /* the format of a wave, if there will be one; else FST */
};

/* HSX_ERR_STATE: the VPI module is not found; HSX_ERR_IO: vvp does not run the design;
 * HSX_ERR_MACHINE: it does not reach its first clock edge. */
enum hsx_status hsx_icarus_start(const struct hsx_icarus_options *options,
                                 struct hsx_rtl_link **link);

/* The same without waves. */
enum hsx_status hsx_icarus_create(const char *directory, const char *program,
                                  struct hsx_rtl_link **link);

#ifdef __cplusplus
}
#endif

#endif
