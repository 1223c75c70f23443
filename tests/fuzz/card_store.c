/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever is in the flash, opening it is refused or gives a store: every object can be read to
 * its end and not beyond, opening it once more shows the same, and one more change shows
 * the same and that change.
 *
 * Input: a byte of flags (1: begin with a sound store, 2: make checksums hold again),
 * then for a sound store a number of changes and 3 bytes for each; then patches of 3 bytes, where
 * and what; or the memory itself from its beginning.
 */
#include "fuzz.h"

#include <yufu/sim/flashram.h>
#include <yufu/sim/powercut.h>

#include "../../src/card/store_log.h"

#include <string.h>

enum { PAGE = 1024, PAGES = 8, SIZE = PAGE * PAGES, X = YF_OBJ(7, YF_OBJ_DATA, 7) };

static struct yf_flashram ram;
static uint8_t memory[SIZE];

static void
load(void)
{
    if (!ram.mem && yf_flashram_open(&ram, PAGE, PAGES, 16))
        return;
    yf_flashram_load(&ram, memory);
}

/* ---- a memory to open ---- */

static void
change(struct yf_store *s, const uint8_t *b)
{
    static uint8_t bytes[1024];
    yf_obj o = b[1] & 7;
    uint32_t n = b[2] * 3u;
    yf_err e;

    memset(bytes, b[2], sizeof bytes);
    switch (b[0] & 7) {
    case 0:
        e = yf_store_create(s, o, n);
        break;
    case 1:
        e = yf_store_remove(s, o);
        break;
    case 2:
        e = yf_store_write(s, o, b[0] >> 3, (yf_span){ bytes, b[2] });
        break;
    case 3:
        e = s->open ? yf_store_commit(s) : yf_store_begin(s);
        break;
    case 4:
        yf_store_abort(s);
        e = YF_OK;
        break;
    default:
        e = yf_store_put(s, o, (yf_span){ bytes, n });
    }
    MUST(e != YF_E_IO && e != YF_E_FORMAT);
}

/* Returns how many bytes it took. */
static size_t
sound_store(const uint8_t *data, size_t size)
{
    struct yf_store s;
    size_t at = 1;

    memset(memory, 0xFF, SIZE);
    load();
    MUST(yf_store_format(&s, &ram.flash) == YF_OK);
    for (size_t n = size ? data[0] : 0; n && at + 3 <= size; n--, at += 3)
        change(&s, data + at);
    memcpy(memory, ram.mem, SIZE);
    return at < size ? at : size;
}

static void
seal_marks(uint32_t page, uint32_t number, const uint32_t *print)
{
    for (uint32_t at = (page + 1) * PAGE - MARK; at > page * PAGE; at -= MARK) {
        uint8_t *m = memory + at;
        if (yf_be32(m) == UINT32_MAX)
            return;
        if (print && yf_be32(m) == number)
            yf_put_be32(m + 4, *print);
        yf_put_be32(m + 12, store_crc(at, (yf_span){ m, 12 }));
        memcpy(m + GRAIN, m, GRAIN);
    }
}

static void
seal_records(uint32_t page)
{
    for (uint32_t at = page * PAGE + GRAIN; at + RECORD_MAX + MARK <= (page + 1) * PAGE;) {
        uint8_t *r = memory + at + GRAIN;
        uint32_t what = yf_be32(r + 12), size = what & 0x1FFFFF, n = 0;
        if (yf_be32(r) == UINT32_MAX)
            return;
        if (!(what >> 21 & (FLAG_ZERO | FLAG_GONE)) && size > (what >> 24) * YF_STORE_PIECE)
            n = store_piece_size(size, what >> 24);
        yf_put_be32(r, store_crc(store_crc(at, (yf_span){ r + 4, 12 }), (yf_span){ r + GRAIN, n }));
        at += store_space(n);
    }
}

/* The checksums of heads, records and marks hold again; print, if any, is in the marks of number.
 */
