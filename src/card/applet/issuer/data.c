/* SPDX-License-Identifier: Apache-2.0 */
/* What the card says of itself: SELECT, GET DATA; and what of it can be set. */
#include "domain.h"

#include <yufu/card/atr.h>
#include <yufu/wire/tlv.h>

#include <string.h>

/* {iso(1) member-body(2) us(840) globalPlatform(114283)} */
#define GP "\x2A\x86\x48\x86\xFC\x6B"

static yf_obj
object(uint16_t tag)
{
    return YF_OBJ(YF_APP_ISSUER, YF_OBJ_DATA, tag);
}

/* ---- of the card itself ---- */

static yf_err
serial_of(const struct yf_store *s, uint8_t serial[YF_CARD_SERIAL_MAX], uint32_t *n)
{
    yf_obj o = YF_OBJ(YF_APP_ROOT, YF_OBJ_CARD, YF_CARD_SERIAL);
    yf_err e = yf_store_size(s, o, n);

    if (!e && *n > YF_CARD_SERIAL_MAX)
        e = YF_E_FORMAT;
    return e ? e : yf_store_read(s, o, 0, serial, *n);
}

/* The last n bytes of the serial number, zeros before a shorter one. */
static yf_err
serial_tail(const struct yf_store *s, uint8_t *to, size_t n)
{
    uint8_t serial[YF_CARD_SERIAL_MAX] = { 0 };
    uint32_t have = 0;
    yf_err e = serial_of(s, serial, &have);

    if (e)
        return e;
    size_t take = have < n ? have : n;
    memset(to, 0, n);
    memcpy(to + n - take, serial + have - take, take);
    return YF_OK;
}

yf_err
yf_domain_diversification(const struct yf_store *s, uint8_t data[YF_SCP03_DIVERSIFICATION])
{
    return serial_tail(s, data, YF_SCP03_DIVERSIFICATION);
}

/* ---- GET DATA, GPCS 11.3: each appends the value ---- */

static yf_err
put_stored(struct yf_call *call, uint16_t tag)
{
    struct yf_store *s = yf_call_store(call);
    uint32_t n = 0;
    yf_err e = yf_store_size(s, object(tag), &n);
    uint8_t *to = e ? NULL : yf_out_claim(call->out, n);

    if (e)
        return e;
    return to ? yf_store_read(s, object(tag), 0, to, n) : YF_E_ROOM;
}

static yf_err
put_image_number(struct yf_call *call, uint16_t tag)
{
    uint8_t serial[YF_CARD_SERIAL_MAX];
    uint32_t n = 0;
    yf_err e = put_stored(call, tag);

    if (e != YF_E_NOTFOUND)
        return e;
    if (!(e = serial_of(yf_call_store(call), serial, &n)))
        yf_out_put(call->out, (yf_span){ serial, n });
    return e;
}

/* Until somebody stored one, a CPLC with the serial number in it (bytes 13 to 16) and nothing else.
 */
static yf_err
put_production(struct yf_call *call, uint16_t tag)
{
    yf_err e = put_stored(call, tag);

    if (e != YF_E_NOTFOUND)
        return e;
    uint8_t *to = yf_out_claim(call->out, YF_ISSUER_CPLC_SIZE);
    if (!to)
        return YF_E_ROOM;
    memset(to, 0, YF_ISSUER_CPLC_SIZE);
    return serial_tail(yf_call_store(call), to + 12, 4);
}

static yf_err
put_stage(struct yf_call *call, uint16_t tag)
{
    (void)tag;
    yf_out_u8(call->out, yf_stage_code(yf_call_stage(call)));
    return YF_OK;
}

static yf_err
put_diversification(struct yf_call *call, uint16_t tag)
{
    uint8_t *to = yf_out_claim(call->out, YF_SCP03_DIVERSIFICATION);
    (void)tag;

    return to ? yf_domain_diversification(yf_call_store(call), to) : YF_E_ROOM;
}

