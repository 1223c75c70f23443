/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/sm2.h>

#include "selftest.h"

#include <string.h>

static const struct kat {
    const yf_curve *curve;
    enum yf_hash_id hash; // of the nonce
    uint64_t points, mod_p, mod_n, nonce, sig;
} kats[] = {
    [KAT_SM2] = { &yf_curve_sm2, YF_SM3, 0x01ABBB345A74B209, 0xA3248183271D87F0, 0x8D4FE76F41DADCA2,
                  0x3BB7D6416BECC095, 0x39D09DD8516EB8C8 },
    [KAT_P256] = { &yf_curve_p256, YF_SHA256, 0x49EE1A61DD0D2985, 0x9475C61022B8C5F5,
                   0x7669DF613108FEC9, 0xB3D46C505A670ECB, 0xDD68F251877DB15A },
    [KAT_P384] = { &yf_curve_p384, YF_SHA384, 0x0BCEDA0477D8259C, 0x5C648BAA49BBF226,
                   0x739A6149B5743E53, 0x971FB9AB5D8816A8, 0x60425E503B1B23B4 },
    [KAT_BP256] = { &yf_curve_bp256r1, YF_SHA256, 0xCA9B71C14D21E50D, 0xCFE9B17F6213A614,
                    0x51D8E2E1BD2CAFB2, 0xF2638E8226A54226, 0xEABDAD5D0F5EB8C9 },
};

enum { SM2_MSG = 40, SM2_KEY = 16 };
static const uint64_t sm2_raw = 0x5A8128F1933629E5, sm2_exchange = 0xDA9C90F960493F64;

/* ---- a group and the two numbers every test of it takes ---- */

struct work {
    const struct kat *kat;
    yf_group g;
    size_t size, point;
    uint8_t d[YF_FIELD_MAX], k[YF_FIELD_MAX];
    uint8_t digest[32];
};

/* Patterns, below p and n of every curve because they begin with zero. */
static void
number(uint8_t *p, size_t n, unsigned mul, unsigned add)
{
    yf_selftest_pattern(p, n, mul, add);
    p[0] = 0;
}

/* Who has curves has P-256, and who has SM2's has that; the others are extras. */
static yf_err
begin(struct work *w, const yf_provider *p, unsigned curve)
{
    const yf_curve *c = kats[curve].curve;
    const struct yf_group_ops *ops = yf_provider_group(p, c);
    bool may_lack = curve != KAT_SM2 && curve != KAT_P256;
    yf_err e = ops ? ops->open(&w->g, c) : YF_E_NOTFOUND;

    if (e)
        return e == YF_E_UNSUPPORTED && may_lack ? YF_E_NOTFOUND : e;
    w->kat = &kats[curve];
    w->size = c->size;
    w->point = yf_point_size(&w->g);
    number(w->d, w->size, 29, 7);
    number(w->k, w->size, 37, 5);
    yf_selftest_pattern(w->digest, sizeof w->digest, 53, 3);
    return YF_OK;
}

static yf_err
run(const yf_provider *p, unsigned curve, yf_err (*test)(struct work *w))
{
    struct work w;
    yf_err e = begin(&w, p, curve);

    if (e)
        return e;
    e = test(&w);
    yf_group_close(&w.g);
    return e;
}

/* ---- points: D = d G, K = k D, D + K; D also decoded from its compressed form ---- */

static yf_err
points(struct work *w)
{
    const struct yf_group_ops *ops = w->g.ops;
    uint8_t r[3 * YF_POINT_MAX], one[1 + YF_FIELD_MAX], again[YF_POINT_MAX];
    yf_span d = { r, w->point }, k = { r + w->point, w->point };
    yf_err e;

    if ((e = ops->mul(&w->g, w->d, (yf_span){ NULL, 0 }, r)))
        return e;
    if ((e = ops->mul(&w->g, w->k, d, r + w->point)))
        return e;
    if ((e = ops->add(&w->g, d, k, r + 2 * w->point)))
        return e;
    if ((e = yf_selftest_answer(r, 3 * w->point, w->kat->points)))
        return e;
    one[0] = (uint8_t)(2 | (r[w->point - 1] & 1));
    memcpy(one + 1, r + 1, w->size);
    if ((e = ops->decode(&w->g, (yf_span){ one, 1 + w->size }, again)))
        return e;
    if (!yf_ct_eq(again, r, w->point))
        return YF_E_AUTH;
    again[w->point - 1] ^= 1; // off the curve
    e = ops->decode(&w->g, (yf_span){ again, w->point }, r);
    return e == YF_E_FORMAT ? YF_OK : YF_E_AUTH;
}

