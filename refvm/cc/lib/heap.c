// SPDX-License-Identifier: Apache-2.0
/* malloc and related functions on one arena in the task's data, whose size hsx cc --heap sets.
 * First fit; free blocks are joined during the search. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Defined by the compiler if anything here is used. */
extern unsigned char __hsx_heap[];
extern const uint32_t __hsx_heap_size;

enum { ALIGN = 8, HEAD = 8, USED = 1 };

/* A block's head: its size with the head, a multiple of ALIGN, and whether it is used. 0: the
 * heap has not been used yet. */
static uint32_t *head_at(uint32_t at)
{
    return (uint32_t *)(void *)(__hsx_heap + at);
}

static void join_free(uint32_t at, uint32_t size)
{
    uint32_t next = at + size;

    while (next < __hsx_heap_size && (*head_at(next) & USED) == 0) {
        next += *head_at(next);
    }
    *head_at(at) = next - at;
}

void *malloc(size_t size)
{
    uint32_t wanted = (uint32_t)(size + HEAD + ALIGN - 1) & ~(uint32_t)(ALIGN - 1);

    if (size > __hsx_heap_size) {
        return NULL;
    }
    if (*head_at(0) == 0) {
        *head_at(0) = __hsx_heap_size;
    }
    for (uint32_t at = 0; at < __hsx_heap_size; at += *head_at(at) & ~(uint32_t)USED) {
        uint32_t room = *head_at(at);

        if (room & USED) {
            continue;
        }
        join_free(at, room);
        room = *head_at(at);
        if (room < wanted) {
            continue;
        }
        if (room - wanted > HEAD) {
            *head_at(at + wanted) = room - wanted;
            room = wanted;
        }
        *head_at(at) = room | USED;
        return __hsx_heap + at + HEAD;
    }
    return NULL;
}

void free(void *memory)
{
    if (memory) {
        *head_at((uint32_t)((unsigned char *)memory - __hsx_heap) - HEAD) &= ~(uint32_t)USED;
    }
}

void *calloc(size_t count, size_t size)
{
    void *memory;

    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    memory = malloc(count * size);
    if (memory) {
        memset(memory, 0, count * size);
    }
    return memory;
}

void *realloc(void *memory, size_t size)
{
    uint32_t have;
    void *moved;

    if (!memory) {
        return malloc(size);
    }
    have = (*head_at((uint32_t)((unsigned char *)memory - __hsx_heap) - HEAD) & ~(uint32_t)USED) -
           HEAD;
    if (size <= have) {
        return memory;
    }
    moved = malloc(size);
    if (moved) {
        memcpy(moved, memory, have);
        free(memory);
    }
    return moved;
}