static yf_err
put_sequence(struct yf_call *call, uint16_t tag)
{
    uint8_t kvn, *to;
    (void)tag;

    if (!yf_keys_next(yf_call_store(call), 0, &kvn))
        return YF_E_NOTFOUND;
    to = yf_out_claim(call->out, 3);
    return to ? yf_store_read(yf_call_store(call), yf_keys_sequence(kvn), 0, to, 3) : YF_E_ROOM;
}

/* Table 11-28: three keys a set, numbers 1 to 3. */
static yf_err
put_keys(struct yf_call *call, uint16_t tag)
{
    uint8_t kvn = 0, type, length;
    (void)tag;

    while (yf_keys_next(yf_call_store(call), kvn, &kvn)) {
        yf_err e = yf_keys_kind(yf_call_store(call), kvn, &type, &length);
        if (e)
            return e;
        for (uint8_t id = 1; id <= 3; id++) {
            uint8_t info[] = { id, kvn, type, length };
            yf_tlv_put(call->out, 0xC0, YF_SPAN(info));
        }
    }
    return YF_OK;
}

/* `i` of each kind of channel there is: S8 and S16, with AES and with SM4. */
static size_t
options(struct yf_call *call, uint8_t i[4])
{
    const yf_provider *p = yf_call_provider(call);
    size_t n = 0;

    i[n++] = YF_ISSUER_I;
    i[n++] = YF_ISSUER_I | YF_SCP03_I_S16;
    if (yf_provider_cipher(p, YF_SM4)) {
        i[n++] = YF_ISSUER_I | YF_SCP03_I_SM4;
        i[n++] = YF_ISSUER_I | YF_SCP03_I_SM4 | YF_SCP03_I_S16;
    }
    return n;
}

static void
put_oid(yf_out *o, uint32_t in, yf_span oid)
{
    size_t outer = yf_tlv_open(o, in);

    yf_tlv_put(o, 0x06, oid);
    yf_tlv_close(o, outer);
}

/* GPCS H.2: card management of GlobalPlatform 2.3.1 with these channels. */
static yf_err
put_recognition(struct yf_call *call, uint16_t tag)
{
    yf_out *o = call->out;
    size_t data = yf_tlv_open(o, 0x73), channels;
    uint8_t i[4], oid[] = GP "\x04\x03";
    size_t n = options(call, i);
    (void)tag;

    yf_tlv_put(o, 0x06, YF_STR(GP "\x01"));
    put_oid(o, 0x60, YF_STR(GP "\x02\x02\x03\x01"));
    put_oid(o, 0x63, YF_STR(GP "\x03"));
    channels = yf_tlv_open(o, 0x64);
    for (size_t k = 0; k < n; k++) {
        oid[sizeof oid - 1] = i[k]; // where the literal has its end
        yf_tlv_put(o, 0x06, YF_SPAN(oid));
    }
    yf_tlv_close(o, channels);
    yf_tlv_close(o, data);
    return YF_OK;
}

/* GPCS H.4. Bit 4 of the keys is SM4 (docs/formats.md); no code is loaded here, so 83 is empty. */
static yf_err
put_capability(struct yf_call *call, uint16_t tag)
{
    static const enum yf_cipher_id ciphers[] = { YF_AES128, YF_AES192, YF_AES256, YF_SM4 };
    static const uint8_t privileges[3];
    uint8_t i[4], keys = 0;
    size_t n = options(call, i), channel = yf_tlv_open(call->out, 0xA0);
    (void)tag;

    for (unsigned k = 0; k < 4; k++)
        if (yf_provider_cipher(yf_call_provider(call), ciphers[k]))
            keys |= (uint8_t)(1u << k);
    yf_tlv_put(call->out, 0x80, YF_STR("\x03"));
    yf_tlv_put(call->out, 0x81, (yf_span){ i, n });
    yf_tlv_put(call->out, 0x82, (yf_span){ &keys, 1 });
    yf_tlv_close(call->out, channel);
    yf_tlv_put(call->out, 0x82, YF_SPAN(privileges));
    yf_tlv_put(call->out, 0x83, YF_STR(""));
    return YF_OK;
}

