// SPDX-License-Identifier: Apache-2.0
/* From C files to one module of LLVM IR that is ready for selection. */
#ifndef HSX_CC_MODULE_H
#define HSX_CC_MODULE_H

#include "assembly.h"
#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <stdbool.h>
#include <stddef.h>

struct cc_module {
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMTargetMachineRef machine;
    LLVMTargetDataRef layout;
    bool parsing; /* LLVM's messages are suppressed */
};

/* All of these have printed an error when they return false. */
bool cc_module_begin(struct cc_module *m);
void cc_module_end(struct cc_module *m);
/* shown: the source of the bitcode, for messages. */
bool cc_module_add(struct cc_module *m, const char *bitcode, size_t size, const char *shown);

/* Everything added so far is the program; the rest is the library. */
void cc_module_note_program(struct cc_module *m);
/* A library supplies what is missing; the program's own definitions stay. */
bool cc_module_add_library(struct cc_module *m, const char *bitcode, size_t size,
                           const char *shown);
/* Whether a function is used that neither a file added so far nor assembly defines. */
bool cc_module_is_incomplete(const struct cc_module *m, const struct cc_assembly *assembly);
/* The names defined by the program that the user's assembly mentions, and main and exit; NULL at
 * the end. The array is to be freed; the names are valid as long as the module. */
const char **cc_module_kept(const struct cc_module *m, struct cc_assembly *assembly);
/* Adapt the library to the program: printf of doubles, a heap of so many bytes. */
void cc_module_fit_library(struct cc_module *m, unsigned heap);
bool cc_module_is_library(const struct cc_module *m, LLVMValueRef function);

/* Bitcode that is already optimized, the source of functions that cc_prepare calls. */
struct cc_library {
    const char *name;
    char *bitcode;
    size_t size;
};

struct cc_libraries {
    struct cc_library all[2];
    size_t count;
    const struct cc_assembly *assembly;
};

/* Optimize at level 0 to 2 and reduce to operations of HSX. keep: names to keep even if
 * nothing in the module calls them, NULL at the end. */
bool cc_module_finish(struct cc_module *m, int level, const char *const *keep,
                      const struct cc_libraries *libraries);

#endif
