// SPDX-License-Identifier: Apache-2.0
/* One-instruction cases: if they are refused there is a message and nothing is left; if they
 * are accepted they can be run, whatever they contain. */
#include "fuzz.h"
#include <hsx/conform.h>
#include <hsx/target_vm.h>
#include <stdlib.h>

static struct hsx_conform_runner *runner(void)
{
    static struct hsx_conform_runner *runner;
    struct hsx_target *target;

    if (!runner && (hsx_target_vm_create(1, &target) != HSX_OK ||
                    hsx_conform_runner_create(target, &runner) != HSX_OK)) {
        abort();
    }
    return runner;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct hsx_conform_set set;
    struct hsx_conform_error error = {""};
    struct hsx_conform_outcome outcome;

    if (hsx_conform_parse((const char *)bytes, size, "vectors", &set, &error) != HSX_OK) {
        if (error.text[0] == '\0' || set.count != 0) {
            abort();
        }
        return 0;
    }
    for (size_t i = 0; i < set.count; i++) {
        if (hsx_conform_run(runner(), &set.cases[i], i % 2 == 0, &outcome) != HSX_OK) {
            abort();
        }
    }
    hsx_conform_free(&set);
    return 0;
}
