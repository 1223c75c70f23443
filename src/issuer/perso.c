/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/issuer/perso.h>

#include <yufu/card/issuer.h>
#include <yufu/proto/diversify.h>
#include <yufu/wire/tlv.h>

#include <string.h>

/* ---- one command ---- */

static yf_err
exchange(struct yf_perso *p, const yf_apdu_cmd *cmd, yf_apdu_rsp *rsp)
{
    p->sw = 0;
    yf_err e = yf_transport_exchange(p->transport, cmd, p->mem, sizeof p->mem, rsp);
    if (!e)
        p->sw = rsp->sw;
    return e;
}

yf_err
yf_perso_send(struct yf_perso *p, const yf_apdu_cmd *cmd, yf_apdu_rsp *rsp)
{
    uint8_t data[YF_PERSO_NC];
    yf_apdu_cmd wrapped;
    yf_err e;

    if (!p->channel.level)
        return exchange(p, cmd, rsp);
    if ((e = yf_scp03_wrap_cmd(&p->channel, cmd, data, p->most, &wrapped)))
        return e;
    if (!(e = exchange(p, &wrapped, rsp)))
        e = yf_scp03_unwrap_rsp(&p->channel, rsp, p->mem, sizeof p->mem, rsp);
    yf_wipe(data, sizeof data);
    return e;
}

/* What has to succeed, and the data it brings; that the card is locked is no failure. */
static yf_err
ask(struct yf_perso *p, const yf_apdu_cmd *cmd, yf_span *data)
{
    yf_apdu_rsp rsp;
    yf_err e = yf_perso_send(p, cmd, &rsp);

    if (e)
        return e;
    if (rsp.sw != YF_SW_OK && rsp.sw != YF_SW_FILE_DEACTIVATED)
        return YF_E_DENIED;
    if (data)
        *data = rsp.data;
    return YF_OK;
}

static yf_err
say(struct yf_perso *p, uint8_t ins, uint8_t p1, uint8_t p2, yf_span data)
{
    yf_apdu_cmd c = { .cla = 0x80, .ins = ins, .p1 = p1, .p2 = p2, .ne = 256, .data = data };

    return ask(p, &c, NULL);
}

/* ---- the channel ---- */

/* GPCS table 11-82: 6F { 84, A5 { ..., 9F65 } }; a card that does not say takes short commands. */
static size_t
longest(yf_span fci)
{
    yf_span inner, own, most;

    if (yf_tlv_find(fci, 0x6F, &inner) || yf_tlv_find(inner, 0xA5, &own) ||
        yf_tlv_find(own, 0x9F65, &most) || most.n < 1 || most.n > 2)
        return 255;
    size_t n = most.n == 1 ? most.p[0] : yf_be16(most.p);
    return n < 64 ? 255 : n < YF_PERSO_NC ? n : YF_PERSO_NC;
}

static yf_err
select_domain(struct yf_perso *p, yf_span *fci)
{
    yf_apdu_cmd select = { .ins = 0xA4, .p1 = 0x04, .ne = 256, .data = yf_applet_issuer.aid };

    return ask(p, &select, fci);
}

yf_err
yf_perso_start(struct yf_perso *p, const struct yf_transport *transport,
               const yf_provider *provider, const yf_rng *rng)
{
    yf_span fci;

    *p = (struct yf_perso){ .transport = transport, .provider = provider, .rng = rng, .most = 255 };
    yf_err e = select_domain(p, &fci);
    if (!e)
        p->most = longest(fci);
    return e;
}

void
yf_perso_close(struct yf_perso *p)
{
    yf_scp03_close(&p->channel);
    yf_wipe(&p->keys, sizeof p->keys);
    yf_wipe(p->data, sizeof p->data);
    yf_wipe(p->mem, sizeof p->mem);
    p->gathered = 0;
    p->block = 0;
}

yf_err
yf_perso_leave(struct yf_perso *p)
{
    yf_sw sw = p->sw;

    yf_perso_close(p);
    yf_err e = select_domain(p, NULL);
    if (!e)
        p->sw = sw;
    return e;
}

yf_err
yf_perso_begin(struct yf_perso *p, uint8_t kvn, size_t width, struct yf_scp03_answer *answer)
{
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0x50, .p1 = kvn, .ne = 256 };
    yf_span data;
    yf_err e;

    yf_perso_close(p);
    if (width != 8 && width != 16)
        return YF_E_FORMAT;
    if ((e = yf_rng_fill(p->rng, p->challenge, width)))
        return e;
    c.data = (yf_span){ p->challenge, width };
    if ((e = ask(p, &c, &data)))
        return e;
    if (data.n > sizeof p->response)
        return YF_E_FORMAT;
    memcpy(p->response, data.p, data.n);
    if ((e = yf_scp03_read((yf_span){ p->response, data.n }, &p->answer)))
        return e;
    if (p->answer.challenge.n != width)
        return YF_E_UNSUPPORTED;
    *answer = p->answer;
    return YF_OK;
}

