/* SPDX-License-Identifier: Apache-2.0 */
/* The faults: a wrong answer, and an access that no chip survives. */
#include "../../../firmware/cortex-m/kat.h"

int
kat_run(void (*say)(const char *line))
{
    say("ok - right\n");
    say("not ok - wrong\n");
    return *(volatile int *)0xFFFFFFF0;
}
