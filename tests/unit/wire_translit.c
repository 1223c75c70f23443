/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"
#include "vec.h"

#include <yufu/wire/translit.h>

static uint8_t mem[400];

static yf_err
translit(yf_span utf8, unsigned choices, yf_span *out)
{
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_translit(&o, utf8, choices);
    return yf_out_done(&o, out);
}

static yf_span
text(const char *s)
{
    return (yf_span){ (const uint8_t *)s, strlen(s) };
}

static unsigned
choice(const char *name, size_t n)
{
    static const struct {
        const char *name;
        unsigned bit;
    } t[] = {
        { "A", YF_TRANSLIT_A },
        { "AA", YF_TRANSLIT_AA },
        { "N", YF_TRANSLIT_N },
        { "O", YF_TRANSLIT_O },
        { "U", YF_TRANSLIT_U },
        { "UXX", YF_TRANSLIT_UXX },
        { "BELARUSIAN", YF_TRANSLIT_BELARUSIAN },
        { "BULGARIAN", YF_TRANSLIT_BULGARIAN },
        { "MACEDONIAN", YF_TRANSLIT_MACEDONIAN },
        { "SERBIAN", YF_TRANSLIT_SERBIAN },
        { "UKRAINIAN", YF_TRANSLIT_UKRAINIAN },
    };

    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (strlen(t[i].name) == n && memcmp(t[i].name, name, n) == 0)
            return t[i].bit;
    fail_msg("no such choice: %s", name);
    return 0;
}

static unsigned
choices_of(const struct vec *v)
{
    unsigned all = 0;

    if (!vec_has(v, "choices"))
        return 0;
    for (const char *s = vec_str(v, "choices"); *s;) {
        size_t n = strcspn(s, " ");
        all |= choice(s, n);
        s += n + (s[n] == ' ');
    }
    return all;
}

static void
one(const struct vec *v, void *arg)
{
    yf_span got, want = text(vec_str(v, "mrz"));
    (void)arg;

    T_OK(translit(text(vec_str(v, "utf8")), choices_of(v), &got));
    if (!yf_span_eq(got, want))
        fail_msg("%s: %.*s", vec_where(v), (int)got.n, (const char *)got.p);
}

/* 9303-3 4.6, 6, B.5 */
static void
as_the_standard_says(void **st)
{
    (void)st;
    T(vec_each("icao_9303_translit.txt", one, NULL) == 63);
}

static yf_span
utf8_of(uint32_t cp, uint8_t b[4])
{
    if (cp < 0x80) {
        b[0] = (uint8_t)cp;
        return (yf_span){ b, 1 };
    }
    size_t more = cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
    for (size_t i = more; i > 0; i--, cp >>= 6)
        b[i] = (uint8_t)(0x80 | (cp & 0x3F));
    b[0] = (uint8_t)((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | cp);
    return (yf_span){ b, more + 1 };
}

/* All of Unicode: 263 rows, 52 Latin letters, 146 small letters of rows, and no other. */
static void
what_has_no_row_is_refused(void **st)
{
    size_t accepted = 0;
    (void)st;

    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint8_t b[4];
        yf_span got;
        yf_err e = translit(utf8_of(cp, b), 0, &got);

        if (cp >= 0xD800 && cp <= 0xDFFF)
            T_ERR(YF_E_FORMAT, e);
        else if (e)
            T_ERR(YF_E_UNSUPPORTED, e);
        accepted += !e;
    }
    assert_int_equal(accepted, 263 + 52 + 146);
}

static void
refusals(void **st)
{
    static const char *const unsupported[] = {
        "ANNA 2",           "A<B",      "e\xCC\x81", "\xE5\xBC\xA0",      "A+B",
        "\xD0\x8D",         "\xD9\x91", "A\xD9\x91", "\xD8\xA8 \xD9\x91", "\xD8\xA9\xD9\x91",
        "\xF0\x9F\x90\x9F",
    };
    static const char *const malformed[] = {
        "\x85\xA1",
        "\xF8\x90\x80\x80",
        "\x80",
        "\xC3",
        "A\xC3",
        "\xC0\x81",
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xE2\x82",
        "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3\x28",
    };
    yf_span got;
    (void)st;

    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++)
        T_ERR(YF_E_UNSUPPORTED, translit(text(unsupported[i]), 0, &got));
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        T_ERR(YF_E_FORMAT, translit(text(malformed[i]), 0, &got));
    T_ERR(YF_E_UNSUPPORTED, translit(YF_STR("A\0B"), 0, &got));
}

static void
appends_and_keeps_to_its_room(void **st)
{
    yf_out o = yf_out_of(mem, 6);
    (void)st;

    yf_translit(&o, YF_STR("Jo"), 0);
    yf_translit(&o, YF_STR("- Li"), 0); // its own name: no '<' before the first component
    T_SPAN(yf_out_span(&o), YF_STR("JOLI"));
    yf_translit(&o, YF_STR("Anna"), 0);
    T_ERR(YF_E_ROOM, o.err);
    T(yf_out_span(&o).n == 0);
}

static void
nothing_gives_nothing(void **st)
{
    yf_span got;
    (void)st;

    T_OK(translit(YF_STR(""), 0, &got));
    T(got.n == 0);
    T_OK(translit(YF_STR(" -., ' "), 0, &got));
    T(got.n == 0);
}

T_MAIN(cmocka_unit_test(as_the_standard_says), cmocka_unit_test(what_has_no_row_is_refused),
       cmocka_unit_test(refusals), cmocka_unit_test(appends_and_keeps_to_its_room),
       cmocka_unit_test(nothing_gives_nothing))
