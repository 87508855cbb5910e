// SPDX-License-Identifier: Apache-2.0
/* clang as the front end. */
#ifndef HSX_CC_CLANG_H
#define HSX_CC_CLANG_H

#include "request.h"

/* The bitcode that clang produces from a file, to be freed. NULL: an error has been printed. home:
 * the folder of headers and library. */
char *cc_clang(const struct cc_request *request, const char *home, const char *file, size_t *size);

#endif