static void
seal(uint32_t number, const uint32_t *print)
{
    for (uint32_t page = 0; page < PAGES; page++) {
        uint8_t *head = memory + page * PAGE;
        yf_put_be32(head + 12, store_crc(page * PAGE, (yf_span){ head, 12 }));
        seal_records(page);
        seal_marks(page, number, print);
    }
}

static uint32_t
last_number(void)
{
    uint32_t last = 0;

    for (uint32_t page = 0; page < PAGES; page++)
        for (uint32_t at = (page + 1) * PAGE - MARK; at > page * PAGE; at -= MARK) {
            uint32_t n = yf_be32(memory + at);
            if (n == UINT32_MAX)
                break;
            last = n > last ? n : last;
        }
    return last;
}

/* ---- the property ---- */

static void
look(yf_out *seen)
{
    MUST(yf_cuts_look_store(NULL, &ram.flash, seen) == YF_OK && !seen->err);
}

static void
readable(const struct yf_store *s)
{
    uint32_t pieces = 0;

    for (yf_obj o = UINT32_MAX, before = o; yf_store_next(s, o, &o); before = o) {
        uint32_t size;
        uint8_t b;
        MUST(before == UINT32_MAX || o > before);
        MUST(yf_store_size(s, o, &size) == YF_OK && size <= YF_OBJ_MAX);
        MUST(yf_store_read(s, o, size, &b, 0) == YF_OK);
        MUST(yf_store_read(s, o, size, &b, 1) == YF_E_SHORT);
        MUST(size == 0 || yf_store_read(s, o, size - 1, &b, 1) == YF_OK);
        pieces += store_pieces(size);
    }
    MUST(pieces <= YF_STORE_PIECES);
}

static void
lives(void)
{
    static uint8_t first[YF_CUT_SEEN], again[YF_CUT_SEEN];
    yf_out a = yf_out_of(first, sizeof first), b = yf_out_of(again, sizeof again);
    struct yf_store s;
    uint8_t got[4];

    MUST(yf_store_open(&s, &ram.flash) == YF_OK);
    readable(&s);
    yf_err e = yf_store_remove(&s, X);
    MUST(e == YF_OK || e == YF_E_NOTFOUND || e == YF_E_ROOM);
    look(&a);
    look(&b);
    MUST(yf_span_eq(yf_out_span(&a), yf_out_span(&b)));
    MUST(yf_store_open(&s, &ram.flash) == YF_OK);
    e = yf_store_put(&s, X, YF_STR("more"));
    MUST(e == YF_OK || e == YF_E_ROOM);
    if (e)
        return;
    MUST(yf_store_open(&s, &ram.flash) == YF_OK);
    MUST(yf_store_read(&s, X, 0, got, 4) == YF_OK && memcmp(got, "more", 4) == 0);
    MUST(yf_store_remove(&s, X) == YF_OK);
    b.n = 0;
    look(&b);
    MUST(yf_span_eq(yf_out_span(&a), yf_out_span(&b)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct yf_store s;

    if (size < 1 || size > SIZE + 1)
        return 0;
    uint8_t flags = *data++;
    size--;
    if (flags & 1) {
        size_t used = sound_store(data, size);
        for (; used + 3 <= size; used += 3)
            memory[yf_be16(data + used) % SIZE] = data[used + 2];
    } else {
        memset(memory, 0xFF, SIZE);
        memcpy(memory, data, size);
    }
    if (flags & 2)
        seal(0, NULL);
    load();
    yf_err e = yf_store_open(&s, &ram.flash);
    if (e == YF_E_FORMAT && flags & 2) {
        uint32_t print = s.print;
        seal(last_number(), &print);
        load();
        e = yf_store_open(&s, &ram.flash);
    }
    MUST(e == YF_OK || e == YF_E_FORMAT);
    if (!e)
        lives();
    return 0;
}
