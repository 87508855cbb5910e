// SPDX-License-Identifier: Apache-2.0
/* The places of a function's variables while its code is written. NULL stands for a function
 * without variables. */
#ifndef HSX_CC_PLACES_H
#define HSX_CC_PLACES_H

#include "code.h"

struct places;

struct places *places_begin(const struct mir_function *function); /* after allocation */
void places_end(struct places *p);

/* places_enter: the code of a block begins; places_follow: an instruction has been
 * written. */
void places_enter(struct places *p, int block);
void places_follow(struct places *p, const struct mir_insn *insn);

/* Record in code what has changed up to here. base: the base register of slots; pushed: bytes of
 * arguments between it and them. */
void places_note(struct places *p, struct code *code, int base, int32_t pushed);
/* No variable has a known place from here on. */
void places_forget(struct places *p, struct code *code);

#endif
