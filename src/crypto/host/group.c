/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Curves by OpenSSL, from their domain parameters. Where it knows them by name it
 * takes its own fast and constant-time code; else its generic one.
 *
 * What is secret goes only where OpenSSL promises constant time: EC_POINT_mul with
 * one point, Montgomery multiplication and exponentiation. Its big numbers drop
 * leading zero words when they are read and written; that much it does tell.
 */
#include <yufu/crypto/ec.h>

#include "../num.h"
#include "ossl.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <string.h>

enum { P, A, B, N, COFACTOR, NUMBERS };
enum { DOMAIN_MAX = 8 }; // field type, the numbers, the generator, the end

struct ready {
    EC_GROUP *group;
    BN_MONT_CTX *mont[2]; // by enum yf_mod
    OSSL_PARAM domain[DOMAIN_MAX];
    uint8_t number[NUMBERS][YF_FIELD_MAX];
    uint8_t generator[YF_POINT_MAX];
};

static const struct ready *
of(const yf_group *g)
{
    return g->ready.host;
}

/* ---- domain parameters ---- */

/* OSSL_PARAM numbers are in the machine's own order. */
static void
to_native(uint8_t *to, const uint8_t *be, size_t n)
{
    const uint16_t one = 1;
    bool little = *(const uint8_t *)&one == 1;

    for (size_t i = 0; i < n; i++)
        to[i] = be[little ? n - 1 - i : i];
}

static void
describe(struct ready *k, const yf_curve *c)
{
    static const char *const key[NUMBERS] = { OSSL_PKEY_PARAM_EC_P, OSSL_PKEY_PARAM_EC_A,
                                              OSSL_PKEY_PARAM_EC_B, OSSL_PKEY_PARAM_EC_ORDER,
                                              OSSL_PKEY_PARAM_EC_COFACTOR };
    static char prime[] = SN_X9_62_prime_field;
    const uint8_t one = 1;
    const uint8_t *value[NUMBERS] = { c->p, c->a, c->b, c->n, &one };
    OSSL_PARAM *p = k->domain;

    *p++ = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_EC_FIELD_TYPE, prime, 0);
    for (size_t i = 0; i < NUMBERS; i++) {
        size_t n = i == COFACTOR ? 1 : c->size;
        to_native(k->number[i], value[i], n);
        *p++ = OSSL_PARAM_construct_BN(key[i], k->number[i], n);
    }
    k->generator[0] = 4;
    memcpy(k->generator + 1, c->gx, c->size);
    memcpy(k->generator + 1 + c->size, c->gy, c->size);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_EC_GENERATOR, k->generator,
                                             1 + 2 * (size_t)c->size);
    *p = OSSL_PARAM_construct_end();
}

/* A curve OpenSSL knows needs only its name from here on. */
static void
describe_by_name(struct ready *k)
{
    int nid = EC_GROUP_get_curve_name(k->group);

    if (nid == NID_undef)
        return;
    k->domain[0] =
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)OBJ_nid2sn(nid), 0);
    k->domain[1] = OSSL_PARAM_construct_end();
}

static yf_err
prepare(struct ready *k, const yf_curve *c)
{
    const uint8_t *modulus[2] = { [YF_MOD_P] = c->p, [YF_MOD_N] = c->n };
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *m = BN_new();
    bool ok = ctx && m;

    describe(k, c);
    k->group = ok ? EC_GROUP_new_from_params(k->domain, NULL, NULL) : NULL;
    ok = ok && k->group;
    for (size_t i = 0; ok && i < 2; i++)
        ok = (k->mont[i] = BN_MONT_CTX_new()) && BN_bin2bn(modulus[i], c->size, m) &&
             BN_MONT_CTX_set(k->mont[i], m, ctx);
    if (ok)
        describe_by_name(k);
    BN_free(m);
    BN_CTX_free(ctx);
    return ok ? YF_OK : yf_ossl_err(YF_E_UNSUPPORTED);
}

static void
close_group(yf_group *g)
{
    struct ready *k = g->ready.host;

    if (k) {
        EC_GROUP_free(k->group);
        BN_MONT_CTX_free(k->mont[0]);
        BN_MONT_CTX_free(k->mont[1]);
        OPENSSL_free(k);
    }
    memset(g, 0, sizeof *g);
}

