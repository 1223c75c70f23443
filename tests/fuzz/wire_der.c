/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER: what we accept, we would have written ourselves. Every object is decoded,
 * encoded and compared: its header, its value by every typed getter that takes it,
 * and the whole tree.
 */
#include "fuzz.h"

#include <yufu/wire/der.h>
#include <yufu/wire/oid.h>

#include <stdlib.h>

enum { LEVELS = 32, SIZE_LIMIT = 1 << 12 };

/* ---- one object: read it as some type, write what was read ---- */

static void
as_any(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der t = { 0 };

    yf_der_next(c, &t);
    yf_der_put(o, tag, t.val);
}

static void
as_uint(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_uint(o, tag, yf_der_uint(c, tag, SIZE_MAX));
}

static void
as_small(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_small(o, tag, yf_der_small(c, tag, INT32_MIN, INT32_MAX));
}

static void
as_bool(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_bool(o, tag, yf_der_bool(c, tag));
}

static void
as_bool_or_false(yf_cur *c, uint32_t tag, yf_out *o)
{
    if (yf_der_bool_or_false(c, tag)) // FALSE is written by not writing it
        yf_der_put_bool(o, tag, true);
}

static void
as_bits(yf_cur *c, uint32_t tag, yf_out *o)
{
    unsigned unused = 0;
    yf_span v = yf_der_bits(c, tag, &unused);

    yf_der_put_bits(o, tag, v, unused);
}

static void
as_flags(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_flags(o, tag, yf_der_flags(c, tag));
}

static void
as_string(yf_cur *c, uint32_t tag, yf_out *o)
{
    uint32_t type = 0;
    yf_span v = yf_der_string(c, 0, SIZE_MAX, &type);

    MUST(c->err || type == tag);
    yf_der_put_as(o, type, type, v);
}

static void
as_null(yf_cur *c, uint32_t tag, yf_out *o)
{
    (void)tag;
    yf_der_null(c);
    yf_der_put_null(o);
}

static void
as_utctime(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_time_as(o, tag, YF_DER_UTCTIME, yf_der_time_as(c, tag, YF_DER_UTCTIME));
}

static void
as_gentime(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_time_as(o, tag, YF_DER_GENTIME, yf_der_time_as(c, tag, YF_DER_GENTIME));
}

static void
as_time(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_der_put_time_as(o, tag, tag, yf_der_time(c));
}

/* Also through the text, for identifiers whose arcs we can say. */
static void
as_oid(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_span v = yf_der_as(c, tag, YF_DER_OID, 1, SIZE_MAX);
    uint8_t mem[4 * SIZE_LIMIT];
    yf_out text = yf_out_of(mem, sizeof mem);

    yf_oid_text(&text, v);
    if (c->err || text.err == YF_E_UNSUPPORTED) {
        yf_der_put_as(o, tag, YF_DER_OID, v);
        return;
    }
    size_t mark = yf_der_open(o, tag);
    yf_oid_put(o, yf_out_span(&text));
    yf_der_close(o, mark);
}

static void
as_set(yf_cur *c, uint32_t tag, yf_out *o)
{
    yf_cur set = yf_der_enter_set(c, tag);
    size_t mark = yf_der_open(o, tag);

    yf_out_put(o, yf_cur_rest(&set));
    yf_der_close_set(o, mark);
}

static void
same_again(yf_cur before, const yf_der *t, const uint8_t *end)
{
    static void (*const as[])(yf_cur *, uint32_t, yf_out *) = {
        as_any,    as_uint, as_small,   as_bool,    as_bool_or_false, as_bits, as_flags,
        as_string, as_null, as_utctime, as_gentime, as_time,          as_oid,  as_set,
    };
    uint8_t *mem = malloc(t->raw.n);

    MUST(mem);
    for (size_t i = 0; i < sizeof as / sizeof *as; i++) {
        yf_cur c = before;
        yf_out o = yf_out_of(mem, t->raw.n);
        as[i](&c, t->tag, &o);
        MUST(c.err ? c.p == before.p : c.p == end);
        MUST(c.err || yf_span_eq(yf_out_span(&o), t->raw));
    }
    free(mem);
}

/* The plain types: what has a rule is written under that rule. */
static void
same_as_type(yf_cur before, const yf_der *t)
{
    static const uint8_t types[] = { YF_DER_INTEGER, YF_DER_ENUM, YF_DER_OCTETS,
                                     YF_DER_UTF8,    YF_DER_IA5,  YF_DER_PRINTABLE };
    uint8_t *mem = malloc(t->raw.n);

    MUST(mem);
    for (size_t i = 0; i < sizeof types; i++) {
        yf_cur c = before;
        yf_out o = yf_out_of(mem, t->raw.n);
        yf_der_put_as(&o, t->tag, types[i], yf_der_as(&c, t->tag, types[i], 0, SIZE_MAX));
        MUST(c.err ? c.p == before.p : yf_span_eq(yf_out_span(&o), t->raw));
        MUST((c.err == YF_OK) == (yf_der_value(types[i], t->val) == YF_OK));
    }
    free(mem);
}

/* ---- the tree, level by level: nothing here follows the input by recursion ---- */

static void
every_object(yf_span in)
{
    yf_cur level[LEVELS] = { yf_cur_of(in) };
    size_t depth = 0;
    yf_der t;

    for (;;) {
        yf_cur before = level[depth];
        if (!yf_der_next(&level[depth], &t)) {
            if (depth-- == 0)
                return;
            continue;
        }
        MUST(t.raw.p == before.p && t.raw.p + t.raw.n == level[depth].p);
        same_again(before, &t, level[depth].p);
        same_as_type(before, &t);
        if (yf_tlv_constructed(t.tag) && depth + 1 < LEVELS)
            level[++depth] = yf_cur_of(t.val);
    }
}

/* What yf_der_check passes is rebuilt from its leaves, byte by byte the same. */
static void
rebuilt(yf_span in)
{
    yf_cur level[YF_DER_DEPTH] = { yf_cur_of(in) };
    size_t mark[YF_DER_DEPTH];
    size_t depth = 0;
    uint8_t *mem = malloc(in.n);
    yf_out o = yf_out_of(mem, in.n);
    yf_der t;

    MUST(mem);
    for (;;) {
        if (!yf_der_next(&level[depth], &t)) {
            MUST(yf_cur_done(&level[depth]) == YF_OK);
            if (depth == 0)
                break;
            yf_der_close(&o, mark[depth--]);
        } else if (yf_tlv_constructed(t.tag)) {
            MUST(++depth < YF_DER_DEPTH);
            level[depth] = yf_cur_of(t.val);
            mark[depth] = yf_der_open(&o, t.tag);
        } else {
            yf_der_put_as(&o, t.tag, t.tag, t.val);
        }
    }
    MUST(yf_span_eq(yf_out_span(&o), in));
    free(mem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span in = { data, size };

    if (size > SIZE_LIMIT)
        return 0;
    every_object(in);
    if (yf_der_check(in) == YF_OK)
        rebuilt(in);
    return 0;
}
