#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The virtual machine from Python: vm.py [libhsx.so.0] adds the numbers from 1 to 10."""
import ctypes
import sys


class Context(ctypes.Structure):
    """struct hsx_context of <hsx/machine.h>."""

    _fields_ = [
        *((name, ctypes.c_uint16) for name in (
            "pc", "sp", "reg_base", "stack_limit", "stack_top", "code_base", "data_base",
            "call_depth")),
        ("code_len", ctypes.c_uint32),
        ("data_len", ctypes.c_uint32),
        *((name, ctypes.c_uint8) for name in ("psw", "slice", "flags", "state")),
    ]


class Run(ctypes.Structure):
    """struct hsx_run of <hsx/machine.h>."""

    _fields_ = [
        ("max_steps", ctypes.c_uint64),
        ("tally", ctypes.c_void_p),
        ("recallable", ctypes.c_bool),
        ("records", ctypes.c_void_p),
        ("cycles", ctypes.c_void_p),
        ("capacity", ctypes.c_size_t),
        ("look", ctypes.c_bool),
        ("pass", ctypes.c_bool),
        ("count", ctypes.c_size_t),
        ("retired", ctypes.c_uint64),
        ("reason", ctypes.c_int),
        ("slot", ctypes.c_uint8),
    ]


STOP_SVC = 2  # HSX_STOP_SVC

hsx = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libhsx.so.0")
hsx.hsx_status_name.restype = ctypes.c_char_p
hsx.hsx_version.restype = ctypes.c_char_p
hsx.hsx_vm_data.restype = ctypes.POINTER(ctypes.c_uint8)
hsx.hsx_vm_data.argtypes = [ctypes.c_void_p]


def check(status):
    """A call's enum hsx_status as an exception."""
    if status != 0:
        raise RuntimeError(hsx.hsx_status_name(status).decode())


program = (ctypes.c_uint32 * 6)(
    0x0110000A,  # LDI R1, 10
    0x01200001,  # LDI R2, 1
    0x10001000,  # ADD R0, R0, R1
    0x11112000,  # SUB R1, R1, R2
    0x23000008,  # JNZ 8
    0x30000100,  # SVC 0x100
)
context = Context(sp=0xFFFC, reg_base=0x1000, stack_limit=0xF000, stack_top=0xFFFC,
                  data_base=0x4000, code_len=ctypes.sizeof(program), slice=1, flags=1)

vm = ctypes.c_void_p()
check(hsx.hsx_vm_create(1, ctypes.byref(vm)))
check(hsx.hsx_vm_write_code(vm, 0, program, len(program)))
check(hsx.hsx_vm_write_context(vm, 0, ctypes.byref(context)))
check(hsx.hsx_vm_make_ready(vm, 0))
run = Run(max_steps=1000)
check(hsx.hsx_vm_run(vm, ctypes.byref(run)))
assert run.reason == STOP_SVC
window = bytes(hsx.hsx_vm_data(vm)[0x1000:0x1040])
print(f"R0 = {int.from_bytes(window[:4], 'little')} after {run.retired} instructions")
hsx.hsx_vm_destroy(vm)
