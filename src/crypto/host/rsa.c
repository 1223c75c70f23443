/* SPDX-License-Identifier: Apache-2.0 */
#include "ossl.h"

#include <yufu/wire/der.h>

#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

enum { BITS_NEW = 2048, BITS_MAX = 8 * YF_RSA_MAX };
enum { SIZE_MIN = 128, E_MAX = 8 }; // bytes

/* ---- keys ---- */

static void
close_key(yf_rsa *k)
{
    EVP_PKEY_free(k->host);
    memset(k, 0, sizeof *k);
}

/*
 * What makes a public key unfit for verifying, whoever vouches for it: with e = 1
 * anything signs, and a huge e or n only wastes our time. Both have no leading zeros.
 */
static yf_err
check(yf_span n, yf_span e)
{
    static const uint8_t one = 1;

    if (!(n.p[n.n - 1] & 1) || !(e.p[e.n - 1] & 1) || yf_span_eq(e, (yf_span){ &one, 1 }))
        return YF_E_FORMAT;
    return n.n < SIZE_MIN || n.n > YF_RSA_MAX || e.n > E_MAX ? YF_E_UNSUPPORTED : YF_OK;
}

/* RFC 8017 A.1: { n, e }, or { 0, n, e, d, p, q, dp, dq, qinv }. OpenSSL would take BER. */
static yf_err
check_der(yf_span der, bool private)
{
    yf_cur c = yf_cur_of(der);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);

    if (private)
        yf_der_small(&seq, YF_DER_INTEGER, 0, 0);
    yf_span n = yf_der_uint(&seq, YF_DER_INTEGER, SIZE_MAX);
    yf_span e = yf_der_uint(&seq, YF_DER_INTEGER, SIZE_MAX);
    for (size_t i = 0; private && i < 6; i++)
        yf_der_uint(&seq, YF_DER_INTEGER, YF_RSA_MAX);
    yf_err r = yf_err_first(yf_cur_done(&seq), yf_cur_done(&c));
    return r ? YF_E_FORMAT : check(n, e);
}

static yf_err
adopt(yf_rsa *k, EVP_PKEY *pkey, bool private)
{
    if (!pkey)
        return yf_ossl_err(YF_E_FORMAT);
    *k = (yf_rsa){ &yf_host_rsa, (size_t)EVP_PKEY_get_size(pkey), private, pkey };
    return YF_OK;
}

static yf_err
open_public(yf_rsa *k, yf_span der)
{
    const uint8_t *at = der.p;
    yf_err e = check_der(der, false);

    return e ? e : adopt(k, d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der.n), false);
}

static yf_err
open_private(yf_rsa *k, yf_span der)
{
    const uint8_t *at = der.p;
    yf_err e = check_der(der, true);

    return e ? e : adopt(k, d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)der.n), true);
}

static yf_err
generate(yf_rsa *k, unsigned bits, uint8_t *der, size_t cap, size_t *n)
{
    uint8_t *at = NULL;

    if (bits < BITS_NEW || bits > BITS_MAX || bits % 8)
        return YF_E_UNSUPPORTED;
    EVP_PKEY *pkey = EVP_RSA_gen(bits);
    int len = pkey ? i2d_PrivateKey(pkey, &at) : 0;
    yf_err e = len > 0 && (size_t)len <= cap ? YF_OK : YF_E_ROOM;

    if (e) {
        EVP_PKEY_free(pkey);
    } else {
        memcpy(der, at, (size_t)len);
        *n = (size_t)len;
        e = adopt(k, pkey, true);
    }
    OPENSSL_clear_free(at, len > 0 ? (size_t)len : 0);
    return e ? yf_ossl_err(e) : YF_OK;
}

/* ---- PKCS#1 v1.5 and PSS: the library's own ---- */

