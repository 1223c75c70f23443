/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"
#include "vec.h"

#include <yufu/wire/cbor.h>

#define CUR(...) yf_cur_of(BYTES(__VA_ARGS__))

static uint8_t mem[512];

/* ---- RFC 8949 appendix A ---- */

static void
say(yf_out *o, const char *s)
{
    yf_out_put(o, (yf_span){ (const uint8_t *)s, strlen(s) });
}

static void
say_bytes(yf_out *o, yf_span b)
{
    say(o, "h'");
    for (size_t i = 0; i < b.n; i++) {
        yf_out_u8(o, (uint8_t) "0123456789abcdef"[b.p[i] >> 4]);
        yf_out_u8(o, (uint8_t) "0123456789abcdef"[b.p[i] & 15]);
    }
    say(o, "'");
}

static void
say_text(yf_out *o, yf_span s)
{
    say(o, "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            say(o, "\\");
        yf_out_u8(o, s.p[i]);
    }
    say(o, "\"");
}

static void
say_number(yf_out *o, const char *form, unsigned long long n)
{
    char s[40];

    snprintf(s, sizeof s, form, n);
    say(o, s);
}

/* The diagnostic notation of the next item (RFC 8949 8), read by the getters alone. */
static void
diagnose(yf_cur *c, yf_out *o)
{
    yf_cbor_type type = yf_cbor_peek(c);
    yf_cbor_map m = { 0 };
    size_t n;

    switch (type) {
    case YF_CBOR_UINT:
        say_number(o, "%llu", yf_cbor_uint(c, UINT64_MAX));
        break;
    case YF_CBOR_NINT:
        say_number(o, "%lld", (unsigned long long)yf_cbor_int(c, INT64_MIN, INT64_MAX));
        break;
    case YF_CBOR_BYTES:
        say_bytes(o, yf_cbor_bytes(c, 0, SIZE_MAX));
        break;
    case YF_CBOR_TEXT:
        say_text(o, yf_cbor_text(c, 0, SIZE_MAX));
        break;
    case YF_CBOR_ARRAY:
        n = yf_cbor_array(c, 0, SIZE_MAX);
        say(o, "[");
        for (size_t i = 0; i < n && !c->err; i++) {
            say(o, i ? ", " : "");
            diagnose(c, o);
        }
        say(o, "]");
        break;
    case YF_CBOR_MAP:
        m = yf_cbor_map_of(c, 0, SIZE_MAX);
        n = m.left;
        say(o, "{");
        while (yf_cbor_key(c, &m)) {
            say(o, m.left + 1 < n ? ", " : "");
            diagnose(c, o);
            say(o, ": ");
            diagnose(c, o);
        }
        say(o, "}");
        break;
    case YF_CBOR_TAG:
        say_number(o, "%llu(", yf_cbor_tag(c));
        diagnose(c, o);
        say(o, ")");
        break;
    case YF_CBOR_BOOL:
        say(o, yf_cbor_bool(c) ? "true" : "false");
        break;
    case YF_CBOR_NULL:
        yf_cbor_null(c);
        say(o, "null");
        break;
    default:
        yf_cbor_skip(c);
    }
}

static void
one(const struct vec *v, void *arg)
{
    yf_span in = vec_get(v, "hex");
    yf_cur c = yf_cur_of(in);
    yf_out o = yf_out_of(mem, sizeof mem - 1);
    (void)arg;

    diagnose(&c, &o);
    T_OK(o.err);
    mem[o.n] = 0;
    const char *got = yf_err_name(yf_cbor_check(in));
    if (strcmp(got, vec_str(v, "check")) != 0)
        fail_msg("%s: checked as %s", vec_where(v), got);
    if (!vec_has(v, "diag"))
        return;
    if (yf_cur_done(&c) || strcmp((char *)mem, vec_str(v, "diag")) != 0)
        fail_msg("%s: read as %s", vec_where(v), (char *)mem);
    for (size_t n = 0; n < in.n; n++)
        T_ERR(YF_E_SHORT, yf_cbor_check((yf_span){ in.p, n }));
}

static void
rfc_8949_vectors(void **st)
{
    (void)st;
    T(vec_each("cbor.txt", one, NULL) == 146);
}

/* ---- numbers ---- */

