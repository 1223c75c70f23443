/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One curve: a key with a context for each operation, and inputs that fit it. */
struct pk {
    const char *curve;
    EVP_PKEY *key;
    EVP_PKEY_CTX *gen, *sign, *verify, *derive, *encrypt, *decrypt;
    uint8_t digest[48], sig[160], secret[64], box[256], msg[32];
    size_t digest_n, sig_n, box_n;
};

static struct pk sm2 = { .curve = "SM2", .digest_n = 32 };
static struct pk p256 = { .curve = "P-256", .digest_n = 32 };
static struct pk bp256 = { .curve = "brainpoolP256r1", .digest_n = 32 };
static struct pk p384 = { .curve = "P-384", .digest_n = 48 };

static EVP_MD *md_sm3, *md_sha256;
static EVP_MD_CTX *md;
static EVP_CIPHER_CTX *sm4_ecb, *sm4_ctr, *sm4_cbc, *aes_ctr, *aes_gcm;
static uint8_t bulk[BULK];

/* The peer must do what it is measured at; if it stops, so does the bench. */
static void
must(int ok)
{
    if (ok > 0)
        return;
    ERR_print_errors_fp(stderr);
    abort();
}

static EVP_CIPHER_CTX *
keyed(const char *name)
{
    static const uint8_t key[16] = { 1 }, iv[16] = { 2 };
    EVP_CIPHER *c = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    must(c && ctx && EVP_EncryptInit_ex2(ctx, c, key, iv, NULL) == 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    EVP_CIPHER_free(c);
    return ctx;
}

static EVP_PKEY_CTX *
ready(struct pk *k, int (*init)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->key, NULL);

    must(ctx != NULL);
    must(init(ctx));
    return ctx;
}

static void
pk_open(struct pk *k)
{
    bool is_sm2 = k == &sm2;

    k->gen = EVP_PKEY_CTX_new_from_name(NULL, is_sm2 ? "SM2" : "EC", NULL);
    must(k->gen && EVP_PKEY_keygen_init(k->gen) > 0);
    if (!is_sm2)
        must(EVP_PKEY_CTX_set_group_name(k->gen, k->curve));
    must(EVP_PKEY_generate(k->gen, &k->key));
    k->sign = ready(k, EVP_PKEY_sign_init);
    k->verify = ready(k, EVP_PKEY_verify_init);
    k->sig_n = sizeof k->sig;
    must(EVP_PKEY_sign(k->sign, k->sig, &k->sig_n, k->digest, k->digest_n));
    if (is_sm2) {
        k->encrypt = ready(k, EVP_PKEY_encrypt_init);
        k->decrypt = ready(k, EVP_PKEY_decrypt_init);
        k->box_n = sizeof k->box;
        must(EVP_PKEY_encrypt(k->encrypt, k->box, &k->box_n, k->msg, sizeof k->msg));
    } else {
        k->derive = ready(k, EVP_PKEY_derive_init);
        must(EVP_PKEY_derive_set_peer(k->derive, k->key));
    }
}

static void
pk_close(struct pk *k)
{
    EVP_PKEY_CTX *all[] = { k->gen, k->sign, k->verify, k->derive, k->encrypt, k->decrypt };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        EVP_PKEY_CTX_free(all[i]);
    EVP_PKEY_free(k->key);
}

yf_err
peer_open(void)
{
    md_sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    md_sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    md = EVP_MD_CTX_new();
    if (!md_sm3 || !md_sha256 || !md)
        return YF_E_IO;
    sm4_ecb = keyed("SM4-ECB");
    sm4_ctr = keyed("SM4-CTR");
    sm4_cbc = keyed("SM4-CBC");
    aes_ctr = keyed("AES-128-CTR");
    aes_gcm = keyed("AES-128-GCM");
    pk_open(&sm2);
    pk_open(&p256);
    pk_open(&bp256);
    pk_open(&p384);
    return YF_OK;
}

