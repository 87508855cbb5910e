// SPDX-License-Identifier: Apache-2.0
/*
 * The Verilated models of hsx_sim_top that are built (sim/verilator/CMakeLists.txt).
 * Each is a function that creates a link (<hsx/rtl_link.h>) with its own instance. A
 * model in a shared object is loaded on request.
 */
#ifndef HSX_MODEL_H
#define HSX_MODEL_H

#include <hsx/rtl_link.h>

#ifdef __cplusplus
extern "C" {
#endif

/* seed: 0 starts every register at 0; else registers without a reset start at
 * random values derived from it, in models built with --x-initial unique. */
typedef enum hsx_status hsx_model_create(unsigned seed, struct hsx_rtl_link **link);

hsx_model_create hsx_model_c16_create; /* 16 contexts and windows, the default */

/* A model in a shared object, which stays loaded; the object exports its function as
 * hsx_model_shared_create, and as hsx_model_shared_layout a text that identifies the structures
 * of links and records it was compiled with. HSX_ERR_IO, HSX_ERR_FORMAT (other structures):
 * message (size bytes) says in one line what is wrong. */
enum hsx_status hsx_model_load(const char *path, hsx_model_create **create, char *message,
                               size_t size);

/* The same for the models that are built as shared objects, by name:
 *   c128    128 contexts, all 192 windows in the core
 *   wave    c16 with FST output
 *   split   c16 Verilated without -fno-split
 *   random  c16 with --x-initial unique --x-assign unique */
enum hsx_status hsx_model_load_built(const char *name, hsx_model_create **create, char *message,
                                     size_t size);

#ifdef __cplusplus
}
#endif

#endif
