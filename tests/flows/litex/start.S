# SPDX-License-Identifier: Apache-2.0
  .section .start, "ax"
  .globl _start
_start:
  la sp, _stack
  j main
