/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key sets in the store, and the commands that change them.
 *
 *     YF_OBJ_KEY   kvn             type (1) length (1) stage (1) ENC MAC DEK
 *     YF_OBJ_DATA  C100 + kvn      sequence counter (3)
 *     YF_OBJ_PIN   kvn             tries
 *
 * All three come and go in one transaction.
 */
#include "domain.h"

#include <yufu/card/pin.h>
#include <yufu/wire/tlv.h>

#include <string.h>

enum { HEAD = 3, SET_MAX = HEAD + 3 * YF_CIPHER_KEY_MAX };

static yf_obj
object(uint8_t kvn)
{
    return YF_OBJ(YF_APP_ISSUER, YF_OBJ_KEY, kvn);
}

yf_obj
yf_keys_sequence(uint8_t kvn)
{
    return YF_OBJ(YF_APP_ISSUER, YF_OBJ_DATA, YF_ISSUER_SEQUENCE << 8 | kvn);
}

yf_obj
yf_keys_tries(uint8_t kvn)
{
    return YF_OBJ(YF_APP_ISSUER, YF_OBJ_PIN, kvn);
}

/* ---- kinds of keys ---- */

static yf_err
cipher_of(uint8_t type, size_t length, enum yf_cipher_id *id)
{
    if (type == YF_KEY_TYPE_SM4 && length == 16)
        *id = YF_SM4;
    else if (type == YF_KEY_TYPE_AES && length == 16)
        *id = YF_AES128;
    else if (type == YF_KEY_TYPE_AES && length == 24)
        *id = YF_AES192;
    else if (type == YF_KEY_TYPE_AES && length == 32)
        *id = YF_AES256;
    else
        return YF_E_FORMAT;
    return YF_OK;
}

static uint8_t
length_of(enum yf_cipher_id id)
{
    return id == YF_AES192 ? 24 : id == YF_AES256 ? 32 : 16;
}

/* ---- in the store ---- */

bool
yf_keys_next(const struct yf_store *s, uint8_t after, uint8_t *kvn)
{
    yf_obj o;

    if (!yf_store_next(s, object(after), &o) || o > object(0xFF))
        return false;
    *kvn = (uint8_t)o;
    return true;
}

yf_err
yf_keys_kind(const struct yf_store *s, uint8_t kvn, uint8_t *type, uint8_t *length)
{
    uint8_t head[2];
    yf_err e = yf_store_read(s, object(kvn), 0, head, sizeof head);

    if (!e) {
        *type = head[0];
        *length = head[1];
    }
    return e;
}

yf_err
yf_keys_get(const struct yf_store *s, uint8_t kvn, struct key_set *set)
{
    uint8_t *to[] = { set->keys.enc, set->keys.mac, set->keys.dek };
    uint8_t head[HEAD];
    yf_err e = yf_store_read(s, object(kvn), 0, head, HEAD);

    if (!e)
        e = cipher_of(head[0], head[1], &set->keys.cipher);
    for (uint32_t i = 0; !e && i < 3; i++)
        e = yf_store_read(s, object(kvn), HEAD + i * head[1], to[i], head[1]);
    if (e)
        return e;
    set->kvn = kvn;
    set->stage = head[2];
    return YF_OK;
}

yf_err
yf_keys_create(struct yf_store *s, const struct key_set *set)
{
    static const uint8_t zero[3];
    uint8_t mem[SET_MAX], length = length_of(set->keys.cipher);
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_err e;

    yf_out_u8(&o, set->keys.cipher == YF_SM4 ? YF_KEY_TYPE_SM4 : YF_KEY_TYPE_AES);
    yf_out_u8(&o, length);
    yf_out_u8(&o, set->stage);
    yf_out_put(&o, (yf_span){ set->keys.enc, length });
    yf_out_put(&o, (yf_span){ set->keys.mac, length });
    yf_out_put(&o, (yf_span){ set->keys.dek, length });
    if (!(e = yf_store_put(s, object(set->kvn), yf_out_span(&o))))
        e = yf_store_put(s, yf_keys_sequence(set->kvn), YF_SPAN(zero));
    if (!e)
        e = yf_tries_create(s, yf_keys_tries(set->kvn), YF_ISSUER_TRIES);
    yf_wipe(mem, sizeof mem);
    return e;
}

yf_err
yf_keys_remove(struct yf_store *s, uint8_t kvn)
{
    yf_err e = yf_store_remove(s, object(kvn));

    if (!e)
        e = yf_store_remove(s, yf_keys_sequence(kvn));
    if (!e)
        e = yf_store_remove(s, yf_keys_tries(kvn));
    return e;
}

yf_err
yf_keys_fresh(const struct yf_store *s, yf_stage stage)
{
    uint8_t kvn = 0, put;

    while (yf_keys_next(s, kvn, &kvn)) {
        yf_err e = yf_store_read(s, object(kvn), 2, &put, 1);
        if (e)
            return e;
        if (put != yf_stage_code(stage))
            return YF_E_STATE;
    }
    return YF_OK;
}

/* ---- PUT KEY, GPCS 11.8, GPC_SPE_014 7.2 ---- */

/* What one command brings. */
struct incoming {
    yf_cipher dek; // of the session's key set
    struct key_set set;
    uint8_t kcv[3 * YF_KCV];
};

