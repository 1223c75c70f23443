/* SPDX-License-Identifier: Apache-2.0 */
/* Names in the machine readable zone: 9303-3 4.6, and "Truncation of names" in -4, -5, -6 4.2.3. */
#include <yufu/wire/mrz.h>

#include <string.h>

static yf_span
name_of(const struct yf_mrz *m)
{
    size_t n = 0;

    while (n < sizeof m->name && m->name[n])
        n++;
    return (yf_span){ (const uint8_t *)m->name, n };
}

/* Where "<<" stands, or the length. */
static size_t
split_at(yf_span s)
{
    size_t i = 0;

    while (i < s.n && !(s.p[i] == '<' && i + 1 < s.n && s.p[i + 1] == '<'))
        i++;
    return i;
}

yf_span
yf_mrz_primary(const struct yf_mrz *m)
{
    yf_span s = name_of(m);
    return (yf_span){ s.p, split_at(s) };
}

yf_span
yf_mrz_secondary(const struct yf_mrz *m)
{
    yf_span s = name_of(m);
    size_t skip = split_at(s);

    skip = skip < s.n ? skip + 2 : s.n;
    return (yf_span){ s.p + skip, s.n - skip };
}

/* ---- truncation ---- */

enum { MOST = 20 }; // components that can show at least an initial in the widest field

/* An identifier as its components; each can only get shorter. */
struct parts {
    yf_span part[MOST];
    size_t n;
    size_t len; // of all, with a filler between two
};

static yf_err
split(yf_span s, struct parts *ps)
{
    size_t at = 0;

    *ps = (struct parts){ 0 };
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z')
            continue;
        if (i < s.n && s.p[i] != '<')
            return YF_E_FORMAT;
        if (i > at && ps->n < MOST) {
            ps->len += i - at + (ps->n > 0);
            ps->part[ps->n++] = (yf_span){ s.p + at, i - at };
        }
        at = i + 1;
    }
    return YF_OK;
}

/* Down to room, from the last component to the first, leaving initials as long as they fit. */
static void
shorten(struct parts *ps, size_t room)
{
    while (ps->n > 1 && 2 * ps->n - 1 > room)
        ps->len -= ps->part[--ps->n].n + 1;
    for (size_t i = ps->n; i-- > 0 && ps->len > room;) {
        size_t over = ps->len - room, most = ps->part[i].n - 1;
        size_t cut = over < most ? over : most;
        ps->part[i].n -= cut;
        ps->len -= cut;
    }
}

/* The length at which whole components, the last first, are initials and room is kept. */
static size_t
as_initials(const struct parts *ps, size_t room)
{
    size_t len = ps->len;

    for (size_t i = ps->n; i-- > 0 && len > room;)
        len -= ps->part[i].n - 1;
    return len < room ? len : room;
}

/* Make both fill width exactly; false if their single letters do not come out even. */
static bool
fill(struct parts *first, struct parts *second, size_t width)
{
    const struct parts p = *first, s = *second;
    size_t initials = as_initials(&p, width - 3), rest = width - 2 > s.len ? width - 2 - s.len : 0;

    for (size_t len = initials > rest ? initials : rest; len > 0; len--) {
        *first = p;
        shorten(first, len);
        *second = s;
        shorten(second, width - 2 - first->len);
        if (first->len + 2 + second->len == width)
            return true;
    }
    return false;
}

static bool
fit(struct parts *first, struct parts *second, size_t width)
{
    if (first->len + (second->n ? 2 + second->len : 0) <= width)
        return true;
    if (second->n)
        return fill(first, second, width);
    shorten(first, width);
    return first->len == width;
}

static void
put_parts(yf_out *o, const struct parts *ps)
{
    for (size_t i = 0; i < ps->n; i++) {
        if (i > 0)
            yf_out_u8(o, '<');
        yf_out_put(o, ps->part[i]);
    }
}

yf_err
yf_mrz_set_name(struct yf_mrz *m, yf_span primary, yf_span secondary)
{
    static const uint8_t widths[] = { [YF_MRZ_TD1] = 30, [YF_MRZ_TD2] = 31, [YF_MRZ_TD3] = 39 };
    struct parts first, second;
    yf_err e = yf_err_first(split(primary, &first), split(secondary, &second));

    if (!e && (!yf_mrz_line(m->format) || first.n == 0))
        e = YF_E_FORMAT;
    if (!e && !fit(&first, &second, widths[m->format]))
        e = YF_E_ROOM;
    if (e)
        return e;

    uint8_t name[sizeof m->name] = { 0 };
    yf_out o = yf_out_of(name, sizeof name - 1);
    put_parts(&o, &first);
    if (second.n)
        yf_out_fill(&o, '<', 2);
    put_parts(&o, &second);
    if (!o.err)
        memcpy(m->name, name, sizeof name);
    yf_wipe(name, sizeof name);
    return o.err;
}
