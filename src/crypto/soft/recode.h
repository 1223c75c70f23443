/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recode - scalars written in digits that are never zero.
 *
 * Every odd number below 2^L in size is a sum of L terms s_i 2^i with s_i = 1 or -1:
 * with bits c_i = (s_i + 1) / 2, that is 2 c - (2^L - 1). So a scalar k, or k - n if
 * k is even, has a window of size w at any place whose value is odd, 2 u - (2^w - 1)
 * for the bits u found there: no addition in a ladder is ever one of nothing.
 */
#ifndef YUFU_CRYPTO_SOFT_RECODE_H
#define YUFU_CRYPTO_SOFT_RECODE_H

#include "mod.h"

/* The bits c of k in [1, n-1] or of k - n, for L = n->bits. Constant time. */
static inline void
recode(const struct mod *n, limb *c, const limb *k)
{
    const unsigned top = n->bits - 1;
    const limb even = limb_mask(~k[0] & 1);
    limb_carry borrow = 0, carry = 0;

    for (unsigned i = 0; i < n->n; i++)
        c[i] = limb_sub(k[i], n->m[i] & even, &borrow);
    for (unsigned i = 0; i < n->n; i++) // the number is odd: its half, rounded down
        c[i] = c[i] >> 1 | (i + 1 < n->n ? c[i + 1] : even) << (YF_LIMB_BITS - 1);
    for (unsigned i = top / YF_LIMB_BITS; i < n->n; i++)
        c[i] = limb_add(c[i], i == top / YF_LIMB_BITS ? (limb)1 << top % YF_LIMB_BITS : 0, &carry);
}

/* `size` bits of a, from bit `at` on; what lies beyond n limbs is zero. */
static inline unsigned
bits_at(const limb *a, unsigned n, unsigned at, unsigned size)
{
    unsigned i = at / YF_LIMB_BITS, shift = at % YF_LIMB_BITS;
    limb w = i < n ? a[i] >> shift : 0;

    if (shift + size > YF_LIMB_BITS && i + 1 < n)
        w |= a[i + 1] << (YF_LIMB_BITS - shift);
    return (unsigned)w & ((1u << size) - 1);
}

/*
 * A digit 2 u - (2^size - 1) is plus or minus the entry `index` of a table of odd
 * multiples 1, 3, 5, ...
 */
struct digit {
    limb index, minus; // minus is a mask
};

static inline struct digit
digit_of(unsigned u, unsigned size)
{
    const limb low = ((limb)1 << (size - 1)) - 1;
    const limb minus = limb_mask(~((limb)u >> (size - 1)) & 1);

    return (struct digit){ .index = (u ^ minus) & low, .minus = minus };
}

#endif
