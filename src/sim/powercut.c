/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run keeps the memory as it stood at the last barrier, and the operations since. For every
 * operation that may have been in progress it builds memories: a choice of the operations since the
 * barrier, and that one torn. Memories seen before are counted and not judged again.
 */
#include <yufu/sim/flashram.h>
#include <yufu/sim/powercut.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPS = 16384, SEEN_SLOTS = 1 << 20, SUBSETS_QUICK = 4, SUBSETS_DEEP = 8, MIXTURES = 12 };

enum kind { PROGRAM, ERASE, BARRIER };

struct op {
    enum kind kind;
    uint32_t at, n; // bytes
    size_t data;    // of the program, in tape.data
    unsigned done;  // acknowledged before it was begun
};

/* What was done to a memory. */
struct tape {
    struct yf_flash flash; // records
    struct yf_flashram ram;
    struct op op[OPS];
    unsigned ops, done;
    uint8_t *data;
    size_t used, cap;
    bool full;
};

struct state {
    bool refused;
    size_t n;
    uint8_t b[YF_CUT_SEEN];
};

struct yf_cuts {
    const struct yf_cut_scenario *scenario;
    enum yf_cut_depth depth;
    struct yf_cut_report *report;
    struct tape tape[2]; // of the step, and of the repair after a cut
    uint8_t *solid[2];   // the memory at the last barrier of each
    uint8_t *image[2];   // the memory after a cut
    struct state *states, now, again;
    unsigned n_states;
    uint64_t *seen; // hashes of what was judged
    size_t n_seen;
    uint64_t random;
    unsigned at; // which operation is being cut
    yf_err err;
};

/* ---- recording ---- */

static void
record(struct tape *t, enum kind kind, uint32_t at, uint32_t n, const uint8_t *data)
{
    if (t->ops == OPS || (data && t->used + n > t->cap)) {
        t->full = true;
        return;
    }
    t->op[t->ops++] = (struct op){ kind, at, n, t->used, t->done };
    if (data) {
        memcpy(t->data + t->used, data, n);
        t->used += n;
    }
}

static yf_err
tape_read(void *state, uint32_t at, uint8_t *to, size_t n)
{
    struct tape *t = state;

    return t->ram.flash.read(&t->ram, at, to, n);
}

static yf_err
tape_program(void *state, uint32_t at, yf_span bytes)
{
    struct tape *t = state;

    record(t, PROGRAM, at, (uint32_t)bytes.n, bytes.p);
    return t->ram.flash.program(&t->ram, at, bytes);
}

static yf_err
tape_erase(void *state, uint32_t page)
{
    struct tape *t = state;

    record(t, ERASE, page * t->flash.page, t->flash.page, NULL);
    return t->ram.flash.erase(&t->ram, page);
}

static yf_err
tape_barrier(void *state)
{
    record(state, BARRIER, 0, 0, NULL);
    return YF_OK;
}

static yf_err
tape_open(struct tape *t, uint32_t page, uint32_t pages, uint32_t unit)
{
    t->cap = (size_t)16 << 20;
    t->data = malloc(t->cap);
    if (!t->data)
        return YF_E_ROOM;
    t->flash = (struct yf_flash){ page,         pages,      unit,         tape_read,
                                  tape_program, tape_erase, tape_barrier, t };
    return yf_flashram_open(&t->ram, page, pages, unit);
}

static void
tape_begin(struct tape *t)
{
    t->ops = t->done = 0;
    t->used = 0;
}

void
yf_cuts_done(struct yf_cuts *c)
{
    c->tape[0].done++;
}

/* ---- chance, and what was seen ---- */

static uint64_t
mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static uint64_t
chance(struct yf_cuts *c)
{
    return mix(c->random += 0x9E3779B97F4A7C15);
}

static size_t
size_of(const struct yf_cuts *c)
{
    return (size_t)c->tape[0].flash.page * c->tape[0].flash.pages;
}

static uint64_t
hash_of(const uint8_t *p, size_t n, uint64_t h)
{
    for (size_t i = 0; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, sizeof w);
        h = (h ^ w) * 0x9FB21C651E98DF25;
        h ^= h >> 29;
    }
    return mix(h);
}

