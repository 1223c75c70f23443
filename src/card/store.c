/* SPDX-License-Identifier: Apache-2.0 */
#include "store_log.h"

#include <string.h>

/* ---- the index ---- */

uint32_t
store_find(const struct yf_store_entry *e, uint32_t n, yf_obj object, uint32_t piece)
{
    uint32_t low = 0;

    while (low < n) {
        uint32_t mid = (low + n) / 2;
        if (entry_before(e[mid], object, piece))
            low = mid + 1;
        else
            n = mid;
    }
    return low;
}

void
store_insert(struct yf_store_entry *e, uint16_t *n, uint32_t i, struct yf_store_entry new)
{
    memmove(e + i + 1, e + i, (*n - i) * sizeof *e);
    e[i] = new;
    ++*n;
}

/* The entry of a piece in a sorted list; NULL if it has none. */
static const struct yf_store_entry *
lookup(const struct yf_store_entry *e, uint32_t n, yf_obj object, uint32_t piece)
{
    uint32_t i = store_find(e, n, object, piece);

    return i < n && e[i].object == object && entry_piece(e[i]) == piece ? &e[i] : NULL;
}

/* Does the open transaction replace or remove all of an object? */
static bool
whole(const struct yf_store *s, yf_obj o)
{
    const struct yf_store_entry *c = lookup(s->change, s->changes, o, 0);

    return c && (entry_flags(*c) & FLAG_WHOLE);
}

/* What a piece is now, the open transaction included; NULL: nothing. */
static const struct yf_store_entry *
current(const struct yf_store *s, yf_obj o, uint32_t piece)
{
    const struct yf_store_entry *c = NULL;

    if (s->changes) {
        if ((c = lookup(s->change, s->changes, o, piece)))
            return entry_flags(*c) & FLAG_GONE ? NULL : c;
        if (whole(s, o))
            return NULL;
    }
    return lookup(s->entry, s->entries, o, piece);
}

/* ---- reading ---- */

yf_err
yf_store_size(const struct yf_store *s, yf_obj o, uint32_t *size)
{
    const struct yf_store_entry *first = current(s, o, 0);
    struct store_record r;

    if (s->broken || !first)
        return s->broken ? s->broken : YF_E_NOTFOUND;
    yf_err e = store_record_head(s, entry_at(*first), &r);
    if (!e)
        *size = r.size;
    return e;
}

static yf_err
read_piece(const struct yf_store *s, yf_obj o, uint32_t piece, uint32_t at, uint8_t *to, size_t n)
{
    const struct yf_store_entry *p = current(s, o, piece);

    if (p && !(entry_flags(*p) & FLAG_ZERO))
        return store_get(s, entry_at(*p) + RECORD + at, to, n);
    memset(to, 0, n);
    return YF_OK;
}

yf_err
yf_store_read(const struct yf_store *s, yf_obj o, uint32_t at, uint8_t *to, size_t n)
{
    uint32_t size;
    yf_err e = yf_store_size(s, o, &size);

    if (!e && (at > size || n > size - at))
        e = YF_E_SHORT;
    while (!e && n) {
        uint32_t inside = at % YF_STORE_PIECE;
        uint32_t part = store_min((uint32_t)n, YF_STORE_PIECE - inside);
        e = read_piece(s, o, at / YF_STORE_PIECE, inside, to, part);
        at += part;
        to += part;
        n -= part;
    }
    return e;
}

/* The least object above `after` that a sorted list names. */
static bool
next_in(const struct yf_store_entry *e, uint32_t n, yf_obj after, yf_obj *o)
{
    uint32_t i = store_find(e, n, after + 1, 0);

    if (i < n)
        *o = e[i].object;
    return i < n;
}

bool
yf_store_next(const struct yf_store *s, yf_obj after, yf_obj *o)
{
    for (;;) {
        yf_obj old = UINT32_MAX, new = UINT32_MAX;
        bool is_old = next_in(s->entry, s->entries, after, &old);
        bool is_new = next_in(s->change, s->changes, after, &new);
        if (s->broken || (!is_old && !is_new))
            return false;
        after = old < new ? old : new;
        if (current(s, after, 0))
            break;
    }
    *o = after;
    return true;
}

