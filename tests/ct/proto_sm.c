/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secure messaging and basic access control: keys, counters, random values, texts and the
 * machine readable zone are secret; lengths, status words and what is sent are not.
 */
#include "secret.h"

#include <yufu/proto/bac.h>
#include <yufu/proto/sm.h>

#include <string.h>

static const enum yf_cipher_id ciphers[] = { YF_DES3_2KEY, YF_AES128, YF_AES192, YF_AES256,
                                             YF_SM4 };

static uint8_t text[40], to_card[128], to_reader[128];

static void
secrets(void *p, size_t n)
{
    struct rnd r = { n };

    rnd_fill(&r, p, n);
    ct_secret(p, n);
}

struct pair {
    struct yf_sm reader, card;
};

static struct pair
pair_of(enum yf_cipher_id id)
{
    struct yf_sm_keys k = { .cipher = id };
    struct pair p;

    secrets(k.enc, sizeof k.enc);
    secrets(k.mac, sizeof k.mac);
    secrets(k.ssc, sizeof k.ssc);
    must_be(YF_OK, yf_sm_open(&p.reader, &yf_provider_soft, &k));
    must_be(YF_OK, yf_sm_open(&p.card, &yf_provider_soft, &k));
    return p;
}

static yf_apdu_cmd
wrapped_command(struct pair *p, size_t n)
{
    yf_apdu_cmd cmd = { 0, 0xD6, 0, 0, .ne = 4, .data = { text, n } }, w;

    secrets(text, sizeof text);
    must_be(YF_OK, yf_sm_wrap_cmd(&p->reader, &cmd, to_card, sizeof to_card, &w));
    ct_public(to_card, sizeof to_card); // it is sent
    return w;
}

static void
messages(void)
{
    for (size_t c = 0; c < 5; c++) {
        struct pair p = pair_of(ciphers[c]);
        for (size_t n = 0; n <= sizeof text; n++) {
            yf_out o = yf_out_of(to_reader, sizeof to_reader);
            yf_apdu_cmd w = wrapped_command(&p, n), got;
            must_be(YF_OK, yf_sm_unwrap_cmd(&p.card, &w, to_card, sizeof to_card, &got));
            if (got.data.n != n)
                abort();
            yf_apdu_rsp rsp = { YF_SW_OK, got.data }, back;
            must_be(YF_OK, yf_sm_wrap_rsp(&p.card, &rsp, &o));
            ct_public(to_reader, sizeof to_reader);
            rsp.data = yf_out_span(&o);
            must_be(YF_OK, yf_sm_unwrap_rsp(&p.reader, &rsp, to_card, sizeof to_card, &back));
            if (back.data.n != n)
                abort();
        }
        yf_sm_close(&p.reader);
        yf_sm_close(&p.card);
    }
}

static void
wrong_messages(void)
{
    for (size_t c = 0; c < 5; c++) {
        struct pair p = pair_of(ciphers[c]);
        yf_apdu_cmd w = wrapped_command(&p, 20), got;
        to_card[w.data.n - 1] ^= 1;
        must_be(YF_E_AUTH, yf_sm_unwrap_cmd(&p.card, &w, to_card, sizeof to_card, &got));
        yf_sm_close(&p.reader);
    }
}

static void
basic_access(void)
{
    struct rnd r = { 5 };
    yf_rng rng = secret_rng(&r);
    const uint8_t challenge[YF_BAC_NONCE] = { 1 };
    uint8_t mrz[24], cmd[YF_BAC_MSG], rsp[YF_BAC_MSG];
    struct yf_sm_keys at_card = { 0 }, at_reader = { 0 };
    struct yf_bac_keys k;
    struct yf_bac b;

    secrets(mrz, sizeof mrz);
    must_be(YF_OK, yf_bac_keys(&yf_provider_soft, (yf_span){ mrz, sizeof mrz }, &k));
    must_be(YF_OK, yf_bac_begin(&b, &yf_provider_soft, &k, challenge, &rng, cmd));
    ct_public(cmd, sizeof cmd);
    must_be(YF_OK, yf_bac_card(&yf_provider_soft, &k, challenge, &rng, (yf_span){ cmd, sizeof cmd },
                               rsp, &at_card));
    ct_public(rsp, sizeof rsp);
    must_be(YF_OK, yf_bac_finish(&b, (yf_span){ rsp, sizeof rsp }, &at_reader));
    bool same = yf_ct_eq(&at_card, &at_reader, sizeof at_card);
    ct_public(&same, sizeof same);
    if (!same)
        abort();
    cmd[YF_BAC_MSG - 1] ^= 1;
    must_be(YF_E_AUTH, yf_bac_card(&yf_provider_soft, &k, challenge, &rng,
                                   (yf_span){ cmd, sizeof cmd }, rsp, &at_card));
}

CT_MAIN(CT(messages), CT(wrong_messages), CT(basic_access))
