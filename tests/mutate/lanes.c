// SPDX-License-Identifier: Apache-2.0
/* Clocks the lanes next to the core of a model. All have the inputs of the core; code and data that
 * a lane reads at other addresses come from the model's memories. A lane whose outputs differ from
 * lane 0 is reported, and is reset to the core from then on.
 *
 * HSX_LANES names a file with the mutants of the lanes, one per line. HSX_LANES_FOUND names one
 * that gets a line for each mutant found: mutant, the port that showed it, number of resets
 * before, cycle.
 */
#include "lanes.h"
#include <hsx/host_map.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hsx_lanes_begin(void);
void hsx_lanes_step(const uint32_t *inputs, const uint32_t *shown);
extern int hsx_lanes_code(int address);
extern int hsx_lanes_data(int address);

/* After a reset nothing is compared for so many cycles, as the harness lets the core settle. */
enum { NAME = 32, SETTLES = 5 };

/* The counters of lost slots in the host's address map. */
enum { LOST_BITS = 3, LOST_SLOTS = HSX_HOST_LOST_SLOTS >> (2 + LOST_BITS) };

static lanes_word *const v = lanes_nets;
static char names[LANES][NAME];
static int mutant_net[LANES];
static lanes_word here; /* lanes with a mutant that is not found yet */
static FILE *found;
static bool sums;
static unsigned resets, settling = SETTLES;
static uint64_t cycle;

/* The value of lane 0, for all lanes. */
static lanes_word spread(lanes_word word)
{
    return (lanes_word){0} - (lanes_word){word[0] & 1, word[0] & 1, word[0] & 1, word[0] & 1};
}

static bool any(lanes_word word)
{
    return (word[0] | word[1] | word[2] | word[3]) != 0;
}

static bool has(const lanes_word *word, int lane)
{
    return ((const uint64_t *)word)[lane / 64] >> lane % 64 & 1;
}

static void put(lanes_word *word, int lane, bool bit)
{
    uint64_t *part = &((uint64_t *)word)[lane / 64];

    *part = (*part & ~(UINT64_C(1) << lane % 64)) | (uint64_t)bit << lane % 64;
}

/* The ports of the core, found once. */
static const struct lanes_port *rst, *wb_cyc, *wb_stb, *wb_we, *wb_sel, *wb_adr, *wb_dat_i, *wb_ack,
    *wb_dat_o, *held, *idle, *trap_valid, *trap_kind, *trap_slot, *trap_imm, *code_en, *code_we,
    *code_addr_even, *code_addr_odd, *code_wdata, *code_rdata_even, *code_rdata_odd, *data_en,
    *data_we, *data_addr, *data_wdata, *data_rdata, *ret_valid, *ret_order, *ret_event, *ret_slot,
    *ret_insn, *ret_ext, *ret_ext_valid, *ret_pc, *ret_next_pc, *ret_sp, *ret_depth, *ret_psw,
    *ret_rd_we, *ret_rd, *ret_rd_value, *ret_r15_we, *ret_mem_re, *ret_mem_we, *ret_mem_width,
    *ret_mem_addr, *ret_mem_value, *ret_turn_first, *ret_turn_rotate;

static const struct {
    const char *name;
    const struct lanes_port **port;
} used[] = {{"rst", &rst},
            {"wb_cyc", &wb_cyc},
            {"wb_stb", &wb_stb},
            {"wb_we", &wb_we},
            {"wb_sel", &wb_sel},
            {"wb_adr", &wb_adr},
            {"wb_dat_i", &wb_dat_i},
            {"wb_ack", &wb_ack},
            {"wb_dat_o", &wb_dat_o},
            {"held", &held},
            {"idle", &idle},
            {"trap_valid", &trap_valid},
            {"trap_kind", &trap_kind},
            {"trap_slot", &trap_slot},
            {"trap_imm", &trap_imm},
            {"code_en", &code_en},
            {"code_we", &code_we},
            {"code_addr_even", &code_addr_even},
            {"code_addr_odd", &code_addr_odd},
            {"code_wdata", &code_wdata},
            {"code_rdata_even", &code_rdata_even},
            {"code_rdata_odd", &code_rdata_odd},
            {"data_en", &data_en},
            {"data_we", &data_we},
            {"data_addr", &data_addr},
            {"data_wdata", &data_wdata},
            {"data_rdata", &data_rdata},
            {"ret_valid", &ret_valid},
            {"ret_order", &ret_order},
            {"ret_event", &ret_event},
            {"ret_slot", &ret_slot},
            {"ret_insn", &ret_insn},
            {"ret_ext", &ret_ext},
            {"ret_ext_valid", &ret_ext_valid},
            {"ret_pc", &ret_pc},
            {"ret_next_pc", &ret_next_pc},
            {"ret_sp", &ret_sp},
            {"ret_depth", &ret_depth},
            {"ret_psw", &ret_psw},
            {"ret_rd_we", &ret_rd_we},
            {"ret_rd", &ret_rd},
            {"ret_rd_value", &ret_rd_value},
            {"ret_r15_we", &ret_r15_we},
            {"ret_mem_re", &ret_mem_re},
            {"ret_mem_we", &ret_mem_we},
            {"ret_mem_width", &ret_mem_width},
            {"ret_mem_addr", &ret_mem_addr},
            {"ret_mem_value", &ret_mem_value},
            {"ret_turn_first", &ret_turn_first},
            {"ret_turn_rotate", &ret_turn_rotate}};

