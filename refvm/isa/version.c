// SPDX-License-Identifier: Apache-2.0
#include <hsx/version.h>

const char *hsx_version(void)
{
    return HSX_VERSION;
}
