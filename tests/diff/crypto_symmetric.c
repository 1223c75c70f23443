/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes, block ciphers and their modes: soft against OpenSSL.
 *
 * OpenSSL comes as a provider where it has one (host; for SM3 and SM4 the one of
 * these tests), and directly for what we build on a provider: HMAC, CMAC, CCM. It
 * has no GCM or CCM with SM4; for these the peer is the standard written down here
 * as plainly as it stands, on OpenSSL's SM4.
 */
#include "diff.h"
#include "providers.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/modes.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { ROOM = 2048 };

static uint8_t msg[ROOM], ours[ROOM], theirs[ROOM];

/* Mostly short, now and then longer than two batches of any cipher. */
static size_t
some_length(struct rnd *r)
{
    return rnd_below(r, 32) ? rnd_below(r, 130) : rnd_below(r, 1300);
}

static size_t
some_blocks(struct rnd *r, size_t block)
{
    return block == 8 ? 8 * rnd_below(r, 8) : some_length(r) / block * block;
}

static const struct yf_cipher_alg *
peer_cipher(size_t i)
{
    return i == YF_SM4 ? test_provider_openssl.cipher[i] : yf_provider_host.cipher[i];
}

/* ---- hashes ---- */

static void
hash(const struct yf_hash_alg *soft, const struct yf_hash_alg *peer, struct rnd *r)
{
    size_t n = some_length(r), cut = rnd_below(r, n + 1);
    yf_span in = { msg, n };
    yf_hash h;

    rnd_fill(r, msg, n);
    T_OK(yf_hash_init(&h, soft));
    yf_hash_add(&h, (yf_span){ msg, cut });
    yf_hash_add(&h, (yf_span){ msg + cut, n - cut });
    yf_hash_end(&h, ours);
    T_OK(yf_hash_all(peer, &in, 1, theirs));
    T_MEM(ours, theirs, soft->size);
}

static void
hashes(void **st)
{
    struct rnd r = diff_start(1);

    (void)st;
    for (size_t i = 0; i < YF_HASHES; i++) {
        const yf_provider *p = i == YF_SM3 ? &test_provider_openssl : &yf_provider_host;
        T(p->hash[i] && p->hash[i] != yf_provider_soft.hash[i]);
        for (size_t t = diff_times(); t; t--)
            hash(yf_provider_soft.hash[i], p->hash[i], &r);
    }
}

static void
hmacs(void **st)
{
    struct rnd r = diff_start(2);

    (void)st;
    for (size_t i = 0; i < YF_HASHES; i++) {
        const struct yf_hash_alg *alg = yf_provider_soft.hash[i];
        const EVP_MD *md = EVP_get_digestbyname(alg->name);
        for (size_t t = diff_times(); t; t--) {
            uint8_t key[300];
            size_t key_n = rnd_below(&r, sizeof key), n = some_length(&r),
                   cut = rnd_below(&r, n + 1);
            yf_span in[] = { { msg, cut }, { msg + cut, n - cut } };
            rnd_fill(&r, key, key_n);
            rnd_fill(&r, msg, n);
            T_OK(yf_hmac_all(alg, (yf_span){ key, key_n }, in, 2, ours));
            T(HMAC(md, key, (int)key_n, msg, n, theirs, NULL) != NULL);
            T_MEM(ours, theirs, alg->size);
        }
    }
}

/* ---- ciphers ---- */

typedef void chained(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n);

/* Ours in two calls, in place; theirs in one. */
static void
chain(const yf_cipher *a, const yf_cipher *b, chained *our, chained *their, bool blocks,
      struct rnd *r)
{
    size_t block = a->alg->block, n = some_blocks(r, block),
           cut = rnd_below(r, n / block + 1) * block;
    uint8_t iv[YF_BLOCK_MAX], jv[YF_BLOCK_MAX];

    n += blocks ? 0 : rnd_below(r, block);
    rnd_fill(r, iv, sizeof iv);
    if (rnd_below(r, 4) == 0) // a counter about to carry
        memset(iv + 1, 0xFF, block - 1);
    memcpy(jv, iv, sizeof iv);
    rnd_fill(r, msg, n);
    memcpy(ours, msg, n);
    our(a, iv, ours, ours, cut);
    our(a, iv, ours + cut, ours + cut, n - cut);
    their(b, jv, theirs, msg, n);
    T_MEM(ours, theirs, n);
    T_MEM(iv, jv, block);
}

