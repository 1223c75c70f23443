/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping.h"

#include <string.h>

/* ---- generic: 9303-11 4.4.3.3.1 ---- */

yf_err
yf_mapping_generic(const yf_group *g, yf_span s, const uint8_t *d, yf_span peer, uint8_t *r)
{
    uint8_t k[YF_FIELD_MAX], sg[YF_POINT_MAX];
    size_t n = yf_point_size(g);
    yf_err e;

    if ((e = g->ops->mod_reduce(g, YF_MOD_N, s, k)))
        goto out;
    if ((e = g->ops->mul(g, k, (yf_span){ NULL, 0 }, sg)))
        goto out;
    if ((e = g->ops->mul(g, d, peer, r))) // H
        goto out;
    e = g->ops->add(g, (yf_span){ sg, n }, (yf_span){ r, n }, r);
out:
    yf_wipe(k, sizeof k);
    yf_wipe(sg, sizeof sg);
    return e;
}

/* ---- the pseudo-random number mapping: 9303-11 4.4.3.3.2 ---- */

enum {
    L_MAX = 32,                       // bytes of s and of each part of R
    R_MAX = YF_FIELD_MAX + 8 + L_MAX, // 64 bits more than p, rounded up to parts
};

static const uint8_t c128[2][16] = {
    { 0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59,
      0x04 },
    { 0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88,
      0xAD },
};
static const uint8_t c256[2][32] = {
    { 0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54,
      0x98, 0x6D, 0xCA, 0x0A, 0x17, 0x4E, 0x28, 0xDF, 0x75, 0x8C, 0xBA,
      0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76 },
    { 0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42,
      0x3F, 0xCF, 0x39, 0xD6, 0x9B, 0x6C, 0xBF, 0x06, 0x66, 0x77, 0xD0,
      0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17 },
};

/* out = E(key, in) in CBC mode with a zero IV; l bytes. */
static yf_err
encrypt(const struct yf_cipher_alg *cipher, const uint8_t *key, const uint8_t *in, uint8_t *out,
        size_t l)
{
    uint8_t iv[YF_BLOCK_MAX] = { 0 };
    yf_cipher c;
    yf_err e = yf_cipher_init(&c, cipher, (yf_span){ key, cipher->key });

    if (e)
        return e;
    cipher->cbc_enc(&c, iv, out, in, l);
    yf_cipher_drop(&c);
    yf_wipe(iv, sizeof iv);
    return YF_OK;
}

/* u = R(s, t) mod p. k is longer than a key only for AES-192, which takes its first bytes. */
static yf_err
pseudo_random(const yf_group *g, const struct yf_cipher_alg *cipher, yf_span s, yf_span t,
              uint8_t *u)
{
    const uint8_t *c0 = s.n == 16 ? c128[0] : c256[0], *c1 = s.n == 16 ? c128[1] : c256[1];
    uint8_t k[L_MAX], x[R_MAX];
    size_t n = 0;
    yf_err e;

    if ((e = encrypt(cipher, t.p, s.p, k, s.n)))
        goto out;
    for (; 8 * n < g->curve->bits + 64U; n += s.n) {
        uint8_t next[L_MAX];
        if ((e = encrypt(cipher, k, c1, x + n, s.n)) || (e = encrypt(cipher, k, c0, next, s.n)))
            goto out;
        memcpy(k, next, s.n);
    }
    e = g->ops->mod_reduce(g, YF_MOD_P, (yf_span){ x, n }, u);
out:
    yf_wipe(k, sizeof k);
    yf_wipe(x, sizeof x);
    return e;
}

/* ---- the point encoding: 9303-11 appendix B.2 ---- */

/* Numbers modulo p, and the first failure of what was done with them. */
struct field {
    const yf_group *g;
    yf_err e;
};

typedef uint8_t number[YF_FIELD_MAX];

static void
add(struct field *f, uint8_t *r, const uint8_t *a, const uint8_t *b)
{
    f->e = yf_err_first(f->e, f->g->ops->mod_add(f->g, YF_MOD_P, a, b, r));
}

static void
mul(struct field *f, uint8_t *r, const uint8_t *a, const uint8_t *b)
{
    f->e = yf_err_first(f->e, f->g->ops->mod_mul(f->g, YF_MOD_P, a, b, r));
}