/* A terminated card says which it was. */
static const struct object {
    uint16_t tag;
    bool always;
    yf_err (*put)(struct yf_call *call, uint16_t tag);
} objects[] = {
    { YF_ISSUER_IIN, false, put_stored },
    { YF_ISSUER_CIN, true, put_image_number },
    { YF_ISSUER_RECOGNITION, false, put_recognition },
    { YF_ISSUER_CAPABILITY, false, put_capability },
    { YF_ISSUER_SEQUENCE, false, put_sequence },
    { YF_ISSUER_DIVERSIFICATION, false, put_diversification },
    { YF_ISSUER_KEYS, false, put_keys },
    { YF_ISSUER_STAGE, true, put_stage },
    { YF_ISSUER_CPLC, true, put_production },
};

yf_sw
yf_domain_get_data(struct yf_call *call)
{
    uint16_t tag = (uint16_t)(call->cmd.p1 << 8 | call->cmd.p2);
    bool terminated = yf_call_stage(call) == YF_STAGE_TERMINATED;

    if (call->cmd.data.n)
        return YF_SW_WRONG_LENGTH;
    for (size_t k = 0; k < sizeof objects / sizeof *objects; k++) {
        if (objects[k].tag != tag || (terminated && !objects[k].always))
            continue;
        size_t mark = yf_tlv_open(call->out, tag);
        yf_err e = objects[k].put(call, tag);
        yf_tlv_close(call->out, mark);
        return yf_call_sw(e);
    }
    return YF_SW_REFERENCE_NOT_FOUND;
}

/* ---- SELECT, GPCS table 11-82 ---- */

yf_sw
yf_domain_selected(struct yf_call *call)
{
    yf_out *o = call->out;
    size_t fci = yf_tlv_open(o, 0x6F), own;
    uint8_t most[2];
    struct yf_app self;
    yf_err e = yf_apps_get(yf_call_store(call), call->app, &self);

    if (e)
        return yf_call_sw(e);
    yf_put_be16(most, YF_CARD_NC);
    yf_tlv_put(o, 0x84, (yf_span){ self.aid, self.aid_n });
    own = yf_tlv_open(o, 0xA5);
    put_recognition(call, 0);
    yf_tlv_put(o, 0x9F65, YF_SPAN(most));
    yf_tlv_close(o, own);
    yf_tlv_close(o, fci);
    return YF_SW_OK;
}

/* ---- STORE DATA to the domain itself: while the card is made ---- */

static yf_err
store(struct yf_store *s, yf_stage stage, const yf_tlv *t)
{
    switch (t->tag) {
    case YF_ISSUER_IIN:
    case YF_ISSUER_CIN:
        return t->val.n >= 1 && t->val.n <= 16 ? yf_store_put(s, object((uint16_t)t->tag), t->val)
                                               : YF_E_FORMAT;
    case YF_ISSUER_CPLC:
        return t->val.n == YF_ISSUER_CPLC_SIZE ? yf_store_put(s, object(YF_ISSUER_CPLC), t->val)
                                               : YF_E_FORMAT;
    case YF_ISSUER_HISTORICAL:
        return stage <= YF_STAGE_CARD ? yf_atr_set(s, t->val) : YF_E_STATE;
    default:
        return YF_E_NOTFOUND;
    }
}

yf_sw
yf_domain_store(struct yf_call *call, yf_span in)
{
    struct yf_store *s = yf_call_store(call);
    yf_stage stage = yf_call_stage(call);
    yf_cur c = yf_cur_of(in);
    yf_tlv t;
    yf_err e;

    if (stage > YF_STAGE_PERSO)
        return YF_SW_CONDITIONS;
    if ((e = yf_store_begin(s)))
        return yf_call_sw(e);
    while (!e && yf_tlv_next(&c, &t))
        e = store(s, stage, &t);
    if (!e && yf_cur_done(&c))
        e = YF_E_FORMAT;
    if (!e)
        e = yf_store_commit(s);
    if (e)
        yf_store_abort(s);
    return yf_call_sw(e);
}