static void
ecb(const yf_cipher *a, const yf_cipher *b, struct rnd *r)
{
    size_t n = some_blocks(r, a->alg->block);

    rnd_fill(r, msg, n);
    a->alg->ecb_enc(a, ours, msg, n);
    b->alg->ecb_enc(b, theirs, msg, n);
    T_MEM(ours, theirs, n);
    a->alg->ecb_dec(a, ours, msg, n);
    b->alg->ecb_dec(b, theirs, msg, n);
    T_MEM(ours, theirs, n);
}

/* f is asked with a fresh key each time, known to both. */
static void
every_key(size_t i, struct rnd *r,
          void (*f)(const yf_cipher *a, const yf_cipher *b, yf_span key, struct rnd *r))
{
    const struct yf_cipher_alg *soft = yf_provider_soft.cipher[i], *peer = peer_cipher(i);

    T(soft && peer && soft != peer);
    for (size_t t = diff_times(); t; t--) {
        uint8_t key[YF_CIPHER_KEY_MAX];
        yf_cipher a, b;
        rnd_fill(r, key, sizeof key);
        T_OK(yf_cipher_init(&a, soft, (yf_span){ key, soft->key }));
        T_OK(yf_cipher_init(&b, peer, (yf_span){ key, soft->key }));
        f(&a, &b, (yf_span){ key, soft->key }, r);
        yf_cipher_drop(&a);
        yf_cipher_drop(&b);
    }
}

static void
ecb_cbc_ctr(const yf_cipher *a, const yf_cipher *b, yf_span key, struct rnd *r)
{
    (void)key;
    ecb(a, b, r);
    chain(a, b, a->alg->cbc_enc, b->alg->cbc_enc, true, r);
    chain(a, b, a->alg->cbc_dec, b->alg->cbc_dec, true, r);
    chain(a, b, a->alg->ctr, b->alg->ctr, false, r);
}

static void
ciphers(void **st)
{
    struct rnd r = diff_start(3);

    (void)st;
    for (size_t i = 0; i < YF_CIPHERS; i++)
        every_key(i, &r, ecb_cbc_ctr);
}

/* ---- CMAC ---- */

static const char *
evp_name(enum yf_cipher_id id, const char *mode)
{
    static const char *const names[] = { "AES-128", "AES-192", "AES-256", "SM4", "", "DES-EDE3" };
    static char name[32];

    snprintf(name, sizeof name, "%s-%s", names[id], mode);
    return name;
}

static void
evp_cmac(enum yf_cipher_id id, yf_span key, yf_span in, uint8_t *mac)
{
    static EVP_MAC *fetched;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, (char *)evp_name(id, "CBC"), 0),
        OSSL_PARAM_construct_end(),
    };
    size_t n;

    if (!fetched)
        fetched = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(fetched);
    T(EVP_MAC_init(ctx, key.p, key.n, params) == 1 && EVP_MAC_update(ctx, in.p, in.n) == 1);
    T(EVP_MAC_final(ctx, mac, &n, YF_BLOCK_MAX) == 1);
    EVP_MAC_CTX_free(ctx);
}

static void
cmac(const yf_cipher *a, const yf_cipher *b, yf_span key, struct rnd *r)
{
    size_t n = rnd_below(r, 100), cut = rnd_below(r, n + 1);
    yf_cmac m;

    (void)b;
    rnd_fill(r, msg, n);
    yf_cmac_init(&m, a);
    yf_cmac_add(&m, (yf_span){ msg, cut });
    yf_cmac_add(&m, (yf_span){ msg + cut, n - cut });
    yf_cmac_end(&m, ours);
    evp_cmac(a->alg->id, key, (yf_span){ msg, n }, theirs);
    T_MEM(ours, theirs, a->alg->block);
}

static void
cmacs(void **st)
{
    struct rnd r = diff_start(4);

    (void)st;
    for (size_t i = 0; i < YF_CIPHERS; i++)
        if (i != YF_DES3_2KEY) // CMAC in OpenSSL does not know it
            every_key(i, &r, cmac);
}

/* ---- GCM and CCM written down plainly, for SM4 ---- */

