/* SPDX-License-Identifier: Apache-2.0 */
/* Room is made by moving what is in force out of a page and erasing it. */
#include "store_log.h"

/* ---- what a geometry allows ---- */

/* Bytes for records in a page that takes one mark. */
static uint32_t
page_bytes(const struct yf_flash *f)
{
    return f->page - GRAIN - 2 * MARK;
}

uint32_t
store_per_page(const struct yf_flash *f)
{
    return page_bytes(f) / RECORD_MAX;
}

uint32_t
store_txn_pages(const struct yf_flash *f)
{
    uint32_t n = 1, most = (f->pages - SPARE - 1) / 2;

    while (n * store_per_page(f) < YF_STORE_TXN && n < most)
        n++;
    return n;
}

/*
 * A page that is left because a record did not fit holds at least page_bytes - RECORD_MAX + 1.
 * An eighth less, and moving the emptiest page always gains an eighth of a page.
 */
uint32_t
store_capacity(const struct yf_flash *f)
{
    uint32_t pages = f->pages - store_txn_pages(f) - SPARE - 1;
    uint32_t bytes = pages * (page_bytes(f) - RECORD_MAX + 1);

    return bytes - bytes / 8;
}

uint32_t
store_space_of(uint32_t size)
{
    uint32_t last = size % YF_STORE_PIECE;

    return size / YF_STORE_PIECE * RECORD_MAX + (last || !size ? store_space(last) : 0);
}

/* ---- wear ---- */

uint32_t
store_most_erased(const struct yf_store *s)
{
    uint32_t most = 0, n;

    for (uint32_t page = 0; page < s->flash->pages; page++)
        if (store_head_read(s, page, &n) == YF_OK && n > most)
            most = n;
    return most;
}

yf_err
store_erase(struct yf_store *s, uint32_t page)
{
    uint32_t erasures;

    if (store_head_read(s, page, &erasures))
        erasures = store_most_erased(s); // lost in a cut: rather too many
    if (store_broken(s, s->flash->erase(s->flash->state, page)) ||
        store_head_write(s, page, erasures + 1))
        return s->broken;
    store_set_free(s, page, true);
    return YF_OK;
}

/* ---- collecting ---- */

static bool
lies_in(const struct yf_store *s, struct yf_store_entry e, uint32_t page)
{
    return store_page_of(s, entry_at(e)) == page;
}

uint32_t
store_live(const struct yf_store *s, uint32_t page)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->entries; i++)
        n += lies_in(s, s->entry[i], page);
    return n;
}

/* The same piece, in the page being filled. */
static yf_err
move(struct yf_store *s, struct yf_store_entry *at)
{
    uint8_t bytes[YF_STORE_PIECE];
    struct store_record r;
    yf_err e;

    if ((e = store_record_head(s, entry_at(*at), &r)))
        goto out;
    if ((e = store_record_read(s, &r, bytes)))
        goto out;
    s->print ^= store_hash(r.crc);
    r.flags &= FLAG_ZERO;
    if ((e = store_append(s, &r, bytes)))
        goto out;
    s->print ^= store_hash(r.crc);
    *at = store_entry(&r);
out:
    yf_wipe(bytes, sizeof bytes);
    return e;
}

yf_err
store_collect(struct yf_store *s, uint32_t page)
{
    yf_err e = YF_OK;

    if (s->head == page)
        s->head = NO_PAGE;
    for (uint32_t i = 0; i < s->entries && !e; i++)
        if (lies_in(s, s->entry[i], page))
            e = move(s, &s->entry[i]);
    if (!e)
        e = store_mark(s, page);
    if (!e)
        e = store_erase(s, page);
    store_broken(s, e); // half moved
    return e;
}

/* The page with the least to move; or, where wear has drifted apart, the one erased least. */
static uint32_t
choose(const struct yf_store *s, bool level)
{
    uint32_t best = NO_PAGE, fewest = UINT32_MAX, still = NO_PAGE, least = UINT32_MAX, n;

    for (uint32_t page = 0; page < s->flash->pages; page++) {
        if (store_is_free(s, page) || page == s->head)
            continue;
        uint32_t live = store_live(s, page);
        if (live < fewest) {
            fewest = live;
            best = page;
        }
        if (store_head_read(s, page, &n) == YF_OK && n < least) {
            least = n;
            still = page;
        }
    }
    return level && still != NO_PAGE && store_most_erased(s) - least > YF_STORE_WEAR ? still : best;
}

yf_err
store_make_room(struct yf_store *s)
{
    uint32_t want = store_txn_pages(s->flash) + SPARE, tries = 4 * s->flash->pages;

    for (bool level = true; s->n_free < want; level = false) {
        uint32_t page = choose(s, level);
        if (page == NO_PAGE || !tries--)
            return YF_E_ROOM;
        yf_err e = store_collect(s, page);
        if (e)
            return e;
    }
    return YF_OK;
}

yf_err
store_survey(const struct yf_store *s, uint32_t page, bool *torn, bool *dead)
{
    struct store_mark last = { 0 };
    struct store_page p;
    struct store_record r;
    bool killed, more;
    yf_err e = store_page_open(s, page, &p, &last);

    *dead = false;
    while (!e && !(e = store_page_next(s, &p, &r, &killed, &more)) && more) {
        uint32_t i = store_find(s->entry, s->entries, r.object, r.piece);
        *dead |= i == s->entries || entry_at(s->entry[i]) != r.at;
    }
    *torn = p.torn;
    return e;
}

yf_err
yf_store_scrub(struct yf_store *s)
{
    yf_err e = YF_OK;
    bool torn, dead;

    if (s->broken || s->open)
        return s->broken ? s->broken : YF_E_STATE;
    for (uint32_t page = 0; page < s->flash->pages && !e; page++)
        if (!store_is_free(s, page) && !(e = store_survey(s, page, &torn, &dead)) && (torn || dead))
            e = store_collect(s, page);
    return store_broken(s, e);
}