static void
negate(struct field *f, uint8_t *r, const uint8_t *a)
{
    static const number zero;

    f->e = yf_err_first(f->e, f->g->ops->mod_sub(f->g, YF_MOD_P, zero, a, r));
}

/* r = x^3 + a x + b */
static void
curve_at(struct field *f, uint8_t *r, const uint8_t *x)
{
    mul(f, r, x, x);
    add(f, r, r, f->g->curve->a);
    mul(f, r, r, x);
    add(f, r, r, f->g->curve->b);
}

/* e = p - 1 - (p + 1) / 4, which is p - 2 - floor(p / 4) for p = 3 modulo 4 */
static void
exponent(const yf_curve *c, uint8_t *e)
{
    unsigned borrow = 2;

    for (size_t i = c->size; i-- > 0;) {
        unsigned quarter = (c->p[i] >> 2 | (i ? c->p[i - 1] << 6 : 0)) & 0xFF;
        unsigned d = 0x100U + c->p[i] - quarter - borrow;
        e[i] = (uint8_t)d;
        borrow = 1 - (d >> 8);
    }
}

/* x2 = -b (1 + v) / (a v) with v = alpha + alpha^2 */
static void
abscissa(struct field *f, uint8_t *x2, const uint8_t *alpha)
{
    number v, one = { 0 };

    one[f->g->curve->size - 1] = 1;
    mul(f, v, alpha, alpha);
    add(f, v, v, alpha);
    mul(f, x2, v, f->g->curve->a);
    f->e = yf_err_first(f->e, f->g->ops->mod_inv(f->g, YF_MOD_P, x2, x2));
    add(f, v, v, one);
    mul(f, x2, x2, v);
    mul(f, x2, x2, f->g->curve->b);
    negate(f, x2, x2);
    yf_wipe(v, sizeof v);
}

/* a if take is 1, b if it is 0; hidden, lest a compiler test the mask and branch on it */
static void
choose(uint8_t *r, uint8_t take, const uint8_t *a, const uint8_t *b, size_t n)
{
    const volatile uint8_t hidden = (uint8_t)-take;
    const uint8_t mask = hidden;

    for (size_t i = 0; i < n; i++)
        r[i] = (uint8_t)((a[i] & mask) | (b[i] & ~mask));
}

/*
 * Of x2 and x3 = alpha x2, one is on the curve; which one is as secret as u. With A = h2^e,
 * A h2 is the square root of h2 if there is one, else A u^3 h2 is that of h3.
 */
static yf_err
encode(const yf_group *g, const uint8_t *u, uint8_t *r)
{
    struct field f = { g, YF_OK };
    size_t n = g->curve->size;
    struct {
        number alpha, x2, x3, h2, root, y2, y3, e, one;
    } w = { 0 };

    w.one[n - 1] = 1;
    exponent(g->curve, w.e);
    mul(&f, w.alpha, u, u);
    negate(&f, w.alpha, w.alpha);
    abscissa(&f, w.x2, w.alpha);
    mul(&f, w.x3, w.alpha, w.x2);
    curve_at(&f, w.h2, w.x2);
    f.e = yf_err_first(f.e, g->ops->mod_exp(g, YF_MOD_P, w.h2, w.e, w.root));
    mul(&f, w.y2, w.root, w.h2);
    mul(&f, w.y3, w.y2, u); // A h2 u^3 = - A h2 alpha u
    mul(&f, w.y3, w.y3, w.alpha);
    negate(&f, w.y3, w.y3);
    mul(&f, w.root, w.root, w.y2); // A^2 h2
    uint8_t second = yf_ct_eq(w.root, w.one, n);
    if (!f.e) {
        r[0] = 4;
        choose(r + 1, second, w.x2, w.x3, n);
        choose(r + 1 + n, second, w.y2, w.y3, n);
    }
    yf_wipe(&w, sizeof w);
    return f.e;
}

yf_err
yf_mapping_integrated(const yf_group *g, const struct yf_cipher_alg *cipher, yf_span s, yf_span t,
                      uint8_t *r)
{
    number u;
    yf_err e = pseudo_random(g, cipher, s, t, u);

    if (!e)
        e = encode(g, u, r);
    yf_wipe(u, sizeof u);
    return e;
}
