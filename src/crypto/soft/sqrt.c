/* SPDX-License-Identifier: Apache-2.0 */
/* sqrt - square roots modulo a prime, of public numbers: the time depends on them. */
#include "mod.h"

/* r = a^e, e of n limbs. */
static void
power(const struct mod *f, limb *r, const limb *a, const limb *e)
{
    uint8_t bytes[YF_LIMBS * sizeof(limb)];
    size_t size = f->n * sizeof(limb);

    yf_limbs_put(bytes, size, e, f->n);
    yf_mod_exp(f, r, a, bytes, size);
}

static void
copy(limb *r, const limb *a, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        r[i] = a[i];
}

static void
halve(limb *a, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        a[i] = a[i] >> 1 | (i + 1 < n ? a[i + 1] << (YF_LIMB_BITS - 1) : 0);
}

/* Euler: z^((m - 1) / 2) is 1 for a square. */
static bool
is_square(const struct mod *f, const limb *z)
{
    limb e[YF_LIMBS], one[YF_LIMBS];

    copy(e, f->m, f->n);
    halve(e, f->n);
    power(f, e, z, e);
    yf_mod_one(f, one);
    return yf_limbs_equal(e, one, f->n);
}

/* 2, 3, 4, ... until it is not a square; false if m cannot be a prime. */
static bool
non_square(const struct mod *f, limb *z)
{
    limb one[YF_LIMBS];

    yf_mod_one(f, one);
    copy(z, one, f->n);
    for (unsigned tries = 0; tries < 256; tries++) {
        yf_mod_add(f, z, z, one);
        if (!is_square(f, z))
            return true;
    }
    return false;
}

/* How often x must be squared to become 1, if less than `most`. */
static unsigned
order_log2(const struct mod *f, const limb *x, unsigned most)
{
    limb t[YF_LIMBS], one[YF_LIMBS];
    unsigned i = 0;

    yf_mod_one(f, one);
    copy(t, x, f->n);
    for (; i < most && !yf_limbs_equal(t, one, f->n); i++)
        yf_mod_mul(f, t, t, t);
    return i;
}

/*
 * Tonelli and Shanks: m - 1 = 2^s q, q odd. r^2 = a t holds all along, and the order
 * of t, a power of two, shrinks until t is 1. For s = 1 that is so at once.
 */
bool
yf_mod_sqrt(const struct mod *f, limb *r, const limb *a)
{
    limb q[YF_LIMBS] = { 0 }, c[YF_LIMBS], t[YF_LIMBS], x[YF_LIMBS];
    unsigned s = 0;

    copy(q, f->m, f->n);
    for (q[0] ^= 1; !(q[0] & 1); s++)
        halve(q, f->n);
    if (s == 1)
        copy(c, a, f->n);
    else if (!non_square(f, c))
        return false;
    power(f, c, c, q);
    power(f, t, a, q);
    halve(q, f->n);
    power(f, x, a, q);
    yf_mod_mul(f, x, x, a); // a^((q + 1) / 2)
    while (s) {
        unsigned order = order_log2(f, t, s);
        if (order == 0)
            break;
        if (order == s)
            return false;
        for (; s > order + 1; s--)
            yf_mod_mul(f, c, c, c);
        yf_mod_mul(f, x, x, c);
        yf_mod_mul(f, c, c, c);
        yf_mod_mul(f, t, t, c);
        s = order;
    }
    copy(r, x, f->n);
    return true;
}
