// SPDX-License-Identifier: Apache-2.0
/* The release of the project; docs/CHANGELOG.md describes what a release promises. */
#ifndef HSX_VERSION_H
#define HSX_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* Three numbers separated by dots, of the library that is linked. */
const char *hsx_version(void);

#ifdef __cplusplus
}
#endif

#endif
