/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening: find the last mark, gather what is in force, compare that with the mark's fingerprint,
 * and only then write: finish what a cut interrupted, and make firm what it left undecided.
 */
#include "store_log.h"

#include <string.h>

struct opening {
    struct store_mark last;
    uint32_t last_page;            // where it lies
    yf_obj replaced[YF_STORE_TXN]; // objects the last transaction replaced as a whole
    uint32_t n_replaced;
    bool loose; // records to kill
    bool torn;  // pages to collect
};

static bool
geometry(const struct yf_flash *f)
{
    return f->page >= 1024 && f->page <= 65536 && (f->page & (f->page - 1)) == 0 && f->pages >= 8 &&
           f->pages <= YF_STORE_PAGES && f->page * f->pages <= (32u << 20) && f->unit &&
           f->unit <= GRAIN && (f->unit & (f->unit - 1)) == 0;
}

static yf_err
start(struct yf_store *s, const struct yf_flash *flash)
{
    memset(s, 0, sizeof *s);
    s->flash = flash;
    s->head = NO_PAGE;
    s->broken = geometry(flash) ? YF_OK : YF_E_FORMAT;
    return s->broken;
}

/* ---- gathering ---- */

static yf_err
find_last(const struct yf_store *s, struct opening *o)
{
    struct store_page p;
    yf_err e = YF_OK;

    for (uint32_t page = 0; page < s->flash->pages && !e; page++) {
        uint32_t number = o->last.number;
        e = store_page_open(s, page, &p, &o->last);
        o->torn |= p.torn;
        if (o->last.number != number)
            o->last_page = page;
    }
    return e ? e : o->last.number ? YF_OK : YF_E_FORMAT;
}

/* Two records of one piece: the older one is still to be killed. */
static yf_err
newer(const struct yf_store *s, struct yf_store_entry *have, const struct store_record *r)
{
    struct store_record other;
    yf_err e = store_record_head(s, entry_at(*have), &other);

    if (!e && other.number == r->number)
        e = YF_E_FORMAT;
    if (!e && other.number < r->number)
        *have = store_entry(r);
    return e;
}

static yf_err
gather_record(struct yf_store *s, struct opening *o, const struct store_record *r)
{
    bool last = r->number == o->last.number;
    uint32_t i = store_find(s->entry, s->entries, r->object, r->piece);

    if (r->number > o->last.number) {
        o->loose = true;
        return YF_OK;
    }
    if (last && (r->flags & FLAG_WHOLE)) {
        if (o->n_replaced == YF_STORE_TXN)
            return YF_E_FORMAT;
        o->replaced[o->n_replaced++] = r->object;
    }
    if (r->flags & FLAG_GONE)
        return YF_OK;
    if (i < s->entries && s->entry[i].object == r->object && entry_piece(s->entry[i]) == r->piece) {
        o->loose = true;
        return newer(s, &s->entry[i], r);
    }
    if (s->entries == YF_STORE_PIECES + YF_STORE_TXN)
        return YF_E_FORMAT;
    store_insert(s->entry, &s->entries, i, store_entry(r));
    return YF_OK;
}

static yf_err
gather_page(struct yf_store *s, struct opening *o, uint32_t page)
{
    struct store_page p;
    struct store_record r;
    bool killed, more;
    uint32_t erasures, start = page * s->flash->page + GRAIN;
    yf_err e = store_head_read(s, page, &erasures);

    if (!e)
        e = store_page_open(s, page, &p, NULL);
    while (!e && !(e = store_page_next(s, &p, &r, &killed, &more)) && more)
        if (!killed)
            e = gather_record(s, o, &r);
    if (e)
        return e;
    o->torn |= p.torn;
    if (p.at == start && !p.marks && !p.torn)
        store_set_free(s, page, true);
    return YF_OK;
}

/* Every page is accounted for: a store that lacks one might lack the last mark as well. */
static yf_err
gather(struct yf_store *s, struct opening *o)
{
    yf_err e = YF_OK;

    for (uint32_t page = 0; page < s->flash->pages && !e; page++)
        if (page != o->last.victim)
            e = gather_page(s, o, page);
    return e;
}

/* What the last transaction replaced as a whole, and a cut left unkilled, goes from the index. */
static yf_err
leave_out(struct yf_store *s, struct opening *o, yf_obj object)
{
    uint16_t kept = 0;
    yf_err e = YF_OK;

    for (uint32_t i = 0; i < s->entries && !e; i++) {
        struct store_record r = { .number = o->last.number };
        if (s->entry[i].object == object)
            e = store_record_head(s, entry_at(s->entry[i]), &r);
        if (r.number == o->last.number)
            s->entry[kept++] = s->entry[i];
        else
            o->loose = true;
    }
    s->entries = kept;
    return e;
}

/* Pieces of one object agree on its size, the first is there, and the fingerprint is the mark's. */
static yf_err
audit(struct yf_store *s, const struct opening *o)
{
    struct store_record first = { .object = NO_OBJECT }, r;

    s->room = store_capacity(s->flash);
    for (uint32_t i = 0; i < s->entries; i++) {
        yf_err e = store_record_head(s, entry_at(s->entry[i]), &r);
        if (e)
            return e;
        s->print ^= store_hash(r.crc);
        if (r.object == first.object && r.size == first.size)
            continue;
        if (r.object == first.object || r.piece != 0 || store_space_of(r.size) > s->room)
            return YF_E_FORMAT;
        first = r;
        s->pieces += store_pieces(r.size);
        s->room -= store_space_of(r.size);
    }
    return s->print == o->last.print && s->pieces <= YF_STORE_PIECES ? YF_OK : YF_E_FORMAT;
}

