/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/tlv.h>

#define C(...) yf_cur_of(BYTES(__VA_ARGS__))

static yf_err
next_err(yf_span in)
{
    yf_cur c = yf_cur_of(in);
    yf_tlv t;

    T(!yf_tlv_next(&c, &t));
    T(c.p == in.p && c.left == in.n);
    return c.err;
}

static uint32_t
next_tag(yf_span in)
{
    yf_cur c = yf_cur_of(in);
    yf_tlv t;

    T(yf_tlv_next(&c, &t));
    T_OK(yf_cur_done(&c));
    T_SPAN(t.raw, in);
    return t.tag;
}

/* ISO/IEC 7816-4 5.2.2.1 */
static void
tags_are_one_to_three_bytes(void **st)
{
    (void)st;
    T(next_tag(BYTES(0x5C, 0x00)) == 0x5C);
    T(next_tag(BYTES(0x7F, 0x49, 0x00)) == 0x7F49);
    T(next_tag(BYTES(0xDF, 0x81, 0x01, 0x00)) == 0xDF8101);
    T(next_tag(BYTES(0xFF, 0x81, 0x05, 0x00)) == 0xFF8105);
    T(next_tag(BYTES(0x5F, 0x01, 0x00)) == 0x5F01); // EF.COM
    T(next_tag(BYTES(0x5F, 0x00, 0x00)) == 0x5F00);
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x00, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x7F, 0x80, 0x01, 0x00)));
    T_ERR(YF_E_UNSUPPORTED, next_err(BYTES(0x7F, 0x81, 0x81, 0x01, 0x00)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x7F)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x7F, 0x81)));
}

/* ISO/IEC 7816-4 5.2.2.2 */
static void
lengths_need_not_be_minimal(void **st)
{
    (void)st;
    T(next_tag(BYTES(0x04, 0x01, 0xAA)) == 0x04);
    T(next_tag(BYTES(0x04, 0x81, 0x01, 0xAA)) == 0x04);
    T(next_tag(BYTES(0x04, 0x82, 0x00, 0x01, 0xAA)) == 0x04);
    T(next_tag(BYTES(0x04, 0x83, 0x00, 0x00, 0x01, 0xAA)) == 0x04);
    T(next_tag(BYTES(0x04, 0x84, 0x00, 0x00, 0x00, 0x01, 0xAA)) == 0x04);
    T_ERR(YF_E_UNSUPPORTED, next_err(BYTES(0x04, 0x85, 0x00, 0x00, 0x00, 0x00, 0x01, 0xAA)));
    T_ERR(YF_E_UNSUPPORTED, next_err(BYTES(0x04, 0xFF)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x30, 0x80, 0x00, 0x00)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x04)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x04, 0x82, 0x01)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x04, 0x02, 0xAA)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0xAA)));
}

static void
end_is_no_failure(void **st)
{
    yf_cur c = C(0x04, 0x00);
    yf_tlv t;
    (void)st;

    T(yf_tlv_next(&c, &t));
    T(t.val.n == 0);
    T(!yf_tlv_next(&c, &t));
    T_OK(yf_cur_done(&c));
    T(yf_tlv_peek(&c) == 0);
}

/* Doc 9303-10 4.7.1: EF.COM, the example of its appendix. */
static const uint8_t efcom[] = { 0x60, 0x16, 0x5F, 0x01, 0x04, 0x30, 0x31, 0x30,
                                 0x36, 0x5F, 0x36, 0x06, 0x30, 0x34, 0x30, 0x30,
                                 0x30, 0x30, 0x5C, 0x04, 0x61, 0x75, 0x76, 0x6C };

struct efcom {
    yf_span lds, unicode, tags;
};

static yf_err
efcom_parse(yf_span in, struct efcom *out)
{
    yf_cur file = yf_cur_of(in);
    yf_cur com = yf_tlv_enter(&file, 0x60);
    struct efcom r;

    r.lds = yf_tlv_need(&com, 0x5F01, 4, 4);
    r.unicode = yf_tlv_need(&com, 0x5F36, 6, 6);
    r.tags = yf_tlv_need(&com, 0x5C, 1, 16);

    yf_err e = yf_err_first(yf_cur_done(&com), yf_cur_done(&file));
    if (!e)
        *out = r;
    return e;
}

