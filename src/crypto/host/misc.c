/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The algorithms only daemons need. HKDF stands on our own HMAC, so that it takes
 * any provider's hash; Ed25519 and scrypt are OpenSSL's.
 */
#include "ossl.h"

#include <openssl/kdf.h>
#include <string.h>

/* ---- Ed25519, RFC 8032 ---- */

enum { ED_KEY = 32, ED_SIG = 64 };

yf_err
yf_ed25519_public(const uint8_t seed[32], uint8_t pub[32])
{
    EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED_KEY);
    size_t n = ED_KEY;
    bool ok = k && EVP_PKEY_get_raw_public_key(k, pub, &n) == 1;

    EVP_PKEY_free(k);
    return ok ? YF_OK : yf_ossl_err(YF_E_ROOM);
}

yf_err
yf_ed25519_sign(const uint8_t seed[32], yf_span msg, uint8_t sig[64])
{
    EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED_KEY);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = ED_SIG;
    bool ok = k && ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, k) == 1 &&
              EVP_DigestSign(ctx, sig, &n, msg.p, msg.n) == 1;

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(k);
    return ok ? YF_OK : yf_ossl_err(YF_E_ROOM);
}

yf_err
yf_ed25519_verify(const uint8_t pub[32], yf_span msg, yf_span sig)
{
    EVP_PKEY *k = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, pub, ED_KEY);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    yf_err e = YF_E_ROOM;

    if (k && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k) == 1)
        e = sig.n == ED_SIG && EVP_DigestVerify(ctx, sig.p, sig.n, msg.p, msg.n) == 1 ? YF_OK
                                                                                      : YF_E_AUTH;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(k);
    return e ? yf_ossl_err(e) : YF_OK;
}

/* ---- HKDF, RFC 5869 ---- */

yf_err
yf_hkdf(const struct yf_hash_alg *hash, yf_span salt, yf_span ikm, yf_span info, uint8_t *out,
        size_t n)
{
    uint8_t prk[YF_HASH_MAX], t[YF_HASH_MAX];
    size_t t_n = 0; // T(0) is empty
    yf_err e;

    if (!hash)
        return YF_E_UNSUPPORTED;
    if (n > 255 * (size_t)hash->size)
        return YF_E_FORMAT;
    e = yf_hmac_all(hash, salt, &ikm, 1, prk);
    for (uint8_t i = 1; !e && n; i++) {
        const yf_span in[] = { { t, t_n }, info, { &i, 1 } };
        e = yf_hmac_all(hash, (yf_span){ prk, hash->size }, in, 3, t);
        t_n = n < hash->size ? n : hash->size;
        if (!e)
            memcpy(out, t, t_n);
        out += t_n;
        n -= t_n;
    }
    yf_wipe(prk, sizeof prk);
    yf_wipe(t, sizeof t);
    return e;
}

/* ---- scrypt, RFC 7914 ---- */

#define SCRYPT_MEMORY (UINT64_C(256) << 20)

yf_err
yf_scrypt(yf_span pass, yf_span salt, uint64_t n_cost, uint32_t r, uint32_t p, uint8_t *out,
          size_t n)
{
    if (n_cost < 2 || (n_cost & (n_cost - 1)) || r == 0 || p == 0 || n == 0)
        return YF_E_FORMAT;
    if (r < 4 && n_cost >> 16 * r) // RFC 7914 2: N < 2^(128 * r / 8)
        return YF_E_FORMAT;
    if (n_cost > SCRYPT_MEMORY / 128 / r || p > SCRYPT_MEMORY / 128 / r)
        return YF_E_ROOM;
    if (EVP_PBE_scrypt((const char *)pass.p, pass.n, salt.p, salt.n, n_cost, r, p,
                       3 * SCRYPT_MEMORY, out, n) != 1)
        return yf_ossl_err(YF_E_ROOM);
    return YF_OK;
}