yf_err
yf_selftest_points(const yf_provider *p, unsigned curve)
{
    return run(p, curve, points);
}

/* ---- numbers: d+k, d-k, d*k, d^k, 1/d, and 100 bytes reduced, modulo p and n ---- */

static yf_err
numbers_mod(struct work *w, enum yf_mod m, uint64_t want)
{
    const struct yf_group_ops *ops = w->g.ops;
    uint8_t r[6 * YF_FIELD_MAX], wide[100];
    size_t n = w->size;
    yf_err e;

    yf_selftest_pattern(wide, sizeof wide, 29, 7);
    if ((e = ops->mod_add(&w->g, m, w->d, w->k, r)))
        return e;
    if ((e = ops->mod_sub(&w->g, m, w->d, w->k, r + n)))
        return e;
    if ((e = ops->mod_mul(&w->g, m, w->d, w->k, r + 2 * n)))
        return e;
    if ((e = ops->mod_exp(&w->g, m, w->d, w->k, r + 3 * n)))
        return e;
    if ((e = ops->mod_inv(&w->g, m, w->d, r + 4 * n)))
        return e;
    if ((e = ops->mod_reduce(&w->g, m, YF_SPAN(wide), r + 5 * n)))
        return e;
    return yf_selftest_answer(r, 6 * n, want);
}

static yf_err
numbers(struct work *w)
{
    yf_err e = numbers_mod(w, YF_MOD_P, w->kat->mod_p);

    return e ? e : numbers_mod(w, YF_MOD_N, w->kat->mod_n);
}

yf_err
yf_selftest_numbers(const yf_provider *p, unsigned curve)
{
    return run(p, curve, numbers);
}

/* ---- nonces: RFC 6979, and with it HMAC_DRBG ---- */

yf_err
yf_selftest_nonce(const yf_provider *p, unsigned curve)
{
    const struct yf_hash_alg *hash = yf_provider_hash(p, kats[curve].hash);
    uint8_t k[YF_FIELD_MAX];
    struct work w;
    yf_hedge h;
    yf_err e = hash ? begin(&w, p, curve) : YF_E_NOTFOUND;

    if (e)
        return e;
    if (!(e = yf_hedge_init(&h, hash, &w.g, w.d, YF_SPAN(w.digest), NULL))) {
        yf_nonce next = yf_hedge_nonce(&h);
        e = next.next(next.state, w.g.curve, k);
        yf_hedge_wipe(&h);
    }
    if (!e)
        e = yf_selftest_answer(k, w.size, w.kat->nonce);
    yf_group_close(&w.g);
    return e;
}

/* ---- signatures: SM2 on its own curve, ECDSA on the others ---- */

static bool
is_sm2(const struct work *w)
{
    return w->g.curve == &yf_curve_sm2;
}

static yf_err
verify(struct work *w, const uint8_t *pub, const uint8_t *sig)
{
    yf_span q = { pub, w->point };

    if (is_sm2(w))
        return w->g.ops->sm2_verify(&w->g, q, YF_SPAN(w->digest), sig);
    return w->g.ops->ecdsa_verify(&w->g, q, YF_SPAN(w->digest), sig);
}

/* A nonce for a signer that asks for one; others draw their own. */
struct asked {
    const uint8_t *k;
    bool was;
};

static yf_err
give(void *state, const yf_curve *c, uint8_t *k)
{
    struct asked *a = state;

    memcpy(k, a->k, c->size);
    a->was = true;
    return YF_OK;
}

