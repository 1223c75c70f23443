/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/cbor.h>

#include "utf8.h"

#include <string.h>

/* RFC 8949 3, 3.3: the initial byte is three bits of major type and five more, which are
 * the argument or say how many bytes of it follow. */
enum {
    INFO_U8 = 24,
    INFO_U16 = 25,
    INFO_U32 = 26,
    INFO_U64 = 27,
    SIMPLE = 7,
    SIMPLE_FALSE = 20,
    SIMPLE_TRUE = 21,
    SIMPLE_NULL = 22,
    SIMPLE_RESERVED = 32, // those below, in two bytes, are not well-formed
};

struct item {
    yf_cbor_type type;
    uint64_t n;  // integer (of -1 - n: n), length, count, tag or truth
    yf_span str; // of bytes and text
};

/* ---- one item, without what is in it ---- */

/* An argument in more bytes than needed is not deterministic. */
static uint64_t
longer_than(yf_cur *c, uint64_t v, uint64_t max_of_shorter)
{
    if (v <= max_of_shorter)
        yf_cur_fail(c, YF_E_FORMAT);
    return v;
}

static uint64_t
argument(yf_cur *c, unsigned info)
{
    switch (info) {
    case INFO_U8:
        return longer_than(c, yf_cur_u8(c), INFO_U8 - 1);
    case INFO_U16:
        return longer_than(c, yf_cur_u16(c), UINT8_MAX);
    case INFO_U32:
        return longer_than(c, yf_cur_u32(c), UINT16_MAX);
    case INFO_U64:
        return longer_than(c, yf_cur_u64(c), UINT32_MAX);
    default:
        if (info > INFO_U64) // reserved, indefinite, or a break
            yf_cur_fail(c, YF_E_FORMAT);
        return info;
    }
}

/* Major type 7: of the simple values three, of the floats none. */
static void
simple(yf_cur *c, unsigned info, struct item *t)
{
    t->type = info == SIMPLE_NULL ? YF_CBOR_NULL : YF_CBOR_BOOL;
    t->n = info == SIMPLE_TRUE;
    if (info > INFO_U64 || (info == INFO_U8 && yf_cur_u8(c) < SIMPLE_RESERVED))
        yf_cur_fail(c, YF_E_FORMAT);
    if (info < SIMPLE_FALSE || info > SIMPLE_NULL)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
}

/* The length of a string or the count of items: each takes a byte at least, a pair two. */
static size_t
bounded(yf_cur *c, uint64_t n, size_t most)
{
    if (n <= most)
        return (size_t)n;
    yf_cur_fail(c, YF_E_SHORT);
    return 0;
}

static bool
next(yf_cur *c, struct item *t)
{
    yf_cur at = *c;
    unsigned first = yf_cur_u8(&at), info = first & 0x1F;
    struct item r = { .type = (yf_cbor_type)(first >> 5) };

    if (first >> 5 == SIMPLE)
        simple(&at, info, &r);
    else
        r.n = argument(&at, info);
    if (r.type == YF_CBOR_BYTES || r.type == YF_CBOR_TEXT)
        r.str = yf_cur_take(&at, bounded(&at, r.n, at.left));
    if (r.type == YF_CBOR_TEXT && !yf_utf8_ok(r.str))
        yf_cur_fail(&at, YF_E_FORMAT);
    if (r.type == YF_CBOR_ARRAY)
        bounded(&at, r.n, at.left);
    if (r.type == YF_CBOR_MAP)
        bounded(&at, r.n, at.left / 2);
    if (!yf_cur_commit(c, &at))
        return false;
    *t = r;
    return true;
}

/* The next item on a copy of the caller's cursor; it must be of this type. */
static struct item
take(yf_cur *at, yf_cbor_type type)
{
    struct item t = { .type = YF_CBOR_NONE };

    if (next(at, &t) && t.type != type)
        yf_cur_fail(at, YF_E_FORMAT);
    return t;
}

static bool
commit_if(yf_cur *c, yf_cur *at, bool in_range)
{
    if (!in_range)
        yf_cur_fail(at, YF_E_FORMAT);
    return yf_cur_commit(c, at);
}

/* ---- reading ---- */