static const struct lanes_port *port(const char *name)
{
    for (const struct lanes_port *p = lanes_ports; p->name; p++) {
        if (strcmp(p->name, name) == 0) {
            return p;
        }
    }
    fprintf(stderr, "lanes: no port %s\n", name);
    abort();
}

static int value_of(const int *nets, int bits, int lane)
{
    int value = 0;

    for (int i = 0; i < bits; i++) {
        value |= has(&v[nets[i]], lane) << i;
    }
    return value;
}

/* Lanes where the value differs from lane 0. */
static lanes_word others(const int *nets, int bits)
{
    lanes_word differs = {0};

    for (int i = 0; i < bits; i++) {
        differs |= v[nets[i]] ^ spread(v[nets[i]]);
    }
    return differs;
}

#define EACH_LANE(lane, set)                                                                       \
    for (int part_ = 0, lane; part_ < LANE_PARTS; part_++)                                         \
        for (uint64_t left_ = (set)[part_];                                                        \
             left_ != 0 && (lane = 64 * part_ + __builtin_ctzll(left_), true); left_ &= left_ - 1)

void lanes_read(lanes_word *nets, const struct lanes_memory *m, const int *address, int data)
{
    const lanes_word *row = &m->cells[value_of(address, m->address_bits, 0) * m->width];

    memcpy(&nets[data], row, sizeof *row * (size_t)m->width);
    EACH_LANE(lane, others(address, m->address_bits))
    {
        row = &m->cells[value_of(address, m->address_bits, lane) * m->width];
        for (int i = 0; i < m->width; i++) {
            put(&nets[data + i], lane, has(&row[i], lane));
        }
    }
}

static void write_row(const struct lanes_memory *m, int port, int address, lanes_word lanes)
{
    lanes_word *row = &m->cells[address * m->width];

    for (int i = 0; i < m->width; i++) {
        lanes_word enable = v[m->write_enable[port * m->width + i]] & lanes;

        row[i] = (row[i] & ~enable) | (v[m->write_data[port * m->width + i]] & enable);
    }
}

static void write_port(const struct lanes_memory *m, int port)
{
    const int *address = &m->write_address[port * m->address_bits];
    lanes_word enabled = {0};

    for (int i = 0; i < m->width; i++) {
        enabled |= v[m->write_enable[port * m->width + i]];
    }
    if (!any(enabled)) {
        return;
    }
    lanes_word elsewhere = others(address, m->address_bits) & enabled;

    write_row(m, port, value_of(address, m->address_bits, 0), ~elsewhere);
    EACH_LANE(lane, elsewhere)
    {
        lanes_word one = {0};

        put(&one, lane, true);
        write_row(m, port, value_of(address, m->address_bits, lane), one);
    }
}

/* What a lane reads from a memory outside the core, if it differs from lane 0. */
struct outside {
    const int *enable, *address, *data;
    int address_bits;
    lanes_word apart; /* lanes with a different value */
    uint32_t held[LANES];
    int (*word)(int address);
};

static int even_word(int address)
{
    return hsx_lanes_code(2 * address);
}

static int odd_word(int address)
{
    return hsx_lanes_code(2 * address + 1);
}

