// SPDX-License-Identifier: Apache-2.0
/* The variables of a module as MVASM data. */
#ifndef HSX_CC_DATA_H
#define HSX_CC_DATA_H

#include "names.h"
#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <stdio.h>

/* NULL, or a message on what is not supported, to be freed. */
char *cc_write_data(LLVMModuleRef module, LLVMTargetDataRef layout, struct cc_names *names,
                    FILE *file);

#endif
