/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SCP03 and the diversification of keys: ours against GPC_SPE_014 written down as
 * plainly as it stands, on OpenSSL's CMAC and CBC.
 */
#include "diff.h"

#include <yufu/proto/diversify.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

enum { ROOM = 700 };

static const struct kind {
    enum yf_cipher_id id;
    char cbc[12];
    size_t key;
} kinds[] = {
    { YF_AES128, "AES-128-CBC", 16 },
    { YF_AES192, "AES-192-CBC", 24 },
    { YF_AES256, "AES-256-CBC", 32 },
    { YF_SM4, "SM4-CBC", 16 },
};

/* ---- the peer ---- */

static void
peer_cmac(const struct kind *k, const uint8_t *key, yf_span in, uint8_t out[16])
{
    char cbc[sizeof k->cbc];
    memcpy(cbc, k->cbc, sizeof cbc);
    OSSL_PARAM p[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cbc, 0),
                       OSSL_PARAM_construct_end() };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *c = EVP_MAC_CTX_new(mac);
    size_t n;

    T(EVP_MAC_init(c, key, k->key, p) == 1);
    T(EVP_MAC_update(c, in.p, in.n) == 1);
    T(EVP_MAC_final(c, out, &n, 16) == 1 && n == 16);
    EVP_MAC_CTX_free(c);
    EVP_MAC_free(mac);
}

static void
peer_cbc(const struct kind *k, const uint8_t *key, const uint8_t *iv, uint8_t *data, size_t n)
{
    EVP_CIPHER *alg = EVP_CIPHER_fetch(NULL, k->cbc, NULL);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int done;

    T(EVP_EncryptInit_ex2(c, alg, key, iv, NULL) == 1);
    EVP_CIPHER_CTX_set_padding(c, 0);
    T(EVP_EncryptUpdate(c, data, &done, data, (int)n) == 1 && done == (int)n);
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(alg);
}

/* 4.1.5: 11 zeros, constant, 00, length in bits, counter, context. */
static void
peer_derive(const struct kind *k, const uint8_t *key, uint8_t constant, yf_span context,
            uint8_t *out, size_t n)
{
    uint8_t in[16 + 64] = { 0 }, two[32];

    in[11] = constant;
    in[13] = (uint8_t)(n * 8 >> 8);
    in[14] = (uint8_t)(n * 8);
    memcpy(in + 16, context.p, context.n);
    for (uint8_t i = 1; i <= 2; i++) {
        in[15] = i;
        peer_cmac(k, key, (yf_span){ in, 16 + context.n }, two + 16 * (i - 1));
    }
    memcpy(out, two, n);
}

struct peer {
    const struct kind *k;
    size_t width;
    uint8_t enc[32], mac[32], rmac[32], chain[16], counter;
};

/* data, which has room for padding and MAC, becomes what is sent; header with Lc as it is coded. */
static size_t
peer_wrap(struct peer *p, uint8_t level, const uint8_t header[4], uint8_t *data, size_t n)
{
    uint8_t in[16 + 7 + ROOM], iv[16] = { 0 };
    size_t at = 16 + 4;

    p->counter++;
    if ((level & 2) && n) {
        uint8_t zero[16] = { 0 };
        iv[15] = p->counter;
        peer_cbc(p->k, p->enc, zero, iv, 16);
        data[n++] = 0x80;
        while (n % 16)
            data[n++] = 0;
        peer_cbc(p->k, p->enc, iv, data, n);
    }
    memcpy(in, p->chain, 16);
    memcpy(in + 16, header, 4);
    if (n + p->width > 255) {
        in[at++] = 0;
        in[at++] = (uint8_t)((n + p->width) >> 8);
    }
    in[at++] = (uint8_t)(n + p->width);
    memcpy(in + at, data, n);
    peer_cmac(p->k, p->mac, (yf_span){ in, at + n }, p->chain);
    memcpy(data + n, p->chain, p->width);
    return n + p->width;
}