/* ---- finishing ---- */

/*
 * Kill what is not in force. But what says that an object is removed must outlive what it removes,
 * and does nobody harm afterwards.
 */
static yf_err
kill_loose(struct yf_store *s, const struct opening *o, uint32_t page)
{
    struct store_page p;
    struct store_record r;
    bool killed, more;
    yf_err e = store_page_open(s, page, &p, NULL);

    while (!e && !(e = store_page_next(s, &p, &r, &killed, &more)) && more) {
        uint32_t i = store_find(s->entry, s->entries, r.object, r.piece);
        if (r.flags & FLAG_GONE && r.number <= o->last.number)
            continue;
        if (!killed && (i == s->entries || entry_at(s->entry[i]) != r.at))
            e = store_kill(s, r.at);
    }
    return e;
}

/* The page the last mark lies in goes on being filled, if it is as it should be. */
static yf_err
find_head(struct yf_store *s, const struct opening *o)
{
    struct store_mark last = { 0 };
    struct store_page p;
    struct store_record r;
    bool killed, more;
    yf_err e = store_page_open(s, o->last_page, &p, &last);

    while (!e && !(e = store_page_next(s, &p, &r, &killed, &more)) && more)
        ;
    if (e || p.torn)
        return e;
    s->head = o->last_page;
    s->end = p.at;
    s->marks = p.marks;
    return YF_OK;
}

/*
 * Pages with nothing in force first: they cost nothing, and what they give may be needed. Where
 * free pages are few, such pages go that are not torn as well: they may be all that is left of
 * repairs that were cut.
 */
static yf_err
collect_torn(struct yf_store *s, bool empty)
{
    yf_err e = YF_OK;
    bool torn, dead;

    for (uint32_t page = 0; page < s->flash->pages && !e; page++) {
        if (store_is_free(s, page) || (store_live(s, page) == 0) != empty)
            continue;
        e = store_survey(s, page, &torn, &dead);
        if (!e && (torn || (empty && s->n_free < SPARE)))
            e = store_collect(s, page);
    }
    return e;
}

/* The page the last mark empties: is it erased, and has its head? */
static yf_err
empty_victim(struct yf_store *s, uint32_t victim)
{
    uint32_t erasures, start = victim * s->flash->page;
    bool blank;

    if (victim >= s->flash->pages)
        return YF_OK;
    yf_err e = store_blank(s, start + GRAIN, s->flash->page - GRAIN, &blank);
    if (e || !blank || store_head_read(s, victim, &erasures))
        return e ? e : store_erase(s, victim);
    store_set_free(s, victim, true);
    return YF_OK;
}

/*
 * A torn mark or record may read otherwise the next time. So pages with such are emptied and
 * erased, under numbers above any that a torn mark can have.
 */
static yf_err
finish(struct yf_store *s, const struct opening *o)
{
    yf_err e = empty_victim(s, o->last.victim);

    if (!e && !s->n_free) // no store of ours is ever so full
        e = YF_E_FORMAT;
    s->number = o->last.number + (o->loose || o->torn ? 2 : 1);
    for (uint32_t page = 0; o->loose && page < s->flash->pages && !e; page++)
        e = kill_loose(s, o, page);
    if (!e)
        e = find_head(s, o);
    if (o->torn && !e)
        e = collect_torn(s, true);
    if (o->torn && !e)
        e = collect_torn(s, false);
    return e;
}

yf_err
yf_store_open(struct yf_store *s, const struct yf_flash *flash)
{
    struct opening o = { 0 };
    yf_err e = start(s, flash);

    if (!e)
        e = find_last(s, &o);
    if (!e)
        e = gather(s, &o);
    for (uint32_t i = 0; i < o.n_replaced && !e; i++)
        e = leave_out(s, &o, o.replaced[i]);
    if (!e)
        e = audit(s, &o);
    if (!e)
        e = finish(s, &o);
    if (e)
        s->broken = e == YF_E_IO ? YF_E_IO : YF_E_FORMAT;
    return s->broken;
}

/* ---- formatting ---- */

/*
 * All pages are erased before the first gets a head: in between there is no store, and never an
 * older one.
 */
yf_err
yf_store_format(struct yf_store *s, const struct yf_flash *flash)
{
    uint32_t erasures;
    yf_err e = start(s, flash);

    if (e)
        return e;
    erasures = store_most_erased(s) + 1;
    for (uint32_t page = 0; page < flash->pages && !e; page++)
        e = store_broken(s, flash->erase(flash->state, page));
    if (!e)
        e = store_barrier(s); // nothing of before
    for (uint32_t page = 0; page < flash->pages && !e; page++) {
        e = store_head_write(s, page, erasures);
        store_set_free(s, page, true);
    }
    s->number = 1;
    if (!e)
        e = store_mark(s, NO_PAGE);
    return e ? e : yf_store_open(s, flash);
}