static void
reads_ef_com(void **st)
{
    struct efcom r;
    (void)st;

    T_OK(efcom_parse(YF_SPAN(efcom), &r));
    T_SPAN(r.lds, YF_STR("0106"));
    T_SPAN(r.unicode, YF_STR("040000"));
    T_SPAN(r.tags, BYTES(0x61, 0x75, 0x76, 0x6C));

    yf_cur list = yf_cur_of(r.tags);
    T(yf_tlv_tag(&list) == 0x61);
    T(yf_tlv_peek(&list) == 0x75);
    T(yf_tlv_tag(&list) == 0x75);
}

static void
refuses_broken_ef_com(void **st)
{
    uint8_t b[sizeof efcom + 1];
    struct efcom r = { 0 };
    (void)st;

    for (size_t n = 0; n < sizeof efcom; n++)
        T_ERR(YF_E_SHORT, efcom_parse((yf_span){ efcom, n }, &r));
    for (size_t i = 0; i < sizeof efcom; i++) { // no header byte may differ
        bool is_header = i < 5 || (i >= 9 && i < 12) || (i >= 18 && i < 20);
        memcpy(b, efcom, sizeof efcom);
        b[i] ^= 0x20;
        T((efcom_parse((yf_span){ b, sizeof efcom }, &r) != YF_OK) == is_header);
    }
    memcpy(b, efcom, sizeof efcom);
    b[sizeof efcom] = 0;
    T_ERR(YF_E_FORMAT, efcom_parse((yf_span){ b, sizeof b }, &r));
}

static void
a_failed_getter_consumes_nothing(void **st)
{
    yf_cur c = C(0x04, 0x02, 0xAA, 0xBB);
    (void)st;

    T(yf_tlv_need(&c, 0x04, 3, 9).n == 0);
    T(c.left == 4);
    T(yf_tlv_need(&c, 0x04, 2, 2).n == 0); // would fit, but the failure sticks
    T_ERR(YF_E_FORMAT, yf_cur_done(&c));

    c = C(0x04, 0x02, 0xAA, 0xBB);
    yf_tlv_need(&c, 0x05, 0, 9);
    T_ERR(YF_E_FORMAT, yf_cur_done(&c));
    T(c.left == 4);

    c = C(0x04, 0x00);
    yf_tlv_need(&c, 0x04, 0, 0);
    yf_tlv_need(&c, 0x04, 0, 0);
    T_ERR(YF_E_SHORT, yf_cur_done(&c));
}

static void
optional_objects(void **st)
{
    yf_cur c = C(0x81, 0x01, 0xAA, 0x82, 0x00, 0x83, 0x02, 0x01, 0x02);
    yf_span v = YF_STR("before");
    (void)st;

    T(!yf_tlv_maybe(&c, 0x80, 0, 9, &v));
    T_SPAN(v, YF_STR("before"));
    T(yf_tlv_maybe(&c, 0x81, 1, 1, &v));
    T_SPAN(v, BYTES(0xAA));
    T(yf_tlv_maybe(&c, 0x82, 0, 9, &v));
    T(v.n == 0);
    T_OK(c.err);
    T(!yf_tlv_maybe(&c, 0x83, 0, 1, &v)); // there, but too long
    T_ERR(YF_E_FORMAT, c.err);

    c = C(0x81, 0x00);
    yf_tlv_need(&c, 0x81, 0, 0);
    T(!yf_tlv_maybe(&c, 0x81, 0, 0, &v)); // the end
    T(!yf_tlv_maybe(&c, 0, 0, 0, &v));
    T_OK(yf_cur_done(&c));
}