static struct outside even = {.address_bits = 13, .word = even_word};
static struct outside odd = {.address_bits = 13, .word = odd_word};
static struct outside data = {.address_bits = 14, .word = hsx_lanes_data};

static void show(struct outside *o, uint32_t value)
{
    for (int i = 0; i < 32; i++) {
        v[o->data[i]] = (lanes_word){0} - (value >> i & 1);
    }
    EACH_LANE(lane, o->apart)
    {
        for (int i = 0; i < 32; i++) {
            put(&v[o->data[i]], lane, o->held[lane] >> i & 1);
        }
    }
}

static void read_outside(struct outside *o)
{
    bool reads = has(&v[*o->enable], 0);
    lanes_word differs = others(o->enable, 1);

    differs |= others(o->address, o->address_bits) & v[*o->enable];
    EACH_LANE(lane, differs)
    {
        o->held[lane] = has(&v[*o->enable], lane)
                            ? (uint32_t)o->word(value_of(o->address, o->address_bits, lane))
                            : (uint32_t)value_of(o->data, 32, lane);
    }
    if (!reads) {
        differs |= o->apart;
    }
    o->apart = differs;
}

/* Makes the lanes in set equal to the core. */
static void restore(lanes_word set)
{
    EACH_LANE(lane, set)
    {
        put(&v[mutant_net[lane]], lane, false);
    }
    for (int i = lanes_first_flop; i < lanes_first_flop + lanes_flops; i++) {
        v[i] = (v[i] & ~set) | (spread(v[i]) & set);
    }
    for (int m = 0; m < lanes_memory_count; m++) {
        lanes_word *cells = lanes_memories[m].cells;

        for (int i = 0; i < lanes_memories[m].rows * lanes_memories[m].width; i++) {
            cells[i] = (cells[i] & ~set) | (spread(cells[i]) & set);
        }
    }
    even.apart &= ~set;
    odd.apart &= ~set;
    data.apart &= ~set;
    here &= ~set;
}

static void report(lanes_word set, const char *by)
{
    EACH_LANE(lane, set & here)
    {
        fprintf(found, "%s\t%s\t%u\t%llu\n", names[lane], by, resets, (unsigned long long)cycle);
        fflush(found);
    }
    if (any(set & here)) {
        restore(set & here);
    }
}

static void open_files(void)
{
    const char *path = getenv("HSX_LANES"), *log = getenv("HSX_LANES_FOUND");
    FILE *in = path ? fopen(path, "r") : NULL;

    found = log ? fopen(log, "a") : NULL;
    if (!in || !found) {
        fprintf(stderr, "lanes: HSX_LANES and HSX_LANES_FOUND name no files\n");
        abort();
    }
    sums = getenv("HSX_LANES_SUMS") != NULL;
    for (int lane = 1; lane < LANES && fgets(names[lane], NAME, in); lane++) {
        names[lane][strcspn(names[lane], "\n")] = '\0';
        mutant_net[lane] = *port(names[lane])->net;
        put(&here, lane, true);
    }
    fclose(in);
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        *used[i].port = port(used[i].name);
    }
    even.enable = odd.enable = code_en->net;
    even.address = code_addr_even->net;
    even.data = code_rdata_even->net;
    odd.address = code_addr_odd->net;
    odd.data = code_rdata_odd->net;
    data.enable = data_en->net;
    data.address = data_addr->net;
    data.data = data_rdata->net;
}

/* A core as it is after power-up. One process may have several, one after the other. */
void hsx_lanes_begin(void)
{
    if (!found) {
        open_files();
    }
    memset(v, 0, sizeof v[0] * (size_t)lanes_net_count);
    v[1] = ~(lanes_word){0};
    for (int m = 0; m < lanes_memory_count; m++) {
        memset(lanes_memories[m].cells, 0,
               sizeof v[0] * (size_t)(lanes_memories[m].rows * lanes_memories[m].width));
    }
    even.apart = odd.apart = data.apart = (lanes_word){0};
    settling = SETTLES;
    EACH_LANE(lane, here)
    {
        put(&v[mutant_net[lane]], lane, true);
    }
}

static void input(const struct lanes_port *p, uint32_t value)
{
    for (int i = 0; i < p->bits; i++) {
        v[p->net[i]] = (lanes_word){0} - (value >> i & 1);
    }
}