/* SP 800-38D 6.3, bit by bit: x = x * y. */
static void
gf_times(uint8_t x[16], const uint8_t y[16])
{
    uint8_t z[16] = { 0 }, v[16];

    memcpy(v, y, 16);
    for (unsigned i = 0; i < 128; i++) {
        unsigned low = v[15] & 1;
        for (unsigned k = 0; k < 16 && (x[i / 8] >> (7 - i % 8) & 1); k++)
            z[k] ^= v[k];
        for (unsigned k = 15; k > 0; k--)
            v[k] = (uint8_t)(v[k] >> 1 | v[k - 1] << 7);
        v[0] = (uint8_t)(v[0] >> 1 ^ (low ? 0xE1 : 0));
    }
    memcpy(x, z, 16);
}

static void
plain_ghash(const uint8_t h[16], uint8_t y[16], yf_span in)
{
    for (size_t i = 0; i < in.n; i++) {
        y[i % 16] ^= in.p[i];
        if (i % 16 == 15 || i + 1 == in.n)
            gf_times(y, h);
    }
}

static void
lengths(const uint8_t h[16], uint8_t y[16], size_t a, size_t b)
{
    uint8_t last[16];

    yf_put_be64(last, 8 * (uint64_t)a);
    yf_put_be64(last + 8, 8 * (uint64_t)b);
    plain_ghash(h, y, YF_SPAN(last));
}

static void
plain_gcm(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out, uint8_t *tag)
{
    uint8_t h[16] = { 0 }, j[16] = { 0 }, s[16] = { 0 }, e[16];

    c->alg->ecb_enc(c, h, h, 16);
    if (iv.n == 12) {
        memcpy(j, iv.p, 12);
        j[15] = 1;
    } else {
        plain_ghash(h, j, iv);
        lengths(h, j, 0, iv.n);
    }
    c->alg->ecb_enc(c, tag, j, 16);
    for (size_t i = 0; i < in.n; i++) {
        if (i % 16 == 0) {
            yf_put_be32(j + 12, yf_be32(j + 12) + 1);
            c->alg->ecb_enc(c, e, j, 16);
        }
        out[i] = in.p[i] ^ e[i % 16];
    }
    plain_ghash(h, s, aad);
    plain_ghash(h, s, (yf_span){ out, in.n });
    lengths(h, s, aad.n, in.n);
    for (size_t i = 0; i < 16; i++)
        tag[i] ^= s[i];
}

/* SP 800-38C A.2, with less than 65280 bytes of associated data. */
static void
plain_ccm(const yf_cipher *c, yf_span nonce, yf_span aad, yf_span in, uint8_t *out, uint8_t *tag,
          size_t t)
{
    uint8_t b[ROOM * 2] = { 0 }, mac[16] = { 0 }, a[16] = { 0 };
    size_t q = 15 - nonce.n, n = 16;

    b[0] = (uint8_t)((aad.n ? 64 : 0) | (t - 2) / 2 << 3 | (q - 1));
    memcpy(b + 1, nonce.p, nonce.n);
    b[15] = (uint8_t)in.n;
    b[14] = (uint8_t)(in.n >> 8);
    if (aad.n) {
        yf_put_be16(b + n, (uint16_t)aad.n);
        memcpy(b + n + 2, aad.p, aad.n);
        n = (n + 2 + aad.n + 15) / 16 * 16;
    }
    memcpy(b + n, in.p, in.n);
    n = (n + in.n + 15) / 16 * 16;
    for (size_t i = 0; i < n; i++) {
        mac[i % 16] ^= b[i];
        if (i % 16 == 15)
            c->alg->ecb_enc(c, mac, mac, 16);
    }
    a[0] = (uint8_t)(q - 1);
    memcpy(a + 1, nonce.p, nonce.n);
    c->alg->ctr(c, a, mac, mac, 16);
    memcpy(tag, mac, t);
    c->alg->ctr(c, a, out, in.p, in.n);
}

/* ---- GCM and CCM ---- */

struct aead {
    uint8_t iv_bytes[64], aad_bytes[256];
    yf_span iv, aad, in;
};

