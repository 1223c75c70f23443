/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, ciphers and what is built on them; keys, texts and seeds are secret, lengths and IVs are
 * not. */
#include "ct.h"

#include <yufu/crypto/drbg.h>
#include <yufu/crypto/kdf.h>
#include <yufu/crypto/modes.h>
#include <yufu/crypto/provider.h>

#include <string.h>

enum { TEXT = 150 }; // more than a batch on a small chip, and not whole blocks

static uint8_t key[64], text[TEXT], out[TEXT], tag[YF_GCM_TAG];
static const uint8_t iv[16] = { 1, 2, 3 };

static void
must(yf_err e)
{
    if (e)
        abort();
}

/* Fresh secrets for each case: what the last one did to them is forgotten. */
static void
secrets(void)
{
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(7 * i + 1);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(11 * i + 5);
    ct_secret(key, sizeof key);
    ct_secret(text, sizeof text);
}

static void
every_cipher(void (*f)(const yf_cipher *c))
{
    for (size_t i = 0; i < YF_CIPHERS; i++) {
        const struct yf_cipher_alg *alg = yf_provider_soft.cipher[i];
        yf_cipher c;
        secrets();
        must(yf_cipher_init(&c, alg, (yf_span){ key, alg->key }));
        f(&c);
        yf_cipher_drop(&c);
    }
}

static void
block_modes(const yf_cipher *c)
{
    size_t whole = TEXT - TEXT % (size_t)c->alg->block;
    uint8_t chain[16];

    c->alg->ecb_enc(c, out, text, whole);
    c->alg->ecb_dec(c, out, text, whole);
    memcpy(chain, iv, sizeof chain);
    c->alg->cbc_enc(c, chain, out, text, whole);
    c->alg->cbc_dec(c, chain, out, text, whole);
    c->alg->ctr(c, chain, out, text, TEXT); // a secret counter too
}

static void
ciphers(void)
{
    every_cipher(block_modes);
}

static void
gcm_with(const yf_cipher *c, size_t iv_n)
{
    yf_span v = { iv, iv_n }, aad = { key, 20 };

    must(c->alg->gcm_seal(c, v, aad, (yf_span){ text, TEXT }, out, tag));
    must(c->alg->gcm_open(c, v, aad, (yf_span){ out, TEXT }, text, tag));
    tag[15] ^= 1;
    if (c->alg->gcm_open(c, v, aad, (yf_span){ out, TEXT }, text, tag) != YF_E_AUTH)
        abort();
}

/* Where the IV is not of 12 bytes, the counter comes from the key. */
static void
gcm_of(const yf_cipher *c)
{
    if (!c->alg->gcm_seal)
        return;
    gcm_with(c, 12);
    gcm_with(c, 16);
}

static void
gcm(void)
{
    every_cipher(gcm_of);
}

static void
ccm_of(const yf_cipher *c)
{
    yf_span nonce = { iv, 12 }, aad = { key, 20 };

    if (c->alg->block != 16)
        return;
    must(yf_ccm_seal(c, nonce, aad, (yf_span){ text, TEXT }, out, tag, 16));
    must(yf_ccm_open(c, nonce, aad, (yf_span){ out, TEXT }, text, (yf_span){ tag, 16 }));
    tag[15] ^= 1;
    if (yf_ccm_open(c, nonce, aad, (yf_span){ out, TEXT }, text, (yf_span){ tag, 16 }) != YF_E_AUTH)
        abort();
}

static void
ccm(void)
{
    every_cipher(ccm_of);
}

static void
cmac_of(const yf_cipher *c)
{
    yf_cmac m;

    yf_cmac_init(&m, c);
    yf_cmac_add(&m, (yf_span){ text, TEXT });
    yf_cmac_end(&m, tag);
}

static void
cmac(void)
{
    every_cipher(cmac_of);
}

static void
retail_mac(void)
{
    yf_rmac m;

    secrets();
    must(yf_rmac_init(&m, yf_provider_soft.cipher[YF_DES3_2KEY], (yf_span){ key, 16 }));
    yf_rmac_add(&m, (yf_span){ text, TEXT });
    yf_rmac_end(&m, tag);
}

/* Where padding ends is told to the caller, and stays a secret until then. */
static void
unpadding(void)
{
    uint8_t block[32] = { 1, 2, 3, [19] = 0x80 };
    size_t plain = 0;

    ct_secret(block, sizeof block);
    must(yf_unpad_iso(block, sizeof block, 16, &plain));
    ct_public(&plain, sizeof plain);
    if (plain != 19)
        abort();
    memset(block, 13, sizeof block);
    ct_secret(block, sizeof block);
    must(yf_unpad_pkcs7(block, sizeof block, 16, &plain));
    ct_public(&plain, sizeof plain);
    if (plain != 19)
        abort();
}

static void
hashes_and_hmac(void)
{
    for (size_t i = 0; i < YF_HASHES; i++) {
        yf_span in[] = { { text, 60 }, { text + 60, TEXT - 60 } };
        uint8_t md[YF_HASH_MAX];
        secrets();
        must(yf_hash_all(yf_provider_soft.hash[i], in, 2, md));
        must(yf_hmac_all(yf_provider_soft.hash[i], YF_SPAN(key), in, 2, md));
        must(yf_hmac_all(yf_provider_soft.hash[i], YF_SPAN(text), in, 2, md));
    }
}

static void
key_derivation(void)
{
    uint8_t derived[YF_CIPHER_KEY_MAX];

    secrets();
    must(yf_kdf_x963(yf_provider_soft.hash[YF_SM3], YF_SPAN(key), (yf_span){ iv, 16 }, out, TEXT));
    for (unsigned i = 0; i < YF_CIPHERS; i++)
        if (i != YF_DES3_3KEY)
            must(yf_kdf_icao(&yf_provider_soft, (enum yf_cipher_id)i, YF_SPAN(key), YF_KDF_ENC,
                             derived));
}

/* Not noise, but what the health tests let pass. */
static yf_err
noise(void *state, uint8_t *samples, size_t n)
{
    uint32_t *x = state;

    for (size_t i = 0; i < n; i++) {
        *x = *x * 1664525 + 1013904223;
        samples[i] = (uint8_t)(*x >> 24);
    }
    ct_secret(samples, n);
    return YF_OK;
}

static void
generator(void)
{
    static const enum yf_hash_id hashes[] = { YF_SM3, YF_SHA256, YF_SHA512 };
    uint32_t x = 1;
    yf_noise source = { noise, &x, 6 * 256 };

    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        yf_drbg d;
        must(yf_drbg_open(&d, yf_provider_soft.hash[hashes[i]], &source, YF_STR("ct")));
        must(yf_drbg_fill(&d, out, TEXT));
        must(yf_drbg_reseed(&d, (yf_span){ out, TEXT }));
        must(yf_drbg_fill(&d, out, TEXT));
        yf_drbg_close(&d);
    }
}

CT_MAIN(CT(ciphers), CT(gcm), CT(ccm), CT(cmac), CT(retail_mac), CT(unpadding), CT(hashes_and_hmac),
        CT(key_derivation), CT(generator))
