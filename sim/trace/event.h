// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_TRACE_EVENT_H
#define HSX_TRACE_EVENT_H

#include <hsx/trace.h>

/* HSX_TRACE_* of all that an event of its kind has. */
uint32_t trace_fields_of(const struct hsx_trace_event *event);

#endif
