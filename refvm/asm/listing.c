#include <hsx/dis.h>
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_WORDS = HSX_CODE_SIZE / 4, LAST_BRANCH = 0xFFC };

struct listing {
    const struct hsx_image *image;
    FILE *out;
    bool call_words;
    uint32_t count; /* words of code */
    uint32_t words[CODE_WORDS];
    bool start[CODE_WORDS];  /* an instruction starts here */
    bool target[CODE_WORDS]; /* a branch or CALL leads here */
};

/* The second word of an LDI32 lies in the code and is not the entry, where
 * .entry must be able to stand. */
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

/* The word that the branch or CALL at i leads to, if a label can stand there
 * and the assembler would turn that label into the same field. */
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

static void print_insn(const struct listing *l, uint32_t i)
{
    char text[HSX_DIS_SIZE];
    unsigned length = decode(l, i, text);
    uint32_t index;

    if (!is_raw(text) && find_target(l, i, &index)) {
        snprintf(text, sizeof text, "%s L%04" PRIX32,
                 hsx_insn_table[HSX_INSN_OPCODE(l->words[i])].name, index * 4);
    } else {
        text[strcspn(text, ";")] = '\0';
    }
    fprintf(l->out, "    %-28s ; %04" PRIX32 ": %08" PRIX32, text, i * 4, l->words[i]);
    if (length == 8) {
        fprintf(l->out, " %08" PRIX32, l->words[i + 1]);
    }
    fputc('\n', l->out);
}

static void print_code(const struct listing *l)
{
    fputs("\n.text\n", l->out);
    for (uint32_t i = 0; i < l->count; i++) {
        if (!l->start[i]) {
            continue;
        }
        if (i * 4 == l->image->entry) {
            fputs(".entry\n", l->out);
        }
        if (l->target[i]) {
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

static void print_data(const struct listing *l)
{
    const struct hsx_image *image = l->image;

    if (image->ro_len > 0) {
        fputs("\n.data\n", l->out);
    }
    for (uint32_t i = 0; i < image->ro_len; i += 16) {
        print_bytes(l, i, image->ro_len - i < 16 ? image->ro_len - i : 16);
    }
    if (image->bss_size > 0) {
        fprintf(l->out, "\n.bss\n    .zero %" PRIu32 " ; %04" PRIX32 "\n", image->bss_size,
                HSX_DATA_LINK + image->ro_len);
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

enum hsx_status hsx_dis_image(const struct hsx_image *image, bool call_words, char **text)
{
    struct listing *l = calloc(1, sizeof *l);
    size_t size;
    bool ok = false;

    *text = NULL;
    if (!l) {
        return HSX_ERR_MEMORY;
    }
    l->image = image;
    l->call_words = call_words;
    l->count = image->code_len / 4;
    l->out = open_memstream(text, &size);
    if (l->out) {
        hsx_image_words(image, l->words);
        find_starts(l);
        find_targets(l);
        ok = print_image(l) && !ferror(l->out);
        ok = fclose(l->out) == 0 && ok;
    }
    free(l);
    if (!ok) {
        free(*text);
        *text = NULL;
        return HSX_ERR_MEMORY;
    }
    return HSX_OK;
}
