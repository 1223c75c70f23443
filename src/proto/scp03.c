/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/scp03.h>

#include "../crypto/soft/declassify.h"
#include "gp_kdf.h"

#include <string.h>

enum { CLOSED, BEGUN, OPEN }; // states
enum { SECURED = 0x04 };      // of CLA: a message of this protocol

/* Table 4-1: what is derived. */
enum { CARD_CRYPTOGRAM, HOST_CRYPTOGRAM, CARD_CHALLENGE, S_ENC = 4, S_MAC = 6, S_RMAC };

/* 4.1.5 */
static void
derive(const yf_cipher *key, uint8_t what, yf_span a, yf_span b, uint8_t *out, size_t n)
{
    uint8_t head[15] = { [11] = what };

    yf_put_be16(head + 13, (uint16_t)(8 * n));
    yf_gp_kdf(key, YF_SPAN(head), (yf_span[]){ a, b }, out, n);
}

void
yf_scp03_close(struct yf_scp03 *s)
{
    yf_cipher_drop(&s->enc);
    yf_cipher_drop(&s->mac);
    yf_cipher_drop(&s->rmac);
    yf_wipe(s, sizeof *s);
}

/* Empty spans may point nowhere. */
static void
move(uint8_t *to, const uint8_t *from, size_t n)
{
    if (n)
        memmove(to, from, n);
}

/* A check failed: nothing of the session is left. */
static yf_err
fail(struct yf_scp03 *s)
{
    yf_scp03_close(s);
    return YF_E_AUTH;
}

bool
yf_scp03_level(uint8_t level, uint8_t i)
{
    switch (level) {
    case YF_SCP03_C_MAC:
    case YF_SCP03_C_MAC | YF_SCP03_C_ENC:
        return true;
    case YF_SCP03_C_MAC | YF_SCP03_R_MAC:
    case YF_SCP03_C_MAC | YF_SCP03_C_ENC | YF_SCP03_R_MAC:
        return i & YF_SCP03_I_R_MAC;
    case YF_SCP03_C_MAC | YF_SCP03_C_ENC | YF_SCP03_R_MAC | YF_SCP03_R_ENC:
        return (i & YF_SCP03_I_R_MAC) && (i & YF_SCP03_I_R_ENC);
    default:
        return false;
    }
}

/* ---- session keys ---- */

static const struct yf_cipher_alg *
alg_of(const yf_provider *p, enum yf_cipher_id id)
{
    bool known = id == YF_AES128 || id == YF_AES192 || id == YF_AES256 || id == YF_SM4;

    return known ? yf_provider_cipher(p, id) : NULL;
}

/* 6.2.1: one session key out of a static key. */
static yf_err
session_key(yf_cipher *to, const struct yf_cipher_alg *alg, const uint8_t *from, uint8_t what,
            yf_span host, yf_span card)
{
    uint8_t key[YF_CIPHER_KEY_MAX];
    yf_cipher c;
    yf_err e = yf_cipher_init(&c, alg, (yf_span){ from, alg->key });

    if (e)
        return e;
    derive(&c, what, host, card, key, alg->key);
    yf_cipher_drop(&c);
    e = yf_cipher_init(to, alg, (yf_span){ key, alg->key });
    yf_wipe(key, sizeof key);
    return e;
}

/* Session keys and both cryptograms (6.2.2.2, 6.2.2.3); the host's stays in the session. */
static yf_err
begin(struct yf_scp03 *s, const struct yf_scp03_keys *keys, yf_span host, yf_span card,
      uint8_t cryptogram[YF_BLOCK_MAX])
{
    const struct yf_cipher_alg *alg = alg_of(s->provider, keys->cipher);
    yf_err e;

    if ((e = session_key(&s->enc, alg, keys->enc, S_ENC, host, card)))
        return e;
    if ((e = session_key(&s->mac, alg, keys->mac, S_MAC, host, card)))
        return e;
    if ((e = session_key(&s->rmac, alg, keys->mac, S_RMAC, host, card)))
        return e;
    derive(&s->mac, CARD_CRYPTOGRAM, host, card, cryptogram, s->width);
    derive(&s->mac, HOST_CRYPTOGRAM, host, card, s->host, s->width);
    s->state = BEGUN;
    return YF_OK;
}

