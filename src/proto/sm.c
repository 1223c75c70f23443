/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of a wrapped message, 9303-11 9.8.4 and figures 4 to 9:
 *
 *     command    [87 L 01 E(data) | 85 L E(data)]  [97 L Le]    8E 08 MAC
 *     response   [87 L 01 E(data) | 85 L E(data)]   99 02 SW    8E 08 MAC
 *
 * The MAC is over the counter, the command's header filled up to a block, and the
 * objects before it, padded. With a header and no objects there is one padding only
 * (ISO/IEC 7816-4 10.2.3.1).
 */
#include <yufu/proto/sm.h>

#include "../crypto/soft/declassify.h"

#include <yufu/wire/tlv.h>

#include <string.h>

enum {
    DO_DATA = 0x87,     // padding indicator, then the cryptogram
    DO_DATA_ODD = 0x85, // the cryptogram alone, where data is TLV itself
    DO_LE = 0x97,
    DO_STATUS = 0x99,
    DO_MAC = 0x8E,
    INDICATOR = 0x01, // ISO/IEC 9797-1 method 2
    HEADER = 4,
    MAC = 8,
};

/* ---- opening ---- */

static bool
defined_for(enum yf_cipher_id id)
{
    return id == YF_DES3_2KEY || id == YF_AES128 || id == YF_AES192 || id == YF_AES256 ||
           id == YF_SM4;
}

yf_err
yf_sm_open(struct yf_sm *s, const yf_provider *p, const struct yf_sm_keys *keys)
{
    const struct yf_cipher_alg *alg = yf_provider_cipher(p, keys->cipher);
    yf_err e;

    *s = (struct yf_sm){ 0 };
    if (!alg || !defined_for(keys->cipher))
        return YF_E_UNSUPPORTED;
    e = yf_cipher_init(&s->enc, alg, (yf_span){ keys->enc, alg->key });
    if (!e && alg->block == 16)
        e = yf_cipher_init(&s->mac, alg, (yf_span){ keys->mac, alg->key });
    if (e) {
        yf_sm_close(s);
        return e;
    }
    if (alg->block == 8)
        memcpy(s->rmac_key, keys->mac, sizeof s->rmac_key);
    memcpy(s->ssc, keys->ssc, alg->block);
    s->block = alg->block;
    return YF_OK;
}

void
yf_sm_close(struct yf_sm *s)
{
    yf_cipher_drop(&s->enc);
    yf_cipher_drop(&s->mac);
    yf_wipe(s, sizeof *s);
}

static yf_err
fail(struct yf_sm *s, yf_err e)
{
    yf_sm_close(s);
    return e;
}

/* ---- what both directions do ---- */

/* 9303-11 9.8.2: each message its own value. */
static void
count(struct yf_sm *s)
{
    unsigned carry = 1;

    for (size_t i = s->block; i-- > 0; carry >>= 8) {
        carry += s->ssc[i];
        s->ssc[i] = (uint8_t)carry;
    }
}

/* 9303-11 9.8.6.1 and 9.8.7.1. */
static void
make_iv(const struct yf_sm *s, uint8_t iv[YF_BLOCK_MAX])
{
    memset(iv, 0, YF_BLOCK_MAX);
    if (s->block == 16)
        s->enc.alg->ecb_enc(&s->enc, iv, s->ssc, s->block);
}

static yf_err
retail_mac(const struct yf_sm *s, const yf_span *part, size_t n, uint8_t mac[MAC])
{
    yf_rmac m;
    yf_err e = yf_rmac_init(&m, s->enc.alg, YF_SPAN(s->rmac_key));

    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        yf_rmac_add(&m, part[i]);
    yf_rmac_end(&m, mac);
    return YF_OK;
}

static yf_err
cut_cmac(const struct yf_sm *s, const yf_span *part, size_t n, uint8_t mac[MAC])
{
    uint8_t whole[YF_BLOCK_MAX];
    yf_cmac m;

    yf_cmac_init(&m, &s->mac);
    for (size_t i = 0; i < n; i++)
        yf_cmac_add(&m, part[i]);
    yf_cmac_end(&m, whole);
    memcpy(mac, whole, MAC);
    yf_wipe(whole, sizeof whole);
    return YF_OK;
}

