/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/card/store.h>
#include <yufu/sim/flashram.h>
#include <yufu/sim/powercut.h>

#include "rnd.h"
#include "t.h"

enum { A = YF_OBJ(1, YF_OBJ_BODY, 1), B = YF_OBJ(1, YF_OBJ_BODY, 2), C = YF_OBJ(2, YF_OBJ_PIN, 1) };

static struct yf_flashram ram;
static struct yf_store store;

static void
blank_card(uint32_t page, uint32_t pages, uint32_t unit)
{
    T_OK(yf_flashram_open(&ram, page, pages, unit));
    T_OK(yf_store_format(&store, &ram.flash));
}

static void
fresh(void)
{
    blank_card(YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT);
}

static void
reopen(void)
{
    struct yf_store again;

    memset(&again, 0x5A, sizeof again);
    T_OK(yf_store_open(&again, &ram.flash));
    store = again;
}

static void
has(yf_obj o, yf_span want)
{
    uint8_t got[1024];
    uint32_t size = 77;

    T_OK(yf_store_size(&store, o, &size));
    assert_int_equal(size, want.n);
    T_OK(yf_store_read(&store, o, 0, got, size));
    T_MEM(got, want.p, want.n);
}

static void
has_not(yf_obj o)
{
    uint32_t size = 77;
    uint8_t b;

    T_ERR(YF_E_NOTFOUND, yf_store_size(&store, o, &size));
    T_ERR(YF_E_NOTFOUND, yf_store_read(&store, o, 0, &b, 0));
    assert_int_equal(size, 77);
}

/* ---- objects ---- */

static void
an_object_is_what_was_put(void **st)
{
    (void)st;
    fresh();
    has_not(A);
    T_OK(yf_store_put(&store, A, YF_STR("first")));
    has(A, YF_STR("first"));
    T_OK(yf_store_put(&store, A, YF_STR("longer than it was")));
    T_OK(yf_store_put(&store, B, (yf_span){ NULL, 0 }));
    has(A, YF_STR("longer than it was"));
    has(B, YF_STR(""));
    reopen();
    has(A, YF_STR("longer than it was"));
    has(B, YF_STR(""));
    has_not(C);
    yf_flashram_close(&ram);
}

static void
created_objects_are_zero_and_written_in_parts(void **st)
{
    uint8_t want[700] = { 0 }, got[700];

    (void)st;
    fresh();
    T_OK(yf_store_create(&store, A, sizeof want));
    has(A, YF_SPAN(want));
    T_ERR(YF_E_STATE, yf_store_create(&store, A, 1));
    T_ERR(YF_E_NOTFOUND, yf_store_write(&store, B, 0, YF_STR("x")));
    T_OK(yf_store_write(&store, A, 250, YF_STR("across the border")));
    memcpy(want + 250, "across the border", 17);
    T_OK(yf_store_write(&store, A, 699, YF_STR("!")));
    want[699] = '!';
    T_ERR(YF_E_SHORT, yf_store_write(&store, A, 699, YF_STR("!!")));
    T_ERR(YF_E_SHORT, yf_store_write(&store, A, 701, YF_STR("")));
    T_OK(yf_store_write(&store, A, 700, YF_STR("")));
    has(A, YF_SPAN(want));
    reopen();
    has(A, YF_SPAN(want));
    T_OK(yf_store_read(&store, A, 255, got, 3));
    T_MEM(got, want + 255, 3);
    T_ERR(YF_E_SHORT, yf_store_read(&store, A, 699, got, 2));
    T_ERR(YF_E_SHORT, yf_store_read(&store, A, UINT32_MAX, got, 2));
    yf_flashram_close(&ram);
}

static void
removed_objects_are_gone(void **st)
{
    uint8_t big[600];

    (void)st;
    fresh();
    memset(big, 0xAA, sizeof big);
    T_OK(yf_store_put(&store, A, YF_SPAN(big)));
    T_OK(yf_store_put(&store, A, YF_STR("small")));
    T_OK(yf_store_put(&store, B, YF_SPAN(big)));
    T_OK(yf_store_remove(&store, B));
    T_ERR(YF_E_NOTFOUND, yf_store_remove(&store, B));
    reopen();
    has(A, YF_STR("small"));
    has_not(B);
    T_OK(yf_store_create(&store, B, 600));
    reopen();
    memset(big, 0, sizeof big);
    has(B, YF_SPAN(big));
    yf_flashram_close(&ram);
}

