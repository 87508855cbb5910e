// SPDX-License-Identifier: Apache-2.0
/* The host as a user of mailboxes (in the slot after those of the tasks), and a
 * debugger's access to the handles of tasks. */
#include "internal.h"
#include <string.h>

static enum hsx_status begin(struct hsx_exec *e)
{
    exec_sync(e);
    if (e->failed == HSX_OK) {
        exec_event_begin(e);
    }
    return e->failed;
}

enum hsx_status hsx_exec_host_bind(struct hsx_exec *e, const char *name, uint16_t capacity,
                                   uint16_t mode, uint32_t *descriptor,
                                   enum hsx_mbox_status *result)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct hsx_exec_mail mail = {.name = name, .capacity = capacity, .mode = mode};
    enum hsx_status status = begin(e);

    if (status != HSX_OK) {
        return status;
    }
    *result = mbox_bind(e->mbox, exec_host_slot(e), name, strlen(name), capacity, mode, &waker,
                        descriptor);
    mail.result = *result;
    mail.number = *result == HSX_MBOX_OK ? *descriptor : 0;
    return exec_mail_end(e, "bind", -1, &mail);
}

enum hsx_status hsx_exec_host_open(struct hsx_exec *e, const char *name, uint16_t mode,
                                   uint16_t *handle, enum hsx_mbox_status *result)
{
    struct hsx_exec_mail mail = {.name = name, .mode = mode};
    enum hsx_status status = begin(e);

    if (status != HSX_OK) {
        return status;
    }
    *result = mbox_open(e->mbox, exec_host_slot(e), name, strlen(name), mode, handle);
    mail.result = *result;
    mail.number = *result == HSX_MBOX_OK ? *handle : 0;
    return exec_mail_end(e, "open", -1, &mail);
}

static enum hsx_status close_handle(struct hsx_exec *e, uint8_t mbox_slot, int slot,
                                    uint16_t handle, enum hsx_mbox_status *result)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct hsx_exec_mail mail = {.number = handle};
    enum hsx_status status = begin(e);

    if (status != HSX_OK) {
        return status;
    }
    mail.result = *result = mbox_close(e->mbox, mbox_slot, handle, &waker);
    return exec_mail_end(e, "close", slot, &mail);
}

enum hsx_status hsx_exec_host_close(struct hsx_exec *e, uint16_t handle,
                                    enum hsx_mbox_status *result)
{
    return close_handle(e, exec_host_slot(e), -1, handle, result);
}

enum hsx_status hsx_exec_close_handle(struct hsx_exec *e, uint32_t pid, uint16_t handle,
                                      enum hsx_mbox_status *result)
{
    int slot = exec_slot_of(e, pid);

    if (slot < 0) {
        return HSX_ERR_ARGUMENT;
    }
    return close_handle(e, (uint8_t)slot, slot, handle, result);
}

enum hsx_status hsx_exec_host_send(struct hsx_exec *e, uint16_t handle,
                                   const struct hsx_mbox_message *message, const void *bytes,
                                   enum hsx_mbox_status *result)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct mbox_message sent = {.length = message->length,
                                .flags = message->flags,
                                .channel = message->channel,
                                .bytes = bytes};
    struct hsx_exec_mail mail = {.number = handle, .message = *message, .bytes = bytes};
    enum hsx_status status = begin(e);

    if (status != HSX_OK) {
        return status;
    }
    mail.result = *result = mbox_send(e->mbox, exec_host_slot(e), handle, &sent, &waker);
    mail.message.sender = 0;
    return exec_mail_end(e, "send", -1, &mail);
}

enum hsx_status hsx_exec_host_recv(struct hsx_exec *e, uint16_t handle,
                                   struct hsx_mbox_message *message, void *bytes, size_t size,
                                   enum hsx_mbox_status *result)
{
    uint8_t slot = exec_host_slot(e);
    struct hsx_exec_mail mail = {.number = handle};
    struct mbox_message got = {0};
    uint32_t messages, used, next;
    enum hsx_status status;

    *result = mbox_peek(e->mbox, slot, handle, &messages, &used, &next);
    if (*result == HSX_MBOX_OK && next == 0) {
        *result = HSX_MBOX_NO_DATA; /* no message has length 0 */
    }
    if (*result != HSX_MBOX_OK) {
        return e->failed;
    }
    status = begin(e);
    if (status != HSX_OK) {
        return status;
    }
    *result = mbox_recv(e->mbox, slot, handle, &got);
    *message = (struct hsx_mbox_message){got.length, got.flags, got.channel, got.sender};
    memcpy(bytes, got.bytes, got.length < size ? got.length : size);
    mail.result = *result;
    mail.message = *message;
    mail.bytes = got.bytes;
    return exec_mail_end(e, "recv", -1, &mail);
}

enum hsx_status hsx_exec_host_tap(struct hsx_exec *e, uint16_t handle, bool on,
                                  enum hsx_mbox_status *result)
{
    struct hsx_exec_mail mail = {.number = handle, .on = on};
    enum hsx_status status = begin(e);

    if (status != HSX_OK) {
        return status;
    }
    mail.result = *result = mbox_tap(e->mbox, exec_host_slot(e), handle, on);
    return exec_mail_end(e, "tap", -1, &mail);
}

enum hsx_status hsx_exec_host_post(struct hsx_exec *e, const char *name,
                                   const struct hsx_mbox_message *message, const void *bytes,
                                   enum hsx_mbox_status *result)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct mbox_message sent = {.length = message->length,
                                .flags = message->flags,
                                .channel = message->channel,
                                .bytes = bytes};
    struct hsx_exec_mail mail = {.name = name, .message = *message, .bytes = bytes};

    exec_sync(e);
    if (e->failed != HSX_OK) {
        return e->failed;
    }
    /* Wakes belong to this event, which is counted only after it has happened. */
    e->event_order = e->order;
    *result = mbox_post(e->mbox, exec_host_slot(e), name, strlen(name), &sent, &waker);
    if (*result != HSX_MBOX_OK) {
        return e->failed;
    }
    exec_event_begin(e);
    mail.message.sender = 0;
    return exec_mail_end(e, "send", -1, &mail);
}

enum hsx_status hsx_exec_remove_mailbox(struct hsx_exec *e, uint32_t descriptor)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    const struct hsx_exec_mail mail = {.number = descriptor};
    int index = mbox_find_id(e->mbox, descriptor);
    enum hsx_status status;

    if (index == MBOX_NONE) {
        return HSX_ERR_ARGUMENT;
    }
    if (e->mbox->descs[index].owner != 0) {
        return HSX_ERR_STATE;
    }
    status = begin(e);
    if (status != HSX_OK) {
        return status;
    }
    mbox_remove(e->mbox, &e->mbox->descs[index], &waker);
    return exec_mail_end(e, "remove", -1, &mail);
}

enum hsx_status hsx_exec_host_handles(const struct hsx_exec *e, struct hsx_host_handle *handles,
                                      size_t capacity, size_t *count)
{
    const struct mbox_handle *h =
        &e->mbox->handles[(size_t)exec_host_slot(e) * e->mbox->handle_count];

    *count = 0;
    for (unsigned i = 0; i < e->mbox->handle_count; i++) {
        if (h[i].number == 0) {
            continue;
        }
        if (*count < capacity) {
            handles[*count] = (struct hsx_host_handle){.handle = h[i].number,
                                                       .descriptor = e->mbox->descs[h[i].desc].id,
                                                       .tap = h[i].tap.size != 0};
        }
        (*count)++;
    }
    return e->failed;
}
