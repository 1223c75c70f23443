/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/drbg.h>
#include <yufu/crypto/modes.h>
#include <yufu/crypto/selftest.h>

#include "selftest.h"

#include <string.h>

void
yf_selftest_pattern(uint8_t *p, size_t n, unsigned mul, unsigned add)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(mul * i + add);
}

yf_err
yf_selftest_answer(const uint8_t *out, size_t n, uint64_t want)
{
    uint8_t fold[8] = { 0 };

    for (size_t i = 0; i < n; i++)
        fold[i % sizeof fold] ^= out[i];
    return yf_be64(fold) == want ? YF_OK : YF_E_AUTH;
}

/* ---- hashes, and HMAC on each ---- */

static const struct {
    uint64_t md, mac;
} hashes[YF_HASHES] = {
    [YF_SM3] = { 0xD2EC45BB7149271E, 0x9B1D3739D717FEE6 },
    [YF_SHA1] = { 0xE5437FFD583CC661, 0x7A98CE13B9F5CEE1 },
    [YF_SHA224] = { 0x6B47E2FD127B3E1E, 0xDCE63B8B4DA728AC },
    [YF_SHA256] = { 0x48074D68FCB9CB09, 0x334959BC9D6B4DB5 },
    [YF_SHA384] = { 0x407A168F3FC00014, 0xAEDD17DFDD086658 },
    [YF_SHA512] = { 0x9E5D51D2ABFF0364, 0x20C8AB3AD50DA405 },
};

enum { MESSAGE = 200, HMAC_KEY = 32 };

/* In pieces across block borders, and through a fork. */
static yf_err
digests(const struct yf_hash_alg *alg, const uint8_t *msg, uint8_t *one, uint8_t *two)
{
    yf_hash h, fork;
    yf_err e;

    if ((e = yf_hash_init(&h, alg)))
        return e;
    yf_hash_add(&h, (yf_span){ msg, 1 });
    if ((e = yf_hash_fork(&fork, &h))) {
        yf_hash_drop(&h);
        return e;
    }
    yf_hash_add(&h, (yf_span){ msg + 1, 63 });
    yf_hash_add(&h, (yf_span){ msg + 64, MESSAGE - 64 });
    yf_hash_end(&h, one);
    yf_hash_add(&fork, (yf_span){ msg + 1, MESSAGE - 1 });
    yf_hash_end(&fork, two);
    return YF_OK;
}

static yf_err
hash(const yf_provider *p, unsigned id)
{
    const struct yf_hash_alg *alg = p->hash[id];
    uint8_t msg[MESSAGE], key[HMAC_KEY], one[YF_HASH_MAX], two[YF_HASH_MAX];
    yf_span in = YF_SPAN(msg);
    yf_err e;

    if (!alg)
        return YF_E_NOTFOUND;
    yf_selftest_pattern(msg, sizeof msg, 29, 7);
    yf_selftest_pattern(key, sizeof key, 1, 0);
    if ((e = digests(alg, msg, one, two)))
        return e;
    if ((e = yf_selftest_answer(one, alg->size, hashes[id].md)))
        return e;
    if ((e = yf_selftest_answer(two, alg->size, hashes[id].md)))
        return e;
    if ((e = yf_hmac_all(alg, YF_SPAN(key), &in, 1, one)))
        return e;
    return yf_selftest_answer(one, alg->size, hashes[id].mac);
}

/* ---- ciphers ---- */

/* mac: CMAC, or the retail MAC. */
static const struct {
    uint64_t ecb, cbc, ctr, tag, mac;
} ciphers[YF_CIPHERS] = {
    [YF_AES128] = { 0x3AC71A7B77E11884, 0x42BCBA43D6D69B0A, 0x6F80B9C7FAAA595A, 0x5628BF6A1B3B4DF2,
                    0x0113FEA23C3081EF },
    [YF_AES192] = { 0x5CF90A8C9396B423, 0x4A99919EAB0A898E, 0x23FC42FAF8802865, 0xEEC28390DB01D409,
                    0x41BAC2E21DE34B2B },
    [YF_AES256] = { 0x77952EB337C9B861, 0xED933DB53445EFA1, 0x71581E7FFC2C143F, 0xC7A949423260C6A7,
                    0xA75C1A455069AC75 },
    [YF_SM4] = { 0x0DD7A057C83CBFA3, 0x3F286BB35A5E8864, 0x081B56487F9F3295, 0x42D802D85310D7A7,
                 0x73BAD4FEA6CD0CB8 },
    [YF_DES3_2KEY] = { 0xCA99122851372F1E, 0x29EFEDF5E4DF6DF2, 0x3D19809331CC2582, 0,
                       0x98CDEC0CA89FFE67 },
    [YF_DES3_3KEY] = { 0x6A64E2ABFD62E3C8, 0x5670E61946BCE1E7, 0xCCD5A9DD64B23062, 0, 0 },
};

