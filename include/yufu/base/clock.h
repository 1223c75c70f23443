/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock - how much time has passed (hosted). Not what time it is: this clock is
 * never set, so its differences are true whatever an operator does to the date.
 */
#ifndef YUFU_BASE_CLOCK_H
#define YUFU_BASE_CLOCK_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nanoseconds since some moment before the start of the process. */
YF_API uint64_t yf_clock_ns(void);

#ifdef __cplusplus
}
#endif

#endif