/* Table 7-10: decrypted, its kind known, its check value right. */
static yf_err
key_field(yf_cur *c, const yf_provider *p, const yf_cipher *dek, enum yf_cipher_id *id,
          uint8_t key[YF_CIPHER_KEY_MAX], uint8_t kcv[YF_KCV])
{
    uint8_t type = yf_cur_u8(c), iv[YF_BLOCK_MAX] = { 0 };
    yf_cur block = yf_cur_of(yf_cur_take(c, yf_cur_u8(c)));
    size_t length = block.left % YF_BLOCK_MAX ? yf_cur_u8(&block) : block.left;
    yf_span check = yf_cur_take(c, yf_cur_u8(c));
    yf_err e;

    if (c->err || block.left % YF_BLOCK_MAX || block.left > YF_CIPHER_KEY_MAX ||
        length > block.left || check.n != YF_KCV)
        return YF_E_FORMAT;
    if ((e = cipher_of(type, length, id)))
        return e;
    dek->alg->cbc_dec(dek, iv, key, block.p, block.left);
    if ((e = yf_key_check(p, *id, key, kcv)))
        return e == YF_E_UNSUPPORTED ? YF_E_FORMAT : e;
    return yf_span_eq(check, (yf_span){ kcv, YF_KCV }) ? YF_OK : YF_E_DENIED;
}

static yf_err
key_fields(yf_cur *c, const yf_provider *p, struct incoming *in)
{
    struct yf_scp03_keys *k = &in->set.keys;
    uint8_t *to[] = { k->enc, k->mac, k->dek };
    enum yf_cipher_id id[3];

    in->set.kvn = yf_cur_u8(c);
    for (size_t i = 0; i < 3; i++) {
        yf_err e = key_field(c, p, &in->dek, &id[i], to[i], in->kcv + i * YF_KCV);
        if (e)
            return e;
    }
    k->cipher = id[0];
    if (id[1] != id[0] || id[2] != id[0] || in->set.kvn < 0x01 || in->set.kvn > 0x7F)
        return YF_E_FORMAT;
    return yf_cur_done(c) ? YF_E_FORMAT : YF_OK;
}

static unsigned
sets(const struct yf_store *s)
{
    uint8_t kvn = 0;
    unsigned n = 0;

    while (yf_keys_next(s, kvn, &kvn))
        n++;
    return n;
}

/* 11.8.2.1: P1 '00' adds a set, for which the keys the card was made with go. */
static yf_err
adds(const struct yf_store *s, const struct key_set *set, uint8_t *old)
{
    uint8_t type, length;

    if (!yf_keys_kind(s, set->kvn, &type, &length))
        return YF_E_FORMAT;
    *old = yf_keys_kind(s, YF_ISSUER_TRANSPORT, &type, &length) ? 0 : YF_ISSUER_TRANSPORT;
    return *old || sets(s) < YF_ISSUER_SETS ? YF_OK : YF_E_ROOM;
}

/* 11.8.2.3.3: of the same kind, under its own version number or a free one. */
static yf_err
replaces(const struct yf_store *s, uint8_t p1, const struct key_set *set)
{
    uint8_t type, length;
    enum yf_cipher_id id;
    yf_err e;

    if (set->kvn != p1 && !yf_keys_kind(s, set->kvn, &type, &length))
        return YF_E_FORMAT;
    if ((e = yf_keys_kind(s, p1, &type, &length)))
        return e;
    if ((e = cipher_of(type, length, &id)))
        return e;
    return id == set->keys.cipher ? YF_OK : YF_E_FORMAT;
}

static yf_err
exchange(struct yf_store *s, uint8_t old, const struct key_set *set)
{
    yf_err e = yf_store_begin(s);

    if (e)
        return e;
    if (old)
        e = yf_keys_remove(s, old);
    if (!e)
        e = yf_keys_create(s, set);
    if (!e)
        e = yf_store_commit(s);
    if (e)
        yf_store_abort(s);
    return e;
}

/* The key that keys come in under: of the set that opened the session. */
static yf_err
dek_of(struct yf_call *call, yf_cipher *dek)
{
    const yf_provider *p = yf_call_provider(call);
    uint8_t kvn = domain_of(call)->kvn;
    struct key_set set;
    yf_err e;

    if (kvn == 0)
        return YF_E_STATE;
    if (!(e = yf_keys_get(yf_call_store(call), kvn, &set)))
        e = yf_cipher_init(dek, yf_provider_cipher(p, set.keys.cipher),
                           (yf_span){ set.keys.dek, length_of(set.keys.cipher) });
    yf_wipe(&set, sizeof set);
    return e;
}

/* All three keys of a set at once, and no others: P2 is '81'. */
yf_sw
yf_domain_put_key(struct yf_call *call)
{
    struct yf_store *s = yf_call_store(call);
    yf_cur c = yf_cur_of(call->cmd.data);
    struct incoming in = { .set.stage = yf_stage_code(yf_call_stage(call)) };
    uint8_t old = call->cmd.p1;
    yf_err e;

    if (old > 0x7F || call->cmd.p2 != 0x81)
        return YF_SW_WRONG_P1P2;
    if ((e = dek_of(call, &in.dek)))
        goto out;
    if ((e = key_fields(&c, yf_call_provider(call), &in)))
        goto out;
    if ((e = old ? replaces(s, old, &in.set) : adds(s, &in.set, &old)))
        goto out;
    if ((e = exchange(s, old, &in.set)))
        goto out;
    if (old == domain_of(call)->kvn)
        domain_of(call)->kvn = 0;
    yf_out_u8(call->out, in.set.kvn);
    yf_out_put(call->out, YF_SPAN(in.kcv));
out:
    yf_cipher_drop(&in.dek);
    yf_wipe(&in, sizeof in);
    return yf_call_sw(e);
}
