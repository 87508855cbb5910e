// SPDX-License-Identifier: Apache-2.0
#include "frame.h"
#include <string.h>
#include <zlib.h>

enum { REPLY = 0x40, CRC_SIZE = 4, OPEN_DATA = 4 };

static bool has_words(enum frame_command command)
{
    return command != FRAME_OPEN && command != FRAME_CLOSE;
}

static bool writes(enum frame_command command)
{
    return command == FRAME_WRITE || command == FRAME_WRITE_ONE;
}

static void put_word(uint8_t *bytes, uint32_t word)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(word >> (24 - 8 * i));
    }
}

static uint32_t get_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}

/* Unlike all other numbers it is little-endian. */
static void put_crc(uint8_t *bytes, size_t size)
{
    uint32_t crc = crc_of(bytes, size);

    for (int i = 0; i < CRC_SIZE; i++) {
        bytes[size + (size_t)i] = (uint8_t)(crc >> 8 * i);
    }
}

static bool crc_fits(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0;

    for (int i = 0; i < CRC_SIZE; i++) {
        crc |= (uint32_t)bytes[size + (size_t)i] << 8 * i;
    }
    return crc == crc_of(bytes, size);
}

size_t frame_write(const struct frame_request *request, uint8_t bytes[FRAME_REQUEST_MOST])
{
    size_t size = 0;

    bytes[size++] = (uint8_t)request->command;
    bytes[size++] = request->sequence;
    if (has_words(request->command)) {
        bytes[size++] = (uint8_t)request->count;
        put_word(bytes + size, request->address / 4);
        size += 4;
    }
    for (size_t i = 0; writes(request->command) && i < request->count; i++) {
        put_word(bytes + size, request->words[i]);
        size += 4;
    }
    put_crc(bytes, size);
    return size + CRC_SIZE;
}

static size_t data_size(const struct frame_request *request)
{
    if (request->command == FRAME_OPEN) {
        return OPEN_DATA;
    }
    return has_words(request->command) && !writes(request->command) ? 4 * request->count : 0;
}

size_t frame_reply_size(const struct frame_request *request)
{
    return FRAME_REPLY_LEAST + data_size(request);
}

/* Whether the reply begins at the first of these bytes. */
static bool is_reply(const struct frame_request *request, const uint8_t *bytes, size_t size)
{
    if (size < FRAME_REPLY_LEAST || bytes[0] != request->command + REPLY ||
        bytes[1] != request->sequence || bytes[2] > FRAME_BAD_COUNT) {
        return false;
    }
    size_t whole = bytes[2] == FRAME_DONE ? frame_reply_size(request) : FRAME_REPLY_LEAST;

    return size >= whole && crc_fits(bytes, whole - CRC_SIZE);
}

bool frame_find_reply(const struct frame_request *request, const uint8_t *bytes, size_t size,
                      enum frame_status *status, uint8_t data[4])
{
    size_t at = 0;

    while (at < size && !is_reply(request, bytes + at, size - at)) {
        at++;
    }
    if (at == size) {
        return false;
    }
    *status = (enum frame_status)bytes[at + 2];
    if (*status == FRAME_DONE && request->command == FRAME_OPEN) {
        memcpy(data, bytes + at + 3, OPEN_DATA);
    } else if (*status == FRAME_DONE && !writes(request->command)) {
        for (size_t i = 0; i < request->count; i++) {
            request->words[i] = get_word(bytes + at + 3 + 4 * i);
        }
    }
    return true;
}
