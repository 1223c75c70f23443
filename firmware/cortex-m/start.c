/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From reset to main. The stack is painted first, so that afterwards the deepest
 * word that lost its paint tells how much of it was used.
 */
#include "board.h"

#include <string.h>

int main(void);
void reset(void);

/* Placed by the linker script. */
extern uint32_t stack_bottom[], stack_top[];
extern uint8_t data_start[], data_end[], data_image[], bss_start[], bss_end[];

enum { PAINT = 0x5A5A5A5A };

/* ARMv7-M B1.5.2, B1.5.3: the first word is the stack, then what to run. Every fault halts. */
__attribute__((section(".vectors"), used)) static const struct {
    const void *stack;
    void (*run[15])(void);
} vectors = {
    stack_top,
    { reset, yf_halt, yf_halt, yf_halt, yf_halt, yf_halt, yf_halt, yf_halt, yf_halt, yf_halt,
      yf_halt, yf_halt, yf_halt, yf_halt, yf_halt },
};

/* What else has to be there before main; a program may have its own. */
__attribute__((weak)) void
board_open(void)
{
}

void
reset(void)
{
    for (volatile uint32_t *p = stack_bottom; p < (uint32_t *)__builtin_frame_address(0) - 16; p++)
        *p = PAINT;
    memcpy(data_start, data_image, (size_t)(data_end - data_start));
    memset(bss_start, 0, (size_t)(bss_end - bss_start));
    board_open();
    board_exit(main() == 0);
}

uint32_t
board_stack_used(void)
{
    const uint32_t *p = stack_bottom;

    while (p < stack_top && *p == PAINT)
        p++;
    return (uint32_t)((uintptr_t)stack_top - (uintptr_t)p);
}
