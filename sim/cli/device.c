// SPDX-License-Identifier: Apache-2.0
#include "device.h"
#include "option_number.h"
#include <hsx/icarus.h>
#include <hsx/model.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIM = 512, KEY_PROGRAM, KEY_MODEL, KEY_RESET_SEED, KEY_BUS };

struct model {
    const char *name;
    hsx_model_create *create; /* NULL: in a shared object of the build */
    unsigned contexts;
    unsigned windows; /* stored in the core, from HSX_WINDOW_START up */
    bool wave;
};

static const struct model models[] = {
    {"c16", hsx_model_c16_create, 16, 16, false},
    {"c128", NULL, 128, HSX_MAX_CONTEXTS, false},
    {"wave", NULL, 16, 16, true},
    {"split", NULL, 16, 16, false},
    {"random", NULL, 16, 16, false},
};

enum { MODELS = sizeof models / sizeof models[0] };

static const struct model *find_model(const char *name)
{
    for (size_t i = 0; i < MODELS; i++) {
        if (strcmp(models[i].name, name) == 0) {
            return &models[i];
        }
    }
    return NULL;
}

/* A model in a shared object is named by its file. */
static bool is_file(const char *name)
{
    return strchr(name, '/') != NULL;
}

static const struct model *choose_model(const struct device_options *options)
{
    if (options->model) {
        return find_model(options->model);
    }
    for (size_t i = 0; i < MODELS; i++) {
        const struct model *m = &models[i];

        if (m->contexts >= options->contexts && (!options->wave || m->wave)) {
            return m;
        }
    }
    return NULL;
}

static enum hsx_status fail(struct device_error *error, enum hsx_status status, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

enum hsx_status device_start(struct hsx_rtl_link *link, unsigned contexts, unsigned windows,
                             struct hsx_target **device, struct device_error *error)
{
    enum hsx_status status = hsx_target_rtl_create(link, contexts, windows, device);

    if (status == HSX_ERR_ARGUMENT) {
        return fail(error, status, "this core has not that many contexts");
    }
    if (status == HSX_ERR_FORMAT) {
        return fail(error, status, "this core's host map has another version than this program's");
    }
    return status == HSX_OK
               ? status
               : fail(error, status, "the core does not start: its host port fails at once");
}

static enum hsx_status create_verilated(const struct device_options *options,
                                        struct hsx_target **device, struct device_error *error)
{
    static const struct model of_file = {.name = NULL};
    bool file = options->model && is_file(options->model);
    const struct model *model = file ? &of_file : choose_model(options);
    struct hsx_rtl_link *link = NULL;
    enum hsx_status status = HSX_OK;

    if (!model) {
        return fail(
            error, HSX_ERR_ARGUMENT,
            "no Verilated model has that many contexts and wave output, if that was asked for");
    }
    hsx_model_create *create = model->create;

    if (file) {
        status = hsx_model_load(options->model, &create, error->text, sizeof error->text);
    } else if (!create) {
        status = hsx_model_load_built(model->name, &create, error->text, sizeof error->text);
    }
    if (status != HSX_OK) {
        return status;
    }
    status = create(options->reset_seed, &link);
    if (status != HSX_OK) {
        return fail(error, status, hsx_status_name(status));
    }
    return device_start(link, options->contexts ? options->contexts : model->contexts,
                        model->windows, device, error);
}

static enum hsx_status create_icarus(const struct device_options *options,
                                     struct hsx_target **device, struct device_error *error)
{
    struct hsx_rtl_link *link = NULL;
    const struct hsx_icarus_options icarus = {.program = options->program,
                                              .wave = options->wave != NULL,
                                              .vcd = options->wave && options->wave->vcd};
    enum hsx_status status = hsx_icarus_start(&icarus, &link);

    if (status == HSX_OK) {
        return device_start(link, options->contexts, 0, device, error);
    }
    if (status == HSX_ERR_STATE) {
        return fail(error, status,
                    "hsx_vpi.vpi is not where it was installed with hsx; see cmake --install");
    }
    return fail(error, status,
                status == HSX_ERR_MACHINE
                    ? "the core does not start: no clock edge for ten seconds, as in a loop "
                      "without a delay"
                    : "vvp does not run the design");
}

enum hsx_status device_create(const struct device_options *options, struct hsx_target **device,
                              struct device_error *error)
{
    enum hsx_status status = options->icarus ? create_icarus(options, device, error)
                                             : create_verilated(options, device, error);

    if (status == HSX_OK) {
        hsx_target_rtl_access_directly(*device, !options->bus && !options->wave);
    }
    if (status != HSX_OK || !options->wave) {
        return status;
    }
    status = hsx_target_rtl_wave(*device, options->wave);
    if (status != HSX_OK) {
        fail(error, status, hsx_target_rtl_message(*device));
        (*device)->ops->destroy(*device);
        *device = NULL;
    }
    return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct device_options *options = state->input;

    switch (key) {
    case KEY_SIM:
        if (strcmp(arg, "verilator") != 0 && strcmp(arg, "icarus") != 0) {
            argp_error(state, "--sim is '%s', expected verilator or icarus", arg);
        }
        options->icarus = arg[0] == 'i';
        return 0;
    case KEY_PROGRAM:
        options->program = arg;
        return 0;
    case KEY_MODEL:
        if (!find_model(arg) && !is_file(arg)) {
            argp_error(state,
                       "--model is '%s', expected c16, c128, wave, split, random or the path of "
                       "a shared object with a /",
                       arg);
        }
        options->model = arg;
        return 0;
    case KEY_RESET_SEED:
        options->reset_seed = (unsigned)hsx_option_number(state, "--reset-seed", arg, 0, UINT_MAX);
        return 0;
    case KEY_BUS:
        options->bus = true;
        return 0;
    case ARGP_KEY_END:
        if (options->program && !options->icarus) {
            argp_error(state, "--program is a design for Icarus, expected --sim icarus");
        }
        if (options->model && options->icarus) {
            argp_error(state, "--model is a Verilated model, expected --sim verilator");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"sim", KEY_SIM, "verilator|icarus", 0, "Simulator of the RTL core. Default: verilator", 0},
    {"program", KEY_PROGRAM, "FILE.vvp", 0,
     "Under Icarus: the compiled design, such as the gate level's. Default: the core as built", 0},
    {"model", KEY_MODEL, "NAME", 0,
     "Verilated model: c16 or c128 (that many contexts), wave (with FST output), split (made "
     "without -fno-split), random (registers without a reset start at random), or the path of a "
     "shared object, such as the gate level's. Default: the first that suffices",
     0},
    {"reset-seed", KEY_RESET_SEED, "N", 0, "Seed of the random model's registers", 0},
    {"bus", KEY_BUS, 0, 0,
     "Access memories, contexts and counters of a Verilated core only over its bus, as in "
     "hardware. Default: inside the simulator, which takes no clocks and gives the same results",
     0},
    {0},
};

const struct argp device_argp = {options, parse, 0, 0, 0, 0, 0};