static bool
set_scheme(EVP_PKEY_CTX *ctx, enum yf_rsa_scheme scheme)
{
    if (scheme == YF_RSA_PKCS1)
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static yf_err
padded_sign(const yf_rsa *k, enum yf_rsa_scheme scheme, const EVP_MD *md, yf_span msg, uint8_t *sig)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    uint8_t made[YF_RSA_MAX];
    size_t n = sizeof made;
    bool ok = ctx && EVP_DigestSignInit(ctx, &how, md, NULL, k->host) == 1 &&
              set_scheme(how, scheme) && EVP_DigestSign(ctx, made, &n, msg.p, msg.n) == 1 &&
              n == k->size;

    if (ok)
        memcpy(sig, made, n);
    EVP_MD_CTX_free(ctx);
    return ok ? YF_OK : yf_ossl_err(YF_E_UNSUPPORTED); // a digest too long for the modulus
}

static yf_err
padded_verify(const yf_rsa *k, enum yf_rsa_scheme scheme, const EVP_MD *md, yf_span msg,
              yf_span sig)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    yf_err e = YF_E_ROOM;

    if (ctx && EVP_DigestVerifyInit(ctx, &how, md, NULL, k->host) == 1 && set_scheme(how, scheme))
        e = EVP_DigestVerify(ctx, sig.p, sig.n, msg.p, msg.n) == 1 ? YF_OK : YF_E_AUTH;
    EVP_MD_CTX_free(ctx);
    return e ? yf_ossl_err(e) : YF_OK;
}

/*
 * ---- ISO/IEC 9796-2 scheme 1 with partial recovery, Doc 9303-11 6.1 ----
 *
 *     6A | M1, random, as long as fits | H(M1 || M2) | BC for SHA-1, or hash identifier and CC
 *
 * as one number below n, since n has a whole number of bytes; M2 is the challenge.
 */
struct frame {
    size_t m1, md, trailer; // bytes
    uint8_t end[2];
};

/* SHA-1 is unnamed, as 9303 writes it, or named; the others always are. */
static yf_err
frame_of(const yf_rsa *k, enum yf_hash_id hash, bool named, struct frame *f)
{
    // ISO/IEC 10118-3
    static const uint8_t id[YF_HASHES] = { [YF_SHA1] = 0x33,
                                           [YF_SHA224] = 0x38,
                                           [YF_SHA256] = 0x34,
                                           [YF_SHA384] = 0x36,
                                           [YF_SHA512] = 0x35 };

    if (named)
        *f = (struct frame){ .trailer = 2, .end = { id[hash], 0xCC } };
    else
        *f = (struct frame){ .trailer = 1, .end = { 0xBC } };
    f->md = (size_t)EVP_MD_get_size(yf_ossl_md(hash));
    if (EVP_PKEY_get_bits(k->host) % 8 || k->size < 1 + f->md + f->trailer)
        return YF_E_UNSUPPORTED;
    f->m1 = k->size - 1 - f->md - f->trailer;
    return YF_OK;
}

static yf_err
frame_digest(enum yf_hash_id hash, yf_span m1, yf_span m2, uint8_t *md)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex2(ctx, yf_ossl_md(hash), NULL) == 1 &&
              EVP_DigestUpdate(ctx, m1.p, m1.n) == 1 && EVP_DigestUpdate(ctx, m2.p, m2.n) == 1 &&
              EVP_DigestFinal_ex(ctx, md, NULL) == 1;

    EVP_MD_CTX_free(ctx);
    return ok ? YF_OK : yf_ossl_err(YF_E_ROOM);
}

/* The bare power, by d or by e; out is size bytes. YF_E_AUTH if in is not below n. */
static yf_err
raw(const yf_rsa *k, bool private, const uint8_t *in, uint8_t *out)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->host, NULL);
    size_t n = k->size;
    int ok = ctx ? (private ? EVP_PKEY_decrypt_init(ctx) : EVP_PKEY_encrypt_init(ctx)) : 0;
    yf_err e = YF_E_ROOM;

    if (ok == 1 && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1) {
        ok = private ? EVP_PKEY_decrypt(ctx, out, &n, in, k->size)
                     : EVP_PKEY_encrypt(ctx, out, &n, in, k->size);
        e = ok == 1 && n == k->size ? YF_OK : YF_E_AUTH;
    }
    EVP_PKEY_CTX_free(ctx);
    return e ? yf_ossl_err(e) : YF_OK;
}

