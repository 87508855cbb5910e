// SPDX-License-Identifier: Apache-2.0
/* The stack use of functions and programs. */
#ifndef HSX_CC_STACK_H
#define HSX_CC_STACK_H

#include "code.h"
#include "module.h"
#include "names.h"

/*
 * The text of the report, to be freed: for each function a line "FILE:LINE:FUNCTION BYTES HOW" with
 * tabs between, as gcc's -fstack-usage writes it, and one for the whole program. library: the text
 * of the library's assembly.
 */
char *cc_stack_text(const struct code *code, const struct cc_module *m, struct cc_names *names,
                    const char *library);

#endif
