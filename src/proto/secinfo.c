/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/secinfo.h>

#include "oids.h"
#include "refer.h"

#include <yufu/crypto/oids.h>
#include <yufu/crypto/spki.h>
#include <yufu/proto/pace.h>

/* ---- which protocol is what: 9303-11 9.2.3 to 9.2.9, docs/formats.md ---- */

/* An identifier is under this arc, so many bytes longer. */
static const struct {
    yf_span arc;
    uint8_t more;
    enum yf_secinfo_kind kind;
} kinds[] = {
    { OID(BSI_PACE), 2, YF_SECINFO_PACE },
    { OID(BSI_PACE), 1, YF_SECINFO_PACE_DOMAIN },
    { OID(YUFU_PACE), 1, YF_SECINFO_PACE },
    { OID(BSI_CA), 2, YF_SECINFO_CA },
    { OID(YUFU_CA), 1, YF_SECINFO_CA },
    { OID(BSI_PK), 1, YF_SECINFO_CA_KEY },
    { OID("\x67\x81\x08\x01\x01\x05"), 0, YF_SECINFO_AA },
    { OID(BSI_TA), 0, YF_SECINFO_TA },
};

static enum yf_secinfo_kind
kind_of(yf_span oid)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        yf_span arc = kinds[i].arc;
        if (oid.n == arc.n + kinds[i].more && yf_span_eq((yf_span){ oid.p, arc.n }, arc))
            return kinds[i].kind;
    }
    return YF_SECINFO_OTHER;
}

/* ---- reading ---- */

yf_cur
yf_secinfos(yf_span in)
{
    yf_cur file = yf_cur_of(in);
    yf_cur set = yf_tlv_enter(&file, YF_DER_SET);

    yf_tlv_pad(&file);
    yf_cur_fail(&set, yf_cur_done(&file));
    return set;
}

/* INTEGER, not negative; zeros may stand in front. */
static int32_t
get_integer(yf_cur *c)
{
    yf_span v = yf_tlv_need(c, YF_DER_INTEGER, 1, 5);

    if (c->err)
        return -1;
    if (v.p[0] & 0x80)
        yf_cur_fail(c, YF_E_FORMAT);
    if (v.n == 5 && v.p[0] == 0)
        v = (yf_span){ v.p + 1, 4 };
    int32_t n = yf_refer_get(v);
    if (n < 0)
        yf_cur_fail(c, YF_E_FORMAT);
    return n;
}

static int32_t
get_optional(yf_cur *c)
{
    return yf_cur_more(c) ? get_integer(c) : -1;
}

/* A SEQUENCE, whole. */
static yf_span
get_sequence(yf_cur *c)
{
    yf_tlv t;

    if (yf_tlv_next(c, &t) && t.tag == YF_DER_SEQ)
        return t.raw;
    yf_cur_fail(c, YF_E_FORMAT);
    return (yf_span){ NULL, 0 };
}

/* What follows the protocol. */
static void
get_fields(yf_cur *c, struct yf_secinfo *r)
{
    switch (r->kind) {
    case YF_SECINFO_PACE:
    case YF_SECINFO_CA:
        r->version = get_integer(c);
        r->id = get_optional(c);
        break;
    case YF_SECINFO_PACE_DOMAIN:
    case YF_SECINFO_CA_KEY:
        r->detail = get_sequence(c);
        r->id = get_optional(c);
        break;
    case YF_SECINFO_AA:
        r->version = get_integer(c);
        r->detail = yf_tlv_need(c, YF_DER_OID, 1, c->left);
        break;
    case YF_SECINFO_TA: // version 1 of TR-03110 names EF.CVCA behind it
        r->version = get_integer(c);
        yf_cur_rest(c);
        break;
    default:
        yf_cur_rest(c);
    }
}

