// SPDX-License-Identifier: Apache-2.0
/* Which release of the project this is; docs/CHANGELOG.md tells what a release promises. */
#ifndef HSX_VERSION_H
#define HSX_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* Three numbers with dots between them, of the library that is linked. */
const char *hsx_version(void);

#ifdef __cplusplus
}
#endif

#endif
