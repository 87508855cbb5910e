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

/* clang has no HSX target, and 32-bit RISC-V is closest: little-endian, no flags visible
 * to C, base and 12-bit offset as the only addressing mode. */
static const char triple[] = "riscv32-unknown-elf";
static const char features[] = "+m,+a,+f,+zfh";

static void report(LLVMDiagnosticInfoRef info, void *context)
{
    const struct cc_module *m = context;
    char *text = LLVMGetDiagInfoDescription(info);

    if (!m->parsing && LLVMGetDiagInfoSeverity(info) == LLVMDSError) {
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
    LLVMContextSetDiagnosticHandler(m->context, report, m);
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

static bool parse(struct cc_module *m, const char *bitcode, size_t size, const char *shown,
                  LLVMModuleRef *part)
{
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bitcode, size, shown);
    bool done;

    m->parsing = true;
    done = !LLVMParseBitcodeInContext2(m->context, buffer, part);
    m->parsing = false;
    if (!done) {
        fprintf(stderr, "%s: expected bitcode of LLVM 16, whole\n", shown);
    }
    LLVMDisposeMemoryBuffer(buffer);
    return done;
}

static bool link_part(struct cc_module *m, LLVMModuleRef part, const char *shown)
{
    if (LLVMLinkModules2(m->module, part)) {
        fprintf(stderr, "%s: cannot be linked with the files before it\n", shown);
        return false;
    }
    return true;
}

/* Whether a file has functions that must run before or after main. */
static bool has_outside_main(LLVMModuleRef part, const char *list_name, const char *attribute,
                             const char *shown)
{
    LLVMValueRef list = LLVMGetNamedGlobal(part, list_name);
    LLVMValueRef first = list ? LLVMGetAggregateElement(LLVMGetInitializer(list), 0) : NULL;
    LLVMValueRef function = first ? LLVMGetAggregateElement(first, 1) : NULL;
    LLVMMetadataRef source =
        function && LLVMIsAFunction(function) ? LLVMGetSubprogram(function) : NULL;

    if (source) {
        fprintf(stderr, "%s:%u: the attribute %s is not supported\n", shown,
                LLVMDISubprogramGetLine(source), attribute);
    } else if (list) {
        fprintf(stderr, "%s: the attribute %s is not supported\n", shown, attribute);
    }
    return list != NULL;
}

/* Whether a file has features that would silently be omitted. */
static bool has_unsupported(LLVMModuleRef part, const char *shown)
{
    size_t size = 0;

    LLVMGetModuleInlineAsm(part, &size);
    if (size != 0) {
        fprintf(stderr, "%s: assembly outside of functions is not supported\n", shown);
        return true;
    }
    return has_outside_main(part, "llvm.global_ctors", "constructor", shown) ||
           has_outside_main(part, "llvm.global_dtors", "destructor", shown);
}

bool cc_module_add(struct cc_module *m, const char *bitcode, size_t size, const char *shown)
{
    LLVMModuleRef part;

    if (!parse(m, bitcode, size, shown, &part)) {
        return false;
    }
    if (has_unsupported(part, shown)) {
        LLVMDisposeModule(part);
        return false;
    }
    return link_part(m, part, shown);
}

static bool is_defined(LLVMValueRef global)
{
    return !LLVMIsDeclaration(global) && (LLVMGetLinkage(global) == LLVMExternalLinkage);
}

bool cc_module_add_library(struct cc_module *m, const char *bitcode, size_t size, const char *shown)
{
    LLVMModuleRef part;

    if (!parse(m, bitcode, size, shown, &part)) {
        return false;
    }
    /* weak: a definition in the program replaces it */
    for (LLVMValueRef f = LLVMGetFirstFunction(part); f; f = LLVMGetNextFunction(f)) {
        if (is_defined(f)) {
            LLVMSetLinkage(f, LLVMWeakAnyLinkage);
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(part); g; g = LLVMGetNextGlobal(g)) {
        if (is_defined(g)) {
            LLVMSetLinkage(g, LLVMWeakAnyLinkage);
        }
    }
    return link_part(m, part, shown);
}

bool cc_module_is_incomplete(const struct cc_module *m, const struct cc_assembly *assembly)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        size_t size;

        const char *name = LLVMGetValueName2(f, &size);

        if (LLVMIsDeclaration(f) && LLVMGetFirstUse(f) && LLVMGetIntrinsicID(f) == 0 &&
            strcmp(name, "__hsx_div") != 0 && !cc_assembly_exports(assembly, name)) {
            return true;
        }
    }
    return false;
}

