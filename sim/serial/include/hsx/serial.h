// SPDX-License-Identifier: Apache-2.0
/*
 * A board on a serial line (docs/serial.md) as a struct hsx_rtl_link: <hsx/rtl.h> makes a struct
 * hsx_target of it, as of a simulated core.
 *
 * Differences from a simulator's link: a call that fails on the line returns HSX_ERR_IO, and so
 * do all later calls; message() says why in one line. A run without records is `wait`. A run with
 * records lets the core do one instruction at a time and reads the effects. cycles() comes from
 * the core's own counter.
 */
#ifndef HSX_SERIAL_H
#define HSX_SERIAL_H

#include <hsx/rtl_link.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_serial_options {
    char device[4096];
    unsigned baud;     /* bits per second */
    unsigned timeout;  /* milliseconds without a good reply until a request is repeated */
    unsigned patience; /* milliseconds until it fails; a missing device may come back */
};

enum { HSX_SERIAL_BAUD = 1000000, HSX_SERIAL_TIMEOUT = 250, HSX_SERIAL_PATIENCE = 10000 };

/* DEVICE[,baud=N][,timeout=MS][,patience=MS]. False: text is wrong, and why, of size bytes, says
 * what was expected. */
bool hsx_serial_parse(const char *text, struct hsx_serial_options *options, char *why, size_t size);

/* Opens the device and a session with the board. HSX_ERR_IO or HSX_ERR_STATE: why, of size bytes,
 * is one line. It must outlive the link, which also stores later failures there. */
enum hsx_status hsx_serial_open(const struct hsx_serial_options *options,
                                struct hsx_rtl_link **link, char *why, size_t size);

#ifdef __cplusplus
}
#endif

#endif
