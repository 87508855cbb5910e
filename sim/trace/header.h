// SPDX-License-Identifier: Apache-2.0
/* The header record as JSON; both forms of a trace have it as text. */
#ifndef HSX_TRACE_HEADER_H
#define HSX_TRACE_HEADER_H

#include <hsx/trace.h>
#include <jansson.h>

#define TRACE_FORMAT "hsx.trace/1"

/* One line without a newline, to be freed; NULL when out of memory. */
char *header_format(const struct hsx_trace_header *header);

/* object is a header record. HSX_ERR_FORMAT: error says what is wrong with it. */
enum hsx_status header_parse(const json_t *object, struct hsx_trace_header *header,
                             struct hsx_trace_error *error);

#endif
