/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inv - inversion modulo a prime in constant time, after Bernstein and Yang,
 * "Fast constant-time gcd computation and modular inversion" (2019).
 *
 * A division step takes (delta, f, g), f odd, to (1 - delta, g, (g - f) / 2) if
 * delta > 0 and g is odd, else to (1 + delta, f, (g + (g odd) f) / 2). It keeps
 * gcd(f, g), and for f = m, g = a and delta = 1/2 to begin with, g is 0 and f is
 * 1 or -1 after (9437 bits + 1) / 4096 steps (a theorem proved by machine in
 * s2n-bignum, Divstep/divstep_bounds.ml, with this first delta).
 *
 * As many steps as a word has room for depend only on the lowest bits: they are
 * taken on words and collected in a matrix, which is then applied to f and g,
 * and modulo m to d and e, where f = a d and g = a e modulo m all the while. So
 * in the end d is 1/a or -1/a.
 *
 * Numbers are signed here: digits of STEPS bits, the highest of which has a sign.
 */
#include "mod.h"

#include <yufu/base.h>

enum {
    STEPS = YF_LIMB_BITS - 2, // of one batch, and the bits of a digit
    DIGITS = 521 / STEPS + 1,
};

static const limb DIGIT = ((limb)1 << STEPS) - 1;

struct num {
    slimb w[DIGITS];
};

/* 2^STEPS (f, g) after the steps is (u f + v g, q f + r g) before them; |u| + |v| <= 2^STEPS. */
struct matrix {
    slimb u, v, q, r;
};

struct work {
    struct num f, g, d, e, m;
    struct matrix t;
    unsigned n; // digits
};

static struct num
from_limbs(const limb *a, unsigned n)
{
    struct num r = { 0 };

    for (unsigned bit = 0, i = 0; i < DIGITS; i++, bit += STEPS) {
        unsigned at = bit / YF_LIMB_BITS, shift = bit % YF_LIMB_BITS;
        limb w = at < n ? a[at] >> shift : 0;
        if (shift > 2 && at + 1 < n)
            w |= a[at + 1] << (YF_LIMB_BITS - shift);
        r.w[i] = (slimb)(w & DIGIT);
    }
    return r;
}

/* Of a number that is not negative. */
static void
to_limbs(limb *r, unsigned n, const struct num *a)
{
    for (unsigned i = 0; i < n; i++)
        r[i] = 0;
    for (unsigned bit = 0, i = 0; i < DIGITS; i++, bit += STEPS) {
        unsigned at = bit / YF_LIMB_BITS, shift = bit % YF_LIMB_BITS;
        if (at < n)
            r[at] |= (limb)a->w[i] << shift;
        if (shift > 2 && at + 1 < n)
            r[at + 1] |= (limb)a->w[i] >> (YF_LIMB_BITS - shift);
    }
}

/*
 * One batch on the low words f and g; returns 2 delta, which is odd. The matrix
 * is doubled in the row of f where the numbers are halved in g. A swap is done in
 * two sums: g - f replaces g, and then f + (g - f) replaces f.
 */
static slimb
steps(slimb delta2, limb f, limb g, struct matrix *t)
{
    limb u = 1, v = 0, q = 0, r = 1, d = (limb)delta2;

    for (unsigned i = 0; i < STEPS; i++) {
        limb odd = limb_mask(g & 1);
        limb down = limb_mask(d >> (YF_LIMB_BITS - 1)) ^ (limb)-1; // delta > 0
        limb swap = odd & down;
        g += ((f ^ down) - down) & odd;
        q += ((u ^ down) - down) & odd;
        r += ((v ^ down) - down) & odd;
        f += g & swap;
        u += q & swap;
        v += r & swap;
        g >>= 1;
        u <<= 1;
        v <<= 1;
        d = ((d ^ swap) - swap) + 2;
    }
    *t = (struct matrix){ .u = (slimb)u, .v = (slimb)v, .q = (slimb)q, .r = (slimb)r };
    return (slimb)d;
}

