/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chip authentication version 1 (9303-11 6.2) and active authentication (6.1).
 *
 * DG14 is the one place where protocols and keys are written: what it names can be
 * chosen, and nothing else can. Private keys lie beside it under their ids.
 */
#include "parts.h"

#include <yufu/crypto/ec.h>
#include <yufu/proto/aa.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/genauth.h>
#include <yufu/proto/secinfo.h>
#include <yufu/wire/tlv.h>

enum { KEY_IDS = 0x100 };

/* Where the private key of a public one lies; 0: an id no grouping has. */
static uint16_t
key_grouping(int32_t id)
{
    if (id == -1)
        return YF_TRAVEL_CA_LONE_KEY;
    return id >= 0 && id < KEY_IDS ? (uint16_t)(YF_TRAVEL_CA_KEY + id) : 0;
}

/* The SecurityInfos of a whole DG14, which was checked when it was stored. */
static yf_cur
infos(yf_span dg14)
{
    yf_cur c = yf_cur_of(dg14);

    return yf_secinfos(yf_tlv_need(&c, 0x6E, 1, dg14.n));
}

/* ---- what DG14 promises, and what is there ---- */

/* The public key belongs to the private one; the latter is as long as the curve says. */
static yf_sw
pair_true(struct yf_call *call, const struct yf_secinfo *info)
{
    const yf_provider *p = yf_call_provider(call);
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX];
    uint16_t dgi = key_grouping(info->id);
    const yf_curve *curve;
    yf_span point;
    yf_group g = { 0 };
    size_t n = 0;

    if (!dgi || given_read_key(call, dgi, d, sizeof d, &n) != YF_SW_OK)
        return YF_SW_CONDITIONS;
    yf_err e = yf_secinfo_key(info, &curve, &point);
    if (!e)
        e = n == curve->size ? yf_group_open(&g, yf_provider_group(p, curve), curve) : YF_E_FORMAT;
    if (!e)
        e = yf_ec_public(&g, d, pub);
    bool same = !e && yf_span_eq((yf_span){ pub, yf_point_size(&g) }, point);
    yf_group_close(&g);
    yf_wipe(d, sizeof d);
    return same ? YF_SW_OK : YF_SW_CONDITIONS;
}

/* The key a protocol is run with: the one with its id, or the only one. False: none, or two. */
static bool
find_key(yf_span dg14, int32_t id, struct yf_secinfo *key)
{
    yf_cur c = infos(dg14);
    struct yf_secinfo info;
    unsigned found = 0;

    while (yf_secinfo_next(&c, &info))
        if (info.kind == YF_SECINFO_CA_KEY && (id == -1 || info.id == id)) {
            *key = info;
            found++;
        }
    return found == 1;
}

static unsigned
private_keys(struct yf_call *call)
{
    return given_keys(call, YF_TRAVEL_CA_KEY, YF_TRAVEL_CA_LONE_KEY);
}

/* Each public key has its private one, each protocol its key, and nothing is left over. */
static yf_sw
infos_true(struct yf_call *call, yf_span dg14)
{
    yf_cur c = infos(dg14);
    struct yf_secinfo info, key;
    unsigned public_keys = 0;
    yf_sw sw = YF_SW_OK;

    while (sw == YF_SW_OK && yf_secinfo_next(&c, &info)) {
        if (info.kind == YF_SECINFO_CA_KEY) {
            public_keys++;
            sw = pair_true(call, &info);
        }
        if (info.kind == YF_SECINFO_CA && !find_key(dg14, info.id, &key))
            sw = YF_SW_CONDITIONS;
    }
    if (sw == YF_SW_OK && public_keys != private_keys(call))
        sw = YF_SW_CONDITIONS;
    return sw;
}

yf_sw
travel_chip_keys_true(struct yf_call *call)
{
    yf_span dg14;
    yf_sw sw = given_read_file(call, YF_TRAVEL_DG14, &dg14);

    if (sw == YF_SW_FILE_NOT_FOUND)
        return private_keys(call) == 0 ? YF_SW_OK : YF_SW_CONDITIONS;
    if (sw != YF_SW_OK)
        return sw;
    sw = infos_true(call, dg14);
    given_release(call, dg14);
    return sw;
}

/* ---- chip authentication ---- */