enum { WHOLE = 256, PART = 250 }; // bytes: of whole blocks, and not

struct work {
    yf_cipher c;
    uint8_t in[WHOLE], out[WHOLE], iv[YF_BLOCK_MAX], tag[YF_GCM_TAG];
};

static yf_err
same(const uint8_t *a, const uint8_t *b, size_t n)
{
    return yf_ct_eq(a, b, n) ? YF_OK : YF_E_AUTH;
}

static yf_err
ecb(struct work *w, unsigned id)
{
    const struct yf_cipher_alg *alg = w->c.alg;
    yf_err e;

    alg->ecb_enc(&w->c, w->out, w->in, WHOLE);
    if ((e = yf_selftest_answer(w->out, WHOLE, ciphers[id].ecb)))
        return e;
    alg->ecb_dec(&w->c, w->out, w->out, WHOLE);
    return same(w->out, w->in, WHOLE);
}

/* In two pieces, to see that the IV is handed on. */
static yf_err
cbc(struct work *w, unsigned id)
{
    const struct yf_cipher_alg *alg = w->c.alg;
    yf_err e;

    yf_selftest_pattern(w->iv, alg->block, 3, 0x11);
    alg->cbc_enc(&w->c, w->iv, w->out, w->in, 16);
    alg->cbc_enc(&w->c, w->iv, w->out + 16, w->in + 16, WHOLE - 16);
    if ((e = yf_selftest_answer(w->out, WHOLE, ciphers[id].cbc)))
        return e;
    yf_selftest_pattern(w->iv, alg->block, 3, 0x11);
    alg->cbc_dec(&w->c, w->iv, w->out, w->out, 16);
    alg->cbc_dec(&w->c, w->iv, w->out + 16, w->out + 16, WHOLE - 16);
    return same(w->out, w->in, WHOLE);
}

/* From 00 FF .. FF FE, so that the counter carries through all its bytes. */
static yf_err
ctr(struct work *w, unsigned id)
{
    size_t block = w->c.alg->block;

    memset(w->iv, 0xFF, block);
    w->iv[0] = 0;
    w->iv[block - 1] = 0xFE;
    w->c.alg->ctr(&w->c, w->iv, w->out, w->in, PART);
    return yf_selftest_answer(w->out, PART, ciphers[id].ctr);
}

static yf_err
gcm(struct work *w, unsigned id)
{
    const struct yf_cipher_alg *alg = w->c.alg;
    yf_span iv = { w->iv, 12 }, aad = { w->in, 20 }, in = { w->in, PART }, out = { w->out, PART };
    yf_err e;

    yf_selftest_pattern(w->iv, 12, 3, 0x11);
    if ((e = alg->gcm_seal(&w->c, iv, aad, in, w->out, w->tag)))
        return e;
    if ((e = yf_selftest_answer(w->tag, YF_GCM_TAG, ciphers[id].tag)))
        return e;
    if ((e = alg->gcm_open(&w->c, iv, aad, out, w->out, w->tag)))
        return e;
    if ((e = same(w->out, w->in, PART)))
        return e;
    w->tag[15] ^= 1;
    return alg->gcm_open(&w->c, iv, aad, in, w->out, w->tag) == YF_E_AUTH ? YF_OK : YF_E_AUTH;
}

static yf_err
cmac(struct work *w, unsigned id)
{
    yf_cmac m;

    yf_cmac_init(&m, &w->c);
    yf_cmac_add(&m, (yf_span){ w->in, PART });
    yf_cmac_end(&m, w->tag);
    return yf_selftest_answer(w->tag, 16, ciphers[id].mac);
}

static yf_err
retail_mac(struct work *w, yf_span key, unsigned id)
{
    yf_rmac m;
    yf_err e = yf_rmac_init(&m, w->c.alg, key);

    if (e)
        return e;
    yf_rmac_add(&m, (yf_span){ w->in, PART });
    yf_rmac_end(&m, w->tag);
    return yf_selftest_answer(w->tag, 8, ciphers[id].mac);
}

static yf_err
modes(struct work *w, yf_span key, unsigned id)
{
    const struct yf_cipher_alg *alg = w->c.alg;
    yf_err e;

    if ((e = ecb(w, id)) || (e = cbc(w, id)) || (e = ctr(w, id)))
        return e;
    if (alg->block == 16)
        return alg->gcm_seal && (e = gcm(w, id)) ? e : cmac(w, id);
    return id == YF_DES3_2KEY ? retail_mac(w, key, id) : YF_OK;
}