static size_t
peer_answer(const struct peer *p, uint8_t level, uint8_t *data, size_t n)
{
    uint8_t in[16 + ROOM + 2], iv[16] = { 0x80 }, zero[16] = { 0 }, mac[16];

    if ((level & 0x20) && n) {
        iv[15] = p->counter;
        peer_cbc(p->k, p->enc, zero, iv, 16);
        data[n++] = 0x80;
        while (n % 16)
            data[n++] = 0;
        peer_cbc(p->k, p->enc, iv, data, n);
    }
    if (!(level & 0x10))
        return n;
    memcpy(in, p->chain, 16);
    memcpy(in + 16, data, n);
    in[16 + n] = 0x90;
    in[17 + n] = 0x00;
    peer_cmac(p->k, p->rmac, (yf_span){ in, 18 + n }, mac);
    memcpy(data + n, mac, p->width);
    return n + p->width;
}

/* ---- one session ---- */

/* The whole answer to INITIALIZE UPDATE as the peer would give it. */
static size_t
peer_begin(struct peer *p, const struct yf_scp03_offer *offer, const uint8_t *host,
           const uint8_t *random, uint8_t *out)
{
    uint8_t sequence[3 + 16], both[32], i = offer->i, *to = out;

    if (p->k->id == YF_SM4)
        i |= 8;
    sequence[0] = (uint8_t)(offer->sequence >> 16);
    sequence[1] = (uint8_t)(offer->sequence >> 8);
    sequence[2] = (uint8_t)offer->sequence;
    memcpy(sequence + 3, offer->aid.p, offer->aid.n);
    memcpy(both, host, p->width);
    if (i & 0x10)
        peer_derive(p->k, offer->keys->enc, 2, (yf_span){ sequence, 3 + offer->aid.n },
                    both + p->width, p->width);
    else
        memcpy(both + p->width, random, p->width);
    yf_span context = { both, 2 * p->width };
    peer_derive(p->k, offer->keys->enc, 4, context, p->enc, p->k->key);
    peer_derive(p->k, offer->keys->mac, 6, context, p->mac, p->k->key);
    peer_derive(p->k, offer->keys->mac, 7, context, p->rmac, p->k->key);
    memcpy(to, offer->diversification, 10);
    to[10] = offer->kvn;
    to[11] = 3;
    to[12] = i;
    memcpy(to + 13, both + p->width, p->width);
    peer_derive(p->k, p->mac, 0, context, to + 13 + p->width, p->width);
    size_t n = 13 + 2 * p->width;
    if (i & 0x10) {
        memcpy(to + n, sequence, 3);
        n += 3;
    }
    return n;
}

static yf_err
say_random(void *state, uint8_t *out, size_t n)
{
    memcpy(out, state, n);
    return YF_OK;
}

static void
messages(struct rnd *r, struct yf_scp03 *host, struct yf_scp03 *card, struct peer *p, uint8_t level)
{
    for (int turn = 0; turn < 3; turn++) {
        uint8_t plain[ROOM], ours[ROOM], theirs[ROOM];
        size_t n = rnd_below(r, 8) ? rnd_below(r, 70) : rnd_below(r, 600), m;
        yf_apdu_cmd c = { .cla = 0x80, .ins = (uint8_t)rnd_u64(r), .p1 = (uint8_t)rnd_u64(r) }, w;
        uint8_t header[] = { 0x84, c.ins, c.p1, 0 };
        yf_out o = yf_out_of(ours, sizeof ours);

        rnd_fill(r, plain, n);
        memcpy(theirs, plain, n);
        m = peer_wrap(p, level, header, theirs, n);
        c.data = (yf_span){ plain, n };
        T_OK(yf_scp03_wrap_cmd(host, &c, ours, sizeof ours, &w));
        T_SPAN(w.data, ((yf_span){ theirs, m }));
        T_OK(yf_scp03_unwrap_cmd(card, &w, ours, sizeof ours, &w));
        T_SPAN(w.data, c.data);

        memcpy(theirs, plain, n);
        m = peer_answer(p, level, theirs, n);
        T_OK(yf_scp03_wrap_rsp(card, &(yf_apdu_rsp){ 0x9000, c.data }, &o));
        T_SPAN(yf_out_span(&o), ((yf_span){ theirs, m }));
    }
}

