// SPDX-License-Identifier: Apache-2.0
/* report.html as a string, made in the build by embed.cmake. */
#ifndef HSX_TRACETOOL_REPORT_PAGE_H
#define HSX_TRACETOOL_REPORT_PAGE_H

extern const unsigned char report_page[];

#endif
