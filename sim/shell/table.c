// SPDX-License-Identifier: Apache-2.0
/* The table of commands, from which help is generated. */
#include "shell.h"
#include <string.h>

#define ENTRY(name, usage, help)                                                                   \
    {                                                                                              \
#name, usage, help, run_##name, show_##name, false                                         \
    }
#define FILE_ENTRY(name, usage, help)                                                              \
    {                                                                                              \
#name, usage, help, run_##name, show_##name, true                                          \
    }

static const struct command commands[] = {
    FILE_ENTRY(
        load, "load FILE [stack BYTES] [slice N]",
        "Load an image as a new READY task. BYTES, a multiple of 4, is the size of its stack, "
        "N the instructions of a turn."),
    FILE_ENTRY(reload, "reload PID",
               "Kill a task and load its file again, as a task with a new number. If the file is "
               "refused, the task stays."),
    ENTRY(ps, "ps", "List the tasks, including ended ones until they are reaped."),
    ENTRY(info, "info [PID]", "Show the machine, or a task with its arenas."),
    ENTRY(clock, "clock step [N] [-p PID] | clock run [until EVENT] | clock status [cycles]",
          "step: run N instructions (1) in total, task by task; with -p only those of one task, "
          "each as if it had been first in the queue, until it waits. run: run until nothing is "
          "left to run, a BRK, a breakpoint or a watchpoint; EVENT is brk, end (of a task), "
          "fault, svc (one is completed) or tick. status: steps, events, time and the queue; "
          "cycles differ between targets and are shown on request."),
    ENTRY(step, "step [N] [-p PID] | step line [PID]",
          "The same as clock step. line: run until a task, the one whose turn is next or PID, "
          "reaches another line of its source; other tasks run in the meantime."),
    ENTRY(continue, "continue", "The same as clock run."),
    ENTRY(next, "next [PID]",
          "Run until a task, the one whose turn is next or PID, has executed its next instruction, "
          "a CALL with all that it calls. Other tasks run in the meantime."),
    ENTRY(finish, "finish [PID]",
          "Run until a task, the one whose turn is next or PID, has returned from the function "
          "that it is in."),
    ENTRY(sched, "sched stats [LIMIT] | sched PID slice N",
          "stats: the counters of each task, then the newest LIMIT (16) events of the trace "
          "ring. slice: let a task run N instructions per turn."),
    FILE_ENTRY(list, "list [PID] [ADDR]",
               "Show the lines of the source around the next instruction of a task, the one whose "
               "turn is next or PID, or around that of ADDR, which may be a name or FILE:LINE. > "
               "marks the next line."),
    ENTRY(vars, "vars [PID]",
          "Show the variables of the function that a task is in, the one whose turn is next or "
          "PID, and where they are. The program must be compiled with -g."),
    ENTRY(dumpregs, "dumpregs PID", "Show the registers of a task in its window."),
    ENTRY(peek, "peek ADDR [LEN] [-p PID]",
          "Show LEN (16) bytes of data memory; with -p ADDR is an address as the task uses it."),
    ENTRY(poke, "poke ADDR BYTE... [-p PID] | poke PID Rn VALUE",
          "Write bytes to data memory, or a register of a task in its window."),
    ENTRY(disasm, "disasm PID [ADDR [COUNT]]",
          "Show COUNT (8) instructions of a task, from ADDR or its pc on. > is the next one, * "
          "a breakpoint."),
    ENTRY(stack, "stack PID",
          "Show the chain of calls: words on the stack that point after a CALL, at most as many as "
          "the task has open calls. Any value that looks like a return address is shown."),
    ENTRY(bp, "bp set [PID] ADDR [if VALUE RELATION N] | bp list | bp clear [N]",
          "Breakpoints: the machine stops before a task (without PID any) executes the instruction "
          "at ADDR in its code; with if, only when VALUE, a register or a word of memory as "
          "[ADDR], is ==, !=, <, <=, > or >= N, compared without a sign."),
    ENTRY(watch, "watch set PID Rn | watch set [PID] ADDR [LEN] | watch list | watch clear [N]",
          "Watchpoints: the machine stops after the instruction, trap completion or tick that "
          "changed a register, or one of LEN (4) bytes of data memory, and reports the cause."),
    ENTRY(mbox, "mbox [FILTER|rm NAME]",
          "List the mailboxes, or those whose name contains FILTER; or remove the app: or shared: "
          "one called NAME, even if it is in use."),
    ENTRY(listen, "listen [NAME [on|off]]",
          "Receive the messages of a mailbox, as a task would: others no longer get them, unless "
          "it is a fan-out mailbox. Without NAME, list what is listened to."),
    ENTRY(tap, "tap [NAME [on|off]]",
          "Get a copy of each message sent to a mailbox from now on. Without NAME, list the "
          "taps."),
    ENTRY(send, "send NAME TEXT [CHANNEL]",
          "Send a message to a mailbox, with sender 0. Put TEXT in quotes if it has blanks."),
    ENTRY(pause, "pause PID", "Take a task out of the queue; a waiting task when its wait ends."),
    ENTRY(resume, "resume PID", "Put a PAUSED task at the end of the queue."),
    ENTRY(kill, "kill PID", "End a task and free its memory."),
    FILE_ENTRY(trace, "trace on FILE | trace off",
               "Write every event to FILE as JSON Lines. The file appears when the trace ends."),
    FILE_ENTRY(save, "save FILE", "Write the whole machine to FILE."),
    FILE_ENTRY(restore, "restore FILE",
               "Restore a saved machine. Breakpoints and watchpoints stay."),
    ENTRY(help, "help [COMMAND]", "List the commands, or explain one."),
    ENTRY(quit, "quit", "Leave the shell."),
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

const struct command *shell_command(size_t index)
{
    return index < COMMANDS ? &commands[index] : NULL;
}

size_t shell_matches(const char *name)
{
    size_t matches = 0;

    for (size_t i = 0; i < COMMANDS; i++) {
        matches += strncmp(commands[i].name, name, strlen(name)) == 0;
    }
    return matches;
}

const struct command *shell_find(const char *name)
{
    static const struct {
        const char *name, *whole;
    } forms[] = {{"s", "step"}, {"c", "continue"}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(name, forms[i].name) == 0) {
            name = forms[i].whole;
        }
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    for (size_t i = 0; shell_matches(name) == 1 && i < COMMANDS; i++) {
        if (strncmp(commands[i].name, name, strlen(name)) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}
