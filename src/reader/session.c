/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/aa.h>
#include <yufu/proto/bac.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/genauth.h>
#include <yufu/reader/session.h>
#include <yufu/wire/tlv.h>

#include <string.h>

enum {
    INS_MSE = 0x22,
    INS_EXTERNAL_AUTHENTICATE = 0x82,
    INS_GET_CHALLENGE = 0x84,
    INS_GENERAL_AUTHENTICATE = 0x86,
    INS_INTERNAL_AUTHENTICATE = 0x88,
    INS_SELECT = 0xA4,
    INS_READ_BINARY = 0xB0,
    INS_READ_BINARY_ODD = 0xB1,

    CLA_CHAINED = 0x10,
    EVEN_REACH = 0x8000, // offsets that P1-P2 can say
    HEAD = 4,            // bytes that mostly say how long a file is
};

/* ---- one command and its response ---- */

void
yf_session_begin(struct yf_session *s, const struct yf_transport *card, const yf_provider *p,
                 const yf_rng *rng)
{
    memset(s, 0, sizeof *s);
    s->provider = p;
    s->rng = rng;
    s->card = *card;
    s->chunk = YF_SESSION_SHORT;
    s->open = true;
}

void
yf_session_end(struct yf_session *s)
{
    yf_sm_close(&s->sm);
    yf_wipe(s, sizeof *s);
}

yf_err
yf_session_chunk(struct yf_session *s, size_t n)
{
    if (n == 0 || n > YF_SESSION_CHUNK_MAX)
        return YF_E_ROOM;
    s->chunk = (uint16_t)n;
    return YF_OK;
}

/* Nothing may follow: what comes next could be anyone's. */
static yf_err
over(struct yf_session *s, yf_err e)
{
    yf_sm_close(&s->sm);
    s->open = false;
    return e;
}

static yf_err
send_secure(struct yf_session *s, const yf_apdu_cmd *wrapped, yf_apdu_rsp *rsp)
{
    yf_apdu_rsp got;
    yf_err e = yf_transport_exchange(&s->card, wrapped, s->mem, sizeof s->mem, &got);

    return e ? e : yf_sm_unwrap_rsp(&s->sm, &got, s->mem, sizeof s->mem, rsp);
}

yf_err
yf_session_send(struct yf_session *s, const yf_apdu_cmd *cmd, yf_apdu_rsp *rsp)
{
    yf_apdu_rsp r = { 0 };
    yf_apdu_cmd wrapped;
    yf_err e = YF_OK;

    if (!s->open)
        return YF_E_STATE;
    if (cmd->data.n > YF_SESSION_CMD)
        return YF_E_ROOM;
    if (!s->sm.block) {
        e = yf_transport_exchange(&s->card, cmd, s->mem, sizeof s->mem, &r);
    } else {
        if ((e = yf_sm_wrap_cmd(&s->sm, cmd, s->wrapped, sizeof s->wrapped, &wrapped)))
            return e; // nothing was sent
        e = send_secure(s, &wrapped, &r);
    }
    s->sw = r.sw;
    if (e)
        return over(s, e);
    *rsp = r;
    return YF_OK;
}

yf_err
yf_session_ask(struct yf_session *s, const yf_apdu_cmd *cmd, yf_span *data)
{
    yf_apdu_rsp rsp;
    yf_err e = yf_session_send(s, cmd, &rsp);

    if (e)
        return e;
    if (rsp.sw != YF_SW_OK)
        return YF_E_DENIED;
    *data = rsp.data;
    return YF_OK;
}

/* A command that asks for no data. */
static yf_err
tell(struct yf_session *s, uint8_t ins, uint8_t p1, uint8_t p2, yf_span data)
{
    yf_apdu_cmd cmd = { .ins = ins, .p1 = p1, .p2 = p2, .data = data };
    yf_span none;

    return yf_session_ask(s, &cmd, &none);
}

/* What is longer than this goes with extended length, if the card was said to take it. */
static yf_apdu_form
form_for(const struct yf_session *s, size_t n)
{
    return n > YF_SESSION_SHORT + 3 && s->chunk > YF_SESSION_SHORT ? YF_APDU_EXTENDED
                                                                   : YF_APDU_SHORT;
}

/* ---- files ---- */

