/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rng - where random bytes come from: a function and its state.
 *
 * Engines take one of these and never ask the system themselves. On a host the
 * rim builds it from the system's generator (yf_rng_system, host.h); a card
 * builds it from its entropy source through a DRBG (drbg.h); a test builds a
 * deterministic one. It must fill all n bytes or fail; a failure is never
 * papered over.
 */
#ifndef YUFU_CRYPTO_RNG_H
#define YUFU_CRYPTO_RNG_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_rng {
    yf_err (*fill)(void *state, uint8_t *out, size_t n);
    void *state; // owned by whoever made it; outlives every use
} yf_rng;

static inline YF_MUST yf_err
yf_rng_fill(const yf_rng *r, uint8_t *out, size_t n)
{
    return r->fill(r->state, out, n);
}

#ifdef __cplusplus
}
#endif

#endif
