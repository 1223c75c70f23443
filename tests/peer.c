/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

/* ---- keys ---- */

static EVP_PKEY *
key_of(const uint8_t *d, yf_span point)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    BIGNUM *number = d ? BN_bin2bn(d, 32, NULL) : NULL;
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;

    if (build && ctx &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) &&
        (!d || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number)))
        params = OSSL_PARAM_BLD_to_param(build);
    if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    BN_free(number);
    ERR_clear_error();
    return key;
}

EVP_PKEY *
peer_public(yf_span point)
{
    return key_of(NULL, point);
}

EVP_PKEY *
peer_private(const uint8_t d[32], const uint8_t pub[YF_SM2_POINT])
{
    return key_of(d, (yf_span){ pub, YF_SM2_POINT });
}

/* ---- signatures ---- */

static EVP_MD_CTX *
with_id(EVP_PKEY *key, yf_span id, EVP_PKEY_CTX **use)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    *use = EVP_PKEY_CTX_new(key, NULL);
    if (EVP_PKEY_CTX_set1_id(*use, id.p, (int)id.n) != 1) {
        EVP_MD_CTX_free(ctx);
        ctx = NULL;
    } else {
        EVP_MD_CTX_set_pkey_ctx(ctx, *use);
    }
    return ctx;
}

static bool
done(bool good, EVP_MD_CTX *ctx, EVP_PKEY_CTX *use)
{
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_CTX_free(use);
    ERR_clear_error();
    return good;
}

bool
peer_sign(EVP_PKEY *key, yf_span id, yf_span msg, uint8_t *der, size_t cap, size_t *n)
{
    EVP_PKEY_CTX *use;
    EVP_MD_CTX *ctx = with_id(key, id, &use);

    *n = cap;
    return done(ctx && EVP_DigestSignInit(ctx, NULL, EVP_sm3(), NULL, key) == 1 &&
                    EVP_DigestSign(ctx, der, n, msg.p, msg.n) == 1,
                ctx, use);
}

bool
peer_verify(EVP_PKEY *key, yf_span id, yf_span msg, yf_span der)
{
    EVP_PKEY_CTX *use;
    EVP_MD_CTX *ctx = with_id(key, id, &use);

    return done(ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sm3(), NULL, key) == 1 &&
                    EVP_DigestVerify(ctx, der.p, der.n, msg.p, msg.n) == 1,
                ctx, use);
}

bool
peer_verify_digest(EVP_PKEY *key, yf_span e, yf_span der)
{
    EVP_PKEY_CTX *use = EVP_PKEY_CTX_new(key, NULL);

    return done(EVP_PKEY_verify_init(use) == 1 && EVP_PKEY_verify(use, der.p, der.n, e.p, e.n) == 1,
                NULL, use);
}

/* ---- encryption ---- */

bool
peer_encrypt(EVP_PKEY *key, yf_span msg, uint8_t *der, size_t cap, size_t *n)
{
    EVP_PKEY_CTX *use = EVP_PKEY_CTX_new(key, NULL);

    *n = cap;
    return done(EVP_PKEY_encrypt_init(use) == 1 && EVP_PKEY_encrypt(use, der, n, msg.p, msg.n) == 1,
                NULL, use);
}

bool
peer_decrypt(EVP_PKEY *key, yf_span der, uint8_t *msg, size_t cap, size_t *n)
{
    EVP_PKEY_CTX *use = EVP_PKEY_CTX_new(key, NULL);

    *n = cap;
    return done(EVP_PKEY_decrypt_init(use) == 1 && EVP_PKEY_decrypt(use, msg, n, der.p, der.n) == 1,
                NULL, use);
}
