// SPDX-License-Identifier: Apache-2.0
/* Where the variables of a function are, while its code is written. NULL stands for a function
 * without variables. */
#ifndef HSX_CC_PLACES_H
#define HSX_CC_PLACES_H

#include "code.h"

struct places;

struct places *places_begin(const struct mir_function *function); /* after allocation */
void places_end(struct places *p);

/* The code of a block begins; an instruction of it has been written. */
void places_enter(struct places *p, int block);
void places_follow(struct places *p, const struct mir_insn *insn);

/* Put into code what has changed up to here. base and pushed: what slots are relative to, and bytes
 * of arguments between it and them. */
void places_note(struct places *p, struct code *code, int base, int32_t pushed);
/* Nothing is anywhere from here on. */
void places_forget(struct places *p, struct code *code);

#endif