static yf_err
sign(struct work *w)
{
    struct asked asked = { w->k, false };
    yf_nonce nonce = { give, &asked };
    uint8_t sig[2 * YF_FIELD_MAX], pub[YF_POINT_MAX];
    const struct yf_group_ops *ops = w->g.ops;
    yf_err e;

    if (is_sm2(w))
        e = ops->sm2_sign(&w->g, w->d, YF_SPAN(w->digest), &nonce, sig);
    else
        e = ops->ecdsa_sign(&w->g, w->d, YF_SPAN(w->digest), &nonce, sig);
    if (e)
        return e;
    if (asked.was && (e = yf_selftest_answer(sig, 2 * w->size, w->kat->sig)))
        return e;
    if ((e = yf_ec_public(&w->g, w->d, pub)))
        return e;
    return verify(w, pub, sig);
}

yf_err
yf_selftest_sign(const yf_provider *p, unsigned curve)
{
    return run(p, curve, sign);
}

/*
 * The signature with nonce k, calculated: x of k G and the digest e give, modulo n,
 * SM2:   r = e + x, s = (k - r d) / (1 + d)        GB/T 32918.2 6.1
 * ECDSA: r = x,     s = (e + r d) / k              FIPS 186-5 6.4.1
 */
static yf_err
calculate(struct work *w, uint8_t *r, uint8_t *s)
{
    const struct yf_group_ops *ops = w->g.ops;
    const yf_group *g = &w->g;
    uint8_t kg[YF_POINT_MAX], one[YF_FIELD_MAX] = { 0 }, x[YF_FIELD_MAX], e[YF_FIELD_MAX];
    uint8_t t[YF_FIELD_MAX], below[YF_FIELD_MAX];
    bool sm2 = is_sm2(w);
    yf_err err;

    one[w->size - 1] = 1;
    if ((err = ops->mul(g, w->k, (yf_span){ NULL, 0 }, kg)))
        return err;
    if ((err = ops->mod_reduce(g, YF_MOD_N, (yf_span){ kg + 1, w->size }, x)))
        return err;
    if ((err = ops->mod_reduce(g, YF_MOD_N, YF_SPAN(w->digest), e)))
        return err;
    memcpy(r, x, w->size);
    if (sm2 && (err = ops->mod_add(g, YF_MOD_N, e, x, r)))
        return err;
    if ((err = ops->mod_mul(g, YF_MOD_N, r, w->d, t)))
        return err;
    if ((err = sm2 ? ops->mod_sub(g, YF_MOD_N, w->k, t, s) : ops->mod_add(g, YF_MOD_N, e, t, s)))
        return err;
    memcpy(t, s, w->size);
    memcpy(below, w->k, w->size);
    if (sm2 && (err = ops->mod_add(g, YF_MOD_N, one, w->d, below)))
        return err;
    if ((err = ops->mod_inv(g, YF_MOD_N, below, x)))
        return err;
    return ops->mod_mul(g, YF_MOD_N, t, x, s);
}

/* Accepted as it is, refused with another digest and under another key. */
static yf_err
verifies(struct work *w)
{
    uint8_t sig[2 * YF_FIELD_MAX], pub[YF_POINT_MAX], other[YF_POINT_MAX];
    yf_err e;

    if ((e = calculate(w, sig, sig + w->size)))
        return e;
    if ((e = yf_selftest_answer(sig, 2 * w->size, w->kat->sig)))
        return e;
    if ((e = yf_ec_public(&w->g, w->d, pub)) || (e = yf_ec_public(&w->g, w->k, other)))
        return e;
    if ((e = verify(w, pub, sig)))
        return e;
    if (verify(w, other, sig) != YF_E_AUTH)
        return YF_E_AUTH;
    w->digest[31] ^= 1;
    return verify(w, pub, sig) == YF_E_AUTH ? YF_OK : YF_E_AUTH;
}

yf_err
yf_selftest_verify(const yf_provider *p, unsigned curve)
{
    return run(p, curve, verifies);
}

/* ---- key agreement: both halves give the x of d k G ---- */

static yf_err
agree(struct work *w)
{
    uint8_t own[YF_POINT_MAX], peer[YF_POINT_MAX], a[YF_FIELD_MAX], b[YF_FIELD_MAX];
    yf_err e;

    if ((e = yf_ec_public(&w->g, w->d, own)) || (e = yf_ec_public(&w->g, w->k, peer)))
        return e;
    if ((e = yf_ecdh(&w->g, w->d, (yf_span){ peer, w->point }, a)))
        return e;
    if ((e = yf_ecdh(&w->g, w->k, (yf_span){ own, w->point }, b)))
        return e;
    return yf_ct_eq(a, b, w->size) ? YF_OK : YF_E_AUTH;
}

