/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/pem.h>

#include <string.h>

#define BEGIN YF_STR("-----BEGIN ")
#define END YF_STR("-----END ")
#define DASHES YF_STR("-----")

/* ---- reading ---- */

static bool
blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next line, without its end and the blanks before it. */
static yf_span
line(yf_cur *text)
{
    const uint8_t *newline = text->left ? memchr(text->p, '\n', text->left) : NULL;
    yf_span l = yf_cur_take(text, newline ? (size_t)(newline - text->p) : text->left);

    if (newline)
        yf_cur_u8(text);
    while (l.n && blank(l.p[l.n - 1]))
        l.n--;
    return l;
}

static bool
begins(yf_span l, yf_span with)
{
    return l.n >= with.n && memcmp(l.p, with.p, with.n) == 0;
}

/* RFC 7468 3: labelchar *( ["-" / SP] labelchar ), of which we take capitals, digits and SP. */
static bool
good_label(yf_span l)
{
    bool before = false; // was the one before a character?

    for (size_t i = 0; i < l.n; i++) {
        bool is = (l.p[i] >= 'A' && l.p[i] <= 'Z') || (l.p[i] >= '0' && l.p[i] <= '9');
        if (!is && !(l.p[i] == ' ' && before))
            return false;
        before = is;
    }
    return before;
}

/* The label of a line that has begun with `with`; an empty one if it is none. */
static yf_span
label_of(yf_span l, yf_span with)
{
    yf_span none = { l.p, 0 };

    if (l.n < with.n + DASHES.n || memcmp(l.p + l.n - DASHES.n, DASHES.p, DASHES.n) != 0)
        return none;
    yf_span label = { l.p + with.n, l.n - with.n - DASHES.n };
    return good_label(label) ? label : none;
}

static yf_err
find_end(yf_cur *text, yf_pem *b)
{
    const uint8_t *body = text->p;

    while (yf_cur_more(text)) {
        const uint8_t *at = text->p;
        yf_span l = line(text);
        if (begins(l, BEGIN))
            return YF_E_FORMAT;
        if (begins(l, END)) {
            b->body = (yf_span){ body, (size_t)(at - body) };
            return yf_span_eq(label_of(l, END), b->label) ? YF_OK : YF_E_FORMAT;
        }
    }
    return YF_E_SHORT;
}

yf_err
yf_pem_next(yf_cur *text, yf_pem *block)
{
    yf_pem b = { 0 };

    while (yf_cur_more(text)) {
        yf_span l = line(text);
        if (!begins(l, BEGIN))
            continue;
        b.label = label_of(l, BEGIN);
        yf_err e = b.label.n ? find_end(text, &b) : YF_E_FORMAT;
        if (!e)
            *block = b;
        return e;
    }
    return YF_E_NOTFOUND;
}

/* Which of the 64 it is, -1 if none: RFC 4648 4. No table, for keys come this way. */
static int
value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Characters gathered so far: at most four, and how many of them were '='. */
struct group {
    uint32_t bits;
    unsigned n, pads;
    bool ended;
};

static void
take(struct group *g, uint8_t c, yf_out *o)
{
    int v = c == '=' ? 0 : value(c);

    if (v < 0 || g->ended || (c != '=' && g->pads)) {
        yf_out_fail(o, YF_E_FORMAT);
        return;
    }
    g->bits = g->bits << 6 | (uint32_t)v;
    g->pads += c == '=';
    if (++g->n < 4)
        return;
    if (g->pads > 2 || (g->pads && (g->bits & ((1U << 8 * g->pads) - 1)) != 0))
        yf_out_fail(o, YF_E_FORMAT);
    for (unsigned i = 0; i < 3 - g->pads && g->pads < 3; i++)
        yf_out_u8(o, (uint8_t)(g->bits >> (16 - 8 * i)));
    *g = (struct group){ .ended = g->pads > 0 };
}

yf_err
yf_pem_decode(const yf_pem *block, uint8_t *out, size_t cap, size_t *n)
{
    yf_out o = yf_out_of(out, cap);
    struct group g = { 0 };
    yf_span all;

    if (block->body.n && memchr(block->body.p, ':', block->body.n))
        return YF_E_UNSUPPORTED;
    for (size_t i = 0; i < block->body.n; i++)
        if (block->body.p[i] != '\n' && !blank(block->body.p[i]))
            take(&g, block->body.p[i], &o);
    if (g.n)
        yf_out_fail(&o, YF_E_FORMAT);
    yf_err e = yf_out_done(&o, &all);
    if (e)
        yf_wipe(out, cap);
    else
        *n = all.n;
    yf_wipe(&g, sizeof g);
    return e;
}

/* ---- writing ---- */

static uint8_t
letter(uint32_t v)
{
    v &= 63;
    if (v < 26)
        return (uint8_t)('A' + v);
    if (v < 52)
        return (uint8_t)('a' + v - 26);
    if (v < 62)
        return (uint8_t)('0' + v - 52);
    return v == 62 ? '+' : '/';
}

/* 1 to 3 bytes as four characters. */
static void
put_group(yf_out *o, const uint8_t *p, size_t n)
{
    uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0U);

    yf_out_u8(o, letter(bits >> 18));
    yf_out_u8(o, letter(bits >> 12));
    yf_out_u8(o, n > 1 ? letter(bits >> 6) : '=');
    yf_out_u8(o, n > 2 ? letter(bits) : '=');
}

void
yf_pem_put(yf_out *o, yf_span label, yf_span bytes)
{
    if (!good_label(label))
        yf_out_fail(o, YF_E_FORMAT);
    yf_out_put(o, BEGIN);
    yf_out_put(o, label);
    yf_out_put(o, YF_STR("-----\n"));
    for (size_t i = 0; i < bytes.n; i += 3) {
        put_group(o, bytes.p + i, bytes.n - i < 3 ? bytes.n - i : 3);
        if (i % 48 == 45 || bytes.n - i <= 3)
            yf_out_u8(o, '\n');
    }
    yf_out_put(o, END);
    yf_out_put(o, label);
    yf_out_put(o, YF_STR("-----\n"));
}
