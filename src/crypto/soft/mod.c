/* SPDX-License-Identifier: Apache-2.0 */
#include "mod.h"

#include <yufu/base.h>

/*
 * The inner functions take the number of limbs as their last argument. With
 * 64-bit limbs each is compiled once a size, unrolled; with 32-bit limbs, where
 * code is dearer than time, once for all.
 */
#define INNER static inline __attribute__((always_inline))

#if YF_LIMB_BITS == 64
#define SIZED(n, inner, ...)                                                                       \
    switch (n) {                                                                                   \
    case 4:                                                                                        \
        inner(__VA_ARGS__, 4);                                                                     \
        break;                                                                                     \
    case 5:                                                                                        \
        inner(__VA_ARGS__, 5);                                                                     \
        break;                                                                                     \
    case 6:                                                                                        \
        inner(__VA_ARGS__, 6);                                                                     \
        break;                                                                                     \
    case 8:                                                                                        \
        inner(__VA_ARGS__, 8);                                                                     \
        break;                                                                                     \
    default:                                                                                       \
        inner(__VA_ARGS__, 9);                                                                     \
    }
#else
#define SIZED(n, inner, ...) inner(__VA_ARGS__, n)
#endif

unsigned
yf_limbs(size_t bytes)
{
    unsigned n = (unsigned)((bytes + sizeof(limb) - 1) / sizeof(limb));

#if YF_LIMB_BITS == 64
    if (n < 4)
        n = 4;
    if (n == 7)
        n = 8;
#endif
    return n;
}

/* ---- arrays of limbs ---- */

void
yf_limbs_get(limb *r, unsigned n, const uint8_t *bytes, size_t size)
{
    for (unsigned i = 0; i < n; i++)
        r[i] = 0;
    for (size_t i = 0; i < size && i < n * sizeof(limb); i++)
        r[i / sizeof(limb)] |= (limb)bytes[size - 1 - i] << 8 * (i % sizeof(limb));
}

void
yf_limbs_put(uint8_t *bytes, size_t size, const limb *a, unsigned n)
{
    for (size_t i = 0; i < size; i++)
        bytes[size - 1 - i] =
            (uint8_t)(i < n * sizeof(limb) ? a[i / sizeof(limb)] >> 8 * (i % sizeof(limb)) : 0);
}

void
yf_limbs_take(limb *r, limb mask, const limb *a, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        r[i] = limb_select(mask, a[i], r[i]);
}

limb
yf_limbs_zero(const limb *a, unsigned n)
{
    limb any = 0;

    for (unsigned i = 0; i < n; i++)
        any |= a[i];
    return limb_is_zero(any);
}

limb
yf_limbs_equal(const limb *a, const limb *b, unsigned n)
{
    limb any = 0;

    for (unsigned i = 0; i < n; i++)
        any |= a[i] ^ b[i];
    return limb_is_zero(any);
}

limb
yf_limbs_below(const limb *a, const limb *b, unsigned n)
{
    limb_carry borrow = 0;

    for (unsigned i = 0; i < n; i++)
        (void)limb_sub(a[i], b[i], &borrow);
    return limb_mask(borrow);
}

/* ---- sums and products ---- */

/* r = t or t - m, whichever is below m; t < 2m has one bit more, in high. */
INNER void
shrink(limb *r, const limb *t, limb high, const limb *m, unsigned n)
{
    limb u[YF_LIMBS];
    limb_carry borrow = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++)
        u[i] = limb_sub(t[i], m[i], &borrow);
    limb keep = limb_mask(high ^ borrow);
    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++)
        r[i] = limb_select(keep, t[i], u[i]);
}

INNER void
add(limb *r, const limb *a, const limb *b, const limb *m, unsigned n)
{
    limb t[YF_LIMBS];
    limb_carry carry = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++)
        t[i] = limb_add(a[i], b[i], &carry);
    shrink(r, t, carry, m, n);
}

INNER void
sub(limb *r, const limb *a, const limb *b, const limb *m, unsigned n)
{
    limb t[YF_LIMBS];
    limb_carry borrow = 0, carry = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++)
        t[i] = limb_sub(a[i], b[i], &borrow);
    limb back = limb_mask(borrow);
    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++)
        r[i] = limb_add(t[i], m[i] & back, &carry);
}

INNER void
half(limb *r, const limb *a, const limb *m, unsigned n)
{
    limb t[YF_LIMBS], odd = limb_mask(a[0] & 1);
    limb_carry carry = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++)
        t[i] = limb_add(a[i], m[i] & odd, &carry);
    LIMB_UNROLL
    for (unsigned i = 0; i + 1 < n; i++)
        r[i] = t[i] >> 1 | t[i + 1] << (YF_LIMB_BITS - 1);
    r[n - 1] = t[n - 1] >> 1 | (limb)carry << (YF_LIMB_BITS - 1);
}