yf_err
yf_session_select_mf(struct yf_session *s)
{
    return tell(s, INS_SELECT, 0x00, 0x0C, YF_STR("\x3F\x00"));
}

yf_err
yf_session_select_aid(struct yf_session *s, yf_span aid)
{
    return tell(s, INS_SELECT, 0x04, 0x0C, aid);
}

yf_err
yf_session_select_file(struct yf_session *s, uint16_t fid)
{
    uint8_t b[2];

    yf_put_be16(b, fid);
    return tell(s, INS_SELECT, 0x02, 0x0C, YF_SPAN(b));
}

/* Some bytes came, and perhaps the end of the file. */
static yf_err
read_sent(struct yf_session *s, const yf_apdu_cmd *cmd, yf_span *got)
{
    yf_apdu_rsp rsp;
    yf_err e = yf_session_send(s, cmd, &rsp);

    if (e)
        return e;
    if (rsp.sw != YF_SW_OK && rsp.sw != YF_SW_END_OF_FILE)
        return YF_E_DENIED;
    *got = rsp.data;
    return YF_OK;
}

/* 7816-4 11.3.3: the offset in DO 54, what was read in DO 53. */
static yf_err
read_odd(struct yf_session *s, size_t at, size_t n, yf_span *got)
{
    uint8_t b[4], offset[5];
    yf_out o = yf_out_of(offset, sizeof offset);
    size_t skip = at > 0xFFFF ? 1 : 2, ne = yf_tlv_head(0x53, n) + n;
    yf_err e;

    yf_put_be32(b, (uint32_t)at);
    yf_tlv_put(&o, 0x54, (yf_span){ b + skip, 4 - skip });
    yf_apdu_cmd cmd = {
        0, INS_READ_BINARY_ODD, 0, 0, form_for(s, ne), (uint32_t)ne, yf_out_span(&o)
    };
    if ((e = read_sent(s, &cmd, got)))
        return e;
    yf_cur c = yf_cur_of(*got);
    *got = yf_tlv_need(&c, 0x53, 1, n);
    return yf_cur_done(&c) ? YF_E_FORMAT : YF_OK;
}

/* 1 to n bytes from `at`, of the current file; sfi: of that one, which becomes current. */
static yf_err
read_some(struct yf_session *s, uint8_t sfi, size_t at, size_t n, yf_span *got)
{
    yf_apdu_cmd cmd = { .ins = INS_READ_BINARY, .form = form_for(s, n), .ne = (uint32_t)n };
    yf_err e;

    if (at >= EVEN_REACH)
        return at >> 24 ? YF_E_ROOM : read_odd(s, at, n, got);
    cmd.p1 = sfi ? 0x80 | sfi : (uint8_t)(at >> 8);
    cmd.p2 = (uint8_t)at;
    if ((e = read_sent(s, &cmd, got)))
        return e;
    return got->n == 0 || got->n > n ? YF_E_FORMAT : YF_OK;
}

/* How much to read of a file of which this is the beginning. */
static yf_err
wanted(yf_span have, size_t *size)
{
    yf_err e = yf_tlv_size(have, size);

    if (e == YF_E_SHORT && have.n < 2 * HEAD) {
        *size = 2 * HEAD;
        return YF_OK;
    }
    return e ? YF_E_FORMAT : YF_OK;
}

/* The beginning says how much there is; a card may give less at a time than it was asked. */
static yf_err
read_object(struct yf_session *s, uint8_t sfi, yf_out *o)
{
    size_t start = o->n, n = 0, size = HEAD;
    yf_span got;
    yf_err e;

    while (n < size) {
        size_t ask = size - n < s->chunk ? size - n : s->chunk;
        if ((e = read_some(s, n ? 0 : sfi, n, ask, &got)))
            return e;
        if (got.n > o->cap - o->n)
            return YF_E_ROOM;
        yf_out_put(o, got);
        n += got.n;
        if (size <= 2 * HEAD && (e = wanted((yf_span){ o->p + start, n }, &size)))
            return e;
        if (size > o->cap - start)
            return YF_E_ROOM;
    }
    o->n = start + size;
    return YF_OK;
}

static yf_err
read_or_nothing(struct yf_session *s, uint8_t sfi, yf_out *o)
{
    size_t start = o->n;
    yf_err e = o->err ? o->err : read_object(s, sfi, o);

    if (e && !o->err) {
        yf_wipe(o->p + start, o->n - start);
        o->n = start;
    }
    return e;
}