static void
no_object_has_the_last_name(void **st)
{
    (void)st;
    fresh();
    T_ERR(YF_E_FORMAT, yf_store_put(&store, UINT32_MAX, YF_STR("x")));
    T_ERR(YF_E_FORMAT, yf_store_create(&store, UINT32_MAX, 1));
    T_OK(yf_store_put(&store, UINT32_MAX - 1, YF_STR("x")));
    reopen();
    has(UINT32_MAX - 1, YF_STR("x"));
    yf_flashram_close(&ram);
}

static void
objects_are_walked_in_order(void **st)
{
    yf_obj o = 0;

    (void)st;
    fresh();
    T(!yf_store_next(&store, YF_OBJ(0, YF_OBJ_CARD, 0) - 1, &o));
    T_OK(yf_store_put(&store, C, YF_STR("c")));
    T_OK(yf_store_put(&store, 0, YF_STR("0")));
    T_OK(yf_store_put(&store, B, YF_STR("b")));
    T(yf_store_next(&store, YF_OBJ(0, YF_OBJ_CARD, 0) - 1, &o) && o == 0);
    T(yf_store_next(&store, o, &o) && o == B);
    T_OK(yf_store_begin(&store));
    T_OK(yf_store_put(&store, A, YF_STR("a")));
    T_OK(yf_store_remove(&store, B));
    T(yf_store_next(&store, 0, &o) && o == A);
    T(yf_store_next(&store, o, &o) && o == C);
    T(!yf_store_next(&store, o, &o) && o == C);
    yf_store_abort(&store);
    T(yf_store_next(&store, 0, &o) && o == B);
    yf_flashram_close(&ram);
}

/* ---- transactions ---- */

static void
transactions_show_their_changes_and_forget_them(void **st)
{
    (void)st;
    fresh();
    T_OK(yf_store_put(&store, A, YF_STR("old a")));
    T_ERR(YF_E_STATE, yf_store_commit(&store));
    yf_store_abort(&store);
    for (int keep = 0; keep <= 1; keep++) {
        T_OK(yf_store_begin(&store));
        T_ERR(YF_E_STATE, yf_store_begin(&store));
        T_OK(yf_store_write(&store, A, 0, YF_STR("new")));
        T_OK(yf_store_write(&store, A, 4, YF_STR("A")));
        T_OK(yf_store_create(&store, B, 3));
        T_OK(yf_store_write(&store, B, 1, YF_STR("b")));
        T_OK(yf_store_put(&store, C, YF_STR("c")));
        T_OK(yf_store_remove(&store, C));
        T_ERR(YF_E_NOTFOUND, yf_store_write(&store, C, 0, YF_STR("c")));
        has(A, YF_STR("new A"));
        has(B, BYTES(0, 'b', 0));
        has_not(C);
        if (keep)
            T_OK(yf_store_commit(&store));
        else
            yf_store_abort(&store);
        reopen();
        has(A, keep ? YF_STR("new A") : YF_STR("old a"));
        if (!keep)
            has_not(B);
    }
    has(B, BYTES(0, 'b', 0));
    has_not(C);
    yf_flashram_close(&ram);
}

static void
what_is_removed_can_come_back_in_one_transaction(void **st)
{
    (void)st;
    fresh();
    T_OK(yf_store_create(&store, A, 900));
    T_OK(yf_store_write(&store, A, 890, YF_STR("tail")));
    T_OK(yf_store_begin(&store));
    T_OK(yf_store_remove(&store, A));
    T_OK(yf_store_create(&store, A, 4));
    T_OK(yf_store_write(&store, A, 0, YF_STR("head")));
    T_OK(yf_store_remove(&store, A));
    T_OK(yf_store_put(&store, A, YF_STR("end")));
    T_OK(yf_store_commit(&store));
    has(A, YF_STR("end"));
    reopen();
    has(A, YF_STR("end"));
    yf_flashram_close(&ram);
}

/* ---- room ---- */

