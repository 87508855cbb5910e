/*
 * The Verilated models of hsx_sim_top that are built (sim/verilator/CMakeLists.txt).
 * Each is a function that makes a link (<hsx/rtl_link.h>) of its own instance.
 */
#ifndef HSX_MODEL_H
#define HSX_MODEL_H

#include <hsx/rtl_link.h>

/* seed: 0 starts every register at 0; else registers without a reset start at
 * random values made from it, in models built with --x-initial unique. */
typedef enum hsx_status hsx_model_create(unsigned seed, struct hsx_rtl_link **link);

hsx_model_create hsx_model_c16_create;     /* CONTEXTS = 16, what everything uses by default */
hsx_model_create hsx_model_c128_create;    /* CONTEXTS = 128 */
hsx_model_create hsx_model_wave_create;    /* 16, with FST output */
hsx_model_create hsx_model_nosplit_create; /* 16, Verilated with -fno-split */
hsx_model_create hsx_model_random_create;  /* 16, --x-initial unique --x-assign unique */

enum { HSX_MODEL_WINDOWS = 192 }; /* WINDOWS of all of them */

#endif
