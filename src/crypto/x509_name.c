/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/x509.h>
#include <yufu/wire/der.h>

#include "x509_parts.h"

/* String types of X.680 that old certificates still hold; compared byte by byte. */
enum { T61 = 0x14, UNIVERSAL = 0x1C, BMP = 0x1E };

static bool
is_text(uint32_t tag)
{
    return tag == YF_DER_UTF8 || tag == YF_DER_PRINTABLE || tag == YF_DER_IA5;
}

/* ---- reading ---- */

static void
read_value(yf_cur *c, yf_attr *a)
{
    a->tag = yf_der_peek(c);
    if (a->tag == T61 || a->tag == UNIVERSAL || a->tag == BMP)
        a->value = yf_der_need(c, a->tag, 0, SIZE_MAX);
    else
        a->value = yf_der_string(c, 0, SIZE_MAX, &a->tag);
}

yf_name_walk
yf_name_begin(yf_span name)
{
    yf_cur c = yf_cur_of(name);
    yf_name_walk w = { .names = yf_der_enter(&c, YF_DER_SEQ) };

    yf_cur_fail(&w.names, yf_cur_done(&c));
    w.set = yf_cur_of((yf_span){ NULL, 0 });
    return w;
}

bool
yf_name_next(yf_name_walk *w, yf_attr *a)
{
    yf_attr r = { 0 };

    if (w->set.left == 0) {
        if (!yf_cur_more(&w->names))
            return false;
        w->set = yf_der_enter_set(&w->names, YF_DER_SET);
        w->rdn++;
        if (!yf_cur_more(&w->set)) // a relative name has one attribute at least
            yf_cur_fail(&w->names, YF_E_FORMAT);
    }
    yf_cur attr = yf_der_enter(&w->set, YF_DER_SEQ);
    r.type = yf_der_oid(&attr);
    read_value(&attr, &r);
    r.rdn = w->rdn - 1;
    yf_cur_fail(&w->names, yf_err_first(w->set.err, yf_cur_done(&attr)));
    if (w->names.err)
        return false;
    *a = r;
    return true;
}

yf_span
yf_name_read(yf_cur *c)
{
    yf_der t = { 0 };
    yf_attr a;
    unsigned n = 0;

    if (yf_der_peek(c) != YF_DER_SEQ)
        yf_cur_fail(c, YF_E_FORMAT);
    if (!yf_der_next(c, &t))
        return (yf_span){ NULL, 0 };
    yf_name_walk w = yf_name_begin(t.raw);
    while (yf_name_next(&w, &a))
        if (++n > YF_NAME_MAX)
            yf_cur_fail(&w.names, YF_E_UNSUPPORTED);
    yf_cur_fail(c, yf_cur_done(&w.names));
    return t.raw;
}

yf_err
yf_name_find(yf_span name, yf_span type, yf_attr *a)
{
    yf_name_walk w = yf_name_begin(name);
    yf_attr r;

    while (yf_name_next(&w, &r))
        if (yf_span_eq(r.type, type)) {
            *a = r;
            return YF_OK;
        }
    return w.names.err ? w.names.err : YF_E_NOTFOUND;
}

/* ---- comparing ---- */

static yf_span
trim(yf_span s)
{
    while (s.n && s.p[0] == ' ')
        s = (yf_span){ s.p + 1, s.n - 1 };
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

/* The next character in lower case, a run of spaces as one; -1 at the end. */
static int
next_folded(yf_span *s)
{
    if (s->n == 0)
        return -1;
    int c = s->p[0];
    do
        *s = (yf_span){ s->p + 1, s->n - 1 };
    while (c == ' ' && s->n && s->p[0] == ' ');
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool
value_eq(const yf_attr *a, const yf_attr *b)
{
    yf_span x = trim(a->value), y = trim(b->value);
    int c, d;

    if (!is_text(a->tag) || !is_text(b->tag))
        return a->tag == b->tag && yf_span_eq(a->value, b->value);
    do {
        c = next_folded(&x);
        d = next_folded(&y);
    } while (c == d && c >= 0);
    return c == d;
}

bool
yf_name_eq(yf_span a, yf_span b)
{
    yf_name_walk x = yf_name_begin(a), y = yf_name_begin(b);
    yf_attr v, w;

    for (;;) {
        bool more = yf_name_next(&x, &v);
        if (more != yf_name_next(&y, &w))
            return false;
        if (!more)
            return !x.names.err && !y.names.err;
        if (v.rdn != w.rdn || !yf_span_eq(v.type, w.type) || !value_eq(&v, &w))
            return false;
    }
}

/* ---- writing ---- */

void
yf_name_write(yf_out *o, const yf_attr *attrs, size_t n)
{
    size_t name = yf_der_open(o, YF_DER_SEQ);

    for (size_t i = 0; i < n; i++) {
        size_t set = yf_der_open(o, YF_DER_SET);
        size_t attr = yf_der_open(o, YF_DER_SEQ);
        yf_der_put_as(o, YF_DER_OID, YF_DER_OID, attrs[i].type);
        if (!is_text(attrs[i].tag))
            yf_out_fail(o, YF_E_FORMAT);
        yf_der_put_as(o, attrs[i].tag, attrs[i].tag, attrs[i].value);
        yf_der_close(o, attr);
        yf_der_close(o, set);
    }
    yf_der_close(o, name);
}
