// SPDX-License-Identifier: Apache-2.0
#include <ctype.h>
#include <hsx/dis.h>
#include <hsx/exec.h>
#include <hsx/isa.h>
#include <hsx/wave.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[HSX_FILTERS] = {
    [HSX_FILTER_INSTRUCTION] = "instruction",
    [HSX_FILTER_EVENT] = "event",
    [HSX_FILTER_STATE] = "state",
    [HSX_FILTER_STOP] = "stop",
};

enum {
    /* Digits of the instruction signal: slot, pc, word, second word. */
    SLOT_DIGITS = 2,
    PC_DIGITS = 4,
    WORD_DIGITS = 8,
    DIGITS = SLOT_DIGITS + PC_DIGITS + 2 * WORD_DIGITS,
    NOTHING = 0xF, /* of an event: there is none */
    STOP_BY_HOST = 15
};

const char *hsx_wave_filter_name(enum hsx_wave_filter filter)
{
    return names[filter];
}

enum hsx_wave_filter hsx_wave_filter_of(const char *name)
{
    for (int i = HSX_FILTER_NONE + 1; i < HSX_FILTERS; i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum hsx_wave_filter)i;
        }
    }
    return HSX_FILTER_NONE;
}

static bool all_hex(const char *value)
{
    return *value != '\0' && strspn(value, "0123456789abcdefABCDEF") == strlen(value);
}

static uint32_t field(const char **value, int digits)
{
    char text[9] = "";

    memcpy(text, *value, (size_t)digits);
    *value += digits;
    return (uint32_t)strtoul(text, NULL, 16);
}

static void instruction(const char *value, const struct hsx_wave_task *tasks, unsigned count,
                        char *text, size_t size)
{
    char insn[HSX_DIS_SIZE];
    char place[HSX_SYMBOL_TEXT_SIZE];

    if (strlen(value) != DIGITS) {
        snprintf(text, size, "%s", value);
        return;
    }
    if (strspn(value, "fF") == DIGITS) {
        text[0] = '\0';
        return;
    }
    uint32_t slot = field(&value, SLOT_DIGITS);
    uint32_t pc = field(&value, PC_DIGITS);
    uint32_t word = field(&value, WORD_DIGITS);
    uint32_t ext = field(&value, WORD_DIGITS);
    const struct hsx_wave_task *task = slot < count ? &tasks[slot] : NULL;

    hsx_dis(word, ext, (uint16_t)pc, task && task->call_words, insn, sizeof insn);
    if (!hsx_symbols_code_text(task ? task->symbols : NULL, pc, place, sizeof place)) {
        snprintf(place, sizeof place, "0x%04X", (unsigned)pc);
    }
    if (task && task->name) {
        snprintf(text, size, "%s %s: %s", task->name, place, insn);
    } else {
        snprintf(text, size, "%u %s: %s", (unsigned)slot, place, insn);
    }
}

static const char *stop_word(unsigned long stop)
{
    static const char *const words[] = {
        [HSX_STOP_STEPS] = "steps", [HSX_STOP_SVC] = "svc",    [HSX_STOP_BRK] = "brk",
        [HSX_STOP_FAULT] = "fault", [HSX_STOP_RETURN] = "end", [HSX_STOP_ALARM] = "alarm",
        [HSX_STOP_IDLE] = "idle",
    };

    if (stop == STOP_BY_HOST) {
        return "host";
    }
    return stop < sizeof words / sizeof words[0] ? words[stop] : NULL;
}

static const char *word_of(enum hsx_wave_filter filter, unsigned long value)
{
    switch (filter) {
    case HSX_FILTER_EVENT:
        if (value == NOTHING) {
            return "";
        }
        return value <= HSX_EV_EXTERNAL ? hsx_event_name((enum hsx_event)value) : NULL;
    case HSX_FILTER_STATE:
        return value <= HSX_FAULTED ? hsx_state_name((enum hsx_state)value) : NULL;
    case HSX_FILTER_STOP:
        return stop_word(value);
    default:
        return NULL;
    }
}

void hsx_wave_word(enum hsx_wave_filter filter, const char *value,
                   const struct hsx_wave_task *tasks, unsigned count, char *text, size_t size)
{
    const char *word = NULL;

    if (all_hex(value) && filter == HSX_FILTER_INSTRUCTION) {
        instruction(value, tasks, count, text, size);
        return;
    }
    if (all_hex(value) && strlen(value) <= 2) {
        word = word_of(filter, strtoul(value, NULL, 16));
    }
    snprintf(text, size, "%s", word ? word : value);
}

void hsx_wave_filter_lines(enum hsx_wave_filter filter, const struct hsx_wave_task *tasks,
                           unsigned count, FILE *in, FILE *out)
{
    char line[1024];
    char text[HSX_WAVE_TEXT];

    while (fgets(line, sizeof line, in)) {
        size_t len = strlen(line);

        while (len != 0 && isspace((unsigned char)line[len - 1])) {
            line[--len] = '\0';
        }
        hsx_wave_word(filter, line, tasks, count, text, sizeof text);
        /* GTKWave waits for each answer, and shows the value for an empty one. */
        fprintf(out, "%s\n", text[0] != '\0' ? text : " ");
        fflush(out);
    }
}
