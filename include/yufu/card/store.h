/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - objects that survive a power cut, over flash.
 *
 * An object is up to YF_OBJ_MAX bytes under a 32-bit name (any but FFFFFFFF): the application that
 * owns it, what kind of thing it is, and a number. Objects change in
 * transactions: after a cut at any byte, all of a transaction is there or none
 * of it, and what commit has acknowledged is there for ever. One transaction at a
 * time; a change outside one is a transaction of its own.
 *
 * Nothing is guessed: memory whose checksums do not hold, where no cut can
 * explain it, is YF_E_FORMAT at open and the card stays mute. From the first change
 * that fails for the flash's sake on, every call answers YF_E_IO; opened again, the
 * store has that change or has it not.
 *
 * A struct yf_store is placed by its owner and keeps an index of all pieces in
 * memory; the flash keeps everything else. Freestanding.
 */
#ifndef YUFU_CARD_STORE_H
#define YUFU_CARD_STORE_H

#include <yufu/card/flash.h>
#include <yufu/card/limits.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t yf_obj;

/* What kinds of things there are; the kind is part of the name. */
enum yf_obj_kind {
    YF_OBJ_CARD, // of the card itself: serial, stage, the list of applications
    YF_OBJ_FILE, // what a file is: kind, identifiers, access
    YF_OBJ_BODY, // what a file holds
    YF_OBJ_PIN,  // a PIN or PUK with its counter
    YF_OBJ_KEY,  // a key
    YF_OBJ_DATA, // whatever else an application keeps
};

#define YF_OBJ(app, kind, number)                                                                  \
    ((yf_obj)((uint32_t)(app) << 24 | (uint32_t)(kind) << 16 | (uint32_t)(number)))

static inline uint8_t
yf_obj_app(yf_obj o)
{
    return (uint8_t)(o >> 24);
}

/* Where a piece of an object lies. Sorted by object and piece. */
struct yf_store_entry {
    yf_obj object;
    uint32_t at; // piece << 24 | flags << 21 | address / 16
};

struct yf_store {
    const struct yf_flash *flash; // borrowed
    yf_err broken;                // YF_OK, or why nothing goes any more

    /* The rest is the store's own business (docs/store.md, src/card/store_log.h). */
    uint32_t number;       // the next transaction's
    uint32_t print;        // fingerprint of all pieces in force
    uint32_t head, end;    // page being filled, NO_PAGE if none, and where its records end
    uint32_t marks;        // commit marks in it
    uint32_t n_free;       // erased pages
    uint32_t pieces, room; // promised to objects, and bytes of records still to be promised
    uint32_t pieces_before, room_before; // as it was before the open transaction
    uint16_t entries, changes;
    bool open; // a transaction is
    struct yf_store_entry entry[YF_STORE_PIECES + YF_STORE_TXN];
    struct yf_store_entry change[YF_STORE_TXN];
    uint8_t free_pages[YF_STORE_PAGES / 8];
};

/* Erase everything and begin anew, empty. */
YF_API YF_MUST yf_err yf_store_format(struct yf_store *s, const struct yf_flash *flash);

/*
 * Read the flash, finish or undo what a cut left, build the index.
 * YF_E_FORMAT if it is no store, of an unknown version, or damaged; YF_E_IO.
 */
YF_API YF_MUST yf_err yf_store_open(struct yf_store *s, const struct yf_flash *flash);

/* Bytes of an object; YF_E_NOTFOUND. Within a transaction, reading sees its changes. */
YF_API YF_MUST yf_err yf_store_size(const struct yf_store *s, yf_obj o, uint32_t *size);
/* n bytes from at on, all of them inside the object (else YF_E_SHORT). */
YF_API YF_MUST yf_err yf_store_read(const struct yf_store *s, yf_obj o, uint32_t at, uint8_t *to,
                                    size_t n);
/* The first object after `after` in order of name, for walking: start with YF_OBJ(app, kind, 0)-1.
 */
YF_API bool yf_store_next(const struct yf_store *s, yf_obj after, yf_obj *o);
/* Bytes that can still be stored, at least. */
YF_API uint32_t yf_store_room(const struct yf_store *s);
/* How often the least and the most worn page was erased. */
YF_API YF_MUST yf_err yf_store_wear(const struct yf_store *s, uint32_t *least, uint32_t *most);

/* YF_E_STATE if one is open. */
YF_API YF_MUST yf_err yf_store_begin(struct yf_store *s);
/* When it returns YF_OK the changes stand, whatever happens next. */
YF_API YF_MUST yf_err yf_store_commit(struct yf_store *s);
/* Forget the changes; harmless when nothing is open. */
YF_API void yf_store_abort(struct yf_store *s);

/*
 * Create an object of size bytes, all 00; YF_E_STATE if it is there, YF_E_ROOM if
 * there is no room for it (or for a transaction so large; what was open stays open).
 */
YF_API YF_MUST yf_err yf_store_create(struct yf_store *s, yf_obj o, uint32_t size);
/* Overwrite bytes at..at+n of an object; YF_E_NOTFOUND, YF_E_SHORT beyond its end, YF_E_ROOM. */
YF_API YF_MUST yf_err yf_store_write(struct yf_store *s, yf_obj o, uint32_t at, yf_span bytes);
/* Create with these bytes, or replace all of what is there, whatever its size. */
YF_API YF_MUST yf_err yf_store_put(struct yf_store *s, yf_obj o, yf_span bytes);
/* YF_E_NOTFOUND. What it held can no longer be read; its bytes go when the page does. */
YF_API YF_MUST yf_err yf_store_remove(struct yf_store *s, yf_obj o);

/*
 * Erase what was removed and overwritten: afterwards the flash holds no byte of an object but those
 * it has now. For the change of a key and the end of a card; it moves and erases up to
 * every page. YF_E_STATE within a transaction.
 */
YF_API YF_MUST yf_err yf_store_scrub(struct yf_store *s);

#ifdef __cplusplus
}
#endif

#endif
