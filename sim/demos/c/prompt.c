// SPDX-License-Identifier: Apache-2.0
/* A task that reads commands from svc:stdio.in and answers on svc:stdio.out:
 *
 *   printf 'add 2 3\nquit\n' | hsx run --stdin prompt.hxe
 *
 * Commands: echo TEXT, add A B, count (the commands so far), quit. It ends at quit; its exit
 * status is the number of unknown commands. */
#include <hsx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STDIN = 1, LINE = 48 };

static void say(const char *text)
{
    while (hsx_fs_write(1, text, (uint32_t)strlen(text)) == 0) {
        hsx_sleep_ms(1);
    }
}

/* A message is a line, with or without its end. */
static void read_line(char *line)
{
    struct hsx_message message;

    line[0] = '\0';
    if (hsx_mbox_recv(STDIN, line, LINE - 1, HSX_WAIT_FOREVER, &message) == HSX_MBOX_OK) {
        line[message.length] = '\0';
        line[strcspn(line, "\r\n")] = '\0';
    }
}

static void add(const char *numbers)
{
    char *end;
    char answer[LINE];
    long a = strtol(numbers, &end, 10);
    long b = strtol(end, NULL, 10);

    snprintf(answer, sizeof answer, "%ld\n", a + b);
    say(answer);
}

int main(void)
{
    int count = 0;
    int unknown = 0;

    for (;;) {
        char line[LINE];
        char answer[LINE + 24];

        read_line(line);
        count++;
        if (strcmp(line, "quit") == 0) {
            return unknown;
        }
        if (strncmp(line, "echo ", 5) == 0) {
            snprintf(answer, sizeof answer, "%s\n", line + 5);
            say(answer);
        } else if (strncmp(line, "add ", 4) == 0) {
            add(line + 4);
        } else if (strcmp(line, "count") == 0) {
            snprintf(answer, sizeof answer, "%d\n", count);
            say(answer);
        } else {
            unknown++;
            snprintf(answer, sizeof answer, "no command: %s\n", line);
            say(answer);
        }
    }
}