/* 9303-11 9.8.6.2 and 9.8.7.2; the retail MAC pads the end by itself. head: empty in a response. */
static yf_err
make_mac(const struct yf_sm *s, yf_span head, yf_span objects, uint8_t mac[MAC])
{
    static const uint8_t padding[YF_BLOCK_MAX] = { 0x80 };
    size_t gap = head.n && objects.n ? s->block - head.n : 0;
    size_t last = (objects.n ? objects.n : head.n) & (s->block - 1u);
    const yf_span part[] = {
        { s->ssc, s->block }, head, { padding, gap }, objects, { padding, s->block - last },
    };

    return s->block == 8 ? retail_mac(s, part, 4, mac) : cut_cmac(s, part, 5, mac);
}

/* ---- wrapping ---- */

/* Bytes before the cryptogram: tag, length and what says how it is padded. */
static size_t
data_head(const struct yf_sm *s, size_t padded)
{
    size_t indicator = s->tag == DO_DATA;

    return yf_tlv_head(s->tag, indicator + padded) + indicator;
}

static size_t
padded_size(const struct yf_sm *s, size_t n)
{
    return (n & ~(s->block - (size_t)1)) + s->block;
}

/* data may lie in o's room: it is moved first, and everything else is written around it. */
static void
put_data(const struct yf_sm *s, yf_span data, yf_out *o)
{
    size_t n = padded_size(s, data.n), head = data_head(s, n);
    uint8_t *at = yf_out_claim(o, head + n), iv[YF_BLOCK_MAX];

    if (!at)
        return;
    memmove(at + head, data.p, data.n);
    yf_pad_iso(at + head, data.n, s->block);
    make_iv(s, iv);
    s->enc.alg->cbc_enc(&s->enc, iv, at + head, at + head, n);

    yf_out h = yf_out_of(at, head);
    yf_tlv_put_head(&h, s->tag, n + (s->tag == DO_DATA));
    if (s->tag == DO_DATA)
        yf_out_u8(&h, INDICATOR);
}

/* The wrapped data, appended to o; last: DO 97 or 99 as it is written, or nothing. */
static yf_err
wrap(struct yf_sm *s, yf_span head, yf_span data, yf_span last, yf_out *o)
{
    size_t at = o->n, n = data.n ? padded_size(s, data.n) : 0;
    size_t need = (n ? data_head(s, n) + n : 0) + last.n + 2 + MAC;
    uint8_t mac[MAC];

    if (o->err || o->cap - o->n < need)
        return o->err ? o->err : YF_E_ROOM;
    count(s);
    if (data.n)
        put_data(s, data, o);
    yf_out_put(o, last);
    yf_err e = make_mac(s, head, (yf_span){ o->p + at, o->n - at }, mac);
    if (e) {
        yf_wipe(o->p + at, o->n - at);
        o->n = at;
        return fail(s, e);
    }
    yf_tlv_put(o, DO_MAC, YF_SPAN(mac));
    return YF_OK;
}

/* One byte for a short command's Le, two for an extended one's; the longest is written as 0. */
static void
put_le(yf_out *o, const yf_apdu_cmd *cmd)
{
    bool two = cmd->form == YF_APDU_EXTENDED || cmd->ne > 256;

    if (cmd->ne == 0)
        return;
    yf_tlv_put_head(o, DO_LE, two ? 2 : 1);
    if (two)
        yf_out_u8(o, (uint8_t)(cmd->ne >> 8));
    yf_out_u8(o, (uint8_t)cmd->ne);
}

/* 9303-11 9.8.4: the class that says that header and data are authenticated. */
static yf_err
change_class(uint8_t cla, yf_apdu_sm from, yf_apdu_sm to, uint8_t *changed)
{
    yf_apdu_cla c;
    yf_err e = yf_apdu_cla_parse(cla, &c);

    if (e || c.sm != from)
        return YF_E_FORMAT;
    c.sm = to;
    return yf_apdu_cla_build(&c, changed);
}

static yf_span
header(const yf_apdu_cmd *c, uint8_t head[HEADER])
{
    head[0] = c->cla;
    head[1] = c->ins;
    head[2] = c->p1;
    head[3] = c->p2;
    return (yf_span){ head, HEADER };
}