bool
yf_secinfo_next(yf_cur *c, struct yf_secinfo *info)
{
    struct yf_secinfo r = { .id = -1 };
    yf_cur at = *c;

    if (!yf_cur_more(c))
        return false;
    r.raw = get_sequence(&at);
    yf_cur all = { r.raw.p, r.raw.n, at.err };
    yf_cur seq = yf_tlv_enter(&all, YF_DER_SEQ);
    r.protocol = yf_tlv_need(&seq, YF_DER_OID, 1, seq.left);
    r.kind = kind_of(r.protocol);
    get_fields(&seq, &r);
    yf_cur_fail(&at, yf_cur_done(&seq));
    if (yf_cur_commit(c, &at))
        *info = r;
    return c->err == YF_OK;
}

/* SEQUENCE { SEQUENCE { standardizedDomainParameters, INTEGER }, BIT STRING }, 9303-11 9.5.1 */
static yf_err
standardised_key(yf_span in, const yf_curve **curve, yf_span *point)
{
    yf_cur c = yf_cur_of(in);
    yf_cur spki = yf_tlv_enter(&c, YF_DER_SEQ);
    yf_cur algorithm = yf_tlv_enter(&spki, YF_DER_SEQ);
    yf_span oid = yf_tlv_need(&algorithm, YF_DER_OID, 1, 32);

    if (!yf_span_eq(oid, YF_STR(BSI_STANDARDISED)))
        return YF_E_UNSUPPORTED;
    const yf_curve *known = yf_pace_curve(get_integer(&algorithm));
    yf_span bits = yf_tlv_need(&spki, YF_DER_BITS, 2, YF_POINT_MAX + 1);
    yf_cur_fail(&spki, yf_cur_done(&algorithm));
    yf_err e = yf_err_first(yf_cur_done(&spki), yf_cur_done(&c));
    if (e)
        return e;
    if (!known)
        return YF_E_UNSUPPORTED;
    if (bits.p[0] != 0)
        return YF_E_FORMAT;
    *curve = known;
    *point = (yf_span){ bits.p + 1, bits.n - 1 };
    return YF_OK;
}

yf_err
yf_secinfo_key(const struct yf_secinfo *info, const yf_curve **curve, yf_span *point)
{
    yf_cur c = yf_cur_of(info->detail);

    if (info->kind != YF_SECINFO_CA_KEY)
        return YF_E_FORMAT;
    yf_spki spki = yf_spki_read(&c);
    yf_err e = yf_cur_done(&c);
    if (e == YF_E_UNSUPPORTED)
        return standardised_key(info->detail, curve, point);
    if (e)
        return e;
    if (!spki.curve)
        return YF_E_UNSUPPORTED;
    *curve = spki.curve;
    *point = spki.key;
    return YF_OK;
}

/* ---- writing ---- */

static void
put_optional(yf_out *o, int32_t id)
{
    if (id >= 0)
        yf_der_put_small(o, YF_DER_INTEGER, id);
}

void
yf_secinfo_put(yf_out *o, const struct yf_secinfo *info)
{
    if (info->kind == YF_SECINFO_OTHER) {
        yf_out_put(o, info->raw);
        return;
    }
    size_t mark = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID, info->protocol);
    if (info->kind != YF_SECINFO_PACE_DOMAIN && info->kind != YF_SECINFO_CA_KEY)
        yf_der_put_small(o, YF_DER_INTEGER, info->version);
    if (info->kind == YF_SECINFO_AA)
        yf_der_put(o, YF_DER_OID, info->detail);
    else
        yf_out_put(o, info->detail);
    put_optional(o, info->id);
    yf_der_close(o, mark);
}

void
yf_secinfo_put_key(yf_out *o, const yf_curve *curve, yf_span point, int32_t id)
{
    size_t mark = yf_der_open(o, YF_DER_SEQ);

    yf_der_put(o, YF_DER_OID, YF_STR(BSI_PK "\x02"));
    yf_spki_write_ec(o, curve, true, point);
    put_optional(o, id);
    yf_der_close(o, mark);
}
