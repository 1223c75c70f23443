/* SPDX-License-Identifier: Apache-2.0 */
#include "offer.h"

#include <yufu/crypto/spki.h>
#include <yufu/proto/aa.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/pace.h>

/* Is it a point on a curve this provider has? */
static yf_err
point_can(const yf_provider *p, const yf_curve *curve, yf_span point)
{
    uint8_t again[YF_POINT_MAX];
    yf_group g = { 0 };
    yf_err e = yf_group_open(&g, yf_provider_group(p, curve), curve);

    if (!e)
        e = g.ops->decode(&g, point, again);
    yf_group_close(&g);
    return e;
}

static yf_err
key_can(const yf_provider *p, const struct yf_secinfo *info)
{
    const yf_curve *curve;
    yf_span point;
    yf_err e = yf_secinfo_key(info, &curve, &point);

    return e ? e : point_can(p, curve, point);
}

static yf_err
aa_can(const yf_provider *p, const struct yf_secinfo *info)
{
    enum yf_hash_id hash;
    yf_err e = yf_aa_hash_of(info->detail, &hash);

    if (e)
        return e;
    return yf_provider_hash(p, hash) ? YF_OK : YF_E_UNSUPPORTED;
}

static yf_err
can(const yf_provider *p, const struct yf_secinfo *info)
{
    struct yf_pace_suite suite;
    enum yf_cipher_id cipher;

    switch (info->kind) {
    case YF_SECINFO_OTHER:
        return YF_OK;
    case YF_SECINFO_PACE:
        return yf_pace_suite(p, info->protocol, info->id, &suite);
    case YF_SECINFO_CA:
        return yf_ca_cipher(p, info->protocol, &cipher);
    case YF_SECINFO_CA_KEY:
        return key_can(p, info);
    case YF_SECINFO_AA:
        return aa_can(p, info);
    case YF_SECINFO_PACE_DOMAIN:
    case YF_SECINFO_TA:
        break;
    }
    return YF_E_UNSUPPORTED;
}

static yf_sw
refusal(yf_err e)
{
    if (e == YF_OK)
        return YF_SW_OK;
    return e == YF_E_UNSUPPORTED ? YF_SW_ALGORITHM : YF_SW_WRONG_DATA;
}

yf_sw
offer_secinfos(const yf_provider *p, yf_span set, unsigned kinds)
{
    yf_cur c = yf_secinfos(set);
    struct yf_secinfo info;

    while (yf_secinfo_next(&c, &info)) {
        if (!(kinds & 1u << info.kind))
            return YF_SW_ALGORITHM;
        yf_err e = can(p, &info);
        if (e)
            return refusal(e);
    }
    return refusal(yf_cur_done(&c));
}

yf_sw
offer_aa_key(const yf_provider *p, yf_span spki)
{
    yf_cur c = yf_cur_of(spki);
    yf_spki key = yf_spki_read(&c);
    yf_err e = yf_cur_done(&c);

    if (!e && key.curve)
        e = point_can(p, key.curve, key.key);
    else if (!e && !p->rsa)
        e = YF_E_UNSUPPORTED;
    return refusal(e);
}
