// SPDX-License-Identifier: Apache-2.0
#include "said.h"

/* The length of a character with this first byte; 0: there is none. */
static size_t length_of(unsigned char first)
{
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/* Whether byte can continue the character; excludes control characters, overlong forms and
 * surrogates. */
static bool continues(const struct hsx_said *said, unsigned char byte)
{
    unsigned char first = said->part[0];

    if (byte < 0x80 || byte > 0xBF) {
        return false;
    }
    if (said->part_size != 1) {
        return true;
    }
    return !((first == 0xC2 && byte < 0xA0) || (first == 0xE0 && byte < 0xA0) ||
             (first == 0xED && byte > 0x9F) || (first == 0xF0 && byte < 0x90) ||
             (first == 0xF4 && byte > 0x8F));
}

static void escape(struct hsx_said *said, unsigned char byte)
{
    fprintf(said->out, "\\x%02X", byte);
}

void hsx_write_said_end(struct hsx_said *said)
{
    for (size_t i = 0; i < said->part_size; i++) {
        escape(said, said->part[i]);
    }
    said->part_size = 0;
}

static void write_byte(struct hsx_said *said, unsigned char byte)
{
    if (said->part_size != 0 && continues(said, byte)) {
        said->part[said->part_size++] = byte;
        if (said->part_size == length_of(said->part[0])) {
            fwrite(said->part, 1, said->part_size, said->out);
            said->part_size = 0;
        }
        return;
    }
    hsx_write_said_end(said);
    if (length_of(byte) != 0) {
        said->part[said->part_size++] = byte;
    } else if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7F)) {
        fputc(byte, said->out);
    } else {
        escape(said, byte);
    }
}

void hsx_write_said(struct hsx_said *said, const char *bytes, size_t size)
{
    if (!said->safe) {
        fwrite(bytes, 1, size, said->out);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        write_byte(said, (unsigned char)bytes[i]);
    }
}
