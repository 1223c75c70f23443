/* SPDX-License-Identifier: Apache-2.0 */
#include "der_rules.h"

#include <yufu/wire/date.h>

#include <string.h>

/* ---- structure ---- */

static void
hold_tag(yf_out *o, uint32_t tag)
{
    if (!yf_der_tag_ok(tag))
        yf_out_fail(o, YF_E_FORMAT);
}

void
yf_der_put(yf_out *o, uint32_t tag, yf_span val)
{
    hold_tag(o, tag);
    yf_tlv_put(o, tag, val);
}

size_t
yf_der_open(yf_out *o, uint32_t tag)
{
    hold_tag(o, tag);
    return yf_tlv_open(o, tag);
}

void
yf_der_close(yf_out *o, size_t mark)
{
    yf_tlv_close(o, mark);
}

/* ---- SET OF ---- */

/* The first of the least elements in p[0..n), which must all be DER. */
static yf_err
least(const uint8_t *p, size_t n, yf_span *min)
{
    yf_cur c = yf_cur_of((yf_span){ p, n });
    yf_span best = { 0 };
    yf_der t;

    while (yf_der_next(&c, &t)) {
        size_t common = best.n < t.raw.n ? best.n : t.raw.n;
        if (common == 0 || memcmp(t.raw.p, best.p, common) < 0)
            best = t.raw;
    }
    *min = best;
    return c.err;
}

static void
reverse(uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        uint8_t b = p[i];
        p[i] = p[n - 1 - i];
        p[n - 1 - i] = b;
    }
}

/* Exchange the first n bytes with the m bytes that follow them. */
static void
exchange(uint8_t *p, size_t n, size_t m)
{
    if (n == 0)
        return;
    reverse(p, n);
    reverse(p + n, m);
    reverse(p, n + m);
}

/* The least element goes to the front, then the least of the rest. */
static yf_err
sort_set(uint8_t *p, size_t n)
{
    while (n) {
        yf_span min;
        yf_err e = least(p, n, &min);
        if (e)
            return e;
        exchange(p, (size_t)(min.p - p), min.n);
        p += min.n;
        n -= min.n;
    }
    return YF_OK;
}

void
yf_der_close_set(yf_out *o, size_t mark)
{
    if (!o->err && mark <= o->n)
        yf_out_fail(o, sort_set(o->p + mark, o->n - mark));
    yf_der_close(o, mark);
}

/* ---- types ---- */

void
yf_der_put_as(yf_out *o, uint32_t tag, uint32_t type, yf_span val)
{
    yf_out_fail(o, yf_der_value(type, val));
    yf_der_put(o, tag, val);
}

void
yf_der_put_uint(yf_out *o, uint32_t tag, yf_span be)
{
    while (be.n && be.p[0] == 0) {
        be.p++;
        be.n--;
    }
    size_t mark = yf_der_open(o, tag);
    if (be.n == 0 || be.p[0] & 0x80)
        yf_out_u8(o, 0);
    yf_out_put(o, be);
    yf_der_close(o, mark);
}

void
yf_der_put_small(yf_out *o, uint32_t tag, int32_t v)
{
    uint8_t b[4];
    yf_span s = YF_SPAN(b);

    yf_put_be32(b, (uint32_t)v);
    while (yf_der_value(YF_DER_INTEGER, s)) {
        s.p++;
        s.n--;
    }
    yf_der_put(o, tag, s);
}

void
yf_der_put_bool(yf_out *o, uint32_t tag, bool v)
{
    uint8_t b = v ? 0xFF : 0x00;

    yf_der_put(o, tag, (yf_span){ &b, 1 });
}

void
yf_der_put_null(yf_out *o)
{
    yf_der_put(o, YF_DER_NULL, (yf_span){ 0 });
}

void
yf_der_put_bits(yf_out *o, uint32_t tag, yf_span bytes, unsigned unused)
{
    size_t mark = yf_der_open(o, tag);

    yf_out_u8(o, unused < 8 ? (uint8_t)unused : 8);
    yf_out_put(o, bytes);
    if (!o->err)
        yf_out_fail(o, yf_der_value(YF_DER_BITS, (yf_span){ o->p + mark, o->n - mark }));
    yf_der_close(o, mark);
}

/* Bit n is the nth from the left; the last one written is set. X.690 11.2.2 */
void
yf_der_put_flags(yf_out *o, uint32_t tag, uint32_t flags)
{
    uint8_t b[4] = { 0 };
    unsigned used = 0;

    for (unsigned i = 0; i < 32; i++)
        if (flags >> i & 1) {
            b[i / 8] = (uint8_t)(b[i / 8] | 0x80 >> i % 8);
            used = i + 1;
        }
    yf_der_put_bits(o, tag, (yf_span){ b, (used + 7) / 8 }, (8 - used % 8) % 8);
}

/* ---- times ---- */

static void
put_two(yf_out *o, unsigned v)
{
    yf_out_u8(o, (uint8_t)('0' + v / 10));
    yf_out_u8(o, (uint8_t)('0' + v % 10));
}

static bool
fits_utctime(yf_date d)
{
    return d.year >= YF_DER_UTC_FIRST && d.year <= YF_DER_UTC_LAST;
}

static void
put_date(yf_out *o, uint32_t tag, uint32_t type, yf_date d)
{
    size_t mark = yf_der_open(o, tag);

    if (type == YF_DER_GENTIME)
        put_two(o, d.year / 100U);
    put_two(o, d.year % 100U);
    put_two(o, d.month);
    put_two(o, d.day);
    put_two(o, d.hour);
    put_two(o, d.minute);
    put_two(o, d.second);
    yf_out_u8(o, 'Z');
    yf_der_close(o, mark);
}

void
yf_der_put_time_as(yf_out *o, uint32_t tag, uint32_t type, int64_t seconds)
{
    yf_date d = { 0 };

    yf_out_fail(o, yf_date_of(seconds, &d));
    if (type == YF_DER_UTCTIME && !fits_utctime(d))
        yf_out_fail(o, YF_E_ROOM);
    if (type != YF_DER_UTCTIME && type != YF_DER_GENTIME)
        yf_out_fail(o, YF_E_FORMAT);
    put_date(o, tag, type, d);
}

void
yf_der_put_time(yf_out *o, int64_t seconds)
{
    yf_date d = { 0 };

    yf_out_fail(o, yf_date_of(seconds, &d));
    uint32_t type = fits_utctime(d) ? YF_DER_UTCTIME : YF_DER_GENTIME;
    put_date(o, type, type, d);
}
