/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field256 - a field for jacobian.h: numbers modulo one 256-bit prime, in
 * Montgomery form with R = 2^256. Included once, by the file of a curve, which has
 * defined
 *
 *     static const limb P[N256];         the prime, with -1/P = 1 modulo a limb
 *     static inline void fold(limb *t);  t = (t + t[0] P) / 2^YF_LIMB_BITS, N256 limbs
 *
 * A prime that ends in all ones needs no multiplication to find the multiple of
 * it that clears the lowest limb, and one with few signed bits needs none to add it.
 */
enum { FE_LIMBS = N256 };

typedef struct fe {
    limb w[N256];
} fe;

/* r = t or t - P, whichever is below P; t < 2 P has one bit more, in high. */
static inline void
fe_shrink(fe *r, const limb *t, limb high)
{
    limb u[N256];
    limb_carry borrow = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        u[i] = limb_sub(t[i], P[i], &borrow);
    limb keep = limb_mask(high ^ borrow);
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        r->w[i] = limb_select(keep, t[i], u[i]);
}

static inline void
fe_add(const struct dom *c, fe *r, const fe *a, const fe *b)
{
    limb t[N256];
    limb_carry carry = 0;

    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        t[i] = limb_add(a->w[i], b->w[i], &carry);
    fe_shrink(r, t, carry);
}

static inline void
fe_sub(const struct dom *c, fe *r, const fe *a, const fe *b)
{
    limb t[N256];
    limb_carry borrow = 0, carry = 0;

    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        t[i] = limb_sub(a->w[i], b->w[i], &borrow);
    limb back = limb_mask(borrow);
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        r->w[i] = limb_add(t[i], P[i] & back, &carry);
}

static inline void
fe_half(const struct dom *c, fe *r, const fe *a)
{
    limb t[N256], odd = limb_mask(a->w[0] & 1);
    limb_carry carry = 0;

    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        t[i] = limb_add(a->w[i], P[i] & odd, &carry);
    LIMB_UNROLL
    for (unsigned i = 0; i + 1 < N256; i++)
        r->w[i] = t[i] >> 1 | t[i + 1] << (YF_LIMB_BITS - 1);
    r->w[N256 - 1] = t[N256 - 1] >> 1 | (limb)carry << (YF_LIMB_BITS - 1);
}

/* r = t / R; the low half folds to less than R, and with the high half to less than 2 P. */
static inline void
fe_fold(fe *r, limb *t)
{
    limb_carry carry = 0;

    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        fold(t);
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        t[i] = limb_add(t[i], t[N256 + i], &carry);
    fe_shrink(r, t, carry);
}

static void
fe_mul(const struct dom *c, fe *r, const fe *a, const fe *b)
{
    limb t[2 * N256] = { 0 };

    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++) {
        limb high = 0;
        LIMB_UNROLL_ROW
        for (unsigned j = 0; j < N256; j++)
            t[i + j] = limb_mul(a->w[j], b->w[i], t[i + j], &high);
        t[i + N256] = high;
    }
    fe_fold(r, t);
}

/* Twice the products of different limbs, and the squares of each. */
static void
fe_sqr(const struct dom *c, fe *r, const fe *a)
{
    limb t[2 * N256] = { 0 };
    limb_carry carry = 0;

    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i + 1 < N256; i++) {
        limb high = 0;
        LIMB_UNROLL
        for (unsigned j = i + 1; j < N256; j++)
            t[i + j] = limb_mul(a->w[j], a->w[i], t[i + j], &high);
        t[i + N256] = high;
    }
    LIMB_UNROLL
    for (unsigned i = 0; i < 2 * N256; i++)
        t[i] = limb_add(t[i], t[i], &carry);
    carry = 0;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++) {
        limb high = 0, low = limb_mul(a->w[i], a->w[i], 0, &high);
        t[2 * i] = limb_add(t[2 * i], low, &carry);
        t[2 * i + 1] = limb_add(t[2 * i + 1], high, &carry);
    }
    fe_fold(r, t);
}

/* r = mask ? a : r */
static inline void
fe_take(const struct dom *c, fe *r, limb mask, const fe *a)
{
    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        r->w[i] = limb_select(mask, a->w[i], r->w[i]);
}

static inline limb
fe_zero(const struct dom *c, const fe *a)
{
    limb any = 0;

    (void)c;
    LIMB_UNROLL
    for (unsigned i = 0; i < N256; i++)
        any |= a->w[i];
    return limb_is_zero(any);
}