static yf_err
cipher(const yf_provider *p, unsigned id)
{
    const struct yf_cipher_alg *alg = p->cipher[id];
    bool des = id == YF_DES3_2KEY || id == YF_DES3_3KEY;
    uint8_t key[YF_CIPHER_KEY_MAX];
    struct work w;
    yf_err e;

    if (!alg)
        return YF_E_NOTFOUND;
    yf_selftest_pattern(key, sizeof key, des ? 37 : 1, des ? 1 : 0);
    yf_selftest_pattern(w.in, sizeof w.in, 29, 7);
    if ((e = yf_cipher_init(&w.c, alg, (yf_span){ key, alg->key })))
        return e;
    e = modes(&w, (yf_span){ key, alg->key }, id);
    yf_cipher_drop(&w.c);
    return e;
}

/* ---- the noise source's watchmen: SP 800-90B 4.4 ---- */

static yf_err
health(const yf_provider *p, unsigned unused)
{
    uint8_t stuck[64] = { 0 }, good[64];
    yf_health h;
    yf_err e;
    (void)p, (void)unused;

    yf_selftest_pattern(good, sizeof good, 29, 7);
    if ((e = yf_health_init(&h, 256)))
        return e;
    if ((e = yf_health_take(&h, YF_SPAN(good))))
        return e;
    return yf_health_take(&h, YF_SPAN(stuck)) == YF_E_STATE ? YF_OK : YF_E_AUTH;
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    yf_err (*run)(const yf_provider *p, unsigned which);
    unsigned which;
} tests[] = {
    { "sm3", hash, YF_SM3 },
    { "sha1", hash, YF_SHA1 },
    { "sha224", hash, YF_SHA224 },
    { "sha256", hash, YF_SHA256 },
    { "sha384", hash, YF_SHA384 },
    { "sha512", hash, YF_SHA512 },
    { "aes128", cipher, YF_AES128 },
    { "aes192", cipher, YF_AES192 },
    { "aes256", cipher, YF_AES256 },
    { "sm4", cipher, YF_SM4 },
    { "des3-2", cipher, YF_DES3_2KEY },
    { "des3-3", cipher, YF_DES3_3KEY },
    { "sm2.points", yf_selftest_points, KAT_SM2 },
    { "sm2.numbers", yf_selftest_numbers, KAT_SM2 },
    { "sm2.nonce", yf_selftest_nonce, KAT_SM2 },
    { "sm2.sign", yf_selftest_sign, KAT_SM2 },
    { "sm2.verify", yf_selftest_verify, KAT_SM2 },
    { "sm2.encrypt", yf_selftest_encrypt, 0 },
    { "sm2.exchange", yf_selftest_exchange, 0 },
    { "p256.points", yf_selftest_points, KAT_P256 },
    { "p256.numbers", yf_selftest_numbers, KAT_P256 },
    { "p256.nonce", yf_selftest_nonce, KAT_P256 },
    { "p256.sign", yf_selftest_sign, KAT_P256 },
    { "p256.verify", yf_selftest_verify, KAT_P256 },
    { "p256.ecdh", yf_selftest_ecdh, KAT_P256 },
    { "p384.points", yf_selftest_points, KAT_P384 },
    { "p384.numbers", yf_selftest_numbers, KAT_P384 },
    { "p384.nonce", yf_selftest_nonce, KAT_P384 },
    { "p384.sign", yf_selftest_sign, KAT_P384 },
    { "p384.verify", yf_selftest_verify, KAT_P384 },
    { "brainpoolp256r1.points", yf_selftest_points, KAT_BP256 },
    { "brainpoolp256r1.numbers", yf_selftest_numbers, KAT_BP256 },
    { "brainpoolp256r1.ecdh", yf_selftest_ecdh, KAT_BP256 },
    { "rsa.pkcs1", yf_selftest_rsa, YF_RSA_PKCS1 },
    { "rsa.pss", yf_selftest_rsa, YF_RSA_PSS },
    { "rsa.iso9796-2", yf_selftest_rsa, YF_RSA_ISO9796_2 },
    { "noise.health", health, 0 },
};

yf_err
yf_selftest(const yf_provider *p, const yf_selftest_report *report)
{
    bool failed = false;
    size_t ran = 0;

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        yf_err e = tests[i].run(p, tests[i].which);
        if (e == YF_E_NOTFOUND)
            continue;
        ran += tests[i].run != health;
        failed |= e != YF_OK;
        if (report)
            report->done(report->state, tests[i].name, e);
    }
    return failed || !ran ? YF_E_STATE : YF_OK;
}