static void
some_text(struct aead *x, size_t iv_n, struct rnd *r)
{
    size_t aad_n = rnd_below(r, 3) ? rnd_below(r, 40) : rnd_below(r, sizeof x->aad_bytes),
           n = some_length(r);

    rnd_fill(r, x->iv_bytes, iv_n);
    rnd_fill(r, x->aad_bytes, aad_n);
    rnd_fill(r, msg, n);
    x->iv = (yf_span){ x->iv_bytes, iv_n };
    x->aad = (yf_span){ x->aad_bytes, aad_n };
    x->in = (yf_span){ msg, n };
}

static void
gcm(const yf_cipher *a, const yf_cipher *b, yf_span key, struct rnd *r)
{
    uint8_t tag[16], their_tag[16];
    struct aead x;

    (void)key;
    some_text(&x, rnd_below(r, 2) ? 12 : 1 + rnd_below(r, sizeof x.iv_bytes), r);
    T_OK(a->alg->gcm_seal(a, x.iv, x.aad, x.in, ours, tag));
    if (b->alg->gcm_seal)
        T_OK(b->alg->gcm_seal(b, x.iv, x.aad, x.in, theirs, their_tag));
    else
        plain_gcm(b, x.iv, x.aad, x.in, theirs, their_tag);
    T_MEM(ours, theirs, x.in.n);
    T_MEM(tag, their_tag, sizeof tag);
    T_OK(a->alg->gcm_open(a, x.iv, x.aad, (yf_span){ theirs, x.in.n }, theirs, tag));
    T_MEM(theirs, msg, x.in.n);
}

static void
gcms(void **st)
{
    struct rnd r = diff_start(5);

    (void)st;
    for (size_t i = YF_AES128; i <= YF_SM4; i++)
        every_key(i, &r, gcm);
}

static void
evp_ccm(enum yf_cipher_id id, yf_span key, const struct aead *x, uint8_t *out, uint8_t *tag,
        size_t t)
{
    static EVP_CIPHER *fetched[YF_CIPHERS];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n;

    if (!fetched[id])
        fetched[id] = EVP_CIPHER_fetch(NULL, evp_name(id, "CCM"), NULL);
    T(EVP_EncryptInit_ex2(ctx, fetched[id], NULL, NULL, NULL) == 1);
    T(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)x->iv.n, NULL) == 1);
    T(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)t, NULL) == 1);
    T(EVP_EncryptInit_ex2(ctx, NULL, key.p, x->iv.p, NULL) == 1);
    T(EVP_EncryptUpdate(ctx, NULL, &n, NULL, (int)x->in.n) == 1);
    if (x->aad.n)
        T(EVP_EncryptUpdate(ctx, NULL, &n, x->aad.p, (int)x->aad.n) == 1);
    T(EVP_EncryptUpdate(ctx, out, &n, x->in.p, (int)x->in.n) == 1);
    T(EVP_EncryptFinal_ex(ctx, out, &n) == 1);
    T(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)t, tag) == 1);
    EVP_CIPHER_CTX_free(ctx);
}

static void
ccm(const yf_cipher *a, const yf_cipher *b, yf_span key, struct rnd *r)
{
    uint8_t tag[16], their_tag[16];
    size_t t = 4 + 2 * rnd_below(r, 7);
    struct aead x;

    some_text(&x, 7 + rnd_below(r, 7), r);
    T_OK(yf_ccm_seal(a, x.iv, x.aad, x.in, ours, tag, t));
    if (a->alg->id == YF_SM4)
        plain_ccm(b, x.iv, x.aad, x.in, theirs, their_tag, t);
    else
        evp_ccm(a->alg->id, key, &x, theirs, their_tag, t);
    T_MEM(ours, theirs, x.in.n);
    T_MEM(tag, their_tag, t);
    T_OK(yf_ccm_open(a, x.iv, x.aad, (yf_span){ theirs, x.in.n }, theirs, (yf_span){ tag, t }));
    T_MEM(theirs, msg, x.in.n);
}

static void
ccms(void **st)
{
    struct rnd r = diff_start(6);

    (void)st;
    for (size_t i = YF_AES128; i <= YF_SM4; i++)
        every_key(i, &r, ccm);
}

T_MAIN(cmocka_unit_test(hashes), cmocka_unit_test(hmacs), cmocka_unit_test(ciphers),
       cmocka_unit_test(cmacs), cmocka_unit_test(gcms), cmocka_unit_test(ccms))
