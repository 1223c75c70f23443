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
            yf_store_abort(&store);
            now = open ? before : now;
            open = false;
            reopen();
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
       cmocka_unit_test(a_long_life_is_the_models),
       cmocka_unit_test(damage_is_refused_or_changes_nothing))
