// SPDX-License-Identifier: Apache-2.0
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
_Noreturn void __hsx_assert(const char *condition, const char *file, int line);
#define assert(condition) ((condition) ? (void)0 : __hsx_assert(#condition, __FILE__, __LINE__))
#endif
#define static_assert _Static_assert
