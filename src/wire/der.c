/* SPDX-License-Identifier: Apache-2.0 */
#include "der_rules.h"

#include <string.h>

/* ---- structure ---- */

/* Fail the cursor if what comes next is an object, and not DER. */
static void
strict(yf_cur *c)
{
    yf_cur at = *c;
    yf_tlv t;

    if (!yf_tlv_next(&at, &t))
        return;
    if (!yf_der_tag_ok(t.tag) || t.raw.n - t.val.n != yf_tlv_head(t.tag, t.val.n))
        yf_cur_fail(c, YF_E_FORMAT);
}

bool
yf_der_next(yf_cur *c, yf_der *t)
{
    strict(c);
    return yf_tlv_next(c, t);
}

uint32_t
yf_der_peek(const yf_cur *c)
{
    uint32_t tag = yf_tlv_peek(c);

    return yf_der_tag_ok(tag) ? tag : 0;
}

yf_span
yf_der_need(yf_cur *c, uint32_t tag, size_t min, size_t max)
{
    strict(c);
    return yf_tlv_need(c, tag, min, max);
}

bool
yf_der_maybe(yf_cur *c, uint32_t tag, size_t min, size_t max, yf_span *val)
{
    strict(c);
    return yf_tlv_maybe(c, tag, min, max, val);
}

yf_cur
yf_der_enter(yf_cur *c, uint32_t tag)
{
    strict(c);
    return yf_tlv_enter(c, tag);
}

/* X.690 11.6. No element is the beginning of another: objects know their length. */
static yf_err
ascending(yf_span set)
{
    yf_cur c = yf_cur_of(set);
    yf_span last = { set.p, 0 };
    yf_der t;

    while (yf_der_next(&c, &t)) {
        size_t n = last.n < t.raw.n ? last.n : t.raw.n;
        if (n && memcmp(last.p, t.raw.p, n) > 0)
            return YF_E_FORMAT;
        last = t.raw;
    }
    return c.err;
}

yf_cur
yf_der_enter_set(yf_cur *c, uint32_t tag)
{
    yf_cur at = *c;
    yf_cur set = yf_der_enter(&at, tag);

    yf_cur_fail(&at, ascending((yf_span){ set.p, set.left }));
    yf_cur_commit(c, &at);
    yf_cur_fail(&set, c->err);
    return set;
}

yf_err
yf_der_check(yf_span in)
{
    yf_cur level[YF_DER_DEPTH] = { yf_cur_of(in) };
    size_t depth = 0;
    yf_der t;

    if (!yf_der_next(&level[0], &t))
        return yf_err_first(level[0].err, YF_E_SHORT);
    if (level[0].left)
        return YF_E_FORMAT;
    level[0] = yf_cur_of(in);
    for (;;) {
        while (yf_der_next(&level[depth], &t)) {
            yf_err e = yf_der_value(t.tag, t.val);
            if (e)
                return e;
            if (!yf_tlv_constructed(t.tag))
                continue;
            if (++depth == YF_DER_DEPTH)
                return YF_E_UNSUPPORTED;
            level[depth] = yf_cur_of(t.val);
        }
        if (level[depth].err || depth == 0)
            return level[depth].err;
        depth--;
    }
}

/* ---- types ---- */

/* Nothing, where a getter failed. */
static yf_span
none(const yf_cur *c)
{
    return (yf_span){ c->p, 0 };
}

yf_span
yf_der_as(yf_cur *c, uint32_t tag, uint32_t type, size_t min, size_t max)
{
    yf_cur at = *c;
    yf_span v = yf_der_need(&at, tag, min, max);

    yf_cur_fail(&at, at.err ? at.err : yf_der_value(type, v));
    return yf_cur_commit(c, &at) ? v : none(c);
}

yf_span
yf_der_uint(yf_cur *c, uint32_t tag, size_t max)
{
    yf_cur at = *c;
    yf_span v = yf_der_as(&at, tag, YF_DER_INTEGER, 1, SIZE_MAX);
    bool negative = v.n && v.p[0] & 0x80;

    if (v.n > 1 && v.p[0] == 0) {
        v.p++;
        v.n--;
    }
    if (negative || v.n > max)
        yf_cur_fail(&at, YF_E_FORMAT);
    return yf_cur_commit(c, &at) ? v : none(c);
}