static uint8_t
data_tag(uint8_t ins)
{
    return ins & 1 ? DO_DATA_ODD : DO_DATA;
}

static bool
is_long(const yf_apdu_cmd *plain, size_t wrapped)
{
    if (plain->form == YF_APDU_SHORTEST)
        return wrapped > 255 || plain->ne > 256;
    return plain->form == YF_APDU_EXTENDED;
}

yf_err
yf_sm_wrap_cmd(struct yf_sm *s, const yf_apdu_cmd *plain, uint8_t *mem, size_t cap,
               yf_apdu_cmd *wrapped)
{
    size_t most = plain->form == YF_APDU_SHORT ? 255 : YF_APDU_MAX_NC;
    yf_out o = yf_out_of(mem, cap < most ? cap : most);
    uint8_t le[4];
    yf_out le_o = yf_out_of(le, sizeof le);
    yf_apdu_cmd r = *plain;
    uint8_t head[HEADER];
    yf_err e;

    if (!s->block || s->tag)
        return YF_E_STATE;
    if ((e = change_class(plain->cla, YF_APDU_SM_NONE, YF_APDU_SM_HEADER, &r.cla)))
        return e;
    put_le(&le_o, plain);
    s->tag = data_tag(plain->ins);
    if ((e = wrap(s, header(&r, head), plain->data, yf_out_span(&le_o), &o))) {
        s->tag = 0;
        return e;
    }
    r.data = yf_out_span(&o);
    r.ne = is_long(plain, r.data.n) ? YF_APDU_MAX_NE : 256;
    *wrapped = r;
    return YF_OK;
}

yf_err
yf_sm_wrap_rsp(struct yf_sm *s, const yf_apdu_rsp *plain, yf_out *o)
{
    const uint8_t status[] = { DO_STATUS, 2, (uint8_t)(plain->sw >> 8), (uint8_t)plain->sw };
    yf_err e;

    if (!s->block || !s->tag)
        return YF_E_STATE;
    if ((e = wrap(s, (yf_span){ 0 }, plain->data, YF_SPAN(status), o)))
        return e;
    s->tag = 0;
    return YF_OK;
}

/* ---- unwrapping ---- */

struct objects {
    yf_span cryptogram; // empty: no data
    yf_span last;       // value of DO 97 or 99; empty: not there
    yf_span covered;    // by the MAC
    yf_span mac;
};

/* YF_E_NOTFOUND for a message that simply ends where its MAC should be. */
static yf_err
read_objects(const struct yf_sm *s, yf_span in, uint32_t last, struct objects *o)
{
    yf_cur c = yf_cur_of(in);
    yf_span data = { 0 };

    *o = (struct objects){ 0 };
    if (yf_tlv_maybe(&c, s->tag, 1, SIZE_MAX, &data)) {
        yf_cur d = yf_cur_of(data);
        if (s->tag == DO_DATA && yf_cur_u8(&d) != INDICATOR)
            return YF_E_FORMAT;
        o->cryptogram = yf_cur_rest(&d);
        if (o->cryptogram.n == 0 || o->cryptogram.n & (s->block - 1u))
            return YF_E_FORMAT;
    }
    yf_tlv_maybe(&c, last, 1, 2, &o->last);
    o->covered = (yf_span){ in.p, in.n - c.left };
    if (c.left == 0)
        return YF_E_NOTFOUND;
    o->mac = yf_tlv_need(&c, DO_MAC, MAC, MAC);
    return yf_cur_done(&c) ? YF_E_FORMAT : YF_OK;
}

static yf_err
check_mac(const struct yf_sm *s, yf_span head, const struct objects *o)
{
    uint8_t mac[MAC];
    yf_err e = make_mac(s, head, o->covered, mac);

    if (e)
        return e;
    bool same = yf_ct_eq(mac, o->mac.p, MAC);
    YF_DECLASSIFY(&same, sizeof same);
    yf_wipe(mac, sizeof mac);
    return same ? YF_OK : YF_E_AUTH;
}