static void keep_mentioned(struct cc_list *kept, struct cc_assembly *assembly, LLVMValueRef global)
{
    size_t size;
    const char *name = LLVMGetValueName2(global, &size);

    if (is_defined(global) && cc_assembly_mentions(assembly, name)) {
        cc_list_add(kept, name);
    }
}

const char **cc_module_kept(const struct cc_module *m, struct cc_assembly *assembly)
{
    struct cc_list kept = {0};

    cc_list_add(&kept, "main");
    cc_list_add(&kept, "exit");
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        keep_mentioned(&kept, assembly, f);
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        keep_mentioned(&kept, assembly, g);
    }
    cc_list_add(&kept, NULL);
    return kept.items;
}

static bool hands_over_double(LLVMValueRef call)
{
    LLVMTypeRef type = LLVMGetCalledFunctionType(call);

    if (!LLVMIsFunctionVarArg(type)) {
        return false;
    }
    for (unsigned i = LLVMCountParamTypes(type); i < LLVMGetNumArgOperands(call); i++) {
        if (LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(call, i))) == LLVMDoubleTypeKind) {
            return true;
        }
    }
    return false;
}

static bool function_hands_over_double(LLVMValueRef function)
{
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsACallInst(i) && hands_over_double(i)) {
                return true;
            }
        }
    }
    return false;
}

static void fit_printf(struct cc_module *m)
{
    LLVMValueRef put = LLVMGetNamedFunction(m->module, "__hsx_put_double");
    LLVMValueRef nothing = LLVMGetNamedFunction(m->module, "__hsx_put_nothing");

    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        if (function_hands_over_double(f)) {
            return;
        }
    }
    if (put && nothing) {
        LLVMReplaceAllUsesWith(put, nothing);
    }
}

/* Define a variable that is only declared, with this value. */
static void define(struct cc_module *m, const char *name, LLVMValueRef value, bool constant)
{
    LLVMValueRef declared = LLVMGetNamedGlobal(m->module, name);
    LLVMValueRef defined;

    if (!declared || !LLVMIsDeclaration(declared)) {
        return;
    }
    defined = LLVMAddGlobal(m->module, LLVMTypeOf(value), "");
    LLVMSetInitializer(defined, value);
    LLVMSetGlobalConstant(defined, constant);
    LLVMSetAlignment(defined, 8);
    LLVMReplaceAllUsesWith(declared, defined);
    LLVMDeleteGlobal(declared);
    LLVMSetValueName2(defined, name, strlen(name));
}

void cc_module_fit_library(struct cc_module *m, unsigned heap)
{
    LLVMTypeRef byte = LLVMInt8TypeInContext(m->context);
    LLVMTypeRef word = LLVMInt32TypeInContext(m->context);

    fit_printf(m);
    define(m, "__hsx_heap", LLVMConstNull(LLVMArrayType(byte, heap)), false);
    define(m, "__hsx_heap_size", LLVMConstInt(word, heap, 0), true);
}

/* Metadata of this kind stays with a function through all optimizations. */
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

/* Functions not called from outside the module may be inlined and removed. With keep_own the
 * program's own functions with names of the runtime library stay, as cc_prepare may call them. */
static void hide(struct cc_module *m, const char *const *keep, bool keep_own)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        size_t size;
        const char *name = LLVMGetValueName2(f, &size);

        if (!LLVMIsDeclaration(f) && !listed(keep, name, size) &&
            !(keep_own && cc_is_runtime(name, size) && !cc_module_is_library(m, f))) {
            LLVMSetLinkage(f, LLVMInternalLinkage);
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        size_t size;
        const char *name = LLVMGetValueName2(g, &size);

        if (!LLVMIsDeclaration(g) && strncmp(name, "llvm.", 5) != 0 && !listed(keep, name, size)) {
            LLVMSetLinkage(g, LLVMInternalLinkage);
        }
    }
}

