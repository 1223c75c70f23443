/* SPDX-License-Identifier: Apache-2.0 */
#include "vec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 48 };

struct field {
    char *name, *text;
    uint8_t *bytes; // decoded on first use
    size_t n;
};

struct vec {
    const char *file;
    int line;
    struct field f[FIELDS], every[FIELDS];
    size_t n, n_every;
    char where[300];
};

static void
die(const struct vec *v, const char *what, const char *name)
{
    printf("Bail out! %s:%d: %s '%s'\n", v->file, v->line, what, name);
    exit(1);
}

static void
clear(struct field *f)
{
    free(f->name);
    free(f->text);
    free(f->bytes);
    *f = (struct field){ 0 };
}

static void
reset(struct vec *v)
{
    for (size_t i = 0; i < v->n; i++)
        clear(&v->f[i]);
    v->n = 0;
}

static const struct field *
find(const struct vec *v, const char *name)
{
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->f[i].name, name) == 0)
            return &v->f[i];
    for (size_t i = 0; i < v->n_every; i++)
        if (strcmp(v->every[i].name, name) == 0)
            return &v->every[i];
    return NULL;
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
decode(const struct vec *v, struct field *f)
{
    size_t len = strlen(f->text);

    f->n = len / 2;
    f->bytes = malloc(f->n + 1);
    if (!f->bytes || len % 2)
        die(v, "odd hex in", f->name);
    for (size_t i = 0; i < f->n; i++) {
        int hi = nibble(f->text[2 * i]), lo = nibble(f->text[2 * i + 1]);
        if (hi < 0 || lo < 0)
            die(v, "not hex in", f->name);
        f->bytes[i] = (uint8_t)(hi << 4 | lo);
    }
}

static char *
trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    char *end = s + strlen(s);
    while (end > s && isspace((unsigned char)end[-1]))
        *--end = 0;
    return s;
}

/* name = value, appended or (in the section fields) replaced. */
static void
put(struct vec *v, struct field *set, size_t *n, char *line)
{
    char *eq = strchr(line, '=');
    if (!eq)
        die(v, "no '=' in", line);
    *eq = 0;
    char *name = trim(line), *text = trim(eq + 1);
    size_t at = *n;

    for (size_t i = 0; i < *n; i++)
        if (strcmp(set[i].name, name) == 0)
            at = i;
    if (at == *n) {
        if (*n == FIELDS)
            die(v, "too many fields at", name);
        ++*n;
    } else if (set == v->f) {
        die(v, "twice", name);
    } else {
        clear(&set[at]);
    }
    set[at] = (struct field){ .name = strdup(name), .text = strdup(text) };
}

size_t
vec_each(const char *file, void (*one)(const struct vec *v, void *arg), void *arg)
{
    const char *root = getenv("YF_TESTS");
    char path[4096];
    struct vec v = { .file = file };
    char *line = NULL;
    size_t cap = 0, count = 0;

    snprintf(path, sizeof path, "%s/vectors/%s", root ? root : "tests", file);
    FILE *in = fopen(path, "r");
    if (!in)
        die(&v, "cannot open", path);
    for (bool more = true; more;) {
        more = getline(&line, &cap, in) > 0;
        char *s = more ? trim(line) : NULL;
        v.line++;
        if (s && *s == '#')
            continue;
        if (s && *s == '[') {
            s[strcspn(s, "]")] = 0;
            put(&v, v.every, &v.n_every, s + 1);
        } else if (s && *s) {
            put(&v, v.f, &v.n, s);
        } else if (v.n) {
            one(&v, arg);
            count++;
            reset(&v);
        }
    }
    for (size_t i = 0; i < v.n_every; i++)
        clear(&v.every[i]);
    free(line);
    fclose(in);
    if (!count)
        die(&v, "no records in", path);
    return count;
}

yf_span
vec_get(const struct vec *v, const char *name)
{
    struct field *f = (struct field *)find(v, name);

    if (!f)
        die(v, "missing field", name);
    if (!f->bytes)
        decode(v, f);
    return (yf_span){ f->bytes, f->n };
}

const char *
vec_str(const struct vec *v, const char *name)
{
    const struct field *f = find(v, name);

    if (!f)
        die(v, "missing field", name);
    return f->text;
}

long
vec_num(const struct vec *v, const char *name)
{
    const char *s = vec_str(v, name);
    char *end;
    long n = strtol(s, &end, 10);

    if (end == s || *end)
        die(v, "not a number in", name);
    return n;
}

bool
vec_has(const struct vec *v, const char *name)
{
    return find(v, name) != NULL;
}

const char *
vec_where(const struct vec *v)
{
    struct vec *w = (struct vec *)v;
    snprintf(w->where, sizeof w->where, "%s:%d", v->file, v->line);
    return w->where;
}
