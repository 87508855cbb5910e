// SPDX-License-Identifier: Apache-2.0
/*
 * Signal handling of a program, and its standard descriptors.
 *
 * SIGINT, SIGTERM and SIGHUP end a program at once and delete its temporary files. A command
 * that has to finish its output calls hsx_signals_defer: then the first signal only sets
 * hsx_stop_signal, and the next one ends the program. Signals that the program was started to
 * ignore stay ignored. SIGBUS, which a library that maps its files into memory gets from a
 * full disk, also ends the program, with a message.
 */
#ifndef HSX_FILES_SIGNALS_H
#define HSX_FILES_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* The number of the signal that came while signals were deferred, or 0. It is global
 * because a handler can reach nothing else. */
extern volatile sig_atomic_t hsx_stop_signal;

/* To be called first in main. A closed standard descriptor would be reused for the next
 * file that is opened, which would then receive printed output. So it is opened on a file
 * that fails all uses of the descriptor. */
void hsx_signals_init(void);

void hsx_signals_defer(void);

/* Ends the program like a signal, but with a line on standard error and exit status 1. */
_Noreturn void hsx_signals_give_up(const char *line);

/* malloc that ends the program when there is no memory. Programs set it for jansson, which
 * handles failures badly: JSON has so many parts that a missing one would go unnoticed. */
void *hsx_signals_memory(size_t size);

/* For terminals: SIGINT only sets hsx_stop_signal, however often it comes. */
void hsx_signals_defer_interrupts(void);

/* status, or, if the program ended because of a signal, 128 and its number. */
int hsx_signals_exit(int status);

/* Waits until fd can be read or has ended; false: a signal came first, or had come
 * before. Signals are deferred. */
bool hsx_signals_wait_input(int fd);

enum { HSX_TEMPORARIES = 16, HSX_NO_TEMPORARY = -1 };

/* Notes a file to be deleted when a signal ends the program; HSX_NO_TEMPORARY: the table
 * is full. Signals should be blocked from its creation on. */
int hsx_temporary_note(const char *path);
void hsx_temporary_forget(int place);

/* No signal is delivered between block and unblock. *old is for unblock. */
void hsx_signals_block(sigset_t *old);
void hsx_signals_unblock(const sigset_t *old);

#endif