yf_err
yf_session_read_sfi(struct yf_session *s, uint8_t sfi, yf_out *o)
{
    return sfi == 0 || sfi > 30 ? YF_E_NOTFOUND : read_or_nothing(s, sfi, o);
}

yf_err
yf_session_read_file(struct yf_session *s, uint16_t fid, yf_out *o)
{
    yf_err e = yf_session_select_file(s, fid);

    return e ? e : read_or_nothing(s, 0, o);
}

/* ---- protocols ---- */

/* From the next command on. */
static yf_err
secure(struct yf_session *s, struct yf_sm_keys *keys)
{
    yf_sm_close(&s->sm);
    yf_err e = yf_sm_open(&s->sm, s->provider, keys);

    yf_wipe(keys, sizeof *keys);
    return e ? over(s, e) : YF_OK;
}

/* Within a protocol a refusal means that the card does not take us for who we should be. */
static yf_err
challenge(struct yf_session *s, const yf_apdu_cmd *cmd, yf_span *data)
{
    yf_err e = yf_session_ask(s, cmd, data);

    return e == YF_E_DENIED ? YF_E_AUTH : e;
}

/* ---- BAC, 9303-11 4.3.4 ---- */

static yf_err
bac(struct yf_session *s, struct yf_bac *b, const struct yf_bac_keys *k, yf_span rnd,
    struct yf_sm_keys *sm)
{
    uint8_t data[YF_BAC_MSG];
    yf_apdu_cmd cmd = { .ins = INS_EXTERNAL_AUTHENTICATE, .ne = YF_BAC_MSG, .data = YF_SPAN(data) };
    yf_span rsp;
    yf_err e;

    if (rnd.n != YF_BAC_NONCE)
        return YF_E_FORMAT;
    if ((e = yf_bac_begin(b, s->provider, k, rnd.p, s->rng, data)))
        return e;
    if ((e = challenge(s, &cmd, &rsp)))
        return e;
    return yf_bac_finish(b, rsp, sm);
}

yf_err
yf_session_bac(struct yf_session *s, yf_span mrz_info)
{
    const yf_apdu_cmd get_challenge = { .ins = INS_GET_CHALLENGE, .ne = YF_BAC_NONCE };
    struct yf_bac b = { 0 };
    struct yf_bac_keys k;
    struct yf_sm_keys sm;
    yf_span rnd;
    yf_err e;

    if (s->sm.block)
        return YF_E_STATE;
    if ((e = yf_session_ask(s, &get_challenge, &rnd)))
        return e;
    e = yf_bac_keys(s->provider, mrz_info, &k);
    if (!e)
        e = bac(s, &b, &k, rnd, &sm);
    yf_wipe(&b, sizeof b);
    yf_wipe(&k, sizeof k);
    return e ? over(s, e) : secure(s, &sm);
}

/* ---- PACE, 9303-11 4.4.4 ---- */

static yf_err
pace_select(struct yf_session *s, const struct yf_pace_suite *suite, enum yf_pace_password kind)
{
    const struct yf_pace_select select = { suite->oid, (uint8_t)kind, suite->parameters };
    uint8_t b[64];
    yf_out o = yf_out_of(b, sizeof b);

    yf_pace_select_put(&o, &select);
    return o.err ? o.err : tell(s, INS_MSE, 0xC1, 0xA4, yf_out_span(&o));
}

static yf_err
pace_step(struct yf_session *s, struct yf_pace *p)
{
    uint8_t b[YF_PACE_DATA_MAX];
    yf_out o = yf_out_of(b, sizeof b);
    yf_span rsp;
    yf_err e;

    if ((e = yf_pace_ask(p, s->rng, &o)))
        return e;
    yf_apdu_cmd cmd = { .ins = INS_GENERAL_AUTHENTICATE, .ne = 256, .data = yf_out_span(&o) };
    cmd.cla = yf_pace_last(p) ? 0 : CLA_CHAINED;
    if ((e = challenge(s, &cmd, &rsp)))
        return e;
    return yf_pace_hear(p, rsp);
}

static yf_err
pace(struct yf_session *s, struct yf_pace *p, struct yf_sm_keys *sm)
{
    yf_err e = YF_OK;

    for (bool last = false; !e && !last;) {
        last = yf_pace_last(p);
        e = pace_step(s, p);
    }
    return e ? e : yf_pace_keys(p, sm);
}