static void
sub_cursor_inherits_a_failure(void **st)
{
    yf_cur c = C(0x30, 0x02, 0x04, 0x00);
    (void)st;

    yf_cur_fail(&c, YF_E_DENIED);
    yf_cur sub = yf_tlv_enter(&c, 0x30);
    T_ERR(YF_E_DENIED, yf_cur_done(&sub));

    c = C(0x30, 0x00); // empty is no failure
    sub = yf_tlv_enter(&c, 0x30);
    T_OK(yf_cur_done(&sub));
    T_OK(yf_cur_done(&c));

    c = C(0x31, 0x02, 0x04, 0x00);
    sub = yf_tlv_enter(&c, 0x30);
    yf_tlv_need(&sub, 0x04, 0, 0);
    T_ERR(YF_E_FORMAT, yf_cur_done(&sub));
    T_ERR(YF_E_FORMAT, yf_cur_done(&c));

    c = C(0x30, 0x02, 0x04, 0x00);
    sub = yf_tlv_enter(&c, 0x30);
    T_OK(yf_cur_done(&c));
    yf_cur_fail(&c, yf_cur_done(&sub)); // nobody read the inner object
    T_ERR(YF_E_FORMAT, yf_cur_done(&c));
}

static void
padding_stands_between_objects(void **st)
{
    yf_cur c = C(0x00, 0x00, 0x04, 0x00, 0x00, 0xFF, 0x81, 0x05, 0x00, 0x00, 0xFF, 0xFF);
    yf_tlv t;
    (void)st;

    yf_tlv_pad(&c);
    T(yf_tlv_next(&c, &t) && t.tag == 0x04);
    yf_tlv_pad(&c);
    T(yf_tlv_next(&c, &t) && t.tag == 0xFF8105);
    T(c.left == 3);
    yf_tlv_pad(&c);
    T_OK(yf_cur_done(&c));

    T_ERR(YF_E_FORMAT, next_err(BYTES(0x00, 0x04, 0x00))); // never skipped unasked
}

static void
finds_the_one_object(void **st)
{
    yf_span fci = BYTES(0x84, 0x02, 0xA0, 0x00, 0x00, 0x00, 0x50, 0x01, 0x41, 0xFF, 0xFF);
    yf_span v = { 0 };
    (void)st;

    T_OK(yf_tlv_find(fci, 0x50, &v));
    T_SPAN(v, YF_STR("A"));
    T_OK(yf_tlv_find(fci, 0x84, &v));
    T_SPAN(v, BYTES(0xA0, 0x00));
    T_ERR(YF_E_NOTFOUND, yf_tlv_find(fci, 0x51, &v));
    T_ERR(YF_E_NOTFOUND, yf_tlv_find((yf_span){ 0 }, 0x51, &v));
    T_ERR(YF_E_FORMAT, yf_tlv_find(BYTES(0x50, 0x00, 0x51, 0x00, 0x50, 0x00), 0x50, &v));
    T_ERR(YF_E_SHORT, yf_tlv_find(BYTES(0x50, 0x00, 0x51, 0x01), 0x50, &v));
    T_SPAN(v, BYTES(0xA0, 0x00));
}

static void
size_from_the_first_bytes(void **st)
{
    size_t n = 0;
    (void)st;

    T_OK(yf_tlv_size(BYTES(0x60, 0x16, 0x5F), &n));
    T(n == 24);
    T_OK(yf_tlv_size(BYTES(0x7F, 0x61, 0x84, 0x00, 0x01, 0x00, 0x00), &n));
    T(n == 7 + 0x10000);
    T_ERR(YF_E_SHORT, yf_tlv_size(BYTES(0x75, 0x82, 0x40), &n));
    T_ERR(YF_E_FORMAT, yf_tlv_size(BYTES(0x75, 0x80), &n));
    T(n == 7 + 0x10000);
}

static void
constructed_is_bit_six(void **st)
{
    (void)st;
    T(yf_tlv_constructed(0x60) && yf_tlv_constructed(0x7F49) && yf_tlv_constructed(0xFF8105));
    T(!yf_tlv_constructed(0x5C) && !yf_tlv_constructed(0x5F36) && !yf_tlv_constructed(0xDF8120));
}

