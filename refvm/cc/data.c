// SPDX-License-Identifier: Apache-2.0
#include "data.h"
#include "constants.h"
#include "memory.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The start of data, and so the largest alignment that an address in an image can be given. */
enum { MOST_ALIGN = 0x4000 };

/* An address in the initial value of a variable. */
struct relocation {
    uint64_t at;
    const char *symbol;
    int64_t offset;
};

struct image {
    LLVMTargetDataRef layout;
    struct cc_names *names;
    uint8_t *bytes;
    struct relocation *relocations;
    size_t count, room;
    bool failed;
};

static void put_bytes(struct image *image, uint64_t at, uint64_t value, uint64_t size)
{
    for (uint64_t i = 0; i < size && i < 8; i++) {
        image->bytes[at + i] = (uint8_t)(value >> (8 * i));
    }
}

static void fill(struct image *image, LLVMValueRef value, uint64_t at);

static void fill_elements(struct image *image, LLVMValueRef value, uint64_t at)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    bool structure = LLVMGetTypeKind(type) == LLVMStructTypeKind;
    unsigned count = structure ? LLVMCountStructElementTypes(type) : LLVMGetArrayLength(type);
    uint64_t step = structure ? 0 : LLVMABISizeOfType(image->layout, LLVMGetElementType(type));

    for (unsigned i = 0; i < count; i++) {
        fill(image, LLVMGetAggregateElement(value, i),
             at + (structure ? LLVMOffsetOfElement(image->layout, type, i) : i * step));
    }
}

static void fill(struct image *image, LLVMValueRef value, uint64_t at)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    const char *symbol;
    int64_t offset;

    if (LLVMIsUndef(value) || LLVMIsAConstantPointerNull(value) ||
        LLVMIsAConstantAggregateZero(value)) {
        return;
    }
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        if (LLVMIsAConstantInt(value)) {
            unsigned width = LLVMGetIntTypeWidth(type);

            for (unsigned word = 0; word * 64 < width; word++) {
                LLVMValueRef part =
                    word == 0 ? value : LLVMConstLShr(value, LLVMConstInt(type, word * 64, 0));
                LLVMTypeRef i64 = LLVMInt64TypeInContext(LLVMGetTypeContext(type));

                if (width > 64) {
                    part = LLVMConstTrunc(part, i64);
                }
                put_bytes(image, at + word * 8, LLVMConstIntGetZExtValue(part),
                          (width - word * 64 + 7) / 8);
            }
            return;
        }
        break;
    case LLVMHalfTypeKind:
    case LLVMFloatTypeKind:
    case LLVMDoubleTypeKind: {
        uint64_t size = LLVMABISizeOfType(image->layout, type);
        uint32_t bits;

        for (unsigned part = 0; part * 4 < size; part++) {
            if (!LLVMIsAConstantFP(value) || !cc_float_bits(value, part, &bits)) {
                image->failed = true;
                return;
            }
            put_bytes(image, at + part * 4, bits, size < 4 ? size : 4);
        }
        return;
    }
    case LLVMStructTypeKind:
    case LLVMArrayTypeKind:
        fill_elements(image, value, at);
        return;
    default:
        break;
    }
    if (LLVMABISizeOfType(image->layout, type) == 4 &&
        cc_constant_address(image->layout, image->names, value, &symbol, &offset)) {
        if (!symbol) {
            put_bytes(image, at, (uint64_t)offset, 4);
            return;
        }
        image->relocations =
            cc_grow(image->relocations, image->count, &image->room, sizeof *image->relocations);
        image->relocations[image->count++] = (struct relocation){at, symbol, offset};
        return;
    }
    image->failed = true;
}

static int by_place(const void *a, const void *b)
{
    const struct relocation *x = a;
    const struct relocation *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

static void write_bytes(FILE *file, const uint8_t *bytes, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        fprintf(file, "%s%u", i % 16 == 0 ? (i ? "\n    .byte " : "    .byte ") : ", ", bytes[i]);
    }
    if (count > 0) {
        fputc('\n', file);
    }
}

static void write_image(FILE *file, struct image *image, uint64_t size)
{
    uint64_t at = 0;

    if (image->count != 0) {
        qsort(image->relocations, image->count, sizeof *image->relocations, by_place);
    }
    for (size_t i = 0; i < image->count; i++) {
        const struct relocation *relocation = &image->relocations[i];

        write_bytes(file, image->bytes + at, relocation->at - at);
        fprintf(file, "    .word %s", relocation->symbol);
        if (relocation->offset != 0) {
            fprintf(file, " %c %lld", relocation->offset < 0 ? '-' : '+',
                    llabs((long long)relocation->offset));
        }
        fputc('\n', file);
        at = relocation->at + 4;
    }
    write_bytes(file, image->bytes + at, size - at);
}

static bool is_zero(const struct image *image, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++) {
        if (image->bytes[i] != 0) {
            return false;
        }
    }
    return image->count == 0;
}

static char *write_variable(LLVMValueRef variable, struct image *image, FILE *file)
{
    LLVMValueRef initial = LLVMGetInitializer(variable);
    LLVMTypeRef type = LLVMGlobalGetValueType(variable);
    uint64_t size = LLVMABISizeOfType(image->layout, type);
    unsigned align = LLVMGetAlignment(variable);
    const char *label = cc_name_of(image->names, variable);

    if (size > 0xC000) {
        return cc_text("%s has %llu bytes; a program's data have at most 48 KiB", label,
                       (unsigned long long)size);
    }
    if (align > MOST_ALIGN) {
        return cc_text("%s is aligned to %u bytes; at most 16 KiB are supported", label, align);
    }
    image->bytes = cc_allocate(size, 1);
    image->count = 0;
    image->failed = false;
    fill(image, initial, 0);
    if (!image->failed) {
        bool zero = is_zero(image, size);

        fputs(zero ? ".bss\n" : ".data\n", file);
        if (align > 1) {
            fprintf(file, ".align %u\n", align);
        }
        fprintf(file, "%s:\n", label);
        if (zero) {
            fprintf(file, "    .zero %llu\n", (unsigned long long)size);
        } else {
            write_image(file, image, size);
        }
    }
    free(image->bytes);
    return image->failed ? cc_text("the initial value of %s is not supported", label) : NULL;
}

char *cc_write_data(LLVMModuleRef module, LLVMTargetDataRef layout, struct cc_names *names,
                    FILE *file)
{
    struct image image = {.layout = layout, .names = names};
    char *error = NULL;

    for (LLVMValueRef variable = LLVMGetFirstGlobal(module); variable && !error;
         variable = LLVMGetNextGlobal(variable)) {
        size_t size;
        const char *name = LLVMGetValueName2(variable, &size);

        if (LLVMGetInitializer(variable) && strncmp(name, "llvm.", 5) != 0) {
            error = write_variable(variable, &image, file);
        }
    }
    free(image.relocations);
    return error;
}
