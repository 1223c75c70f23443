/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer's channel, both ends: static and session keys and data are secret; lengths, levels
 * and what goes over the wire are not. */
#include "ct.h"

#include <yufu/proto/diversify.h>

#include <string.h>

static struct yf_scp03_keys keys;
static uint8_t data[64], master[32];
static const uint8_t plain[16];

static void
must(yf_err e)
{
    if (e)
        abort();
}

static void
secrets(enum yf_cipher_id cipher)
{
    memset(&keys, 0x3C, sizeof keys);
    memset(data, 0x55, sizeof data);
    memset(master, 0x77, sizeof master);
    ct_secret(&keys, sizeof keys);
    ct_secret(data, sizeof data);
    ct_secret(master, sizeof master);
    keys.cipher = cipher;
    ct_public(&keys.cipher, sizeof keys.cipher);
}

static void
there_and_back(struct yf_scp03 *host, struct yf_scp03 *card)
{
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xE2, .data = { data, 40 } };
    uint8_t mem[96];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp r = { 0x9000, { data, 40 } };

    must(yf_scp03_wrap_cmd(host, &c, mem, sizeof mem, &c));
    ct_public(mem, c.data.n);
    must(yf_scp03_unwrap_cmd(card, &c, mem, sizeof mem, &c));
    must(yf_scp03_wrap_rsp(card, &r, &o));
    ct_public(mem, o.n);
    r.data = yf_out_span(&o);
    must(yf_scp03_unwrap_rsp(host, &r, mem, sizeof mem, &r));
    mem[0] ^= 1;
    if (yf_scp03_unwrap_cmd(card, &(yf_apdu_cmd){ .cla = 0x84, .data = { mem, 40 } }, mem,
                            sizeof mem, &c) != YF_E_AUTH)
        abort();
}

static void
session(enum yf_cipher_id cipher, uint8_t i)
{
    struct yf_scp03_offer offer = { &keys, 1, i, plain, 1, { plain, 5 } };
    yf_span challenge = { plain, i & YF_SCP03_I_S16 ? 16 : 8 };
    uint8_t answer[YF_SCP03_ANSWER], mem[32];
    yf_out o = yf_out_of(answer, sizeof answer);
    struct yf_scp03 host = { 0 }, card = { 0 };
    struct yf_scp03_answer a;
    yf_apdu_cmd c;

    secrets(cipher);
    must(yf_scp03_card_begin(&card, &yf_provider_soft, NULL, &offer, challenge, &o));
    must(yf_scp03_read(yf_out_span(&o), &a));
    must(yf_scp03_host_begin(&host, &yf_provider_soft, &keys, challenge, &a));
    must(yf_scp03_host_open(&host, 0x33, mem, &c));
    must(yf_scp03_card_open(&card, &c));
    there_and_back(&host, &card);
    yf_scp03_close(&host);
    yf_scp03_close(&card);
}

static void
sessions(void)
{
    static const enum yf_cipher_id ciphers[] = { YF_AES128, YF_AES192, YF_AES256, YF_SM4 };

    for (size_t k = 0; k < 4; k++)
        for (uint8_t s16 = 0; s16 < 2; s16++)
            session(ciphers[k], (uint8_t)(0x70 | s16));
}

static void
diversification(void)
{
    struct yf_scp03_keys out;
    uint8_t kcv[YF_KCV];

    secrets(YF_SM4);
    must(yf_diversify(&yf_provider_soft, YF_AES256, (yf_span){ master, 32 }, plain, &out));
    must(yf_diversify(&yf_provider_soft, YF_SM4, (yf_span){ master, 16 }, plain, &out));
    must(yf_key_check(&yf_provider_soft, YF_SM4, out.enc, kcv));
    if (kcv[0] == kcv[1] && kcv[1] == kcv[2]) // looked at: it is public
        abort();
}

CT_MAIN(CT(sessions), CT(diversification))
