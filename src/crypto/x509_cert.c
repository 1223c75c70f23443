/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/oids.h>
#include <yufu/wire/der.h>

#include "x509_parts.h"

enum { VERSION_3 = 2, KEY_ID_MAX = 64, PATH_LEN_MAX = 255 };

/* ---- extensions, one function each way; the value is the OCTET STRING's content ---- */

static void
read_aki(yf_cur *v, yf_cert *c)
{
    struct yf_aki a;

    yf_aki_read(v, &a);
    c->aki = a.key;
    c->aki_issuer = a.issuer;
    c->aki_serial = a.serial;
}

static void
write_aki(yf_out *o, const yf_cert *c)
{
    yf_aki_write(o, &(struct yf_aki){ c->aki, c->aki_issuer, c->aki_serial });
}

static void
read_ski(yf_cur *v, yf_cert *c)
{
    c->ski = yf_der_need(v, YF_DER_OCTETS, 1, KEY_ID_MAX);
}

static void
write_ski(yf_out *o, const yf_cert *c)
{
    yf_der_put(o, YF_DER_OCTETS, c->ski);
}

/* 4.2.1.3: one bit at least. */
static void
read_key_usage(yf_cur *v, yf_cert *c)
{
    uint32_t flags = yf_der_flags(v, YF_DER_BITS);

    if (flags == 0 || flags > 0x1FF)
        yf_cur_fail(v, YF_E_FORMAT);
    c->key_usage = (uint16_t)flags;
}

static void
write_key_usage(yf_out *o, const yf_cert *c)
{
    yf_der_put_flags(o, YF_DER_BITS, c->key_usage);
}

/* RFC 3280 4.2.1.4: { [0] from OPTIONAL, [1] to OPTIONAL }, not both absent */
static void
read_key_period(yf_cur *v, yf_cert *c)
{
    yf_cur seq = yf_der_enter(v, YF_DER_SEQ);

    if (!seq.err && !yf_cur_more(&seq))
        yf_cur_fail(&seq, YF_E_FORMAT);
    if (yf_der_peek(&seq) == YF_DER_CTX(0))
        c->key_from = yf_der_time_as(&seq, YF_DER_CTX(0), YF_DER_GENTIME);
    if (yf_der_peek(&seq) == YF_DER_CTX(1))
        c->key_to = yf_der_time_as(&seq, YF_DER_CTX(1), YF_DER_GENTIME);
    yf_cur_fail(v, yf_cur_done(&seq));
}

static void
write_key_period(yf_out *o, const yf_cert *c)
{
    size_t seq = yf_der_open(o, YF_DER_SEQ);

    if (c->key_from != INT64_MIN)
        yf_der_put_time_as(o, YF_DER_CTX(0), YF_DER_GENTIME, c->key_from);
    if (c->key_to != INT64_MAX)
        yf_der_put_time_as(o, YF_DER_CTX(1), YF_DER_GENTIME, c->key_to);
    yf_der_close(o, seq);
}

/* 4.2.1.9: { cA DEFAULT FALSE, path length OPTIONAL }, a length only for an authority */
static void
read_basic(yf_cur *v, yf_cert *c)
{
    yf_cur seq = yf_der_enter(v, YF_DER_SEQ);

    c->ca = yf_der_bool_or_false(&seq, YF_DER_BOOLEAN);
    if (c->ca && yf_cur_more(&seq))
        c->path_len = yf_der_small(&seq, YF_DER_INTEGER, 0, PATH_LEN_MAX);
    yf_cur_fail(v, yf_cur_done(&seq));
}

static void
write_basic(yf_out *o, const yf_cert *c)
{
    size_t seq = yf_der_open(o, YF_DER_SEQ);

    if (c->ca)
        yf_der_put_bool(o, YF_DER_BOOLEAN, true);
    if (c->ca && c->path_len >= 0)
        yf_der_put_small(o, YF_DER_INTEGER, c->path_len);
    yf_der_close(o, seq);
}

/* 4.2.1.12: one purpose at least */
static void
read_eku(yf_cur *v, yf_cert *c)
{
    yf_cur seq = yf_der_enter(v, YF_DER_SEQ);

    c->eku = (yf_span){ seq.p, seq.left };
    if (!seq.err && !yf_cur_more(&seq))
        yf_cur_fail(&seq, YF_E_FORMAT);
    while (yf_cur_more(&seq))
        yf_der_oid(&seq);
    yf_cur_fail(v, yf_cur_done(&seq));
}

static void
write_eku(yf_out *o, const yf_cert *c)
{
    yf_der_put(o, YF_DER_SEQ, c->eku);
}

bool
yf_cert_for(const yf_cert *c, yf_span purpose)
{
    yf_cur seq = yf_cur_of(c->eku);

    while (yf_cur_more(&seq)) {
        yf_span oid = yf_der_oid(&seq);
        if (yf_span_eq(oid, purpose) || yf_oid_of(oid) == YF_OID_EKU_ANY)
            return true;
    }
    return false;
}

