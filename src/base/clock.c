/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/base/clock.h>

#include <time.h>

uint64_t
yf_clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}
