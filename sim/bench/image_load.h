// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_BENCH_IMAGE_LOAD_H
#define HSX_BENCH_IMAGE_LOAD_H

#include <hsx/exec.h>

/* The image in a file becomes a task. What is wrong goes to standard error in one line. */
enum hsx_status bench_load_file(struct hsx_exec *exec, const char *path);

#endif