static void
shortest_arguments(void **st)
{
    static const struct {
        uint64_t v;
        uint8_t n, b[9];
    } is[] = {
        { 0, 1, { 0x00 } },
        { 23, 1, { 0x17 } },
        { 24, 2, { 0x18, 0x18 } },
        { 0xFF, 2, { 0x18, 0xFF } },
        { 0x100, 3, { 0x19, 0x01, 0x00 } },
        { 0xFFFF, 3, { 0x19, 0xFF, 0xFF } },
        { 0x10000, 5, { 0x1A, 0x00, 0x01, 0x00, 0x00 } },
        { 0xFFFFFFFF, 5, { 0x1A, 0xFF, 0xFF, 0xFF, 0xFF } },
        { 0x100000000, 9, { 0x1B, 0, 0, 0, 1, 0, 0, 0, 0 } },
        { UINT64_MAX, 9, { 0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF } },
    };
    (void)st;

    for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_cur c = yf_cur_of((yf_span){ is[i].b, is[i].n });
        yf_cbor_put_uint(&o, is[i].v);
        T_SPAN(yf_out_span(&o), ((yf_span){ is[i].b, is[i].n }));
        T(yf_cbor_uint(&c, is[i].v) == is[i].v);
        T_OK(yf_cur_done(&c));
    }
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x18, 0x17)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x19, 0x00, 0xFF)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x1A, 0x00, 0x00, 0xFF, 0xFF)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x1B, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x58, 0x01, 0x41)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x98, 0x01, 0x00)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0xD8, 0x17, 0x00)));
}

static void
signed_integers(void **st)
{
    static const int64_t is[] = { 0, 1, -1, 23, -24, -25, 127, -256, -257, INT64_MAX, INT64_MIN };
    (void)st;

    for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_cbor_put_int(&o, is[i]);
        yf_cur c = yf_cur_of(yf_out_span(&o));
        T(yf_cbor_int(&c, is[i], is[i]) == is[i]);
        T_OK(yf_cur_done(&c));
    }
    T(mem[0] == 0x3B && mem[1] == 0x7F); // INT64_MIN is -1 - INT64_MAX
}

static yf_err
int_err(yf_span in, int64_t min, int64_t max)
{
    yf_cur c = yf_cur_of(in);

    T(yf_cbor_int(&c, min, max) == 0 && c.p == in.p);
    return c.err;
}

static void
out_of_range(void **st)
{
    yf_cur c = CUR(0x03);
    (void)st;

    T(yf_cbor_uint(&c, 2) == 0);
    T(c.err == YF_E_FORMAT && c.left == 1);
    T_ERR(YF_E_FORMAT, int_err(BYTES(0x03), 0, 2));
    T_ERR(YF_E_FORMAT, int_err(BYTES(0x22), -2, 9));
    T_ERR(YF_E_FORMAT, int_err(BYTES(0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0), INT64_MIN, INT64_MAX));
    T_ERR(YF_E_FORMAT, int_err(BYTES(0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0), INT64_MIN, INT64_MAX));
    T_ERR(YF_E_FORMAT, int_err(BYTES(0x41, 0x00), INT64_MIN, INT64_MAX));
    T_ERR(YF_E_UNSUPPORTED, int_err(BYTES(0xF9, 0x3C, 0x00), INT64_MIN, INT64_MAX));
    T_ERR(YF_E_SHORT, int_err((yf_span){ 0 }, INT64_MIN, INT64_MAX));
}

/* ---- strings and the rest ---- */

static void
a_list_of_fields(void **st)
{
    yf_span in = BYTES(0x86, 0x01, 0x62, 'U', 'T', 0x42, 0xCA, 0xFE, 0xF5, 0xF6, 0xC1, 0x20);
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_cur c = yf_cur_of(in);
    yf_span all = { 0 };
    (void)st;

    T(yf_cbor_array(&c, 6, 6) == 6);
    T(yf_cbor_uint(&c, 1) == 1);
    T_SPAN(yf_cbor_text(&c, 1, 32), YF_STR("UT"));
    T_SPAN(yf_cbor_bytes(&c, 2, 2), BYTES(0xCA, 0xFE));
    T(yf_cbor_bool(&c));
    T(yf_cbor_peek(&c) == YF_CBOR_NULL);
    yf_cbor_null(&c);
    T(yf_cbor_tag(&c) == 1);
    T(yf_cbor_int(&c, -1, 0) == -1);
    T(yf_cbor_peek(&c) == YF_CBOR_NONE);
    T_OK(yf_cur_done(&c));

    yf_cbor_put_array(&o, 6);
    yf_cbor_put_int(&o, 1);
    yf_cbor_put_text(&o, YF_STR("UT"));
    yf_cbor_put_bytes(&o, BYTES(0xCA, 0xFE));
    yf_cbor_put_bool(&o, true);
    yf_cbor_put_null(&o);
    yf_cbor_put_tag(&o, 1);
    T_ERR(YF_E_SHORT, yf_cbor_done(&o, &all)); // one item is missing
    yf_cbor_put_int(&o, -1);
    T_OK(yf_cbor_done(&o, &all));
    T_SPAN(all, in);
    yf_cbor_put_int(&o, -1);
    T_ERR(YF_E_FORMAT, yf_cbor_done(&o, &all)); // and now one too many
}

