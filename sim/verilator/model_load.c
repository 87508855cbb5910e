// SPDX-License-Identifier: Apache-2.0
/* Models in shared objects. */
#include <dlfcn.h>
#include <hsx/model.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum hsx_status hsx_model_load(const char *path, hsx_model_create **create, char *message,
                               size_t size)
{
    /* Links made by the model run its code, hence NODELETE. */
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *entry = object ? dlsym(object, "hsx_model_shared_create") : NULL;

    if (!entry) {
        snprintf(message, size, "%s", dlerror());
    }
    if (object) {
        dlclose(object);
    }
    if (!entry) {
        return HSX_ERR_IO;
    }
    /* ISO C has no cast from void * to a function; POSIX has dlsym return one. */
    memcpy(create, &entry, sizeof entry);
    return HSX_OK;
}

enum hsx_status hsx_model_load_built(const char *name, hsx_model_create **create, char *message,
                                     size_t size)
{
    char path[sizeof HSX_MODEL_DIR + 32];

    snprintf(path, sizeof path, "%s/%s.so", HSX_MODEL_DIR, name);
    if (access(path, F_OK) != 0) {
        snprintf(message, size, "%s: no such file; the whole build makes the model %s", path, name);
        return HSX_ERR_IO;
    }
    return hsx_model_load(path, create, message, size);
}
