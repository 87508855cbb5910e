// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers of system calls and of mailboxes (contract sections 6 and 7), generated from
 * the table refvm/include/hsx/svc.def.
 */
#ifndef HSX_SVC_H
#define HSX_SVC_H

#ifdef __cplusplus
extern "C" {
#endif

/* The immediate of SVC: module << 8 | function. */
enum hsx_svc {
#define HSX_SVC(module, function, NAME, call, in, r0, pointer)                                     \
    HSX_SVC_##NAME = (module) << 8 | (function),
#include "svc.def"
};

/* The name of a call in the documentation, such as "RECV"; "SVC" for unknown numbers. */
const char *hsx_svc_name(unsigned number);

/* All functions of this module are mailbox calls. */
enum { HSX_SVC_MBOX_MODULE = HSX_SVC_MBOX_OPEN >> 8 };

#define HSX_SVC_MODULE(insn) ((unsigned)(insn) >> 8 & 0xF)
#define HSX_SVC_NUMBER(insn) ((unsigned)(insn)&0xFFF)

/* R0 after a mailbox call. */
enum hsx_mbox_status {
#define HSX_STATUS(NAME, value, text) HSX_MBOX_##NAME = (value),
#include "svc.def"
};

/* Mode bits of a mailbox. */
enum {
#define HSX_MODE(NAME, bit, text) HSX_MODE_##NAME = (bit),
#include "svc.def"
};

/* Bits of a message's flags. */
enum {
#define HSX_FLAG(NAME, bit, text) HSX_FLAG_##NAME = (bit),
#include "svc.def"
};

/* Special timeouts of RECV, which are not milliseconds. */
enum {
#define HSX_WAIT(NAME, value, text) HSX_WAIT_##NAME = (value),
#include "svc.def"
};

#ifdef __cplusplus
}
#endif

#endif