/* Montgomery's product, a limb of b at a time: t = (t + a b[i] + q m) / 2^YF_LIMB_BITS < 2m. */
INNER void
mul(limb *r, const limb *a, const limb *b, const limb *m, limb k, unsigned n)
{
    limb t[YF_LIMBS] = { 0 }, high = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < n; i++) {
        limb c = 0, d = 0;
        limb_carry carry = 0;
        LIMB_UNROLL
        for (unsigned j = 0; j < n; j++)
            t[j] = limb_mul(a[j], b[i], t[j], &c);
        limb q = t[0] * k;
        (void)limb_mul(q, m[0], t[0], &d);
        LIMB_UNROLL
        for (unsigned j = 1; j < n; j++)
            t[j - 1] = limb_mul(q, m[j], t[j], &d);
        c = limb_add(c, high, &carry);
        high = carry;
        carry = 0;
        t[n - 1] = limb_add(c, d, &carry);
        high += carry;
    }
    shrink(r, t, high, m, n);
}

void
yf_mod_add(const struct mod *f, limb *r, const limb *a, const limb *b)
{
    SIZED(f->n, add, r, a, b, f->m);
}

void
yf_mod_sub(const struct mod *f, limb *r, const limb *a, const limb *b)
{
    SIZED(f->n, sub, r, a, b, f->m);
}

void
yf_mod_half(const struct mod *f, limb *r, const limb *a)
{
    SIZED(f->n, half, r, a, f->m);
}

void
yf_mod_mul(const struct mod *f, limb *r, const limb *a, const limb *b)
{
    SIZED(f->n, mul, r, a, b, f->m, f->k);
}

/* ---- Montgomery form ---- */

/* -1/m modulo 2^YF_LIMB_BITS by Newton's iteration: each turn doubles the bits that are right. */
static limb
minus_inverse(limb m)
{
    limb x = m; // right to three bits

    for (unsigned right = 3; right < YF_LIMB_BITS; right *= 2)
        x *= 2 - m * x;
    return 0 - x;
}

struct mod
yf_mod_of(const limb *m, const limb *rr, unsigned n, unsigned bits)
{
    return (struct mod){ .m = m, .rr = rr, .k = minus_inverse(m[0]), .n = n, .bits = bits };
}

/*
 * From 2^(bits - 1) < m by doubling to R and on to 2 R, which is two in Montgomery
 * form; then two to the power of R's bits, by squaring and doubling.
 */
void
yf_mod_prepare(limb *rr, const limb *m, unsigned n, unsigned bits)
{
    struct mod f = yf_mod_of(m, NULL, n, bits);
    unsigned width = n * YF_LIMB_BITS, top = 1;

    for (unsigned i = 0; i < n; i++)
        rr[i] = 0;
    rr[(bits - 1) / YF_LIMB_BITS] = (limb)1 << (bits - 1) % YF_LIMB_BITS;
    for (unsigned i = bits - 1; i < width + 1; i++)
        yf_mod_add(&f, rr, rr, rr);
    while (top * 2 <= width)
        top *= 2;
    for (top /= 2; top; top /= 2) {
        yf_mod_mul(&f, rr, rr, rr);
        if (width & top)
            yf_mod_add(&f, rr, rr, rr);
    }
}

void
yf_mod_in(const struct mod *f, limb *r, const limb *a)
{
    yf_mod_mul(f, r, a, f->rr);
}

static void
unit(limb *r)
{
    for (unsigned i = 0; i < YF_LIMBS; i++)
        r[i] = i == 0;
}

void
yf_mod_out(const struct mod *f, limb *r, const limb *a)
{
    limb one[YF_LIMBS];

    unit(one);
    yf_mod_mul(f, r, a, one);
}

void
yf_mod_one(const struct mod *f, limb *r)
{
    limb one[YF_LIMBS];

    unit(one);
    yf_mod_in(f, r, one);
}

void
yf_mod_exp(const struct mod *f, limb *r, const limb *a, const uint8_t *e, size_t size)
{
    limb x[YF_LIMBS];

    yf_mod_one(f, x);
    for (size_t i = 0; i < 8 * size; i++) {
        yf_mod_mul(f, x, x, x);
        if (e[i / 8] >> (7 - i % 8) & 1)
            yf_mod_mul(f, x, x, a);
    }
    for (unsigned i = 0; i < f->n; i++)
        r[i] = x[i];
    yf_wipe(x, sizeof x);
}

/* Horner's rule in pieces of n limbs, the first of which may be shorter. */
void
yf_mod_reduce(const struct mod *f, limb *r, const uint8_t *bytes, size_t size)
{
    limb x[YF_LIMBS] = { 0 }, piece[YF_LIMBS];
    size_t whole = f->n * sizeof(limb), n = size;

    while (n > whole)
        n -= whole;
    for (; size; bytes += n, size -= n, n = whole) {
        yf_limbs_get(piece, f->n, bytes, n);
        yf_mod_in(f, piece, piece);
        yf_mod_in(f, x, x);
        yf_mod_add(f, x, x, piece);
    }
    yf_mod_out(f, r, x);
    yf_wipe(x, sizeof x);
    yf_wipe(piece, sizeof piece);
}
