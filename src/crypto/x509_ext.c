/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/oids.h>
#include <yufu/wire/der.h>

#include "x509_parts.h"

enum { SERIAL_MAX = 20 };

/* ---- small parts ---- */

yf_span
yf_raw_next(const yf_cur *c)
{
    yf_cur at = *c;
    yf_der t = { 0 };

    yf_der_next(&at, &t);
    return t.raw;
}

int64_t
yf_x509_time_read(yf_cur *c)
{
    const int64_t from = -631152000, to = 2524608000; // 1950, 2050
    bool general = yf_der_peek(c) == YF_DER_GENTIME;
    int64_t t = yf_der_time(c);

    if (general && t >= from && t < to)
        yf_cur_fail(c, YF_E_FORMAT);
    return t;
}

/* RFC 5280 4.1.2.2: positive, and at most 20 bytes as they are encoded. */
yf_span
yf_serial_read(yf_cur *c)
{
    yf_span s = yf_der_uint(c, YF_DER_INTEGER, SERIAL_MAX);

    if (c->err)
        return s;
    if ((s.n == 1 && s.p[0] == 0) || (s.n == SERIAL_MAX && s.p[0] & 0x80))
        yf_cur_fail(c, YF_E_FORMAT);
    return s;
}

/* ---- what is signed, and by whom: Certificate and CertificateList alike ---- */

yf_err
yf_signed_read(yf_span der, struct yf_signed *s)
{
    yf_cur c = yf_cur_of(der);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);

    s->tbs_raw = yf_raw_next(&seq);
    s->tbs = yf_der_enter(&seq, YF_DER_SEQ);
    s->alg_raw = yf_raw_next(&seq);
    s->alg = yf_sig_alg_read(&seq);
    s->sig = yf_der_bits(&seq, YF_DER_BITS, NULL);
    return yf_err_first(yf_cur_done(&seq), yf_cur_done(&c));
}

void
yf_signed_same_alg(yf_cur *tbs, const struct yf_signed *s)
{
    yf_der t = { 0 };

    yf_der_next(tbs, &t);
    if (!yf_span_eq(t.raw, s->alg_raw))
        yf_cur_fail(tbs, YF_E_FORMAT);
}

void
yf_sign_rest(yf_out *o, size_t start, const yf_signer *s)
{
    uint8_t sig[YF_SIG_MAX];
    size_t n = 0;

    if (o->err)
        return;
    yf_out_fail(o, s->sign(s->state, (yf_span){ o->p + start, o->n - start }, sig, &n));
    yf_sig_alg_write(o, s->alg);
    yf_der_put_bits(o, YF_DER_BITS, (yf_span){ sig, n }, 0);
}

/* ---- extensions ---- */

bool
yf_ext_next(yf_cur *c, yf_ext *x)
{
    if (!yf_cur_more(c))
        return false;
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);
    yf_ext r = { 0 };

    r.oid = yf_der_oid(&seq);
    r.critical = yf_der_bool_or_false(&seq, YF_DER_BOOLEAN);
    r.value = yf_der_need(&seq, YF_DER_OCTETS, 0, SIZE_MAX);
    yf_cur_fail(c, yf_cur_done(&seq));
    if (c->err)
        return false;
    *x = r;
    return true;
}

struct yf_ext_mark
yf_ext_open(yf_out *o, yf_span oid, bool critical)
{
    struct yf_ext_mark m = { .ext = yf_der_open(o, YF_DER_SEQ) };

    yf_der_put_as(o, YF_DER_OID, YF_DER_OID, oid);
    if (critical)
        yf_der_put_bool(o, YF_DER_BOOLEAN, true);
    m.value = yf_der_open(o, YF_DER_OCTETS);
    return m;
}

void
yf_ext_close(yf_out *o, struct yf_ext_mark m)
{
    yf_der_close(o, m.value);
    yf_der_close(o, m.ext);
}

void
yf_ext_write(yf_out *o, yf_span oid, bool critical, yf_span value)
{
    struct yf_ext_mark m = yf_ext_open(o, oid, critical);

    yf_out_put(o, value);
    yf_ext_close(o, m);
}

/* Is oid among the extensions from the start of the list up to end? */
static bool
came_before(yf_span list, const uint8_t *end, yf_span oid)
{
    yf_cur c = yf_cur_of(list);
    yf_ext x;

    while (c.p < end && yf_ext_next(&c, &x))
        if (yf_span_eq(x.oid, oid))
            return true;
    return false;
}

/* RFC 5280 4.2: one or more, each once. */
yf_span
yf_exts_read(yf_cur *c, yf_ext_reader *read, void *state, yf_span *unknown_critical)
{
    yf_cur list = yf_der_enter(c, YF_DER_SEQ);
    yf_span all = { list.p, list.left };
    const uint8_t *at = list.p;
    unsigned n = 0;
    yf_ext x;

    if (!list.err && !yf_cur_more(&list))
        yf_cur_fail(&list, YF_E_FORMAT);
    for (; yf_ext_next(&list, &x); at = list.p) {
        yf_cur value = yf_cur_of(x.value);
        if (++n > YF_EXT_MAX)
            yf_cur_fail(&list, YF_E_UNSUPPORTED);
        if (came_before(all, at, x.oid))
            yf_cur_fail(&list, YF_E_FORMAT);
        if (read(&x, &value, state))
            yf_cur_fail(&list, yf_cur_done(&value));
        else if (x.critical && !unknown_critical->n)
            *unknown_critical = x.oid;
    }
    yf_cur_fail(c, yf_cur_done(&list));
    return all;
}

/* GeneralNames are kept, not looked into; but they are DER. */
static yf_err
objects(yf_span list)
{
    yf_cur c = yf_cur_of(list);
    yf_der t;

    while (yf_der_next(&c, &t))
        ;
    return yf_cur_done(&c);
}

/* 4.2.1.1: { [0] key OPTIONAL, [1] issuer and [2] serial, both or none } */
void
yf_aki_read(yf_cur *c, struct yf_aki *a)
{
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);

    *a = (struct yf_aki){ 0 };
    yf_der_maybe(&seq, YF_DER_CTX(0), 1, SIZE_MAX, &a->key);
    if (yf_der_maybe(&seq, YF_DER_CTX_C(1), 1, SIZE_MAX, &a->issuer))
        a->serial = yf_der_uint(&seq, YF_DER_CTX(2), SERIAL_MAX);
    yf_cur_fail(&seq, objects(a->issuer));
    yf_cur_fail(c, yf_cur_done(&seq));
}

void
yf_aki_write(yf_out *o, const struct yf_aki *a)
{
    size_t seq = yf_der_open(o, YF_DER_SEQ);

    if (a->key.n)
        yf_der_put(o, YF_DER_CTX(0), a->key);
    if (a->issuer.n) {
        yf_der_put(o, YF_DER_CTX_C(1), a->issuer);
        yf_der_put_uint(o, YF_DER_CTX(2), a->serial);
    }
    yf_der_close(o, seq);
}