/* What both ends begin with; the last session is gone, whatever comes of this one. */
static yf_err
prepare(struct yf_scp03 *s, const yf_provider *p, const struct yf_scp03_keys *keys, uint8_t i,
        yf_span challenge)
{
    uint8_t width = i & YF_SCP03_I_S16 ? 16 : 8;

    yf_scp03_close(s);
    if (!alg_of(p, keys->cipher))
        return YF_E_UNSUPPORTED;
    if (challenge.n != width)
        return YF_E_FORMAT;
    s->provider = p;
    s->width = width;
    s->i = i;
    return YF_OK;
}

/* ---- messages ---- */

/* 6.2.4: over the chaining value, the header with Lc as it will be, and the data; the whole MAC is
 * the next chaining value. */
static void
command_mac(struct yf_scp03 *s, const yf_apdu_cmd *c, yf_span data)
{
    size_t n = data.n + s->width;
    bool extended = c->form == YF_APDU_EXTENDED || n > 255 || c->ne > 256;
    uint8_t head[7] = { c->cla, c->ins, c->p1, c->p2, (uint8_t)n };
    yf_cmac m;

    if (extended) {
        head[4] = 0;
        yf_put_be16(head + 5, (uint16_t)n);
    }
    yf_cmac_init(&m, &s->mac);
    yf_cmac_add(&m, YF_SPAN(s->chain));
    yf_cmac_add(&m, (yf_span){ head, extended ? 7 : 5 });
    yf_cmac_add(&m, data);
    yf_cmac_end(&m, s->chain);
}

/* 6.2.5 */
static void
response_mac(const struct yf_scp03 *s, yf_span data, yf_sw sw, uint8_t mac[YF_BLOCK_MAX])
{
    uint8_t tail[2];
    yf_cmac m;

    yf_put_be16(tail, sw);
    yf_cmac_init(&m, &s->rmac);
    yf_cmac_add(&m, YF_SPAN(s->chain));
    yf_cmac_add(&m, data);
    yf_cmac_add(&m, YF_SPAN(tail));
    yf_cmac_end(&m, mac);
}

static bool
same(const uint8_t *a, const uint8_t *b, size_t n)
{
    bool equal = yf_ct_eq(a, b, n);

    YF_DECLASSIFY(&equal, sizeof equal);
    return equal;
}

/* 6.2.6: every command counts, with data or without. */
static void
count(struct yf_scp03 *s)
{
    size_t i = sizeof s->counter;

    while (i-- > 0 && ++s->counter[i] == 0)
        ;
}

/* The IV of this command (first byte 00) or of its response (80). */
static void
start(const struct yf_scp03 *s, uint8_t first, uint8_t iv[YF_BLOCK_MAX])
{
    memcpy(iv, s->counter, sizeof s->counter);
    iv[0] |= first;
    s->enc.alg->ecb_enc(&s->enc, iv, iv, YF_BLOCK_MAX);
}

/* In place; returns the length with padding, for which there is room. */
static size_t
encrypt(const struct yf_scp03 *s, uint8_t first, uint8_t *data, size_t n)
{
    uint8_t iv[YF_BLOCK_MAX];

    n = yf_pad_iso(data, n, YF_BLOCK_MAX);
    start(s, first, iv);
    s->enc.alg->cbc_enc(&s->enc, iv, data, data, n);
    return n;
}

static yf_err
decrypt(const struct yf_scp03 *s, uint8_t first, uint8_t *to, yf_span from, size_t *plain)
{
    uint8_t iv[YF_BLOCK_MAX];

    if (from.n == 0 || from.n % YF_BLOCK_MAX)
        return YF_E_FORMAT;
    start(s, first, iv);
    s->enc.alg->cbc_dec(&s->enc, iv, to, from.p, from.n);
    return yf_unpad_iso(to, from.n, YF_BLOCK_MAX, plain);
}

