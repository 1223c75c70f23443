/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/oids.h>
#include <yufu/wire/der.h>

#include "x509_parts.h"

enum { VERSION_2 = 1, REASON_MAX = 10, NUMBER_MAX = 20 };

/* ---- entries ---- */

/* What is read of one entry, and whether it held something critical that was not. */
struct entry {
    yf_crl_entry e;
    yf_span unknown_critical;
};

/* 5.3: the reason; the others are information, except an issuer of its own. */
static bool
read_entry_ext(const yf_ext *x, yf_cur *value, void *state)
{
    struct entry *r = state;

    if (yf_oid_of(x->oid) != YF_OID_X_REASON)
        return false;
    r->e.reason = yf_der_small(value, YF_DER_ENUM, 0, REASON_MAX);
    return true;
}

/* { serial, date, extensions OPTIONAL } */
static bool
next_entry(yf_cur *list, struct entry *r)
{
    if (!yf_cur_more(list))
        return false;
    yf_cur seq = yf_der_enter(list, YF_DER_SEQ);
    struct entry in = { .e.reason = -1 };

    in.e.serial = yf_serial_read(&seq);
    in.e.date = yf_x509_time_read(&seq);
    if (yf_cur_more(&seq))
        yf_exts_read(&seq, read_entry_ext, &in, &in.unknown_critical);
    yf_cur_fail(list, yf_cur_done(&seq));
    if (list->err)
        return false;
    *r = in;
    return true;
}

bool
yf_crl_next(yf_cur *revoked, yf_crl_entry *e)
{
    struct entry r;

    if (!next_entry(revoked, &r))
        return false;
    *e = r.e;
    return true;
}

yf_err
yf_crl_find(const yf_crl *c, yf_span serial, yf_crl_entry *e)
{
    yf_cur list = yf_cur_of(c->revoked);
    yf_crl_entry r;

    while (yf_crl_next(&list, &r))
        if (yf_span_eq(r.serial, serial)) {
            *e = r;
            return YF_OK;
        }
    return list.err ? list.err : YF_E_NOTFOUND;
}

void
yf_crl_entry_write(yf_out *o, const yf_crl_entry *e)
{
    size_t seq = yf_der_open(o, YF_DER_SEQ);

    yf_der_put_uint(o, YF_DER_INTEGER, e->serial);
    yf_der_put_time(o, e->date);
    if (e->reason >= 0) {
        const uint8_t value[] = { YF_DER_ENUM, 1, (uint8_t)e->reason };
        size_t list = yf_der_open(o, YF_DER_SEQ);
        if (e->reason > REASON_MAX)
            yf_out_fail(o, YF_E_FORMAT);
        yf_ext_write(o, yf_oid_bytes(YF_OID_X_REASON), false, YF_SPAN(value));
        yf_der_close(o, list);
    }
    yf_der_close(o, seq);
}

/* ---- lists ---- */

static bool
read_ext(const yf_ext *x, yf_cur *value, void *state)
{
    yf_crl *c = state;
    struct yf_aki a;
    uint8_t bit;

    switch (yf_oid_of(x->oid)) {
    case YF_OID_X_AKI:
        yf_aki_read(value, &a);
        c->aki = a.key;
        c->aki_issuer = a.issuer;
        c->aki_serial = a.serial;
        bit = YF_EXT_AKI;
        break;
    case YF_OID_X_CRL_NUMBER:
        c->number = yf_der_uint(value, YF_DER_INTEGER, NUMBER_MAX);
        bit = YF_EXT_CRL_NUMBER;
        break;
    default: // delta lists and lists of less than everything are marked critical
        return false;
    }
    c->has |= bit;
    c->critical |= x->critical ? bit : 0;
    return true;
}

