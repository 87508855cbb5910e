// SPDX-License-Identifier: Apache-2.0
/* The points of coverage as groups of tables; see coverage_points.c. */
#ifndef HSX_COVERAGE_POINTS_H
#define HSX_COVERAGE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum coverage_group {
    POINT_FAULT,      /* opcode (UNKNOWN: none), number of the fault's code */
    POINT_PAIR_SAME,  /* opcode, opcode of the same task's next instruction, nothing between */
    POINT_PAIR_OTHER, /* opcode, opcode of another task's next instruction */
    POINT_EDGE,       /* arena, enum coverage_edge, write */
    POINT_BOUND,      /* enum coverage_bound */
    POINT_REFUSED,    /* arena, enum coverage_refused, write: a MEM_FAULT */
    POINT_STATE,      /* from, to */
    POINT_QUEUE,      /* enum coverage_queue */
    POINT_WAKE,       /* enum coverage_wake */
    POINT_TICK,       /* opcode of the instruction before it */
    POINT_TICK_EVENT, /* enum hsx_event of what came before it */
    POINT_LOST,       /* cause */
    POINT_LOST_CLOSE, /* cause, cause at most HSX_LOST_CLOSE cycles later */
    POINT_GROUPS
};

/* The last two are for accesses that are refused even without protection. */
enum coverage_arena {
    ARENA_SHARED,
    ARENA_WINDOW,
    ARENA_STACK,
    ARENA_DATA,
    ARENA_WINDOWS,
    ARENA_MEMORY,
    ARENA_MOVED,
    ARENAS
};
enum coverage_edge { EDGE_FIRST, EDGE_LAST, EDGE_OVER_FIRST, EDGE_OVER_LAST, EDGES };
enum coverage_queue { QUEUE_EMPTY, QUEUE_ONE, QUEUE_FULL, QUEUES };
enum coverage_wake {
    WAKE_TO_EMPTY,
    WAKE_TO_OTHERS,
    WAKE_SEVERAL,
    WAKE_BY_TICK,
    WAKE_IN_TURN,
    WAKE_BESIDE_TRAP,
    WAKES
};

/* Accesses that are just allowed, and just not. */
enum coverage_bound {
    BOUND_PUSH_LAST,
    BOUND_PUSH_OVER,
    BOUND_PUSH_PARTLY,
    BOUND_POP_LAST,
    BOUND_POP_OVER,
    BOUND_POP_PARTLY,
    BOUND_CODE_LAST,
    BOUND_CODE_OVER,
    BOUND_CODE_PARTLY,
    BOUND_CODE_UNALIGNED,
    BOUNDS
};
enum coverage_refused {
    REFUSED_BEFORE,
    REFUSED_OVER_START,
    REFUSED_OVER_END,
    REFUSED_AFTER,
    REFUSALS
};

/* The points by their numbers, for fast counting. */
enum { COVERAGE_NO_POINT = 0xFFFF };
struct coverage_index {
    uint16_t *points[POINT_GROUPS];
};

/* False: out of memory. Free it in both cases. */
bool coverage_index_make(struct coverage_index *index);
void coverage_index_free(struct coverage_index *index);

/* The point with these numbers in the group (0 for numbers that it does not have), or
 * COVERAGE_NO_POINT. */
uint16_t coverage_point(const struct coverage_index *index, enum coverage_group group, unsigned a,
                        unsigned b, unsigned c);

/* The same the other way round, for all points; NULL: out of memory. To be freed. */
struct coverage_place {
    enum coverage_group group;
    unsigned a, b, c;
};
struct coverage_place *coverage_places(void);

#endif