yf_err
yf_session_pace(struct yf_session *s, const struct yf_pace_suite *suite, enum yf_pace_password kind,
                yf_span secret)
{
    uint8_t k_pi[YF_CIPHER_KEY_MAX];
    struct yf_pace p = { 0 };
    struct yf_sm_keys sm;
    yf_err e;

    if (s->sm.block)
        return YF_E_STATE;
    if ((e = pace_select(s, suite, kind)))
        return e;
    e = yf_pace_key(s->provider, suite->cipher, kind, secret, k_pi);
    if (!e)
        e = yf_pace_begin(&p, s->provider, YF_PACE_READER, suite, k_pi);
    if (!e)
        e = pace(s, &p, &sm);
    yf_pace_drop(&p);
    yf_wipe(k_pi, sizeof k_pi);
    return e ? over(s, e) : secure(s, &sm);
}

/* ---- chip authentication, 9303-11 6.2.4: 3DES in one command, the others in two ---- */

static yf_err
ca_select(struct yf_session *s, uint8_t p2, const struct yf_ca_select *select)
{
    uint8_t b[YF_POINT_MAX + 16];
    yf_out o = yf_out_of(b, sizeof b);

    yf_ca_select_put(&o, select);
    return o.err ? o.err : tell(s, INS_MSE, 0x41, p2, yf_out_span(&o));
}

static yf_err
ca_agree(struct yf_session *s, yf_span point)
{
    uint8_t b[YF_POINT_MAX + 8];
    yf_out o = yf_out_of(b, sizeof b);
    yf_span rsp, none;
    yf_err e;

    yf_genauth_put(&o, 0x80, point);
    if (o.err)
        return o.err;
    yf_apdu_cmd cmd = { .ins = INS_GENERAL_AUTHENTICATE, .ne = 256, .data = yf_out_span(&o) };
    if ((e = yf_session_ask(s, &cmd, &rsp)))
        return e;
    return yf_genauth_only(rsp, 0, &none);
}

yf_err
yf_session_ca(struct yf_session *s, enum yf_cipher_id cipher, const yf_curve *curve, yf_span chip,
              int32_t key_id)
{
    struct yf_ca_select select = { .key_id = key_id };
    uint8_t b[YF_POINT_MAX];
    yf_out o = yf_out_of(b, sizeof b);
    struct yf_sm_keys sm;
    yf_err e;

    if (!s->sm.block)
        return YF_E_STATE;
    if ((e = yf_ca_ask(s->provider, cipher, curve, chip, s->rng, &o, &sm)))
        return e;
    if (cipher == YF_DES3_2KEY) {
        select.point = yf_out_span(&o);
        e = ca_select(s, 0xA6, &select);
    } else {
        select.oid = yf_ca_oid(cipher);
        e = ca_select(s, 0xA4, &select);
        if (!e)
            e = ca_agree(s, yf_out_span(&o));
    }
    if (!e)
        return secure(s, &sm);
    yf_wipe(&sm, sizeof sm);
    return e == YF_E_DENIED ? e : over(s, e);
}

/* ---- active authentication, 9303-11 6.1 ---- */

/* More than a short response brings under secure messaging: RSA with more than 1760 bits. */
static size_t
signature_size(const yf_spki *key)
{
    return key->curve ? 2 * (size_t)key->curve->size : YF_AA_SIG_MAX;
}

yf_err
yf_session_aa(struct yf_session *s, const yf_spki *key, enum yf_hash_id hash)
{
    yf_apdu_form form = form_for(s, signature_size(key));
    uint8_t rnd[YF_AA_CHALLENGE];
    yf_apdu_cmd cmd = { .ins = INS_INTERNAL_AUTHENTICATE, .form = form, .data = YF_SPAN(rnd) };
    yf_span sig;
    yf_err e;

    cmd.ne = form == YF_APDU_EXTENDED ? YF_APDU_MAX_NE : 256;
    if ((e = yf_rng_fill(s->rng, rnd, sizeof rnd)))
        return e;
    if ((e = yf_session_ask(s, &cmd, &sig)))
        return e;
    return yf_aa_verify(s->provider, key, hash, YF_SPAN(rnd), sig);
}
