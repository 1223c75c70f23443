/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/tlv.h>

enum { LEN_MAX = 5 }; // 84 and four bytes

/* Bytes of a tag, 0 if it is none. 7816-4 5.2.2.1, but numbers below 31 may take two. */
static size_t
tag_size(uint32_t tag)
{
    if (tag <= 0xFF)
        return tag != 0 && (tag & 0x1F) != 0x1F ? 1 : 0;
    if (tag <= 0xFFFF)
        return (tag >> 8 & 0x1F) == 0x1F && !(tag & 0x80) ? 2 : 0;
    if (tag <= 0xFFFFFF)
        return (tag >> 16 & 0x1F) == 0x1F && (tag >> 8 & 0xFF) > 0x80 && !(tag & 0x80) ? 3 : 0;
    return 0;
}

/* Bytes of the shortest length field for n. */
static size_t
len_size(size_t n)
{
    if (n < 0x80)
        return 1;
    size_t size = 2;
    while (n >>= 8)
        size++;
    return size;
}

/* ---- reading ---- */

uint32_t
yf_tlv_tag(yf_cur *c)
{
    yf_cur at = *c;
    uint32_t tag = yf_cur_u8(&at);

    if ((tag & 0x1F) == 0x1F)
        tag = tag << 8 | yf_cur_u8(&at);
    if (tag > 0xFF && (tag & 0x80))
        tag = tag << 8 | yf_cur_u8(&at);
    if (tag > 0xFFFF && (tag & 0x80))
        yf_cur_fail(&at, YF_E_UNSUPPORTED);
    if (tag_size(tag) == 0)
        yf_cur_fail(&at, YF_E_FORMAT);
    return yf_cur_commit(c, &at) ? tag : 0;
}

/* 7816-4 5.2.2.2 */
static uint32_t
take_len(yf_cur *c)
{
    unsigned first = yf_cur_u8(c);
    uint32_t n = 0;

    if (first < 0x80)
        return first;
    if (first == 0x80)
        yf_cur_fail(c, YF_E_FORMAT);
    if (first > 0x84)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    for (yf_span b = yf_cur_take(c, first & 7); b.n; b.n--)
        n = n << 8 | *b.p++;
    return n;
}

bool
yf_tlv_next(yf_cur *c, yf_tlv *t)
{
    yf_cur at = *c;
    yf_tlv r;

    if (!yf_cur_more(c))
        return false;
    r.tag = yf_tlv_tag(&at);
    r.val = yf_cur_take(&at, take_len(&at));
    r.raw = (yf_span){ c->p, c->left - at.left };
    if (!yf_cur_commit(c, &at))
        return false;
    *t = r;
    return true;
}

uint32_t
yf_tlv_peek(const yf_cur *c)
{
    yf_cur at = *c;
    return yf_tlv_tag(&at);
}

yf_span
yf_tlv_need(yf_cur *c, uint32_t tag, size_t min, size_t max)
{
    yf_cur at = *c;
    yf_tlv t = { 0 };

    if (!yf_tlv_next(&at, &t))
        yf_cur_fail(&at, YF_E_SHORT);
    else if (t.tag != tag || t.val.n < min || t.val.n > max)
        yf_cur_fail(&at, YF_E_FORMAT);
    return yf_cur_commit(c, &at) ? t.val : (yf_span){ c->p, 0 };
}

bool
yf_tlv_maybe(yf_cur *c, uint32_t tag, size_t min, size_t max, yf_span *val)
{
    if (tag == 0 || yf_tlv_peek(c) != tag)
        return false;
    yf_span v = yf_tlv_need(c, tag, min, max);
    if (!c->err)
        *val = v;
    return !c->err;
}

yf_cur
yf_tlv_enter(yf_cur *c, uint32_t tag)
{
    yf_cur sub = yf_cur_of(yf_tlv_need(c, tag, 0, SIZE_MAX));

    sub.err = c->err;
    return sub;
}

void
yf_tlv_pad(yf_cur *c)
{
    yf_cur at = *c;

    while (yf_cur_peek(&at) == 0x00)
        yf_cur_u8(&at);
    *c = at;
    while (yf_cur_peek(&at) == 0xFF)
        yf_cur_u8(&at);
    if (at.left == 0)
        *c = at;
}

yf_err
yf_tlv_find(yf_span in, uint32_t tag, yf_span *val)
{
    yf_cur c = yf_cur_of(in);
    yf_span v = { 0 };
    bool found = false;
    yf_tlv t;

    for (yf_tlv_pad(&c); yf_tlv_next(&c, &t); yf_tlv_pad(&c)) {
        if (t.tag != tag)
            continue;
        if (found)
            return YF_E_FORMAT;
        found = true;
        v = t.val;
    }
    if (c.err)
        return c.err;
    if (!found)
        return YF_E_NOTFOUND;
    *val = v;
    return YF_OK;
}

yf_err
yf_tlv_size(yf_span head, size_t *size)
{
    yf_cur c = yf_cur_of(head);

    yf_tlv_tag(&c);
    size_t n = take_len(&c);
    if (c.err)
        return c.err;
    if (n > SIZE_MAX - (head.n - c.left))
        return YF_E_ROOM;
    *size = head.n - c.left + n;
    return YF_OK;
}

/* ---- writing ---- */

size_t
yf_tlv_head(uint32_t tag, size_t n)
{
    size_t size = tag_size(tag);

    return size ? size + len_size(n) : 0;
}

void
yf_tlv_put_tag(yf_out *o, uint32_t tag)
{
    size_t size = tag_size(tag);

    if (size == 0)
        yf_out_fail(o, YF_E_FORMAT);
    while (size--)
        yf_out_u8(o, (uint8_t)(tag >> 8 * size));
}

/* The shortest length field for n, at b; empty if it takes more than 84. */
static yf_span
make_len(uint8_t b[LEN_MAX], size_t n)
{
    yf_out o = yf_out_of(b, LEN_MAX);
    size_t size = len_size(n);

    yf_out_u8(&o, (uint8_t)(size == 1 ? n : 0x80 | (size - 1)));
    while (--size)
        yf_out_u8(&o, (uint8_t)(n >> 8 * (size - 1)));
    return yf_out_span(&o);
}

void
yf_tlv_close(yf_out *o, size_t mark)
{
    uint8_t b[LEN_MAX];
    yf_span len = make_len(b, o->n - mark);

    if (len.n == 0)
        yf_out_fail(o, mark > o->n ? YF_E_STATE : YF_E_ROOM);
    yf_out_insert(o, mark, len);
}

size_t
yf_tlv_open(yf_out *o, uint32_t tag)
{
    yf_tlv_put_tag(o, tag);
    return o->n;
}

void
yf_tlv_put_head(yf_out *o, uint32_t tag, size_t n)
{
    uint8_t b[LEN_MAX];
    yf_span len = make_len(b, n);

    yf_tlv_put_tag(o, tag);
    if (len.n == 0)
        yf_out_fail(o, YF_E_ROOM);
    yf_out_put(o, len);
}

void
yf_tlv_put(yf_out *o, uint32_t tag, yf_span val)
{
    yf_tlv_put_head(o, tag, val.n);
    yf_out_put(o, val);
}
