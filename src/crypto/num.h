/* SPDX-License-Identifier: Apache-2.0 */
/*
 * num - the little that can be done with big-endian numbers without a group.
 * Constant time in their values; answers are 0 or 1.
 */
#ifndef YUFU_CRYPTO_NUM_H
#define YUFU_CRYPTO_NUM_H

#include <yufu/crypto/curve.h>

#include <string.h>

/* A number of at most size bytes, with zeros in front to make it size. */
static inline void
num_pad(yf_span in, uint8_t *r, size_t size)
{
    memset(r, 0, size - in.n);
    memcpy(r + size - in.n, in.p, in.n);
}

/* a < b, both n bytes. */
static inline uint8_t
num_below(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint32_t borrow = 0;

    while (n-- > 0)
        borrow = ((uint32_t)a[n] - b[n] - borrow) >> 31;
    return (uint8_t)borrow;
}

static inline uint8_t
num_zero(const uint8_t *a, size_t n)
{
    uint32_t any = 0;

    for (size_t i = 0; i < n; i++)
        any |= a[i];
    return (uint8_t)((any - 1) >> 31);
}

/* d in [1, n-2], the range of private keys that SM2 asks for (GB/T 32918.1 6.1). */
static inline uint8_t
num_private(const yf_curve *c, const uint8_t *d)
{
    uint8_t last[YF_FIELD_MAX];

    memcpy(last, c->n, c->size);
    last[c->size - 1] &= 0xFE; // n is odd: this is n-1
    return num_below(d, last, c->size) & (num_zero(d, c->size) ^ 1);
}

#endif