static yf_err
open_group(yf_group *g, const yf_curve *curve)
{
    yf_group r = { .ops = &yf_host_group, .curve = curve };
    yf_err e = YF_E_ROOM;

    if (curve->size == 0 || curve->size > YF_FIELD_MAX)
        return YF_E_UNSUPPORTED;
    if ((r.ready.host = OPENSSL_zalloc(sizeof(struct ready))))
        e = prepare(r.ready.host, curve);
    if (e) {
        close_group(&r);
        return yf_ossl_err(e);
    }
    *g = r;
    return YF_OK;
}

/* ---- numbers ---- */

/* A scalar: in [1, n-1]. */
static bool
is_scalar(const yf_group *g, const uint8_t *k)
{
    return num_below(k, g->curve->n, g->curve->size) && !num_zero(k, g->curve->size);
}

/* One calculation modulo p or n: operands in, result out, everything wiped at the end. */
struct work {
    BN_CTX *ctx;
    BN_MONT_CTX *mont;
    const BIGNUM *m;
    BIGNUM *a, *b, *r;
    size_t size;
};

static yf_err
work_begin(struct work *w, const yf_group *g, enum yf_mod mod, yf_span a, yf_span b)
{
    *w = (struct work){ .ctx = BN_CTX_new(), .mont = of(g)->mont[mod], .size = g->curve->size };
    w->m = mod == YF_MOD_P ? EC_GROUP_get0_field(of(g)->group) : EC_GROUP_get0_order(of(g)->group);
    if (!w->ctx)
        return YF_E_ROOM;
    BN_CTX_start(w->ctx);
    w->a = BN_CTX_get(w->ctx);
    w->b = BN_CTX_get(w->ctx);
    if (!(w->r = BN_CTX_get(w->ctx)))
        return YF_E_ROOM;
    if (!BN_bin2bn(a.p, (int)a.n, w->a) || !BN_bin2bn(b.p, (int)b.n, w->b))
        return YF_E_ROOM;
    BN_set_flags(w->a, BN_FLG_CONSTTIME);
    BN_set_flags(w->b, BN_FLG_CONSTTIME);
    return YF_OK;
}

/* Both operands are numbers below the modulus. */
static yf_err
work_begin_two(struct work *w, const yf_group *g, enum yf_mod mod, const uint8_t *a,
               const uint8_t *b)
{
    const uint8_t *m = mod == YF_MOD_P ? g->curve->p : g->curve->n;
    size_t n = g->curve->size;

    *w = (struct work){ 0 };
    if (!num_below(a, m, n) || !num_below(b, m, n))
        return YF_E_FORMAT;
    return work_begin(w, g, mod, (yf_span){ a, n }, (yf_span){ b, n });
}

static yf_err
work_end(struct work *w, yf_err e, int ok, uint8_t *r)
{
    if (!e && (!ok || BN_bn2binpad(w->r, r, (int)w->size) < 0))
        e = YF_E_ROOM;
    if (w->ctx)
        BN_CTX_end(w->ctx);
    BN_CTX_free(w->ctx); // wipes what it held
    return e ? yf_ossl_err(e) : YF_OK;
}

static yf_err
mod_add(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b, uint8_t *r)
{
    struct work w;
    yf_err e = work_begin_two(&w, g, m, a, b);
    int ok = !e && BN_mod_add_quick(w.r, w.a, w.b, w.m);

    return work_end(&w, e, ok, r);
}

static yf_err
mod_sub(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b, uint8_t *r)
{
    struct work w;
    yf_err e = work_begin_two(&w, g, m, a, b);
    int ok = !e && BN_mod_sub_quick(w.r, w.a, w.b, w.m);

    return work_end(&w, e, ok, r);
}

static yf_err
mod_mul(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b, uint8_t *r)
{
    struct work w;
    yf_err e = work_begin_two(&w, g, m, a, b);
    int ok = !e && BN_to_montgomery(w.r, w.a, w.mont, w.ctx) &&
             BN_mod_mul_montgomery(w.r, w.r, w.b, w.mont, w.ctx);

    return work_end(&w, e, ok, r);
}

static yf_err
mod_exp(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *x, uint8_t *r)
{
    struct work w;
    yf_err e = work_begin_two(&w, g, m, a, x);
    int ok = !e && BN_mod_exp_mont_consttime(w.r, w.a, w.b, w.m, w.ctx, w.mont);

    return work_end(&w, e, ok, r);
}

