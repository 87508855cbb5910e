// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include "textstream.h"
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_WORDS = HSX_CODE_SIZE / 4, LAST_BRANCH = 0xFFC };

/* A place that has a name of its own. */
struct place {
    uint32_t address;
    const char *name;
    bool unique; /* no other place has that name */
};

struct listing {
    const struct hsx_image *image;
    const struct hsx_symbols *symbols;
    struct place *places; /* code before data, by address */
    size_t place_count, code_places;
    FILE *out;
    bool call_words;
    uint32_t count; /* words of code */
    uint32_t words[CODE_WORDS];
    bool start[CODE_WORDS];  /* an instruction starts here */
    bool target[CODE_WORDS]; /* target of a branch or CALL */
};

/* ---- Names */

/* Whether the assembler accepts the name as a label and no label made here can be equal. */
static bool is_label(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.";
    static const char others[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789$";
    bool made_here =
        name[0] == 'L' && strlen(name) == 5 && strspn(name + 1, "0123456789ABCDEF") == 4;
    unsigned number;

    return strchr(letters, name[0]) && strspn(name, others) == strlen(name) && !made_here &&
           !strchr(name, '$') && !asm_register_number(name, strlen(name), &number);
}

static int compare_names(const void *left, const void *right)
{
    const struct place *a = *(struct place *const *)left;
    const struct place *b = *(struct place *const *)right;

    return strcmp(a->name, b->name);
}

static bool mark_unique(struct listing *l)
{
    struct place **sorted = malloc((l->place_count + 1) * sizeof(struct place *));

    if (!sorted) {
        return false;
    }
    for (size_t i = 0; i < l->place_count; i++) {
        sorted[i] = &l->places[i];
        sorted[i]->unique = true;
    }
    if (l->place_count != 0) {
        qsort(sorted, l->place_count, sizeof(struct place *), compare_names);
    }
    for (size_t i = 1; i < l->place_count; i++) {
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0) {
            sorted[i - 1]->unique = false;
            sorted[i]->unique = false;
        }
    }
    free(sorted);
    return true;
}

/* One symbol for each address of the image: the first, which says most. */
static bool find_places(struct listing *l)
{
    size_t count = hsx_symbols_count(l->symbols);
    uint32_t data_end = HSX_DATA_LINK + l->image->ro_len + l->image->bss_size;

    l->places = calloc(count + 1, sizeof *l->places);
    for (size_t i = 0; l->places && i < count; i++) {
        const struct hsx_symbol *symbol = hsx_symbols_get(l->symbols, i);
        bool data = symbol->kind == HSX_SYMBOL_DATA;
        bool again = l->place_count > (data ? l->code_places : 0) &&
                     l->places[l->place_count - 1].address == symbol->address;

        if (again || !is_label(symbol->name) ||
            (data ? symbol->address < HSX_DATA_LINK || symbol->address > data_end
                  : symbol->address % 4 != 0 || symbol->address / 4 >= l->count)) {
            continue;
        }
        l->places[l->place_count++] =
            (struct place){.address = symbol->address, .name = symbol->name};
        l->code_places += !data;
    }
    return l->places && mark_unique(l);
}