static bool high(const struct lanes_port *p)
{
    return has(&v[*p->net], 0);
}

static lanes_word differ(const struct lanes_port *p)
{
    return others(p->net, p->bits);
}

/* The relevant fields of the record, as in the harness. */
static lanes_word record(void)
{
    lanes_word differs =
        differ(ret_order) | differ(ret_event) | differ(ret_slot) | differ(ret_insn) |
        differ(ret_ext_valid) | differ(ret_pc) | differ(ret_next_pc) | differ(ret_sp) |
        differ(ret_depth) | differ(ret_psw) | differ(ret_rd_we) | differ(ret_r15_we) |
        differ(ret_mem_re) | differ(ret_mem_we) | differ(ret_turn_first) | differ(ret_turn_rotate);

    if (high(ret_ext_valid)) {
        differs |= differ(ret_ext);
    }
    if (high(ret_rd_we)) {
        differs |= differ(ret_rd) | differ(ret_rd_value);
    }
    if (high(ret_mem_re) || high(ret_mem_we)) {
        differs |= differ(ret_mem_width) | differ(ret_mem_addr) | differ(ret_mem_value);
    }
    return differs;
}

void hsx_lanes_step(const uint32_t *in, const uint32_t *shown)
{
    static lanes_word next[8192];

    resets += in[5] & 1;
    settling = (in[5] & 1) ? SETTLES : settling - (settling > 0);
    cycle++;
    input(rst, in[5]);
    input(wb_cyc, in[5] >> 1);
    input(wb_stb, in[5] >> 2);
    input(wb_we, in[5] >> 3);
    input(wb_sel, in[5] >> 4);
    input(wb_adr, in[4]);
    input(wb_dat_i, in[3]);
    show(&even, in[2]);
    show(&odd, in[1]);
    show(&data, in[0]);
    lanes_evaluate(v);

    bool valid = high(ret_valid), ack = high(wb_ack);

    if (valid != (shown[0] & 1) || ack != (shown[0] >> 1 & 1) ||
        (valid && (uint32_t)value_of(ret_order->net, 32, 0) != shown[1])) {
        fprintf(stderr, "lanes: lane 0 is not the core, cycle %llu\n", (unsigned long long)cycle);
        abort();
    }
    lanes_word late = differ(ret_valid) | differ(held);
    lanes_word wrong = {0};

    if (valid) {
        wrong = record() & ~late;
    }
    lanes_word memory = differ(code_we) & v[*even.enable];

    memory |= differ(data_we) & v[*data.enable];
    for (int lane_bit = 0; lane_bit < 4; lane_bit++) {
        if (has(&v[*data.enable], 0) && has(&v[data_we->net[lane_bit]], 0)) {
            const int *nets = data_wdata->net + 8 * lane_bit;

            memory |= others(nets, 8) | others(data.address, 14);
        }
    }
    if (has(&v[*even.enable], 0) && has(&v[code_we->net[0]], 0)) {
        memory |= others(even.address, 13) | differ(code_wdata);
    }
    if (has(&v[*even.enable], 0) && has(&v[code_we->net[1]], 0)) {
        memory |= others(odd.address, 13) | differ(code_wdata);
    }
    lanes_word bus = differ(wb_ack);

    if (ack && !(in[5] >> 3 & 1) && !(sums && in[4] >> LOST_BITS == LOST_SLOTS)) {
        bus |= differ(wb_dat_o);
    }
    lanes_word ports = differ(trap_valid) | differ(idle);

    if (high(trap_valid)) {
        ports |= differ(trap_kind) | differ(trap_slot) | differ(trap_imm);
    }

    read_outside(&even);
    read_outside(&odd);
    read_outside(&data);
    for (int i = 0; i < lanes_flops; i++) {
        next[i] = v[lanes_flop_d[i]];
    }
    for (int m = 0; m < lanes_memory_count; m++) {
        for (int port = 0; port < lanes_memories[m].write_ports; port++) {
            write_port(&lanes_memories[m], port);
        }
    }
    memcpy(&v[lanes_first_flop], next, sizeof next[0] * (size_t)lanes_flops);
    if (settling == 0 && any((wrong | memory | late | bus | ports) & here)) {
        report(wrong, "record");
        report(bus, "host");
        report(memory, "memory");
        report(late, "cycles");
        report(ports, "ports");
    }
}
