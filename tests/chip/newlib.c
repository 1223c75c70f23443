/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unit test on the board: its files, and what it prints, are those of the machine
 * that emulates the board, by Arm's semihosting, which newlib speaks.
 */
#include "../../firmware/cortex-m/board.h"

#include "providers.h"

#include <stdio.h>

void initialise_monitor_handles(void);

/* Tests want a second opinion; here it is the first once more. */
const yf_provider test_provider_openssl = { .name = "openssl" };
const yf_provider *const test_providers[] = { &yf_provider_soft, &yf_provider_soft, NULL };

void
board_open(void)
{
    initialise_monitor_handles();
    setvbuf(stdout, NULL, _IOLBF, 256);
    printf("# emulated: a Cortex-M4 of qemu's mps2-an386, no chip and no measure of time\n");
}