static const struct place *place_at(const struct listing *l, uint32_t address, bool data)
{
    size_t first = data ? l->code_places : 0;
    size_t last = data ? l->place_count : l->code_places;

    while (first < last) {
        size_t middle = first + (last - first) / 2;

        if (l->places[middle].address < address) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return first < (data ? l->place_count : l->code_places) && l->places[first].address == address
               ? &l->places[first]
               : NULL;
}

/* Places with the same name are distinguished by their addresses. */
static void print_place(const struct listing *l, const struct place *place, const char *after)
{
    fputs(place->name, l->out);
    if (!place->unique) {
        fprintf(l->out, "$%04" PRIX32, place->address);
    }
    fputs(after, l->out);
}

/* ---- Code */

/* The second word of an LDI32 is in the code and is not the entry, which needs a line of
 * its own for .entry. */
static bool has_second_word(const struct listing *l, uint32_t i)
{
    return i + 1 < l->count && (i + 1) * 4 != l->image->entry;
}

static unsigned decode(const struct listing *l, uint32_t i, char *text)
{
    uint32_t ext = i + 1 < l->count ? l->words[i + 1] : 0;
    unsigned length =
        hsx_dis(l->words[i], ext, (uint16_t)(i * 4), l->call_words, text, HSX_DIS_SIZE);

    if (length == 8 && !has_second_word(l, i)) {
        snprintf(text, HSX_DIS_SIZE, ".word 0x%08" PRIX32, l->words[i]);
        length = 4;
    }
    return length;
}

static void find_starts(struct listing *l)
{
    char text[HSX_DIS_SIZE];

    for (uint32_t i = 0; i < l->count; i += decode(l, i, text) / 4) {
        l->start[i] = true;
    }
}

/* The target of the branch or CALL at i, if a label is possible there and the assembler
 * would encode that label in the same field. */
static bool find_target(const struct listing *l, uint32_t i, uint32_t *index)
{
    uint32_t word = l->words[i];
    const struct hsx_insn_info *insn = &hsx_insn_table[HSX_INSN_OPCODE(word)];
    int32_t target;

    if (insn->name && insn->operands == HSX_OPND_TARGET) {
        target = HSX_INSN_IMM(word);
    } else if (insn->name && insn->operands == HSX_OPND_CALL && HSX_INSN_RS1(word) == 0) {
        target = (int32_t)(i * 4) + HSX_INSN_SIMM(word) * (l->call_words ? 4 : 1);
    } else {
        return false;
    }
    if (target < 0 || target % 4 != 0 || (uint32_t)target / 4 >= l->count) {
        return false;
    }
    *index = (uint32_t)target / 4;
    return l->start[*index];
}

static bool is_raw(const char *text)
{
    return text[0] == '.';
}

static void find_targets(struct listing *l)
{
    char text[HSX_DIS_SIZE];
    uint32_t index;

    for (uint32_t i = 0; i < l->count; i++) {
        if (!l->start[i]) {
            continue;
        }
        decode(l, i, text);
        if (!is_raw(text) && find_target(l, i, &index)) {
            l->target[index] = true;
        }
    }
}

/* The label of a branch's or CALL's target, as text. */
static void label_text(const struct listing *l, uint32_t address, char *text, size_t size)
{
    const struct place *place = place_at(l, address, false);

    if (!place) {
        snprintf(text, size, "L%04" PRIX32, address);
    } else if (place->unique) {
        snprintf(text, size, "%s", place->name);
    } else {
        snprintf(text, size, "%s$%04" PRIX32, place->name, address);
    }
}

static void print_insn(const struct listing *l, uint32_t i)
{
    char text[HSX_DIS_SIZE + HSX_SYMBOL_TEXT_SIZE];
    char name[HSX_SYMBOL_TEXT_SIZE];
    unsigned length = decode(l, i, text);
    uint32_t index;

    if (!is_raw(text) && find_target(l, i, &index)) {
        label_text(l, index * 4, name, sizeof name);
        snprintf(text, sizeof text, "%s %s", hsx_insn_table[HSX_INSN_OPCODE(l->words[i])].name,
                 name);
    } else {
        text[strcspn(text, ";")] = '\0';
    }
    fprintf(l->out, "    %-28s ; %04" PRIX32, text, i * 4);
    if (hsx_symbols_code_text(l->symbols, i * 4, name, sizeof name)) {
        fprintf(l->out, " <%s>", name);
    }
    fprintf(l->out, ": %08" PRIX32, l->words[i]);
    if (length == 8) {
        fprintf(l->out, " %08" PRIX32, l->words[i + 1]);
        if (hsx_symbols_data_text(l->symbols, l->words[i + 1], name, sizeof name)) {
            fprintf(l->out, " <%s>", name);
        }
    }
    fputc('\n', l->out);
}

static void print_code(const struct listing *l)
{
    const struct place *place;

    fputs("\n.text\n", l->out);
    for (uint32_t i = 0; i < l->count; i++) {
        if (!l->start[i]) {
            continue;
        }
        if (i * 4 == l->image->entry) {
            fputs(".entry\n", l->out);
        }
        place = place_at(l, i * 4, false);
        if (place) {
            print_place(l, place, ":\n");
        } else if (l->target[i]) {
            fprintf(l->out, "L%04" PRIX32 ":\n", i * 4);
        }
        print_insn(l, i);
    }
}

static void print_bytes(const struct listing *l, uint32_t first, uint32_t count)
{
    char text[17];

    fputs("    .byte ", l->out);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t byte = l->image->ro[first + i];

        text[i] = (char)(byte >= 0x20 && byte <= 0x7E ? byte : '.');
        fprintf(l->out, "%s0x%02X", i ? ", " : "", byte);
    }
    text[count] = '\0';
    fprintf(l->out, " ; %04" PRIX32 ": %s\n", HSX_DATA_LINK + first, text);
}

