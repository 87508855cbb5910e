// SPDX-License-Identifier: Apache-2.0
/* Labels of MVASM for the globals of a module. */
#ifndef HSX_CC_NAMES_H
#define HSX_CC_NAMES_H

#include <llvm-c/Core.h>

struct cc_names;

struct cc_names *cc_names_new(void);
void cc_names_free(struct cc_names *names);

/* The label of a function or variable; valid as long as names. */
const char *cc_name_of(struct cc_names *names, LLVMValueRef global);

#endif