static void
a_transaction_has_room_for_so_many_pieces(void **st)
{
    uint8_t b[YF_STORE_TXN * YF_STORE_PIECE + 1];

    (void)st;
    fresh();
    memset(b, 0x77, sizeof b);
    T_OK(yf_store_create(&store, B, 10));
    T_ERR(YF_E_ROOM, yf_store_put(&store, A, YF_SPAN(b)));
    has_not(A);
    T_OK(yf_store_begin(&store));
    T_OK(yf_store_put(&store, A, (yf_span){ b, sizeof b - 1 }));
    T_ERR(YF_E_ROOM, yf_store_write(&store, B, 0, YF_STR("x")));
    T_ERR(YF_E_ROOM, yf_store_remove(&store, B));
    T_ERR(YF_E_ROOM, yf_store_create(&store, C, 0));
    T_OK(yf_store_write(&store, A, 0, YF_STR("again")));
    T_OK(yf_store_commit(&store));
    reopen();
    has(B, (yf_span){ (const uint8_t[10]){ 0 }, 10 });
    uint32_t size = 0;
    T_OK(yf_store_size(&store, A, &size));
    assert_int_equal(size, sizeof b - 1);
    yf_flashram_close(&ram);
}

static void
a_transaction_that_rewrites_for_ever_ends(void **st)
{
    uint8_t b[256] = { 0 };
    yf_err e = YF_OK;
    unsigned n = 0;

    (void)st;
    fresh();
    T_OK(yf_store_put(&store, A, YF_SPAN(b)));
    T_OK(yf_store_begin(&store));
    while (!e) {
        b[0] = (uint8_t)++n;
        e = yf_store_write(&store, A, 0, YF_SPAN(b));
    }
    T(e == YF_E_ROOM && n > YF_STORE_TXN);
    b[0] = (uint8_t)(n - 1);
    has(A, YF_SPAN(b));
    T_OK(yf_store_commit(&store));
    reopen();
    has(A, YF_SPAN(b));
    yf_flashram_close(&ram);
}

/* Fill with objects of random sizes until there is no room; what stands is then changed on and on.
 */
static void
fill_and_go_on(uint32_t page, uint32_t pages)
{
    static uint32_t size[YF_STORE_PIECES];
    struct rnd r = { page };
    uint32_t n = 0, room;
    uint8_t b[300];

    blank_card(page, pages, 8);
    for (; (room = yf_store_room(&store)) > 0; n++) {
        size[n] = (uint32_t)rnd_below(&r, 3000);
        size[n] = size[n] < room ? size[n] : room;
        T_OK(yf_store_create(&store, n, size[n]));
    }
    T_ERR(YF_E_ROOM, yf_store_create(&store, n, 257));
    has_not(n);
    for (int i = 0; i < 4000; i++) {
        uint32_t o = (uint32_t)rnd_below(&r, n), at = (uint32_t)rnd_below(&r, size[o] + 1);
        size_t len = rnd_below(&r, sizeof b);
        len = len < size[o] - at ? len : size[o] - at;
        rnd_fill(&r, b, len);
        T_OK(yf_store_write(&store, o, at, (yf_span){ b, len }));
    }
    reopen();
    assert_int_equal(yf_store_room(&store), 0);
    for (uint32_t o = 0; o < n; o++) {
        uint32_t is = 0;
        T_OK(yf_store_size(&store, o, &is));
        assert_int_equal(is, size[o]);
        T_OK(yf_store_remove(&store, o));
        T(yf_store_room(&store) >= size[o] / 256 * 256);
        T_OK(yf_store_create(&store, o, size[o]));
        T_OK(yf_store_remove(&store, o));
    }
    uint32_t empty = yf_store_room(&store);
    T_OK(yf_store_format(&store, &ram.flash));
    assert_int_equal(yf_store_room(&store), empty);
    yf_flashram_close(&ram);
}

static void
room_is_what_can_be_stored(void **st)
{
    (void)st;
    fill_and_go_on(1024, 8);
    fill_and_go_on(1024, 32);
    fill_and_go_on(4096, 16);
    fill_and_go_on(65536, 8);
    fill_and_go_on(YF_FLASH_PAGE, YF_FLASH_PAGES);
}

