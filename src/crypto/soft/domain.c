/* SPDX-License-Identifier: Apache-2.0 */
#include "domain.h"

#include "declassify.h"

#include <string.h>

/* Where a group keeps its residues: modulo p, then modulo n (and the generator beside it). */
enum { P, N };
enum { M, RR, A, B, GX = A, GY = B };
enum { BITS_MIN = 112, BITS_MAX = 521 };

#if YF_LIMB_BITS == 64
#define READY(g) ((g)->ready.w64)
#else
#define READY(g) ((g)->ready.w32)
#endif

static bool
is_minus_3(const struct mod *p, const limb *a)
{
    limb t[YF_LIMBS], sum[YF_LIMBS];

    yf_mod_one(p, t);
    yf_mod_add(p, sum, a, t);
    yf_mod_add(p, sum, sum, t);
    yf_mod_add(p, sum, sum, t);
    return yf_limbs_zero(sum, p->n);
}

struct dom
yf_dom_of(const yf_group *g)
{
    const unsigned n = yf_limbs(g->curve->size);
    struct dom c = {
        .p = yf_mod_of(READY(g)[P][M], READY(g)[P][RR], n, g->curve->bits),
        .n = yf_mod_of(READY(g)[N][M], READY(g)[N][RR], n, g->curve->order_bits),
        .a = READY(g)[P][A],
        .b = READY(g)[P][B],
        .gx = READY(g)[N][GX],
        .gy = READY(g)[N][GY],
    };

    c.a_is_minus_3 = is_minus_3(&c.p, c.a);
    return c;
}

/* ---- points ---- */

/* A mask: y^2 = x^3 + a x + b. */
static limb
on_curve(const struct dom *c, const struct affine *p)
{
    limb t[YF_LIMBS], yy[YF_LIMBS];

    yf_mod_mul(&c->p, t, p->x, p->x);
    yf_mod_add(&c->p, t, t, c->a);
    yf_mod_mul(&c->p, t, t, p->x);
    yf_mod_add(&c->p, t, t, c->b);
    yf_mod_mul(&c->p, yy, p->y, p->y);
    return yf_limbs_equal(t, yy, c->p.n);
}

/* A number below p; r is in Montgomery form. */
static limb
get_coordinate(const struct dom *c, limb *r, const uint8_t *bytes, size_t size)
{
    yf_limbs_get(r, c->p.n, bytes, size);
    limb good = yf_limbs_below(r, c->p.m, c->p.n);
    yf_mod_in(&c->p, r, r);
    return good;
}

/* SEC 1 2.3.4: the root of x^3 + a x + b whose lowest bit is `odd`. */
static bool
decompress(const struct dom *c, struct affine *p, unsigned odd)
{
    limb t[YF_LIMBS], zero[YF_LIMBS] = { 0 };

    yf_mod_mul(&c->p, t, p->x, p->x);
    yf_mod_add(&c->p, t, t, c->a);
    yf_mod_mul(&c->p, t, t, p->x);
    yf_mod_add(&c->p, t, t, c->b);
    if (!yf_mod_sqrt(&c->p, p->y, t))
        return false;
    yf_mod_out(&c->p, t, p->y);
    if ((t[0] & 1) != odd)
        yf_mod_sub(&c->p, p->y, zero, p->y);
    return true;
}

/* 02 x, 03 x: the last bit says which y. */
static bool
get_compressed(const struct dom *c, yf_span bytes, struct affine *p)
{
    return get_coordinate(c, p->x, bytes.p + 1, bytes.n - 1) && decompress(c, p, bytes.p[0] & 1) &&
           on_curve(c, p);
}

/* 04 x y; or 06, 07, whose last bit repeats that of y. */
static limb
get_whole(const struct dom *c, yf_span bytes, struct affine *p)
{
    size_t size = bytes.n / 2;
    limb good = get_coordinate(c, p->x, bytes.p + 1, size);

    good &= get_coordinate(c, p->y, bytes.p + 1 + size, size);
    if (bytes.p[0] != 4)
        good &= limb_eq(bytes.p[0] & 1, bytes.p[2 * size] & 1);
    return good & on_curve(c, p);
}

yf_err
yf_point_get(const yf_group *g, const struct dom *c, yf_span bytes, struct affine *p)
{
    const size_t size = g->curve->size;
    const uint8_t form = bytes.n ? bytes.p[0] : 0;
    limb good = 0;

    if ((form == 2 || form == 3) && bytes.n == 1 + size)
        good = get_compressed(c, bytes, p);
    if ((form == 4 || form == 6 || form == 7) && bytes.n == 1 + 2 * size)
        good = get_whole(c, bytes, p);
    YF_DECLASSIFY(&good, sizeof good);
    return good ? YF_OK : YF_E_FORMAT;
}

void
yf_point_put(const yf_group *g, const struct dom *c, const struct affine *p, uint8_t *bytes)
{
    const size_t size = g->curve->size;
    limb t[YF_LIMBS];

    bytes[0] = 4;
    yf_mod_out(&c->p, t, p->x);
    yf_limbs_put(bytes + 1, size, t, c->p.n);
    yf_mod_out(&c->p, t, p->y);
    yf_limbs_put(bytes + 1 + size, size, t, c->p.n);
    yf_wipe(t, sizeof t);
}

