// SPDX-License-Identifier: Apache-2.0
/* From a module that is ready to the files that were asked for. */
#ifndef HSX_CC_PROGRAM_H
#define HSX_CC_PROGRAM_H

#include "module.h"
#include "request.h"

/* library: the library's assembly, a text. False: what is wrong has been printed, and nothing is
 * written. */
bool cc_program_write(const struct cc_request *request, const struct cc_module *m,
                      const char *library, size_t library_size);

#endif