static bool run(struct cc_module *m, const char *passes)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error;

    /* HSX has no vectors, and code memory is only 64 KiB. */
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

/* Prepare, and fetch library functions that are then called, which are prepared in turn.
 * *fetched: there were some. */
static bool prepare(struct cc_module *m, const struct cc_libraries *libraries, bool last,
                    bool *fetched)
{
    bool more;

    *fetched = false;
    do {
        more = false;
        cc_prepare(m->module, m->layout, last);
        for (size_t i = 0; i < libraries->count; i++) {
            const struct cc_library *library = &libraries->all[i];

            if (!cc_module_is_incomplete(m, libraries->assembly)) {
                break;
            }
            if (!cc_module_add_library(m, library->bitcode, library->size, library->name)) {
                return false;
            }
            more = *fetched = true;
        }
        /* names still missing are in no library: reported later, with their place */
    } while (more && !cc_module_is_incomplete(m, libraries->assembly));
    return true;
}

/* LLVM's strength reduction takes minutes on consecutive loops of a function this long. */
enum { MOST_REDUCED = 800 };

static size_t instructions_of(LLVMValueRef function)
{
    size_t count = 0;

    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
            count++;
        }
    }
    return count;
}

/* Exclude long functions from optimization, or include them again. */
static void set_aside(struct cc_module *m, bool aside)
{
    static const char *const names[] = {"optnone", "noinline"};

    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        if (instructions_of(f) <= MOST_REDUCED) {
            continue;
        }
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            unsigned kind = LLVMGetEnumAttributeKindForName(names[i], strlen(names[i]));

            if (aside) {
                LLVMAddAttributeAtIndex(f, LLVMAttributeFunctionIndex,
                                        LLVMCreateEnumAttribute(m->context, kind, 0));
            } else {
                LLVMRemoveEnumAttributeAtIndex(f, LLVMAttributeFunctionIndex, kind);
            }
        }
    }
}

/* The last passes. They recreate constant expressions that cc_prepare has replaced, so cc_prepare
 * runs again after them; functions that it fetches then need these passes as well. */
static bool finish(struct cc_module *m, int level, const char *const *keep,
                   const struct cc_libraries *libraries)
{
    static const char plain[] =
        "globaldce,function(lowerswitch,loop-simplify,break-crit-edges),globaldce";
    static const char reducing[] = "globaldce,function(loop-simplify,lcssa,loop(loop-reduce))";
    static const char optimizing[] =
        "function(early-cse,adce,simplifycfg<no-switch-to-lookup>,lowerswitch,loop-simplify,"
        "break-crit-edges),globaldce";
    bool fetched = true;

    for (int rounds = 0; fetched && rounds < 3; rounds++) {
        hide(m, keep, false);
        if (level > 0) {
            bool done;

            set_aside(m, true);
            done = run(m, reducing);
            set_aside(m, false);
            if (!done) {
                return false;
            }
        }
        if (!run(m, level == 0 ? plain : optimizing) || !prepare(m, libraries, true, &fetched)) {
            return false;
        }
    }
    return true;
}

bool cc_module_finish(struct cc_module *m, int level, const char *const *keep,
                      const struct cc_libraries *libraries)
{
    char *error = NULL;
    bool fetched;
    bool done;

    hide(m, keep, true);
    if (!run(m, level == 0   ? "default<O0>,globaldce"
                : level == 1 ? "default<O1>"
                             : "default<O2>") ||
        !prepare(m, libraries, false, &fetched)) {
        return false;
    }
    hide(m, keep, true);
    if (!run(m, level == 0
                    ? "always-inline,globaldce"
                    : "globaldce,cgscc(inline),function(sroa,early-cse<memssa>,instcombine,"
                      "simplifycfg,loop-simplify,loop-mssa(licm),instcombine,adce),globaldce") ||
        !prepare(m, libraries, true, &fetched)) {
        return false;
    }
    done = finish(m, level, keep, libraries);
    if (done && LLVMVerifyModule(m->module, LLVMReturnStatusAction, &error)) {
        fprintf(stderr, "hsx cc: the optimizer's result is not valid: %s\n", error);
        done = false;
    }
    LLVMDisposeMessage(error);
    return done;
}
