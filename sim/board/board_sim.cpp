// SPDX-License-Identifier: Apache-2.0
// A board without a board: the whole system of fpga/soc, Verilated, with its UART on a pseudo-
// terminal.
#include "Vhsx_soc.h"
#include "pty.h"
#include "uart.h"
#include <argp.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <hsx/version.h>
#include <poll.h>
#include <unistd.h>
#include <verilated.h>

namespace
{

enum {
    CHUNK = 20 * HSX_BOARD_DIVIDER, // clocks between two polls of the pseudo-terminal
    QUIET = 2 * HSX_BOARD_TIMEOUT,  // clocks of a silent line before the simulation slows down
    NAP = 5,                        // milliseconds between two chunks then
    RESET_CLOCKS = 4
};

volatile sig_atomic_t stop_signal;
volatile sig_atomic_t button;

void on_stop(int signal)
{
    stop_signal = signal;
}

void on_button(int)
{
    button = 1;
}

class Board
{
    VerilatedContext context;
    Vhsx_soc top{&context};
    UartSender sender{HSX_BOARD_DIVIDER};
    UartReceiver receiver{HSX_BOARD_DIVIDER};
    unsigned quiet = 0;
    unsigned shown = 0;

    void cycle()
    {
        top.clk = 0;
        top.eval();
        top.clk = 1;
        top.eval();
    }

  public:
    bool leds = false;

    Board()
    {
        top.uart_rx = 1;
        top.pins_in = 0;
        reset();
    }

    void reset()
    {
        top.rst = 1;
        for (int i = 0; i < RESET_CLOCKS; i++)
            cycle();
        top.rst = 0;
    }

    bool is_quiet() const
    {
        return quiet >= QUIET;
    }

    void receive(const uint8_t *bytes, size_t count)
    {
        sender.bytes.insert(sender.bytes.end(), bytes, bytes + count);
        quiet = 0;
    }

    // True: it has sent something, for take_sent.
    bool run()
    {
        for (unsigned i = 0; i < CHUNK; i++) {
            top.uart_rx = sender.level();
            cycle();
            receiver.level(top.uart_tx);
        }
        quiet = sender.busy() || receiver.busy() ? 0 : quiet + CHUNK;
        if (leds && top.leds != shown) {
            shown = top.leds;
            printf("leds %02X\n", shown);
            fflush(stdout);
        }
        return !receiver.bytes.empty();
    }

    void take_sent(std::vector<uint8_t> &bytes)
    {
        bytes.swap(receiver.bytes);
        receiver.bytes.clear();
    }
};

struct Request {
    const char *link;
    bool leds;
};

error_t parse(int key, char *arg, argp_state *state)
{
    Request *request = static_cast<Request *>(state->input);

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

const argp_option options[] = {
    {"link", 'l', "FILE", 0, "Make FILE a symbolic link to the pseudo-terminal", 0},
    {"leds", 'L', nullptr, 0, "Print the LEDs whenever they change", 0},
    {"version", 'V', nullptr, 0, "Print the version", 0},
    {nullptr, 0, nullptr, 0, nullptr, 0},
};

// A line without a reader at the other end loses what is sent.
void send(int master, const std::vector<uint8_t> &bytes)
{
    size_t done = 0;

    while (done < bytes.size()) {
        ssize_t n = write(master, bytes.data() + done, bytes.size() - done);

        if (n < 0 && errno == EAGAIN) {
            pollfd room = {master, POLLOUT, 0};

            if (poll(&room, 1, 1000) == 0)
                return;
        } else if (n < 0 && errno != EINTR) {
            return;
        }
        done += n > 0 ? static_cast<size_t>(n) : 0;
    }
}

void serve(Board &board, int master)
{
    std::vector<uint8_t> sent;

    while (!stop_signal) {
        pollfd line = {master, POLLIN, 0};
        uint8_t bytes[4096];

        if (poll(&line, 1, board.is_quiet() ? NAP : 0) > 0) {
            ssize_t n = read(master, bytes, sizeof bytes);

            if (n > 0)
                board.receive(bytes, static_cast<size_t>(n));
        }
        if (button) {
            button = 0;
            board.reset();
        }
        if (board.run()) {
            board.take_sent(sent);
            send(master, sent);
            sent.clear();
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    const argp command = {options,
                          parse,
                          nullptr,
                          "Simulate the system of fpga/soc, clock by clock, with its UART on a "
                          "pseudo-terminal, whose name is printed."
                          "\vAnother terminal's 'hsx run --target serial:NAME' then takes it for a "
                          "board. SIGUSR1 is its reset button; SIGINT and SIGTERM end it.",
                          nullptr,
                          nullptr,
                          nullptr};
    Request request = {nullptr, false};
    struct sigaction action = {};
    pty line;

    if (argp_parse(&command, argc, argv, 0, nullptr, &request) != 0)
        return 1;
    action.sa_handler = on_stop;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    action.sa_handler = on_button;
    sigaction(SIGUSR1, &action, nullptr);
    if (pty_open(&line, request.link) != 0) {
        fprintf(stderr, "hsx-board-sim: %s: %s\n", request.link ? request.link : "pseudo-terminal",
                strerror(errno));
        return 1;
    }
    printf("%s\n", line.name);
    fflush(stdout);

    Board board;
    board.leds = request.leds;
    serve(board, line.master);
    pty_close(&line, request.link);
    return 0;
}
