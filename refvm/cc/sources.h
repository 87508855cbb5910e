// SPDX-License-Identifier: Apache-2.0
/* The source lines of functions, variables and instructions, from clang's line tables. */
#ifndef HSX_CC_SOURCES_H
#define HSX_CC_SOURCES_H

#include <llvm-c/Core.h>

struct cc_sources; /* the names of files, each once */

struct cc_source {
    const char *file; /* NULL: not known; valid as long as the sources */
    unsigned line;    /* from 1; 0: not known */
};

struct cc_sources *cc_sources_new(void);
void cc_sources_free(struct cc_sources *sources);

struct cc_source cc_source_of_insn(struct cc_sources *sources, LLVMValueRef insn);
struct cc_source cc_source_of_function(struct cc_sources *sources, LLVMValueRef function);
/* Known only for files compiled with -g. */
struct cc_source cc_source_of_variable(struct cc_sources *sources, LLVMValueRef variable);

#endif