static void print_data_place(const struct listing *l, uint32_t offset)
{
    const struct place *place = place_at(l, HSX_DATA_LINK + offset, true);

    if (place) {
        print_place(l, place, ":\n");
    }
}

/* How many of count bytes precede the next place. */
static uint32_t until_place(const struct listing *l, uint32_t offset, uint32_t count)
{
    for (size_t i = l->code_places; i < l->place_count; i++) {
        uint32_t at = l->places[i].address - HSX_DATA_LINK;

        if (at > offset) {
            return at - offset < count ? at - offset : count;
        }
    }
    return count;
}

static void print_data(const struct listing *l)
{
    const struct hsx_image *image = l->image;
    uint32_t count;

    if (image->ro_len > 0) {
        fputs("\n.data\n", l->out);
    }
    for (uint32_t i = 0; i < image->ro_len; i += count) {
        print_data_place(l, i);
        count = until_place(l, i, image->ro_len - i < 16 ? image->ro_len - i : 16);
        print_bytes(l, i, count);
    }
    if (image->bss_size > 0) {
        fputs("\n.bss\n", l->out);
    }
    for (uint32_t i = 0; i < image->bss_size; i += count) {
        print_data_place(l, image->ro_len + i);
        count = until_place(l, image->ro_len + i, image->bss_size - i);
        fprintf(l->out, "    .zero %" PRIu32 " ; %04" PRIX32 "\n", count,
                HSX_DATA_LINK + image->ro_len + i);
    }
}

static bool print_mailboxes(const struct listing *l)
{
    const struct hsx_mailbox_list *all = &l->image->mailboxes;

    for (size_t i = 0; i < all->count; i++) {
        char *json = hsx_mailbox_format(&all->items[i]);

        if (!json) {
            return false;
        }
        fprintf(l->out, ".mailbox %s\n", json);
        free(json);
    }
    return true;
}

static void print_name(const struct listing *l)
{
    fputs(".name \"", l->out);
    for (const char *c = l->image->name; *c != '\0'; c++) {
        fprintf(l->out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
    }
    fputs("\"\n", l->out);
}

static bool print_image(const struct listing *l)
{
    const struct hsx_image *image = l->image;

    fprintf(l->out, "; %" PRIu32 " bytes of code, %" PRIu32 " of data, %" PRIu32 " zeroed\n",
            image->code_len, image->ro_len, image->bss_size);
    if (image->other_sections > 0) {
        fprintf(l->out, "; %" PRIu32 " metadata sections of values or commands are not shown\n",
                image->other_sections);
    }
    fprintf(l->out, ".hxe %u\n.call %s\n", image->version, l->call_words ? "word" : "byte");
    if (image->name[0] != '\0') {
        print_name(l);
    }
    if (image->flags != 0) {
        fprintf(l->out, ".flags 0x%X\n", image->flags);
    }
    if (image->req_caps != 0) {
        fprintf(l->out, ".caps 0x%" PRIX32 "\n", image->req_caps);
    }
    if (!print_mailboxes(l)) {
        return false;
    }
    print_code(l);
    print_data(l);
    return true;
}

enum hsx_status hsx_dis_image(const struct hsx_image *image, bool call_words,
                              const struct hsx_symbols *symbols, char **text)
{
    struct listing *l = calloc(1, sizeof *l);
    size_t size;
    bool ok = false;

    *text = NULL;
    if (!l) {
        return HSX_ERR_MEMORY;
    }
    l->image = image;
    l->symbols = symbols;
    l->call_words = call_words;
    l->count = image->code_len / 4;
    l->out = textstream_open(text, &size);
    if (l->out) {
        hsx_image_words(image, l->words);
        find_starts(l);
        find_targets(l);
        ok = find_places(l) && print_image(l);
        ok = fclose(l->out) == 0 && ok;
        free(l->places);
    }
    free(l);
    if (!ok) {
        free(*text);
        *text = NULL;
        return HSX_ERR_MEMORY;
    }
    return HSX_OK;
}