/* a^(m-2), the moduli being prime. */
static yf_err
mod_inv(const yf_group *g, enum yf_mod m, const uint8_t *a, uint8_t *r)
{
    struct work w;
    yf_err e = num_zero(a, g->curve->size) ? YF_E_FORMAT : YF_OK;

    w = (struct work){ 0 };
    if (!e)
        e = work_begin_two(&w, g, m, a, a);
    int ok = !e && BN_copy(w.b, w.m) && BN_sub_word(w.b, 2) &&
             BN_mod_exp_mont_consttime(w.r, w.a, w.b, w.m, w.ctx, w.mont);

    return work_end(&w, e, ok, r);
}

static yf_err
mod_reduce(const yf_group *g, enum yf_mod m, yf_span a, uint8_t *r)
{
    struct work w;

    if (a.n > INT32_MAX)
        return YF_E_ROOM;
    yf_err e = work_begin(&w, g, m, a, (yf_span){ 0 });
    int ok = !e && BN_nnmod(w.r, w.a, w.m, w.ctx);

    return work_end(&w, e, ok, r);
}

/* ---- points ---- */

/* Points of one calculation. */
struct points {
    BN_CTX *ctx;
    EC_POINT *a, *b, *r;
};

static yf_err
points_begin(struct points *p, const yf_group *g)
{
    const EC_GROUP *group = of(g)->group;

    *p = (struct points){ BN_CTX_new(), EC_POINT_new(group), EC_POINT_new(group),
                          EC_POINT_new(group) };
    return p->ctx && p->a && p->b && p->r ? YF_OK : YF_E_ROOM;
}

static yf_err
points_end(struct points *p, yf_err e)
{
    EC_POINT_clear_free(p->a);
    EC_POINT_clear_free(p->b);
    EC_POINT_clear_free(p->r);
    BN_CTX_free(p->ctx);
    return e ? yf_ossl_err(e) : YF_OK;
}

/* OpenSSL checks the form, the range of the coordinates and that it is on the curve. */
static yf_err
take(const yf_group *g, struct points *p, EC_POINT *to, yf_span from)
{
    const EC_GROUP *group = of(g)->group;

    if (!EC_POINT_oct2point(group, to, from.p, from.n, p->ctx))
        return yf_ossl_err(YF_E_FORMAT);
    return EC_POINT_is_at_infinity(group, to) ? YF_E_FORMAT : YF_OK;
}

static yf_err
give(const yf_group *g, struct points *p, uint8_t *r)
{
    size_t n = yf_point_size(g);

    if (EC_POINT_is_at_infinity(of(g)->group, p->r))
        return YF_E_FORMAT;
    if (EC_POINT_point2oct(of(g)->group, p->r, POINT_CONVERSION_UNCOMPRESSED, r, n, p->ctx) != n)
        return YF_E_ROOM;
    return YF_OK;
}

static yf_err
decode(const yf_group *g, yf_span point, uint8_t *r)
{
    struct points p;
    yf_err e = points_begin(&p, g);

    if (!e)
        e = take(g, &p, p.r, point);
    if (!e)
        e = give(g, &p, r);
    return points_end(&p, e);
}

static yf_err
mul(const yf_group *g, const uint8_t *k, yf_span base, uint8_t *r)
{
    struct points p;
    BIGNUM *n = NULL;
    yf_err e = points_begin(&p, g);

    if (!e && !is_scalar(g, k))
        e = YF_E_FORMAT;
    if (!e && base.n)
        e = take(g, &p, p.a, base);
    if (!e && !(n = BN_bin2bn(k, g->curve->size, NULL)))
        e = YF_E_ROOM;
    if (e)
        goto out;
    BN_set_flags(n, BN_FLG_CONSTTIME);
    if (base.n)
        e = EC_POINT_mul(of(g)->group, p.r, NULL, p.a, n, p.ctx) ? YF_OK : YF_E_ROOM;
    else
        e = EC_POINT_mul(of(g)->group, p.r, n, NULL, NULL, p.ctx) ? YF_OK : YF_E_ROOM;
    if (!e)
        e = give(g, &p, r);
out:
    BN_clear_free(n);
    return points_end(&p, e);
}

static yf_err
add(const yf_group *g, yf_span a, yf_span b, uint8_t *r)
{
    struct points p;
    yf_err e = points_begin(&p, g);

    if (!e)
        e = take(g, &p, p.a, a);
    if (!e)
        e = take(g, &p, p.b, b);
    if (!e && !EC_POINT_add(of(g)->group, p.r, p.a, p.b, p.ctx))
        e = YF_E_ROOM;
    if (!e)
        e = give(g, &p, r);
    return points_end(&p, e);
}

