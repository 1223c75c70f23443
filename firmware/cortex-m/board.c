/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

/* CMSDK APB UART 0, DDI 0479D 4.3 */
static volatile struct {
    uint32_t data, state, ctrl, interrupt, baud;
} *const uart = (void *)0x40004000;

enum { TX_FULL = 1, TX_ENABLE = 1 };

void
board_say(const char *text)
{
    uart->baud = 16;
    uart->ctrl = TX_ENABLE;
    for (; *text; text++) {
        while (uart->state & TX_FULL)
            ;
        uart->data = (uint8_t)*text;
    }
}

void
board_say_number(uint32_t n)
{
    char digits[11];
    char *p = &digits[10];

    *p = 0;
    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
    board_say(p);
}

/* Arm semihosting: SYS_EXIT with a reason, 0x20026 being the one that is no fault. */
YF_NORETURN void
board_exit(bool well)
{
    register uint32_t call __asm__("r0") = 0x18;
    register uint32_t reason __asm__("r1") = well ? 0x20026 : 0x20023;

    __asm__ volatile("bkpt 0xAB" : : "r"(call), "r"(reason) : "memory");
    for (;;)
        ;
}

YF_NORETURN void
yf_halt(void)
{
    board_say("Bail out! halted\n");
    board_exit(false);
}
