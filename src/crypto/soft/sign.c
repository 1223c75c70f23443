/* SPDX-License-Identifier: Apache-2.0 */
#include "sign.h"

#include "declassify.h"
#include "domain.h"

/* Everything modulo n is in Montgomery form, but for the scalar. */
struct signer {
    struct dom c;
    limb scalar[YF_LIMBS], d[YF_LIMBS], e[YF_LIMBS], k[YF_LIMBS], r[YF_LIMBS], s[YF_LIMBS];
    struct affine point;
    uint8_t bytes[YF_FIELD_MAX];
};

/* From d, e, k and r = x(k G): the signature's r and s. A mask: it is none, draw again. */
typedef limb (*equation)(struct signer *w);

/* A nonce is out of range with a chance of 1/2 at most: a source that always is, is broken. */
enum { DRAWS = 128 };

static yf_err
begin(const yf_group *g, struct signer *w, const uint8_t *d)
{
    w->c = yf_dom_of(g);
    yf_err e = yf_scalar_get(g, &w->c, d, w->scalar);
    if (!e)
        yf_mod_in(&w->c.n, w->d, w->scalar);
    return e;
}

static void
put(const yf_group *g, struct signer *w, uint8_t *sig)
{
    const size_t size = g->curve->size;

    yf_mod_out(&w->c.n, w->r, w->r);
    yf_limbs_put(sig, size, w->r, w->c.n.n);
    yf_mod_out(&w->c.n, w->s, w->s);
    yf_limbs_put(sig + size, size, w->s, w->c.n.n);
}

static yf_err
sign(const yf_group *g, struct signer *w, const yf_nonce *nonce, equation solve, uint8_t *sig)
{
    const struct mod *n = &w->c.n;

    for (unsigned i = 0; i < DRAWS; i++) {
        yf_err e = nonce->next(nonce->state, g->curve, w->bytes);
        if (e)
            return e;
        if (yf_scalar_get(g, &w->c, w->bytes, w->scalar))
            continue;
        yf_points_of(g)->mul(&w->c, w->scalar, NULL, &w->point);
        yf_mod_out(&w->c.p, w->r, w->point.x);
        yf_mod_in(n, w->r, w->r);
        yf_mod_in(n, w->k, w->scalar);
        limb again = solve(w) | yf_limbs_zero(w->r, n->n) | yf_limbs_zero(w->s, n->n);
        YF_DECLASSIFY(&again, sizeof again);
        if (!again) {
            put(g, w, sig);
            return YF_OK;
        }
    }
    return YF_E_STATE;
}

/* ---- ECDSA: FIPS 186-5 6.4 ---- */

/* The leftmost bits of the digest, as many as n has, modulo n. */
static void
ecdsa_digest(const struct dom *c, limb *e, yf_span digest, size_t size)
{
    size_t n = digest.n < size ? digest.n : size;
    unsigned extra = 8 * n > c->n.bits ? (unsigned)(8 * n - c->n.bits) : 0;

    yf_limbs_get(e, c->n.n, digest.p, n);
    for (unsigned i = 0; extra && i < c->n.n; i++)
        e[i] = e[i] >> extra | (i + 1 < c->n.n ? e[i + 1] << (YF_LIMB_BITS - extra) : 0);
    yf_mod_in(&c->n, e, e);
}

/* s = (e + r d) / k */
static limb
ecdsa_equation(struct signer *w)
{
    const struct mod *n = &w->c.n;

    yf_mod_mul(n, w->s, w->r, w->d);
    yf_mod_add(n, w->s, w->s, w->e);
    yf_mod_inv(n, w->k, w->k);
    yf_mod_mul(n, w->s, w->s, w->k);
    return 0;
}

yf_err
yf_soft_ecdsa_sign(const yf_group *g, const uint8_t *d, yf_span digest, const yf_nonce *nonce,
                   uint8_t *sig)
{
    struct signer w;
    yf_err e = begin(g, &w, d);

    if (!e) {
        ecdsa_digest(&w.c, w.e, digest, g->curve->size);
        e = sign(g, &w, nonce, ecdsa_equation, sig);
    }
    yf_wipe(&w, sizeof w);
    return e;
}

/* ---- SM2: GB/T 32918.2 6 and 7 ---- */

