// SPDX-License-Identifier: Apache-2.0
/* A RISC-V processor is the core's host: it runs a task that requests a sum, and prints it. */
#include "csr.h"
#include "host.h"
#include <hsx/host_map.h>

#define HSX 0x90000000u

static const uint32_t program[] = {
    0x01100014, /* LDI R1, 20 */
    0x01200016, /* LDI R2, 22 */
    0x30000242, /* SVC 0x242  */
    0x25000000, /* RET        */
};

static const struct hsx_context task = {
    .sp = 0xFFFC,
    .reg_base = HSX_WINDOW_START,
    .stack_limit = 0xF000,
    .stack_top = 0xFFFC,
    .code_len = sizeof program,
    .data_base = HSX_DATA_LINK,
    .slice = 1,
    .flags = HSX_CTX_PROTECT,
};

static volatile uint32_t *at(uint32_t addr)
{
    return (volatile uint32_t *)addr;
}

static uint32_t read_word(void *ctx, uint32_t addr)
{
    (void)ctx;
    return *at(HSX + addr);
}

static void write_word(void *ctx, uint32_t addr, uint32_t value)
{
    (void)ctx;
    *at(HSX + addr) = value;
}

static void say(const char *text)
{
    for (; *text != '\0'; text++) {
        while (*at(CSR_UART_TXFULL_ADDR) != 0) {
        }
        *at(CSR_UART_RXTX_ADDR) = (uint8_t)*text;
    }
}

int main(void)
{
    static const uint32_t zeros[HSX_REGISTERS];
    const struct hsx_host host = {NULL, read_word, write_word};
    uint8_t slot;

    hsx_host_wait(&host, &slot);
    hsx_host_load_code(&host, 0, program, sizeof program / sizeof program[0]);
    hsx_host_start(&host, 0, &task, zeros);
    hsx_host_go(&host, 0xFF);
    while (hsx_host_wait(&host, &slot) == HSX_STOP_SVC) {
        hsx_host_write_reg(&host, HSX_WINDOW_START, 0,
                           hsx_host_read_reg(&host, HSX_WINDOW_START, 1) +
                               hsx_host_read_reg(&host, HSX_WINDOW_START, 2));
        hsx_host_resume(&host, slot);
        hsx_host_go(&host, 0xFF);
    }
    say(hsx_host_read_reg(&host, HSX_WINDOW_START, 0) == 42 ? "PASS\n" : "FAIL\n");
    for (;;) {
    }
}
