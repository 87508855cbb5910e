// SPDX-License-Identifier: Apache-2.0
// The far end of a UART, clock by clock: eight bits, no parity, one stop bit.
#ifndef HSX_BOARD_UART_H
#define HSX_BOARD_UART_H

#include <cstdint>
#include <deque>
#include <vector>

// Bytes to the level of a line, one bit per `divider` clocks.
class UartSender
{
    unsigned divider;
    unsigned frame = 1; // the rest of start bit, data and stop bit, followed by a one
    unsigned clocks = 0;

  public:
    std::deque<uint8_t> bytes;

    explicit UartSender(unsigned clocks_a_bit) : divider(clocks_a_bit)
    {
    }

    bool busy() const
    {
        return frame != 1 || !bytes.empty();
    }

    bool level()
    {
        if (frame == 1) {
            if (bytes.empty())
                return true;
            frame = (1u << 10 | 1u << 9 | bytes.front() * 2u);
            bytes.pop_front();
            clocks = 0;
        }
        bool bit = frame & 1;
        if (++clocks == divider) {
            frame >>= 1;
            clocks = 0;
        }
        return bit;
    }
};

// The level of a line to bytes, sampled in the middle of each bit.
class UartReceiver
{
    unsigned divider;
    unsigned bits = 0; // still to come, including the stop bit
    unsigned clocks = 0;
    unsigned byte = 0;

  public:
    std::vector<uint8_t> bytes;

    explicit UartReceiver(unsigned clocks_a_bit) : divider(clocks_a_bit)
    {
    }

    bool busy() const
    {
        return bits != 0;
    }

    void level(bool bit)
    {
        if (bits == 0) {
            if (!bit) {
                bits = 10;
                clocks = divider / 2;
                byte = 0;
            }
            return;
        }
        if (--clocks != 0)
            return;
        clocks = divider;
        bits--;
        if (bits == 0 && bit)
            bytes.push_back(static_cast<uint8_t>(byte));
        else if (bits < 9)
            byte = byte >> 1 | (bit ? 0x80u : 0u);
    }
};

#endif
