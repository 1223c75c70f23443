/* SPDX-License-Identifier: Apache-2.0 */
#include "store_log.h"

#include <string.h>

static const uint8_t magic[4] = { 'Y', 'F', 'S', '1' };

/* ---- flash ---- */

yf_err
store_broken(struct yf_store *s, yf_err e)
{
    if (e && !s->broken)
        s->broken = YF_E_IO;
    return s->broken;
}

yf_err
store_get(const struct yf_store *s, uint32_t at, uint8_t *to, size_t n)
{
    return s->flash->read(s->flash->state, at, to, n) ? YF_E_IO : YF_OK;
}

yf_err
store_put(struct yf_store *s, uint32_t at, yf_span bytes)
{
    return store_broken(s, s->flash->program(s->flash->state, at, bytes));
}

yf_err
store_barrier(struct yf_store *s)
{
    return store_broken(s, s->flash->barrier(s->flash->state));
}

static bool
all_ff(const uint8_t *p, size_t n)
{
    uint8_t all = 0xFF;

    for (size_t i = 0; i < n; i++)
        all &= p[i];
    return all == 0xFF;
}

yf_err
store_blank(const struct yf_store *s, uint32_t at, uint32_t n, bool *blank)
{
    uint8_t b[256];
    yf_err e = YF_OK;

    *blank = true;
    for (uint32_t part; !e && *blank && n; at += part, n -= part) {
        part = store_min(n, sizeof b);
        if (!(e = store_get(s, at, b, part)))
            *blank = all_ff(b, part);
    }
    yf_wipe(b, sizeof b);
    return e;
}

/* ---- pages ---- */

bool
store_is_free(const struct yf_store *s, uint32_t page)
{
    return s->free_pages[page >> 3] >> (page & 7) & 1;
}

void
store_set_free(struct yf_store *s, uint32_t page, bool is)
{
    if (store_is_free(s, page) == is)
        return;
    s->free_pages[page >> 3] ^= (uint8_t)(1 << (page & 7));
    s->n_free += is ? 1 : (uint32_t)-1;
}

static void
head_bytes(const struct yf_store *s, uint32_t page, uint32_t erasures, uint8_t b[GRAIN])
{
    uint32_t size = (uint32_t)__builtin_ctz(s->flash->page) - 10;

    memcpy(b, magic, sizeof magic);
    yf_put_be32(b + 4, erasures);
    yf_put_be16(b + 8, (uint16_t)page);
    yf_put_be16(b + 10, (uint16_t)(size << 12 | s->flash->pages));
    yf_put_be32(b + 12, store_crc(page * s->flash->page, (yf_span){ b, 12 }));
}

yf_err
store_head_read(const struct yf_store *s, uint32_t page, uint32_t *erasures)
{
    uint8_t b[GRAIN], want[GRAIN];
    yf_err e = store_get(s, page * s->flash->page, b, sizeof b);

    if (e)
        return e;
    head_bytes(s, page, yf_be32(b + 4), want);
    if (memcmp(b, want, sizeof b) != 0)
        return YF_E_FORMAT;
    *erasures = yf_be32(b + 4);
    return YF_OK;
}

yf_err
store_head_write(struct yf_store *s, uint32_t page, uint32_t erasures)
{
    uint8_t b[GRAIN];

    head_bytes(s, page, erasures, b);
    return store_put(s, page * s->flash->page, YF_SPAN(b));
}

/* Bytes left for records in the page being filled, once a mark has its place. */
static uint32_t
head_left(const struct yf_store *s)
{
    uint32_t used = (s->end & (s->flash->page - 1)) + MARK * (s->marks + 2);

    return s->head == NO_PAGE || used >= s->flash->page ? 0 : s->flash->page - used;
}

/* Begin to fill the free page erased least often. */
static yf_err
next_head(struct yf_store *s)
{
    uint32_t best = NO_PAGE, least = UINT32_MAX, erasures;

    for (uint32_t page = 0; page < s->flash->pages; page++) {
        if (!store_is_free(s, page))
            continue;
        yf_err e = store_head_read(s, page, &erasures);
        if (e)
            return store_broken(s, e);
        if (best == NO_PAGE || erasures < least) {
            best = page;
            least = erasures;
        }
    }
    if (best == NO_PAGE)
        return YF_E_ROOM;
    store_set_free(s, best, false);
    s->head = best;
    s->end = best * s->flash->page + GRAIN;
    s->marks = 0;
    return YF_OK;
}

/* ---- records ---- */

