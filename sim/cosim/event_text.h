// SPDX-License-Identifier: Apache-2.0
/* Events of the record order as text for reports. */
#ifndef HSX_COSIM_EVENT_TEXT_H
#define HSX_COSIM_EVENT_TEXT_H

#include "cosim_internal.h"

enum { EVENT_TEXT_SIZE = 64 };

/* The disassembled instruction of the record, or the event. */
void event_instruction(const struct hsx_record *record, char *text, size_t size);

/* One field's value in readable form. */
void event_field(const struct cosim_field *field, const struct hsx_record *record, char *text,
                 size_t size);

void event_heading(FILE *out);
/* place: the symbol at its address, or ""; mark: "" or a word that highlights this line. */
void event_line(const struct cosim_event *event, const char *place, const char *mark, FILE *out);

#endif