int32_t
yf_der_small(yf_cur *c, uint32_t tag, int32_t min, int32_t max)
{
    yf_cur at = *c;
    yf_span v = yf_der_as(&at, tag, YF_DER_INTEGER, 1, 4);
    uint32_t bits = v.n && v.p[0] & 0x80 ? UINT32_MAX : 0;

    for (size_t i = 0; i < v.n; i++)
        bits = bits << 8 | v.p[i];
    if ((int32_t)bits < min || (int32_t)bits > max)
        yf_cur_fail(&at, YF_E_FORMAT);
    return yf_cur_commit(c, &at) ? (int32_t)bits : 0;
}

bool
yf_der_bool(yf_cur *c, uint32_t tag)
{
    yf_span v = yf_der_as(c, tag, YF_DER_BOOLEAN, 1, 1);

    return v.n && v.p[0];
}

bool
yf_der_bool_or_false(yf_cur *c, uint32_t tag)
{
    yf_cur at = *c;

    if (c->err || yf_der_peek(c) != tag)
        return false;
    if (!yf_der_bool(&at, tag))
        yf_cur_fail(&at, YF_E_FORMAT);
    return yf_cur_commit(c, &at);
}

void
yf_der_null(yf_cur *c)
{
    yf_der_need(c, YF_DER_NULL, 0, 0);
}

yf_span
yf_der_oid(yf_cur *c)
{
    return yf_der_as(c, YF_DER_OID, YF_DER_OID, 1, SIZE_MAX);
}

yf_span
yf_der_bits(yf_cur *c, uint32_t tag, unsigned *unused)
{
    yf_cur at = *c;
    yf_cur v = yf_cur_of(yf_der_as(&at, tag, YF_DER_BITS, 1, SIZE_MAX));
    unsigned spare = yf_cur_u8(&v);

    if (spare && !unused)
        yf_cur_fail(&at, YF_E_FORMAT);
    if (!yf_cur_commit(c, &at))
        return none(c);
    if (unused)
        *unused = spare;
    return yf_cur_rest(&v);
}

uint32_t
yf_der_flags(yf_cur *c, uint32_t tag)
{
    yf_cur at = *c;
    unsigned unused = 0;
    yf_span v = yf_der_bits(&at, tag, &unused);
    uint32_t flags = 0;

    if (v.n > 4)
        yf_cur_fail(&at, YF_E_UNSUPPORTED);
    else if (v.n && !(v.p[v.n - 1] >> unused & 1))
        yf_cur_fail(&at, YF_E_FORMAT);
    for (unsigned i = 0; !at.err && i < 8 * v.n; i++)
        if (v.p[i / 8] & 0x80 >> i % 8)
            flags |= (uint32_t)1 << i;
    return yf_cur_commit(c, &at) ? flags : 0;
}

yf_span
yf_der_string(yf_cur *c, size_t min, size_t max, uint32_t *type)
{
    uint32_t tag = yf_der_peek(c);

    switch (tag) {
    case YF_DER_UTF8:
    case YF_DER_PRINTABLE:
    case YF_DER_IA5:
        break;
    default: // X.680 41: the other strings have tags 18 to 30
        yf_cur_fail(c, tag >= 0x12 && tag <= 0x1E ? YF_E_UNSUPPORTED : tag ? YF_E_FORMAT : YF_OK);
    }
    yf_span v = yf_der_as(c, tag, tag, min, max);
    if (!c->err)
        *type = tag;
    return v;
}

int64_t
yf_der_time_as(yf_cur *c, uint32_t tag, uint32_t type)
{
    yf_cur at = *c;
    yf_span v = yf_der_need(&at, tag, 0, SIZE_MAX);
    int64_t s = 0;

    yf_cur_fail(&at, at.err ? at.err : yf_der_seconds(type, v, &s));
    return yf_cur_commit(c, &at) ? s : 0;
}

int64_t
yf_der_time(yf_cur *c)
{
    uint32_t tag = yf_der_peek(c) == YF_DER_GENTIME ? YF_DER_GENTIME : YF_DER_UTCTIME;

    return yf_der_time_as(c, tag, tag);
}
