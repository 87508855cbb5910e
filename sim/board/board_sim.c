// SPDX-License-Identifier: Apache-2.0
/* A board without a board: the whole system of fpga/soc, Verilated, with its UART on a pseudo-
 * terminal. */
#include "design.h"
#include "pty.h"
#include "uart.h"
#include <argp.h>
#include <errno.h>
#include <files.h>
#include <hsx/version.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BYTE_CLOCKS = 10 * HSX_BOARD_DIVIDER,
    CHUNK = 2 * BYTE_CLOCKS,       /* clocks between two polls of the pseudo-terminal */
    QUIET = 2 * HSX_BOARD_TIMEOUT, /* clocks of a silent line before the simulation slows down */
    NAP = 5,                       /* milliseconds between two chunks then */
    RESET_CLOCKS = 4
};

static volatile sig_atomic_t stop_signal;
static volatile sig_atomic_t button;

static void on_stop(int signal)
{
    stop_signal = signal;
}

static void on_button(int signal)
{
    (void)signal;
    button = 1;
}

struct board {
    struct design *design;
    struct uart_sender sender;
    struct uart_receiver receiver;
    uint8_t incoming[4096]; /* the sender's */
    uint8_t sent[CHUNK / BYTE_CLOCKS + 1];
    size_t sent_count;
    unsigned quiet; /* clocks since a byte was on its way */
    bool shows_leds;
    unsigned leds; /* as shown last */
};

static void reset(struct board *b)
{
    for (int i = 0; i < RESET_CLOCKS; i++) {
        design_clock(b->design, true, true);
    }
}

static void run_chunk(struct board *b)
{
    for (unsigned i = 0; i < CHUNK; i++) {
        design_clock(b->design, false, uart_sender_level(&b->sender));
        if (uart_receiver_level(&b->receiver, design_uart_tx(b->design), &b->sent[b->sent_count])) {
            b->sent_count++;
        }
    }
    if (uart_sender_busy(&b->sender) || uart_receiver_busy(&b->receiver)) {
        b->quiet = 0;
    } else if (b->quiet < QUIET) {
        b->quiet += CHUNK;
    }
    if (b->shows_leds && design_leds(b->design) != b->leds) {
        b->leds = design_leds(b->design);
        printf("leds %02X\n", b->leds);
        fflush(stdout);
    }
}

/* Bytes of the line, once those before are under way; the terminal keeps the rest. */
static void receive(struct board *b, int master)
{
    struct pollfd line = {master, POLLIN, 0};
    ssize_t n;

    if (b->sender.begun != b->sender.count || poll(&line, 1, b->quiet < QUIET ? 0 : NAP) <= 0) {
        return;
    }
    n = read(master, b->incoming, sizeof b->incoming);
    if (n > 0) {
        b->sender.bytes = b->incoming;
        b->sender.count = (size_t)n;
        b->sender.begun = 0;
        b->quiet = 0;
    }
}

/* A line without a reader at the other end loses what is sent. */
static void send(struct board *b, int master)
{
    size_t done = 0;
    size_t count = b->sent_count;

    b->sent_count = 0;
    while (done < count) {
        ssize_t n = write(master, b->sent + done, count - done);

        if (n < 0 && errno == EAGAIN) {
            struct pollfd room = {master, POLLOUT, 0};

            if (poll(&room, 1, 1000) == 0) {
                return;
            }
        } else if (n < 0 && errno != EINTR) {
            return;
        }
        done += n > 0 ? (size_t)n : 0;
    }
}

static void serve(struct board *b, int master)
{
    while (!stop_signal) {
        receive(b, master);
        if (button) {
            button = 0;
            reset(b);
        }
        run_chunk(b);
        send(b, master);
    }
}

struct request {
    const char *link;
    bool leds;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'l':
        request->link = arg;
        return 0;
    case 'L':
        request->leds = true;
        return 0;
    case 'V':
        printf("hsx-board-sim %s\n", hsx_version());
        exit(0);
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is not expected", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"link", 'l', "FILE", 0, "Make FILE a symbolic link to the pseudo-terminal", 0},
    {"leds", 'L', NULL, 0, "Print the LEDs whenever they change", 0},
    {"version", 'V', NULL, 0, "Print the version", 0},
    {0},
};

static const struct argp command = {
    .options = options,
    .parser = parse,
    .doc = "Simulate the system of fpga/soc, clock by clock, with its UART on a pseudo-terminal, "
           "whose name is printed."
           "\vAnother terminal's 'hsx run --target serial:NAME' then takes it for a board. SIGUSR1 "
           "is its reset button; SIGINT and SIGTERM end it.",
};

static void check_stdout(void)
{
    if (!hsx_stdout_written("hsx-board-sim")) {
        _exit(1);
    }
}

int main(int argc, char **argv)
{
    struct request request = {0};
    struct sigaction action = {0};
    struct board board = {.sender.divider = HSX_BOARD_DIVIDER,
                          .receiver.divider = HSX_BOARD_DIVIDER};
    struct pty line;

    argp_err_exit_status = 2;
    if (atexit(check_stdout) != 0 || argp_parse(&command, argc, argv, 0, NULL, &request) != 0) {
        fputs("hsx-board-sim: out of memory\n", stderr);
        return 1;
    }
    action.sa_handler = on_stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = on_button;
    sigaction(SIGUSR1, &action, NULL);
    board.shows_leds = request.leds;
    board.design = design_create();
    if (!board.design) {
        fputs("hsx-board-sim: no memory\n", stderr);
        return 1;
    }
    if (pty_open(&line, request.link) != 0) {
        fprintf(stderr, "hsx-board-sim: %s: %s\n", request.link ? request.link : "pseudo-terminal",
                strerror(errno));
        design_destroy(board.design);
        return 1;
    }
    printf("%s\n", line.name);
    if (fflush(stdout) == 0) { /* else check_stdout says why */
        reset(&board);
        serve(&board, line.master);
    }
    pty_close(&line, request.link);
    design_destroy(board.design);
    return 0;
}
