// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_TRACETOOL_EXPORT_H
#define HSX_TRACETOOL_EXPORT_H

#include "tracetool.h"

/* Writes a trace as another program's file; arguments as in hsx_tracetool_export. */
typedef enum hsx_status export_function(const struct hsx_trace_source *events,
                                        const struct hsx_tracetool_names *names, FILE *out,
                                        struct hsx_trace_error *error);

export_function export_perfetto;
export_function export_kanata;
export_function export_vcd;

/* Its cycle, or, without one, the steps. */
uint64_t export_time(const struct hsx_trace_event *event);

#endif
