/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff - ours and a peer's answer to the same random questions.
 *
 *     YF_SEED=17 YF_TIMES=1000000 build/tests/diff/diff_crypto_symmetric
 *
 * Each primitive is asked YF_TIMES times, 10,000 by default. The seed is printed,
 * and is the same every time unless YF_SEED says another.
 */
#ifndef YUFU_TESTS_DIFF_H
#define YUFU_TESTS_DIFF_H

#include "../rnd.h"
#include "../t.h"

#include <stdlib.h>

static inline uint64_t
diff_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 0) : otherwise;
}

/* Random numbers of a test of their own: which keeps tests apart when one is changed. */
static inline struct rnd
diff_start(uint64_t test)
{
    uint64_t seed = diff_number("YF_SEED", 20250101);

    printf("# seed %llu\n", (unsigned long long)seed);
    return (struct rnd){ seed ^ test << 56 };
}

static inline size_t
diff_times(void)
{
    return (size_t)diff_number("YF_TIMES", 10000);
}

#endif