uint32_t
yf_store_room(const struct yf_store *s)
{
    uint32_t pieces = store_min(YF_STORE_PIECES - s->pieces, s->room / RECORD_MAX);

    return s->broken ? 0 : pieces * YF_STORE_PIECE;
}

yf_err
yf_store_wear(const struct yf_store *s, uint32_t *least, uint32_t *most)
{
    uint32_t low = UINT32_MAX, high = 0, erasures = 0;
    yf_err e = s->broken;

    for (uint32_t page = 0; !e && page < s->flash->pages; page++) {
        e = store_head_read(s, page, &erasures);
        low = store_min(low, erasures);
        high = erasures > high ? erasures : high;
    }
    if (!e) {
        *least = low;
        *most = high;
    }
    return e;
}

/* ---- transactions ---- */

yf_err
yf_store_begin(struct yf_store *s)
{
    if (s->broken || s->open)
        return s->broken ? s->broken : YF_E_STATE;
    yf_err e = store_make_room(s);
    if (e)
        return s->broken ? s->broken : e;
    s->pieces_before = s->pieces;
    s->room_before = s->room;
    s->open = true;
    return YF_OK;
}

void
yf_store_abort(struct yf_store *s)
{
    if (!s->open)
        return;
    for (uint32_t i = 0; i < s->changes && !s->broken; i++)
        store_broken(s, store_kill(s, entry_at(s->change[i])));
    s->pieces = s->pieces_before;
    s->room = s->room_before;
    s->changes = 0;
    s->open = false;
}

/* Is a piece replaced or removed by the open transaction? */
static bool
superseded(const struct yf_store *s, struct yf_store_entry e)
{
    return whole(s, e.object) || lookup(s->change, s->changes, e.object, entry_piece(e));
}

static yf_err
reprint(const struct yf_store *s, struct yf_store_entry e, uint32_t *print)
{
    struct store_record r;
    yf_err err = store_record_head(s, entry_at(e), &r);

    if (!err)
        *print ^= store_hash(r.crc);
    return err;
}

/* The fingerprint as it will be after the open transaction. */
static yf_err
print_after(const struct yf_store *s, uint32_t *print)
{
    yf_err e = YF_OK;

    *print = s->print;
    for (uint32_t i = 0; i < s->entries && !e; i++)
        if (superseded(s, s->entry[i]))
            e = reprint(s, s->entry[i], print);
    for (uint32_t i = 0; i < s->changes && !e; i++)
        if (!(entry_flags(s->change[i]) & FLAG_GONE))
            e = reprint(s, s->change[i], print);
    return e;
}

/* The mark stands: what was replaced is killed, and the index says what holds now. */
static yf_err
settle(struct yf_store *s)
{
    uint16_t kept = 0;
    yf_err e = YF_OK;

    for (uint32_t i = 0; i < s->entries; i++)
        if (!superseded(s, s->entry[i]))
            s->entry[kept++] = s->entry[i];
        else if (!e)
            e = store_kill(s, entry_at(s->entry[i]));
    s->entries = kept;
    for (uint32_t i = 0; i < s->changes; i++) {
        struct yf_store_entry c = s->change[i];
        if (!(entry_flags(c) & FLAG_GONE))
            store_insert(s->entry, &s->entries,
                         store_find(s->entry, s->entries, c.object, entry_piece(c)), c);
    }
    return e;
}

yf_err
yf_store_commit(struct yf_store *s)
{
    if (s->broken || !s->open)
        return s->broken ? s->broken : YF_E_STATE;
    yf_err e = YF_OK;
    if (s->changes) {
        if (!(e = print_after(s, &s->print)) && !(e = store_mark(s, NO_PAGE)))
            e = settle(s);
        store_broken(s, e);
    }
    s->changes = 0;
    s->open = false;
    return e;
}