/* Every length at which the length field grows, written both ways and read again. */
static void
lengths_are_written_minimal(void **st)
{
    static const struct {
        size_t n;
        uint8_t head[6], head_n;
    } want[] = {
        { 0, { 0x75, 0x00 }, 2 },
        { 0x7F, { 0x75, 0x7F }, 2 },
        { 0x80, { 0x75, 0x81, 0x80 }, 3 },
        { 0xFF, { 0x75, 0x81, 0xFF }, 3 },
        { 0x100, { 0x75, 0x82, 0x01, 0x00 }, 4 },
        { 0xFFFF, { 0x75, 0x82, 0xFF, 0xFF }, 4 },
        { 0x10000, { 0x75, 0x83, 0x01, 0x00, 0x00 }, 5 }, // DG2 beyond 64 KB
        { 0x1000000, { 0x75, 0x84, 0x01, 0x00, 0x00, 0x00 }, 6 },
    };
    enum { CAP = 0x1000000 + 6 };
    uint8_t *a = malloc(CAP), *b = malloc(CAP), *val = calloc(1, CAP);
    (void)st;

    T(a && b && val);
    val[0] = 0xFF;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        yf_out put = yf_out_of(a, CAP), build = yf_out_of(b, CAP);
        yf_span v = { val, want[i].n };

        yf_tlv_put(&put, 0x75, v);
        size_t mark = yf_tlv_open(&build, 0x75);
        yf_out_put(&build, v);
        yf_tlv_close(&build, mark);
        T_OK(put.err);
        T_SPAN(yf_out_span(&put), yf_out_span(&build));
        T_MEM(a, want[i].head, want[i].head_n);
        T(put.n == want[i].head_n + v.n && yf_tlv_head(0x75, v.n) == want[i].head_n);

        yf_out head = yf_out_of(b, CAP);
        yf_tlv_put_head(&head, 0x75, v.n);
        T_SPAN(yf_out_span(&head), ((yf_span){ want[i].head, want[i].head_n }));

        yf_cur c = yf_cur_of(yf_out_span(&put));
        T_SPAN(yf_tlv_need(&c, 0x75, v.n, v.n), v);
        T_OK(yf_cur_done(&c));
    }
    free(a);
    free(b);
    free(val);
}

static void
writes_ef_com(void **st)
{
    uint8_t mem[sizeof efcom];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all;
    (void)st;

    size_t com = yf_tlv_open(&o, 0x60);
    yf_tlv_put(&o, 0x5F01, YF_STR("0106"));
    yf_tlv_put(&o, 0x5F36, YF_STR("040000"));
    size_t list = yf_tlv_open(&o, 0x5C);
    yf_tlv_put_tag(&o, 0x61);
    yf_tlv_put_tag(&o, 0x75);
    yf_tlv_put_tag(&o, 0x76);
    yf_tlv_put_tag(&o, 0x6C);
    yf_tlv_close(&o, list);
    yf_tlv_close(&o, com);
    T_OK(yf_out_done(&o, &all));
    T_SPAN(all, YF_SPAN(efcom));
}

static void
writing_refuses(void **st)
{
    static const uint32_t none[] = { 0,      0x1F,     0x5F,     0x3001,   0x5F80,
                                     0x5F81, 0x7F8001, 0x7F0101, 0x7F8181, 0x7F818101 };
    uint8_t mem[8];
    (void)st;

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_tlv_put(&o, none[i], (yf_span){ 0 });
        T_ERR(YF_E_FORMAT, o.err);
        T(yf_tlv_head(none[i], 0) == 0);
    }
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t mark = yf_tlv_open(&o, 0x30);
    yf_out_fill(&o, 0, 7);
    T_OK(o.err);
    yf_tlv_close(&o, mark); // the length itself has no room
    T_ERR(YF_E_ROOM, o.err);

    o = yf_out_of(mem, sizeof mem);
    yf_tlv_close(&o, 1);
    T_ERR(YF_E_STATE, o.err);
}

T_MAIN(cmocka_unit_test(tags_are_one_to_three_bytes), cmocka_unit_test(lengths_need_not_be_minimal),
       cmocka_unit_test(end_is_no_failure), cmocka_unit_test(reads_ef_com),
       cmocka_unit_test(refuses_broken_ef_com), cmocka_unit_test(a_failed_getter_consumes_nothing),
       cmocka_unit_test(optional_objects), cmocka_unit_test(sub_cursor_inherits_a_failure),
       cmocka_unit_test(padding_stands_between_objects), cmocka_unit_test(finds_the_one_object),
       cmocka_unit_test(size_from_the_first_bytes), cmocka_unit_test(constructed_is_bit_six),
       cmocka_unit_test(lengths_are_written_minimal), cmocka_unit_test(writes_ef_com),
       cmocka_unit_test(writing_refuses))