static void
another_type_is_refused_and_stays(void **st)
{
    yf_span in = BYTES(0x62, 'U', 'T');
    yf_cur c = yf_cur_of(in);
    (void)st;

    T(yf_cbor_bytes(&c, 0, 9).n == 0);
    T(c.err == YF_E_FORMAT && c.p == in.p);
    c = yf_cur_of(in);
    T(yf_cbor_text(&c, 3, 9).n == 0);
    T(c.err == YF_E_FORMAT && c.p == in.p);
    c = yf_cur_of(in);
    T(yf_cbor_text(&c, 0, 1).n == 0);
    T(c.err == YF_E_FORMAT && c.p == in.p);
    T(yf_cbor_text(&c, 0, 9).n == 0); // would fit, but the failure sticks
    c = yf_cur_of(in);
    T(!yf_cbor_bool(&c) && c.err == YF_E_FORMAT);
    c = yf_cur_of(in);
    yf_cbor_null(&c);
    T_ERR(YF_E_FORMAT, c.err);
    c = yf_cur_of(in);
    T(yf_cbor_tag(&c) == 0 && c.err == YF_E_FORMAT);
    c = CUR(0x82, 0x01, 0x02);
    T(yf_cbor_array(&c, 3, 3) == 0 && c.err == YF_E_FORMAT && c.left == 3);
}

static void
texts_are_utf8(void **st)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x62, 0xC0, 0x80)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0x61, 0xE9)));
    T_OK(yf_cbor_check(BYTES(0x42, 0xC0, 0x80)));
    yf_cbor_put_text(&o, YF_STR("\xE9"));
    T_ERR(YF_E_FORMAT, o.err);
}

/* ---- maps ---- */

static void
keys_in_order(void **st)
{
    yf_cur c = CUR(0xA3, 0x01, 0x02, 0x20, 0x03, 0x61, 'a', 0x04);
    yf_cbor_map m = yf_cbor_map_of(&c, 1, 3);
    (void)st;

    T(m.left == 3);
    T(yf_cbor_key(&c, &m) && yf_cbor_uint(&c, 9) == 1 && yf_cbor_uint(&c, 9) == 2);
    T(yf_cbor_key(&c, &m) && yf_cbor_int(&c, -1, -1) == -1 && yf_cbor_uint(&c, 9) == 3);
    T(yf_cbor_key(&c, &m) && yf_cbor_text(&c, 1, 1).n == 1 && yf_cbor_uint(&c, 9) == 4);
    T(!yf_cbor_key(&c, &m));
    T_OK(yf_cur_done(&c));

    c = CUR(0xA0);
    m = yf_cbor_map_of(&c, 0, 3);
    T(!yf_cbor_key(&c, &m));
    T_OK(yf_cur_done(&c));
}

static void
keys_out_of_order(void **st)
{
    static const uint8_t bad[][6] = {
        { 0xA2, 0x02, 0x00, 0x01, 0x00 },       // 2, 1
        { 0xA2, 0x01, 0x00, 0x01, 0x00 },       // twice
        { 0xA2, 0x20, 0x00, 0x01, 0x00 },       // -1, 1
        { 0xA2, 0x18, 0x18, 0x00, 0x01, 0x00 }, // 24, 1: RFC 7049 sorted by length first
    };
    (void)st;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        yf_span in = { bad[i], i == 3 ? 6 : 5 };
        yf_cur c = yf_cur_of(in);
        yf_cbor_map m = yf_cbor_map_of(&c, 0, 9);
        T_ERR(YF_E_FORMAT, yf_cbor_check(in));
        T(yf_cbor_key(&c, &m));
        yf_cbor_skip(&c);
        yf_cbor_skip(&c);
        T(!yf_cbor_key(&c, &m));
        T_ERR(YF_E_FORMAT, c.err);
    }
    T_OK(yf_cbor_check(BYTES(0xA2, 0x18, 0x18, 0x00, 0x20, 0x00))); // 24, -1: longer first
    T_OK(yf_cbor_check(BYTES(0xA2, 0x81, 0x01, 0x00, 0x81, 0x02, 0x00)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0xA2, 0x81, 0x02, 0x00, 0x81, 0x01, 0x00)));
}