/* In the order in which they are written. */
static const struct {
    enum yf_oid oid;
    uint8_t bit;
    void (*read)(yf_cur *value, yf_cert *c);
    void (*write)(yf_out *o, const yf_cert *c);
} known[] = {
    { YF_OID_X_AKI, YF_EXT_AKI, read_aki, write_aki },
    { YF_OID_X_SKI, YF_EXT_SKI, read_ski, write_ski },
    { YF_OID_X_KEY_USAGE, YF_EXT_KEY_USAGE, read_key_usage, write_key_usage },
    { YF_OID_X_KEY_PERIOD, YF_EXT_KEY_PERIOD, read_key_period, write_key_period },
    { YF_OID_X_BASIC, YF_EXT_BASIC, read_basic, write_basic },
    { YF_OID_X_EKU, YF_EXT_EKU, read_eku, write_eku },
};

enum { KNOWN = sizeof known / sizeof *known };

static bool
read_ext(const yf_ext *x, yf_cur *value, void *state)
{
    enum yf_oid oid = yf_oid_of(x->oid);
    yf_cert *c = state;

    for (size_t i = 0; i < KNOWN; i++)
        if (known[i].oid == oid) {
            c->has |= known[i].bit;
            c->critical |= x->critical ? known[i].bit : 0;
            known[i].read(value, c);
            return true;
        }
    return false;
}

static void
write_exts(yf_out *o, const yf_cert *c)
{
    if (!c->has && !c->more.n)
        return;
    size_t tagged = yf_der_open(o, YF_DER_CTX_C(3));
    size_t list = yf_der_open(o, YF_DER_SEQ);
    for (size_t i = 0; i < KNOWN; i++) {
        if (!(c->has & known[i].bit))
            continue;
        struct yf_ext_mark m =
            yf_ext_open(o, yf_oid_bytes(known[i].oid), c->critical & known[i].bit);
        known[i].write(o, c);
        yf_ext_close(o, m);
    }
    yf_out_put(o, c->more);
    yf_der_close(o, list);
    yf_der_close(o, tagged);
}

/* ---- certificates ---- */

static void
read_validity(yf_cur *c, yf_cert *r)
{
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);

    r->not_before = yf_x509_time_read(&seq);
    r->not_after = yf_x509_time_read(&seq);
    yf_cur_fail(c, yf_cur_done(&seq));
}

static void
read_version(yf_cur *c, int32_t wanted)
{
    yf_cur tagged = yf_der_enter(c, YF_DER_CTX_C(0));

    if (yf_der_small(&tagged, YF_DER_INTEGER, 1, INT32_MAX) != wanted)
        yf_cur_fail(&tagged, YF_E_UNSUPPORTED);
    yf_cur_fail(c, yf_cur_done(&tagged));
}

/* RFC 5280 4.1.2: { [0] version, serial, algorithm, issuer, validity, subject, key, [3] extensions
 * } */
static void
read_tbs(yf_cur *tbs, const struct yf_signed *s, yf_cert *r)
{
    if (yf_der_peek(tbs) == YF_DER_INTEGER) // version 1 leaves its number out
        yf_cur_fail(tbs, YF_E_UNSUPPORTED);
    read_version(tbs, VERSION_3);
    r->serial = yf_serial_read(tbs);
    yf_signed_same_alg(tbs, s);
    r->issuer = yf_name_read(tbs);
    read_validity(tbs, r);
    r->subject = yf_name_read(tbs);
    r->key = yf_spki_read(tbs);
    if (!yf_cur_more(tbs))
        return;
    if (yf_der_peek(tbs) != YF_DER_CTX_C(3)) // unique identifiers, 4.1.2.8
        yf_cur_fail(tbs, YF_E_UNSUPPORTED);
    yf_cur tagged = yf_der_enter(tbs, YF_DER_CTX_C(3));
    r->extensions = yf_exts_read(&tagged, read_ext, r, &r->unknown_critical);
    yf_cur_fail(tbs, yf_cur_done(&tagged));
}

yf_err
yf_cert_read(yf_span der, yf_cert *c)
{
    yf_cert r = { .raw = der, .key_from = INT64_MIN, .key_to = INT64_MAX, .path_len = -1 };
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

void
yf_cert_write(yf_out *o, const yf_cert *c, const yf_signer *s)
{
    size_t cert = yf_der_open(o, YF_DER_SEQ);
    size_t start = o->n;
    size_t tbs = yf_der_open(o, YF_DER_SEQ);

    size_t version = yf_der_open(o, YF_DER_CTX_C(0));
    yf_der_put_small(o, YF_DER_INTEGER, VERSION_3);
    yf_der_close(o, version);
    yf_der_put_uint(o, YF_DER_INTEGER, c->serial);
    yf_sig_alg_write(o, s->alg);
    yf_out_put(o, c->issuer);
    size_t validity = yf_der_open(o, YF_DER_SEQ);
    yf_der_put_time(o, c->not_before);
    yf_der_put_time(o, c->not_after);
    yf_der_close(o, validity);
    yf_out_put(o, c->subject);
    yf_out_put(o, c->key.raw);
    write_exts(o, c);
    yf_der_close(o, tbs);
    yf_sign_rest(o, start, s);
    yf_der_close(o, cert);
}
