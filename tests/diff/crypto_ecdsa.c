/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDSA and ECDH with hashes and hedged nonces: what one provider signs the other
 * verifies, each in turn; both agree on a key; and OpenSSL's DER is ours. P-256 is
 * asked all the times, the other curves a hundredth of them.
 */
#include "../rng.h"
#include "diff.h"
#include "providers.h"

#include <yufu/crypto/ec.h>
#include <yufu/crypto/host.h>

#include <openssl/ecdsa.h>

static const yf_provider *const both[2] = { &yf_provider_soft, &yf_provider_host };

/* A pair of groups, a key of each. */
static struct pair {
    struct rnd r;
    yf_rng rng;
    yf_group g[2];
    size_t size;
    uint8_t d[2][YF_FIELD_MAX], pub[2][YF_POINT_MAX];
} w;

static yf_span
pub(size_t who)
{
    return (yf_span){ w.pub[who], yf_point_size(&w.g[who]) };
}

static void
same_der(yf_span sig)
{
    uint8_t ours[YF_SIG_DER_MAX], *theirs = NULL;
    ECDSA_SIG *rs = ECDSA_SIG_new();
    size_t n = 0;

    T(ECDSA_SIG_set0(rs, BN_bin2bn(sig.p, (int)w.size, NULL),
                     BN_bin2bn(sig.p + w.size, (int)w.size, NULL)));
    int m = i2d_ECDSA_SIG(rs, &theirs);
    T_OK(yf_sig_to_der(sig, ours, &n));
    T_SPAN(((yf_span){ ours, n }), ((yf_span){ theirs, (size_t)m }));
    OPENSSL_free(theirs);
    ECDSA_SIG_free(rs);
}

static void
sign(size_t signer, enum yf_hash_id id)
{
    const struct yf_hash_alg *hash = both[signer]->hash[id];
    uint8_t digest[YF_HASH_MAX], sig[2 * YF_FIELD_MAX];
    yf_span m = { digest, hash->size }, rs = { sig, 2 * w.size };

    rnd_fill(&w.r, digest, sizeof digest);
    T_OK(yf_ecdsa_sign(&w.g[signer], hash, w.d[signer], m, &w.rng, sig));
    T_OK(yf_ecdsa_verify(&w.g[!signer], pub(signer), m, rs));
    same_der(rs);
    digest[rnd_below(&w.r, 20)] ^= (uint8_t)(1 << rnd_below(&w.r, 8));
    T_ERR(YF_E_AUTH, yf_ecdsa_verify(&w.g[!signer], pub(signer), m, rs));
}

static void
agree(void)
{
    uint8_t z[2][YF_FIELD_MAX];

    for (size_t i = 0; i < 2; i++)
        T_OK(yf_ecdh(&w.g[i], w.d[i], pub(!i), z[i]));
    T_MEM(z[0], z[1], w.size);
}

static void
curve(const yf_curve *c, size_t turns)
{
    w.rng = rng_seeded(&w.r);
    w.size = c->size;
    for (size_t i = 0; i < 2; i++)
        T_OK(yf_group_open(&w.g[i], both[i]->group, c));
    for (size_t turn = 0; turn < turns; turn++) {
        if (turn % 4 == 0) {
            for (size_t i = 0; i < 2; i++)
                T_OK(yf_ec_keygen(&w.g[i], &w.rng, w.d[i], w.pub[i]));
            agree();
        }
        sign(turn & 1, (enum yf_hash_id)(YF_SHA1 + rnd_below(&w.r, YF_HASHES - YF_SHA1)));
    }
    for (size_t i = 0; i < 2; i++)
        yf_group_close(&w.g[i]);
}

static void
p256(void **st)
{
    (void)st;
    w.r = diff_start(9);
    curve(&yf_curve_p256, diff_times());
}

static void
others(void **st)
{
    (void)st;
    w.r = diff_start(10);
    for (const yf_curve *const *c = yf_curves; *c; c++)
        if (*c != &yf_curve_p256 && *c != &yf_curve_sm2)
            curve(*c, diff_times() / 100);
}

T_MAIN(cmocka_unit_test(p256), cmocka_unit_test(others))
