// SPDX-License-Identifier: Apache-2.0
/* Disassembler: text that the assembler accepts (docs/mvasm.md). */
#ifndef HSX_DIS_H
#define HSX_DIS_H

#include <hsx/image.h>
#include <hsx/status.h>
#include <hsx/symbols.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HSX_DIS_SIZE = 64 }; /* room for the text of any instruction */

/*
 * The instruction word, and for LDI32 ext, as text; returns its length in
 * bytes of code, 4 or 8. A word with an opcode that is not in the table or with
 * a nonzero unused field becomes ".word 0x...", which is 4 bytes. pc and
 * call_words give the target of a pc-relative CALL, shown as a comment.
 */
unsigned hsx_dis(uint32_t word, uint32_t ext, uint16_t pc, bool call_words, char *text,
                 size_t size);

/* The same for an instruction that was executed: unused bits are ignored, and the target of
 * a CALL is not shown. */
void hsx_dis_executed(uint32_t word, uint32_t ext, char *text, size_t size);

/*
 * A listing of a whole image that assembles to the same code, data, entry,
 * name, mailboxes and call unit. With symbols (may be NULL) places have their names, and
 * comments name the place of each instruction. *text is freed with free().
 */
enum hsx_status hsx_dis_image(const struct hsx_image *image, bool call_words,
                              const struct hsx_symbols *symbols, char **text);

#ifdef __cplusplus
}
#endif

#endif
