/*
 * The execution loops: exec_body.h four times, for a turn of one task and for
 * strict rotation over many, each with and without records.
 */
#include "half.h"
#include "vm_internal.h"

/* ISO C has no labels as values; the dispatch of this one file needs them. */
#pragma GCC diagnostic ignored "-Wpedantic"

#define EXEC_NAME       hsx_exec_turn
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     0
#define EXEC_RECORDS    0
#include "exec_body.h"

#define EXEC_NAME hsx_exec_turn_records
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, uint64_t *left, struct hsx_record *records, uint8_t turn, uint8_t first
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#include "exec_body.h"

#define EXEC_NAME       hsx_exec_rotate
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     1
#define EXEC_RECORDS    0
#include "exec_body.h"

#define EXEC_NAME       hsx_exec_rotate_records
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left, struct hsx_record *records
#define EXEC_ROTATE     1
#define EXEC_RECORDS    1
#include "exec_body.h"