static void
a_map_written_out_of_order_is_noticed(void **st)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all = { 0 };
    (void)st;

    yf_cbor_put_map(&o, 2);
    yf_cbor_put_text(&o, YF_STR("b"));
    yf_cbor_put_null(&o);
    yf_cbor_put_text(&o, YF_STR("a"));
    yf_cbor_put_null(&o);
    T_OK(o.err);
    T_ERR(YF_E_FORMAT, yf_cbor_done(&o, &all));
    T(all.p == NULL);
    yf_out_fill(&o, 0, sizeof mem);
    T_ERR(YF_E_ROOM, yf_cbor_done(&o, &all));
}

/* ---- bounds ---- */

static void
counts_never_exceed_the_input(void **st)
{
    (void)st;
    T_ERR(YF_E_SHORT, yf_cbor_check(BYTES(0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)));
    T_ERR(YF_E_SHORT, yf_cbor_check(BYTES(0xBB, 0x80, 0, 0, 0, 0, 0, 0, 0x01, 0, 0)));
    T_ERR(YF_E_SHORT, yf_cbor_check(BYTES(0x5B, 0x01, 0, 0, 0, 0, 0, 0, 0x01, 0)));
    T_ERR(YF_E_SHORT, yf_cbor_check(BYTES(0xA2, 0x01, 0x02, 0x03)));
    T_ERR(YF_E_SHORT, yf_cbor_check(BYTES(0x83, 0x01, 0x02)));
}

/* RFC 8949 3.3 */
static void
simple_values(void **st)
{
    (void)st;
    T_ERR(YF_E_UNSUPPORTED, yf_cbor_check(BYTES(0xE0)));
    T_ERR(YF_E_UNSUPPORTED, yf_cbor_check(BYTES(0xF3)));
    T_ERR(YF_E_UNSUPPORTED, yf_cbor_check(BYTES(0xF7)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0xF8, 0x15)));
    T_ERR(YF_E_FORMAT, yf_cbor_check(BYTES(0xF8, 0x1F)));
    T_ERR(YF_E_UNSUPPORTED, yf_cbor_check(BYTES(0xF8, 0x20)));
}

static void
only_so_deep(void **st)
{
    uint8_t b[YF_CBOR_DEPTH + 2];
    (void)st;

    memset(b, 0x81, sizeof b);
    b[sizeof b - 1] = 0x00;
    T_ERR(YF_E_UNSUPPORTED, yf_cbor_check(YF_SPAN(b)));
    T_OK(yf_cbor_check((yf_span){ b + 1, sizeof b - 1 }));
    memset(b, 0xC1, YF_CBOR_DEPTH + 1); // tags count, too
    T_ERR(YF_E_UNSUPPORTED, yf_cbor_check(YF_SPAN(b)));
}

static void
skip_gives_the_encoding(void **st)
{
    yf_span in = BYTES(0x82, 0x01, 0xA1, 0x02, 0x80, 0x03);
    yf_cur c = yf_cur_of(in);
    (void)st;

    T_SPAN(yf_cbor_skip(&c), ((yf_span){ in.p, 5 }));
    T(yf_cbor_uint(&c, 9) == 3);
    c = CUR(0x82, 0x01);
    T(yf_cbor_skip(&c).n == 0);
    T(c.err == YF_E_SHORT && c.left == 2);
}

T_MAIN(cmocka_unit_test(rfc_8949_vectors), cmocka_unit_test(shortest_arguments),
       cmocka_unit_test(signed_integers), cmocka_unit_test(out_of_range),
       cmocka_unit_test(a_list_of_fields), cmocka_unit_test(another_type_is_refused_and_stays),
       cmocka_unit_test(texts_are_utf8), cmocka_unit_test(keys_in_order),
       cmocka_unit_test(keys_out_of_order), cmocka_unit_test(a_map_written_out_of_order_is_noticed),
       cmocka_unit_test(counts_never_exceed_the_input), cmocka_unit_test(simple_values),
       cmocka_unit_test(only_so_deep), cmocka_unit_test(skip_gives_the_encoding))