yf_err
yf_scalar_get(const yf_group *g, const struct dom *c, const uint8_t *bytes, limb *k)
{
    yf_limbs_get(k, c->n.n, bytes, g->curve->size);
    limb good = yf_limbs_below(k, c->n.m, c->n.n) & ~yf_limbs_zero(k, c->n.n);
    YF_DECLASSIFY(&good, sizeof good);
    return good ? YF_OK : YF_E_FORMAT;
}

/* ---- opening ---- */

/* Odd, and of exactly so many bits. */
static bool
is_modulus(const uint8_t *bytes, unsigned bits, size_t size)
{
    return (bits + 7) / 8 == size && bytes[0] >> (bits - 1) % 8 == 1 && (bytes[size - 1] & 1);
}

/* Hasse: |n - p - 1| <= 2 sqrt(p). So nothing but n itself is a multiple of it in that range. */
static bool
is_near(const struct dom *c)
{
    const unsigned width = c->p.bits / 2 + 2;
    limb t[YF_LIMBS];
    limb_carry borrow = 0;

    for (unsigned i = 0; i < c->p.n; i++)
        t[i] = limb_sub(c->n.m[i], c->p.m[i], &borrow);
    for (unsigned i = width / YF_LIMB_BITS; i < c->p.n; i++) {
        limb high = t[i] ^ (0 - (limb)borrow);
        if (i == width / YF_LIMB_BITS)
            high >>= width % YF_LIMB_BITS;
        if (high)
            return false;
    }
    return true;
}

/* 4 a^3 + 27 b^2 is not zero. */
static bool
is_smooth(const struct dom *c)
{
    limb t[YF_LIMBS], u[YF_LIMBS], sum[YF_LIMBS] = { 0 };

    yf_mod_mul(&c->p, t, c->a, c->a);
    yf_mod_mul(&c->p, t, t, c->a);
    yf_mod_mul(&c->p, u, c->b, c->b);
    for (unsigned i = 0; i < 4; i++)
        yf_mod_add(&c->p, sum, sum, t);
    for (unsigned i = 0; i < 27; i++)
        yf_mod_add(&c->p, sum, sum, u);
    return !yf_limbs_zero(sum, c->p.n);
}

/* (n - 2) G = -2 G: the order is the generator's. (n - 1 would be written as -1: recode.h) */
static bool
has_order(const struct dom *c, const struct yf_points *points)
{
    struct affine g, twice, r;
    limb k[YF_LIMBS], sum[YF_LIMBS];
    limb_carry borrow = 0;

    for (unsigned i = 0; i < c->p.n; i++) {
        g.x[i] = c->gx[i];
        g.y[i] = c->gy[i];
        k[i] = limb_sub(c->n.m[i], i == 0 ? 2 : 0, &borrow);
    }
    if (points->add(c, &g, &g, &twice))
        return false;
    points->mul(c, k, NULL, &r);
    yf_mod_add(&c->p, sum, r.y, twice.y);
    return yf_limbs_equal(r.x, twice.x, c->p.n) && yf_limbs_zero(sum, c->p.n);
}

/* The residues of one modulus. */
static void
prepare(limb *m, limb *rr, const uint8_t *bytes, unsigned bits, size_t size)
{
    unsigned n = yf_limbs(size);

    yf_limbs_get(m, n, bytes, size);
    yf_mod_prepare(rr, m, n, bits);
}

static bool
is_curve(const yf_group *g, const struct dom *c)
{
    const yf_curve *v = g->curve;
    struct affine gen;
    uint8_t bytes[YF_POINT_MAX] = { 4 };

    memcpy(bytes + 1, v->gx, v->size);
    memcpy(bytes + 1 + v->size, v->gy, v->size);
    return is_near(c) && is_smooth(c) &&
           yf_point_get(g, c, (yf_span){ bytes, yf_point_size(g) }, &gen) == YF_OK;
}

/* The arithmetic for a curve; any other than the known ones must show its order. */
static const struct yf_points *
points_for(const yf_curve *known)
{
    if (known == &yf_curve_sm2)
        return &yf_points_sm2;
    return known == &yf_curve_p256 ? &yf_points_p256 : &yf_points_any;
}

yf_err
yf_dom_open(yf_group *g)
{
    const yf_curve *v = g->curve, *known = yf_curve_same(v);
    limb good = ~(limb)0;

    if (v->bits < BITS_MIN || v->bits > BITS_MAX)
        return YF_E_UNSUPPORTED;
    if (!is_modulus(v->p, v->bits, v->size) || !is_modulus(v->n, v->order_bits, v->size) ||
        memcmp(v->p, v->n, v->size) == 0)
        return YF_E_FORMAT;
    prepare(READY(g)[P][M], READY(g)[P][RR], v->p, v->bits, v->size);
    prepare(READY(g)[N][M], READY(g)[N][RR], v->n, v->order_bits, v->size);

    struct dom c = yf_dom_of(g);
    good &= get_coordinate(&c, READY(g)[P][A], v->a, v->size);
    good &= get_coordinate(&c, READY(g)[P][B], v->b, v->size);
    good &= get_coordinate(&c, READY(g)[N][GX], v->gx, v->size);
    good &= get_coordinate(&c, READY(g)[N][GY], v->gy, v->size);
    c = yf_dom_of(g);
    if (!good || !is_curve(g, &c) || (!known && !has_order(&c, &yf_points_any)))
        return YF_E_FORMAT;
    g->own = points_for(known);
    return YF_OK;
}
