/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/cur.h>
#include <yufu/wire/mrz.h>

#include <string.h>

/*
 * Where the fields stand in the text, from 0; a check digit follows its field.
 * 9303-4, -5, -6 4.2.2 and 4.2.4.
 */
struct at {
    uint8_t at, n;
};

struct layout {
    uint8_t size, line;
    struct at name, number, nationality, birth, sex, expiry, optional, optional2;
    struct at composite[4]; // what the composite check digit covers
    uint8_t composite_digit;
};

// clang-format off
static const struct layout layouts[] = {
    [YF_MRZ_TD1] = {
        .size = 90, .line = 30, .number = { 5, 9 }, .optional = { 15, 15 },
        .birth = { 30, 6 }, .sex = { 37, 1 }, .expiry = { 38, 6 }, .nationality = { 45, 3 }, .optional2 = { 48, 11 },
        .name = { 60, 30 },
        .composite = { { 5, 25 }, { 30, 7 }, { 38, 7 }, { 48, 11 } }, .composite_digit = 59,
    },
    [YF_MRZ_TD2] = {
        .size = 72, .line = 36, .name = { 5, 31 },
        .number = { 36, 9 }, .nationality = { 46, 3 }, .birth = { 49, 6 }, .sex = { 56, 1 }, .expiry = { 57, 6 }, .optional = { 64, 7 },
        .composite = { { 36, 10 }, { 49, 7 }, { 57, 14 } }, .composite_digit = 71,
    },
    [YF_MRZ_TD3] = {
        .size = 88, .line = 44, .name = { 5, 39 },
        .number = { 44, 9 }, .nationality = { 54, 3 }, .birth = { 57, 6 }, .sex = { 64, 1 }, .expiry = { 65, 6 }, .optional = { 72, 14 },
        .composite = { { 44, 10 }, { 57, 7 }, { 65, 22 } }, .composite_digit = 87,
    },
};
// clang-format on

static const struct at code_at = { 0, 2 }, issuer_at = { 2, 3 };

static const struct layout *
layout_of(yf_mrz_format f)
{
    return f >= YF_MRZ_TD1 && f <= YF_MRZ_TD3 ? &layouts[f] : NULL;
}

size_t
yf_mrz_line(yf_mrz_format f)
{
    const struct layout *l = layout_of(f);
    return l ? l->line : 0;
}

/* ---- characters ---- */

