// SPDX-License-Identifier: Apache-2.0
/* The symbol file of a compiled program (docs/symbols.md). */
#ifndef HSX_CC_SYMBOLS_H
#define HSX_CC_SYMBOLS_H

#include "assembly.h"
#include "code.h"
#include "module.h"
#include "select.h"
#include <hsx/symbols.h>

/* The text of the file for the image at path, to be freed. assembled: what the assembler knows of
 * the same program. */
char *cc_symbols_text(const struct hsx_symbols *assembled, const struct cc_module *m,
                      const struct cc_target *target, const struct code *code,
                      const struct cc_assembly *assembly, const char *path, const uint8_t *image,
                      size_t size);

#endif
