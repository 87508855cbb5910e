// SPDX-License-Identifier: Apache-2.0
#include "model_bridge.h"
#include <hsx/host_map.h>
#include <string.h>
#include <zlib.h>

enum {
    OPEN = 0x80,
    WRITE = 0x81,
    READ = 0x82,
    WRITE_ONE = 0x83,
    READ_ONE = 0x84,
    CLOSE = 0x85,
    MOST = 64,
    CRC = 4,
    BEHIND_THE_CORE = 0x40000 /* there is the system's page */
};

static uint32_t word_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The length of the current frame; 0: not known yet. */
static size_t frame_size(const struct model_bridge *b)
{
    uint8_t command = b->in[0];

    if (command == OPEN || command == CLOSE) {
        return 2 + CRC;
    }
    if (command == READ || command == READ_ONE) {
        return 7 + CRC;
    }
    if (b->in_count < 3) {
        return 0;
    }
    return 7 + 4 * (b->in[2] <= MOST ? (size_t)b->in[2] : 0) + CRC;
}

static bool crc_good(const uint8_t *bytes, size_t size)
{
    uint32_t crc = (uint32_t)crc32(0, bytes, (uInt)(size - CRC));

    for (size_t i = 0; i < CRC; i++) {
        if (bytes[size - CRC + i] != (uint8_t)(crc >> 8 * i)) {
            return false;
        }
    }
    return true;
}

static void add_word(struct model_bridge *b, uint32_t word)
{
    for (int i = 24; i >= 0; i -= 8) {
        b->reply[b->reply_size++] = (uint8_t)(word >> i);
    }
}

static void end_reply(struct model_bridge *b)
{
    uint32_t crc = (uint32_t)crc32(0, b->reply, (uInt)b->reply_size);

    for (int i = 0; i < CRC; i++) {
        b->reply[b->reply_size++] = (uint8_t)(crc >> 8 * i);
    }
}

static void begin_reply(struct model_bridge *b, uint8_t status)
{
    b->reply_size = 0;
    b->reply[b->reply_size++] = b->in[0] + 0x40;
    b->reply[b->reply_size++] = b->in[1];
    b->reply[b->reply_size++] = status;
}

static void access_words(struct model_bridge *b)
{
    bool write = b->in[0] == WRITE || b->in[0] == WRITE_ONE;
    bool one = b->in[0] == WRITE_ONE || b->in[0] == READ_ONE;
    uint32_t addr = 4 * word_at(b->in + 3);

    for (size_t i = 0; i < b->in[2]; i++) {
        struct hsx_bus_op op = {.addr = (addr + (one ? 0 : 4 * (uint32_t)i)) & 0xFFFFF,
                                .data = write ? word_at(b->in + 7 + 4 * i) : 0,
                                .sel = 0xF,
                                .write = write};

        if (op.write && op.addr == HSX_HOST_CTRL && op.data == 1) {
            struct hsx_bus_op order = {.addr = HSX_HOST_ORDER, .sel = 0xF};

            b->core->ops->bus(b->core, &order, 1);
            b->order = order.data;
            b->going = true;
        }
        if (op.addr < BEHIND_THE_CORE) {
            b->broken |= b->core->ops->bus(b->core, &op, 1) != HSX_OK;
        } else if (!write) {
            op.data = b->page[op.addr / 4 % (sizeof b->page / sizeof b->page[0])];
        }
        if (!write) {
            add_word(b, op.data);
        }
    }
}

static bool answer(struct model_bridge *b)
{
    uint8_t sequence = b->in[1];
    uint8_t next = (uint8_t)(b->last + 1);

    if (b->in[0] == OPEN) {
        b->session = true;
        b->last = sequence;
        begin_reply(b, 0);
        add_word(b, 1u << 24 | MOST << 16);
    } else if (b->in[0] == CLOSE) {
        b->session = false;
        begin_reply(b, 0);
    } else if (!b->session) {
        begin_reply(b, 1);
    } else if (sequence == b->last) {
        memcpy(b->reply, b->kept, b->kept_size);
        b->reply_size = b->kept_size;
        return true;
    } else if (sequence != next) {
        begin_reply(b, 2);
    } else if (b->in[2] == 0 || b->in[2] > MOST) {
        b->last = next;
        begin_reply(b, 3);
    } else {
        b->last = next;
        begin_reply(b, 0);
        access_words(b);
    }
    end_reply(b);
    if (b->last == sequence) {
        memcpy(b->kept, b->reply, b->reply_size);
        b->kept_size = b->reply_size;
    }
    return true;
}

bool model_bridge_byte(struct model_bridge *b, uint8_t byte)
{
    if (b->deaf) {
        return false;
    }
    if (b->in_count == 0 && (byte < OPEN || byte > CLOSE)) {
        b->deaf = b->session;
        return false;
    }
    b->in[b->in_count++] = byte;

    size_t size = frame_size(b);

    if (size == 0 || b->in_count < size) {
        return false;
    }
    b->in_count = 0;
    if (!crc_good(b->in, size)) {
        b->deaf = true;
        return false;
    }
    return answer(b);
}

void model_bridge_silence(struct model_bridge *b)
{
    b->deaf = false;
    b->in_count = 0;
}

void model_bridge_run(struct model_bridge *b)
{
    struct hsx_record records[256];
    struct hsx_rtl_batch batch = {
        .records = records, .capacity = 256, .hang_limit = 20000, .order = b->order};

    if (!b->going) {
        return;
    }
    b->broken |= b->core->ops->run(b->core, &batch) != HSX_OK;
    b->order = batch.order;
    b->going = batch.outcome == HSX_RTL_FULL && !b->broken;
}

void model_bridge_reset(struct model_bridge *b)
{
    b->core->ops->reset(b->core);
    b->session = false;
    b->going = false;
    b->in_count = 0;
    b->deaf = false;
}
