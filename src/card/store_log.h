/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_log - how the store lies in flash. Why it is safe stands in docs/store.md.
 *
 * A page, in grains of 16 bytes, integers big-endian:
 *
 *      | head | record | record | ... erased ... | mark | mark |
 *
 *   head     'YFS1', erasures of this page, its number (2), geometry (2), CRC. A page that
 *            holds this alone is free.
 *   record   a grain of its own, erased as long as the record is not killed, then
 *            CRC, number of its transaction, object, piece << 24 | flags << 21 | size of
 *            the object; then the bytes of the piece, padded to grains
 *   mark     16 bytes, twice: number of a transaction, fingerprint of all pieces in force after
 *            it, page it empties (2) or FFFF, 0000, CRC
 *
 * Records grow upwards, marks downwards from the end of the page, and one erased
 * mark always stays between them. A CRC begins with the address of what it guards.
 *
 * The last mark is the state. In force is every record that is not killed, not of a
 * later transaction, and not in the page the last mark empties; where the last
 * transaction replaces older records, they are not in force any more.
 */
#ifndef YUFU_CARD_STORE_LOG_H
#define YUFU_CARD_STORE_LOG_H

#include <yufu/card/store.h>

enum {
    GRAIN = 16,
    MARK = 2 * GRAIN,
    RECORD = 2 * GRAIN, // before the bytes of a piece
    RECORD_MAX = RECORD + YF_STORE_PIECE,
    NO_PAGE = 0xFFFF,
    SPARE =
        2, // pages no transaction takes: one to move to, and one more because a cut can spoil that
};

#define NO_OBJECT UINT32_MAX // before the first, for yf_store_next

/* Flags of a record. */
enum {
    FLAG_ZERO = 1,  // the piece is all 00, and no bytes follow
    FLAG_WHOLE = 2, // with its transaction nothing older of the object counts any more
    FLAG_GONE = 4,  // the object is removed; no bytes follow; comes with FLAG_WHOLE
};

struct store_record {
    uint32_t at; // address of the grain before it
    uint32_t crc, number;
    yf_obj object;
    uint8_t piece, flags;
    uint32_t size; // of the object
};

struct store_mark {
    uint32_t number, print, victim;
};

/* A page as it is read. */
struct store_page {
    uint32_t page, at, limit; // its number, the next record, and where no record can be any more
    uint32_t marks;           // slots used
    bool torn;                // something in it only a cut explains
};

/* ---- pure ---- */

uint32_t store_crc(uint32_t at, yf_span bytes);
uint32_t store_hash(uint32_t crc);

static inline uint32_t
store_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Pieces of an object of so many bytes: at least one, which says that it is there. */
static inline uint32_t
store_pieces(uint32_t size)
{
    return size <= YF_STORE_PIECE ? 1 : (size + YF_STORE_PIECE - 1) / YF_STORE_PIECE;
}

/* Bytes of a piece. */
static inline uint32_t
store_piece_size(uint32_t size, uint32_t piece)
{
    return store_min(size - piece * YF_STORE_PIECE, YF_STORE_PIECE);
}

/* Bytes of flash a record of n bytes takes. */
static inline uint32_t
store_space(uint32_t n)
{
    return RECORD + ((n + GRAIN - 1) & ~(uint32_t)(GRAIN - 1));
}

static inline struct yf_store_entry
store_entry(const struct store_record *r)
{
    return (struct yf_store_entry){ r->object, (uint32_t)r->piece << 24 | (uint32_t)r->flags << 21 |
                                                   r->at / GRAIN };
}

static inline uint32_t
entry_piece(struct yf_store_entry e)
{
    return e.at >> 24;
}

static inline uint32_t
entry_flags(struct yf_store_entry e)
{
    return e.at >> 21 & 7;
}

static inline uint32_t
entry_at(struct yf_store_entry e)
{
    return (e.at & 0x1FFFFF) * GRAIN;
}

