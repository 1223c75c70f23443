/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys and what is drawn for them are secret, from their making to their file. */
#include "secret.h"

#include <yufu/crypto/key.h>
#include <yufu/crypto/provider.h>

#include <string.h>

static const yf_curve *const curves[] = { &yf_curve_p256, &yf_curve_bp256r1, &yf_curve_p521 };
enum { CURVES = sizeof curves / sizeof *curves };

static const yf_provider *const soft = &yf_provider_soft;

static yf_group group;
static struct rnd drawn;
static yf_rng rng;
static uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX];

static yf_span
point(void)
{
    return (yf_span){ pub, yf_point_size(&group) };
}

/* A key pair of each curve; made secretly, its public half public by itself. */
static void
on_each(void (*run)(void))
{
    for (size_t i = 0; i < CURVES; i++) {
        drawn = (struct rnd){ 186 };
        rng = secret_rng(&drawn);
        must_be(YF_OK, yf_group_open(&group, yf_provider_group(soft, curves[i]), curves[i]));
        must_be(YF_OK, yf_ec_keygen(&group, &rng, d, pub));
        if (pub[0] != 4 || (pub[2] == 0 && pub[3] == 0 && pub[4] == 0))
            abort();
        run();
        yf_group_close(&group);
    }
}

static void
nothing(void)
{
}

static void
keygen(void)
{
    on_each(nothing);
}

/* A source that first gives what is out of range. */
static yf_err
high_then_random(void *state, uint8_t *out, size_t n)
{
    yf_err e = secret_fill(state, out, n);
    struct rnd *r = state;

    if (r->state & 1) { // an odd seed, once
        memset(out, 0xFF, n);
        ct_secret(out, n);
        r->state &= ~UINT64_C(1);
    }
    return e;
}

static void
draw_again_one(void)
{
    struct rnd odd = { 187 };
    yf_rng high = { high_then_random, &odd };

    must_be(YF_OK, yf_ec_keygen(&group, &high, d, pub));
}

static void
draw_again(void)
{
    on_each(draw_again_one);
}

static void
nonce_one(void)
{
    uint8_t k[YF_FIELD_MAX];
    yf_hedge h;

    must_be(YF_OK, yf_hedge_init(&h, soft->hash[YF_SHA256], &group, d, YF_STR("digest"), &rng));
    yf_nonce next = yf_hedge_nonce(&h);
    must_be(YF_OK, next.next(next.state, group.curve, k));
    yf_hedge_wipe(&h);
}

static void
nonce(void)
{
    on_each(nonce_one);
}

static void
ecdsa_one(void)
{
    uint8_t digest[32] = { 1 }, sig[2 * YF_FIELD_MAX], der[YF_SIG_DER_MAX];
    yf_span rs = { sig, 2 * (size_t)group.curve->size };
    size_t n;

    must_be(YF_OK, yf_ecdsa_sign(&group, soft->hash[YF_SHA256], d, YF_SPAN(digest), &rng, sig));
    must_be(YF_OK, yf_sig_to_der(rs, der, &n)); // a signature is public
    must_be(YF_OK, yf_ecdsa_verify(&group, point(), YF_SPAN(digest), rs));
}

static void
ecdsa(void)
{
    on_each(ecdsa_one);
}

static void
ecdh_one(void)
{
    uint8_t e[YF_FIELD_MAX], peer[YF_POINT_MAX], z[YF_FIELD_MAX];
    yf_span q = { peer, yf_point_size(&group) };

    must_be(YF_OK, yf_ec_keygen(&group, &rng, e, peer));
    must_be(YF_OK, yf_ecdh(&group, d, q, z));
}

static void
ecdh(void)
{
    on_each(ecdh_one);
}

/* Its file tells a private key's length and curve, and nothing of its value. */
static void
file_one(void)
{
    uint8_t der[YF_KEY_DER_MAX];
    yf_out o = yf_out_of(der, sizeof der);
    yf_key k, again;

    must_be(YF_OK, yf_key_generate(soft, group.curve, &rng, &k));
    yf_key_write_private(&k, &o);
    must_be(YF_OK, o.err);
    must_be(YF_OK, yf_key_read_private(soft, yf_out_span(&o), &again));
    if (!yf_span_eq(yf_key_point(&k), yf_key_point(&again)))
        abort();
}

static void
file(void)
{
    on_each(file_one);
}

CT_MAIN(CT(keygen), CT(draw_again), CT(nonce), CT(ecdsa), CT(ecdh), CT(file))
