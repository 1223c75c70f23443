/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"
#include "vec.h"

#include <yufu/wire/mrz.h>
#include <yufu/wire/translit.h>

/* ---- the specimens: 9303-4, -5, -6 appendices, 9303-11 appendix D ---- */

// clang-format off
static const char td1[] =
    "I<UTOD231458907<<<<<<<<<<<<<<<"
    "7408122F1204159UTO<<<<<<<<<<<6"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
static const char td1_long[] =
    "I<UTOD23145890<7349<<<<<<<<<<<"
    "3407127M9507122UTO<<<<<<<<<<<2"
    "STEVENSON<<PETER<JOHN<<<<<<<<<";
static const char td2[] =
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
    "D231458907UTO7408122F1204159<<<<<<<6";
static const char td2_long[] =
    "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<"
    "D23145890<UTO3407127M95071227349<<<8";
static const char td3[] =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
static const char td3_older[] =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    "L898902C<3UTO6908061F9406236ZE184226B<<<<<14";
static const char td3_unchecked[] = // 9303-3 appendix A example 3, with a filler for the digit
    "P<YTOKIM<<LEE<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
    "HA672242<6YTO5802254M9601086<<<<<<<<<<<<<<<8";
// clang-format on

static const char *const good[] = { td1, td1_long, td2, td2_long, td3, td3_older, td3_unchecked };

enum { GOOD = sizeof good / sizeof *good };

static yf_span
text(const char *s)
{
    return (yf_span){ (const uint8_t *)s, strlen(s) };
}

