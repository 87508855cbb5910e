// SPDX-License-Identifier: Apache-2.0
/* A program's exit status is the line of the first check that fails, 0 if none does. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return __LINE__;                                                                       \
        }                                                                                          \
    } while (0)

/* Values that the optimizer cannot know, so that the program computes them. */
#define HIDE(type, value) (*(volatile type *)&(type){value})
