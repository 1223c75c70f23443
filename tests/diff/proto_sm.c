/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secure messaging: ours against Doc 9303-11 9.8 written down here as plainly as it stands, on
 * OpenSSL's ciphers and CMAC; for every cipher, random sessions of commands and responses.
 */
#include "diff.h"

#include <yufu/proto/sm.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

enum { ROOM = 3000 };

static const struct {
    enum yf_cipher_id id;
    size_t key, block;
    const char *cbc, *ecb;
} suites[] = {
    { YF_DES3_2KEY, 16, 8, "DES-EDE-CBC", "DES-EDE-ECB" },
    { YF_AES128, 16, 16, "AES-128-CBC", "AES-128-ECB" },
    { YF_AES192, 24, 16, "AES-192-CBC", "AES-192-ECB" },
    { YF_AES256, 32, 16, "AES-256-CBC", "AES-256-ECB" },
    { YF_SM4, 16, 16, "SM4-CBC", "SM4-ECB" },
};

/* One end, as the standard tells it. */
struct peer {
    size_t suite;
    uint8_t enc[32], mac[32], ssc[16];
};

static uint8_t plain_text[ROOM], want[2 * ROOM], mem[ROOM + YF_SM_OVERHEAD],
    got[ROOM + YF_SM_OVERHEAD];

/* ---- OpenSSL ---- */

static void
encrypt(const char *name, const uint8_t *key, const uint8_t *iv, const uint8_t *in, size_t n,
        uint8_t *out)
{
    EVP_CIPHER *alg = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int made = 0;

    T(alg && c && EVP_EncryptInit_ex2(c, alg, key, iv, NULL) == 1);
    T(EVP_CIPHER_CTX_set_padding(c, 0) == 1);
    T(EVP_EncryptUpdate(c, out, &made, in, (int)n) == 1 && (size_t)made == n);
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(alg);
}

static void
cmac(const char *cbc, const uint8_t *key, size_t key_n, const uint8_t *in, size_t n, uint8_t *out)
{
    EVP_MAC *alg = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *c = EVP_MAC_CTX_new(alg);
    OSSL_PARAM p[] = { OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_CIPHER, (char *)(uintptr_t)cbc, 0),
                       OSSL_PARAM_END };
    size_t made;

    T(EVP_MAC_init(c, key, key_n, p) == 1 && EVP_MAC_update(c, in, n) == 1);
    T(EVP_MAC_final(c, out, &made, 16) == 1 && made == 16);
    EVP_MAC_CTX_free(c);
    EVP_MAC_free(alg);
}

/* ISO/IEC 9797-1 algorithm 3: DES by K over all blocks but the last, which gets K, K' and K. */
static void
retail(const uint8_t *key, const uint8_t *in, size_t n, uint8_t *out)
{
    uint8_t single[16], chain[8] = { 0 };

    memcpy(single, key, 8);
    memcpy(single + 8, key, 8);
    for (size_t i = 0; i < n; i += 8) {
        for (size_t j = 0; j < 8; j++)
            chain[j] ^= in[i + j];
        encrypt("DES-EDE-ECB", i + 8 == n ? key : single, NULL, chain, 8, chain);
    }
    memcpy(out, chain, 8);
}

/* ---- the standard ---- */

static size_t
pad(uint8_t *b, size_t n, size_t block)
{
    b[n++] = 0x80;
    while (n % block)
        b[n++] = 0;
    return n;
}

static void
count(struct peer *p)
{
    for (size_t i = suites[p->suite].block; i-- > 0;)
        if (++p->ssc[i])
            break;
}

static size_t
put_length(uint8_t *b, size_t n)
{
    if (n < 0x80) {
        b[0] = (uint8_t)n;
        return 1;
    }
    if (n < 0x100) {
        b[0] = 0x81, b[1] = (uint8_t)n;
        return 2;
    }
    b[0] = 0x82, b[1] = (uint8_t)(n >> 8), b[2] = (uint8_t)n;
    return 3;
}

