/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL's SM2, SM3 and SM4 as a provider: the second opinion on ours. It serves
 * tests only, so it is plain rather than fast, and ends the test where OpenSSL
 * fails for another reason than its input.
 */
#include "providers.h"

#include <yufu/crypto/host.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(int ok)
{
    if (ok == 1)
        return;
    ERR_print_errors_fp(stderr);
    abort();
}

/* ---- SM3 ---- */

static const struct yf_hash_alg sm3;

static yf_err
sm3_init(yf_hash *h)
{
    *h = (yf_hash){ .alg = &sm3, .state.host = EVP_MD_CTX_new() };
    must(EVP_DigestInit_ex(h->state.host, EVP_sm3(), NULL));
    return YF_OK;
}

static void
sm3_add(yf_hash *h, yf_span bytes)
{
    h->total += bytes.n;
    must(EVP_DigestUpdate(h->state.host, bytes.p, bytes.n));
}

static void
sm3_drop(yf_hash *h)
{
    EVP_MD_CTX_free(h->state.host);
    memset(h, 0, sizeof *h);
}

static void
sm3_end(yf_hash *h, uint8_t *md)
{
    must(EVP_DigestFinal_ex(h->state.host, md, NULL));
    sm3_drop(h);
}

static yf_err
sm3_fork(yf_hash *to, const yf_hash *from)
{
    *to = *from;
    to->state.host = EVP_MD_CTX_new();
    must(EVP_MD_CTX_copy_ex(to->state.host, from->state.host));
    return YF_OK;
}

static const struct yf_hash_alg sm3 = {
    .name = "sm3",
    .id = YF_SM3,
    .size = 32,
    .block = 64,
    .init = sm3_init,
    .add = sm3_add,
    .end = sm3_end,
    .drop = sm3_drop,
    .fork = sm3_fork,
};

/* ---- SM4: the key stands in the struct, and each call begins anew ---- */

static const struct yf_cipher_alg sm4;

static yf_err
sm4_init(yf_cipher *c, const uint8_t *key)
{
    *c = (yf_cipher){ .alg = &sm4 };
    memcpy(c->key.w32, key, 16);
    return YF_OK;
}

static void
sm4_drop(yf_cipher *c)
{
    yf_wipe(c, sizeof *c);
}

static void
sm4_run(const yf_cipher *c, const EVP_CIPHER *mode, int enc, const uint8_t *iv, uint8_t *out,
        const uint8_t *in, size_t n)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int done;

    must(EVP_CipherInit_ex(ctx, mode, NULL, (const uint8_t *)c->key.w32, iv, enc));
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    must(EVP_CipherUpdate(ctx, out, &done, in, (int)n));
    EVP_CIPHER_CTX_free(ctx);
}

static void
sm4_ecb_enc(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    sm4_run(c, EVP_sm4_ecb(), 1, NULL, out, in, n);
}

static void
sm4_ecb_dec(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    sm4_run(c, EVP_sm4_ecb(), 0, NULL, out, in, n);
}

static void
sm4_cbc_enc(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    sm4_run(c, EVP_sm4_cbc(), 1, iv, out, in, n);
    if (n)
        memcpy(iv, out + n - 16, 16);
}

static void
sm4_cbc_dec(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    uint8_t first[16], next[16];

    if (!n)
        return;
    memcpy(first, iv, 16);
    memcpy(next, in + n - 16, 16);
    sm4_run(c, EVP_sm4_cbc(), 0, first, out, in, n);
    memcpy(iv, next, 16);
}

static void
sm4_ctr(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    sm4_run(c, EVP_sm4_ctr(), 1, counter, out, in, n);
    for (size_t blocks = (n + 15) / 16; blocks; blocks--)
        for (size_t i = 16; i-- > 0 && ++counter[i] == 0;)
            ;
}

static const struct yf_cipher_alg sm4 = {
    .name = "sm4",
    .id = YF_SM4,
    .block = 16,
    .key = 16,
    .init = sm4_init,
    .drop = sm4_drop,
    .ecb_enc = sm4_ecb_enc,
    .ecb_dec = sm4_ecb_dec,
    .cbc_enc = sm4_cbc_enc,
    .cbc_dec = sm4_cbc_dec,
    .ctr = sm4_ctr,
};

