// SPDX-License-Identifier: Apache-2.0
#ifndef _SETJMP_H
#define _SETJMP_H

typedef unsigned jmp_buf[10];

int setjmp(jmp_buf env) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf env, int value);

#endif
