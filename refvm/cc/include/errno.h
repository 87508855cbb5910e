// SPDX-License-Identifier: Apache-2.0
/* The functions strto... of stdlib.h set it; those of math.h do not. */
#ifndef _ERRNO_H
#define _ERRNO_H

#define EDOM   33
#define ERANGE 34

int *__errno(void);
#define errno (*__errno())

#endif