static void
writes_back(const struct yf_mrz *m, yf_span want)
{
    uint8_t mem[YF_MRZ_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_mrz_put(&o, m);
    T_OK(o.err);
    T_SPAN(yf_out_span(&o), want);
}

static void
specimens_are_read_and_written_again(void **st)
{
    (void)st;
    for (size_t i = 0; i < GOOD; i++) {
        struct yf_mrz m;
        T_OK(yf_mrz_parse(text(good[i]), &m));
        writes_back(&m, text(good[i]));
    }
}

static void
fields_of_a_td3(void **st)
{
    struct yf_mrz m;
    (void)st;

    T_OK(yf_mrz_parse(text(td3), &m));
    T(m.format == YF_MRZ_TD3 && m.sex == 'F' && !m.optional_unchecked);
    assert_string_equal(m.code, "P");
    assert_string_equal(m.issuer, "UTO");
    assert_string_equal(m.name, "ERIKSSON<<ANNA<MARIA");
    assert_string_equal(m.number, "L898902C3");
    assert_string_equal(m.nationality, "UTO");
    assert_string_equal(m.birth, "740812");
    assert_string_equal(m.expiry, "120415");
    assert_string_equal(m.optional, "ZE184226B");
    assert_string_equal(m.optional2, "");
    T_SPAN(yf_mrz_primary(&m), YF_STR("ERIKSSON"));
    T_SPAN(yf_mrz_secondary(&m), YF_STR("ANNA<MARIA"));

    T_OK(yf_mrz_parse(text(td3_unchecked), &m));
    T(m.optional_unchecked && m.sex == 'M');
}

/* 9303-5 and -6 note j; 9303-11 D.2 */
static void
long_numbers_run_on_in_the_optional_data(void **st)
{
    struct yf_mrz m;
    (void)st;

    T_OK(yf_mrz_parse(text(td1_long), &m));
    assert_string_equal(m.number, "D23145890734");
    assert_string_equal(m.optional, "");
    T_OK(yf_mrz_parse(text(td2_long), &m));
    assert_string_equal(m.number, "D23145890734");
    assert_string_equal(m.birth, "340712");
}

/* Every length of number and of optional data that a format can hold, and none more. */
static void
every_length_of_number(void **st)
{
    static const struct {
        const char *text;
        size_t most, room;
    } t[] = { { td1, 22, 15 }, { td2, 14, 7 }, { td3, 9, 14 } };
    (void)st;

    for (size_t i = 0; i < 3; i++)
        for (size_t n = 0; n <= 22; n++)
            for (size_t k = 0; k <= 15; k++) {
                struct yf_mrz m, back;
                uint8_t mem[YF_MRZ_MAX];
                yf_out o = yf_out_of(mem, sizeof mem);
                size_t used = n > 9 ? n - 9 + 2 : 0;

                T_OK(yf_mrz_parse(text(t[i].text), &m));
                memset(m.number, 0, sizeof m.number);
                memset(m.number, '7', n);
                memset(m.optional, 0, sizeof m.optional);
                memset(m.optional, 'X', k);
                yf_mrz_put(&o, &m);
                if (n == 0 || n > t[i].most || used + k > t[i].room) {
                    T_ERR(YF_E_FORMAT, o.err);
                    continue;
                }
                T_OK(o.err);
                T_OK(yf_mrz_parse(yf_out_span(&o), &back));
                assert_string_equal(back.number, m.number);
                assert_string_equal(back.optional, m.optional);
            }
}

/* ---- check digits, 9303-3 4.9 and appendix A ---- */

static void
check_digits(void **st)
{
    (void)st;
    T(yf_mrz_check_digit(YF_STR("520727")) == '3');
    T(yf_mrz_check_digit(YF_STR("AB2134<<<")) == '5');
    T(yf_mrz_check_digit(YF_STR("HA672242<6"
                                "5802254"
                                "9601086<<<<<<<<<<<<<<0")) == '8');
    T(yf_mrz_check_digit(YF_STR("D231458907<<<<<<<<<<<<<<<"
                                "3407127"
                                "9507122"
                                "<<<<<<<<<<<")) == '2');
    T(yf_mrz_check_digit(YF_STR("HA672242<6"
                                "5802254"
                                "9601086<<<<<<<")) == '8');
    T(yf_mrz_check_digit(YF_STR("")) == '0');
    T(yf_mrz_check_digit(YF_STR("Z")) == '5');
    T(yf_mrz_check_digit(YF_STR("a")) == 0);
    T(yf_mrz_check_digit(YF_STR("12 4")) == 0);
}

static unsigned
faults_of(const char *good_text, size_t at, char c)
{
    char s[YF_MRZ_MAX + 1];
    struct yf_mrz m;
    unsigned faults = ~0u;

    strcpy(s, good_text);
    s[at] = c;
    T_OK(yf_mrz_read(text(s), &m, &faults));
    T_ERR(faults ? YF_E_FORMAT : YF_OK, yf_mrz_parse(text(s), &m));
    return faults;
}

/* A wrong digit is reported as itself; those inside the composite are so there as well. */
static void
a_wrong_check_digit_is_named(void **st)
{
    static const struct {
        const char *text;
        size_t at;
        unsigned want;
    } t[] = {
        { td1, 14, YF_MRZ_NUMBER_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td1, 36, YF_MRZ_BIRTH_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td1, 44, YF_MRZ_EXPIRY_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td1, 59, YF_MRZ_COMPOSITE_DIGIT },
        { td1_long, 18, YF_MRZ_NUMBER_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td2, 45, YF_MRZ_NUMBER_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td2, 55, YF_MRZ_BIRTH_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td2, 63, YF_MRZ_EXPIRY_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td2, 71, YF_MRZ_COMPOSITE_DIGIT },
        { td2_long, 67, YF_MRZ_NUMBER_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td3, 53, YF_MRZ_NUMBER_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td3, 63, YF_MRZ_BIRTH_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td3, 71, YF_MRZ_EXPIRY_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td3, 86, YF_MRZ_OPTIONAL_DIGIT | YF_MRZ_COMPOSITE_DIGIT },
        { td3, 87, YF_MRZ_COMPOSITE_DIGIT },
    };
    (void)st;

    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        for (char c = '0'; c <= '9'; c++) {
            unsigned want = c == t[i].text[t[i].at] ? 0 : t[i].want;
            assert_int_equal(faults_of(t[i].text, t[i].at, c), want);
        }
}

/* With optional data its digit must be there; without, both '0' and '<' will do. */
static void
an_optional_digit_may_be_missing(void **st)
{
    (void)st;
    T(faults_of(td3, 86, '<') == (YF_MRZ_OPTIONAL_DIGIT | YF_MRZ_COMPOSITE_DIGIT));
    T(faults_of(td3_unchecked, 86, '<') == 0);
    T(faults_of(td3_unchecked, 86, '0') == 0);
    T(faults_of(td3_unchecked, 86, '1') != 0);
}

/* Positions 1-5, nationality, sex and the name are in no check digit; one letter elsewhere is. */
static void
every_position_counts_once(void **st)
{
    (void)st;
    for (size_t i = 0; i < GOOD; i++) {
        unsigned covered = 0;
        for (size_t at = 0; good[i][at]; at++) {
            char c = strchr("4EOY", good[i][at]) ? '5' : '4'; // those weigh the same as 4
            covered += (faults_of(good[i], at, c) & YF_MRZ_DIGITS) != 0;
        }
        assert_int_equal(covered, strlen(good[i]) == 90 ? 51 : strlen(good[i]) == 72 ? 32 : 40);
    }
}

/* ---- contents ---- */

static void
wrong_contents_are_named(void **st)
{
    static const struct {
        const char *text;
        size_t at;
        char c;
        unsigned want;
    } t[] = {
        { td3, 0, 'I', YF_MRZ_CODE },
        { td3, 1, '1', YF_MRZ_CODE },
        { td3, 1, 'P', 0 },
        { td1, 0, 'P', YF_MRZ_CODE },
        { td1, 0, 'V', YF_MRZ_CODE },
        { td1, 0, 'A', 0 },
        { td1, 1, 'V', YF_MRZ_CODE },
        { td1, 1, 'D', 0 },
        { td2, 0, 'C', 0 },
        { td3, 2, '<', YF_MRZ_ISSUER },
        { td3, 3, '<', YF_MRZ_ISSUER },
        { td3, 4, '<', 0 },
        { td3, 4, '0', YF_MRZ_ISSUER },
        { td3, 56, '0', YF_MRZ_NATIONALITY },
        { td3, 56, '<', 0 },
        { td3, 5, '<', YF_MRZ_NAME },
        { td3, 6, '1', YF_MRZ_NAME },
        { td3, 19, '<', 0 },
        { td3, 20, '<', YF_MRZ_NAME }, // ANNA<<ARIA: a second "<<"
        { td3, 15, '<', YF_MRZ_NAME }, // "<<<"
        { td3, 12, '<', YF_MRZ_NAME },
        { td3, 43, 'X', YF_MRZ_NAME },
        { td3, 64, 'M', 0 },
        { td3, 64, '<', 0 },
        { td3, 64, 'X', YF_MRZ_SEX },
        { td3, 64, '1', YF_MRZ_SEX },
    };
    (void)st;

    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_int_equal(faults_of(t[i].text, t[i].at, t[i].c), t[i].want);
}

static unsigned
date_fault(const char *birth, const char *expiry)
{
    char s[YF_MRZ_MAX + 1];
    struct yf_mrz m;
    unsigned faults;

    strcpy(s, td3);
    memcpy(s + 57, birth, 6);
    memcpy(s + 65, expiry, 6);
    T_OK(yf_mrz_read(text(s), &m, &faults));
    return faults & ~(unsigned)YF_MRZ_DIGITS;
}

/* 9303-3 4.8: a part of the birth may be unknown, the expiry may not. */
static void
dates_are_days(void **st)
{
    static const char *const days[] = { "000229", "740131", "741231", "740430" };
    static const char *const partial[] = { "<<<<<<", "74<<<<", "7408<<",
                                           "<<0812", "74<<31", "<<<<01" };
    static const char *const none[] = {
        "740012", "741301", "740800", "740832", "740230", "740431",
        "7<0812", "740<12", "74081<", "<40812", "7408A2", "999999"
    };
    (void)st;

    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        T(date_fault(days[i], days[i]) == 0);
    for (size_t i = 0; i < sizeof partial / sizeof *partial; i++) {
        T(date_fault(partial[i], "120415") == 0);
        T(date_fault("740812", partial[i]) == YF_MRZ_EXPIRY);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        T(date_fault(none[i], none[i]) == (YF_MRZ_BIRTH | YF_MRZ_EXPIRY));
}

/* A number of fillers alone, and one that announces a continuation and has none. */
static void
empty_and_broken_numbers(void **st)
{
    char s[YF_MRZ_MAX + 1];
    struct yf_mrz m;
    unsigned faults;
    (void)st;

    strcpy(s, td3);
    memset(s + 44, '<', 9);
    s[53] = '0';
    T_OK(yf_mrz_read(text(s), &m, &faults));
    T(faults == (YF_MRZ_NUMBER | YF_MRZ_COMPOSITE_DIGIT) && m.number[0] == 0);

    T(faults_of(td1, 14, '<') & YF_MRZ_NUMBER_DIGIT);

    strcpy(s, td3);
    s[53] = '<'; // no run-on in a passport
    T_OK(yf_mrz_read(text(s), &m, &faults));
    T(faults & YF_MRZ_NUMBER_DIGIT);
    assert_string_equal(m.number, "L898902C3");

    strcpy(s, td1_long);
    memcpy(s + 15, "<349", 4); // no character before the filler
    T_OK(yf_mrz_read(text(s), &m, &faults));
    T(faults & YF_MRZ_NUMBER_DIGIT);
    assert_string_equal(m.number, "D23145890");
    assert_string_equal(m.optional, "<349");
    memcpy(s + 15, "734912345678901", 15); // no filler at all
    T_OK(yf_mrz_read(text(s), &m, &faults));
    T(faults & YF_MRZ_NUMBER_DIGIT);
    assert_string_equal(m.optional, "734912345678901");
}

static void
other_lengths_and_characters_are_refused(void **st)
{
    char s[YF_MRZ_MAX + 1];
    struct yf_mrz m = { .sex = '?' };
    unsigned faults = 77;
    (void)st;

    for (size_t n = 0; n < 100; n++) {
        uint8_t b[100];
        memset(b, '<', sizeof b);
        T_ERR(n == 72 || n == 88 || n == 90 ? YF_OK : YF_E_FORMAT,
              yf_mrz_read((yf_span){ b, n }, &m, &faults));
    }
    m.sex = '?';
    faults = 77;
    for (size_t at = 0; at < 88; at++)
        for (int c = 1; c < 256; c++) {
            if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<')
                continue;
            strcpy(s, td3);
            s[at] = (char)c;
            T_ERR(YF_E_FORMAT, yf_mrz_read(text(s), &m, &faults));
            T_ERR(YF_E_FORMAT, yf_mrz_parse(text(s), &m));
        }
    T(m.sex == '?' && faults == 77);
}

/* 9303-7: what begins with V is a visa, with another second line. */
static void
visas_are_not_read(void **st)
{
    char s[YF_MRZ_MAX + 1];
    struct yf_mrz m;
    (void)st;

    strcpy(s, td3);
    s[0] = 'V';
    T_ERR(YF_E_UNSUPPORTED, yf_mrz_parse(text(s), &m));
    strcpy(s, td2);
    s[0] = 'V';
    T_ERR(YF_E_UNSUPPORTED, yf_mrz_parse(text(s), &m));
}

/* ---- writing ---- */

#define T_REFUSED(change)                                                                          \
    do {                                                                                           \
        struct yf_mrz m = base;                                                                    \
        uint8_t mem[YF_MRZ_MAX];                                                                   \
        yf_out o = yf_out_of(mem, sizeof mem);                                                     \
        change;                                                                                    \
        yf_mrz_put(&o, &m);                                                                        \
        T_ERR(YF_E_FORMAT, o.err);                                                                 \
    } while (0)

static void
what_would_be_read_otherwise_is_not_written(void **st)
{
    struct yf_mrz base;
    (void)st;

    T_OK(yf_mrz_parse(text(td3), &base));
    T_REFUSED(m.format = (yf_mrz_format)0);
    T_REFUSED(m.format = (yf_mrz_format)4);
    T_REFUSED(m.format = YF_MRZ_TD1);
    T_REFUSED(strcpy(m.code, "V"));
    T_REFUSED(strcpy(m.code, ""));
    T_REFUSED(strcpy(m.issuer, "U<"));
    T_REFUSED(strcpy(m.issuer, "u"));
    T_REFUSED(memcpy(m.issuer, "UTOP", 4)); // no NUL
    T_REFUSED(strcpy(m.nationality, ""));
    T_REFUSED(strcpy(m.name, ""));
    T_REFUSED(strcpy(m.name, "ERIKSSON<<"));
    T_REFUSED(strcpy(m.name, "ERIKSSON ANNA"));
    T_REFUSED(strcpy(m.number, "L8989<"));
    T_REFUSED(strcpy(m.number, ""));
    T_REFUSED(strcpy(m.number, "L898902C34"));
    T_REFUSED(strcpy(m.birth, "7408"));
    T_REFUSED(strcpy(m.birth, ""));
    T_REFUSED(memcpy(m.birth, "7408121", 7));
    T_REFUSED(strcpy(m.expiry, "1204<<"));
    T_REFUSED(m.sex = 0);
    T_REFUSED(m.sex = 'X');
    T_REFUSED(strcpy(m.optional, "A<"));
    T_REFUSED(strcpy(m.optional, "ABCDEFGHIJKLMNO"));
    T_REFUSED(strcpy(m.optional2, "A"));
    T_REFUSED(m.optional_unchecked = true);

    T_OK(yf_mrz_parse(text(td1_long), &base));
    T_REFUSED(strcpy(m.number, "D23145890<34"));
    T_REFUSED(strcpy(m.number, "D2314589073<"));
    T_REFUSED(m.optional_unchecked = true);
    T_REFUSED(strcpy(m.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE"));
}

static void
writing_keeps_to_its_room(void **st)
{
    uint8_t mem[88];
    yf_out o = yf_out_of(mem, 87);
    struct yf_mrz m;
    (void)st;

    T_OK(yf_mrz_parse(text(td3), &m));
    yf_mrz_put(&o, &m);
    T_ERR(YF_E_ROOM, o.err);
    T(yf_mrz_line(YF_MRZ_TD1) == 30 && yf_mrz_line(YF_MRZ_TD2) == 36 &&
      yf_mrz_line(YF_MRZ_TD3) == 44 && yf_mrz_line((yf_mrz_format)0) == 0);
}

/* ---- basic access, 9303-11 4.3.2 and D.2 ---- */

static void
bac_info(void **st)
{
    static const struct {
        const char *text, *want;
    } t[] = {
        { td3_older, "L898902C<369080619406236" },   { td3, "L898902C3674081221204159" },
        { td1_long, "D23145890734934071279507122" }, { td2_long, "D23145890734934071279507122" },
        { td1, "D23145890774081221204159" },
    };
    (void)st;

    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        uint8_t mem[YF_MRZ_BAC_MAX];
        yf_out o = yf_out_of(mem, sizeof mem);
        struct yf_mrz m;
        T_OK(yf_mrz_parse(text(t[i].text), &m));
        yf_mrz_put_bac_info(&o, &m);
        T_OK(o.err);
        T_SPAN(yf_out_span(&o), text(t[i].want));
    }
}

static yf_err
bac_error(const char *number, const char *birth, const char *expiry)
{
    struct yf_mrz m = { 0 };
    uint8_t mem[YF_MRZ_BAC_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    memcpy(m.number, number, strlen(number)); // with or without room for a NUL
    memcpy(m.birth, birth, strlen(birth));
    memcpy(m.expiry, expiry, strlen(expiry));
    yf_mrz_put_bac_info(&o, &m);
    T(!o.err || yf_out_span(&o).n == 0);
    return o.err;
}

static void
bac_info_needs_its_three_fields(void **st)
{
    (void)st;
    T_OK(bac_error("1", "<<<<<<", "120415"));
    T_OK(bac_error("1234567890123456789012", "740812", "120415"));
    T_ERR(YF_E_FORMAT, bac_error("", "740812", "120415"));
    T_ERR(YF_E_FORMAT, bac_error("12345678901234567890123", "740812", "120415"));
    T_ERR(YF_E_FORMAT, bac_error("l898902c", "740812", "120415"));
    T_ERR(YF_E_FORMAT, bac_error("L898902C", "7408", "120415"));
    T_ERR(YF_E_FORMAT, bac_error("L898902C", "740812", ""));
    T_ERR(YF_E_FORMAT, bac_error("L898902C", "7408123", "120415"));
}

/* ---- names ---- */

static void
one_name(const struct vec *v, void *arg)
{
    struct yf_mrz m = { .format = (yf_mrz_format)vec_num(v, "td") };
    uint8_t mem[400];
    yf_out o = yf_out_of(mem, sizeof mem);
    char want[40] = { 0 };
    (void)arg;

    yf_translit(&o, text(vec_str(v, "primary")), 0);
    size_t n = o.n;
    yf_translit(&o, text(vec_str(v, "secondary")), 0);
    T_OK(o.err);
    T_OK(yf_mrz_set_name(&m, (yf_span){ mem, n }, (yf_span){ mem + n, o.n - n }));

    strcpy(want, vec_str(v, "mrz"));
    for (size_t i = strlen(want); i > 0 && want[i - 1] == '<'; i--)
        want[i - 1] = 0;
    if (strcmp(want, m.name))
        fail_msg("%s: %s", vec_where(v), m.name);
}

static void
names_of_the_standard(void **st)
{
    (void)st;
    T(vec_each("icao_9303_names.txt", one_name, NULL) == 25);
}

static yf_err
set_name(yf_mrz_format f, const char *primary, const char *secondary, char out[40])
{
    struct yf_mrz m = { .format = f };
    yf_err e;

    strcpy(m.name, "UNTOUCHED");
    e = yf_mrz_set_name(&m, text(primary), text(secondary));
    strcpy(out, m.name);
    return e;
}

#define T_NAME(f, primary, secondary, want)                                                        \
    do {                                                                                           \
        char got[40];                                                                              \
        T_OK(set_name((f), (primary), (secondary), got));                                          \
        assert_string_equal(got, (want));                                                          \
    } while (0)

static void
names_at_the_edges(void **st)
{
    (void)st;
    T_NAME(YF_MRZ_TD1, "<A<<B<", "<C", "A<B<<C");
    // exactly full is not cut; one more is
    T_NAME(YF_MRZ_TD1, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD");
    T_NAME(YF_MRZ_TD1, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD");
    T_NAME(YF_MRZ_TD1, "ABCDEFGHIJKLMNOPQRSTUVWXYZABC", "Z", "ABCDEFGHIJKLMNOPQRSTUVWXYZA<<Z");
    // a short secondary identifier gives its room back
    T_NAME(YF_MRZ_TD1, "ABCDEFGHIJKLM<NOPQRSTUVWXYZAB", "LI", "ABCDEFGHIJKLM<NOPQRSTUVWXY<<LI");
    // the cut would fall on a filler: one letter of the primary is given up
    T_NAME(YF_MRZ_TD1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A<B<C", "ABCDEFGHIJKLMNOPQRSTUVWXY<<A<B");
    // the primary gives whole components until one letter of the secondary shows, and no more
    T_NAME(YF_MRZ_TD1, "AAAAAAAAA<BBBBBBBBBB<CCCC<DDDDD", "LI<MM",
           "AAAAAAAAA<BBBBBBBBBB<CCCC<D<<L");
    // more components than initials have room
    T_NAME(YF_MRZ_TD2, "AA<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P<Q<R<S<T<U<V", "",
           "A<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P");
}

static void
names_refused(void **st)
{
    char got[40];
    (void)st;

    T_ERR(YF_E_FORMAT, set_name(YF_MRZ_TD3, "", "ANNA", got));
    T_ERR(YF_E_FORMAT, set_name(YF_MRZ_TD3, "<<", "ANNA", got));
    T_ERR(YF_E_FORMAT, set_name(YF_MRZ_TD3, "ERIKSSON", "anna", got));
    T_ERR(YF_E_FORMAT, set_name(YF_MRZ_TD3, "ERIKSSON2", "", got));
    T_ERR(YF_E_FORMAT, set_name((yf_mrz_format)0, "ERIKSSON", "", got));
    // single letters alone: their number and fillers never end at an even width
    T_ERR(YF_E_ROOM, set_name(YF_MRZ_TD1, "A<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P", "", got));
    assert_string_equal(got, "UNTOUCHED");
}

/* Whatever the lengths: it fits, or is cut to end in a letter at the very end. */
static void
every_shape_of_name(void **st)
{
    (void)st;
    for (unsigned f = YF_MRZ_TD1; f <= YF_MRZ_TD3; f++)
        for (size_t a = 1; a < 48; a++)
            for (size_t b = 0; b < 48; b++)
                for (size_t gap = 2; gap < 12; gap++) {
                    static const size_t widths[] = { 0, 30, 31, 39 };
                    struct yf_mrz m = { .format = (yf_mrz_format)f };
                    char p[48], s[48];
                    memset(p, 'P', a);
                    memset(s, 'S', b);
                    for (size_t i = gap; i + 1 < a; i += gap + 1)
                        p[i] = '<';
                    for (size_t i = gap; i + 1 < b; i += gap + 1)
                        s[i] = '<';
                    T_OK(yf_mrz_set_name(&m, (yf_span){ (uint8_t *)p, a },
                                         (yf_span){ (uint8_t *)s, b }));
                    size_t n = strlen(m.name), whole = a + (b ? b + 2 : 0);
                    T(n == (whole < widths[f] ? whole : widths[f]));
                    T(m.name[0] == 'P' && m.name[n - 1] == (b ? 'S' : 'P'));
                    T(yf_mrz_primary(&m).n <= a && yf_mrz_secondary(&m).n <= b);
                    T((yf_mrz_secondary(&m).n > 0) == (b > 0));
                }
}

/* ---- dates ---- */

static const yf_mrz_date today = { 2024, 6, 15 };

static void
birth_is(const char *s, unsigned year, unsigned month, unsigned day)
{
    struct yf_mrz m = { 0 };
    yf_mrz_date d;

    strcpy(m.birth, s);
    T_OK(yf_mrz_birth(&m, today, &d));
    T(d.year == year && d.month == month && d.day == day);
}

static void
expiry_is(const char *s, unsigned year)
{
    struct yf_mrz m = { 0 };
    yf_mrz_date d;

    strcpy(m.expiry, s);
    T_OK(yf_mrz_expiry(&m, today, &d));
    assert_int_equal(d.year, year);
}

static void
births_are_not_in_the_future(void **st)
{
    (void)st;
    birth_is("740812", 1974, 8, 12);
    birth_is("240615", 2024, 6, 15);
    birth_is("240616", 1924, 6, 16);
    birth_is("240701", 1924, 7, 1);
    birth_is("250101", 1925, 1, 1);
    birth_is("000229", 2000, 2, 29);
    birth_is("24<<<<", 2024, 0, 0);
    birth_is("2406<<", 2024, 6, 0);
    birth_is("2407<<", 1924, 7, 0);
    birth_is("<<0229", 0, 2, 29);
    birth_is("<<<<<<", 0, 0, 0);
}

static void
expiries_are_near(void **st)
{
    (void)st;
    expiry_is("240614", 2024);
    expiry_is("340614", 2034);
    expiry_is("741231", 2074);
    expiry_is("750101", 1975);
    expiry_is("991231", 1999);
}

static void
days_that_are_none(void **st)
{
    struct yf_mrz m = { .birth = "230229", .expiry = "750229" };
    yf_mrz_date d = { 1, 1, 1 };
    (void)st;

    T_ERR(YF_E_FORMAT, yf_mrz_birth(&m, today, &d));
    T_ERR(YF_E_FORMAT, yf_mrz_expiry(&m, today, &d));
    strcpy(m.birth, "000229"); // 1900 was no leap year
    T_ERR(YF_E_FORMAT, yf_mrz_birth(&m, (yf_mrz_date){ 1999, 1, 1 }, &d));
    strcpy(m.birth, "741301");
    T_ERR(YF_E_FORMAT, yf_mrz_birth(&m, today, &d));
    strcpy(m.birth, "");
    T_ERR(YF_E_FORMAT, yf_mrz_birth(&m, today, &d));
    strcpy(m.birth, "740812");
    T_ERR(YF_E_FORMAT, yf_mrz_birth(&m, (yf_mrz_date){ 0 }, &d));
    T(d.year == 1 && d.month == 1 && d.day == 1);
}

T_MAIN(cmocka_unit_test(specimens_are_read_and_written_again), cmocka_unit_test(fields_of_a_td3),
       cmocka_unit_test(long_numbers_run_on_in_the_optional_data),
       cmocka_unit_test(every_length_of_number), cmocka_unit_test(check_digits),
       cmocka_unit_test(a_wrong_check_digit_is_named),
       cmocka_unit_test(an_optional_digit_may_be_missing),
       cmocka_unit_test(every_position_counts_once), cmocka_unit_test(wrong_contents_are_named),
       cmocka_unit_test(dates_are_days), cmocka_unit_test(empty_and_broken_numbers),
       cmocka_unit_test(other_lengths_and_characters_are_refused),
       cmocka_unit_test(visas_are_not_read),
       cmocka_unit_test(what_would_be_read_otherwise_is_not_written),
       cmocka_unit_test(writing_keeps_to_its_room), cmocka_unit_test(bac_info),
       cmocka_unit_test(bac_info_needs_its_three_fields), cmocka_unit_test(names_of_the_standard),
       cmocka_unit_test(names_at_the_edges), cmocka_unit_test(names_refused),
       cmocka_unit_test(every_shape_of_name), cmocka_unit_test(births_are_not_in_the_future),
       cmocka_unit_test(expiries_are_near), cmocka_unit_test(days_that_are_none))