/* How long n bytes become. */
static size_t
wrapped_size(size_t n, bool encrypted, size_t mac)
{
    return (encrypted && n ? (n & ~(size_t)15) + 16 : n) + mac;
}

/* 6.2.5: does a response with this status word carry a MAC, or anything else? */
static bool
is_success(yf_sw sw)
{
    return sw == YF_SW_OK || yf_sw_class_of(sw) == YF_SW_CLASS_WARNING;
}

/* ---- the card's end ---- */

/* 6.2.2.1 */
static yf_err
card_challenge(const yf_provider *p, const yf_rng *rng, const struct yf_scp03_offer *o,
               uint8_t *out, size_t n)
{
    const struct yf_cipher_alg *alg = alg_of(p, o->keys->cipher);
    uint8_t sequence[4];
    yf_cipher c;
    yf_err e;

    if (!(o->i & YF_SCP03_I_PSEUDO_RANDOM))
        return yf_rng_fill(rng, out, n);
    if ((e = yf_cipher_init(&c, alg, (yf_span){ o->keys->enc, alg->key })))
        return e;
    yf_put_be32(sequence, o->sequence);
    derive(&c, CARD_CHALLENGE, (yf_span){ sequence + 1, 3 }, o->aid, out, n);
    yf_cipher_drop(&c);
    YF_DECLASSIFY(out, n);
    return YF_OK;
}

/* Table 7-2 */
static void
answer(const struct yf_scp03 *s, const struct yf_scp03_offer *offer, const uint8_t *challenge,
       const uint8_t *cryptogram, yf_out *o)
{
    yf_out_put(o, (yf_span){ offer->diversification, YF_SCP03_DIVERSIFICATION });
    yf_out_u8(o, offer->kvn);
    yf_out_u8(o, YF_SCP03_ID);
    yf_out_u8(o, s->i);
    yf_out_put(o, (yf_span){ challenge, s->width });
    yf_out_put(o, (yf_span){ cryptogram, s->width });
    if (s->i & YF_SCP03_I_PSEUDO_RANDOM) {
        yf_out_u8(o, (uint8_t)(offer->sequence >> 16));
        yf_out_u16(o, (uint16_t)offer->sequence);
    }
}

yf_err
yf_scp03_card_begin(struct yf_scp03 *s, const yf_provider *p, const yf_rng *rng,
                    const struct yf_scp03_offer *offer, yf_span challenge, yf_out *o)
{
    uint8_t card[YF_BLOCK_MAX], cryptogram[YF_BLOCK_MAX];
    uint8_t i = (uint8_t)(offer->i & ~YF_SCP03_I_SM4);
    yf_err e;

    if (offer->keys->cipher == YF_SM4)
        i |= YF_SCP03_I_SM4;
    if ((e = prepare(s, p, offer->keys, i, challenge)))
        goto out;
    if ((e = card_challenge(p, rng, offer, card, s->width)))
        goto out;
    if ((e = begin(s, offer->keys, challenge, (yf_span){ card, s->width }, cryptogram)))
        goto out;
    YF_DECLASSIFY(cryptogram, sizeof cryptogram);
    answer(s, offer, card, cryptogram, o);
    e = o->err;
out:
    if (e)
        yf_scp03_close(s);
    return e;
}