void
peer_close(void)
{
    EVP_CIPHER_CTX *all[] = { sm4_ecb, sm4_ctr, sm4_cbc, aes_ctr, aes_gcm };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        EVP_CIPHER_CTX_free(all[i]);
    EVP_MD_CTX_free(md);
    EVP_MD_free(md_sm3);
    EVP_MD_free(md_sha256);
    pk_close(&sm2);
    pk_close(&p256);
    pk_close(&bp256);
    pk_close(&p384);
}

static void
digest(const EVP_MD *alg)
{
    must(EVP_DigestInit_ex2(md, alg, NULL));
    must(EVP_DigestUpdate(md, bulk, BULK));
    must(EVP_DigestFinal_ex(md, bulk, NULL));
}

static void
cipher(EVP_CIPHER_CTX *ctx)
{
    int n;
    must(EVP_EncryptUpdate(ctx, bulk, &n, bulk, BULK));
}

/* One message a call, as ours does: key schedule kept, IV set, tag taken. */
static void
gcm(EVP_CIPHER_CTX *ctx)
{
    static const uint8_t iv[12];
    uint8_t tag[16];
    int n;

    must(EVP_EncryptInit_ex2(ctx, NULL, NULL, iv, NULL));
    must(EVP_EncryptUpdate(ctx, bulk, &n, bulk, BULK));
    must(EVP_EncryptFinal_ex(ctx, bulk, &n));
    must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, sizeof tag, tag));
}

static void
keygen(struct pk *k)
{
    EVP_PKEY *key = NULL;

    must(EVP_PKEY_generate(k->gen, &key));
    EVP_PKEY_free(key);
}

static void
sign(struct pk *k)
{
    uint8_t sig[sizeof k->sig];
    size_t n = sizeof sig;

    must(EVP_PKEY_sign(k->sign, sig, &n, k->digest, k->digest_n));
}

static void
verify(struct pk *k)
{
    must(EVP_PKEY_verify(k->verify, k->sig, k->sig_n, k->digest, k->digest_n));
}

static void
derive(struct pk *k)
{
    size_t n = sizeof k->secret;
    must(EVP_PKEY_derive(k->derive, k->secret, &n));
}

#define CASE(name, call)                                                                           \
    void peer_##name(void)                                                                         \
    {                                                                                              \
        call;                                                                                      \
    }

CASE(sm3, digest(md_sm3))
CASE(sha256, digest(md_sha256))
CASE(sm4_ecb, cipher(sm4_ecb))
CASE(sm4_ctr, cipher(sm4_ctr))
CASE(sm4_cbc, cipher(sm4_cbc))
CASE(aes128_ctr, cipher(aes_ctr))
CASE(aes128_gcm, gcm(aes_gcm))
CASE(sm2_keygen, keygen(&sm2))
CASE(sm2_sign, sign(&sm2))
CASE(sm2_verify, verify(&sm2))
CASE(p256_keygen, keygen(&p256))
CASE(p256_sign, sign(&p256))
CASE(p256_verify, verify(&p256))
CASE(p256_ecdh, derive(&p256))
CASE(bp256_sign, sign(&bp256))
CASE(bp256_verify, verify(&bp256))
CASE(bp256_ecdh, derive(&bp256))
CASE(p384_sign, sign(&p384))
CASE(p384_verify, verify(&p384))

void
peer_sm2_encrypt(void)
{
    uint8_t box[sizeof sm2.box];
    size_t n = sizeof box;

    must(EVP_PKEY_encrypt(sm2.encrypt, box, &n, sm2.msg, sizeof sm2.msg));
}

void
peer_sm2_decrypt(void)
{
    uint8_t msg[sizeof sm2.box];
    size_t n = sizeof msg;

    must(EVP_PKEY_decrypt(sm2.decrypt, msg, &n, sm2.box, sm2.box_n));
}