static bool
is_letter(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* The value of a character in a check digit, or -1. */
static int
value(uint8_t c)
{
    return is_digit(c) ? c - '0' : is_letter(c) ? c - 'A' + 10 : c == '<' ? 0 : -1;
}

static bool
all(yf_span s, bool (*is)(uint8_t))
{
    for (size_t i = 0; i < s.n; i++)
        if (!is(s.p[i]))
            return false;
    return true;
}

static bool
is_mrz(uint8_t c)
{
    return value(c) >= 0;
}

static bool
is_not_filler(uint8_t c)
{
    return c != '<';
}

static yf_span
trim(yf_span s)
{
    while (s.n && s.p[s.n - 1] == '<')
        s.n--;
    return s;
}

/* A string in an array of the struct; one without its NUL is cap long, and fits nowhere. */
static yf_span
str(const char *s, size_t cap)
{
    size_t n = 0;

    while (n < cap && s[n])
        n++;
    return (yf_span){ (const uint8_t *)s, n };
}

#define STR(array) str((array), sizeof(array))

char
yf_mrz_check_digit(yf_span s)
{
    static const uint8_t weight[3] = { 7, 3, 1 };
    uint32_t sum = 0;

    for (size_t i = 0, w = 0; i < s.n; i++, w = w < 2 ? w + 1 : 0) {
        int v = value(s.p[i]);
        if (v < 0)
            return 0;
        sum = (sum + (uint32_t)v * weight[w]) % 10;
    }
    return (char)('0' + sum);
}

/* ---- reading ---- */

static yf_span
field(yf_span text, struct at f)
{
    return (yf_span){ text.p + f.at, f.n };
}

static uint8_t
digit_after(yf_span text, struct at f)
{
    return text.p[f.at + f.n];
}

static bool
digit_ok(yf_span text, struct at f)
{
    return digit_after(text, f) == (uint8_t)yf_mrz_check_digit(field(text, f));
}

static char
composite_digit(yf_span text, const struct layout *l)
{
    uint8_t mem[YF_MRZ_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    for (size_t i = 0; i < 4; i++)
        yf_out_put(&o, field(text, l->composite[i]));
    char digit = yf_mrz_check_digit(yf_out_span(&o));
    yf_wipe(mem, sizeof mem);
    return digit;
}

/* The arrays of the struct are as long as the longest field and a NUL. */
static void
copy(char *to, yf_span s)
{
    memcpy(to, s.p, s.n);
    to[s.n] = 0;
}

/*
 * 9303-5, -6 note j: a filler for the check digit says that the number runs on in
 * the optional data, up to its check digit and a filler. How many characters?
 */
static size_t
run_on(yf_span text, const struct layout *l)
{
    yf_span optional = field(text, l->optional);
    size_t end = 0;

    if (l == &layouts[YF_MRZ_TD3] || digit_after(text, l->number) != '<')
        return 0;
    while (end < optional.n && optional.p[end] != '<')
        end++;
    return end == 0 || end == optional.n ? 0 : end - 1;
}

static unsigned
read_number(yf_span text, const struct layout *l, struct yf_mrz *m)
{
    yf_cur c = yf_cur_of(field(text, l->optional));
    yf_span head = field(text, l->number), tail = yf_cur_take(&c, run_on(text, l));

    if (!tail.n) {
        copy(m->number, trim(head));
        copy(m->optional, trim(yf_cur_rest(&c)));
        return digit_ok(text, l->number) ? 0 : YF_MRZ_NUMBER_DIGIT;
    }
    copy(m->number, head);
    copy(m->number + head.n, tail);
    uint8_t digit = yf_cur_u8(&c);
    yf_cur_u8(&c); // the filler
    copy(m->optional, trim(yf_cur_rest(&c)));
    return digit == (uint8_t)yf_mrz_check_digit(STR(m->number)) ? 0 : YF_MRZ_NUMBER_DIGIT;
}

/* 9303-4 4.2.2.2: without optional data the check digit may be a filler. */
static unsigned
read_optional_digit(yf_span text, const struct layout *l, struct yf_mrz *m)
{
    if (m->format != YF_MRZ_TD3)
        return 0;
    m->optional_unchecked = !m->optional[0] && digit_after(text, l->optional) == '<';
    return m->optional_unchecked || digit_ok(text, l->optional) ? 0 : YF_MRZ_OPTIONAL_DIGIT;
}

static unsigned
check_digits(yf_span text, const struct layout *l)
{
    unsigned bad = 0;

    bad |= digit_ok(text, l->birth) ? 0 : YF_MRZ_BIRTH_DIGIT;
    bad |= digit_ok(text, l->expiry) ? 0 : YF_MRZ_EXPIRY_DIGIT;
    if (text.p[l->composite_digit] != (uint8_t)composite_digit(text, l))
        bad |= YF_MRZ_COMPOSITE_DIGIT;
    return bad;
}

/* Two digits of a date: their number, 0 for "<<", -1 for anything else. */
static int
two(const char *s)
{
    if (s[0] == '<' && s[1] == '<')
        return 0;
    if (!is_digit((uint8_t)s[0]) || !is_digit((uint8_t)s[1]))
        return -1;
    return (s[0] - '0') * 10 + s[1] - '0';
}

/* Is it a day of some year? An unknown part fits everything. */
static bool
is_date(const char s[7])
{
    static const uint8_t days[13] = { 31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y = two(s), m = two(s + 2), d = two(s + 4);

    if (s[6] || y < 0 || m < 0 || m > 12 || d < 0 || d > days[m])
        return false;
    return (m || s[2] == '<') && (d || s[4] == '<');
}

/* Components of letters, one filler between two, and once at most two fillers. */
static bool
is_name(yf_span s)
{
    size_t fillers = 0;
    bool split = false;

    for (size_t i = 0; i < s.n; i++) {
        fillers = s.p[i] == '<' ? fillers + 1 : 0;
        if (fillers ? i == 0 || (fillers == 2 && split) : !is_letter(s.p[i]))
            return false;
        split = split || fillers == 2;
        if (fillers > 2)
            return false;
    }
    return s.n > 0;
}

static bool
is_state(yf_span s)
{
    return s.n > 0 && all(s, is_letter);
}

/* The code designates a document of this format: 9303-4 4.4, -5 and -6 note k. */
static bool
is_code(const struct yf_mrz *m)
{
    if (m->format == YF_MRZ_TD3)
        return m->code[0] == 'P' && (!m->code[1] || is_letter((uint8_t)m->code[1]));
    return (m->code[0] == 'A' || m->code[0] == 'C' || m->code[0] == 'I') && m->code[1] != 'V';
}

static unsigned
check_contents(const struct yf_mrz *m)
{
    unsigned bad = 0;

    bad |= is_code(m) ? 0 : YF_MRZ_CODE;
    bad |= is_state(STR(m->issuer)) ? 0 : YF_MRZ_ISSUER;
    bad |= is_state(STR(m->nationality)) ? 0 : YF_MRZ_NATIONALITY;
    bad |= is_name(STR(m->name)) ? 0 : YF_MRZ_NAME;
    bad |= m->number[0] ? 0 : YF_MRZ_NUMBER;
    bad |= is_date(m->birth) ? 0 : YF_MRZ_BIRTH;
    bad |= is_date(m->expiry) && all(STR(m->expiry), is_digit) ? 0 : YF_MRZ_EXPIRY;
    bad |= m->sex == 'F' || m->sex == 'M' || m->sex == '<' ? 0 : YF_MRZ_SEX;
    return bad;
}

static void
read_fields(yf_span text, const struct layout *l, struct yf_mrz *m)
{
    copy(m->code, trim(field(text, code_at)));
    copy(m->issuer, trim(field(text, issuer_at)));
    copy(m->nationality, trim(field(text, l->nationality)));
    copy(m->name, trim(field(text, l->name)));
    copy(m->birth, field(text, l->birth));
    copy(m->expiry, field(text, l->expiry));
    copy(m->optional2, trim(field(text, l->optional2)));
    m->sex = (char)text.p[l->sex.at];
}

static yf_mrz_format
format_of(size_t size)
{
    yf_mrz_format f = YF_MRZ_TD3;

    while (f && layouts[f].size != size)
        f--;
    return f;
}

yf_err
yf_mrz_read(yf_span text, struct yf_mrz *out, unsigned *faults)
{
    struct yf_mrz m = { .format = format_of(text.n) };
    const struct layout *l = layout_of(m.format);
    unsigned bad = 0;

    if (!l || !all(text, is_mrz))
        return YF_E_FORMAT;
    if (text.p[0] == 'V' && m.format != YF_MRZ_TD1)
        return YF_E_UNSUPPORTED;
    read_fields(text, l, &m);
    bad |= read_number(text, l, &m);
    bad |= read_optional_digit(text, l, &m);
    bad |= check_digits(text, l);
    bad |= check_contents(&m);
    *out = m;
    *faults = bad;
    yf_wipe(&m, sizeof m);
    return YF_OK;
}

yf_err
yf_mrz_parse(yf_span text, struct yf_mrz *out)
{
    struct yf_mrz m;
    unsigned faults;
    yf_err e = yf_mrz_read(text, &m, &faults);

    if (e)
        return e;
    if (faults)
        e = YF_E_FORMAT;
    else
        *out = m;
    yf_wipe(&m, sizeof m);
    return e;
}

/* ---- writing ---- */

/* A text of fillers that fields are placed into; ok turns false when one cannot be. */
struct page {
    uint8_t text[YF_MRZ_MAX];
    const struct layout *l;
    bool ok;
};

static void
place(struct page *p, struct at f, yf_span s)
{
    p->ok = p->ok && s.n <= f.n;
    if (p->ok)
        memcpy(p->text + f.at, s.p, s.n);
}

static void
place_trimmed(struct page *p, struct at f, yf_span s)
{
    p->ok = p->ok && trim(s).n == s.n;
    place(p, f, s);
}

static void
place_date(struct page *p, struct at f, yf_span s)
{
    p->ok = p->ok && s.n == f.n;
    place(p, f, s);
}

static void
place_digit(struct page *p, struct at f)
{
    p->text[f.at + f.n] = (uint8_t)yf_mrz_check_digit((yf_span){ p->text + f.at, f.n });
}

/* A number that runs on: nine characters, then the others, their check digit and a filler. */
static void
place_long_number(struct page *p, const struct yf_mrz *m)
{
    yf_cur c = yf_cur_of(STR(m->number));
    yf_span head = yf_cur_take(&c, 9), tail = yf_cur_rest(&c);
    struct at at = p->l->optional;

    p->ok = p->ok && m->format != YF_MRZ_TD3 && tail.n + 2 <= at.n && all(tail, is_not_filler);
    if (!p->ok)
        return;
    place(p, p->l->number, head);
    place(p, at, tail);
    p->text[at.at + tail.n] = (uint8_t)yf_mrz_check_digit(STR(m->number));
    at.at = (uint8_t)(at.at + tail.n + 2);
    at.n = (uint8_t)(at.n - tail.n - 2);
    place_trimmed(p, at, STR(m->optional));
}

static void
place_number(struct page *p, const struct yf_mrz *m)
{
    if (STR(m->number).n > 9) {
        place_long_number(p, m);
        return;
    }
    place_trimmed(p, p->l->number, STR(m->number));
    place_digit(p, p->l->number);
    place_trimmed(p, p->l->optional, STR(m->optional));
}

static void
place_optional_digit(struct page *p, const struct yf_mrz *m)
{
    if (m->optional_unchecked)
        p->ok = p->ok && m->format == YF_MRZ_TD3 && !m->optional[0];
    else if (m->format == YF_MRZ_TD3)
        place_digit(p, p->l->optional);
}

static void
place_all(struct page *p, const struct yf_mrz *m)
{
    const struct layout *l = p->l;

    place_trimmed(p, code_at, STR(m->code));
    place_trimmed(p, issuer_at, STR(m->issuer));
    place_trimmed(p, l->nationality, STR(m->nationality));
    place_trimmed(p, l->name, STR(m->name));
    place_trimmed(p, l->optional2, STR(m->optional2));
    place_date(p, l->birth, STR(m->birth));
    place_digit(p, l->birth);
    place_date(p, l->expiry, STR(m->expiry));
    place_digit(p, l->expiry);
    p->text[l->sex.at] = (uint8_t)m->sex;
    place_number(p, m);
    place_optional_digit(p, m);
    p->text[l->composite_digit] = (uint8_t)composite_digit((yf_span){ p->text, l->size }, l);
}

/* The reader judges what was written, so that the two cannot disagree. */
void
yf_mrz_put(yf_out *o, const struct yf_mrz *m)
{
    struct page p = { .l = layout_of(m->format), .ok = true };
    struct yf_mrz back;

    if (!p.l) {
        yf_out_fail(o, YF_E_FORMAT);
        return;
    }
    memset(p.text, '<', sizeof p.text);
    place_all(&p, m);
    yf_span text = { p.text, p.l->size };
    if (p.ok && yf_mrz_parse(text, &back) == YF_OK)
        yf_out_put(o, text);
    else
        yf_out_fail(o, YF_E_FORMAT);
    yf_wipe(&back, sizeof back);
    yf_wipe(&p, sizeof p);
}

static void
put_checked(yf_out *o, yf_span s, size_t width)
{
    uint8_t mem[sizeof((struct yf_mrz *)0)->number];
    yf_out f = yf_out_of(mem, sizeof mem);

    yf_out_put(&f, s);
    if (s.n < width)
        yf_out_fill(&f, '<', width - s.n);
    s = yf_out_span(&f);
    char digit = yf_mrz_check_digit(s);
    if (!digit || f.err)
        yf_out_fail(o, YF_E_FORMAT);
    yf_out_put(o, s);
    yf_out_u8(o, (uint8_t)digit);
    yf_wipe(mem, sizeof mem);
}

void
yf_mrz_put_bac_info(yf_out *o, const struct yf_mrz *m)
{
    yf_span number = STR(m->number);

    if (number.n == 0 || number.n == sizeof m->number || !is_date(m->birth) || !is_date(m->expiry))
        yf_out_fail(o, YF_E_FORMAT);
    put_checked(o, number, 9);
    put_checked(o, STR(m->birth), 6);
    put_checked(o, STR(m->expiry), 6);
}

/* ---- dates ---- */

static bool
is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Is a not after b, as far as both are known? */
static bool
not_after(yf_mrz_date a, yf_mrz_date b)
{
    if (a.year != b.year)
        return a.year < b.year;
    if (!a.month || a.month != b.month)
        return a.month <= b.month;
    return a.day <= b.day;
}

/* The date with the latest century in which it is not after last. */
static yf_err
date(const char s[7], yf_mrz_date last, yf_mrz_date *out)
{
    yf_mrz_date d;

    if (!is_date(s) || last.year < 1900 || last.year > 9000)
        return YF_E_FORMAT;
    d.month = (uint8_t)two(s + 2);
    d.day = (uint8_t)two(s + 4);
    d.year = 0;
    if (s[0] != '<') {
        d.year = (uint16_t)(last.year / 100 * 100 + two(s));
        if (!not_after(d, last))
            d.year = (uint16_t)(d.year - 100);
        if (d.month == 2 && d.day == 29 && !is_leap(d.year))
            return YF_E_FORMAT;
    }
    *out = d;
    return YF_OK;
}

yf_err
yf_mrz_birth(const struct yf_mrz *m, yf_mrz_date today, yf_mrz_date *out)
{
    return date(m->birth, today, out);
}

yf_err
yf_mrz_expiry(const struct yf_mrz *m, yf_mrz_date today, yf_mrz_date *out)
{
    yf_mrz_date last = { (uint16_t)(today.year + 50), 12, 31 };
    return date(m->expiry, last, out);
}