/* Was this judged already? Remembers it. */
static bool
known(struct yf_cuts *c, uint64_t h)
{
    size_t i = h & (SEEN_SLOTS - 1);

    if (c->n_seen > SEEN_SLOTS / 4 * 3) {
        memset(c->seen, 0, SEEN_SLOTS * sizeof *c->seen);
        c->n_seen = 0;
    }
    h |= 1;
    for (; c->seen[i]; i = (i + 1) & (SEEN_SLOTS - 1))
        if (c->seen[i] == h)
            return true;
    c->seen[i] = h;
    c->n_seen++;
    return false;
}

/* ---- operations, whole and torn ---- */

/* Up to which byte, and what becomes of the unit there. */
struct tear {
    uint32_t bytes;
    bool anything; // in the unit after these bytes; of a page, everywhere
};

static void
apply_torn(struct yf_cuts *c, const struct tape *t, const struct op *op, uint8_t *image,
           struct tear tear)
{
    uint32_t unit = t->flash.unit;

    if (op->kind == PROGRAM)
        memcpy(image + op->at, t->data + op->data, tear.bytes);
    else if (op->kind == ERASE)
        memset(image + op->at, 0xFF, tear.bytes);
    if (!tear.anything)
        return;
    if (op->kind == PROGRAM && tear.bytes < op->n)
        for (uint32_t i = tear.bytes; i < (tear.bytes & ~(unit - 1)) + unit; i++)
            image[op->at + i] = (uint8_t)(t->data[op->data + i] | chance(c));
    if (op->kind == ERASE)
        for (uint32_t i = 0; i < op->n; i++) {
            uint64_t r = chance(c);
            image[op->at + i] = (uint8_t)(tear.bytes ? image[op->at + i] | (r & r >> 8) : r);
        }
}

static void
apply(struct yf_cuts *c, const struct tape *t, const struct op *op, uint8_t *image)
{
    apply_torn(c, t, op, image, (struct tear){ op->n, false });
}

/* ---- judging ---- */

static void
fail(struct yf_cuts *c, const char *what, const char *how, unsigned level)
{
    if (c->err)
        return;
    c->err = YF_E_STATE;
    snprintf(c->report->failure, sizeof c->report->failure, "%s: %s at operation %u (%s)%s",
             c->scenario->name, what, c->at, how, level ? ", repair cut again" : "");
}

static yf_err
look(struct yf_cuts *c, const struct yf_flash *flash, struct state *s)
{
    yf_out o = yf_out_of(s->b, sizeof s->b);
    yf_err e = c->scenario->look(c->scenario->ctx, flash, &o);

    s->refused = e == YF_E_FORMAT && c->scenario->refusable;
    s->n = e ? 0 : o.n;
    return s->refused ? YF_OK : e ? e : o.err;
}

static bool
same(const struct state *a, const struct state *b)
{
    return a->refused == b->refused && a->n == b->n && memcmp(a->b, b->b, a->n) == 0;
}

/* The state before the change in progress, or after it; or none, where that may be. */
static bool
allowed(const struct yf_cuts *c, unsigned done, const struct state *seen)
{
    bool changing = done + 1 < c->n_states;

    return same(seen, &c->states[done]) ||
           (changing && (seen->refused || same(seen, &c->states[done + 1])));
}

// NOLINTBEGIN(misc-no-recursion): a repair is cut as what it repairs was, and that once.
static void cut_all(struct yf_cuts *c, unsigned level, unsigned done);

/* Power on with the memory in image[level], done changes acknowledged. */
static void
judge(struct yf_cuts *c, unsigned level, unsigned done, const char *how)
{
    struct tape *t = &c->tape[1];
    uint64_t h = hash_of(c->image[level], size_of(c), level + 2 * done);

    c->report->cuts++;
    c->report->second += level;
    if (c->err || known(c, h))
        return;
    c->report->images++;
    yf_flashram_load(&t->ram, c->image[level]);
    if (level == 0)
        tape_begin(t);
    yf_err e = look(c, level == 0 ? &t->flash : &t->ram.flash, &c->now);
    if (e)
        fail(c, yf_err_name(e), how, level);
    else if (!allowed(c, done, &c->now))
        fail(c, "a third state", how, level);
    else if (look(c, &t->ram.flash, &c->again) || !same(&c->now, &c->again))
        fail(c, "a second look sees something else", how, level);
    else if (c->scenario->more && c->scenario->more(c->scenario->ctx, &t->ram.flash))
        fail(c, "no further change", how, level);
    if (level == 0 && t->ops && (c->depth == YF_CUT_DEEP || (h >> 40) % 16 == 0)) {
        memcpy(c->solid[1], c->image[0], size_of(c));
        cut_all(c, 1, done);
    }
}