/* ---- changes ---- */

/* A change outside a transaction is one of its own. */
static yf_err
enter(struct yf_store *s, bool *own)
{
    *own = !s->open;
    return s->open ? s->broken : yf_store_begin(s);
}

static yf_err
leave(struct yf_store *s, bool own, yf_err e)
{
    if (e == YF_E_IO)
        store_broken(s, e);
    if (own && !e)
        return yf_store_commit(s);
    if (own)
        yf_store_abort(s);
    return e;
}

/* Changes of the open transaction to one object. */
static uint32_t
changes_of(const struct yf_store *s, yf_obj o)
{
    uint32_t first = store_find(s->change, s->changes, o, 0), i = first;

    while (i < s->changes && s->change[i].object == o)
        i++;
    return i - first;
}

static yf_err
forget(struct yf_store *s, yf_obj o)
{
    uint32_t first = store_find(s->change, s->changes, o, 0), n = changes_of(s, o);
    yf_err e = YF_OK;

    for (uint32_t i = first; i < first + n && !e; i++)
        e = store_kill(s, entry_at(s->change[i]));
    s->changes = (uint16_t)(s->changes - n);
    memmove(s->change + first, s->change + first + n, (s->changes - first) * sizeof *s->change);
    return e;
}

/* Can n more records be written, that replace `instead` of the transaction's changes? */
static yf_err
has_room(const struct yf_store *s, uint32_t n, uint32_t instead)
{
    return s->changes - instead + n > YF_STORE_TXN || n > store_headroom(s) ? YF_E_ROOM : YF_OK;
}

/* One piece as it will be; the room for it was asked for. */
static yf_err
change(struct yf_store *s, struct store_record *r, const uint8_t *bytes)
{
    uint32_t i = store_find(s->change, s->changes, r->object, r->piece);
    bool again =
        i < s->changes && s->change[i].object == r->object && entry_piece(s->change[i]) == r->piece;
    yf_err e;

    if (again)
        r->flags |= entry_flags(s->change[i]) & FLAG_WHOLE;
    if ((e = store_append(s, r, bytes)))
        return e;
    if (!again) {
        store_insert(s->change, &s->changes, i, store_entry(r));
        return YF_OK;
    }
    e = store_kill(s, entry_at(s->change[i]));
    s->change[i] = store_entry(r);
    return e;
}

/* An object of this size comes in place of what is there. */
static yf_err
promise(struct yf_store *s, yf_obj o, uint32_t size)
{
    uint32_t pieces = s->pieces, room = s->room, old;
    yf_err e = yf_store_size(s, o, &old);

    if (!e) {
        pieces -= store_pieces(old);
        room += store_space_of(old);
    } else if (e != YF_E_NOTFOUND) {
        return e;
    }
    if (o == NO_OBJECT)
        return YF_E_FORMAT;
    if (size > YF_OBJ_MAX || pieces + store_pieces(size) > YF_STORE_PIECES ||
        store_space_of(size) > room)
        return YF_E_ROOM;
    s->pieces = pieces + store_pieces(size);
    s->room = room - store_space_of(size);
    return YF_OK;
}

static yf_err
create(struct yf_store *s, yf_obj o, uint32_t size)
{
    struct store_record r = { .object = o, .flags = FLAG_ZERO | FLAG_WHOLE, .size = size };
    yf_err e = has_room(s, 1, changes_of(s, o));

    if (current(s, o, 0))
        e = YF_E_STATE;
    if (!e)
        e = promise(s, o, size);
    return e ? e : change(s, &r, NULL);
}

yf_err
yf_store_create(struct yf_store *s, yf_obj o, uint32_t size)
{
    bool own;
    yf_err e = enter(s, &own);

    return e ? e : leave(s, own, create(s, o, size));
}