static void
record_parse(const uint8_t b[GRAIN], struct store_record *r)
{
    uint32_t what = yf_be32(b + 12);

    r->crc = yf_be32(b);
    r->number = yf_be32(b + 4);
    r->object = yf_be32(b + 8);
    r->piece = (uint8_t)(what >> 24);
    r->flags = what >> 21 & 7;
    r->size = what & 0x1FFFFF;
}

/* Bytes after the head of a record. */
static uint32_t
record_bytes(const struct store_record *r)
{
    return (r->flags & (FLAG_ZERO | FLAG_GONE)) ? 0 : store_piece_size(r->size, r->piece);
}

/* Could the store have written this? */
static bool
record_sane(const struct store_record *r)
{
    bool flags = r->flags & FLAG_GONE ? r->flags == (FLAG_GONE | FLAG_WHOLE) && !r->size
                                      : !(r->flags & FLAG_WHOLE) || r->piece == 0;

    return flags && r->object != NO_OBJECT && r->size <= YF_OBJ_MAX &&
           r->piece < store_pieces(r->size);
}

static uint32_t
record_crc(const struct store_record *r, const uint8_t head[GRAIN], const uint8_t *bytes)
{
    return store_crc(store_crc(r->at, (yf_span){ head + 4, GRAIN - 4 }),
                     (yf_span){ bytes, record_bytes(r) });
}

yf_err
store_record_head(const struct yf_store *s, uint32_t at, struct store_record *r)
{
    uint8_t b[GRAIN];
    yf_err e = store_get(s, at + GRAIN, b, sizeof b);

    if (!e) {
        r->at = at;
        record_parse(b, r);
    }
    return e;
}

yf_err
store_record_read(const struct yf_store *s, const struct store_record *r,
                  uint8_t to[YF_STORE_PIECE])
{
    uint8_t head[GRAIN];
    yf_err e = store_get(s, r->at + GRAIN, head, sizeof head);

    memset(to, 0, YF_STORE_PIECE);
    if (!e)
        e = store_get(s, r->at + RECORD, to, record_bytes(r));
    return e ? e : record_crc(r, head, to) == r->crc ? YF_OK : YF_E_FORMAT;
}

yf_err
store_append(struct yf_store *s, struct store_record *r, const uint8_t *bytes)
{
    uint8_t b[RECORD_MAX - GRAIN];
    uint32_t n = record_bytes(r), space = store_space(n);
    yf_err e = YF_OK;

    if (head_left(s) < space && (e = next_head(s)))
        return e;
    r->at = s->end;
    r->number = s->number;
    yf_put_be32(b + 4, r->number);
    yf_put_be32(b + 8, r->object);
    yf_put_be32(b + 12, (uint32_t)r->piece << 24 | (uint32_t)r->flags << 21 | r->size);
    memset(b + GRAIN, 0xFF, sizeof b - GRAIN);
    if (n)
        memcpy(b + GRAIN, bytes, n);
    r->crc = record_crc(r, b, b + GRAIN);
    yf_put_be32(b, r->crc);
    e = store_put(s, s->end + GRAIN, (yf_span){ b, space - GRAIN });
    s->end += space;
    yf_wipe(b, sizeof b);
    return e;
}

yf_err
store_kill(struct yf_store *s, uint32_t at)
{
    static const uint8_t killed[GRAIN];
    bool blank;
    yf_err e = store_blank(s, at, GRAIN, &blank);

    if (e)
        return store_broken(s, e);
    return blank ? store_put(s, at, YF_SPAN(killed)) : YF_OK;
}

uint32_t
store_headroom(const struct yf_store *s)
{
    uint32_t fresh = s->n_free > SPARE ? s->n_free - SPARE : 0;

    return head_left(s) / RECORD_MAX + fresh * store_per_page(s->flash);
}

/* ---- marks ---- */

static uint32_t
mark_at(const struct yf_store *s, uint32_t page, uint32_t i)
{
    return (page + 1) * s->flash->page - MARK * (i + 1);
}

static bool
mark_parse(uint32_t at, const uint8_t b[GRAIN], struct store_mark *m)
{
    if (store_crc(at, (yf_span){ b, 12 }) != yf_be32(b + 12))
        return false;
    *m = (struct store_mark){ yf_be32(b), yf_be32(b + 4), yf_be16(b + 8) };
    return true;
}

/* ---- reading a page ---- */

