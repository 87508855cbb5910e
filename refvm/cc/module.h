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
    bool parsing; /* what LLVM says of it is not passed on */
};

/* All of these have printed what is wrong when they return false. */
bool cc_module_begin(struct cc_module *m);
void cc_module_end(struct cc_module *m);
/* shown: what the bitcode was made of. */
bool cc_module_add(struct cc_module *m, const char *bitcode, size_t size, const char *shown);

/* What has been added so far is the program; what comes now is the library. */
void cc_module_note_program(struct cc_module *m);
/* A library gives what is missing; what the program defines itself stays as it is. */
bool cc_module_add_library(struct cc_module *m, const char *bitcode, size_t size,
                           const char *shown);
/* Whether a function is used that no file added so far defines, nor assembly. */
bool cc_module_is_incomplete(const struct cc_module *m, const struct cc_assembly *assembly);
/* The names of what the program defines, NULL at the end, that stand in assembly of the user's, to
 * be freed; and main and exit. They live as long as the module. */
const char **cc_module_kept(const struct cc_module *m, struct cc_assembly *assembly);
/* The library's parts that depend on the program: printf of doubles, the heap of so many bytes. */
void cc_module_fit_library(struct cc_module *m, unsigned heap);
bool cc_module_is_library(const struct cc_module *m, LLVMValueRef function);

/* Bitcode that has been optimized already, from which what cc_prepare calls is fetched. */
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

/* Optimize for level 0 to 2 and turn into what HSX can do. keep: names that stay though
 * nothing in the module calls them, NULL at the end. */
bool cc_module_finish(struct cc_module *m, int level, const char *const *keep,
                      const struct cc_libraries *libraries);

#endif