/* The protocol DG14 has under this name, for this key if both say which; false: none. */
static bool
find_protocol(yf_span dg14, const struct yf_ca_select *want, struct yf_secinfo *protocol)
{
    yf_cur c = infos(dg14);
    struct yf_secinfo info;

    while (yf_secinfo_next(&c, &info))
        if (info.kind == YF_SECINFO_CA && yf_span_eq(info.protocol, want->oid) &&
            (want->key_id == -1 || info.id == -1 || info.id == want->key_id)) {
            *protocol = info;
            return true;
        }
    return false;
}

static yf_sw
choose_in(const yf_provider *p, yf_span dg14, const struct yf_ca_select *want,
          struct travel_ram *ram)
{
    struct yf_secinfo protocol, key;
    yf_span point;

    if (!find_protocol(dg14, want, &protocol) || yf_ca_cipher(p, want->oid, &ram->chip_cipher))
        return YF_SW_WRONG_DATA;
    if (!find_key(dg14, want->key_id == -1 ? protocol.id : want->key_id, &key) ||
        yf_secinfo_key(&key, &ram->chip_curve, &point))
        return YF_SW_REFERENCE_NOT_FOUND;
    ram->chip_key = key_grouping(key.id);
    ram->chip_chosen = true;
    return YF_SW_OK;
}

/* 6A80 for a protocol that is not in DG14, 6A88 for a key that is not. */
static yf_sw
choose(struct yf_call *call, const struct yf_ca_select *want)
{
    struct travel_ram *ram = yf_call_ram(call);
    yf_span dg14;
    yf_sw sw = given_read_file(call, YF_TRAVEL_DG14, &dg14);

    if (sw != YF_SW_OK)
        return sw == YF_SW_FILE_NOT_FOUND ? YF_SW_WRONG_DATA : sw;
    sw = choose_in(yf_call_provider(call), dg14, want, ram);
    given_release(call, dg14);
    return sw;
}

/* Both agree on new keys, which count from the next command on (9303-11 6.2.1 step 3). */
static yf_sw
agree(struct yf_call *call, yf_span point)
{
    struct travel_ram *ram = yf_call_ram(call);
    yf_need before = call->shown & (YF_NEED_BASIC | YF_NEED_PACE);
    uint8_t d[YF_FIELD_MAX];
    struct yf_sm_keys k;
    size_t n = 0;
    yf_err e = YF_OK;
    yf_sw sw = given_read_key(call, ram->chip_key, d, sizeof d, &n);

    ram->chip_chosen = false;
    if (sw != YF_SW_OK)
        goto out;
    e = yf_ca_answer(yf_call_provider(call), ram->chip_cipher, ram->chip_curve, d, point, &k);
    if (!e)
        yf_call_secure(call, &k, before | YF_NEED_CHIP, (before & YF_NEED_PACE) != 0);
    sw = yf_call_sw(e);
out:
    yf_wipe(d, sizeof d);
    yf_wipe(&k, sizeof k);
    return sw;
}

/* MSE:Set KAT is all there is to it with 3DES, 9303-11 6.2.4.1. */
static yf_sw
set_kat(struct yf_call *call)
{
    struct yf_ca_select want;
    yf_sw sw;

    if (yf_ca_set_kat_parse(call->cmd.data, &want))
        return YF_SW_WRONG_DATA;
    want.oid = yf_ca_oid(YF_DES3_2KEY);
    sw = choose(call, &want);
    return sw == YF_SW_OK ? agree(call, want.point) : sw;
}

/* 9303-11 6.2.4.2. */
static yf_sw
set_at(struct yf_call *call)
{
    struct yf_ca_select want;

    return yf_ca_set_at_parse(call->cmd.data, &want) ? YF_SW_WRONG_DATA : choose(call, &want);
}

yf_sw
travel_do_mse(struct yf_call *call)
{
    struct travel_ram *ram = yf_call_ram(call);

    ram->chip_chosen = false;
    if (call->cmd.p1 == 0x41 && call->cmd.p2 == 0xA6)
        return set_kat(call);
    if (call->cmd.p1 == 0x41 && call->cmd.p2 == 0xA4)
        return set_at(call);
    return YF_SW_WRONG_P1P2;
}