static yf_err
recover_sign(const yf_rsa *k, enum yf_hash_id hash, yf_span m2, uint8_t *sig)
{
    uint8_t f[YF_RSA_MAX], made[YF_RSA_MAX];
    struct frame has;
    yf_err e = frame_of(k, hash, hash != YF_SHA1, &has);

    if (e)
        return e;
    f[0] = 0x6A;
    if ((e = yf_rng_fill(&yf_rng_system, f + 1, has.m1)))
        return e;
    if ((e = frame_digest(hash, (yf_span){ f + 1, has.m1 }, m2, f + 1 + has.m1)))
        return e;
    memcpy(f + k->size - has.trailer, has.end, has.trailer);
    if ((e = raw(k, true, f, made)))
        return e;
    memcpy(sig, made, k->size);
    return YF_OK;
}

/* f = n - f */
static yf_err
negate(const yf_rsa *k, uint8_t *f)
{
    BIGNUM *n = NULL, *v = BN_bin2bn(f, (int)k->size, NULL);
    bool ok = v && EVP_PKEY_get_bn_param(k->host, "n", &n) && BN_sub(v, n, v) &&
              BN_bn2binpad(v, f, (int)k->size) >= 0;

    BN_free(n);
    BN_free(v);
    return ok ? YF_OK : yf_ossl_err(YF_E_ROOM);
}

/* Signers may give the smaller of s and n - s: the right power is the one that ends in C. */
static yf_err
recover(const yf_rsa *k, yf_span sig, uint8_t *f)
{
    yf_err e = raw(k, false, sig.p, f);

    if (!e && (f[k->size - 1] & 0x0F) != 0x0C)
        e = negate(k, f);
    return e;
}

static yf_err
recover_verify(const yf_rsa *k, enum yf_hash_id hash, yf_span m2, yf_span sig)
{
    uint8_t f[YF_RSA_MAX], md[EVP_MAX_MD_SIZE];
    struct frame want;
    yf_err e = recover(k, sig, f);

    if (e)
        return e;
    if ((e = frame_of(k, hash, f[k->size - 1] == 0xCC, &want)))
        return e;
    if ((e = frame_digest(hash, (yf_span){ f + 1, want.m1 }, m2, md)))
        return e;
    bool ok = f[0] == 0x6A && (want.trailer == 2 || hash == YF_SHA1) &&
              yf_ct_eq(f + 1 + want.m1, md, want.md) &&
              yf_ct_eq(f + k->size - want.trailer, want.end, want.trailer);
    return ok ? YF_OK : YF_E_AUTH;
}

/* ---- the table ---- */

static yf_err
sign(const yf_rsa *k, enum yf_rsa_scheme scheme, enum yf_hash_id hash, yf_span msg, uint8_t *sig)
{
    const EVP_MD *md = hash == YF_SM3 ? NULL : yf_ossl_md(hash); // no RSA signature uses SM3

    if (!k->has_private)
        return YF_E_STATE;
    if (!md)
        return YF_E_UNSUPPORTED;
    if (scheme == YF_RSA_ISO9796_2)
        return recover_sign(k, hash, msg, sig);
    return padded_sign(k, scheme, md, msg, sig);
}

static yf_err
verify(const yf_rsa *k, enum yf_rsa_scheme scheme, enum yf_hash_id hash, yf_span msg, yf_span sig)
{
    const EVP_MD *md = hash == YF_SM3 ? NULL : yf_ossl_md(hash);

    if (!md)
        return YF_E_UNSUPPORTED;
    if (sig.n != k->size)
        return YF_E_AUTH;
    if (scheme == YF_RSA_ISO9796_2)
        return recover_verify(k, hash, msg, sig);
    return padded_verify(k, scheme, md, msg, sig);
}

const struct yf_rsa_ops yf_host_rsa = {
    .name = "openssl",
    .open_public = open_public,
    .open_private = open_private,
    .generate = generate,
    .close = close_key,
    .sign = sign,
    .verify = verify,
};
