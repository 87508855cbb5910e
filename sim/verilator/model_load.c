// SPDX-License-Identifier: Apache-2.0
/* Models in shared objects. */
#include <dlfcn.h>
#include <hsx/model.h>
#include <hsx/program_files.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum hsx_status hsx_model_load(const char *path, hsx_model_create **create, char *message,
                               size_t size)
{
    /* Links made by the model run its code, hence NODELETE. */
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *entry = object ? dlsym(object, "hsx_model_shared_create") : NULL;
    const char *layout;

    if (!entry) {
        snprintf(message, size, "%s", dlerror());
        if (object) {
            dlclose(object);
        }
        return HSX_ERR_IO;
    }
    layout = dlsym(object, "hsx_model_shared_layout");
    dlclose(object);
    if (!layout || strcmp(layout, HSX_MODEL_LAYOUT) != 0) {
        snprintf(message, size, "%s: is of another version of hsx, expected a model built with it",
                 path);
        return HSX_ERR_FORMAT;
    }
    /* ISO C has no cast from void * to a function; POSIX has dlsym return one. */
    memcpy(create, &entry, sizeof entry);
    return HSX_OK;
}

enum hsx_status hsx_model_load_built(const char *name, hsx_model_create **create, char *message,
                                     size_t size)
{
    /* In the build folder, and in an installation. */
    static const char *const places[] = {"models", HSX_MODELS_INSTALLED};
    char directory[PATH_MAX];
    char path[sizeof directory + 64];
    char file[48];

    snprintf(file, sizeof file, "%s.so", name);
    if (!hsx_rtl_program_files(places, sizeof places / sizeof places[0], file, directory,
                               sizeof directory)) {
        snprintf(message, size, "%s/%s: no such file; the whole build makes the model %s",
                 directory, file, name);
        return HSX_ERR_IO;
    }
    snprintf(path, sizeof path, "%s/%s", directory, file);
    return hsx_model_load(path, create, message, size);
}
