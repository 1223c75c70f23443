/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES and 3DES by OpenSSL. A key is one object with a context ready for each mode
 * and direction, because a mode's functions cannot fail and so may not allocate.
 *
 * OpenSSL keeps the running IV in the context; here it comes in with every call,
 * so each call only sets it anew.
 */
#include "ossl.h"

#include <openssl/crypto.h>
#include <string.h>

enum mode { ECB_ENC, ECB_DEC, CBC_ENC, CBC_DEC, CTR, GCM, MODES };
enum { CHUNK = 1 << 24, GCM_IV_MAX = 128 };     // OpenSSL counts in int; its longest GCM IV
#define GCM_TEXT_MAX ((UINT64_C(1) << 36) - 32) // SP 800-38D 5.2.1.1

struct key {
    EVP_CIPHER_CTX *ctx[MODES]; // NULL where the algorithm lacks the mode
};

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static EVP_CIPHER *fetched[YF_CIPHERS][MODES];

static const char *const names[YF_CIPHERS][MODES] = {
    [YF_AES128] = { "AES-128-ECB", "AES-128-ECB", "AES-128-CBC", "AES-128-CBC", "AES-128-CTR",
                    "AES-128-GCM" },
    [YF_AES192] = { "AES-192-ECB", "AES-192-ECB", "AES-192-CBC", "AES-192-CBC", "AES-192-CTR",
                    "AES-192-GCM" },
    [YF_AES256] = { "AES-256-ECB", "AES-256-ECB", "AES-256-CBC", "AES-256-CBC", "AES-256-CTR",
                    "AES-256-GCM" },
    [YF_DES3_2KEY] = { "DES-EDE-ECB", "DES-EDE-ECB", "DES-EDE-CBC", "DES-EDE-CBC" },
    [YF_DES3_3KEY] = { "DES-EDE3-ECB", "DES-EDE3-ECB", "DES-EDE3-CBC", "DES-EDE3-CBC" },
};

static void
fetch(void)
{
    for (size_t i = 0; i < YF_CIPHERS; i++)
        for (size_t m = 0; m < MODES; m++)
            if (names[i][m])
                fetched[i][m] = EVP_CIPHER_fetch(NULL, names[i][m], NULL);
}

static EVP_CIPHER_CTX *
context(const yf_cipher *c, enum mode m)
{
    return ((const struct key *)c->key.host)->ctx[m];
}

/* ---- keys ---- */

static void
drop(yf_cipher *c)
{
    struct key *k = c->key.host;

    for (size_t m = 0; k && m < MODES; m++)
        EVP_CIPHER_CTX_free(k->ctx[m]);
    OPENSSL_free(k);
    yf_wipe(c, sizeof *c);
}

static yf_err
ready(struct key *k, enum mode m, const EVP_CIPHER *alg, const uint8_t *key)
{
    int enc = m != ECB_DEC && m != CBC_DEC;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if (!(k->ctx[m] = EVP_CIPHER_CTX_new()))
        return YF_E_ROOM;
    if (EVP_CipherInit_ex2(k->ctx[m], alg, key, NULL, enc, NULL) != 1)
        return YF_E_ROOM;
    EVP_CIPHER_CTX_set_padding(k->ctx[m], 0);
    return YF_OK;
}

static yf_err
begin(yf_cipher *c, const struct yf_cipher_alg *alg, const uint8_t *key)
{
    yf_cipher r = { .alg = alg };
    yf_err e = CRYPTO_THREAD_run_once(&once, fetch) ? YF_OK : YF_E_ROOM;

    if (!e && !(r.key.host = OPENSSL_zalloc(sizeof(struct key))))
        e = YF_E_ROOM;
    for (enum mode m = 0; !e && m < MODES; m++)
        if (names[alg->id][m])
            e = ready(r.key.host, m, fetched[alg->id][m], key);
    if (e) {
        drop(&r);
        return yf_ossl_err(e);
    }
    *c = r;
    return YF_OK;
}

/* ---- modes ---- */

static void
update(EVP_CIPHER_CTX *ctx, uint8_t *out, const uint8_t *in, size_t n) // out NULL: associated data
{
    for (size_t at = 0, part; at < n; at += part) {
        int done;
        part = n - at < CHUNK ? n - at : CHUNK;
        yf_ossl_must(EVP_CipherUpdate(ctx, out ? out + at : NULL, &done, in + at, (int)part));
    }
}

static void
ecb_enc(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    update(context(c, ECB_ENC), out, in, n);
}

static void
ecb_dec(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n)
{
    update(context(c, ECB_DEC), out, in, n);
}

static void
cbc_enc(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    EVP_CIPHER_CTX *ctx = context(c, CBC_ENC);

    if (n == 0)
        return;
    yf_ossl_must(EVP_CipherInit_ex2(ctx, NULL, NULL, iv, -1, NULL));
    update(ctx, out, in, n);
    memcpy(iv, out + n - c->alg->block, c->alg->block);
}