/* Part of a piece: the rest stays. */
static yf_err
patch(struct yf_store *s, struct store_record *r, uint32_t inside, yf_span bytes)
{
    uint8_t b[YF_STORE_PIECE] = { 0 };
    const struct yf_store_entry *old = current(s, r->object, r->piece);
    struct store_record was;
    yf_err e = YF_OK;

    if (old) {
        if (!(e = store_record_head(s, entry_at(*old), &was)))
            e = store_record_read(s, &was, b);
        e = store_broken(s, e);
    }
    if (!e) {
        memcpy(b + inside, bytes.p, bytes.n);
        e = change(s, r, b);
    }
    yf_wipe(b, sizeof b);
    return e;
}

/* Pieces of at..at+n the open transaction has changed already. */
static uint32_t
changed_in(const struct yf_store *s, yf_obj o, uint32_t first, uint32_t last)
{
    return store_find(s->change, s->changes, o, last + 1) -
           store_find(s->change, s->changes, o, first);
}

static yf_err
write(struct yf_store *s, yf_obj o, uint32_t at, yf_span bytes)
{
    uint32_t size, first = at / YF_STORE_PIECE;
    yf_err e = yf_store_size(s, o, &size);

    if (!e && (at > size || bytes.n > size - at))
        e = YF_E_SHORT;
    if (e || !bytes.n)
        return e;
    uint32_t last = (at + (uint32_t)bytes.n - 1) / YF_STORE_PIECE;
    e = has_room(s, last - first + 1, changed_in(s, o, first, last));
    while (!e && bytes.n) {
        struct store_record r = { .object = o,
                                  .piece = (uint8_t)(at / YF_STORE_PIECE),
                                  .size = size };
        uint32_t inside = at % YF_STORE_PIECE;
        uint32_t part = store_min((uint32_t)bytes.n, YF_STORE_PIECE - inside);
        e = patch(s, &r, inside, (yf_span){ bytes.p, part });
        bytes = (yf_span){ bytes.p + part, bytes.n - part };
        at += part;
    }
    return e;
}

yf_err
yf_store_write(struct yf_store *s, yf_obj o, uint32_t at, yf_span bytes)
{
    bool own;
    yf_err e = enter(s, &own);

    return e ? e : leave(s, own, write(s, o, at, bytes));
}

static yf_err
put(struct yf_store *s, yf_obj o, yf_span bytes)
{
    if (bytes.n > YF_OBJ_MAX)
        return YF_E_ROOM;
    struct store_record r = { .object = o, .flags = FLAG_WHOLE, .size = (uint32_t)bytes.n };
    uint32_t pieces = store_pieces(r.size);
    yf_err e = has_room(s, pieces, changes_of(s, o));

    if (!e)
        e = promise(s, o, r.size);
    if (!e)
        e = forget(s, o);
    for (uint32_t i = 0; i < pieces && !e; i++) {
        r.piece = (uint8_t)i;
        e = change(s, &r, bytes.n ? bytes.p + i * YF_STORE_PIECE : NULL);
        r.flags = 0;
    }
    return e;
}

yf_err
yf_store_put(struct yf_store *s, yf_obj o, yf_span bytes)
{
    bool own;
    yf_err e = enter(s, &own);

    return e ? e : leave(s, own, put(s, o, bytes));
}

static yf_err
drop(struct yf_store *s, yf_obj o)
{
    struct store_record r = { .object = o, .flags = FLAG_GONE | FLAG_WHOLE };
    bool kept = lookup(s->entry, s->entries, o, 0);
    uint32_t size;
    yf_err e = yf_store_size(s, o, &size);

    if (!e)
        e = has_room(s, kept, changes_of(s, o));
    if (!e)
        e = forget(s, o);
    if (e)
        return e;
    s->pieces -= store_pieces(size);
    s->room += store_space_of(size);
    return kept ? change(s, &r, NULL) : YF_OK;
}

yf_err
yf_store_remove(struct yf_store *s, yf_obj o)
{
    bool own;
    yf_err e = enter(s, &own);

    return e ? e : leave(s, own, drop(s, o));
}
