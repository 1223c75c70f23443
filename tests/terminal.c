/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal.h"
#include "hex.h"

#include <yufu/crypto/host.h>
#include <yufu/proto/bac.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/genauth.h>
#include <yufu/wire/tlv.h>

#include <stdlib.h>
#include <string.h>

static const yf_provider *const provider = &yf_provider_host;

void
terminal_open(struct terminal *t, struct yf_card *card, yf_rng rng)
{
    *t = (struct terminal){ .card = card, .rng = rng };
}

void
terminal_forget(struct terminal *t)
{
    yf_sm_close(&t->sm);
    t->secure = false;
}

void
terminal_reset(struct terminal *t)
{
    yf_card_reset(t->card);
    terminal_forget(t);
}

/* What the card answers is appended to what it has answered: the status word is cut off. */
static yf_sw
to_card(struct terminal *t, yf_span bytes, yf_out *body)
{
    yf_apdu_rsp rsp;
    size_t before = body->n;

    yf_card_transmit(t->card, bytes, body);
    if (body->err || yf_apdu_rsp_parse((yf_span){ body->p + before, body->n - before }, &rsp))
        abort();
    if (t->tell)
        t->tell(t->told, bytes, (yf_span){ body->p + before, body->n - before });
    body->n -= 2;
    return rsp.sw;
}

yf_sw
terminal_raw(struct terminal *t, yf_span bytes)
{
    yf_out body = yf_out_of(t->rsp, sizeof t->rsp);

    t->bare = to_card(t, bytes, &body);
    t->data = yf_out_span(&body);
    return t->bare;
}

static void
put(struct terminal *t, const yf_apdu_cmd *cmd, yf_apdu_rsp *rsp)
{
    uint8_t mem[sizeof t->cmd + 16];
    yf_out o = yf_out_of(mem, sizeof mem), body = yf_out_of(t->rsp, sizeof t->rsp);

    yf_apdu_cmd_put(&o, cmd);
    if (o.err)
        abort();
    rsp->sw = to_card(t, yf_out_span(&o), &body);
    while (yf_sw_is_more(rsp->sw))
        rsp->sw = to_card(t, YF_STR("\x00\xC0\x00\x00\x00"), &body);
    rsp->data = yf_out_span(&body);
    t->bare = rsp->sw;
}

static yf_sw
unwrapped(struct terminal *t, const yf_apdu_rsp *rsp)
{
    yf_apdu_rsp plain;

    if (yf_sm_unwrap_rsp(&t->sm, rsp, t->rsp, sizeof t->rsp, &plain)) {
        t->secure = false;
        t->data = (yf_span){ 0 };
        return rsp->data.n ? TERMINAL_BROKEN : rsp->sw;
    }
    t->data = plain.data;
    return plain.sw;
}

yf_sw
terminal_send(struct terminal *t, const yf_apdu_cmd *cmd)
{
    yf_apdu_cmd wrapped;
    yf_apdu_rsp rsp;

    if (!t->secure) {
        put(t, cmd, &rsp);
        t->data = rsp.data;
        return rsp.sw;
    }
    if (yf_sm_wrap_cmd(&t->sm, cmd, t->cmd, sizeof t->cmd, &wrapped))
        abort();
    put(t, &wrapped, &rsp);
    return unwrapped(t, &rsp);
}

static yf_sw
send(struct terminal *t, uint8_t cla, uint8_t ins, uint16_t p1p2, yf_span data, uint32_t ne)
{
    yf_apdu_cmd cmd = {
        .cla = cla,
        .ins = ins,
        .p1 = (uint8_t)(p1p2 >> 8),
        .p2 = (uint8_t)p1p2,
        .data = data,
        .ne = ne,
    };

    return terminal_send(t, &cmd);
}

yf_sw
terminal_say(struct terminal *t, const char *hex)
{
    uint8_t mem[sizeof t->cmd];
    yf_apdu_cmd cmd;

    if (yf_apdu_cmd_parse(hex_span(hex, mem, sizeof mem), &cmd))
        abort();
    return terminal_send(t, &cmd);
}

static void
secure(struct terminal *t, struct yf_sm_keys *k)
{
    yf_sm_close(&t->sm);
    if (yf_sm_open(&t->sm, &yf_provider_soft, k)) // which holds nothing that must be given back
        abort();
    yf_wipe(k, sizeof *k);
    t->secure = true;
}

yf_sw
terminal_select_travel(struct terminal *t)
{
    return terminal_say(t, "00a4040c07a0000002471001");
}

yf_sw
terminal_bac(struct terminal *t, const uint8_t seed[16])
{
    uint8_t cmd[YF_BAC_MSG];
    struct yf_bac_keys keys;
    struct yf_sm_keys sm;
    struct yf_bac bac;
    yf_sw sw = terminal_say(t, "0084000008");

    if (sw != YF_SW_OK || t->data.n != YF_BAC_NONCE)
        return sw;
    if (yf_bac_keys_of_seed(provider, seed, &keys) ||
        yf_bac_begin(&bac, provider, &keys, t->data.p, &t->rng, cmd))
        abort();
    if ((sw = send(t, 0x00, 0x82, 0, YF_SPAN(cmd), YF_BAC_MSG)) != YF_SW_OK)
        return sw;
    if (yf_bac_finish(&bac, t->data, &sm))
        return TERMINAL_BROKEN;
    secure(t, &sm);
    return sw;
}

