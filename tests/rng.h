/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rng - random sources for tests: bytes written down beforehand, bytes from a
 * seed, and one that is broken.
 *
 *     struct rng_said s = { YF_SPAN(k) };        struct rnd s = { 1 };
 *     yf_rng r = rng_said(&s);                   yf_rng r = rng_seeded(&s);
 */
#ifndef YUFU_TESTS_RNG_H
#define YUFU_TESTS_RNG_H

#include "rnd.h"

#include <yufu/crypto/rng.h>

#include <string.h>

/* Gives what was said, front to back, then YF_E_IO. */
struct rng_said {
    yf_span left;
};

static inline yf_err
rng_say(void *state, uint8_t *out, size_t n)
{
    struct rng_said *s = state;

    if (n > s->left.n)
        return YF_E_IO;
    memcpy(out, s->left.p, n);
    s->left.p += n;
    s->left.n -= n;
    return YF_OK;
}

static inline yf_rng
rng_said(struct rng_said *s)
{
    return (yf_rng){ rng_say, s };
}

/* The same seed, the same bytes. */
static inline yf_err
rng_seeded_fill(void *state, uint8_t *out, size_t n)
{
    rnd_fill(state, out, n);
    return YF_OK;
}

static inline yf_rng
rng_seeded(struct rnd *r)
{
    return (yf_rng){ rng_seeded_fill, r };
}

/* The same byte for ever; with a NULL state it fails with YF_E_IO. */
static inline yf_err
rng_stuck_fill(void *state, uint8_t *out, size_t n)
{
    if (!state)
        return YF_E_IO;
    memset(out, *(const uint8_t *)state, n);
    return YF_OK;
}

static inline yf_rng
rng_stuck(uint8_t *byte)
{
    return (yf_rng){ rng_stuck_fill, byte };
}

#endif