static void
cbc_dec(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n)
{
    EVP_CIPHER_CTX *ctx = context(c, CBC_DEC);
    uint8_t next[YF_BLOCK_MAX];

    if (n == 0)
        return;
    memcpy(next, in + n - c->alg->block, c->alg->block); // out may be in
    yf_ossl_must(EVP_CipherInit_ex2(ctx, NULL, NULL, iv, -1, NULL));
    update(ctx, out, in, n);
    memcpy(iv, next, c->alg->block);
}

/* Add blocks to a big-endian counter of one block. */
static void
advance(uint8_t *counter, size_t block, size_t blocks)
{
    for (size_t i = block; i-- > 0 && blocks;) {
        blocks += counter[i];
        counter[i] = (uint8_t)blocks;
        blocks >>= 8;
    }
}

static void
ctr(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    EVP_CIPHER_CTX *ctx = context(c, CTR);

    yf_ossl_must(EVP_CipherInit_ex2(ctx, NULL, NULL, counter, -1, NULL));
    update(ctx, out, in, n);
    advance(counter, c->alg->block, n / c->alg->block + (n % c->alg->block != 0));
}

/* OpenSSL has no counter mode for 3DES. */
static void
ctr_by_block(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n)
{
    uint8_t stream[YF_BLOCK_MAX];
    size_t block = c->alg->block;

    for (size_t at = 0; at < n; at += block) {
        ecb_enc(c, stream, counter, block);
        advance(counter, block, 1);
        for (size_t i = 0; i < block && at + i < n; i++)
            out[at + i] = in[at + i] ^ stream[i];
    }
    yf_wipe(stream, sizeof stream);
}

/* Take IV and associated data in, then the text; what is left is the tag. */
static yf_err
gcm(EVP_CIPHER_CTX *ctx, int enc, yf_span iv, yf_span aad, yf_span in, uint8_t *out)
{
    if (iv.n == 0)
        return YF_E_FORMAT;
    if (iv.n > GCM_IV_MAX || in.n > GCM_TEXT_MAX)
        return YF_E_UNSUPPORTED;
    yf_ossl_must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)iv.n, NULL));
    yf_ossl_must(EVP_CipherInit_ex2(ctx, NULL, NULL, iv.p, enc, NULL));
    update(ctx, NULL, aad.p, aad.n);
    update(ctx, out, in.p, in.n);
    return YF_OK;
}

static yf_err
gcm_seal(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out, uint8_t *tag)
{
    EVP_CIPHER_CTX *ctx = context(c, GCM);
    uint8_t none[YF_BLOCK_MAX];
    int n;
    yf_err e = gcm(ctx, 1, iv, aad, in, out);

    if (e)
        return e;
    yf_ossl_must(EVP_CipherFinal_ex(ctx, none, &n));
    yf_ossl_must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, YF_GCM_TAG, tag));
    return YF_OK;
}

static yf_err
gcm_open(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out, const uint8_t *tag)
{
    EVP_CIPHER_CTX *ctx = context(c, GCM);
    uint8_t none[YF_BLOCK_MAX], want[YF_GCM_TAG];
    int n;
    yf_err e = gcm(ctx, 0, iv, aad, in, out);

    if (e)
        return e;
    memcpy(want, tag, sizeof want);
    yf_ossl_must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, YF_GCM_TAG, want));
    if (EVP_CipherFinal_ex(ctx, none, &n) == 1)
        return YF_OK;
    yf_wipe(out, in.n);
    return yf_ossl_err(YF_E_AUTH);
}

/* ---- the table ---- */

#define CIPHER(NAME, TEXT, ID, BLOCK, KEY, ...)                                                    \
    static yf_err NAME##_init(yf_cipher *c, const uint8_t *key)                                    \
    {                                                                                              \
        return begin(c, &yf_host_##NAME, key);                                                     \
    }                                                                                              \
    const struct yf_cipher_alg yf_host_##NAME = { .name = TEXT,                                    \
                                                  .id = ID,                                        \
                                                  .block = BLOCK,                                  \
                                                  .key = KEY,                                      \
                                                  .init = NAME##_init,                             \
                                                  .drop = drop,                                    \
                                                  .ecb_enc = ecb_enc,                              \
                                                  .ecb_dec = ecb_dec,                              \
                                                  .cbc_enc = cbc_enc,                              \
                                                  .cbc_dec = cbc_dec,                              \
                                                  __VA_ARGS__ }

#define AES_MODES .ctr = ctr, .gcm_seal = gcm_seal, .gcm_open = gcm_open
#define DES_MODES .ctr = ctr_by_block

CIPHER(aes128, "aes128", YF_AES128, 16, 16, AES_MODES);
CIPHER(aes192, "aes192", YF_AES192, 16, 24, AES_MODES);
CIPHER(aes256, "aes256", YF_AES256, 16, 32, AES_MODES);
CIPHER(des3_2key, "des3-2", YF_DES3_2KEY, 8, 16, DES_MODES);
CIPHER(des3_3key, "des3-3", YF_DES3_3KEY, 8, 24, DES_MODES);
