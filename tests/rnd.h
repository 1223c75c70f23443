/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rnd - the same random bytes every time, for tests: SplitMix64 from a seed.
 */
#ifndef YUFU_TESTS_RND_H
#define YUFU_TESTS_RND_H

#include <stddef.h>
#include <stdint.h>

struct rnd {
    uint64_t state;
};

static inline uint64_t
rnd_u64(struct rnd *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

/* A number below n, n at least 1. */
static inline size_t
rnd_below(struct rnd *r, size_t n)
{
    return (size_t)(rnd_u64(r) % n);
}

static inline void
rnd_fill(struct rnd *r, uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)rnd_u64(r);
}

#endif
