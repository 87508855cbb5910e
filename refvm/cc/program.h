// SPDX-License-Identifier: Apache-2.0
/* From a prepared module to the requested files. */
#ifndef HSX_CC_PROGRAM_H
#define HSX_CC_PROGRAM_H

#include "assembly.h"
#include "module.h"
#include "request.h"

/* False: an error has been printed, and nothing is written. */
bool cc_program_write(const struct cc_request *request, const struct cc_module *m,
                      const struct cc_assembly *assembly);

#endif
