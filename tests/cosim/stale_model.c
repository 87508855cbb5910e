// SPDX-License-Identifier: Apache-2.0
/* A model of another version: its function must not be called. With STALE_LAYOUT it has another
 * layout, else none. */
#include <hsx/model.h>
#include <stdlib.h>

#ifdef STALE_LAYOUT
extern const char hsx_model_shared_layout[];
const char hsx_model_shared_layout[] = STALE_LAYOUT;
#endif

enum hsx_status hsx_model_shared_create(unsigned seed, struct hsx_rtl_link **link);

enum hsx_status hsx_model_shared_create(unsigned seed, struct hsx_rtl_link **link)
{
    (void)seed, (void)link;
    abort();
}