yf_cbor_type
yf_cbor_peek(const yf_cur *c)
{
    yf_cur at = *c;
    struct item t;

    return next(&at, &t) ? t.type : YF_CBOR_NONE;
}

uint64_t
yf_cbor_uint(yf_cur *c, uint64_t max)
{
    yf_cur at = *c;
    struct item t = take(&at, YF_CBOR_UINT);

    return commit_if(c, &at, t.n <= max) ? t.n : 0;
}

int64_t
yf_cbor_int(yf_cur *c, int64_t min, int64_t max)
{
    yf_cur at = *c;
    yf_cbor_type type = yf_cbor_peek(c);
    struct item t = take(&at, type == YF_CBOR_NINT ? type : YF_CBOR_UINT);
    int64_t v = (int64_t)(t.n & INT64_MAX);

    if (type == YF_CBOR_NINT)
        v = -1 - v;
    return commit_if(c, &at, t.n <= INT64_MAX && v >= min && v <= max) ? v : 0;
}

static yf_span
take_string(yf_cur *c, yf_cbor_type type, size_t min, size_t max)
{
    yf_cur at = *c;
    struct item t = take(&at, type);

    return commit_if(c, &at, t.str.n >= min && t.str.n <= max) ? t.str : (yf_span){ c->p, 0 };
}

yf_span
yf_cbor_bytes(yf_cur *c, size_t min, size_t max)
{
    return take_string(c, YF_CBOR_BYTES, min, max);
}

yf_span
yf_cbor_text(yf_cur *c, size_t min, size_t max)
{
    return take_string(c, YF_CBOR_TEXT, min, max);
}

bool
yf_cbor_bool(yf_cur *c)
{
    yf_cur at = *c;
    struct item t = take(&at, YF_CBOR_BOOL);

    return yf_cur_commit(c, &at) && t.n;
}

void
yf_cbor_null(yf_cur *c)
{
    yf_cur at = *c;

    take(&at, YF_CBOR_NULL);
    yf_cur_commit(c, &at);
}

uint64_t
yf_cbor_tag(yf_cur *c)
{
    yf_cur at = *c;
    struct item t = take(&at, YF_CBOR_TAG);

    return yf_cur_commit(c, &at) ? t.n : 0;
}

/* What next found is bounded by the bytes left, so it fits. */
static size_t
take_count(yf_cur *c, yf_cbor_type type, size_t min, size_t max)
{
    yf_cur at = *c;
    struct item t = take(&at, type);

    return commit_if(c, &at, t.n >= min && t.n <= max) ? (size_t)t.n : 0;
}

size_t
yf_cbor_array(yf_cur *c, size_t min, size_t max)
{
    return take_count(c, YF_CBOR_ARRAY, min, max);
}

/* ---- maps ---- */

yf_cbor_map
yf_cbor_map_of(yf_cur *c, size_t min, size_t max)
{
    return (yf_cbor_map){ .left = take_count(c, YF_CBOR_MAP, min, max) };
}

/* RFC 8949 4.2.1. Items know where they end, so that none begins another: the order of
 * two different ones is decided before the shorter ends. */
static bool
in_order(yf_span before, yf_span key)
{
    size_t n = before.n < key.n ? before.n : key.n;

    return before.n == 0 || memcmp(before.p, key.p, n) < 0;
}

bool
yf_cbor_key(yf_cur *c, yf_cbor_map *m)
{
    yf_cur at = *c;

    if (c->err || m->left == 0)
        return false;
    yf_span key = yf_cbor_skip(&at);
    yf_cur_fail(c, at.err);
    if (!c->err && !in_order(m->key, key))
        yf_cur_fail(c, YF_E_FORMAT);
    m->left--;
    m->key = key;
    return !c->err;
}

/* ---- whole items ---- */

/* An array, a map or a tag that was begun and has not ended. */
struct level {
    size_t left;       // items to come, keys and values both counted
    bool map;          // then an even number is left where a key begins
    const uint8_t *at; // where the item under way begins
    yf_span key;       // the last key
};

