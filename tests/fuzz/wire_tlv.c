/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BER-TLV may be longer than needed, so what we accept is not always what we would
 * write. But what we write of it reads the same, and writing that once more changes
 * nothing: decode(encode(decode x)) = decode x, for one object and for whole trees.
 */
#include "fuzz.h"

#include <yufu/wire/tlv.h>

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 12, SIZE_LIMIT = 1 << 12 };

/* Tag, length and value lie where they were read, one behind the other. */
static void
one_lies_in_place(const uint8_t *at, const yf_cur *c, const yf_tlv *t)
{
    yf_span head = { at, t->raw.n < 8 ? t->raw.n : 8 };
    size_t size = 0;

    MUST(t->raw.p == at && t->raw.p + t->raw.n == c->p);
    MUST(t->val.p + t->val.n == c->p && t->val.n < t->raw.n);
    MUST(yf_tlv_size(head, &size) == YF_OK && size == t->raw.n);
    MUST(yf_tlv_head(t->tag, t->val.n) <= t->raw.n - t->val.n);
}

static void
same_again(const yf_tlv *t)
{
    size_t size = yf_tlv_head(t->tag, t->val.n) + t->val.n;
    uint8_t *mem = malloc(size);
    yf_out o = yf_out_of(mem, size);
    yf_tlv again;

    MUST(mem);
    yf_tlv_put(&o, t->tag, t->val);
    yf_cur c = yf_cur_of(yf_out_span(&o));
    MUST(c.left == size && yf_tlv_next(&c, &again) && yf_cur_done(&c) == YF_OK);
    MUST(again.tag == t->tag && yf_span_eq(again.val, t->val) && again.raw.n == size);
    free(mem);
}

/* The getters by name see what yf_tlv_next saw. */
static void
getters_agree(yf_cur before, const yf_cur *after, const yf_tlv *t)
{
    yf_cur need = before, maybe = before, refused = before;
    yf_span val = { 0 };

    MUST(yf_tlv_peek(&before) == t->tag);
    MUST(yf_tlv_need(&need, t->tag, t->val.n, t->val.n).p == t->val.p && need.p == after->p);
    MUST(!yf_tlv_maybe(&maybe, t->tag ^ 0x40, 0, SIZE_MAX, &val) && maybe.err == YF_OK);
    MUST(yf_tlv_maybe(&maybe, t->tag, 0, SIZE_MAX, &val) && val.n == t->val.n);
    yf_tlv_need(&refused, t->tag, t->val.n + 1, SIZE_MAX);
    MUST(refused.err == YF_E_FORMAT && refused.p == before.p);
}

static void
find_agrees(yf_span in, uint32_t tag)
{
    yf_cur c = yf_cur_of(in);
    yf_span val = { 0 };
    size_t hits = 0;
    yf_tlv t;

    while (yf_tlv_next(&c, &t))
        hits += t.tag == tag;
    if (c.err) // padding, or broken: find may know better, but not make something up
        return;
    MUST(yf_tlv_find(in, tag, &val) == (hits == 1 ? YF_OK : YF_E_FORMAT));
}

/* Is this a list of objects to its end? */
static bool
is_list(yf_span in)
{
    yf_cur c = yf_cur_of(in);
    yf_tlv t;

    while (yf_tlv_next(&c, &t))
        ;
    return c.err == YF_OK;
}

/* Write the tree of in anew; a constructed object that holds no objects is copied. */
static void
rebuild(yf_out *o, yf_span in, unsigned depth)
{
    yf_cur c = yf_cur_of(in);
    yf_tlv t;

    while (yf_tlv_next(&c, &t)) {
        if (!depth || !yf_tlv_constructed(t.tag) || !is_list(t.val)) {
            yf_tlv_put(o, t.tag, t.val);
            continue;
        }
        size_t mark = yf_tlv_open(o, t.tag);
        rebuild(o, t.val, depth - 1);
        yf_tlv_close(o, mark);
    }
}

static void
rebuilding_settles(yf_span in)
{
    uint8_t *a = malloc(in.n + 1), *b = malloc(in.n + 1);
    yf_out once = yf_out_of(a, in.n), twice = yf_out_of(b, in.n);

    MUST(a && b);
    rebuild(&once, in, DEPTH);
    rebuild(&twice, yf_out_span(&once), DEPTH);
    MUST(once.err == YF_OK && yf_span_eq(yf_out_span(&once), yf_out_span(&twice)));
    free(a);
    free(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span in = { data, size };
    yf_cur c = yf_cur_of(in);
    yf_tlv t;

    if (size > SIZE_LIMIT)
        return 0;
    for (yf_cur before = c; yf_tlv_next(&c, &t); before = c) {
        one_lies_in_place(before.p, &c, &t);
        same_again(&t);
        getters_agree(before, &c, &t);
        find_agrees(in, t.tag);
    }
    rebuilding_settles(in);
    yf_tlv_pad(&c);
    MUST(c.err || c.left == 0);
    return 0;
}