yf_err
yf_selftest_ecdh(const yf_provider *p, unsigned curve)
{
    return run(p, curve, agree);
}

/* ---- SM2 as a whole ---- */

struct sm2_work {
    yf_sm2 s;
    uint8_t d[YF_SM2_SIZE], k[YF_SM2_SIZE], dg[YF_SM2_POINT], kg[YF_SM2_POINT];
};

static yf_err
sm2_ready(struct sm2_work *w)
{
    yf_err e;

    number(w->d, YF_SM2_SIZE, 29, 7);
    number(w->k, YF_SM2_SIZE, 37, 5);
    if ((e = yf_ec_public(&w->s.group, w->d, w->dg)))
        return e;
    return yf_ec_public(&w->s.group, w->k, w->kg);
}

static yf_err
sm2_run(const yf_provider *p, yf_err (*test)(struct sm2_work *w))
{
    struct sm2_work w;
    bool lacks = !p->group_sm2 || !yf_provider_hash(p, YF_SM3);
    yf_err e = lacks ? YF_E_NOTFOUND : yf_sm2_open(&w.s, p);

    if (e)
        return e;
    if (!(e = sm2_ready(&w)))
        e = test(&w);
    yf_sm2_close(&w.s);
    return e;
}

static yf_err
say(void *k, uint8_t *out, size_t n)
{
    memcpy(out, k, n);
    return YF_OK;
}

/* To D with k for a nonce; decrypted, and refused with a changed C3. */
static yf_err
encrypt(struct sm2_work *w)
{
    uint8_t msg[SM2_MSG], raw[YF_SM2_OVERHEAD + SM2_MSG], back[SM2_MSG];
    yf_rng rng = { say, w->k };
    yf_err e;

    yf_selftest_pattern(msg, sizeof msg, 29, 7);
    if ((e = yf_sm2_encrypt(&w->s, YF_SPAN(w->dg), YF_SPAN(msg), &rng, raw)))
        return e;
    if ((e = yf_selftest_answer(raw, sizeof raw, sm2_raw)))
        return e;
    if ((e = yf_sm2_decrypt(&w->s, w->d, YF_SPAN(raw), back)))
        return e;
    if (!yf_ct_eq(back, msg, sizeof msg))
        return YF_E_AUTH;
    raw[YF_SM2_POINT] ^= 1;
    return yf_sm2_decrypt(&w->s, w->d, YF_SPAN(raw), back) == YF_E_AUTH ? YF_OK : YF_E_AUTH;
}

yf_err
yf_selftest_encrypt(const yf_provider *p, unsigned unused)
{
    (void)unused;
    return sm2_run(p, encrypt);
}

/* A has d and draws k, B has k and draws d: both must come to the same key and confirmations. */
static yf_err
exchange(struct sm2_work *w)
{
    const struct yf_sm2_side a = { YF_STR("A"), YF_SPAN(w->dg), YF_SPAN(w->kg) };
    const struct yf_sm2_side b = { YF_STR("B"), YF_SPAN(w->kg), YF_SPAN(w->dg) };
    uint8_t r[SM2_KEY + 32 + 32];
    uint8_t *s1 = r + SM2_KEY, *s2 = s1 + 32;
    yf_err e;

    if ((e = yf_sm2_exchange(&w->s, true, w->d, w->k, &a, &b, r, SM2_KEY, s1, s2)))
        return e;
    if ((e = yf_selftest_answer(r, sizeof r, sm2_exchange)))
        return e;
    if ((e = yf_sm2_exchange(&w->s, false, w->k, w->d, &b, &a, r, SM2_KEY, s1, s2)))
        return e;
    return yf_selftest_answer(r, sizeof r, sm2_exchange);
}

yf_err
yf_selftest_exchange(const yf_provider *p, unsigned unused)
{
    (void)unused;
    return sm2_run(p, exchange);
}