static void
wear_is_spread(void **st)
{
    uint32_t least = UINT32_MAX, most = 0;
    uint8_t b[600] = { 1 };

    (void)st;
    blank_card(1024, 24, 8);
    for (uint32_t i = 0; i < 10; i++)
        T_OK(yf_store_put(&store, 100 + i, YF_SPAN(b))); // lies still from here on
    for (int i = 0; i < 30000; i++)
        T_OK(yf_store_put(&store, C, BYTES((uint8_t)i)));
    for (uint32_t i = 0; i < 24; i++) {
        least = ram.erased[i] < least ? ram.erased[i] : least;
        most = ram.erased[i] > most ? ram.erased[i] : most;
    }
    T(least > 50 && most - least <= YF_STORE_WEAR + 4);
    yf_flashram_close(&ram);
}

/* ---- what is removed ---- */

static bool
in_memory(const char *text)
{
    return memmem(ram.mem, (size_t)ram.flash.page * ram.flash.pages, text, strlen(text)) != NULL;
}

static void
scrubbing_leaves_no_old_byte(void **st)
{
    (void)st;
    fresh();
    T_OK(yf_store_put(&store, A, YF_STR("the key of yesterday")));
    T_OK(yf_store_put(&store, B, YF_STR("a secret of the dead")));
    T_OK(yf_store_put(&store, A, YF_STR("the key of this day")));
    T_OK(yf_store_remove(&store, B));
    T_OK(yf_store_begin(&store));
    T_OK(yf_store_put(&store, C, YF_STR("thought better of it")));
    T_ERR(YF_E_STATE, yf_store_scrub(&store));
    yf_store_abort(&store);
    T(in_memory("yesterday") && in_memory("dead") && in_memory("better"));
    T_OK(yf_store_scrub(&store));
    T(!in_memory("yesterday") && !in_memory("dead") && !in_memory("better"));
    T(in_memory("this day"));
    has(A, YF_STR("the key of this day"));
    reopen();
    has(A, YF_STR("the key of this day"));
    has_not(B);
    uint64_t programs = ram.programs;
    T_OK(yf_store_scrub(&store));
    assert_int_equal(ram.programs, programs);
    yf_flashram_close(&ram);
}

/* ---- what cannot be opened ---- */

static void
refuses(uint32_t page, uint32_t pages)
{
    struct yf_store s;
    struct yf_flash f = ram.flash;
    uint32_t size;

    f.page = page;
    f.pages = pages;
    T_ERR(YF_E_FORMAT, yf_store_open(&s, &f));
    T_ERR(YF_E_FORMAT, yf_store_size(&s, A, &size));
    T_ERR(YF_E_FORMAT, yf_store_put(&s, A, YF_STR("x")));
    assert_int_equal(yf_store_room(&s), 0);
}

static void
what_is_no_store_is_refused(void **st)
{
    (void)st;
    T_OK(yf_flashram_open(&ram, 1024, 16, 4));
    refuses(1024, 16);
    T_OK(yf_store_format(&store, &ram.flash));
    refuses(1024, 8);
    refuses(2048, 8);
    refuses(512, 32);
    refuses(1024, 7);
    refuses(1000, 16);
    T_ERR(YF_E_FORMAT, yf_store_format(&store, &(struct yf_flash){ .page = 1024, .pages = 7 }));
    reopen();
    ram.mem[3 * 1024 + 3]++; // a version of the future
    refuses(1024, 16);
    yf_flashram_close(&ram);
}

/* ---- flash that fails ---- */

static int good_for; // operations
static struct yf_flash failing;

static yf_err
fail_read(void *state, uint32_t at, uint8_t *to, size_t n)
{
    return good_for-- > 0 ? ram.flash.read(state, at, to, n) : YF_E_IO;
}

static yf_err
fail_program(void *state, uint32_t at, yf_span bytes)
{
    return good_for-- > 0 ? ram.flash.program(state, at, bytes) : YF_E_IO;
}

static yf_err
fail_erase(void *state, uint32_t page)
{
    return good_for-- > 0 ? ram.flash.erase(state, page) : YF_E_IO;
}

static yf_err
fail_barrier(void *state)
{
    return good_for-- > 0 ? ram.flash.barrier(state) : YF_E_IO;
}

