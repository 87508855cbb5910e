// SPDX-License-Identifier: Apache-2.0
#include "sources.h"
#include "memory.h"
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

struct cc_sources {
    char **files;
    size_t count, room;
    size_t last; /* the file found last: mostly the next one as well */
};

struct cc_sources *cc_sources_new(void)
{
    return cc_allocate(1, sizeof(struct cc_sources));
}

void cc_sources_free(struct cc_sources *sources)
{
    if (!sources) {
        return;
    }
    for (size_t i = 0; i < sources->count; i++) {
        free(sources->files[i]);
    }
    free(sources->files);
    free(sources);
}

static const char *keep(struct cc_sources *sources, const char *file, unsigned size)
{
    if (!file || size == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sources->count; i++) {
        size_t at = (sources->last + i) % sources->count;
        const char *known = sources->files[at];

        if (strncmp(known, file, size) == 0 && known[size] == '\0') {
            sources->last = at;
            return known;
        }
    }
    sources->files =
        cc_grow(sources->files, sources->count, &sources->room, sizeof *sources->files);
    sources->last = sources->count;
    return sources->files[sources->count++] = cc_text("%.*s", (int)size, file);
}

struct cc_source cc_source_of_insn(struct cc_sources *sources, LLVMValueRef insn)
{
    unsigned size = 0;
    unsigned line = LLVMGetDebugLocLine(insn);
    const char *file = line ? LLVMGetDebugLocFilename(insn, &size) : NULL;

    return (struct cc_source){keep(sources, file, size), line};
}

static struct cc_source in_file(struct cc_sources *sources, LLVMMetadataRef file, unsigned line)
{
    unsigned size = 0;
    const char *name = file ? LLVMDIFileGetFilename(file, &size) : NULL;

    return (struct cc_source){keep(sources, name, size), line};
}

struct cc_source cc_source_of_function(struct cc_sources *sources, LLVMValueRef function)
{
    LLVMMetadataRef subprogram = LLVMGetSubprogram(function);

    if (!subprogram) {
        return (struct cc_source){NULL, 0};
    }
    return in_file(sources, LLVMDIScopeGetFile(subprogram), LLVMDISubprogramGetLine(subprogram));
}

struct cc_source cc_source_of_variable(struct cc_sources *sources, LLVMValueRef variable)
{
    struct cc_source source = {NULL, 0};
    size_t count;
    LLVMValueMetadataEntry *entries = LLVMGlobalCopyAllMetadata(variable, &count);

    for (size_t i = 0; i < count; i++) {
        LLVMMetadataRef node = LLVMValueMetadataEntriesGetMetadata(entries, (unsigned)i);

        if (LLVMGetMetadataKind(node) == LLVMDIGlobalVariableExpressionMetadataKind) {
            node = LLVMDIGlobalVariableExpressionGetVariable(node);
            source = in_file(sources, LLVMDIVariableGetFile(node), LLVMDIVariableGetLine(node));
        }
    }
    LLVMDisposeValueMetadataEntries(entries);
    return source;
}