static void
session(struct rnd *r, const struct kind *k)
{
    static const uint8_t levels[] = { 0x01, 0x03, 0x11, 0x13, 0x33 };
    uint8_t kind = (uint8_t)rnd_below(r, 4), level = levels[rnd_below(r, 5)];
    struct peer p = { .k = k, .width = kind & 1 ? 16 : 8 };
    struct yf_scp03_keys keys = { .cipher = k->id };
    uint8_t random[16], challenge[16], data[10], aid[16], ours[64], theirs[64], open[32];
    struct yf_scp03_offer offer = {
        .keys = &keys,
        .kvn = (uint8_t)rnd_u64(r),
        .i = (uint8_t)(0x60 | (kind & 1) | (kind & 2 ? 0x10 : 0)),
        .diversification = data,
        .sequence = (uint32_t)rnd_below(r, 1 << 24),
        .aid = { aid, 5 + rnd_below(r, 12) },
    };
    struct yf_scp03 host = { 0 }, card = { 0 };
    yf_rng rng = { say_random, random };
    yf_out o = yf_out_of(ours, sizeof ours);
    struct yf_scp03_answer a;
    yf_apdu_cmd cmd;

    rnd_fill(r, random, sizeof random);
    rnd_fill(r, challenge, sizeof challenge);
    rnd_fill(r, data, sizeof data);
    rnd_fill(r, aid, sizeof aid);
    rnd_fill(r, keys.enc, k->key);
    rnd_fill(r, keys.mac, k->key);
    size_t n = peer_begin(&p, &offer, challenge, random, theirs);
    T_OK(yf_scp03_card_begin(&card, &yf_provider_soft, &rng, &offer,
                             (yf_span){ challenge, p.width }, &o));
    T_SPAN(yf_out_span(&o), ((yf_span){ theirs, n }));
    T_OK(yf_scp03_read((yf_span){ theirs, n }, &a));
    T_OK(yf_scp03_host_begin(&host, &yf_provider_soft, &keys, (yf_span){ challenge, p.width }, &a));
    T_OK(yf_scp03_host_open(&host, level, open, &cmd));

    uint8_t both[32], wrapped[64];
    memcpy(both, challenge, p.width);
    memcpy(both + p.width, a.challenge.p, p.width);
    peer_derive(k, p.mac, 1, (yf_span){ both, 2 * p.width }, wrapped, p.width);
    n = peer_wrap(&p, 0, (uint8_t[]){ 0x84, 0x82, level, 0 }, wrapped, p.width);
    p.counter = 0;
    T_SPAN(cmd.data, ((yf_span){ wrapped, n }));
    T_OK(yf_scp03_card_open(&card, &cmd));
    messages(r, &host, &card, &p, level);
    yf_scp03_close(&host);
    yf_scp03_close(&card);
}

static void
sessions(void **st)
{
    struct rnd r = diff_start(20);

    (void)st;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t t = diff_times() / 40; t; t--)
            session(&r, &kinds[k]);
}

/* docs/formats.md: counter, 00 00 00 n, 00, data. */
static void
diversification(void **st)
{
    struct rnd r = diff_start(21);

    (void)st;
    for (size_t t = diff_times() / 10; t; t--) {
        const struct kind *k = &kinds[t % 4];
        uint8_t master[32], in[16] = { 0 }, two[32];
        struct yf_scp03_keys keys;
        rnd_fill(&r, master, sizeof master);
        rnd_fill(&r, in + 6, 10);
        T_OK(yf_diversify(&yf_provider_soft, k->id, (yf_span){ master, k->key }, in + 6, &keys));
        const uint8_t *got[] = { keys.enc, keys.mac, keys.dek };
        for (uint8_t n = 1; n <= 3; n++) {
            in[4] = n;
            for (uint8_t i = 1; i <= 2; i++) {
                in[0] = i;
                peer_cmac(k, master, YF_SPAN(in), two + 16 * (i - 1));
            }
            T_MEM(got[n - 1], two, k->key);
        }
    }
}

T_MAIN(cmocka_unit_test(sessions), cmocka_unit_test(diversification))