/* f, g = (u f + v g, q f + r g) / 2^STEPS, a division without rest. */
static void
apply(struct work *w)
{
    const struct matrix t = w->t;
    slimb2 f = 0, g = 0;

    for (unsigned i = 0; i < w->n; i++) {
        slimb a = w->f.w[i], b = w->g.w[i];
        f += (slimb2)t.u * a + (slimb2)t.v * b;
        g += (slimb2)t.q * a + (slimb2)t.r * b;
        if (i > 0) {
            w->f.w[i - 1] = (slimb)((limb)f & DIGIT);
            w->g.w[i - 1] = (slimb)((limb)g & DIGIT);
        }
        f >>= STEPS;
        g >>= STEPS;
    }
    w->f.w[w->n - 1] = (slimb)f;
    w->g.w[w->n - 1] = (slimb)g;
}

/*
 * The multiple of m to add to u d + v e: m for each of d and e that is negative
 * (u m, v m), which brings them to (-m, m), less what makes it divisible by
 * 2^STEPS; so that the quotient is in (-2m, m) again.
 */
static slimb
multiple(const struct work *w, slimb u, slimb v, limb k)
{
    limb d_neg = (limb)(w->d.w[w->n - 1] >> (YF_LIMB_BITS - 1));
    limb e_neg = (limb)(w->e.w[w->n - 1] >> (YF_LIMB_BITS - 1));
    limb base = ((limb)u & d_neg) + ((limb)v & e_neg);
    limb low = (limb)u * (limb)w->d.w[0] + (limb)v * (limb)w->e.w[0];

    /* k = -1/m; low + (base - x) m is 0 for x = base - k low */
    return (slimb)(base - ((base - k * low) & DIGIT));
}

/* d, e = (u d + v e, q d + r e) / 2^STEPS modulo m. */
static void
apply_mod(struct work *w, limb k)
{
    const struct matrix t = w->t;
    const slimb x = multiple(w, t.u, t.v, k), y = multiple(w, t.q, t.r, k);
    slimb2 d = 0, e = 0;

    for (unsigned i = 0; i < w->n; i++) {
        slimb a = w->d.w[i], b = w->e.w[i], m = w->m.w[i];
        d += (slimb2)t.u * a + (slimb2)t.v * b + (slimb2)x * m;
        e += (slimb2)t.q * a + (slimb2)t.r * b + (slimb2)y * m;
        if (i > 0) {
            w->d.w[i - 1] = (slimb)((limb)d & DIGIT);
            w->e.w[i - 1] = (slimb)((limb)e & DIGIT);
        }
        d >>= STEPS;
        e >>= STEPS;
    }
    w->d.w[w->n - 1] = (slimb)d;
    w->e.w[w->n - 1] = (slimb)e;
}

/* a = (negate ? -a : a) + (add ? m : 0), the arguments being masks. */
static void
adjust(struct work *w, struct num *a, limb negate, limb add)
{
    slimb carry = 0;

    for (unsigned i = 0; i < w->n; i++) {
        limb x = ((limb)a->w[i] ^ negate) - negate;
        slimb s = (slimb)(x + ((limb)w->m.w[i] & add)) + carry;
        carry = s >> STEPS;
        a->w[i] = i + 1 < w->n ? (slimb)((limb)s & DIGIT) : s;
    }
}

static limb
negative(const struct work *w, const struct num *a)
{
    return limb_mask((limb)a->w[w->n - 1] >> (YF_LIMB_BITS - 1));
}

void
yf_mod_inv(const struct mod *f, limb *r, const limb *a)
{
    unsigned left = (9437 * f->bits + 4096) / 4096;
    slimb delta2 = 1;
    struct work w = { .n = f->bits / STEPS + 1, .e.w[0] = 1 };

    w.m = w.f = from_limbs(f->m, f->n);
    w.g = from_limbs(a, f->n);
    for (;; left -= STEPS) {
        delta2 = steps(delta2, (limb)w.f.w[0], (limb)w.g.w[0], &w.t);
        apply(&w);
        apply_mod(&w, f->k);
        if (left <= STEPS)
            break;
    }
    adjust(&w, &w.d, 0, negative(&w, &w.d));
    adjust(&w, &w.d, negative(&w, &w.f), 0);
    adjust(&w, &w.d, 0, negative(&w, &w.d));
    to_limbs(r, f->n, &w.d);
    yf_mod_in(f, r, r); // 1/(a R) to R/a: R^2 to be multiplied in
    yf_mod_in(f, r, r);
    yf_wipe(&w, sizeof w);
}
