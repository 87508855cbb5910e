// SPDX-License-Identifier: Apache-2.0
/*
 * .hxe images (docs/image.md): parse and validate a byte buffer, or make one. An image
 * that is refused yields no data.
 */
#ifndef HSX_IMAGE_H
#define HSX_IMAGE_H

#include <hsx/status.h>
#include <hsx/svc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    HSX_NAME_SIZE = 32, /* longest app name and longest mailbox name, without the NUL */
    HSX_IMAGE_HEADER_V1 = 32,
    HSX_IMAGE_HEADER_V2 = 96
};

/* Bits of hsx_image.flags; others are ignored. */
enum { HSX_IMAGE_MANIFEST = 1, HSX_IMAGE_MULTIPLE = 2 };

/* Why an image was refused: one line without a newline or the file's name, such as
 * "offset 0x10 (code_len): 6, expected a multiple of 4". */
struct hsx_image_error {
    char text[240];
};

/* A mailbox that is bound before the task runs. */
struct hsx_image_mailbox {
    char target[HSX_NAME_SIZE + 1];
    uint16_t capacity;  /* bytes; 0: the default */
    uint16_t mode;      /* HSX_MODE_*; read and write if the image sets none */
    bool has_owner;     /* whether owner_pid was given */
    uint32_t owner_pid; /* stored and shown, not used */
    char *bindings;     /* compact JSON, stored and shown; NULL when not given */
};

struct hsx_mailbox_list {
    struct hsx_image_mailbox *items; /* owned */
    size_t count;
};

struct hsx_image {
    uint16_t version;                  /* 1 or 2 */
    uint16_t flags;                    /* HSX_IMAGE_* */
    uint32_t entry;                    /* multiple of 4, below code_len; 0 if there is no code */
    uint32_t req_caps;                 /* stored, not used */
    uint32_t crc;                      /* of the header; filled in by parsing */
    const uint8_t *code;               /* code_len bytes, big-endian words; not owned */
    const uint8_t *ro;                 /* ro_len bytes; not owned */
    uint32_t code_len;                 /* multiple of 4, <= 0x10000 */
    uint32_t ro_len;                   /* the task's data_len is ro_len + bss_size, */
    uint32_t bss_size;                 /* which is at most 0xC000 */
    char name[HSX_NAME_SIZE + 1];      /* printable ASCII; empty in version 1 */
    struct hsx_mailbox_list mailboxes; /* of all mailbox sections, in file order */
    uint32_t other_sections;           /* number of ignored metadata sections of other types */
};

/*
 * Parse size bytes. On success *image points into bytes, which must outlive it, and owns
 * only its mailboxes: release it with hsx_image_clear. On failure *image is all zero and
 * *error says why. Returns HSX_OK, HSX_ERR_FORMAT or HSX_ERR_MEMORY.
 */
enum hsx_status hsx_image_parse(const uint8_t *bytes, size_t size, struct hsx_image *image,
                                struct hsx_image_error *error);
void hsx_image_clear(struct hsx_image *image);

/* The code as host-order words; words has room for code_len / 4 of them. */
void hsx_image_words(const struct hsx_image *image, uint32_t *words);

/*
 * Make the file for image: magic, CRC and metadata table are filled in. The
 * caller frees *bytes with free(). Fails, with *error set, where parsing the result would
 * fail, and when a version 1 image has a name or mailboxes.
 */
enum hsx_status hsx_image_write(const struct hsx_image *image, uint8_t **bytes, size_t *size,
                                struct hsx_image_error *error);

/*
 * Parse the JSON of one mailbox section and append to list, which may hold the mailboxes
 * of earlier sections: duplicate names are refused. On failure list is unchanged.
 */
enum hsx_status hsx_mailboxes_parse(const char *json, size_t size, struct hsx_mailbox_list *list,
                                    struct hsx_image_error *error);

/* The JSON of one mailbox section, NUL-terminated, freed with free(); NULL when
 * the host is out of memory or a bindings text is not JSON. */
char *hsx_mailboxes_format(const struct hsx_mailbox_list *list);

/* The same for one mailbox alone: the argument of .mailbox in assembly. */
char *hsx_mailbox_format(const struct hsx_image_mailbox *mailbox);

void hsx_mailboxes_clear(struct hsx_mailbox_list *list);

#ifdef __cplusplus
}
#endif

#endif