static void
after_a_failure_nothing_goes(void **st)
{
    struct yf_store s;
    int writes = 0;
    uint32_t size;
    uint8_t b[4];

    (void)st;
    T_OK(yf_flashram_open(&ram, 1024, 8, 16));
    failing = ram.flash;
    failing.read = fail_read;
    failing.program = fail_program;
    failing.erase = fail_erase;
    failing.barrier = fail_barrier;
    for (int n = 0; n < 400; n++) {
        T_OK(yf_store_format(&s, &ram.flash));
        T_OK(yf_store_put(&s, A, YF_STR("old!")));
        good_for = n;
        yf_err e = yf_store_open(&s, &failing);
        if (!e)
            e = yf_store_put(&s, A, YF_STR("new!"));
        good_for = 1000;
        if (!e)
            break;
        writes++;
        T_ERR(YF_E_IO, e);
        T_ERR(YF_E_IO, yf_store_size(&s, A, &size));
        T_ERR(YF_E_IO, yf_store_read(&s, A, 0, b, 4));
        T_ERR(YF_E_IO, yf_store_begin(&s));
        T_ERR(YF_E_IO, yf_store_commit(&s));
        T_ERR(YF_E_IO, yf_store_put(&s, B, YF_STR("x")));
        T_ERR(YF_E_IO, yf_store_scrub(&s));
        T(!yf_store_next(&s, UINT32_MAX, &size));
        T_OK(yf_store_open(&s, &ram.flash));
        T_OK(yf_store_read(&s, A, 0, b, 4));
        T(memcmp(b, "old!", 4) == 0 || memcmp(b, "new!", 4) == 0);
    }
    T(writes > 50);
    yf_flashram_close(&ram);
}

/* ---- cut after cut ---- */

static struct rnd chance = { 9 };

/* The operation in which power fails is done up to some byte, with anything in the one after. */
static yf_err
cut_program(void *state, uint32_t at, yf_span bytes)
{
    if (good_for-- > 0)
        return ram.flash.program(state, at, bytes);
    size_t n = good_for == -1 ? rnd_below(&chance, bytes.n + 1) : 0;
    memcpy(ram.mem + at, bytes.p, n);
    if (n && n < bytes.n)
        ram.mem[at + n] &= (uint8_t)rnd_u64(&chance);
    return YF_E_IO;
}

static yf_err
cut_erase(void *state, uint32_t page)
{
    if (good_for-- > 0)
        return ram.flash.erase(state, page);
    if (good_for == -1)
        rnd_fill(&chance, ram.mem + page * ram.flash.page, rnd_below(&chance, ram.flash.page));
    return YF_E_IO;
}

/* Power fails in almost everything, repairs included, of a store that is full: it never gets stuck.
 */
static void
life_among_cuts(uint32_t pages, unsigned cuts)
{
    uint8_t image_now[16 * 1024];
    uint32_t n = 0, seen = 0, next;
    uint8_t b[256];

    blank_card(1024, pages, 16);
    failing = ram.flash;
    failing.program = cut_program;
    failing.erase = cut_erase;
    T_OK(yf_store_create(&store, C, 4));
    while (yf_store_room(&store) >= 256)
        T_OK(yf_store_create(&store, 1000 + n++, 256));
    for (unsigned i = 0; i < cuts; i++) {
        good_for = (int)rnd_below(&chance, rnd_below(&chance, 8) ? 5 : 100);
        yf_err e = yf_store_open(&store, &failing);
        next = seen;
        if (!e) {
            T_OK(yf_store_read(&store, C, 0, b, 4));
            T(yf_be32(b) == seen || yf_be32(b) == seen + 1);
            seen = next = yf_be32(b);
        }
        while (!e) {
            memset(b, (int)next, sizeof b);
            e = yf_store_begin(&store);
            if (!e)
                e = yf_store_write(&store, 1000 + next % n, 0, YF_SPAN(b));
            yf_put_be32(b, next + 1);
            if (!e)
                e = yf_store_write(&store, C, 0, (yf_span){ b, 4 });
            if (!e)
                e = yf_store_commit(&store);
            seen = next;
            next += e ? 0 : 1;
        }
        T_ERR(YF_E_IO, e);
        memcpy(image_now, ram.mem, (size_t)1024 * pages);
        yf_flashram_load(&ram, image_now);
    }
    reopen();
    T(seen > cuts / 20);
    yf_flashram_close(&ram);
}