/* ---- SM2: arithmetic as the host does it on any curve; signatures by EVP ---- */

static struct yf_group_ops sm2;

/* A key of one parameter besides the curve; NULL if OpenSSL will not have it. */
static EVP_PKEY_CTX *
sm2_key(OSSL_PARAM key)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"SM2", 0),
        key,
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *from = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    EVP_PKEY_CTX *ctx = NULL;
    EVP_PKEY *pkey = NULL;

    must(EVP_PKEY_fromdata_init(from));
    if (EVP_PKEY_fromdata(from, &pkey, EVP_PKEY_KEYPAIR, params) == 1)
        ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    EVP_PKEY_free(pkey);
    EVP_PKEY_CTX_free(from);
    return ctx;
}

/* d in [1, n-2]. OpenSSL signs with 0 and n, too, and with n-1 it never comes back. */
static bool
in_range(const uint8_t *d)
{
    uint8_t zero[32] = { 0 }, last[32];

    memcpy(last, yf_curve_sm2.n, 32);
    last[31]--;
    return memcmp(d, zero, 32) > 0 && memcmp(d, last, 32) < 0;
}

static yf_err
sm2_sign(const yf_group *g, const uint8_t *d, yf_span e, const yf_nonce *nonce, uint8_t *sig)
{
    uint8_t little[32], der[80];
    const uint8_t *at = der;
    size_t n = sizeof der;
    (void)g, (void)nonce;

    if (!in_range(d))
        return YF_E_FORMAT;
    for (size_t i = 0; i < 32; i++)
        little[i] = d[31 - i];
    EVP_PKEY_CTX *ctx = sm2_key(OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, little, 32));
    bool ok = ctx && EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_sign(ctx, der, &n, e.p, e.n) == 1;
    ECDSA_SIG *rs = ok ? d2i_ECDSA_SIG(NULL, &at, (long)n) : NULL;
    if (rs) {
        must(BN_bn2binpad(ECDSA_SIG_get0_r(rs), sig, 32) == 32);
        must(BN_bn2binpad(ECDSA_SIG_get0_s(rs), sig + 32, 32) == 32);
    }
    ECDSA_SIG_free(rs);
    EVP_PKEY_CTX_free(ctx);
    ERR_clear_error();
    return ok ? YF_OK : YF_E_FORMAT;
}

static yf_err
sm2_verify(const yf_group *g, yf_span pub, yf_span e, const uint8_t *sig)
{
    uint8_t point[65], *der = NULL;
    yf_err err = g->ops->decode(g, pub, point);

    if (err)
        return err;
    ECDSA_SIG *rs = ECDSA_SIG_new();
    must(ECDSA_SIG_set0(rs, BN_bin2bn(sig, 32, NULL), BN_bin2bn(sig + 32, 32, NULL)));
    int n = i2d_ECDSA_SIG(rs, &der);
    EVP_PKEY_CTX *ctx =
        sm2_key(OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point));
    must(ctx && EVP_PKEY_verify_init(ctx));
    bool ok = EVP_PKEY_verify(ctx, der, (size_t)n, e.p, e.n) == 1;
    EVP_PKEY_CTX_free(ctx);
    OPENSSL_free(der);
    ECDSA_SIG_free(rs);
    ERR_clear_error();
    return ok ? YF_OK : YF_E_AUTH;
}

static yf_err
sm2_open(yf_group *g, const yf_curve *curve)
{
    if (yf_curve_same(curve) != &yf_curve_sm2)
        return YF_E_UNSUPPORTED;
    yf_err e = yf_provider_host.group->open(g, curve);
    if (!e)
        g->ops = &sm2;
    return e;
}

__attribute__((constructor)) static void
borrow(void)
{
    sm2 = *yf_provider_host.group;
    sm2.name = "openssl-sm2";
    sm2.open = sm2_open;
    sm2.sm2_sign = sm2_sign;
    sm2.sm2_verify = sm2_verify;
}

const yf_provider test_provider_openssl = {
    .name = "openssl",
    .hash = { [YF_SM3] = &sm3 },
    .cipher = { [YF_SM4] = &sm4 },
    .group_sm2 = &sm2,
};
