// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_BENCH_IMAGE_LOAD_H
#define HSX_BENCH_IMAGE_LOAD_H

#include <hsx/exec.h>

/* Loads the image in a file as a task. An error goes to standard error in one line. */
enum hsx_status bench_load_file(struct hsx_exec *exec, const char *path);

#endif