yf_err
store_page_open(const struct yf_store *s, uint32_t page, struct store_page *p,
                struct store_mark *last)
{
    *p = (struct store_page){ .page = page, .at = page * s->flash->page + GRAIN };
    for (;; p->marks++) {
        uint8_t b[MARK];
        struct store_mark m, second;

        p->limit = mark_at(s, page, p->marks);
        if (p->limit < p->at)
            return YF_OK;
        yf_err e = store_get(s, p->limit, b, sizeof b);
        if (e || all_ff(b, sizeof b))
            return e;
        if (!last)
            continue;
        bool one = mark_parse(p->limit, b, &m);
        bool two = mark_parse(p->limit, b + GRAIN, one ? &second : &m);
        p->torn |= !one || !two;
        if ((one || two) && m.number >= last->number)
            *last = m;
    }
}

/* Is the rest of a page as it should be: erased? */
static yf_err
page_end(const struct yf_store *s, struct store_page *p)
{
    bool blank = true;
    yf_err e = p->at < p->limit ? store_blank(s, p->at, p->limit - p->at, &blank) : YF_OK;

    p->torn |= !blank;
    return e;
}

/* Is there a record at n->at? b is what comes before its bytes. */
static yf_err
sound_record(const struct yf_store *s, uint32_t limit, struct store_record *n, uint8_t b[RECORD],
             bool *sound)
{
    uint8_t bytes[YF_STORE_PIECE];
    yf_err e;

    *sound = false;
    if (limit < n->at + RECORD)
        return YF_OK;
    if ((e = store_get(s, n->at, b, RECORD)))
        return e;
    record_parse(b + GRAIN, n);
    if (!record_sane(n) || limit - n->at < store_space(record_bytes(n)))
        return YF_OK;
    if (!(e = store_get(s, n->at + RECORD, bytes, record_bytes(n))))
        *sound = record_crc(n, b + GRAIN, bytes) == n->crc;
    yf_wipe(bytes, record_bytes(n));
    return e;
}

yf_err
store_page_next(const struct yf_store *s, struct store_page *p, struct store_record *r,
                bool *killed, bool *more)
{
    uint8_t b[RECORD];
    struct store_record n = { .at = p->at };
    yf_err e;

    if ((e = sound_record(s, p->limit, &n, b, more)))
        return e;
    if (!*more)
        return page_end(s, p);
    *killed = !all_ff(b, GRAIN);
    for (int i = 0; i < GRAIN; i++)
        p->torn |= *killed && b[i] != 0;
    p->at += store_space(record_bytes(&n));
    *r = n;
    return YF_OK;
}

/* ---- writing a mark ---- */

/*
 * Where pages are scarce, a mark goes to any page that has two slots erased. For a cut in a
 * page begun for a mark alone would cost that page, and the next cut the next one.
 */
static yf_err
spare_slot(const struct yf_store *s, uint32_t victim, uint32_t *at)
{
    struct store_page p;
    struct store_record r;
    bool killed, more, blank = false;
    yf_err e = YF_OK;

    for (uint32_t page = 0; page < s->flash->pages && !e && !blank; page++) {
        if (page == victim || store_is_free(s, page))
            continue;
        e = store_page_open(s, page, &p, NULL);
        while (!e && !(e = store_page_next(s, &p, &r, &killed, &more)) && more)
            ;
        if (!e && p.at + MARK <= p.limit)
            e = store_blank(s, p.limit - MARK, 2 * MARK, &blank);
        *at = p.limit;
    }
    return e ? e : blank ? YF_OK : YF_E_ROOM;
}

/* The place of the next mark. */
static yf_err
slot(struct yf_store *s, uint32_t victim, uint32_t *at)
{
    bool fits = s->head != NO_PAGE &&
                (s->end & (s->flash->page - 1)) + MARK * (s->marks + 2) <= s->flash->page;
    yf_err e = YF_OK;

    if (!fits && s->n_free <= SPARE && spare_slot(s, victim, at) == YF_OK)
        return YF_OK;
    if (!fits)
        e = next_head(s);
    if (!e)
        *at = mark_at(s, s->head, s->marks++);
    return e;
}

yf_err
store_mark(struct yf_store *s, uint32_t victim)
{
    uint8_t b[MARK] = { 0 };
    uint32_t at = 0;
    yf_err e = slot(s, victim, &at);

    if (e || (e = store_barrier(s))) // what it commits
        return e;
    yf_put_be32(b, s->number++);
    yf_put_be32(b + 4, s->print);
    yf_put_be16(b + 8, (uint16_t)victim);
    yf_put_be32(b + 12, store_crc(at, (yf_span){ b, 12 }));
    memcpy(b + GRAIN, b, GRAIN);
    if ((e = store_put(s, at, YF_SPAN(b))))
        return e;
    return store_barrier(s); // the commitment
}
