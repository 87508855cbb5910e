// SPDX-License-Identifier: Apache-2.0
/* No function of this library sets it, strtol and math.h included. */
#ifndef _ERRNO_H
#define _ERRNO_H

#define EDOM   33
#define ERANGE 34

int *__errno(void);
#define errno (*__errno())

#endif