/* Objects for this data, then `last`, then the MAC over the header, if there is one, and them. */
static size_t
wrap(struct peer *p, const uint8_t *head, bool odd, yf_span data, yf_span last)
{
    static uint8_t padded[ROOM + 16], macced[2 * ROOM];
    size_t block = suites[p->suite].block, n = 0, m = 0;
    uint8_t iv[16] = { 0 }, mac[16];

    count(p);
    if (block == 16)
        encrypt(suites[p->suite].ecb, p->enc, NULL, p->ssc, 16, iv);
    if (data.n) {
        memcpy(padded, data.p, data.n);
        size_t size = pad(padded, data.n, block);
        want[n++] = odd ? 0x85 : 0x87;
        n += put_length(want + n, size + !odd);
        if (!odd)
            want[n++] = 0x01;
        encrypt(suites[p->suite].cbc, p->enc, iv, padded, size, want + n);
        n += size;
    }
    if (last.n)
        memcpy(want + n, last.p, last.n);
    n += last.n;

    memcpy(macced, p->ssc, block);
    m = block;
    if (head) {
        memcpy(macced + m, head, 4);
        m = pad(macced, m + 4, block);
    }
    memcpy(macced + m, want, n);
    m = n ? pad(macced, m + n, block) : m;
    if (block == 8)
        retail(p->mac, macced, m, mac);
    else
        cmac(suites[p->suite].cbc, p->mac, suites[p->suite].key, macced, m, mac);
    want[n] = 0x8E, want[n + 1] = 8;
    memcpy(want + n + 2, mac, 8);
    return n + 10;
}

/* ---- exchanges ---- */

static void
command(struct peer *p, struct yf_sm *reader, struct yf_sm *card, struct rnd *r)
{
    yf_apdu_cmd cmd = { .ins = (uint8_t)rnd_u64(r), .p1 = (uint8_t)rnd_u64(r), .p2 = 7 }, w, back;
    uint8_t head[] = { 0x0C, cmd.ins, cmd.p1, cmd.p2 }, le[4];
    size_t le_n = 0;

    cmd.data = (yf_span){ plain_text, rnd_below(r, 4) ? rnd_below(r, 60) : rnd_below(r, ROOM) };
    cmd.ne = rnd_below(r, 3) ? (uint32_t)rnd_below(r, 257) : 0;
    cmd.form = rnd_below(r, 2) ? YF_APDU_EXTENDED : YF_APDU_SHORTEST;
    rnd_fill(r, plain_text, cmd.data.n);
    if (cmd.ne && cmd.form == YF_APDU_EXTENDED) {
        le[0] = 0x97, le[1] = 2, le[2] = (uint8_t)(cmd.ne >> 8), le[3] = (uint8_t)cmd.ne;
        le_n = 4;
    } else if (cmd.ne) {
        le[0] = 0x97, le[1] = 1, le[2] = (uint8_t)cmd.ne;
        le_n = 3;
    }
    size_t n = wrap(p, head, cmd.ins & 1, cmd.data, (yf_span){ le, le_n });
    T_OK(yf_sm_wrap_cmd(reader, &cmd, mem, sizeof mem, &w));
    T_SPAN(w.data, ((yf_span){ want, n }));
    w.data.p = want;
    T_OK(yf_sm_unwrap_cmd(card, &w, got, sizeof got, &back));
    T_SPAN(back.data, cmd.data);
}

static void
response(struct peer *p, bool odd, struct yf_sm *reader, struct yf_sm *card, struct rnd *r)
{
    yf_apdu_rsp rsp = { YF_SW_OK, { plain_text, rnd_below(r, ROOM) } }, back;
    yf_out o = yf_out_of(mem, sizeof mem);

    rnd_fill(r, plain_text, rsp.data.n);
    size_t n = wrap(p, NULL, odd, rsp.data, YF_STR("\x99\x02\x90\x00"));
    T_OK(yf_sm_wrap_rsp(card, &rsp, &o));
    T_SPAN(yf_out_span(&o), ((yf_span){ want, n }));
    T_OK(yf_sm_unwrap_rsp(reader, &(yf_apdu_rsp){ YF_SW_OK, { want, n } }, got, sizeof got, &back));
    T_SPAN(back.data, rsp.data);
}

static void
sessions(void **st)
{
    struct rnd r = diff_start(1);
    size_t times = diff_times() / 50;
    (void)st;

    for (size_t i = 0; i < 5; i++) {
        for (size_t t = 0; t < times; t++) {
            struct yf_sm_keys k = { .cipher = suites[i].id };
            struct yf_sm reader, card;
            struct peer p = { .suite = i };

            rnd_fill(&r, k.enc, sizeof k.enc);
            rnd_fill(&r, k.mac, sizeof k.mac);
            rnd_fill(&r, k.ssc, sizeof k.ssc);
            memcpy(p.enc, k.enc, sizeof p.enc);
            memcpy(p.mac, k.mac, sizeof p.mac);
            memcpy(p.ssc, k.ssc, sizeof p.ssc);
            T_OK(yf_sm_open(&reader, &yf_provider_soft, &k));
            T_OK(yf_sm_open(&card, &yf_provider_soft, &k));
            for (size_t j = 0; j < 3; j++) {
                command(&p, &reader, &card, &r);
                response(&p, card.tag == 0x85, &reader, &card, &r);
            }
            yf_sm_close(&reader);
            yf_sm_close(&card);
        }
    }
}

T_MAIN(cmocka_unit_test(sessions))