static size_t
children(const struct item *t)
{
    switch (t->type) {
    case YF_CBOR_ARRAY:
        return (size_t)t->n;
    case YF_CBOR_MAP:
        return 2 * (size_t)t->n;
    case YF_CBOR_TAG:
        return 1;
    default:
        return 0;
    }
}

/* The item under way in l ends where the cursor stands. True if it was the last. */
static bool
ends(yf_cur *c, struct level *l)
{
    yf_span item = { l->at, (size_t)(c->p - l->at) };

    l->at = c->p;
    if (l->map && l->left % 2 == 0) {
        if (!in_order(l->key, item))
            yf_cur_fail(c, YF_E_FORMAT);
        l->key = item;
    }
    return --l->left == 0;
}

yf_span
yf_cbor_skip(yf_cur *c)
{
    struct level level[YF_CBOR_DEPTH];
    size_t depth = 0;
    yf_cur at = *c;
    struct item t;

    do {
        if (!next(&at, &t))
            break;
        size_t n = children(&t);
        if (n && depth == YF_CBOR_DEPTH)
            yf_cur_fail(&at, YF_E_UNSUPPORTED);
        else if (n)
            level[depth++] = (struct level){ n, t.type == YF_CBOR_MAP, at.p, { 0 } };
        else
            while (depth && ends(&at, &level[depth - 1]))
                depth--;
    } while (depth && !at.err);
    yf_span item = { c->p, c->left - at.left };
    return yf_cur_commit(c, &at) ? item : (yf_span){ c->p, 0 };
}

yf_err
yf_cbor_check(yf_span in)
{
    yf_cur c = yf_cur_of(in);

    yf_cbor_skip(&c);
    return yf_cur_done(&c);
}

/* ---- writing ---- */

static void
put_head(yf_out *o, unsigned major, uint64_t n)
{
    uint8_t first = (uint8_t)(major << 5);

    if (n < INFO_U8) {
        yf_out_u8(o, first | (uint8_t)n);
    } else if (n <= UINT8_MAX) {
        yf_out_u8(o, first | INFO_U8);
        yf_out_u8(o, (uint8_t)n);
    } else if (n <= UINT16_MAX) {
        yf_out_u8(o, first | INFO_U16);
        yf_out_u16(o, (uint16_t)n);
    } else if (n <= UINT32_MAX) {
        yf_out_u8(o, first | INFO_U32);
        yf_out_u32(o, (uint32_t)n);
    } else {
        yf_out_u8(o, first | INFO_U64);
        yf_out_u64(o, n);
    }
}

void
yf_cbor_put_uint(yf_out *o, uint64_t v)
{
    put_head(o, YF_CBOR_UINT, v);
}

void
yf_cbor_put_int(yf_out *o, int64_t v)
{
    put_head(o, v < 0 ? YF_CBOR_NINT : YF_CBOR_UINT, (uint64_t)(v < 0 ? -1 - v : v));
}

void
yf_cbor_put_bytes(yf_out *o, yf_span bytes)
{
    put_head(o, YF_CBOR_BYTES, bytes.n);
    yf_out_put(o, bytes);
}

void
yf_cbor_put_text(yf_out *o, yf_span utf8)
{
    if (!yf_utf8_ok(utf8))
        yf_out_fail(o, YF_E_FORMAT);
    put_head(o, YF_CBOR_TEXT, utf8.n);
    yf_out_put(o, utf8);
}

void
yf_cbor_put_bool(yf_out *o, bool v)
{
    put_head(o, SIMPLE, v ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void
yf_cbor_put_null(yf_out *o)
{
    put_head(o, SIMPLE, SIMPLE_NULL);
}

void
yf_cbor_put_tag(yf_out *o, uint64_t tag)
{
    put_head(o, YF_CBOR_TAG, tag);
}

void
yf_cbor_put_array(yf_out *o, size_t n)
{
    put_head(o, YF_CBOR_ARRAY, n);
}

void
yf_cbor_put_map(yf_out *o, size_t n)
{
    put_head(o, YF_CBOR_MAP, n);
}

yf_err
yf_cbor_done(const yf_out *o, yf_span *written)
{
    yf_err e = o->err ? o->err : yf_cbor_check(yf_out_span(o));

    if (!e)
        *written = yf_out_span(o);
    return e;
}