static void
cut_after_cut_it_goes_on(void **st)
{
    (void)st;
    life_among_cuts(8, 8000);
    life_among_cuts(16, 4000);
}

/* ---- beside a plain model ---- */

enum { OBJECTS = 12, BIGGEST = 1500 };

struct model {
    struct {
        bool is;
        uint32_t size;
        uint8_t b[BIGGEST];
    } o[OBJECTS];
};

static yf_obj
name(size_t i)
{
    return YF_OBJ(i % 3, YF_OBJ_DATA, i);
}

static void
agree(const struct model *m)
{
    uint8_t got[BIGGEST];

    for (size_t i = 0; i < OBJECTS; i++) {
        uint32_t size = 0;
        T_ERR(m->o[i].is ? YF_OK : YF_E_NOTFOUND, yf_store_size(&store, name(i), &size));
        if (!m->o[i].is)
            continue;
        assert_int_equal(size, m->o[i].size);
        T_OK(yf_store_read(&store, name(i), 0, got, size));
        T_MEM(got, m->o[i].b, size);
    }
}

/* One change to both; the store may say that it has no room, and then nothing happens. */
static void
same_change(struct rnd *r, struct model *m)
{
    uint8_t b[BIGGEST];
    size_t i = rnd_below(r, OBJECTS),
           n = rnd_below(r, 4) ? rnd_below(r, 40) : rnd_below(r, BIGGEST);
    uint32_t at;
    yf_err e;

    rnd_fill(r, b, n);
    switch (rnd_below(r, 4)) {
    case 0:
        e = yf_store_create(&store, name(i), (uint32_t)n);
        T(e == YF_OK ? !m->o[i].is : e == (m->o[i].is ? YF_E_STATE : YF_E_ROOM));
        memset(b, 0, n);
        break;
    case 1:
        e = yf_store_remove(&store, name(i));
        T(e == (m->o[i].is ? YF_OK : YF_E_NOTFOUND) || e == YF_E_ROOM);
        if (!e)
            m->o[i].is = false;
        return;
    case 2:
        at = (uint32_t)rnd_below(r, BIGGEST);
        e = yf_store_write(&store, name(i), at, (yf_span){ b, n });
        if (!m->o[i].is)
            T_ERR(YF_E_NOTFOUND, e);
        else if (at + n > m->o[i].size)
            T_ERR(YF_E_SHORT, e);
        else
            T(e == YF_OK || e == YF_E_ROOM);
        if (!e)
            memcpy(m->o[i].b + at, b, n);
        return;
    default:
        e = yf_store_put(&store, name(i), (yf_span){ b, n });
        T(e == YF_OK || e == YF_E_ROOM);
    }
    if (!e) {
        m->o[i].is = true;
        m->o[i].size = (uint32_t)n;
        memcpy(m->o[i].b, b, n);
    }
}

static void
random_life(uint32_t page, uint32_t pages, uint32_t unit, unsigned steps)
{
    struct model now = { 0 }, before = { 0 };
    struct rnd r = { page + pages };
    bool open = false;

    blank_card(page, pages, unit);
    for (unsigned i = 0; i < steps; i++) {
        size_t what = rnd_below(&r, 16);
        if (what == 0) {
            now = open ? before : now;
            open = false;
            reopen(); // and whatever was open is forgotten
        } else if (what < 4 && !open) {
            T_OK(yf_store_begin(&store));
            before = now;
            open = true;
        } else if (what < 4) {
            if (what == 1)
                yf_store_abort(&store);
            else
                T_OK(yf_store_commit(&store));
            now = what == 1 ? before : now;
            open = false;
        } else {
            same_change(&r, &now);
        }
        agree(&now);
    }
    yf_flashram_close(&ram);
}

static void
a_long_life_is_the_models(void **st)
{
    (void)st;
    random_life(1024, 8, 16, 3000);
    random_life(1024, 20, 1, 3000);
    random_life(4096, 12, 8, 3000);
    random_life(4096, 64, 8, 3000);
}

/* ---- damage ---- */

static struct yf_flashram copy;
static uint8_t image[16 * 1024];
static unsigned refused, tolerated;

