// SPDX-License-Identifier: Apache-2.0
/*
 * What signals do to a program, and what it finds open when it starts.
 *
 * SIGINT, SIGTERM and SIGHUP end a program at once and take its temporary files
 * with them. A command that has something to hand over asks with hsx_signals_defer to be told
 * first: then the first signal only sets hsx_stop_signal, and the next one ends
 * the program. Signals that the program was started to ignore stay ignored. SIGBUS, which is
 * how a library that maps its files into memory meets a full disk, is told and ends it, too.
 */
#ifndef HSX_FILES_SIGNALS_H
#define HSX_FILES_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* The number of the signal that came while signals were deferred, or 0. A handler can
 * reach nothing but a global. */
extern volatile sig_atomic_t hsx_stop_signal;

/* To be called first in main. A standard descriptor that is closed would be
 * given to the next file that is opened, and what is printed would land in it: it is
 * opened on something that refuses what the descriptor is for. */
void hsx_signals_init(void);

void hsx_signals_defer(void);

/* Ends the program as a signal does, with a line on standard error and exit status 1. */
_Noreturn void hsx_signals_give_up(const char *line);

/* malloc for who can do nothing without: gives up where there is no memory. As JSON is made of so
 * many pieces that a missing one would not be seen, and jansson fails badly where it cannot have
 * one, programs give it this. */
void *hsx_signals_memory(size_t size);

/* At a terminal SIGINT only sets hsx_stop_signal, however often it comes. */
void hsx_signals_defer_interrupts(void);

/* status, or, if the program ended because of a signal, 128 and its number. */
int hsx_signals_exit(int status);

/* Waits until fd can be read or has ended; false: a signal came first, or had come
 * before. Signals are deferred. */
bool hsx_signals_wait_input(int fd);

enum { HSX_TEMPORARIES = 16, HSX_NO_TEMPORARY = -1 };

/* Notes a file that is to go when a signal ends the program; HSX_NO_TEMPORARY when
 * there is no room for it. Signals should be blocked from its making on. */
int hsx_temporary_note(const char *path);
void hsx_temporary_forget(int place);

/* From block to unblock no signal is taken. *old is for unblock. */
void hsx_signals_block(sigset_t *old);
void hsx_signals_unblock(const sigset_t *old);

#endif
