// SPDX-License-Identifier: Apache-2.0
#include "export.h"

uint64_t export_time(const struct hsx_trace_event *event)
{
    return event->has & HSX_TRACE_CYCLE ? event->cycle : event->steps;
}

enum hsx_status hsx_tracetool_export(const struct hsx_trace_source *events,
                                     enum hsx_trace_export form,
                                     const struct hsx_tracetool_names *names, FILE *out,
                                     struct hsx_trace_error *error)
{
    static export_function *const functions[] = {[HSX_TRACE_PERFETTO] = export_perfetto,
                                                 [HSX_TRACE_KANATA] = export_kanata,
                                                 [HSX_TRACE_VCD] = export_vcd};

    return functions[form](events, names, out, error);
}
