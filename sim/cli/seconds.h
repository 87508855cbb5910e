// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_SECONDS_H
#define HSX_SECONDS_H

/* Of a clock that never jumps: two readings give the time between them. */
double seconds_now(void);

#endif