static yf_sw
pace_select(struct terminal *t, const struct yf_pace_suite *suite, enum yf_pace_password kind)
{
    struct yf_pace_select s = { suite->oid, (uint8_t)kind, suite->parameters };
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_pace_select_put(&o, &s);
    return send(t, 0x00, 0x22, 0xC1A4, yf_out_span(&o), 0);
}

static yf_sw
pace_step(struct terminal *t, struct yf_pace *pace)
{
    uint8_t mem[YF_PACE_DATA_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    if (yf_pace_ask(pace, &t->rng, &o))
        abort();
    yf_sw sw = send(t, yf_pace_last(pace) ? 0x00 : 0x10, 0x86, 0, yf_out_span(&o), 256);
    if (sw == YF_SW_OK && yf_pace_hear(pace, t->data))
        return TERMINAL_BROKEN;
    return sw;
}

yf_sw
terminal_pace(struct terminal *t, const struct yf_pace_suite *suite, enum yf_pace_password kind,
              yf_span secret)
{
    uint8_t k_pi[YF_CIPHER_KEY_MAX];
    struct yf_sm_keys keys;
    struct yf_pace pace;
    yf_sw sw = pace_select(t, suite, kind);

    if (yf_pace_key(provider, suite->cipher, kind, secret, k_pi) ||
        yf_pace_begin(&pace, provider, YF_PACE_READER, suite, k_pi))
        abort();
    for (int step = 0; step < 4 && sw == YF_SW_OK; step++)
        sw = pace_step(t, &pace);
    if (sw == YF_SW_OK && !yf_pace_keys(&pace, &keys))
        secure(t, &keys);
    yf_pace_drop(&pace);
    return sw;
}

static yf_sw
chip_select(struct terminal *t, const struct yf_ca_select *s)
{
    uint8_t mem[YF_POINT_MAX + 32];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_ca_select_put(&o, s);
    return send(t, 0x00, 0x22, s->point.n ? 0x41A6 : 0x41A4, yf_out_span(&o), 0);
}

static yf_sw
chip_point(struct terminal *t, yf_span point)
{
    uint8_t mem[YF_POINT_MAX + 8];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_genauth_put(&o, 0x80, point);
    return send(t, 0x00, 0x86, 0, yf_out_span(&o), 256);
}

yf_sw
terminal_chip(struct terminal *t, enum yf_cipher_id cipher, bool kat, const yf_curve *curve,
              yf_span point, int32_t key_id)
{
    struct yf_ca_select s = { .key_id = key_id };
    struct yf_sm_keys keys;
    uint8_t own[YF_POINT_MAX];
    yf_out o = yf_out_of(own, sizeof own);
    yf_sw sw;

    if (yf_ca_ask(provider, cipher, curve, point, &t->rng, &o, &keys))
        abort();
    if (kat)
        s.point = yf_out_span(&o);
    else
        s.oid = yf_ca_oid(cipher);
    sw = chip_select(t, &s);
    if (sw == YF_SW_OK && !kat)
        sw = chip_point(t, yf_out_span(&o));
    if (sw == YF_SW_OK)
        secure(t, &keys);
    return sw;
}

/* 7816-4 7.2.3: the offset in '54', the data in '53'. */
static yf_sw
read_odd(struct terminal *t, size_t at)
{
    uint8_t offset[] = { 0x54, 0x02, (uint8_t)(at >> 8), (uint8_t)at };
    yf_sw sw = send(t, 0x00, 0xB1, 0, YF_SPAN(offset), 220);
    yf_cur c = yf_cur_of(t->data);

    if (sw == YF_SW_OK || sw == YF_SW_END_OF_FILE)
        t->data = yf_tlv_need(&c, 0x53, 0, t->data.n);
    return sw;
}

yf_sw
terminal_read(struct terminal *t, uint16_t fid, uint8_t *mem, size_t cap, size_t *n)
{
    uint8_t id[] = { (uint8_t)(fid >> 8), (uint8_t)fid };
    yf_sw sw = send(t, 0x00, 0xA4, 0x020C, YF_SPAN(id), 0);

    *n = 0;
    while (sw == YF_SW_OK && *n < cap) {
        sw = *n < 0x8000 ? send(t, 0x00, 0xB0, (uint16_t)*n, (yf_span){ 0 }, 220) : read_odd(t, *n);
        if (sw != YF_SW_OK && sw != YF_SW_END_OF_FILE)
            break;
        if (t->data.n == 0 || t->data.n > cap - *n)
            break;
        memcpy(mem + *n, t->data.p, t->data.n);
        *n += t->data.n;
    }
    return sw == YF_SW_END_OF_FILE || (*n && sw == YF_SW_OUT_OF_RANGE) ? YF_SW_OK : sw;
}