yf_err
yf_perso_open(struct yf_perso *p, const struct yf_scp03_keys *keys, uint8_t level)
{
    yf_span challenge = { p->challenge, p->answer.challenge.n };
    uint8_t mem[2 * YF_BLOCK_MAX];
    yf_apdu_cmd cmd;
    yf_apdu_rsp rsp;
    yf_err e;

    p->sw = 0;
    if ((e = yf_scp03_host_begin(&p->channel, p->provider, keys, challenge, &p->answer)))
        goto out;
    if ((e = yf_scp03_host_open(&p->channel, level, mem, &cmd)))
        goto out;
    if ((e = exchange(p, &cmd, &rsp)))
        goto out;
    e = rsp.sw == YF_SW_OK ? YF_OK : YF_E_DENIED;
    p->keys = *keys;
    p->kvn = p->answer.kvn;
out:
    if (e)
        yf_perso_close(p);
    return e;
}

yf_err
yf_perso_get(struct yf_perso *p, uint16_t tag, yf_span *value)
{
    yf_apdu_cmd c = {
        .cla = 0x80, .ins = 0xCA, .p1 = (uint8_t)(tag >> 8), .p2 = (uint8_t)tag, .ne = 256
    };
    yf_span data, v = { 0 };
    yf_err e = ask(p, &c, &data);

    if (!e)
        e = yf_tlv_find(data, tag, &v);
    if (!e)
        *value = v;
    return e;
}

/* ---- keys ---- */

/* GPC_SPE_014 table 7-10: encrypted under the session's DEK, padded to whole blocks. */
static yf_err
put_key(struct yf_perso *p, const yf_cipher *dek, const struct yf_cipher_alg *alg,
        const uint8_t *key, yf_out *o)
{
    uint8_t block[YF_CIPHER_KEY_MAX] = { 0 }, iv[YF_BLOCK_MAX] = { 0 }, kcv[YF_KCV];
    size_t n = (alg->key + 15u) & ~(size_t)15;
    yf_err e = yf_key_check(p->provider, alg->id, key, kcv);

    if (e)
        return e;
    memcpy(block, key, alg->key);
    dek->alg->cbc_enc(dek, iv, block, block, n);
    yf_out_u8(o, alg->id == YF_SM4 ? YF_KEY_TYPE_SM4 : YF_KEY_TYPE_AES);
    yf_out_u8(o, (uint8_t)(1 + n));
    yf_out_u8(o, alg->key);
    yf_out_put(o, (yf_span){ block, n });
    yf_out_u8(o, YF_KCV);
    yf_out_put(o, YF_SPAN(kcv));
    return YF_OK;
}

yf_err
yf_perso_put_keys(struct yf_perso *p, uint8_t replaces, uint8_t kvn,
                  const struct yf_scp03_keys *keys)
{
    const struct yf_cipher_alg *alg = yf_provider_cipher(p->provider, keys->cipher),
                               *own = yf_provider_cipher(p->provider, p->keys.cipher);
    uint8_t mem[1 + 3 * (3 + YF_CIPHER_KEY_MAX + 1 + YF_KCV)];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_cipher dek;
    yf_err e;

    if (!p->channel.level)
        return YF_E_STATE;
    if (!alg)
        return YF_E_UNSUPPORTED;
    if ((e = yf_cipher_init(&dek, own, (yf_span){ p->keys.dek, own->key })))
        return e;
    yf_out_u8(&o, kvn);
    if (!(e = put_key(p, &dek, alg, keys->enc, &o)) &&
        !(e = put_key(p, &dek, alg, keys->mac, &o)) && !(e = put_key(p, &dek, alg, keys->dek, &o)))
        e = say(p, 0xD8, replaces == YF_ISSUER_TRANSPORT ? 0 : replaces, 0x81, yf_out_span(&o));
    yf_cipher_drop(&dek);
    return e;
}

yf_err
yf_perso_delete_keys(struct yf_perso *p, uint8_t kvn)
{
    uint8_t object[] = { 0xD2, 1, kvn };

    return say(p, 0xE4, 0, 0, YF_SPAN(object));
}

/* ---- applications ---- */

