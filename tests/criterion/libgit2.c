// SPDX-License-Identifier: Apache-2.0
// Stands in for libgit2, which Criterion uses to show how two texts differ, and loads it when that
// happens. Its 18 libraries, and the system's certificates that it reads at the start, are half of
// what a short test costs.
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

int git_libgit2_init(void);
int git_libgit2_shutdown(void);
int git_diff_buffers(const void *old, size_t old_size, const char *old_name, const void *new,
                     size_t new_size, const char *new_name, const void *options, void *on_file,
                     void *on_binary, void *on_hunk, void *on_line, void *payload);

int git_libgit2_init(void)
{
    return 1;
}

int git_libgit2_shutdown(void)
{
    return 0;
}

int git_diff_buffers(const void *old, size_t old_size, const char *old_name, const void *new,
                     size_t new_size, const char *new_name, const void *options, void *on_file,
                     void *on_binary, void *on_hunk, void *on_line, void *payload)
{
    int (*init)(void) = NULL;
    __typeof__(git_diff_buffers) *diff = NULL;
    void *library = dlopen(HSX_LIBGIT2, RTLD_NOW | RTLD_LOCAL);

    if (library) {
        *(void **)&init = dlsym(library, "git_libgit2_init");
        *(void **)&diff = dlsym(library, "git_diff_buffers");
    }
    if (!init || !diff || init() < 0) {
        fprintf(stderr, "cannot show the difference: %s\n", HSX_LIBGIT2);
        return -1;
    }
    return diff(old, old_size, old_name, new, new_size, new_name, options, on_file, on_binary,
                on_hunk, on_line, payload);
}
