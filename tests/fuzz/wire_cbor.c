/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deterministic CBOR: what we accept, we would have written ourselves. Items are read
 * one by one with the typed getters, written again and compared; and yf_cbor_check, which
 * does not recurse, agrees with a reader that does.
 */
#include "fuzz.h"

#include <yufu/wire/cbor.h>

#include <stdlib.h>

enum { SIZE_LIMIT = 1 << 14 };

/* Read the next item, without what is in it, and write it. */
static void
one_again(yf_cur *c, yf_out *o)
{
    switch (yf_cbor_peek(c)) {
    case YF_CBOR_UINT:
        yf_cbor_put_uint(o, yf_cbor_uint(c, UINT64_MAX));
        break;
    case YF_CBOR_NINT:
        yf_cbor_put_int(o, yf_cbor_int(c, INT64_MIN, -1));
        break;
    case YF_CBOR_BYTES:
        yf_cbor_put_bytes(o, yf_cbor_bytes(c, 0, SIZE_MAX));
        break;
    case YF_CBOR_TEXT:
        yf_cbor_put_text(o, yf_cbor_text(c, 0, SIZE_MAX));
        break;
    case YF_CBOR_ARRAY:
        yf_cbor_put_array(o, yf_cbor_array(c, 0, SIZE_MAX));
        break;
    case YF_CBOR_MAP:
        yf_cbor_put_map(o, yf_cbor_map_of(c, 0, SIZE_MAX).left);
        break;
    case YF_CBOR_TAG:
        yf_cbor_put_tag(o, yf_cbor_tag(c));
        break;
    case YF_CBOR_BOOL:
        yf_cbor_put_bool(o, yf_cbor_bool(c));
        break;
    case YF_CBOR_NULL:
        yf_cbor_null(c);
        yf_cbor_put_null(o);
        break;
    default:
        MUST(yf_cbor_skip(c).n == 0 && c->err);
    }
}

/* A getter for another type refuses the item and leaves it there. */
static void
others_refuse(const yf_cur *c)
{
    yf_cbor_type type = yf_cbor_peek(c);
    yf_cur a = *c, b = *c, d = *c;

    if (type == YF_CBOR_NONE)
        return;
    type == YF_CBOR_UINT ? (void)yf_cbor_bytes(&a, 0, SIZE_MAX)
                         : (void)yf_cbor_uint(&a, UINT64_MAX);
    type == YF_CBOR_TEXT ? (void)yf_cbor_tag(&b) : (void)yf_cbor_text(&b, 0, SIZE_MAX);
    type == YF_CBOR_MAP ? yf_cbor_null(&d) : (void)yf_cbor_map_of(&d, 0, SIZE_MAX);
    MUST(a.err == YF_E_FORMAT && a.p == c->p);
    MUST(b.err == YF_E_FORMAT && b.p == c->p);
    MUST(d.err == YF_E_FORMAT && d.p == c->p);
}

/* Counts are definite, so that a tree of items is a list of them. */
static void
all_again(yf_span in)
{
    yf_cur c = yf_cur_of(in);
    uint8_t *mem = malloc(in.n + 1);

    MUST(mem);
    while (yf_cur_more(&c)) {
        yf_cur before = c;
        yf_out o = yf_out_of(mem, in.n);
        others_refuse(&c);
        one_again(&c, &o);
        yf_span read = { before.p, before.left - c.left };
        bool beyond =
            yf_cbor_peek(&before) == YF_CBOR_NINT && c.err == YF_E_FORMAT; // below INT64_MIN
        MUST(beyond || !c.err || yf_cbor_peek(&before) == YF_CBOR_NONE);
        MUST(c.err ? read.n == 0 : yf_span_eq(yf_out_span(&o), read));
    }
    free(mem);
}

/* The same language, by recursion and through the getters. */
static void
item(yf_cur *c, unsigned depth)
{
    yf_cbor_type type = yf_cbor_peek(c);
    yf_cbor_map m = { 0 };
    size_t n = 0;

    if (type == YF_CBOR_ARRAY)
        n = yf_cbor_array(c, 0, SIZE_MAX);
    else if (type == YF_CBOR_MAP)
        m = yf_cbor_map_of(c, 0, SIZE_MAX);
    else if (type == YF_CBOR_TAG)
        n = (yf_cbor_tag(c), 1);
    else
        yf_cbor_skip(c);
    if ((n || m.left) && depth == 0)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    for (; n && !c->err; n--)
        item(c, depth - 1);
    while (yf_cbor_key(c, &m)) {
        item(c, depth - 1);
        item(c, depth - 1);
    }
}

static void
check_agrees(yf_span in)
{
    yf_cur c = yf_cur_of(in), skip = c;
    yf_err e = yf_cbor_check(in);
    yf_out as_written = { (uint8_t *)in.p, in.n, in.n, YF_OK };
    yf_span done = { 0 };

    item(&c, YF_CBOR_DEPTH);
    MUST((yf_cur_done(&c) == YF_OK) == (e == YF_OK));
    MUST(yf_cbor_done(&as_written, &done) == e && (e || yf_span_eq(done, in)));
    MUST(yf_cbor_skip(&skip).n == in.n - skip.left && (skip.err || skip.left < in.n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span in = { data, size };

    if (size > SIZE_LIMIT)
        return 0;
    all_again(in);
    check_agrees(in);
    return 0;
}
