// SPDX-License-Identifier: Apache-2.0
/* Set by the functions strto... of stdlib.h, not by those of math.h. */
#ifndef _ERRNO_H
#define _ERRNO_H

#define EDOM   33
#define ERANGE 34

int *__errno(void);
#define errno (*__errno())

#endif