/* The operations first..last-1 that `chosen` names are done, and the last one up to the tear. */
static void
cut(struct yf_cuts *c, unsigned level, unsigned first, unsigned last, uint64_t chosen,
    struct tear tear, unsigned done, const char *how)
{
    struct tape *t = &c->tape[level];

    memcpy(c->image[level], c->solid[level], size_of(c));
    for (unsigned i = first; i < last; i++)
        if (i - first >= 64 || chosen >> (i - first) & 1)
            apply(c, t, &t->op[i], c->image[level]);
    if (last < t->ops)
        apply_torn(c, t, &t->op[last], c->image[level], tear);
    judge(c, level, done, how);
}

/* All that came before is done: the operation torn everywhere. */
static void
cut_in_order(struct yf_cuts *c, unsigned level, unsigned first, unsigned last, unsigned done)
{
    const struct tape *t = &c->tape[level];
    const struct op *op = &t->op[last];
    bool deep = c->depth == YF_CUT_DEEP;
    uint32_t step = level ? op->n / 2 : op->kind == ERASE && !deep ? 37 : 1;

    for (uint32_t i = 0; i <= op->n; i += step ? step : 1)
        cut(c, level, first, last, UINT64_MAX, (struct tear){ i, false }, done, "torn");
    step = op->kind == ERASE || level ? op->n / 4 : t->flash.unit;
    for (uint32_t i = 0; i < op->n; i += step ? step : 1)
        cut(c, level, first, last, UINT64_MAX, (struct tear){ i, true }, done, "half programmed");
}

/* What came before since the barrier is there in part. */
static void
cut_out_of_order(struct yf_cuts *c, unsigned level, unsigned first, unsigned last, unsigned done)
{
    const struct tape *t = &c->tape[level];
    uint32_t n = last < t->ops ? t->op[last].n : 0;
    unsigned before = last - first;
    unsigned all = c->depth == YF_CUT_DEEP && !level ? SUBSETS_DEEP : SUBSETS_QUICK;
    struct tear tears[] = { { 0, false }, { n / 2, false }, { n, false } };

    for (size_t k = 0; k < (n ? sizeof tears / sizeof *tears : 1); k++) {
        if (before <= all) {
            for (uint64_t set = 0; set < UINT64_C(1) << before; set++)
                cut(c, level, first, last, set, tears[k], done, "a subset");
            continue;
        }
        for (unsigned i = 0; i < before && i < 64; i++) {
            uint64_t one = UINT64_C(1) << i;
            cut(c, level, first, last, one - 1, tears[k], done, "the first ones");
            cut(c, level, first, last, ~one, tears[k], done, "one dropped");
            cut(c, level, first, last, one, tears[k], done, "one alone");
            for (unsigned j = 0; j < i && k == 0 && level == 0; j++)
                cut(c, level, first, last, one | UINT64_C(1) << j, tears[k], done, "two alone");
        }
    }
}

/* Each operation since the barrier is done, torn, or not begun. */
static void
cut_mixed(struct yf_cuts *c, unsigned level, unsigned first, unsigned last, unsigned done)
{
    const struct tape *t = &c->tape[level];

    memcpy(c->image[level], c->solid[level], size_of(c));
    for (unsigned i = first; i < last; i++) {
        const struct op *op = &t->op[i];
        uint64_t r = chance(c);
        uint32_t bytes = (uint32_t)(r >> 32) % (op->n + 1);
        if (r % 3)
            apply_torn(c, t, op, c->image[level],
                       (struct tear){ r % 3 == 1 ? op->n : bytes, r % 3 == 2 });
    }
    judge(c, level, done, "a mixture");
}