/* A length as GPCS table 11-43 has it, and the value. */
static void
put_lv(yf_out *o, yf_span v)
{
    if (v.n > 0xFF) {
        yf_out_u8(o, 0x82);
        yf_out_u16(o, (uint16_t)v.n);
    } else {
        if (v.n > 0x80)
            yf_out_u8(o, 0x81);
        yf_out_u8(o, (uint8_t)v.n);
    }
    yf_out_put(o, v);
}

yf_err
yf_perso_install(struct yf_perso *p, yf_span module, yf_span aid, yf_span parameters)
{
    uint8_t mem[1024], own[900];
    yf_out o = yf_out_of(mem, sizeof mem), c9 = yf_out_of(own, sizeof own);
    yf_span data;

    yf_tlv_put(&c9, 0xC9, parameters);
    put_lv(&o, (yf_span){ 0 });
    put_lv(&o, module);
    put_lv(&o, aid);
    put_lv(&o, YF_STR("\0"));
    put_lv(&o, yf_out_span(&c9));
    put_lv(&o, (yf_span){ 0 });
    yf_err e = yf_err_first(c9.err, yf_out_done(&o, &data));
    if (!e)
        e = say(p, 0xE6, 0x0C, 0, data);
    yf_wipe(mem, sizeof mem);
    yf_wipe(own, sizeof own);
    return e;
}

yf_err
yf_perso_delete(struct yf_perso *p, yf_span aid)
{
    uint8_t mem[2 + YF_CARD_AID];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span data;

    yf_tlv_put(&o, 0x4F, aid);
    yf_err e = yf_out_done(&o, &data);
    return e ? e : say(p, 0xE4, 0, 0, data);
}

/* ---- personalisation ---- */

enum { P1_LAST = 0x80, P1_DGI = 0x08, P1_TLV = 0x10 };

yf_err
yf_perso_target(struct yf_perso *p, yf_span aid)
{
    uint8_t mem[6 + YF_CARD_AID];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span data;

    p->gathered = 0;
    p->block = 0;
    yf_out_u16(&o, 0);
    put_lv(&o, aid);
    yf_out_fill(&o, 0, 3);
    yf_err e = yf_out_done(&o, &data);
    return e ? e : say(p, 0xE6, 0x20, 0, data);
}

/* Bytes of a block that fit a command once it is wrapped. */
static size_t
room(const struct yf_perso *p)
{
    size_t whole = p->most - p->channel.width;

    return p->channel.level & YF_SCP03_C_ENC ? (whole & ~(size_t)15) - 1 : whole;
}

static yf_err
send_block(struct yf_perso *p, uint8_t p1)
{
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xE2, .p1 = p1, .p2 = p->block++ };

    c.data = (yf_span){ p->data, p->gathered };
    p->gathered = 0;
    return ask(p, &c, NULL);
}

/* All of it at once into one block, or into the next. */
static yf_err
gather_whole(struct yf_perso *p, yf_span bytes)
{
    if (p->gathered + bytes.n > room(p)) {
        yf_err e = send_block(p, P1_DGI);
        if (e)
            return e;
    }
    memcpy(p->data + p->gathered, bytes.p, bytes.n);
    p->gathered += bytes.n;
    return YF_OK;
}

yf_err
yf_perso_store(struct yf_perso *p, uint16_t dgi, yf_span data)
{
    uint8_t head[5] = { (uint8_t)(dgi >> 8), (uint8_t)dgi, (uint8_t)data.n };
    bool wide = data.n >= 0xFF;
    yf_err e;

    if (!p->channel.level)
        return YF_E_STATE;
    if (data.n > 0xFFFF)
        return YF_E_ROOM;
    if (wide) {
        head[2] = 0xFF;
        yf_put_be16(head + 3, (uint16_t)data.n);
    }
    if ((e = gather_whole(p, (yf_span){ head, wide ? 5 : 3 })))
        return e;
    for (yf_cur c = yf_cur_of(data); yf_cur_more(&c);) {
        size_t left = room(p) - p->gathered;
        if (left == 0) {
            if ((e = send_block(p, P1_DGI)))
                return e;
            continue;
        }
        if ((e = gather_whole(p, yf_cur_take(&c, c.left < left ? c.left : left))))
            return e;
    }
    return YF_OK;
}

yf_err
yf_perso_finish(struct yf_perso *p)
{
    yf_err e = p->channel.level ? send_block(p, P1_LAST | P1_DGI) : YF_E_STATE;

    p->block = 0;
    return e;
}

yf_err
yf_perso_set(struct yf_perso *p, yf_span objects)
{
    return say(p, 0xE2, P1_LAST | P1_TLV, 0, objects);
}

yf_err
yf_perso_stage(struct yf_perso *p, yf_stage to)
{
    return say(p, 0xF0, 0x80, yf_stage_code(to), (yf_span){ 0 });
}