/* A data object holds data: an empty one would have been left out. */
static yf_err
decrypt(const struct yf_sm *s, yf_span cryptogram, uint8_t *mem, size_t cap, yf_span *plain)
{
    uint8_t iv[YF_BLOCK_MAX];
    size_t n = 0;

    *plain = (yf_span){ mem, 0 };
    if (cryptogram.n == 0)
        return YF_OK;
    if (cryptogram.n > cap)
        return YF_E_ROOM;
    memmove(mem, cryptogram.p, cryptogram.n);
    make_iv(s, iv);
    s->enc.alg->cbc_dec(&s->enc, iv, mem, mem, cryptogram.n);
    yf_err e = yf_unpad_iso(mem, cryptogram.n, s->block, &n);
    YF_DECLASSIFY(&n, sizeof n);
    if (e || n == 0) {
        yf_wipe(mem, cryptogram.n);
        return YF_E_FORMAT;
    }
    plain->n = n;
    return YF_OK;
}

/* Le in one byte or two, 0 for the longest; none is no response data. */
static uint32_t
read_le(yf_span le)
{
    if (le.n == 0)
        return 0;
    uint32_t n = le.n == 1 ? le.p[0] : yf_be16(le.p);
    return n ? n : le.n == 1 ? 256 : YF_APDU_MAX_NE;
}

/* le is read first: the data may be put where it stands. */
static yf_err
unwrap_cmd(struct yf_sm *s, const yf_apdu_cmd *wrapped, uint8_t *mem, size_t cap, yf_apdu_cmd *r)
{
    struct objects o;
    uint8_t head[HEADER];
    yf_err e;

    count(s);
    s->tag = data_tag(wrapped->ins);
    *r = *wrapped;
    if ((e = change_class(wrapped->cla, YF_APDU_SM_HEADER, YF_APDU_SM_NONE, &r->cla)))
        return e;
    if ((e = read_objects(s, wrapped->data, DO_LE, &o)))
        return e;
    if ((e = check_mac(s, header(wrapped, head), &o)))
        return e;
    r->ne = read_le(o.last);
    if (o.last.n == 2)
        r->form = YF_APDU_EXTENDED;
    return decrypt(s, o.cryptogram, mem, cap, &r->data);
}

yf_err
yf_sm_unwrap_cmd(struct yf_sm *s, const yf_apdu_cmd *wrapped, uint8_t *mem, size_t cap,
                 yf_apdu_cmd *plain)
{
    yf_apdu_cmd r;
    yf_err e;

    if (!s->block)
        return YF_E_STATE;
    e = s->tag ? YF_E_STATE : unwrap_cmd(s, wrapped, mem, cap, &r);
    if (e)
        return fail(s, e);
    *plain = r;
    return YF_OK;
}

yf_sw
yf_sm_refusal(yf_err e)
{
    return e == YF_E_NOTFOUND ? YF_SW_SM_MISSING : YF_SW_SM_INCORRECT;
}

static yf_err
unwrap_rsp(struct yf_sm *s, const yf_apdu_rsp *wrapped, uint8_t *mem, size_t cap, yf_apdu_rsp *r)
{
    struct objects o;
    yf_err e;

    count(s);
    if ((e = read_objects(s, wrapped->data, DO_STATUS, &o)))
        return e;
    if ((e = check_mac(s, (yf_span){ 0 }, &o)))
        return e;
    if (o.last.n != 2)
        return YF_E_FORMAT;
    if ((r->sw = yf_be16(o.last.p)) != wrapped->sw)
        return YF_E_AUTH;
    return decrypt(s, o.cryptogram, mem, cap, &r->data);
}

yf_err
yf_sm_unwrap_rsp(struct yf_sm *s, const yf_apdu_rsp *wrapped, uint8_t *mem, size_t cap,
                 yf_apdu_rsp *plain)
{
    yf_apdu_rsp r;
    yf_err e;

    if (!s->block)
        return YF_E_STATE;
    e = s->tag ? unwrap_rsp(s, wrapped, mem, cap, &r) : YF_E_STATE;
    if (e == YF_E_NOTFOUND) { // in clear
        plain->sw = wrapped->sw;
        e = YF_E_AUTH;
    }
    if (e)
        return fail(s, e);
    s->tag = 0;
    *plain = r;
    return YF_OK;
}
