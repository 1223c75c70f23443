/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board - what a program on the board has: a serial line to say something on,
 * a stack whose depth can be read afterwards, and an end.
 *
 * The board is Arm's MPS2 with a Cortex-M4 (AN386), as qemu emulates it. What
 * runs there shows that the code is right on that core; it says nothing about
 * time.
 */
#ifndef YUFU_FIRMWARE_BOARD_H
#define YUFU_FIRMWARE_BOARD_H

#include <yufu/base.h>

/* Called before main. */
void board_open(void);

void board_say(const char *text);
void board_say_number(uint32_t n);

/* Bytes of stack that were in use at the deepest moment since reset. */
uint32_t board_stack_used(void);

/* Ends the emulation; its exit status is 0 if all went well. */
YF_NORETURN void board_exit(bool well);

#endif
