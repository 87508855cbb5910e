// SPDX-License-Identifier: Apache-2.0
#include "variables.h"
#include "memory.h"
#include <hsx/symbols.h>
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* Operands of LLVM's nodes for variables and types. */
enum { VARIABLE_NAME = 1, VARIABLE_TYPE = 3, TYPE_BASE = 3, MOST_OPERANDS = 16, MOST_DEPTH = 20 };

struct type {
    char *text;
    uint8_t form; /* enum hsx_symbol_form */
    uint64_t bits;
};

static LLVMValueRef operand(LLVMContextRef context, LLVMMetadataRef node, unsigned index)
{
    LLVMValueRef value = LLVMMetadataAsValue(context, node);
    LLVMValueRef operands[MOST_OPERANDS];
    unsigned count = LLVMGetMDNodeNumOperands(value);

    if (index >= count || count > MOST_OPERANDS) {
        return NULL;
    }
    LLVMGetMDNodeOperands(value, operands);
    return operands[index];
}

static uint8_t form_of(const char *name)
{
    if (strstr(name, "float") || strstr(name, "double") || strcmp(name, "_Float16") == 0) {
        return HSX_FORM_FLOAT;
    }
    /* char is unsigned here */
    return strstr(name, "unsigned") || strcmp(name, "char") == 0 || strcmp(name, "_Bool") == 0
               ? HSX_FORM_UNSIGNED
               : HSX_FORM_SIGNED;
}

static struct type type_of(LLVMContextRef context, LLVMMetadataRef node, int depth);

static struct type base_of(LLVMContextRef context, LLVMMetadataRef node, int depth)
{
    LLVMValueRef base = operand(context, node, TYPE_BASE);

    return type_of(context, base ? LLVMValueAsMetadata(base) : NULL, depth + 1);
}

/* A derived type without a name is a pointer, or const or volatile, which have no size. */
static struct type derived(LLVMContextRef context, LLVMMetadataRef node, const char *name,
                           size_t length, int depth)
{
    struct type type = base_of(context, node, depth);
    char *text = type.text;

    if (length > 0) {
        type.text = cc_text("%.*s", (int)length, name);
    } else if (LLVMDITypeGetSizeInBits(node) != 0) {
        type.text = cc_text("%s%s*", text, text[strlen(text) - 1] == '*' ? "" : " ");
        type.form = HSX_FORM_UNSIGNED;
        type.bits = LLVMDITypeGetSizeInBits(node);
    } else {
        return type;
    }
    free(text);
    return type;
}

static struct type composite(LLVMContextRef context, LLVMMetadataRef node, const char *name,
                             size_t length, int depth)
{
    struct type type = {.form = HSX_FORM_BYTES, .bits = LLVMDITypeGetSizeInBits(node)};
    struct type base;

    if (length > 0 || !operand(context, node, TYPE_BASE)) {
        type.text = length > 0 ? cc_text("%.*s", (int)length, name) : cc_text("struct");
        return type;
    }
    base = base_of(context, node, depth);
    type.text =
        cc_text("%s[%lu]", base.text, (unsigned long)(base.bits != 0 ? type.bits / base.bits : 0));
    free(base.text);
    return type;
}

static struct type type_of(LLVMContextRef context, LLVMMetadataRef node, int depth)
{
    size_t length = 0;
    const char *name;
    struct type type = {.form = HSX_FORM_BYTES};

    if (!node || depth > MOST_DEPTH) {
        type.text = cc_text("void");
        return type;
    }
    switch (LLVMGetMetadataKind(node)) {
    case LLVMDIBasicTypeMetadataKind:
        name = LLVMDITypeGetName(node, &length);
        type.text = cc_text("%.*s", (int)length, name);
        type.form = form_of(type.text);
        type.bits = LLVMDITypeGetSizeInBits(node);
        return type;
    case LLVMDIDerivedTypeMetadataKind:
        name = LLVMDITypeGetName(node, &length);
        return derived(context, node, name, length, depth);
    case LLVMDICompositeTypeMetadataKind:
        name = LLVMDITypeGetName(node, &length);
        return composite(context, node, name, length, depth);
    default:
        type.text = cc_text("function");
        return type;
    }
}

static bool printable(const char *text)
{
    for (; *text; text++) {
        if (*text <= 0x20 || *text >= 0x7F) {
            return false;
        }
    }
    return true;
}

static int variable_of(struct mir_function *function, LLVMContextRef context, LLVMMetadataRef node)
{
    LLVMValueRef name = operand(context, node, VARIABLE_NAME);
    LLVMValueRef type = operand(context, node, VARIABLE_TYPE);
    struct mir_variable *variable;
    unsigned length = 0;
    const char *text = name ? LLVMGetMDString(name, &length) : NULL;
    struct type is;

    for (size_t i = 0; i < function->variable_count; i++) {
        if (function->variables[i].key == node) {
            return (int)i;
        }
    }
    if (!text || length == 0 || length > 200 || !type) {
        return MIR_NONE;
    }
    is = type_of(context, LLVMValueAsMetadata(type), 0);
    function->variables = cc_grow(function->variables, function->variable_count,
                                  &function->variable_room, sizeof *function->variables);
    variable = &function->variables[function->variable_count];
    *variable = (struct mir_variable){.name = cc_text("%.*s", (int)length, text),
                                      .type = is.text,
                                      .form = is.form,
                                      .size = (uint32_t)((is.bits + 7) / 8),
                                      .key = node};
    if (!printable(variable->name) || strlen(variable->type) > 200) {
        free(variable->name);
        free(variable->type);
        return MIR_NONE;
    }
    return (int)function->variable_count++;
}

/* Whether the expression is empty. There is one such node in a context. */
static bool is_plain(LLVMContextRef context, LLVMValueRef call, LLVMMetadataRef expression)
{
    LLVMModuleRef module =
        LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(call)));
    LLVMDIBuilderRef builder = LLVMCreateDIBuilderDisallowUnresolved(module);
    LLVMMetadataRef plain = LLVMDIBuilderCreateExpression(builder, NULL, 0);

    (void)context;
    LLVMDisposeDIBuilder(builder);
    return plain == expression;
}

bool cc_read_variable_note(struct mir_function *function, LLVMValueRef call,
                           struct cc_variable_note *noted)
{
    LLVMContextRef context = LLVMGetTypeContext(LLVMTypeOf(call));
    size_t length;
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &length);
    LLVMValueRef wrapped = LLVMGetOperand(call, 0);

    noted->value = NULL;
    noted->is_address = length >= 16 && strncmp(name, "llvm.dbg.declare", 16) == 0;
    noted->variable = variable_of(function, context, LLVMValueAsMetadata(LLVMGetOperand(call, 1)));
    if (noted->variable == MIR_NONE) {
        return false;
    }
    if (LLVMGetMDNodeNumOperands(wrapped) == 1 &&
        is_plain(context, call, LLVMValueAsMetadata(LLVMGetOperand(call, 2)))) {
        LLVMGetMDNodeOperands(wrapped, &noted->value);
    }
    return true;
}
