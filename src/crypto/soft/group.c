/* SPDX-License-Identifier: Apache-2.0 */
#include "declassify.h"
#include "domain.h"
#include "sign.h"
#include "soft.h"

static yf_err
group_open(yf_group *g, const yf_curve *curve)
{
    yf_group made = { .ops = &yf_soft_group, .curve = curve };
    yf_err e = yf_dom_open(&made);

    if (!e)
        *g = made;
    return e;
}

static void
group_close(yf_group *g)
{
    *g = (yf_group){ 0 };
}

/* ---- points ---- */

static yf_err
group_decode(const yf_group *g, yf_span point, uint8_t *r)
{
    const struct dom c = yf_dom_of(g);
    struct affine p;
    yf_err e = yf_point_get(g, &c, point, &p);

    if (!e)
        yf_point_put(g, &c, &p, r);
    return e;
}

static yf_err
group_mul(const yf_group *g, const uint8_t *k, yf_span base, uint8_t *r)
{
    const struct dom c = yf_dom_of(g);
    struct affine p;
    limb scalar[YF_LIMBS];
    yf_err e = yf_scalar_get(g, &c, k, scalar);

    if (!e && base.n)
        e = yf_point_get(g, &c, base, &p);
    if (!e) {
        yf_points_of(g)->mul(&c, scalar, base.n ? &p : NULL, &p);
        yf_point_put(g, &c, &p, r);
    }
    yf_wipe(scalar, sizeof scalar);
    yf_wipe(&p, sizeof p);
    return e;
}

static yf_err
group_add(const yf_group *g, yf_span a, yf_span b, uint8_t *r)
{
    const struct dom c = yf_dom_of(g);
    struct affine p, q;
    limb identity;
    yf_err e;

    if ((e = yf_point_get(g, &c, a, &p)) || (e = yf_point_get(g, &c, b, &q)))
        goto out;
    identity = yf_points_of(g)->add(&c, &p, &q, &p);
    YF_DECLASSIFY(&identity, sizeof identity);
    if (identity)
        e = YF_E_FORMAT;
    else
        yf_point_put(g, &c, &p, r);
out:
    yf_wipe(&p, sizeof p);
    yf_wipe(&q, sizeof q);
    return e;
}

/* ---- numbers ---- */

struct numbers {
    struct dom c;
    const struct mod *f;
    limb a[YF_LIMBS], b[YF_LIMBS];
};

static yf_err
get_number(const yf_group *g, const struct mod *f, const uint8_t *bytes, limb *a)
{
    yf_limbs_get(a, f->n, bytes, g->curve->size);
    limb good = yf_limbs_below(a, f->m, f->n);
    YF_DECLASSIFY(&good, sizeof good);
    return good ? YF_OK : YF_E_FORMAT;
}

/* Reads a, and b unless it is NULL. */
static yf_err
numbers_get(const yf_group *g, struct numbers *w, enum yf_mod m, const uint8_t *a, const uint8_t *b)
{
    w->c = yf_dom_of(g);
    w->f = m == YF_MOD_P ? &w->c.p : &w->c.n;
    yf_err e = get_number(g, w->f, a, w->a);
    if (!e && b)
        e = get_number(g, w->f, b, w->b);
    return e;
}

/* Writes a, if all went well, and wipes. */
static yf_err
numbers_end(const yf_group *g, struct numbers *w, yf_err e, uint8_t *r)
{
    if (!e)
        yf_limbs_put(r, g->curve->size, w->a, w->f->n);
    yf_wipe(w, sizeof *w);
    return e;
}

static yf_err
group_mod_add(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b, uint8_t *r)
{
    struct numbers w;
    yf_err e = numbers_get(g, &w, m, a, b);

    if (!e)
        yf_mod_add(w.f, w.a, w.a, w.b);
    return numbers_end(g, &w, e, r);
}

static yf_err
group_mod_sub(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b, uint8_t *r)
{
    struct numbers w;
    yf_err e = numbers_get(g, &w, m, a, b);

    if (!e)
        yf_mod_sub(w.f, w.a, w.a, w.b);
    return numbers_end(g, &w, e, r);
}

static yf_err
group_mod_mul(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b, uint8_t *r)
{
    struct numbers w;
    yf_err e = numbers_get(g, &w, m, a, b);

    if (!e) {
        yf_mod_in(w.f, w.a, w.a);
        yf_mod_mul(w.f, w.a, w.a, w.b);
    }
    return numbers_end(g, &w, e, r);
}

static yf_err
group_mod_exp(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *e, uint8_t *r)
{
    struct numbers w;
    yf_err bad = numbers_get(g, &w, m, a, NULL);

    if (!bad) {
        yf_mod_in(w.f, w.a, w.a);
        yf_mod_exp(w.f, w.a, w.a, e, g->curve->size);
        yf_mod_out(w.f, w.a, w.a);
    }
    return numbers_end(g, &w, bad, r);
}

static yf_err
group_mod_inv(const yf_group *g, enum yf_mod m, const uint8_t *a, uint8_t *r)
{
    struct numbers w;
    yf_err e = numbers_get(g, &w, m, a, NULL);

    if (!e) {
        limb zero = yf_limbs_zero(w.a, w.f->n);
        YF_DECLASSIFY(&zero, sizeof zero);
        if (zero)
            e = YF_E_FORMAT;
    }
    if (!e) {
        yf_mod_in(w.f, w.a, w.a);
        yf_mod_inv(w.f, w.a, w.a);
        yf_mod_out(w.f, w.a, w.a);
    }
    return numbers_end(g, &w, e, r);
}

static yf_err
group_mod_reduce(const yf_group *g, enum yf_mod m, yf_span a, uint8_t *r)
{
    struct numbers w = { .c = yf_dom_of(g) };

    w.f = m == YF_MOD_P ? &w.c.p : &w.c.n;
    yf_mod_reduce(w.f, w.a, a.p, a.n);
    return numbers_end(g, &w, YF_OK, r);
}

const struct yf_group_ops yf_soft_group = {
    .name = "soft",
    .open = group_open,
    .close = group_close,
    .decode = group_decode,
    .mul = group_mul,
    .add = group_add,
    .mod_add = group_mod_add,
    .mod_sub = group_mod_sub,
    .mod_mul = group_mod_mul,
    .mod_exp = group_mod_exp,
    .mod_inv = group_mod_inv,
    .mod_reduce = group_mod_reduce,
    .ecdsa_sign = yf_soft_ecdsa_sign,
    .ecdsa_verify = yf_soft_ecdsa_verify,
    .sm2_sign = yf_soft_sm2_sign,
    .sm2_verify = yf_soft_sm2_verify,
};