yf_err
yf_scp03_card_open(struct yf_scp03 *s, const yf_apdu_cmd *cmd)
{
    yf_cur in = yf_cur_of(cmd->data);

    if (s->state != BEGUN)
        return YF_E_STATE;
    yf_span cryptogram = yf_cur_take(&in, s->width);
    yf_span mac = yf_cur_take(&in, s->width);
    yf_err e = yf_cur_done(&in);
    if (e || !yf_scp03_level(cmd->p1, s->i)) {
        yf_scp03_close(s);
        return e ? YF_E_SHORT : YF_E_UNSUPPORTED;
    }
    command_mac(s, cmd, cryptogram);
    bool good = same(s->chain, mac.p, s->width);
    good &= same(s->host, cryptogram.p, s->width);
    if (!good)
        return fail(s);
    yf_wipe(s->host, sizeof s->host);
    s->level = cmd->p1;
    s->state = OPEN;
    return YF_OK;
}

yf_err
yf_scp03_unwrap_cmd(struct yf_scp03 *s, const yf_apdu_cmd *wrapped, uint8_t *mem, size_t cap,
                    yf_apdu_cmd *plain)
{
    yf_cur in = yf_cur_of(wrapped->data);
    yf_apdu_cmd p = *wrapped;

    if (s->state != OPEN)
        return YF_E_STATE;
    if (!(wrapped->cla & SECURED) || in.left < s->width)
        return fail(s);
    yf_span data = yf_cur_take(&in, in.left - s->width);
    if (cap < data.n)
        return YF_E_ROOM;
    command_mac(s, wrapped, data);
    if (!same(s->chain, in.p, s->width))
        return fail(s);
    count(s);
    p.cla &= (uint8_t)~SECURED;
    p.data = (yf_span){ mem, data.n };
    if (!(s->level & YF_SCP03_C_ENC) || data.n == 0)
        move(mem, data.p, data.n);
    else if (decrypt(s, 0x00, mem, data, &p.data.n))
        return fail(s);
    *plain = p;
    return YF_OK;
}

yf_err
yf_scp03_wrap_rsp(struct yf_scp03 *s, const yf_apdu_rsp *plain, yf_out *o)
{
    uint8_t mac[YF_BLOCK_MAX];
    bool authentic = s->level & YF_SCP03_R_MAC, secret = s->level & YF_SCP03_R_ENC;
    size_t n = plain->data.n;

    if (s->state != OPEN)
        return YF_E_STATE;
    if (!is_success(plain->sw))
        return YF_OK;
    size_t size = wrapped_size(n, secret, authentic ? s->width : 0);
    uint8_t *at = yf_out_claim(o, size);
    if (!at)
        return o->err;
    move(at, plain->data.p, n);
    if (secret && n)
        n = encrypt(s, 0x80, at, n);
    if (authentic) {
        response_mac(s, (yf_span){ at, n }, plain->sw, mac);
        memcpy(at + n, mac, s->width);
    }
    return YF_OK;
}

/* ---- the host's end ---- */

yf_err
yf_scp03_read(yf_span response, struct yf_scp03_answer *a)
{
    yf_cur c = yf_cur_of(response);
    struct yf_scp03_answer r = { 0 };

    r.diversification = yf_cur_take(&c, YF_SCP03_DIVERSIFICATION);
    r.kvn = yf_cur_u8(&c);
    uint8_t protocol = yf_cur_u8(&c);
    r.i = yf_cur_u8(&c);
    if (!c.err && protocol != YF_SCP03_ID)
        return YF_E_UNSUPPORTED;
    size_t width = r.i & YF_SCP03_I_S16 ? 16 : 8;
    r.challenge = yf_cur_take(&c, width);
    r.cryptogram = yf_cur_take(&c, width);
    if (r.i & YF_SCP03_I_PSEUDO_RANDOM) {
        r.sequence = (uint32_t)yf_cur_u8(&c) << 16;
        r.sequence |= yf_cur_u16(&c);
    }
    yf_err e = yf_cur_done(&c);
    if (!e)
        *a = r;
    return e;
}

