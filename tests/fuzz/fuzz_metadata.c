// SPDX-License-Identifier: Apache-2.0
/* Mailboxes that are accepted are formatted, and give the same text after reading it back. */
#include "fuzz.h"
#include <hsx/image.h>
#include <stdlib.h>
#include <string.h>

static char *format(const struct hsx_mailbox_list *list)
{
    char *text = hsx_mailboxes_format(list);

    if (!text) {
        abort();
    }
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct hsx_mailbox_list list = {0};
    struct hsx_mailbox_list back = {0};
    struct hsx_image_error error;
    char *text;
    char *again;

    if (hsx_mailboxes_parse((const char *)bytes, size, &list, &error) != HSX_OK) {
        hsx_mailboxes_clear(&list);
        return 0;
    }
    text = format(&list);
    if (hsx_mailboxes_parse(text, strlen(text), &back, &error) != HSX_OK) {
        abort();
    }
    again = format(&back);
    if (strcmp(text, again) != 0) {
        abort();
    }
    free(text);
    free(again);
    hsx_mailboxes_clear(&list);
    hsx_mailboxes_clear(&back);
    return 0;
}
