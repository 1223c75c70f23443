/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 512, FIELDS = 9, FEW = 8 };

static struct row rows[ROWS] = { { .clause = "7816-4 5.6: no row names it" } };
static unsigned n_rows = 1; // the first is for what no row names
static bool named[256];     // instructions, by rows that name few
static const char *reading;
static unsigned line;

static _Noreturn void
wrong(const char *what, const char *text)
{
    fprintf(stderr, "%s:%u: %s: '%s'\n", reading, line, what, text);
    exit(2);
}

/* ---- fields ---- */

static char *
trim(char *s)
{
    while (*s == ' ')
        s++;
    for (char *end = s + strlen(s); end > s && (end[-1] == ' ' || end[-1] == '\n');)
        *--end = 0;
    return s;
}

static unsigned
stages_of(const char *s)
{
    static const char names[] = "CKPIALT";
    unsigned set = 0;

    if (strlen(s) != TABLE_STAGES)
        wrong("not seven stages", s);
    for (unsigned i = 0; i < TABLE_STAGES; i++) {
        if (s[i] != names[i] && s[i] != '.')
            wrong("not a stage in its place", s);
        set |= (unsigned)(s[i] == names[i]) << i;
    }
    return set;
}

static unsigned
names_of(char *s, const char *const *names)
{
    unsigned set = 0;

    if (strcmp(s, "*") == 0)
        return ~0u;
    for (char *w = strtok(s, ", "); w; w = strtok(NULL, ", ")) {
        unsigned i = 0;
        while (names[i] && strcmp(names[i], w) != 0)
            i++;
        if (!names[i])
            wrong("unknown", w);
        set |= 1u << i;
    }
    return set;
}

static unsigned
hex_of(const char *s, unsigned digits)
{
    char *end;
    unsigned long v = strtoul(s, &end, 16);

    if (*end || strlen(s) != digits)
        wrong("not a number", s);
    return (unsigned)v;
}

static void
bytes_of(char *s, uint8_t set[32])
{
    if (strcmp(s, "*") == 0) {
        memset(set, 0xFF, 32);
        return;
    }
    for (char *w = strtok(s, ", "); w; w = strtok(NULL, ", ")) {
        char *to = strchr(w, '-');
        if (to)
            *to++ = 0;
        unsigned first = hex_of(w, 2), last = to ? hex_of(to, 2) : first;
        for (unsigned i = first; i <= last; i++)
            set[i / 8] |= (uint8_t)(1u << i % 8);
    }
}

/* Four digits, x for any. */
static uint16_t
pattern_of(const char *s, uint16_t *mask)
{
    char digits[5];

    if (strlen(s) != 4)
        wrong("not four digits", s);
    *mask = 0xFFFF;
    for (unsigned i = 0; i < 5; i++)
        digits[i] = s[i] == 'x' ? '0' : s[i];
    for (unsigned i = 0; i < 4; i++)
        if (s[i] == 'x')
            *mask = (uint16_t)(*mask & ~(0xFu << (12 - 4 * i)));
    return (uint16_t)hex_of(digits, 4);
}

static void
allow(struct row *r, const char *s)
{
    if (r->answers == TABLE_ANSWERS)
        wrong("too many answers", s);
    r->answer[r->answers].sw = pattern_of(s, &r->answer[r->answers].mask);
    r->answers++;
}

static void
answers_of(char *s, struct row *r)
{
    for (char *w = strtok(s, ", "); w; w = strtok(NULL, ", ")) {
        if (strcmp(w, "refused") == 0) {
            allow(r, "6D00");
            allow(r, "6E00");
        } else {
            allow(r, w);
        }
    }
    if (!r->answers)
        wrong("no answer", s);
}

static unsigned
forms_of(const char *s)
{
    unsigned set = 0;

    if (strcmp(s, "*") == 0)
        return ~0u;
    for (; *s; s++) {
        if (*s < '1' || *s > '0' + TABLE_FORMS)
            wrong("not a form", s);
        set |= 1u << (*s - '0');
    }
    return set;
}

static bool
in(const uint8_t set[32], uint8_t byte)
{
    return set[byte / 8] >> byte % 8 & 1;
}

static void
remember_names(const uint8_t set[32])
{
    unsigned n = 0;

    for (unsigned b = 0; b < 256; b++)
        n += in(set, (uint8_t)b);
    for (unsigned b = 0; b < 256 && n <= FEW; b++)
        named[b] |= in(set, (uint8_t)b);
}

static void
row_of(char *text)
{
    char *field[FIELDS];
    struct row *r = &rows[n_rows++];

    if (n_rows == ROWS)
        wrong("too many rows", text);
    for (unsigned i = 0; i < FIELDS; i++) {
        char *bar = i == FIELDS - 1 ? text + strlen(text) : strchr(text, '|');
        if (!bar || (i == FIELDS - 1 && strchr(text, '|')))
            wrong("not nine fields", text);
        *bar = 0;
        field[i] = trim(text);
        text = bar + 1;
    }
    *r = (struct row){ .file = reading, .line = line };
    r->stages = stages_of(field[0]);
    r->apps = names_of(field[1], table_apps);
    r->security = names_of(field[2], table_security);
    bytes_of(field[3], r->cla);
    bytes_of(field[4], r->ins);
    remember_names(r->ins);
    r->p1p2 = pattern_of(strcmp(field[5], "*") == 0 ? "xxxx" : field[5], &r->p1p2_mask);
    r->forms = forms_of(field[6]);
    answers_of(field[7], r);
    if (!*field[8] || strlen(field[8]) >= sizeof r->clause)
        wrong("no clause, or a long one", field[8]);
    memcpy(r->clause, field[8], strlen(field[8]) + 1);
}

void
table_read(const char *dir, const char *file)
{
    char path[1024], text[512];

    reading = file;
    snprintf(path, sizeof path, "%s/%s", dir, file);
    FILE *f = fopen(path, "r");
    if (!f)
        wrong("cannot open", path);
    for (line = 1; fgets(text, sizeof text, f); line++) {
        char *t = trim(text);
        if (*t && *t != '#')
            row_of(t);
    }
    fclose(f);
}

/* ---- asking ---- */

static bool
fits(const struct row *r, const struct cell *c)
{
    return r->stages >> c->stage & 1 && r->apps >> c->app & 1 && r->security >> c->security & 1 &&
           r->forms >> c->form & 1 && in(r->cla, c->cla) && in(r->ins, c->ins) &&
           (c->p1p2 & r->p1p2_mask) == r->p1p2;
}

struct row *
table_row(const struct cell *c)
{
    for (unsigned i = 1; i < n_rows; i++)
        if (fits(&rows[i], c))
            return &rows[i];
    return &rows[0];
}

bool
table_allows(const struct row *r, uint16_t sw)
{
    if (r == &rows[0])
        return sw == 0x6D00 || sw == 0x6E00;
    for (unsigned i = 0; i < r->answers; i++)
        if ((sw & r->answer[i].mask) == r->answer[i].sw)
            return true;
    return false;
}

bool
table_names(uint8_t ins)
{
    return named[ins];
}

unsigned
table_silent(void)
{
    unsigned n = 0;

    for (unsigned i = 1; i < n_rows; i++)
        if (!rows[i].cells) {
            printf("# never asked: %s:%u: %s\n", rows[i].file, rows[i].line, rows[i].clause);
            n++;
        }
    return n;
}
