/* SPDX-License-Identifier: Apache-2.0 */
/* Ours beside OpenSSL, primitive by primitive: same sizes, same work a call. */
#include "bench.h"
#include "peer.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/modes.h>
#include <yufu/crypto/sm2.h>

#include <stdlib.h>
#include <string.h>

#define SOFT (&yf_provider_soft)
#define RNG (&yf_rng_system)

/* One curve, keyed, with a signature that verifies. */
struct pk {
    const yf_curve *curve;
    const struct yf_hash_alg *hash;
    yf_group g;
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX], digest[48], sig[2 * YF_FIELD_MAX];
    size_t digest_n;
};

static struct pk p256, bp256, p384;
static yf_sm2 sm2;
static uint8_t d[32], pub[65], e[32], sig[64], msg[32], box[32 + YF_SM2_OVERHEAD];
static yf_cipher sm4, aes128;
static uint8_t bulk[BULK], counter[16], chain[16];

static void
must(yf_err err)
{
    if (err)
        abort();
}

static yf_span
point(const struct pk *k)
{
    return (yf_span){ k->pub, yf_point_size(&k->g) };
}

static void
pk_open(struct pk *k, const yf_curve *curve, enum yf_hash_id hash)
{
    k->curve = curve;
    k->hash = SOFT->hash[hash];
    k->digest_n = k->hash->size;
    must(yf_group_open(&k->g, yf_provider_group(SOFT, curve), curve));
    must(yf_ec_keygen(&k->g, RNG, k->d, k->pub));
    must(yf_ecdsa_sign(&k->g, k->hash, k->d, (yf_span){ k->digest, k->digest_n }, RNG, k->sig));
}

static yf_err
open_all(void)
{
    static const uint8_t key[16] = { 1 };

    must(yf_cipher_init(&sm4, SOFT->cipher[YF_SM4], YF_SPAN(key)));
    must(yf_cipher_init(&aes128, SOFT->cipher[YF_AES128], YF_SPAN(key)));
    must(yf_sm2_open(&sm2, SOFT));
    must(yf_ec_keygen(&sm2.group, RNG, d, pub));
    must(yf_sm2_sign_digest(&sm2, d, e, RNG, sig));
    must(yf_sm2_encrypt(&sm2, YF_SPAN(pub), YF_SPAN(msg), RNG, box));
    pk_open(&p256, &yf_curve_p256, YF_SHA256);
    pk_open(&bp256, &yf_curve_bp256r1, YF_SHA256);
    pk_open(&p384, &yf_curve_p384, YF_SHA384);
    return peer_open();
}

static void
close_all(void)
{
    peer_close();
    yf_cipher_drop(&sm4);
    yf_cipher_drop(&aes128);
    yf_sm2_close(&sm2);
    yf_group_close(&p256.g);
    yf_group_close(&bp256.g);
    yf_group_close(&p384.g);
}

static void
digest(enum yf_hash_id id)
{
    yf_span in = YF_SPAN(bulk);
    must(yf_hash_all(SOFT->hash[id], &in, 1, bulk));
}

static void
gcm(const yf_cipher *c)
{
    uint8_t tag[YF_GCM_TAG];
    must(c->alg->gcm_seal(c, (yf_span){ counter, 12 }, (yf_span){ 0 }, YF_SPAN(bulk), bulk, tag));
}

static void
keygen(const yf_group *g)
{
    uint8_t key[YF_FIELD_MAX], p[YF_POINT_MAX];
    must(yf_ec_keygen(g, RNG, key, p));
}

static void
sign(struct pk *k)
{
    uint8_t s[2 * YF_FIELD_MAX];
    must(yf_ecdsa_sign(&k->g, k->hash, k->d, (yf_span){ k->digest, k->digest_n }, RNG, s));
}

static void
verify(struct pk *k)
{
    must(yf_ecdsa_verify(&k->g, point(k), (yf_span){ k->digest, k->digest_n },
                         (yf_span){ k->sig, 2 * (size_t)k->curve->size }));
}

static void
ecdh(struct pk *k)
{
    uint8_t z[YF_FIELD_MAX];
    must(yf_ecdh(&k->g, k->d, point(k), z));
}

#define CALL(name, call)                                                                           \
    static void name(void)                                                                         \
    {                                                                                              \
        call;                                                                                      \
    }