yf_err
yf_scp03_host_begin(struct yf_scp03 *s, const yf_provider *p, const struct yf_scp03_keys *keys,
                    yf_span challenge, const struct yf_scp03_answer *a)
{
    uint8_t cryptogram[YF_BLOCK_MAX];
    yf_err e = prepare(s, p, keys, a->i, challenge);

    if (!e && (keys->cipher == YF_SM4) != !!(a->i & YF_SCP03_I_SM4))
        e = YF_E_DENIED;
    if (!e)
        e = begin(s, keys, challenge, a->challenge, cryptogram);
    if (!e && !same(cryptogram, a->cryptogram.p, s->width))
        e = YF_E_AUTH;
    if (e)
        yf_scp03_close(s);
    return e;
}

yf_err
yf_scp03_host_open(struct yf_scp03 *s, uint8_t level, uint8_t mem[2 * YF_BLOCK_MAX],
                   yf_apdu_cmd *cmd)
{
    yf_apdu_cmd c = { .cla = 0x84, .ins = 0x82, .p1 = level };

    if (s->state != BEGUN)
        return YF_E_STATE;
    if (!yf_scp03_level(level, s->i))
        return YF_E_UNSUPPORTED;
    YF_DECLASSIFY(s->host, sizeof s->host);
    memcpy(mem, s->host, s->width);
    command_mac(s, &c, (yf_span){ mem, s->width });
    YF_DECLASSIFY(s->chain, s->width);
    memcpy(mem + s->width, s->chain, s->width);
    c.data = (yf_span){ mem, 2u * s->width };
    s->level = level;
    s->state = OPEN;
    *cmd = c;
    return YF_OK;
}

yf_err
yf_scp03_wrap_cmd(struct yf_scp03 *s, const yf_apdu_cmd *plain, uint8_t *mem, size_t cap,
                  yf_apdu_cmd *wrapped)
{
    yf_apdu_cmd w = *plain;
    bool secret = s->level & YF_SCP03_C_ENC;
    size_t n = plain->data.n;

    if (s->state != OPEN)
        return YF_E_STATE;
    size_t size = wrapped_size(n, secret, s->width);
    if (size > cap || size > YF_APDU_MAX_NC)
        return YF_E_ROOM;
    count(s);
    move(mem, plain->data.p, n);
    if (secret && n)
        n = encrypt(s, 0x00, mem, n);
    w.cla |= SECURED;
    command_mac(s, &w, (yf_span){ mem, n });
    memcpy(mem + n, s->chain, s->width);
    w.data = (yf_span){ mem, size };
    if (size > 255 || w.ne > 256)
        w.form = YF_APDU_EXTENDED;
    *wrapped = w;
    return YF_OK;
}

/* No MAC to check, or none in force. */
static yf_err
bare(const yf_apdu_rsp *wrapped, uint8_t *mem, yf_apdu_rsp *plain)
{
    move(mem, wrapped->data.p, wrapped->data.n);
    *plain = (yf_apdu_rsp){ wrapped->sw, { mem, wrapped->data.n } };
    return YF_OK;
}

yf_err
yf_scp03_unwrap_rsp(struct yf_scp03 *s, const yf_apdu_rsp *wrapped, uint8_t *mem, size_t cap,
                    yf_apdu_rsp *plain)
{
    uint8_t mac[YF_BLOCK_MAX];
    yf_cur in = yf_cur_of(wrapped->data);

    if (s->state != OPEN)
        return YF_E_STATE;
    if (cap < in.left)
        return YF_E_ROOM;
    if (!(s->level & YF_SCP03_R_MAC) || (!is_success(wrapped->sw) && in.left == 0))
        return bare(wrapped, mem, plain);
    if (!is_success(wrapped->sw) || in.left < s->width)
        return fail(s);
    yf_span data = yf_cur_take(&in, in.left - s->width);
    response_mac(s, data, wrapped->sw, mac);
    if (!same(mac, in.p, s->width))
        return fail(s);
    size_t n = data.n;
    if (!(s->level & YF_SCP03_R_ENC) || n == 0)
        move(mem, data.p, n);
    else if (decrypt(s, 0x80, mem, data, &n))
        return fail(s);
    *plain = (yf_apdu_rsp){ wrapped->sw, { mem, n } };
    return YF_OK;
}