/* ---- ECDSA ---- */

/* An EVP key: the domain, and one parameter that makes it a public or a private key. */
static yf_err
key_open(const yf_group *g, OSSL_PARAM key, EVP_PKEY_CTX **ctx)
{
    OSSL_PARAM params[DOMAIN_MAX + 1];
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *from = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    yf_err e = YF_E_UNSUPPORTED; // the SM2 curve, for one, is not OpenSSL's for ECDSA
    size_t n = 0;

    *ctx = NULL;
    while (of(g)->domain[n].key) {
        params[n] = of(g)->domain[n];
        n++;
    }
    params[n] = key;
    params[n + 1] = OSSL_PARAM_construct_end();
    if (from && EVP_PKEY_fromdata_init(from) == 1 &&
        EVP_PKEY_fromdata(from, &pkey, EVP_PKEY_KEYPAIR, params) == 1 &&
        (*ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL)))
        e = YF_OK;
    EVP_PKEY_free(pkey);
    EVP_PKEY_CTX_free(from);
    return e ? yf_ossl_err(e) : YF_OK;
}

/* The library draws its own nonce, so ours is not asked. */
static yf_err
ecdsa_sign(const yf_group *g, const uint8_t *d, yf_span digest, const yf_nonce *nonce, uint8_t *sig)
{
    uint8_t native[YF_FIELD_MAX], der[YF_SIG_DER_MAX];
    size_t size = g->curve->size, n = sizeof der;
    EVP_PKEY_CTX *ctx;
    (void)nonce;

    if (!is_scalar(g, d))
        return YF_E_FORMAT;
    to_native(native, d, size);
    yf_err e = key_open(g, OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, size), &ctx);
    if (!e &&
        (EVP_PKEY_sign_init(ctx) != 1 || EVP_PKEY_sign(ctx, der, &n, digest.p, digest.n) != 1 ||
         yf_sig_from_der((yf_span){ der, n }, size, sig))) // n is 0 if it had no memory
        e = YF_E_ROOM;
    EVP_PKEY_CTX_free(ctx);
    yf_wipe(native, sizeof native);
    return e ? yf_ossl_err(e) : YF_OK;
}

static yf_err
ecdsa_verify(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig)
{
    uint8_t point[YF_POINT_MAX], der[YF_SIG_DER_MAX];
    size_t size = g->curve->size, n;
    EVP_PKEY_CTX *ctx;
    yf_err e = decode(g, pub, point);

    if (e)
        return e;
    if (!is_scalar(g, sig) || !is_scalar(g, sig + size))
        return YF_E_AUTH;
    if ((e = yf_sig_to_der((yf_span){ sig, 2 * size }, der, &n)))
        return e;
    e = key_open(g, OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size),
                 &ctx);
    if (!e && EVP_PKEY_verify_init(ctx) != 1)
        e = YF_E_ROOM;
    if (!e && EVP_PKEY_verify(ctx, der, n, digest.p, digest.n) != 1)
        e = YF_E_AUTH;
    EVP_PKEY_CTX_free(ctx);
    return e ? yf_ossl_err(e) : YF_OK;
}

/* ---- SM2 is not done here: the provider takes soft's for it ---- */

static yf_err
no_sm2_sign(const yf_group *g, const uint8_t *d, yf_span e, const yf_nonce *nonce, uint8_t *sig)
{
    (void)g, (void)d, (void)e, (void)nonce, (void)sig;
    return YF_E_UNSUPPORTED;
}

static yf_err
no_sm2_verify(const yf_group *g, yf_span pub, yf_span e, const uint8_t *sig)
{
    (void)g, (void)pub, (void)e, (void)sig;
    return YF_E_UNSUPPORTED;
}

const struct yf_group_ops yf_host_group = {
    .name = "openssl",
    .open = open_group,
    .close = close_group,
    .decode = decode,
    .mul = mul,
    .add = add,
    .mod_add = mod_add,
    .mod_sub = mod_sub,
    .mod_mul = mod_mul,
    .mod_exp = mod_exp,
    .mod_inv = mod_inv,
    .mod_reduce = mod_reduce,
    .ecdsa_sign = ecdsa_sign,
    .ecdsa_verify = ecdsa_verify,
    .sm2_sign = no_sm2_sign,
    .sm2_verify = no_sm2_verify,
};