/* A memory with a history: replaced, removed and moved records, a last change that matters. */
static void
memory_with_a_past(uint32_t unit)
{
    uint8_t b[400];

    blank_card(1024, 8, unit);
    memset(b, 0x11, sizeof b);
    T_OK(yf_store_put(&store, A, YF_SPAN(b)));
    T_OK(yf_store_put(&store, B, YF_STR("removed")));
    for (int i = 0; i < 60; i++) {
        T_OK(yf_store_put(&store, C, BYTES((uint8_t)i, 1, 2, 3)));
        T_OK(yf_store_write(&store, A, 3 * (uint32_t)i, BYTES(0xFF, (uint8_t)i)));
    }
    T_OK(yf_store_remove(&store, B));
    T_OK(yf_store_put(&store, C, BYTES(1)));
    T_OK(yf_store_put(&store, C, BYTES(0)));
    T_OK(yf_flashram_open(&copy, 1024, 8, unit));
    memcpy(image, ram.mem, sizeof image / 2);
}

/* Open what is in `image`: it is refused, or nothing has changed, also once it is repaired. */
static void
refused_or_same(yf_span want)
{
    uint8_t b[YF_CUT_SEEN];
    yf_out seen = yf_out_of(b, sizeof b);

    yf_flashram_load(&copy, image);
    yf_err e = yf_cuts_look_store(NULL, &copy.flash, &seen);
    if (e) {
        T_ERR(YF_E_FORMAT, e);
        refused++;
        return;
    }
    tolerated++;
    T_SPAN(yf_out_span(&seen), want);
    seen.n = 0;
    T_OK(yf_cuts_look_store(NULL, &copy.flash, &seen));
    T_SPAN(yf_out_span(&seen), want);
}

static void
damage_all(uint32_t unit)
{
    uint8_t b[YF_CUT_SEEN];
    yf_out o = yf_out_of(b, sizeof b);
    struct rnd r = { 5 };
    size_t n = (size_t)1024 * 8;

    memory_with_a_past(unit);
    T_OK(yf_cuts_look_store(NULL, &ram.flash, &o));
    yf_span want = yf_out_span(&o);
    for (size_t i = 0; i < n * 8; i++) {
        image[i / 8] ^= (uint8_t)(1 << i % 8);
        refused_or_same(want);
        image[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t size = unit; size <= 1024; size = size < 16 ? 16 : size == 16 ? 1024 : 2048)
        for (size_t at = 0; at < n; at += size)
            for (int how = 0; how < 3; how++) {
                memset(image + at, how ? 0xFF : 0, size);
                if (how == 2)
                    rnd_fill(&r, image + at, size);
                refused_or_same(want);
                memcpy(image + at, ram.mem + at, size);
            }
    yf_flashram_close(&copy);
    yf_flashram_close(&ram);
}

static void
damage_is_refused_or_changes_nothing(void **st)
{
    (void)st;
    refused = tolerated = 0;
    damage_all(16);
    print_message("# %u damages, %u refused\n", refused + tolerated, refused);
    T(refused > 10000 && tolerated > 10000);
}

T_MAIN(cmocka_unit_test(an_object_is_what_was_put),
       cmocka_unit_test(created_objects_are_zero_and_written_in_parts),
       cmocka_unit_test(removed_objects_are_gone), cmocka_unit_test(no_object_has_the_last_name),
       cmocka_unit_test(objects_are_walked_in_order),
       cmocka_unit_test(transactions_show_their_changes_and_forget_them),
       cmocka_unit_test(what_is_removed_can_come_back_in_one_transaction),
       cmocka_unit_test(a_transaction_has_room_for_so_many_pieces),
       cmocka_unit_test(a_transaction_that_rewrites_for_ever_ends),
       cmocka_unit_test(room_is_what_can_be_stored), cmocka_unit_test(wear_is_spread),
       cmocka_unit_test(scrubbing_leaves_no_old_byte),
       cmocka_unit_test(what_is_no_store_is_refused),
       cmocka_unit_test(after_a_failure_nothing_goes), cmocka_unit_test(cut_after_cut_it_goes_on),
       cmocka_unit_test(a_long_life_is_the_models),
       cmocka_unit_test(damage_is_refused_or_changes_nothing))