/* All cuts of what tape[level] holds, which began with the memory in solid[level]. */
static void
cut_all(struct yf_cuts *c, unsigned level, unsigned done)
{
    struct tape *t = &c->tape[level];
    unsigned first = 0, ops = t->ops, mixtures = level ? 1 : MIXTURES;

    for (unsigned i = 0; i <= ops && !c->err; i++) {
        unsigned acknowledged = level ? done : i < ops ? t->op[i].done : t->done;
        bool barrier = i < ops && t->op[i].kind == BARRIER;
        if (!level)
            c->at = i;
        cut_out_of_order(c, level, first, i, acknowledged);
        for (unsigned k = 0; k < mixtures && first < i; k++)
            cut_mixed(c, level, first, i, acknowledged);
        if (i == ops)
            break;
        if (!barrier) {
            cut_in_order(c, level, first, i, acknowledged);
            continue;
        }
        for (; first < i; first++)
            apply(c, t, &t->op[first], c->solid[level]);
        first = i + 1;
    }
}

// NOLINTEND(misc-no-recursion)

/* ---- a run ---- */

/* What is seen after each change, when nothing is cut. */
static yf_err
reference(struct yf_cuts *c)
{
    struct tape *t = &c->tape[0];
    yf_err e = YF_OK;
    unsigned i = 0;

    if (t->done >= YF_CUT_STATES)
        return YF_E_ROOM;
    memcpy(c->image[0], c->solid[0], size_of(c));
    for (; c->n_states <= t->done && !e; c->n_states++) {
        for (; i < t->ops && t->op[i].done < c->n_states; i++)
            apply(c, t, &t->op[i], c->image[0]);
        yf_flashram_load(&c->tape[1].ram, c->image[0]);
        e = look(c, &c->tape[1].ram.flash, &c->states[c->n_states]);
    }
    return e;
}

static yf_err
play(struct yf_cuts *c)
{
    const struct yf_cut_scenario *s = c->scenario;
    struct tape *t = &c->tape[0];
    yf_err e = s->setup ? s->setup(s->ctx, &t->flash) : YF_OK;

    memcpy(c->solid[0], t->ram.mem, size_of(c));
    tape_begin(t);
    if (!e)
        e = s->step(s->ctx, &t->flash, c);
    if (!e && t->full)
        e = YF_E_ROOM;
    if (!e)
        e = reference(c);
    if (e) {
        snprintf(c->report->failure, sizeof c->report->failure, "%s: does not run: %s", s->name,
                 yf_err_name(e));
        return e;
    }
    cut_all(c, 0, 0);
    return c->err;
}

static yf_err
allocate(struct yf_cuts *c)
{
    const struct yf_cut_scenario *s = c->scenario;
    uint32_t page = s->page ? s->page : 1024, pages = s->pages ? s->pages : 12;

    c->states = calloc(YF_CUT_STATES, sizeof *c->states);
    c->seen = calloc(SEEN_SLOTS, sizeof *c->seen);
    if (!c->states || !c->seen)
        return YF_E_ROOM;
    for (int i = 0; i < 2; i++) {
        c->solid[i] = malloc((size_t)page * pages);
        c->image[i] = malloc((size_t)page * pages);
        if (!c->solid[i] || !c->image[i] ||
            tape_open(&c->tape[i], page, pages, s->unit ? s->unit : 16))
            return YF_E_ROOM;
    }
    return YF_OK;
}

yf_err
yf_cuts_run(const struct yf_cut_scenario *scenario, enum yf_cut_depth depth,
            struct yf_cut_report *report)
{
    struct yf_cuts *c = calloc(1, sizeof *c);
    yf_err e = YF_E_ROOM;

    memset(report, 0, sizeof *report);
    if (!c)
        return e;
    c->scenario = scenario;
    c->depth = depth;
    c->report = report;
    if (!(e = allocate(c)))
        e = play(c);
    for (int i = 0; i < 2; i++) {
        yf_flashram_close(&c->tape[i].ram);
        free(c->tape[i].data);
        free(c->solid[i]);
        free(c->image[i]);
    }
    free(c->states);
    free(c->seen);
    free(c);
    return e;
}

enum yf_cut_depth
yf_cuts_depth(void)
{
    const char *depth = getenv("YUFU_CUTS");

    return depth && strcmp(depth, "deep") == 0 ? YF_CUT_DEEP : YF_CUT_QUICK;
}
