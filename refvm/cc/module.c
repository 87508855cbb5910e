// SPDX-License-Identifier: Apache-2.0
#include "module.h"
#include "memory.h"
#include "prepare.h"
#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang has no HSX, and RISC-V with 32 bits is closest: little-endian, no flags that C
 * could see, base and 12-bit offset as the one addressing mode. */
static const char triple[] = "riscv32-unknown-elf";
static const char features[] = "+m,+f,+zfh";

static void tell(LLVMDiagnosticInfoRef info, void *context)
{
    char *text = LLVMGetDiagInfoDescription(info);

    (void)context;
    if (LLVMGetDiagInfoSeverity(info) == LLVMDSError) {
        fprintf(stderr, "hsx cc: %s\n", text);
    }
    LLVMDisposeMessage(text);
}

bool cc_module_begin(struct cc_module *m)
{
    LLVMTargetRef target;
    char *error = NULL;

    memset(m, 0, sizeof *m);
    LLVMInitializeRISCVTargetInfo();
    LLVMInitializeRISCVTarget();
    LLVMInitializeRISCVTargetMC();
    m->context = LLVMContextCreate();
    LLVMContextSetDiagnosticHandler(m->context, tell, NULL);
    if (LLVMGetTargetFromTriple(triple, &target, &error)) {
        fprintf(stderr, "hsx cc: this LLVM has no RISC-V: %s\n", error);
        LLVMDisposeMessage(error);
        return false;
    }
    m->machine =
        LLVMCreateTargetMachine(target, triple, "generic-rv32", features, LLVMCodeGenLevelDefault,
                                LLVMRelocDefault, LLVMCodeModelDefault);
    m->layout = LLVMCreateTargetDataLayout(m->machine);
    m->module = LLVMModuleCreateWithNameInContext("program", m->context);
    LLVMSetTarget(m->module, triple);
    LLVMSetModuleDataLayout(m->module, m->layout);
    return true;
}

void cc_module_end(struct cc_module *m)
{
    if (m->module) {
        LLVMDisposeModule(m->module);
    }
    if (m->layout) {
        LLVMDisposeTargetData(m->layout);
    }
    if (m->machine) {
        LLVMDisposeTargetMachine(m->machine);
    }
    if (m->context) {
        LLVMContextDispose(m->context);
    }
}

bool cc_module_add(struct cc_module *m, const char *bitcode, size_t size, const char *shown)
{
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bitcode, size, shown);
    LLVMModuleRef part;

    if (LLVMParseBitcodeInContext2(m->context, buffer, &part)) {
        fprintf(stderr, "%s: is no bitcode of LLVM 16\n", shown);
        LLVMDisposeMemoryBuffer(buffer);
        return false;
    }
    LLVMDisposeMemoryBuffer(buffer);
    if (LLVMLinkModules2(m->module, part)) {
        fprintf(stderr, "%s: cannot be linked with the files before it\n", shown);
        return false;
    }
    return true;
}

/* Metadata of this kind stays with a function whatever the optimizer does to it. */
static const char program_mark[] = "hsx.program";

void cc_module_note_program(struct cc_module *m)
{
    unsigned kind = LLVMGetMDKindIDInContext(m->context, program_mark, sizeof program_mark - 1);
    LLVMMetadataRef empty = LLVMMDNodeInContext2(m->context, NULL, 0);

    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        if (!LLVMIsDeclaration(f)) {
            LLVMGlobalSetMetadata(f, kind, empty);
        }
    }
}

bool cc_module_is_library(const struct cc_module *m, LLVMValueRef function)
{
    unsigned kind = LLVMGetMDKindIDInContext(m->context, program_mark, sizeof program_mark - 1);
    size_t count;
    LLVMValueMetadataEntry *entries = LLVMGlobalCopyAllMetadata(function, &count);
    bool library = true;

    for (size_t i = 0; i < count; i++) {
        library = library && LLVMValueMetadataEntriesGetKind(entries, (unsigned)i) != kind;
    }
    LLVMDisposeValueMetadataEntries(entries);
    return library;
}

static bool listed(const char *const *list, const char *name, size_t size)
{
    for (; *list; list++) {
        if (strlen(*list) == size && memcmp(*list, name, size) == 0) {
            return true;
        }
    }
    return false;
}

/* What nobody outside of the module calls may be inlined and left out. */
static void hide(struct cc_module *m, const char *const *keep, bool keep_runtime)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        size_t size;
        const char *name = LLVMGetValueName2(f, &size);

        if (!LLVMIsDeclaration(f) && !listed(keep, name, size) &&
            !(keep_runtime && cc_is_runtime(name, size))) {
            LLVMSetLinkage(f, LLVMInternalLinkage);
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        size_t size;
        const char *name = LLVMGetValueName2(g, &size);

        if (!LLVMIsDeclaration(g) && strncmp(name, "llvm.", 5) != 0) {
            LLVMSetLinkage(g, LLVMInternalLinkage);
        }
    }
}

static bool run(struct cc_module *m, const char *passes)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error;

    /* There are no vectors, and code memory has 64 KiB. */
    LLVMPassBuilderOptionsSetLoopVectorization(options, 0);
    LLVMPassBuilderOptionsSetSLPVectorization(options, 0);
    LLVMPassBuilderOptionsSetLoopUnrolling(options, 0);
    LLVMPassBuilderOptionsSetLoopInterleaving(options, 0);
    error = LLVMRunPasses(m->module, passes, m->machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (error) {
        char *text = LLVMGetErrorMessage(error);

        fprintf(stderr, "hsx cc: the optimizer failed: %s\n", text);
        LLVMDisposeErrorMessage(text);
        return false;
    }
    return true;
}

bool cc_module_finish(struct cc_module *m, int level, const char *const *keep)
{
    char *error = NULL;
    bool done;

    hide(m, keep, true);
    if (!run(m, level == 0   ? "default<O0>,globaldce"
                : level == 1 ? "default<O1>"
                             : "default<O2>")) {
        return false;
    }
    cc_prepare(m->module, m->layout, false);
    if (!run(m, level == 0
                    ? "always-inline,globaldce"
                    : "cgscc(inline),function(sroa,early-cse<memssa>,instcombine,simplifycfg,"
                      "loop-simplify,loop-mssa(licm),instcombine,adce),globaldce")) {
        return false;
    }
    cc_prepare(m->module, m->layout, true);
    hide(m, keep, false);
    done = run(m, level == 0 ? "function(lowerswitch,loop-simplify,break-crit-edges),globaldce"
                             : "function(loop-simplify,lcssa,loop(loop-reduce),early-cse,adce,"
                               "simplifycfg<no-switch-to-lookup>,lowerswitch,loop-simplify,"
                               "break-crit-edges),globaldce");
    if (done && LLVMVerifyModule(m->module, LLVMReturnStatusAction, &error)) {
        fprintf(stderr, "hsx cc: what the optimizer left is not valid: %s\n", error);
        done = false;
    }
    LLVMDisposeMessage(error);
    return done;
}