/* 9303-11 6.2.4.2: the reader's point, answered by an empty template. */
yf_sw
travel_do_general_authenticate(struct yf_call *call)
{
    struct travel_ram *ram = yf_call_ram(call);
    yf_span point;
    yf_sw sw;

    if (call->cmd.p1 || call->cmd.p2)
        return YF_SW_WRONG_P1P2;
    if (!ram->chip_chosen)
        return YF_SW_CONDITIONS;
    if (yf_genauth_only(call->cmd.data, 0x80, &point))
        return YF_SW_WRONG_DATA;
    if ((sw = agree(call, point)) == YF_SW_OK)
        yf_genauth_put(call->out, 0, (yf_span){ 0 });
    return sw;
}

/* ---- active authentication ---- */

/* A signature over these bytes with the stored key, appended to o; key lies in the response's
 * memory. */
static yf_err
sign(struct yf_call *call, yf_span stored, yf_span challenge, yf_out *o)
{
    struct yf_aa_key key;
    yf_err e = yf_aa_key_read(stored, &key);

    return e ? e : yf_aa_sign(yf_call_provider(call), &key, yf_call_rng(call), challenge, o);
}

/* 9303-11 6.1.4. */
yf_sw
travel_do_internal_authenticate(struct yf_call *call)
{
    uint8_t sig[TRAVEL_AA_SIG_MAX];
    yf_out o = yf_out_of(sig, sizeof sig);
    yf_span key;
    yf_sw sw;

    if (call->cmd.p1 || call->cmd.p2)
        return YF_SW_WRONG_P1P2;
    if (call->cmd.data.n != YF_AA_CHALLENGE)
        return YF_SW_WRONG_LENGTH;
    if ((sw = given_claim_key(call, YF_TRAVEL_AA_KEY, &key)) != YF_SW_OK)
        return sw;
    sw = yf_call_sw(sign(call, key, call->cmd.data, &o));
    given_wipe(call, key);
    yf_out_put(call->out, yf_out_span(&o));
    return sw;
}

/* The hash DG14 names for active authentication; false: it names none. */
static bool
active_hash(struct yf_call *call, enum yf_hash_id *hash)
{
    struct yf_secinfo info;
    bool found = false;
    yf_span dg14;

    if (given_read_file(call, YF_TRAVEL_DG14, &dg14) != YF_SW_OK)
        return false;
    yf_cur c = infos(dg14);
    while (yf_secinfo_next(&c, &info))
        if (info.kind == YF_SECINFO_AA)
            found = yf_aa_hash_of(info.detail, hash) == YF_OK;
    given_release(call, dg14);
    return found;
}

/* What the private key signs, the public one in DG15 verifies, as DG14 says. */
static yf_err
active_pair(struct yf_call *call, yf_span stored, yf_span dg15)
{
    static const uint8_t challenge[YF_AA_CHALLENGE] = { 0 };
    uint8_t sig[TRAVEL_AA_SIG_MAX];
    yf_out o = yf_out_of(sig, sizeof sig);
    yf_cur file = yf_cur_of(dg15), c = yf_tlv_enter(&file, 0x6F);
    yf_spki key = yf_spki_read(&c);
    enum yf_hash_id hash = YF_SHA1;
    yf_err e;

    if ((e = yf_cur_done(&c)))
        return e;
    if (key.curve && !active_hash(call, &hash))
        return YF_E_STATE;
    if ((e = sign(call, stored, YF_SPAN(challenge), &o)))
        return e;
    return yf_aa_verify(yf_call_provider(call), &key, hash, YF_SPAN(challenge), yf_out_span(&o));
}

yf_sw
travel_active_key_true(struct yf_call *call)
{
    bool public = given_file(call, YF_TRAVEL_DG15), private = given_key(call, YF_TRAVEL_AA_KEY);
    yf_span dg15, key;
    yf_sw sw;

    if (!public || !private)
        return public == private ? YF_SW_OK : YF_SW_CONDITIONS;
    if ((sw = given_read_file(call, YF_TRAVEL_DG15, &dg15)) != YF_SW_OK)
        return sw;
    if ((sw = given_claim_key(call, YF_TRAVEL_AA_KEY, &key)) == YF_SW_OK) {
        sw = active_pair(call, key, dg15) ? YF_SW_CONDITIONS : YF_SW_OK;
        given_wipe(call, key);
    }
    given_release(call, dg15);
    return sw;
}
