// SPDX-License-Identifier: Apache-2.0
#include "port.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/serial.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const struct {
    unsigned baud;
    speed_t code;
} speeds[] = {
    {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
    {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
    {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
    {1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000},
    {3500000, B3500000}, {4000000, B4000000},
};

static bool speed_of(unsigned baud, speed_t *code)
{
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        if (speeds[i].baud == baud) {
            *code = speeds[i].code;
            return true;
        }
    }
    return false;
}

bool port_has_baud(unsigned baud)
{
    speed_t code;

    return speed_of(baud, &code);
}

/* Without HUPCL: it would reset boards whose reset is wired to DTR at each close. */
static bool set_raw(const struct port *port)
{
    struct termios mode;
    speed_t speed;

    if (tcgetattr(port->fd, &mode) != 0 || !speed_of(port->baud, &speed)) {
        return false;
    }
    cfmakeraw(&mode);
    mode.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS | HUPCL);
    mode.c_cflag |= CLOCAL | CREAD;
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    return cfsetispeed(&mode, speed) == 0 && cfsetospeed(&mode, speed) == 0 &&
           tcsetattr(port->fd, TCSANOW, &mode) == 0;
}

/* Some adapters delay short replies by 16 ms, in case more follows, unless this is switched
 * off. Others do not have this setting. */
static void want_replies_at_once(const struct port *port)
{
    struct serial_struct settings;

    if (ioctl(port->fd, TIOCGSERIAL, &settings) == 0) {
        settings.flags |= ASYNC_LOW_LATENCY;
        ioctl(port->fd, TIOCSSERIAL, &settings);
    }
}

const char *port_open(struct port *port)
{
    const char *why = NULL;

    port->fd = open(port->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port->fd < 0) {
        return strerror(errno);
    }
    if (!isatty(port->fd)) {
        why = "not a terminal device";
    } else if (flock(port->fd, LOCK_EX | LOCK_NB) != 0) {
        why = "another program uses it";
    } else if (!set_raw(port)) {
        why = "it cannot be set to this speed";
    }
    if (why) {
        port_close(port);
    } else {
        want_replies_at_once(port);
        port_drop_input(port);
    }
    return why;
}

void port_close(struct port *port)
{
    if (port->fd >= 0) {
        close(port->fd);
    }
    port->fd = -1;
}

void port_drop_input(struct port *port)
{
    if (port->fd >= 0) {
        tcflush(port->fd, TCIFLUSH);
    }
}

uint64_t port_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static enum port_status gone(struct port *port)
{
    port_close(port);
    return PORT_GONE;
}

/* Waits until the device can be read or written, depending on events. */
static enum port_status wait_for(struct port *port, short events, uint64_t deadline)
{
    for (;;) {
        struct pollfd wanted = {.fd = port->fd, .events = events};
        uint64_t now = port_clock();
        uint64_t left = deadline > now ? deadline - now : 0;
        int found = poll(&wanted, 1, left < INT_MAX ? (int)left : INT_MAX);

        if (found < 0 && errno != EINTR) {
            return gone(port);
        }
        if (found > 0 && (wanted.revents & events) != 0) {
            return PORT_OK;
        }
        if (found > 0) { /* POLLHUP, POLLERR or POLLNVAL alone */
            return gone(port);
        }
        if (found == 0 && left == 0) {
            return PORT_LATE;
        }
    }
}

static bool again(void)
{
    return errno == EAGAIN || errno == EINTR;
}

enum port_status port_write(struct port *port, const uint8_t *bytes, size_t size, uint64_t deadline)
{
    if (port->fd < 0) {
        return PORT_GONE;
    }
    while (size > 0) {
        enum port_status status = wait_for(port, POLLOUT, deadline);

        if (status != PORT_OK) {
            return status;
        }
        ssize_t written = write(port->fd, bytes, size);

        if (written < 0 && !again()) {
            return gone(port);
        }
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return PORT_OK;
}

enum port_status port_read(struct port *port, uint8_t *bytes, size_t room, size_t *count,
                           uint64_t deadline)
{
    *count = 0;
    if (port->fd < 0) {
        return PORT_GONE;
    }
    for (;;) {
        enum port_status status = wait_for(port, POLLIN, deadline);

        if (status != PORT_OK) {
            return status;
        }
        ssize_t got = read(port->fd, bytes, room);

        if (got > 0) {
            *count = (size_t)got;
            return PORT_OK;
        }
        if (got == 0 || !again()) { /* raw and ready, but no data: the line has hung up */
            return gone(port);
        }
    }
}