/* 5.1.2.6: absent when there are none; each entry is well-formed. */
static void
read_revoked(yf_cur *tbs, yf_crl *r)
{
    yf_cur list = yf_der_enter(tbs, YF_DER_SEQ);
    struct entry e;

    r->revoked = (yf_span){ list.p, list.left };
    if (!list.err && !yf_cur_more(&list))
        yf_cur_fail(&list, YF_E_FORMAT);
    while (next_entry(&list, &e))
        if (e.unknown_critical.n && !r->unknown_critical.n)
            r->unknown_critical = e.unknown_critical;
    yf_cur_fail(tbs, yf_cur_done(&list));
}

/* RFC 5280 5.1.2: { version, algorithm, issuer, this, next, revoked OPTIONAL, [0] extensions } */
static void
read_tbs(yf_cur *tbs, const struct yf_signed *s, yf_crl *r)
{
    if (yf_der_peek(tbs) == YF_DER_SEQ) // version 1 leaves its number out
        yf_cur_fail(tbs, YF_E_UNSUPPORTED);
    if (yf_der_small(tbs, YF_DER_INTEGER, 0, INT32_MAX) != VERSION_2)
        yf_cur_fail(tbs, YF_E_UNSUPPORTED);
    yf_signed_same_alg(tbs, s);
    r->issuer = yf_name_read(tbs);
    r->this_update = yf_x509_time_read(tbs);
    r->next_update = yf_x509_time_read(tbs);
    if (yf_der_peek(tbs) == YF_DER_SEQ)
        read_revoked(tbs, r);
    if (!yf_cur_more(tbs))
        return;
    yf_cur tagged = yf_der_enter(tbs, YF_DER_CTX_C(0));
    r->extensions = yf_exts_read(&tagged, read_ext, r, &r->unknown_critical);
    yf_cur_fail(tbs, yf_cur_done(&tagged));
}

yf_err
yf_crl_read(yf_span der, yf_crl *c)
{
    yf_crl r = { .raw = der };
    struct yf_signed s;
    yf_err e = yf_signed_read(der, &s);

    if (e)
        return e;
    r.tbs = s.tbs_raw;
    r.alg = s.alg;
    r.sig = s.sig;
    read_tbs(&s.tbs, &s, &r);
    if ((e = yf_cur_done(&s.tbs)))
        return e;
    *c = r;
    return YF_OK;
}

static void
write_exts(yf_out *o, const yf_crl *c)
{
    if (!c->has)
        return;
    size_t tagged = yf_der_open(o, YF_DER_CTX_C(0));
    size_t list = yf_der_open(o, YF_DER_SEQ);
    if (c->has & YF_EXT_AKI) {
        struct yf_ext_mark m = yf_ext_open(o, yf_oid_bytes(YF_OID_X_AKI), c->critical & YF_EXT_AKI);
        yf_aki_write(o, &(struct yf_aki){ c->aki, c->aki_issuer, c->aki_serial });
        yf_ext_close(o, m);
    }
    if (c->has & YF_EXT_CRL_NUMBER) {
        struct yf_ext_mark m =
            yf_ext_open(o, yf_oid_bytes(YF_OID_X_CRL_NUMBER), c->critical & YF_EXT_CRL_NUMBER);
        yf_der_put_uint(o, YF_DER_INTEGER, c->number);
        yf_ext_close(o, m);
    }
    yf_der_close(o, list);
    yf_der_close(o, tagged);
}

void
yf_crl_write(yf_out *o, const yf_crl *c, const yf_signer *s)
{
    size_t crl = yf_der_open(o, YF_DER_SEQ);
    size_t start = o->n;
    size_t tbs = yf_der_open(o, YF_DER_SEQ);

    yf_der_put_small(o, YF_DER_INTEGER, VERSION_2);
    yf_sig_alg_write(o, s->alg);
    yf_out_put(o, c->issuer);
    yf_der_put_time(o, c->this_update);
    yf_der_put_time(o, c->next_update);
    if (c->revoked.n)
        yf_der_put(o, YF_DER_SEQ, c->revoked);
    write_exts(o, c);
    yf_der_close(o, tbs);
    yf_sign_rest(o, start, s);
    yf_der_close(o, crl);
}