static void
sm2_digest(const struct dom *c, limb *e, yf_span digest)
{
    yf_mod_reduce(&c->n, e, digest.p, digest.n);
    yf_mod_in(&c->n, e, e);
}

/* r = e + x, not r + k = n; s = (k - r d) / (1 + d) */
static limb
sm2_equation(struct signer *w)
{
    const struct mod *n = &w->c.n;
    limb t[YF_LIMBS];

    yf_mod_add(n, w->r, w->r, w->e);
    yf_mod_add(n, t, w->r, w->k);
    limb again = yf_limbs_zero(t, n->n);
    yf_mod_mul(n, t, w->r, w->d);
    yf_mod_sub(n, w->s, w->k, t);
    yf_mod_one(n, t);
    yf_mod_add(n, t, t, w->d);
    yf_mod_inv(n, t, t);
    yf_mod_mul(n, w->s, w->s, t);
    yf_wipe(t, sizeof t);
    return again;
}

/* 1 + d is not 0. */
static yf_err
sm2_range(const struct signer *w)
{
    limb t[YF_LIMBS];

    yf_mod_one(&w->c.n, t);
    yf_mod_add(&w->c.n, t, t, w->d);
    limb bad = yf_limbs_zero(t, w->c.n.n);
    YF_DECLASSIFY(&bad, sizeof bad);
    yf_wipe(t, sizeof t);
    return bad ? YF_E_FORMAT : YF_OK;
}

yf_err
yf_soft_sm2_sign(const yf_group *g, const uint8_t *d, yf_span digest, const yf_nonce *nonce,
                 uint8_t *sig)
{
    struct signer w;
    yf_err e = begin(g, &w, d);

    if (!e)
        e = sm2_range(&w);
    if (!e) {
        sm2_digest(&w.c, w.e, digest);
        e = sign(g, &w, nonce, sm2_equation, sig);
    }
    yf_wipe(&w, sizeof w);
    return e;
}

/* ---- verification: all of it public ---- */

struct verifier {
    struct dom c;
    struct affine pub;
    limb r[YF_LIMBS], s[YF_LIMBS], e[YF_LIMBS], u[YF_LIMBS], v[YF_LIMBS];
};

static yf_err
verify_begin(const yf_group *g, struct verifier *w, yf_span pub, const uint8_t *sig)
{
    w->c = yf_dom_of(g);
    yf_err e = yf_point_get(g, &w->c, pub, &w->pub);
    if (!e &&
        (yf_scalar_get(g, &w->c, sig, w->r) || yf_scalar_get(g, &w->c, sig + g->curve->size, w->s)))
        e = YF_E_AUTH;
    return e;
}

static yf_err
verdict(const yf_group *g, const struct verifier *w, const limb *x)
{
    return yf_points_of(g)->check(&w->c, w->u, w->v, &w->pub, x) ? YF_OK : YF_E_AUTH;
}

/* x(e/s G + r/s Q) = r modulo n. A product with one operand in Montgomery form is in none. */
yf_err
yf_soft_ecdsa_verify(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig)
{
    struct verifier w;
    const struct mod *n = &w.c.n;
    yf_err e = verify_begin(g, &w, pub, sig);

    if (e)
        return e;
    ecdsa_digest(&w.c, w.e, digest, g->curve->size);
    yf_mod_out(n, w.e, w.e);
    yf_mod_in(n, w.s, w.s);
    yf_mod_inv(n, w.s, w.s);
    yf_mod_mul(n, w.u, w.e, w.s);
    yf_mod_mul(n, w.v, w.r, w.s);
    return verdict(g, &w, w.r);
}

/* t = r + s, not 0; x(s G + t P) = r - e modulo n. */
yf_err
yf_soft_sm2_verify(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig)
{
    struct verifier w;
    const struct mod *n = &w.c.n;
    yf_err e = verify_begin(g, &w, pub, sig);

    if (e)
        return e;
    yf_mod_reduce(n, w.e, digest.p, digest.n);
    yf_mod_sub(n, w.e, w.r, w.e);
    yf_mod_add(n, w.v, w.r, w.s);
    if (yf_limbs_zero(w.v, n->n))
        return YF_E_AUTH;
    for (unsigned i = 0; i < n->n; i++)
        w.u[i] = w.s[i];
    return verdict(g, &w, w.e);
}