CALL(sm3, digest(YF_SM3))
CALL(sha256, digest(YF_SHA256))
CALL(sm4_ecb, sm4.alg->ecb_enc(&sm4, bulk, bulk, BULK))
CALL(sm4_ctr, sm4.alg->ctr(&sm4, counter, bulk, bulk, BULK))
CALL(sm4_cbc, sm4.alg->cbc_enc(&sm4, chain, bulk, bulk, BULK))
CALL(sm4_cbc_dec, sm4.alg->cbc_dec(&sm4, chain, bulk, bulk, BULK))
CALL(sm4_gcm, gcm(&sm4))
CALL(aes128_ctr, aes128.alg->ctr(&aes128, counter, bulk, bulk, BULK))
CALL(aes128_gcm, gcm(&aes128))
CALL(sm2_keygen, keygen(&sm2.group))
CALL(sm2_ecdh, must(yf_ecdh(&sm2.group, d, YF_SPAN(pub), msg)))
CALL(p256_keygen, keygen(&p256.g))
CALL(p256_sign, sign(&p256))
CALL(p256_verify, verify(&p256))
CALL(p256_ecdh, ecdh(&p256))
CALL(bp256_sign, sign(&bp256))
CALL(bp256_verify, verify(&bp256))
CALL(bp256_ecdh, ecdh(&bp256))
CALL(p384_sign, sign(&p384))
CALL(p384_verify, verify(&p384))
CALL(sm2_verify, must(yf_sm2_verify_digest(&sm2, YF_SPAN(pub), e, YF_SPAN(sig))))

static void
sm2_sign(void)
{
    uint8_t s[64];
    must(yf_sm2_sign_digest(&sm2, d, e, RNG, s));
}

static void
sm2_encrypt(void)
{
    uint8_t out[sizeof box];
    must(yf_sm2_encrypt(&sm2, YF_SPAN(pub), YF_SPAN(msg), RNG, out));
}

static void
sm2_decrypt(void)
{
    uint8_t out[32];
    must(yf_sm2_decrypt(&sm2, d, YF_SPAN(box), out));
}

#define MB (BULK / 1e6)
#define RATE(n, f, peer)                                                                           \
    {                                                                                              \
        n, "soft", "MB/s", MB, f, "openssl", .theirs = peer                                        \
    }
#define OPS(n, f, peer)                                                                            \
    {                                                                                              \
        n, "soft", "op/s", 1, f, "openssl", .theirs = peer                                         \
    }

static const struct bench_case cases[] = {
    OPS("sm2.keygen", sm2_keygen, peer_sm2_keygen),
    OPS("sm2.sign", sm2_sign, peer_sm2_sign),
    OPS("sm2.verify", sm2_verify, peer_sm2_verify),
    OPS("sm2.encrypt", sm2_encrypt, peer_sm2_encrypt),
    OPS("sm2.decrypt", sm2_decrypt, peer_sm2_decrypt),
    OPS("sm2.ecdh", sm2_ecdh, NULL), // OpenSSL's SM2 keys do not derive
    RATE("sm3", sm3, peer_sm3),
    RATE("sm4.ecb", sm4_ecb, peer_sm4_ecb),
    RATE("sm4.ctr", sm4_ctr, peer_sm4_ctr),
    RATE("sm4.cbc", sm4_cbc, peer_sm4_cbc),
    RATE("sm4.cbc-decrypt", sm4_cbc_dec, NULL),
    RATE("sm4.gcm", sm4_gcm, NULL), // OpenSSL 3.0 has none
    OPS("p256.keygen", p256_keygen, peer_p256_keygen),
    OPS("p256.sign", p256_sign, peer_p256_sign),
    OPS("p256.verify", p256_verify, peer_p256_verify),
    OPS("p256.ecdh", p256_ecdh, peer_p256_ecdh),
    OPS("brainpoolp256r1.sign", bp256_sign, peer_bp256_sign),
    OPS("brainpoolp256r1.verify", bp256_verify, peer_bp256_verify),
    OPS("brainpoolp256r1.ecdh", bp256_ecdh, peer_bp256_ecdh),
    OPS("p384.sign", p384_sign, peer_p384_sign),
    OPS("p384.verify", p384_verify, peer_p384_verify),
    RATE("sha256", sha256, peer_sha256),
    RATE("aes128.ctr", aes128_ctr, peer_aes128_ctr),
    RATE("aes128.gcm", aes128_gcm, peer_aes128_gcm),
};

size_t
bench_crypto_count(const struct bench_plan *p)
{
    return bench_chosen(cases, sizeof cases / sizeof *cases, p);
}

yf_err
bench_crypto(const struct bench_plan *p, bench_report *report, void *arg)
{
    yf_err err = open_all();

    for (size_t i = 0; !err && i < sizeof cases / sizeof *cases; i++) {
        if (!bench_chosen(&cases[i], 1, p))
            continue;
        struct bench_result r = bench_measure(&cases[i], p);
        report(&r, arg);
    }
    close_all();
    return err;
}