static inline bool
entry_before(struct yf_store_entry a, yf_obj object, uint32_t piece)
{
    return a.object != object ? a.object < object : entry_piece(a) < piece;
}

/* ---- store_log.c: flash, records, marks. The first failure breaks the store. ---- */

yf_err store_broken(struct yf_store *s, yf_err e);
yf_err store_get(const struct yf_store *s, uint32_t at, uint8_t *to, size_t n);
yf_err store_put(struct yf_store *s, uint32_t at, yf_span bytes);
yf_err store_barrier(struct yf_store *s);
/* Are n bytes erased? */
yf_err store_blank(const struct yf_store *s, uint32_t at, uint32_t n, bool *blank);

bool store_is_free(const struct yf_store *s, uint32_t page);
void store_set_free(struct yf_store *s, uint32_t page, bool is);
/* The address of a page is shifts and not a multiplication: pages are powers of two. */
static inline uint32_t
store_page_of(const struct yf_store *s, uint32_t at)
{
    return at >> __builtin_ctz(s->flash->page);
}

/* Erasures of a page; YF_E_FORMAT if its head is not sound. */
yf_err store_head_read(const struct yf_store *s, uint32_t page, uint32_t *erasures);
yf_err store_head_write(struct yf_store *s, uint32_t page, uint32_t erasures);

/* The head of a record whose entry is known to be sound. */
yf_err store_record_head(const struct yf_store *s, uint32_t at, struct store_record *r);
/* The bytes of a piece; YF_E_FORMAT if its checksum does not hold. */
yf_err store_record_read(const struct yf_store *s, const struct store_record *r,
                         uint8_t to[YF_STORE_PIECE]);
/* Append one; r->at and r->crc are filled in. n bytes unless its flags say none. */
yf_err store_append(struct yf_store *s, struct store_record *r, const uint8_t *bytes);
/* A record that is killed does not count. Harmless if it is. */
yf_err store_kill(struct yf_store *s, uint32_t at);
/* The mark of transaction s->number, with the barriers around it; the number goes up. */
yf_err store_mark(struct yf_store *s, uint32_t victim);

/*
 * Look at a page's marks: the last sound one, if it is later than *last, goes there. With NULL they
 * are only counted.
 */
yf_err store_page_open(const struct yf_store *s, uint32_t page, struct store_page *p,
                       struct store_mark *last);
/* The next record; *r unchanged and *more false at the end, where p->torn is settled. */
yf_err store_page_next(const struct yf_store *s, struct store_page *p, struct store_record *r,
                       bool *killed, bool *more);

/* Full records in memory that can be appended by the open transaction. */
uint32_t store_headroom(const struct yf_store *s);

/* ---- store.c: the index ---- */

/* Where an entry is or belongs. */
uint32_t store_find(const struct yf_store_entry *e, uint32_t n, yf_obj object, uint32_t piece);
void store_insert(struct yf_store_entry *e, uint16_t *n, uint32_t i, struct yf_store_entry new);

/* ---- store_gc.c ---- */

/* What a geometry allows: pages kept for a transaction, full records a page surely takes. */
uint32_t store_txn_pages(const struct yf_flash *f);
uint32_t store_per_page(const struct yf_flash *f);
/* Bytes of records that can be in force. */
uint32_t store_capacity(const struct yf_flash *f);

/* Bytes of flash all pieces of an object can take. */
uint32_t store_space_of(uint32_t size);

uint32_t store_most_erased(const struct yf_store *s);
uint32_t store_live(const struct yf_store *s, uint32_t page);
/* Move what is in force out of a page, commit that, erase it. */
yf_err store_collect(struct yf_store *s, uint32_t page);
/* Does a page hold what only a cut explains, or records that are not in force? */
yf_err store_survey(const struct yf_store *s, uint32_t page, bool *torn, bool *dead);
/* Erase a page nothing counts in any more, and count that. */
yf_err store_erase(struct yf_store *s, uint32_t page);
/* Collect until a transaction of YF_STORE_TXN pieces has room. */
yf_err store_make_room(struct yf_store *s);

#endif
